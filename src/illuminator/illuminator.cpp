#include "undulith/illuminator/illuminator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "illuminator/shapes.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"

namespace undulith::illuminator {
namespace {

constexpr double kRimTolerance = 1e-9;  // a point on the rim may have been rounded outwards
constexpr double kSmallestShare =
    1e-9;  // of a cell: less covered than this is rounding, or not worth a point

bool is_physical(const optics::Stokes& s) {
  return std::isfinite(s.s0) && s.s0 > 0 && std::isfinite(s.s1) && std::isfinite(s.s2) &&
         std::isfinite(s.s3) && s.s1 * s.s1 + s.s2 * s.s2 + s.s3 * s.s3 <= s.s0 * s.s0 * (1 + 1e-9);
}

optics::Stokes normalised(const optics::Stokes& s) {
  return {.s0 = 1, .s1 = s.s1 / s.s0, .s2 = s.s2 / s.s0, .s3 = s.s3 / s.s0};
}

/// The point that stands for the covered part of a cell: its area as weight, its centroid as place, kept in
/// the cell.
SourcePoint point_of(const Moments& part, const Box& cell, double value, const optics::Stokes& stokes) {
  return {.sigma_x = std::clamp(part.x / part.area, cell.x0, cell.x1),
          .sigma_y = std::clamp(part.y / part.area, cell.y0, cell.y1),
          .weight = value * part.area,
          .stokes = stokes};
}

std::vector<SourcePoint> points_of_shape(const LitShape& shape, int n, const optics::Stokes& stokes) {
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

struct LitMap {
  std::vector<SourcePoint> points;
  double area = 0;
};

LitMap points_of_map(const Field2D<double>& map, const optics::Stokes& stokes) {
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
  LitMap lit;
  for (int iy = 0; iy < grid.ny; ++iy) {
    for (int ix = 0; ix < grid.nx; ++ix) {
      const double value = map(iy, ix);
      if (!std::isfinite(value) || value < 0) {
        throw InputError(fmt::format(
            "illuminator.map has the value {} in row {}, column {} (must be >= 0 and finite); mend "
            "the image",
            value, iy, ix));
      }
      if (value == 0) continue;
      const double x = grid.x(ix), y = grid.y(iy);
      const Box cell{
          .x0 = x - 0.5 * grid.dx, .y0 = y - 0.5 * grid.dy, .x1 = x + 0.5 * grid.dx, .y1 = y + 0.5 * grid.dy};
      const Moments part = covered(cell, pupil);
      if (part.area > kSmallestShare * grid.dx * grid.dy) {
        lit.points.push_back(point_of(part, cell, value, stokes));
        lit.area += part.area;
      }
    }
  }
  if (lit.points.empty())
    throw InputError("illuminator.map is dark within the pupil; give an image with light in it");
  return lit;
}

std::vector<SourcePoint> points_of_list(const std::vector<SourcePoint>& list, const optics::Stokes& light) {
  if (list.empty())
    throw InputError("illuminator.points is empty; give at least one line sigma_x,sigma_y,weight");
  // A list that names no polarisation at all takes that of the light.
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
          "illuminator.points row {}: ({}, {}) lies at sigma {:.6g} (must be within the unit disc); "
          "move it inwards",
          row + 1, point.sigma_x, point.sigma_y, radius));
    }
    if (!std::isfinite(point.weight) || point.weight <= 0) {
      throw InputError(fmt::format(
          "illuminator.points row {}: weight = {} (must be > 0 and finite); mend or leave out the row",
          row + 1, point.weight));
    }
    if (!is_physical(point.stokes)) {
      throw InputError(fmt::format(
          "illuminator.points row {}: s1, s2, s3 = {}, {}, {} with s0 = {} (s1^2 + s2^2 + s3^2 must not "
          "exceed s0^2); scale them to 1",
          row + 1, point.stokes.s1, point.stokes.s2, point.stokes.s3, point.stokes.s0));
    }
    point.stokes = polarised ? normalised(point.stokes) : light;
  }
  return points;
}

/// Shares of the power: each energy carries flux times the width of energies that it stands for (trapezoids).
std::vector<double> spectrum_shares(const std::vector<double>& energy_ev, const std::vector<double>& flux) {
  const std::size_t n = energy_ev.size();
  if (n == 0 || flux.size() != n) throw InputError("the light source has no spectrum; compute it first");
  std::vector<double> shares(n, 1.0);
  if (n == 1) return shares;
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double width = 0.5 * (energy_ev[std::min(i + 1, n - 1)] - energy_ev[i == 0 ? 0 : i - 1]);
    if (!std::isfinite(width) || width <= 0 || !std::isfinite(flux[i]) || flux[i] < 0) {
      throw InputError("the spectrum of the light source does not ascend or is negative; mend the source");
    }
    shares[i] = width * flux[i];
    sum += shares[i];
  }
  if (!(sum > 0)) throw InputError("the light source is dark at all its photon energies; mend the source");
  for (double& share : shares) share /= sum;
  return shares;
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
  if (!is_physical(light.stokes))
    throw InputError("the Stokes vector of the light source is not physical; mend the source");
  const optics::Stokes stokes = normalised(light.stokes);
  std::vector<SourcePoint> points;
  double lit_area = 0;  // unknown for explicit points
  switch (parameters.shape) {
    case Shape::points:
      points = points_of_list(parameters.points, stokes);
      break;
    case Shape::map: {
      LitMap lit = points_of_map(parameters.map, stokes);
      points = std::move(lit.points);
      lit_area = lit.area;
      break;
    }
    default: {
      if (parameters.grid_points < 3 || parameters.grid_points > 2001) {
        throw InputError(fmt::format("illuminator.grid_points = {} (must be in [3, 2001]); use 101",
                                     parameters.grid_points));
      }
      const LitShape shape = make_shape(parameters);
      points = points_of_shape(shape, parameters.grid_points, stokes);
      if (points.empty())
        throw InputError(
            fmt::format("the lit part of the pupil is too small for its grid (area {:.2g} in units of sigma, "
                        "{} points across); widen it",
                        shape.area, parameters.grid_points));
      lit_area = shape.area;
    }
  }
  PupilFill fill = make_pupil_fill(std::move(points));
  fill.fill_ratio = lit_area / constants::kPi;
  fill.photon_energy_ev = light.photon_energy_ev;
  fill.relative_spectrum = spectrum_shares(light.photon_energy_ev, light.spectral_flux);
  return fill;
}

}  // namespace undulith::illuminator
