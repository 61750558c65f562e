// SPDX-License-Identifier: MIT
#include "mask/thick_mask.hpp"
#include "undulith/mask/mask.hpp"

namespace undulith::mask {

MaskPlan plan_mask(const MaskAsMade& made, const MaskParameters& parameters, const MaskOptics& optics,
                   const illuminator::PupilFill& pupil_fill, double wavelength_nm,
                   double max_frequency_per_nm) {
  static_cast<void>(check_parameters(made.clip, parameters, wavelength_nm));
  if (model_of(parameters) == Model::thin) return {};
  return plan_thick_mask(mask_geometry(made, parameters, optics, wavelength_nm), made.clip, parameters,
                         optics, pupil_fill, wavelength_nm, max_frequency_per_nm);
}

Diffraction compute_diffraction(const MaskAsMade& made, const MaskParameters& parameters,
                                const MaskOptics& optics, const illuminator::PupilFill& pupil_fill,
                                double wavelength_nm, double max_frequency_per_nm, const Progress& progress) {
  Diffraction diffraction = compute_thin_diffraction(made, parameters, wavelength_nm, max_frequency_per_nm);
  switch (model_of(parameters)) {
    case Model::thin:
      return diffraction;
    case Model::multislice:
    case Model::rigorous:
      break;
  }
  const MaskGeometry geometry = mask_geometry(made, parameters, optics, wavelength_nm);
  diffraction.thick = solve_thick_mask(geometry, diffraction, parameters, optics, pupil_fill, progress);
  const JonesSpectrum& chief = diffraction.thick->spectra.front();
  for (std::size_t i = 0; i < diffraction.amplitudes.size(); ++i)
    diffraction.amplitudes[i] = 0.5 * (chief.orders[0][i] + chief.orders[3][i]);
  return diffraction;
}

}  // namespace undulith::mask
