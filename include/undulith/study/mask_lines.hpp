// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "undulith/flow/stages.hpp"

/// Lines and spaces of any pitch in both orientations on the mask of a job, illuminated and imaged by its
/// optics, to measure 3-D mask effects.
namespace undulith::study {

/// vertical: lines run along y, at right angles to the plane of the chief ray's incidence; horizontal: along
/// x.
enum class Orientation { vertical, horizontal };

[[nodiscard]] inline std::string name_of(Orientation orientation) {
  return orientation == Orientation::vertical ? "vertical" : "horizontal";
}

struct LineFeature {
  double pitch_nm = 36, cd_nm = 18;  ///< of the drawn feature, wafer scale
  Orientation orientation = Orientation::vertical;
};

/// A feature on its mask, with the light for it.
struct LineMask {
  LineFeature feature;
  layout::Clip clip;     ///< one period, the drawn feature in its middle
  metrology::Gauge cut;  ///< over the whole period
  illuminator::PupilFill pupil_fill;
  mask::Diffraction diffraction;
};

/// Numbers of a feature in one plane; absent where it does not print.
struct LinePlane {
  double focus_nm = 0;
  std::optional<double> cd_nm, shift_nm, nils;
  double contrast = 0;
};

/// One wavelength, the design one; the first position of the slit. Shapes, defects and corners of the job's
/// mask are left out, its edge bias is kept.
class LineOptics {
 public:
  /// Keeps a reference.
  explicit LineOptics(const flow::Prepared& prepared);

  /// Whether the light is turned by 90 degrees, its polarisation included, for this orientation. It is where
  /// the source favours the other one: its second moments along x and y differ by more than 5 %.
  [[nodiscard]] bool turned(Orientation orientation) const;

  [[nodiscard]] LineMask make(const LineFeature& feature, const mask::MaskParameters& parameters) const;

  /// Time on one processor for the mask and its images, about.
  [[nodiscard]] double cost_s(const LineFeature& feature, const mask::MaskParameters& parameters,
                              int n_planes) const;

  /// The same mask illuminated by one half of the source: the points on one side of the pupil, along x for
  /// vertical lines, along y for horizontal lines.
  /// @param side  +1 or -1
  [[nodiscard]] std::optional<LineMask> from_half(const LineMask& whole, int side) const;

  /// The mask for light from one direction, with orders far beyond the pupil.
  [[nodiscard]] mask::Diffraction diffract(const LineFeature& feature, const mask::MaskParameters& parameters,
                                           double sigma_x, double sigma_y, int max_order) const;

  [[nodiscard]] std::vector<imaging::AerialImage> images(const LineMask& line,
                                                         const std::vector<double>& focus_nm) const;

  [[nodiscard]] LinePlane measure(const LineMask& line, const imaging::AerialImage& image,
                                  double threshold) const;
  /// Threshold at which the feature prints at its drawn width; absent where there is none.
  [[nodiscard]] std::optional<double> threshold_to_size(const LineMask& line,
                                                        const imaging::AerialImage& image) const;

  [[nodiscard]] double wavelength_nm() const { return prepared_.light.wavelength_nm; }
  [[nodiscard]] mask::MaskOptics optics() const;

 private:
  [[nodiscard]] illuminator::PupilFill fill(const LineFeature& feature, const Box& cell) const;

  const flow::Prepared& prepared_;
  imaging::ImagingParameters imaging_;
  std::optional<Orientation> favoured_;  ///< absent: neither
};

}  // namespace undulith::study
