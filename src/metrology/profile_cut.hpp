// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "metrology/target.hpp"
#include "undulith/resist/resist.hpp"

namespace undulith::metrology {

/// The level of a profile where it was exposed: > 0 within what is bright, whatever the tone.
class BrightLevel {
 public:
  explicit BrightLevel(const resist::ResistProfile& profile);

  [[nodiscard]] const Grid3D& grid() const { return level_.grid(); }
  /// Depth from the top; lateral 4-point cubic interpolation of the periodic nodes, linear between depths.
  [[nodiscard]] double at(double x_nm, double y_nm, double depth_nm) const;
  /// All lateral nodes at one depth.
  [[nodiscard]] Field2D<double> plane_at(double depth_nm) const;

 private:
  Field3D<double> level_;
};

/// BrightLevel at one depth.
class BrightPlane {
 public:
  BrightPlane(const resist::ResistProfile& profile, double depth_nm);

  [[nodiscard]] const Grid2D& grid() const { return level_.grid(); }
  /// 4-point cubic interpolation of the periodic nodes.
  [[nodiscard]] double at(double x_nm, double y_nm) const;

 private:
  Field2D<double> level_;
};

struct CutEdges {
  PrintStatus status = PrintStatus::not_printed;
  std::optional<double> left, right;  ///< along the cut, from its centre
};

/// Edges of the feature about s = 0, or about the nearest place within `target` that is in it.
/// @param value     along the cut, > 0 in what is bright
/// @param step_nm   of the samples that bracket the edges
[[nodiscard]] CutEdges find_edges(const std::function<double(double s)>& value, double half_length_nm,
                                  double step_nm, Feature feature, const std::optional<Interval>& target);

}  // namespace undulith::metrology
