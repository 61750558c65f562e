// SPDX-License-Identifier: MIT
#include "undulith/metrology/profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "metrology/profile_cut.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/math/direction.hpp"

namespace undulith::metrology {
namespace {

template <class Grid>
double finest_step_nm(const Grid& grid) {
  double step = grid.nx > 1 ? grid.dx : grid.ny > 1 ? grid.dy : 1.0;
  if (grid.ny > 1) step = std::min(step, grid.dy);
  return step;
}

struct Wall {
  std::optional<double> cd, left, right;
};

// Angle of the resist's flank from how much wider the resist is below than above.
double wall_angle_deg(double wider_nm, double height_nm) {
  return std::atan2(height_nm, wider_nm) * 180 / std::numbers::pi;
}

ProfileResult measure_one(const BrightLevel& bright, const Field2D<double>& height_nm,
                          const DrawnShapes& shapes, const Gauge& gauge, Feature drawn,
                          const resist::ResistProfile& profile, double cd_height) {
  const Grid3D& grid = bright.grid();
  const math::Direction along = math::direction_of(gauge.angle_deg);
  const Line line{{gauge.x_nm, gauge.y_nm}, {along.x, along.y}};
  const double half = gauge.length_nm / 2, step = finest_step_nm(grid) / 2, thickness_nm = grid.thickness();
  ProfileResult result;
  GaugeResult& at = result.at_cd_height;
  at.gauge = gauge;
  const Target target = target_of(shapes, line, gauge, drawn);
  at.target_cd_nm = target.cd_nm;
  if (target.edges) {
    at.target_left_nm = target.edges->from;
    at.target_right_nm = target.edges->to;
  }
  const auto edges_at = [&](double depth_nm) {
    return find_edges(
        [&](double s) {
          const layout::Point p = line.at(s);
          return bright.at(p.x, p.y, depth_nm);
        },
        half, step, gauge.feature, target.edges);
  };
  const auto cd_of = [](const CutEdges& e) -> std::optional<double> {
    return e.left && e.right ? std::optional(*e.right - *e.left) : std::nullopt;
  };
  const CutEdges edges = edges_at((1 - cd_height) * thickness_nm);
  at.status = edges.status;
  at.edge_left_nm = edges.left;
  at.edge_right_nm = edges.right;
  at.cd_nm = cd_of(edges);
  if (target.edges) {
    if (edges.left) at.epe_left_nm = target.edges->from - *edges.left;
    if (edges.right) at.epe_right_nm = *edges.right - target.edges->to;
  }
  if (at.cd_nm) {
    if (target.cd_nm) at.cd_error_nm = *at.cd_nm - *target.cd_nm;
    if (target.edges)
      at.shift_nm = (*edges.left + *edges.right) / 2 - (target.edges->from + target.edges->to) / 2;
  }
  const CutEdges top = edges_at(0.1 * thickness_nm), middle = edges_at(0.5 * thickness_nm),
                 bottom = edges_at(0.9 * thickness_nm);
  result.cd_top_nm = cd_of(top);
  result.cd_middle_nm = cd_of(middle);
  result.cd_bottom_nm = cd_of(bottom);

  // The feature is resist, or the space in it whose walls are those of its neighbours.
  const bool is_resist = (gauge.feature == Feature::bright) == (profile.tone == resist::Tone::negative);
  const double sign = is_resist ? 1 : -1;
  const double wall_nm = 0.8 * thickness_nm;
  if (top.left && bottom.left)
    result.side_wall_left_deg = wall_angle_deg(sign * (*top.left - *bottom.left), wall_nm);
  if (top.right && bottom.right)
    result.side_wall_right_deg = wall_angle_deg(sign * (*bottom.right - *top.right), wall_nm);
  const auto foot = cd_of(edges_at(thickness_nm)), above = cd_of(edges_at(0.8 * thickness_nm));
  if (foot && above && result.cd_middle_nm) {
    const double continued = *above + (*above - *result.cd_middle_nm) / 0.3 * 0.2;
    result.footing_nm = sign * (*foot - continued);
  }

  double highest = 0, lowest = thickness_nm;
  const int n = std::max(1, static_cast<int>(std::ceil(half / step)));
  const auto wrap = [](double i, int count) { return static_cast<int>(i - count * std::floor(i / count)); };
  for (int k = -n; k <= n; ++k) {
    const layout::Point p = line.at(k * half / n);
    const int ix = wrap(std::round((p.x - grid.x0) / grid.dx), grid.nx),
              iy = wrap(std::round((p.y - grid.y0) / grid.dy), grid.ny);
    highest = std::max(highest, height_nm(iy, ix));
    lowest = std::min(lowest, height_nm(iy, ix));
  }
  result.top_loss_nm = thickness_nm - highest;
  result.resist_left_nm = lowest;
  return result;
}

// The nodes of the window, its far borders included.
Field2D<double> of_window(const Field2D<double>& plane, const Box& window) {
  const Grid2D& from = plane.grid();
  const auto first = [](double edge, double origin, double step) {
    return static_cast<int>(std::ceil((edge - origin) / step - 1e-9));
  };
  const int ix0 = first(window.x0, from.x0, from.dx), iy0 = first(window.y0, from.y0, from.dy);
  const auto count = [](double width, double step) {
    return static_cast<int>(std::floor(width / step + 1e-9)) + 1;
  };
  Grid2D grid = from;
  grid.x0 = from.x(ix0);
  grid.y0 = from.y(iy0);
  grid.nx = count(window.x1 - grid.x0, from.dx);
  grid.ny = count(window.y1 - grid.y0, from.dy);
  Field2D<double> out(grid);
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix)
      out(iy, ix) =
          plane(((iy0 + iy) % from.ny + from.ny) % from.ny, ((ix0 + ix) % from.nx + from.nx) % from.nx);
  return out;
}

}  // namespace

ProfileMeasurement measure_profile(const resist::ResistProfile& profile, const layout::Clip& clip,
                                   Feature drawn, const std::vector<Gauge>& gauges, double cd_height) {
  if (!(cd_height > 0 && cd_height < 1))
    throw InputError(fmt::format("metrology.cd_height = {} (must be in (0, 1)); use 0.5", cd_height));
  const BrightLevel bright(profile);
  const Field2D<double> height_nm = resist::resist_height(profile);
  const DrawnShapes shapes(clip);
  ProfileMeasurement measurement;
  measurement.cd_height = cd_height;
  measurement.gauges.resize(gauges.size());
  parallel_for(static_cast<int>(gauges.size()), [&](int i) {
    measurement.gauges[i] = measure_one(bright, height_nm, shapes, gauges[i], drawn, profile, cd_height);
  });
  const double thickness_nm = bright.grid().thickness();
  Field2D<double> level = bright.plane_at((1 - cd_height) * thickness_nm);
  if (profile.tone == resist::Tone::positive)
    for (double& value : level.values()) value = -value;  // resist
  const Field2D<double> framed = of_window(level, clip.window);
  measurement.contours = math::find_contours(framed, 0);
  const Field2D<double> heights = of_window(height_nm, clip.window);
  // Borders of the window count half and its corners a quarter.
  double in_resist = 0, all = 0;
  for (int iy = 0; iy < framed.ny(); ++iy)
    for (int ix = 0; ix < framed.nx(); ++ix) {
      const auto share = [](int i, int n) { return n > 1 && (i == 0 || i == n - 1) ? 0.5 : 1.0; };
      const double weight = share(ix, framed.nx()) * share(iy, framed.ny());
      all += weight;
      if (framed(iy, ix) > 0) in_resist += weight;
    }
  measurement.resist_area_fraction = in_resist / all;
  measurement.top_loss_nm = thickness_nm - std::ranges::max(heights.values());
  return measurement;
}

EdgeTrace trace_edges(const resist::ResistProfile& profile, const Gauge& gauge, double cd_height) {
  const math::Direction along = math::direction_of(gauge.angle_deg);
  constexpr double kAlong = 1e-6;
  const bool along_x = std::abs(along.y) < kAlong, along_y = std::abs(along.x) < kAlong;
  if (!along_x && !along_y)
    throw InputError(
        fmt::format("metrology.gauge '{}': angle_deg = {} (edges are traced along an axis); use a "
                    "multiple of 90",
                    gauge.name, gauge.angle_deg));
  const BrightPlane bright(profile, (1 - cd_height) * profile.arrival_time_s.grid().thickness());
  const Grid2D& grid = bright.grid();
  const double step = finest_step_nm(grid) / 2;
  const int n = along_x ? grid.ny : grid.nx;
  EdgeTrace trace{.left_nm = std::vector<double>(static_cast<std::size_t>(n)),
                  .right_nm = std::vector<double>(static_cast<std::size_t>(n)),
                  .step_nm = along_x ? grid.dy : grid.dx};
  std::vector<CutEdges> cuts(static_cast<std::size_t>(n));
  const Interval anywhere{-gauge.length_nm / 4, gauge.length_nm / 4};
  parallel_for(n, [&](int i) {
    const double x = along_x ? gauge.x_nm : grid.x(i), y = along_x ? grid.y(i) : gauge.y_nm;
    cuts[static_cast<std::size_t>(i)] =
        find_edges([&](double s) { return bright.at(x + s * along.x, y + s * along.y); }, gauge.length_nm / 2,
                   step, gauge.feature, anywhere);
  });
  std::optional<CutEdges> last;
  for (const CutEdges& cut : cuts)
    if (!last && cut.status == PrintStatus::printed) last = cut;
  for (int i = 0; i < n; ++i) {
    const CutEdges& cut = cuts[static_cast<std::size_t>(i)];
    if (cut.status == PrintStatus::printed)
      last = cut;
    else
      ++trace.n_missing;
    if (!last) continue;
    trace.left_nm[static_cast<std::size_t>(i)] = *last->left;
    trace.right_nm[static_cast<std::size_t>(i)] = *last->right;
  }
  if (!last) trace.left_nm.clear(), trace.right_nm.clear();
  return trace;
}

}  // namespace undulith::metrology
