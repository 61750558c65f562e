// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "undulith/core/grid.hpp"
#include "undulith/metrology/metrology.hpp"
#include "undulith/metrology/profile.hpp"
#include "undulith/metrology/roughness.hpp"
#include "undulith/resist/resist.hpp"

/// A gauge in many realisations of the noise, and in the many cells of one film.
namespace undulith::metrology {

/// How the repeats of a gauge are measured.
enum class Repeat {
  edges,  ///< edges traced along lines
  hole,   ///< area of a closed piece
  cut     ///< CD of the cut in each cell
};

/// A closed piece about as wide as long (ratio of axes below 2) is a hole or a pillar; anything else is
/// measured on the cut.
/// @param level  > 0 where the feature of the gauge is
[[nodiscard]] Repeat choose_repeat(const Gauge& gauge, const Field2D<double>& level);

/// The level with the sign of a feature: > 0 where the feature is.
/// @param level  > 0 where the drawn feature is
[[nodiscard]] Field2D<double> level_of_feature(Feature feature, Feature drawn, Field2D<double> level);

/// Whether a gauge is perpendicular to lines that run at an angle (0 = along x).
[[nodiscard]] bool is_perpendicular(const Gauge& gauge, double lines_angle_deg);

/// The gauge in each of n_x by n_y cells.
[[nodiscard]] std::vector<Gauge> repeat_gauge(const Gauge& gauge, const Box& cell, int n_x, int n_y);

/// Edges of one gauge in all realisations.
struct EdgeTraces {
  std::vector<std::vector<double>> left_nm, right_nm, width_nm;  ///< one per line that printed
  double step_nm = 1;
  /// A line that is broken along more than a tenth of its length has no edge and is left out.
  void add(const EdgeTrace& trace);
};

/// A hole of one realisation; its shift is that of its centre from the gauge's.
struct HoleSample {
  int realisation = 0;
  HoleResult hole;
  double shift_x_nm = 0, shift_y_nm = 0;
};

/// Repeats of one gauge over realisations and over the cells that one film holds.
struct GaugeNoise {
  Gauge gauge;
  std::vector<double> cd_nm;  ///< at cd_height, of those that printed
  int n_not_printed = 0;
  std::optional<RoughnessResult> ler, lwr;  ///< lines only
  double edge_correlation = 0;              ///< of left and right edges of lines
  std::vector<HoleSample> holes;            ///< features that close within the cell
  std::optional<resist::LerEstimate> estimate;

  /// The CD of one cut; absent where it does not print.
  void add_cut(const std::optional<double>& cut_cd_nm);
  /// The hole at a gauge. @param level  > 0 in holes
  void add_hole(const Field2D<double>& level, const Gauge& at, int realisation);
  /// Mean CD of each line, roughness of its edges and of its width. The edges are computed, so no noise of a
  /// microscope is fitted. Fewer than 8 samples along an edge give CDs alone.
  void add_lines(const EdgeTraces& traces, int n_realisations);

  [[nodiscard]] double mean_nm() const;   ///< of cd_nm; 0 where nothing printed
  [[nodiscard]] double sigma_nm() const;  ///< 1 sigma of cd_nm, 0 for fewer than two
  /// Of holes: 1 sigma of their place along x and y, and mean ratio of their axes.
  struct Placement {
    double sigma_x_nm = 0, sigma_y_nm = 0, ellipticity = 1;
  };
  [[nodiscard]] std::optional<Placement> placement() const;  ///< absent for fewer than two holes
};

}  // namespace undulith::metrology
