// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "undulith/illuminator/illuminator.hpp"
#include "undulith/imaging/gradient.hpp"
#include "undulith/mask/pattern_mask.hpp"
#include "undulith/optimise/image_model.hpp"

namespace undulith::optimise {

/// One state of the projection optics (aberrations, position in the slit), imaged in several planes.
struct ThickCondition {
  /// By source points, at one position of the slit: its azimuth and its aberrations. The planes are those below; the pitch of
  /// the samples is that of the model
  imaging::ImagingParameters optics;
  std::vector<double> focus_nm{0};
};

struct ThickModelParameters {
  Box cell;                   ///< nm, wafer scale, periodic
  mask::MaskParameters mask;  ///< multislice
  illuminator::PupilFill pupil_fill;
  double wavelength_nm = 13.5;
  /// At which the mask is in focus; 0: wavelength_nm
  double design_wavelength_nm = 0;
  /// One image for each plane of each, in this order
  std::vector<ThickCondition> conditions{{}};
  /// For each azimuth of the chief ray among the conditions, in the order of their first use: the correction for fine slices,
  /// kept for all patterns. Empty: it is computed for each pattern, and its gradient is included
  std::vector<mask::SliceCorrection> kept_corrections{};
};

/// A thick mask in the vector model: multi-slice mask, and the Abbe sum over the source points, at one wavelength.
///
/// A pattern is a mask with vertical walls; polygons may have any walls, and come with their bias, corners and defects
/// (mask::make_mask()). The gradient is that of these images, to rounding: the adjoint of the Abbe sum gives the sensitivity of the Jones
/// coefficients of each solved direction, and the adjoint of the slices takes it to the pattern. The pattern enters as the
/// shares of the pixels, sums of the orders of ModelGrid: coefficients of polygons (mask::polygon_spectrum()) give the mask
/// of the polygons without error.
///
/// Cost of a gradient: 2.5 to 3 times the images (docs/theory/optimisation-adjoint.md). With kept_corrections the few
/// directions with fine slices are left out: 5 to 8 times less for images and gradient.
class ThickModel final : public ImageModel {
 public:
  /// @throws InputError  as mask::compute_diffraction() and imaging::compute_images(); another model of the mask, conditions
  ///                     of different aperture or reduction, several slit positions in one of them, kernels; another
  ///                     number of corrections
  explicit ThickModel(ThickModelParameters parameters);

  [[nodiscard]] const ModelGrid& grid() const override { return grid_; }
  /// @throws InputError  walls that are not vertical, and what else a mask::MaskPattern cannot have
  [[nodiscard]] Images images(const Pattern& pattern) const override;
  [[nodiscard]] Gradient gradient(const Pattern& pattern,
                                  const std::function<Images(const Images&)>& sensitivity) const override;

  struct RingsGradient {
    Images images;
    std::vector<mask::RingGradient> rings;  ///< mask::compute_ring_gradient()
  };
  /// The same for polygons.
  /// @param made  of the cell of the model
  /// @throws std::invalid_argument  another cell
  [[nodiscard]] Images images(const mask::MaskAsMade& made) const;
  [[nodiscard]] RingsGradient gradient(const mask::MaskAsMade& made,
                                       const std::function<Images(const Images&)>& sensitivity) const;

  /// The corrections of a pattern, for kept_corrections of another model, whose grid may have fewer orders.
  [[nodiscard]] std::vector<mask::SliceCorrection> corrections(const Pattern& pattern) const;

 private:
  /// Conditions that share a mask.
  struct Slit {
    mask::MaskOptics optics;
    std::vector<std::size_t> conditions;
  };
  [[nodiscard]] mask::MaskLight light() const;
  [[nodiscard]] mask::MaskPattern mask_of(const Pattern& pattern) const;
  /// The mask at each azimuth. @param solve  (optics, corrections) to a mask
  template <class Solve>
  [[nodiscard]] std::vector<mask::Diffraction> solve_slits(const Solve& solve) const;
  [[nodiscard]] std::vector<mask::Diffraction> solve(const mask::MaskPattern& pattern) const;
  [[nodiscard]] std::vector<mask::Diffraction> solve(const mask::MaskAsMade& made) const;
  [[nodiscard]] mask::CorrectionGradient correction() const;
  [[nodiscard]] Images image(const std::vector<mask::Diffraction>& masks) const;
  [[nodiscard]] std::vector<mask::JonesSpectrum> pull_back(const Slit& slit, const mask::Diffraction& mask,
                                                           const Images& d_images) const;

  ThickModelParameters parameters_;
  double max_frequency_per_nm_ = 0;
  mask::SharedMirror mirror_;
  ModelGrid grid_;
  std::vector<Slit> slits_;
  std::vector<std::size_t> first_image_;  ///< of each condition
};

}  // namespace undulith::optimise
