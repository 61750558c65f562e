// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/resist/resist.hpp"

namespace undulith::resist {

/// Remaining PAG and transmitted light of a bleaching film at a depth, exact:
///   z = Int_{M0}^{M} dm / (m [A (1 - m) - B ln m]),  M0 = exp(-C E),
///   I(z) / I(0) = [A (1 - M) - B ln M] / [A (1 - M0) - B ln M0].
struct BleachedDepth {
  double pag = 1;                ///< M
  double transmission = 1;       ///< I(z) / I(0) at the end of the exposure
  double local_dose_mj_cm2 = 0;  ///< -ln(M) / C
};
/// @param path_nm  depth times path factor, >= 0
/// Accuracy 1e-10. Source: [BabuBarouch1986].
[[nodiscard]] BleachedDepth bleach(double dill_a_per_um, double dill_b_per_um, double dill_c_cm2_mj,
                                   double dose_mj_cm2, double path_nm);

/// Local dose at every node, before electron blur. A = 0: E I exp(-B z / cos).
[[nodiscard]] Field3D<double> local_dose(const ImageInResist& image, const ResistParameters& parameters,
                                         double dose_mj_cm2);

/// Modulation of the blur at the angular frequency k (rad/nm): 1 at k = 0.
[[nodiscard]] double blur_transfer(const BlurParameters& blur, double k_per_nm);
/// rms of the kernel along one axis.
[[nodiscard]] double blur_sigma_nm(const BlurParameters& blur);

/// The field convolved with the kernel: lateral periodic, along z reflected at both surfaces (isotropic).
/// Exact for the band-limited field (FFT and cosine transform). Cost O(N log N).
[[nodiscard]] Field3D<double> blurred(Field3D<double> field, const BlurParameters& blur);

/// Acid and quencher of a local dose that is blurred already: h = 1 - exp(-C E), q = q0 exp(-C_q E);
/// metal_oxide: X.
[[nodiscard]] LatentImage latent_image(Field3D<double> dose_mj_cm2, const ResistParameters& parameters);

}  // namespace undulith::resist
