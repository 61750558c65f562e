// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "imaging/back_end.hpp"
#include "imaging/pupil.hpp"
#include "undulith/imaging/imaging.hpp"

namespace undulith::imaging {

/// Orders within a distance of `radius` about any centre: at most floor(2 radius L) + 1 along a side.
[[nodiscard]] int band_limit(double length_nm, double radius_per_nm);

/// The positions along the slit; one of weight 1 where none is given.
[[nodiscard]] inline std::vector<FieldPosition> positions_of(const ImagingParameters& parameters) {
  return parameters.field_positions.empty() ? std::vector<FieldPosition>(1) : parameters.field_positions;
}

/// Abbe's fields: one group per source point, one field per component of each polarisation state.
///
/// scalar: 1 field. vector: 5 fields for unpolarised light through a pupil without Jones matrix (the mean
/// over two polarisations of the symmetric rotation [xx, xy; xy, yy; zx, zy] is |xx+yy|^2/4 + |xx-yy|^2/4 +
/// |xy|^2 + (|zx|^2 + |zy|^2)/2), else 3 fields for each polarisation state.
///
/// A thick mask has different orders for each point and polarisation: they are in the filters, and the
/// spectrum that accumulate() takes is empty.
class PointFields final : public CoherentFields {
 public:
  /// All arguments must outlive the fields. These are the fields of any thin mask.
  PointFields(const Box& cell, double wavelength_nm, const illuminator::PupilFill& pupil_fill,
              const ImagingParameters& parameters, const FieldPosition& position,
              std::span<const ImagePlane> planes);
  /// The fields of this mask, thin or thick.
  PointFields(const mask::Diffraction& mask, const illuminator::PupilFill& pupil_fill,
              const ImagingParameters& parameters, const FieldPosition& position,
              std::span<const ImagePlane> planes);

  [[nodiscard]] int n_groups() const override;
  [[nodiscard]] int n_planes() const override { return static_cast<int>(planes_.size()); }
  [[nodiscard]] int columns() const override { return columns_; }
  [[nodiscard]] int rows() const override { return rows_; }
  [[nodiscard]] double weight(int group) const override;
  [[nodiscard]] std::unique_ptr<FilterCursor> make_cursor() const override;
  /// Of a thick mask: the orders of all of its spectra, for each spectrum xx, xy, yx and yy.
  [[nodiscard]] std::size_t n_parameters() const override;

  /// Projection::is_conjugate().
  [[nodiscard]] bool are_conjugate_in_focus() const { return projection_.is_conjugate(); }
  /// Projection::clear_intensity() of each source point.
  [[nodiscard]] std::vector<double> clear_intensities() const;
  /// Only the part of the mask: the light of each source point that its open frame reflects, in the unit of
  /// its amplitudes; 1 for a thin mask.
  [[nodiscard]] std::vector<double> mask_intensities() const;

 private:
  class Cursor;
  [[nodiscard]] std::vector<JonesMatrix> open_matrices() const;
  [[nodiscard]] int fields_of(const illuminator::SourcePoint& point) const;

  const mask::Diffraction* thick_ = nullptr;  ///< a thick mask, or none
  const Box& cell_;
  const illuminator::PupilFill& pupil_fill_;
  Projection projection_;
  std::span<const ImagePlane> planes_;
  Projection::Focus focus_;
  std::vector<FilmRotation> films_;  ///< one per plane, or none
  int columns_, rows_;
};

}  // namespace undulith::imaging
