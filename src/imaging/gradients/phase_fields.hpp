// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "imaging/point_fields.hpp"

namespace undulith::imaging {

/// Abbe's fields as functions of phases in the pupil: of the coefficients of Zernike terms and of the focus of each plane. The
/// filters contain the spectrum of the mask, so that parameter_adjoint() gives the derivatives (real parts), first those of the
/// terms per wave, then those of the planes per nm.
class PhaseFields final : public CoherentFields {
 public:
  /// All arguments must outlive the fields. The coefficients of the terms do not count.
  PhaseFields(const mask::Diffraction& mask, const illuminator::PupilFill& pupil_fill,
              const ImagingParameters& parameters, const FieldPosition& position,
              std::span<const ImagePlane> planes, std::span<const ZernikeTerm> terms);

  [[nodiscard]] int n_groups() const override { return fields_.n_groups(); }
  [[nodiscard]] int n_planes() const override { return fields_.n_planes(); }
  [[nodiscard]] int columns() const override { return fields_.columns(); }
  [[nodiscard]] int rows() const override { return fields_.rows(); }
  [[nodiscard]] double weight(int group) const override { return fields_.weight(group); }
  [[nodiscard]] std::unique_ptr<FilterCursor> make_cursor() const override;
  [[nodiscard]] std::size_t n_parameters() const override;
  [[nodiscard]] std::vector<double> clear_intensities() const { return fields_.clear_intensities(); }

 private:
  class Cursor;
  const mask::Diffraction& mask_;
  const illuminator::PupilFill& pupil_fill_;
  Projection projection_;
  PointFields fields_;
  std::vector<optics::Wavefront> terms_;  ///< of one wave each
};

}  // namespace undulith::imaging
