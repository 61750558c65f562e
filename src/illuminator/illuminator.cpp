// SPDX-License-Identifier: MIT
#include "undulith/illuminator/illuminator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "illuminator/shapes.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/require.hpp"

namespace undulith::illuminator {
namespace {

constexpr double kRimTolerance = 1e-9;  // a point on the rim may have been rounded outwards
constexpr double kSmallestShare =
    1e-9;  // of a cell: less covered than this is rounding, or not worth a point

bool is_physical(const optics::Stokes& s) {
  return std::isfinite(s.s0) && s.s0 > 0 && std::isfinite(s.s1) && std::isfinite(s.s2) &&
         std::isfinite(s.s3) && s.s1 * s.s1 + s.s2 * s.s2 + s.s3 * s.s3 <= s.s0 * s.s0 * (1 + 1e-9);
}

optics::Stokes of_unit_flux(const optics::Stokes& s) {
  return {.s0 = 1, .s1 = s.s1 / s.s0, .s2 = s.s2 / s.s0, .s3 = s.s3 / s.s0};
}

/// What the illuminator makes of the light at one place of the pupil.
optics::Stokes polarised(PolarisationSetting setting, const SourcePoint& point) {
  const double radius2 = point.sigma_x * point.sigma_x + point.sigma_y * point.sigma_y;
  // Twice the azimuth; at the centre there is no direction.
  const double cosine2 =
      radius2 > 0 ? (point.sigma_x * point.sigma_x - point.sigma_y * point.sigma_y) / radius2 : 0;
  const double sine2 = radius2 > 0 ? 2 * point.sigma_x * point.sigma_y / radius2 : 0;
  switch (setting) {
    case PolarisationSetting::source:
      return point.stokes;
    case PolarisationSetting::unpolarised:
      return {};
    case PolarisationSetting::x:
      return {.s1 = 1};
    case PolarisationSetting::y:
      return {.s1 = -1};
    case PolarisationSetting::tangential:
      return {.s1 = -cosine2, .s2 = -sine2};
    case PolarisationSetting::radial:
      return {.s1 = cosine2, .s2 = sine2};
    case PolarisationSetting::circular:
      return {.s3 = 1};
  }
  return point.stokes;
}

/// The point that represents the covered part of a cell: its area as weight, its centroid as place, kept in
/// the cell.
SourcePoint point_of(const Moments& part, const Box& cell, double value, const optics::Stokes& stokes) {
  SourcePoint point{.sigma_x = std::clamp(part.x / part.area, cell.x0, cell.x1),
                    .sigma_y = std::clamp(part.y / part.area, cell.y0, cell.y1),
                    .weight = value * part.area,
                    .stokes = stokes};
  // The centroid of a sliver at the rim may be rounded out of the pupil.
  const double radius = std::hypot(point.sigma_x, point.sigma_y);
  if (radius > 1) {
    point.sigma_x /= radius;
    point.sigma_y /= radius;
  }
  return point;
}

std::vector<SourcePoint> points_of_shape(const IlluminatedShape& shape, int n, const optics::Stokes& stokes) {
  std::vector<SourcePoint> points;
  // (2 i - n)/n is odd in i about the middle to the last bit; -1 + i dx is not.
  const auto edge = [n](int i) { return static_cast<double>(2 * i - n) / n; };
  for (int iy = 0; iy < n; ++iy) {
    for (int ix = 0; ix < n; ++ix) {
      const Box cell{.x0 = edge(ix), .y0 = edge(iy), .x1 = edge(ix + 1), .y1 = edge(iy + 1)};
      const Moments part = covered(cell, shape.terms);
      if (part.area > kSmallestShare * cell.width() * cell.height()) {
        points.push_back(point_of(part, cell, 1, stokes));
      }
    }
  }
  return points;
}

/// Cells of the source grid, divided where rims of the pupil cross them.
class DividedGrid {
 public:
  DividedGrid(const IlluminatedShape& shape, const std::vector<PupilRim>& rims, int levels,
              std::size_t max_points, const optics::Stokes& stokes)
      : shape_(shape), rims_(rims), levels_(levels), max_points_(max_points), stokes_(stokes) {}

  /// False when there would be more than max_points.
  /// @param widening  cells away from rims and edges are 2^widening times as wide as those of the grid; along
  ///                  rims and edges, where areas are exact, twice as wide cells are fine enough
  [[nodiscard]] bool fill(int grid_points, int widening) {
    smallest_area_ = kSmallestShare * 4.0 / (static_cast<double>(grid_points) * grid_points);
    fine_levels_ = std::max(0, widening - 1);
    const int n = widening == 0 ? grid_points : (grid_points >> widening) | 1;  // odd, as the grid
    std::vector<std::size_t> all(rims_.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    const auto edge = [n](int i) { return static_cast<double>(2 * i - n) / n; };
    for (int iy = 0; iy < n; ++iy)
      for (int ix = 0; ix < n; ++ix)
        add({.x0 = edge(ix), .y0 = edge(iy), .x1 = edge(ix + 1), .y1 = edge(iy + 1)}, all, 0);
    return points_.size() <= max_points_;
  }
  [[nodiscard]] std::vector<SourcePoint> take_points() { return std::move(points_); }

 private:
  void add(const Box& cell, const std::vector<std::size_t>& candidates, int level) {
    if (points_.size() > max_points_) return;
    const Moments part = covered(cell, shape_.terms);
    if (!(part.area > smallest_area_)) return;
    std::vector<std::size_t> crossing;
    for (const std::size_t rim : candidates)
      if (crosses(cell, rims_[rim])) crossing.push_back(rim);
    const double area = cell.width() * cell.height();
    const bool full = part.area > area * (1 - 1e-12);
    if (level < fine_levels_) {
      if (crossing.empty() && full) {
        add_gauss_points(cell);
        return;
      }
    } else {
      if (crossing.empty()) {
        points_.push_back(point_of(part, cell, 1, stokes_));
        return;
      }
      if (crossing.size() == 1 && full && add_cut(cell, rims_[crossing.front()])) return;
      if (level == fine_levels_ + levels_) {
        points_.push_back(point_of(part, cell, 1, stokes_));
        return;
      }
    }
    const double x = (cell.x0 + cell.x1) / 2, y = (cell.y0 + cell.y1) / 2;
    for (const Box& quarter : {Box{cell.x0, cell.y0, x, y}, Box{x, cell.y0, cell.x1, y},
                               Box{cell.x0, y, x, cell.y1}, Box{x, y, cell.x1, cell.y1}})
      add(quarter, crossing, level + 1);
  }

  // The Gauss rule of two points along each side: exact for cubic functions.
  void add_gauss_points(const Box& cell) {
    const double x = (cell.x0 + cell.x1) / 2, y = (cell.y0 + cell.y1) / 2;
    const double dx = cell.width() / 2 * std::numbers::inv_sqrt3,
                 dy = cell.height() / 2 * std::numbers::inv_sqrt3;
    const double weight = cell.width() * cell.height() / 4;
    for (const double py : {y - dy, y + dy})
      for (const double px : {x - dx, x + dx})
        points_.push_back({.sigma_x = px, .sigma_y = py, .weight = weight, .stokes = stokes_});
  }

  // The parts of an illuminated cell on either side of one rim, as two points; false when a centroid lies on
  // the wrong side.
  bool add_cut(const Box& cell, const PupilRim& rim) {
    const std::vector<Term> disc{
        {.sign = 1, .disc = {.centre = {rim.sigma_x, rim.sigma_y}, .radius = rim.radius}, .half_planes = {}}};
    const Moments inside = covered(cell, disc);
    const double area = cell.width() * cell.height();
    const Moments outside{.area = area - inside.area,
                          .x = area * (cell.x0 + cell.x1) / 2 - inside.x,
                          .y = area * (cell.y0 + cell.y1) / 2 - inside.y};
    std::vector<SourcePoint> parts;
    for (const auto& [moments, within] : {std::pair{inside, true}, std::pair{outside, false}}) {
      if (!(moments.area > smallest_area_)) continue;
      const SourcePoint point = point_of(moments, cell, 1, stokes_);
      const double distance = std::hypot(point.sigma_x - rim.sigma_x, point.sigma_y - rim.sigma_y);
      // Farther than the tolerance with which the pupil takes an order on its rim.
      if (within ? distance > rim.radius * (1 - 3 * kRimTolerance)
                 : distance < rim.radius * (1 + 3 * kRimTolerance))
        return false;
      parts.push_back(point);
    }
    points_.insert(points_.end(), parts.begin(), parts.end());
    return true;
  }

  static bool crosses(const Box& cell, const PupilRim& rim) {
    const double near_x = std::max({cell.x0 - rim.sigma_x, rim.sigma_x - cell.x1, 0.0}),
                 near_y = std::max({cell.y0 - rim.sigma_y, rim.sigma_y - cell.y1, 0.0});
    const double far_x = std::max(std::abs(cell.x0 - rim.sigma_x), std::abs(cell.x1 - rim.sigma_x)),
                 far_y = std::max(std::abs(cell.y0 - rim.sigma_y), std::abs(cell.y1 - rim.sigma_y));
    const double radius2 = rim.radius * rim.radius;
    return near_x * near_x + near_y * near_y < radius2 && far_x * far_x + far_y * far_y > radius2;
  }

  const IlluminatedShape& shape_;
  const std::vector<PupilRim>& rims_;
  int levels_, fine_levels_ = 0;
  std::size_t max_points_;
  optics::Stokes stokes_;
  double smallest_area_ = 0;
  std::vector<SourcePoint> points_;
};

struct CutSource {
  std::vector<SourcePoint> points;
  int levels = 0;  // 0: the plain grid
};

CutSource points_along_rims(const IlluminatedShape& shape, int n, const RimCuts& cuts,
                            const optics::Stokes& stokes) {
  // A rim on which the shape itself ends separates nothing.
  std::vector<PupilRim> inner = cuts.rims;
  std::erase_if(inner, [&](const PupilRim& rim) {
    return std::ranges::any_of(shape.terms, [&](const Term& term) {
      return std::hypot(term.disc.centre.x - rim.sigma_x, term.disc.centre.y - rim.sigma_y) < kRimTolerance &&
             std::abs(term.disc.radius - rim.radius) < kRimTolerance;
    });
  });
  int widening = 0;
  if (cuts.interior == Interior::wide && n > kUniformGridPoints)
    while (n >> widening > kUniformGridPoints / 2) ++widening;
  for (int level = cuts.levels; level > 0; --level) {
    DividedGrid grid(shape, inner, level, static_cast<std::size_t>(std::max(0, cuts.max_points)), stokes);
    if (grid.fill(n, widening)) return {grid.take_points(), level};
  }
  return {points_of_shape(shape, n, stokes), 0};
}

struct IlluminatedMap {
  std::vector<SourcePoint> points;
  double area = 0;
};

IlluminatedMap points_of_map(const Field2D<double>& map, const optics::Stokes& stokes) {
  const Grid2D& grid = map.grid();
  if (map.empty() || grid.plane != Plane::pupil || !(grid.dx > 0) || !(grid.dy > 0)) {
    throw InputError(
        "illuminator.map is empty or not on the pupil plane; give an image of the pupil "
        "(illuminator.map_file)");
  }
  const auto low_x = grid.x0 - 0.5 * grid.dx, high_x = grid.x(grid.nx - 1) + 0.5 * grid.dx;
  const auto low_y = grid.y0 - 0.5 * grid.dy, high_y = grid.y(grid.ny - 1) + 0.5 * grid.dy;
  if (low_x > -1 + kRimTolerance || high_x < 1 - kRimTolerance || low_y > -1 + kRimTolerance ||
      high_y < 1 - kRimTolerance) {
    throw InputError(
        fmt::format("illuminator.map covers [{:.6g}, {:.6g}] x [{:.6g}, {:.6g}] (must cover [-1, 1] in both "
                    "directions); give the image of the whole pupil",
                    low_x, high_x, low_y, high_y));
  }
  const std::vector<Term> pupil{{.sign = 1, .disc = {.centre = {}, .radius = 1}, .half_planes = {}}};
  IlluminatedMap illuminated;
  for (int iy = 0; iy < grid.ny; ++iy) {
    for (int ix = 0; ix < grid.nx; ++ix) {
      const double value = map(iy, ix);
      if (!std::isfinite(value) || value < 0) {
        throw InputError(fmt::format(
            "illuminator.map has the value {} in row {}, column {} (must be >= 0 and finite); correct the "
            "image",
            value, iy, ix));
      }
      if (value == 0) continue;
      const double x = grid.x(ix), y = grid.y(iy);
      const Box cell{
          .x0 = x - 0.5 * grid.dx, .y0 = y - 0.5 * grid.dy, .x1 = x + 0.5 * grid.dx, .y1 = y + 0.5 * grid.dy};
      const Moments part = covered(cell, pupil);
      if (part.area > kSmallestShare * grid.dx * grid.dy) {
        illuminated.points.push_back(point_of(part, cell, value, stokes));
        illuminated.area += part.area;
      }
    }
  }
  if (illuminated.points.empty())
    throw InputError("illuminator.map is dark within the pupil; give an image with light in it");
  return illuminated;
}

std::vector<SourcePoint> points_of_list(const std::vector<SourcePoint>& list, const optics::Stokes& light) {
  if (list.empty())
    throw InputError("illuminator.points is empty; give at least one line sigma_x,sigma_y,weight");
  // A list without any polarisation takes that of the light.
  const bool polarised = std::any_of(list.begin(), list.end(), [](const SourcePoint& point) {
    return point.stokes.s1 != 0 || point.stokes.s2 != 0 || point.stokes.s3 != 0;
  });
  std::vector<SourcePoint> points = list;
  for (std::size_t row = 0; row < points.size(); ++row) {
    SourcePoint& point = points[row];
    const bool finite = std::isfinite(point.sigma_x) && std::isfinite(point.sigma_y);
    const double radius = finite ? std::hypot(point.sigma_x, point.sigma_y) : HUGE_VAL;
    if (radius > 1 + kRimTolerance) {
      throw InputError(fmt::format(
          "illuminator.points row {}: ({}, {}) lies at sigma {:.6g} (must be within the unit disc); move it "
          "inwards",
          row + 1, point.sigma_x, point.sigma_y, radius));
    }
    if (!std::isfinite(point.weight) || point.weight <= 0) {
      throw InputError(fmt::format(
          "illuminator.points row {}: weight = {} (must be > 0 and finite); correct or remove the row",
          row + 1, point.weight));
    }
    if (!is_physical(point.stokes)) {
      throw InputError(fmt::format(
          "illuminator.points row {}: s1, s2, s3 = {}, {}, {} with s0 = {} (s1^2 + s2^2 + s3^2 must not "
          "exceed s0^2); scale them to 1",
          row + 1, point.stokes.s1, point.stokes.s2, point.stokes.s3, point.stokes.s0));
    }
    point.stokes = polarised ? of_unit_flux(point.stokes) : light;
  }
  return points;
}

}  // namespace

PupilFill make_pupil_fill(std::vector<SourcePoint> points) {
  PupilFill fill;
  fill.points = std::move(points);
  // Relative to the brightest first: the sum of the largest or smallest numbers there are is still a number.
  double brightest = 0, total = 0;
  for (const SourcePoint& point : fill.points) brightest = std::max(brightest, point.weight);
  for (SourcePoint& point : fill.points) total += point.weight /= brightest;
  for (SourcePoint& point : fill.points) {
    point.weight /= total;
    fill.sigma_max = std::max(fill.sigma_max, std::hypot(point.sigma_x, point.sigma_y));
  }
  return fill;
}

PupilFill make_pupil_fill(const IlluminatorParameters& parameters, const source::SourceOutput& light) {
  return make_pupil_fill(parameters, light, RimCuts{});
}

PupilFill make_pupil_fill(const IlluminatorParameters& parameters, const source::SourceOutput& light,
                          const RimCuts& cuts) {
  require_in(kRimLevels, "illuminator.rim_levels", cuts.levels, "use 4");
  if (!is_physical(light.stokes))
    throw InputError("the Stokes vector of the light source is not physical; correct its polarisation");
  const optics::Stokes stokes = of_unit_flux(light.stokes);
  std::vector<SourcePoint> points;
  double illuminated_area = 0;  // unknown for explicit points
  int levels = 0;
  switch (parameters.shape) {
    case Shape::points:
      points = points_of_list(parameters.points, stokes);
      break;
    case Shape::map: {
      IlluminatedMap illuminated = points_of_map(parameters.map, stokes);
      points = std::move(illuminated.points);
      illuminated_area = illuminated.area;
      break;
    }
    default: {
      const IlluminatedShape shape = make_shape(parameters);
      CutSource cut = cuts.rims.empty() ? CutSource{points_of_shape(shape, parameters.grid_points, stokes), 0}
                                        : points_along_rims(shape, parameters.grid_points, cuts, stokes);
      points = std::move(cut.points);
      levels = cut.levels;
      if (points.empty())
        throw InputError(fmt::format(
            "illuminator.grid_points = {} (the illuminated part of the pupil is too small for its grid: area {:.2g} in "
            "units of sigma); make it larger, or widen the shape",
            parameters.grid_points, shape.area));
      illuminated_area = shape.area;
    }
  }
  for (SourcePoint& point : points) point.stokes = polarised(parameters.polarisation, point);
  PupilFill fill = make_pupil_fill(std::move(points));
  // The area of a full pupil is a sum of cells: it may round above that of the disc.
  fill.fill_ratio = std::min(1.0, illuminated_area / constants::kPi);
  fill.rim_levels = levels;
  return fill;
}

}  // namespace undulith::illuminator
