// SPDX-License-Identifier: MIT
#include "pupil_points.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace undulith::report {

namespace {

constexpr double kMinPolarisation = 0.05;

/// Typical distance of neighbouring points: the median, over a sample of points, of the distance to the
/// nearest other.
[[nodiscard]] double typical_spacing(const std::vector<illuminator::SourcePoint>& points) {
  const std::size_t stride = std::max<std::size_t>(1, points.size() / 200);
  std::vector<double> nearest;
  for (std::size_t i = 0; i < points.size(); i += stride) {
    double best = std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < points.size(); ++k) {
      if (k == i) continue;
      best = std::min(
          best, std::hypot(points[k].sigma_x - points[i].sigma_x, points[k].sigma_y - points[i].sigma_y));
    }
    nearest.push_back(best);
  }
  const auto middle = nearest.begin() + static_cast<std::ptrdiff_t>(nearest.size() / 2);
  std::nth_element(nearest.begin(), middle, nearest.end());
  return *middle;
}

}  // namespace

std::size_t count_source_points(const illuminator::PupilFill& pupil_fill, const PictureOptions& options) {
  return options.n_source_points > 0 ? static_cast<std::size_t>(options.n_source_points)
                                     : pupil_fill.points.size();
}

std::string source_points_text(const illuminator::PupilFill& pupil_fill, const PictureOptions& options) {
  const std::size_t n = count_source_points(pupil_fill, options);
  return fmt::format("{} source point{}", n, n == 1 ? "" : "s");
}

void draw_source_points(Canvas& canvas, const std::vector<illuminator::SourcePoint>& points,
                        const DataArea& area, ColourMap colour_map) {
  const double unit = area.x(1) - area.x(0);
  double heaviest = 0;
  for (const illuminator::SourcePoint& p : points) heaviest = std::max(heaviest, p.weight);
  // Discs reach the corners of their cell, so that a filled shape has no gaps.
  double radius = 0.02;
  if (points.size() > 1) radius = std::clamp(typical_spacing(points) / std::numbers::sqrt2, 0.004, 0.036);
  // Heavy points last, so that none is hidden by a lighter one; equal weights in the given order.
  std::vector<std::size_t> order(points.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return points[a].weight < points[b].weight; });
  const ColourTable colours(colour_map, 0, heaviest);
  for (const std::size_t i : order) {
    canvas.disc(area.at(points[i].sigma_x, points[i].sigma_y), radius * unit, colours(points[i].weight));
  }
}

bool is_polarised(const optics::Stokes& s) {
  return std::max({std::abs(s.s1), std::abs(s.s2), std::abs(s.s3)}) > kMinPolarisation * s.s0;
}

void draw_glyph(Canvas& canvas, Position at, double size, const optics::Stokes& s) {
  const double polarised = std::sqrt(s.s1 * s.s1 + s.s2 * s.s2 + s.s3 * s.s3);
  const double orientation = 0.5 * std::atan2(s.s2, s.s1);
  const double ellipticity = 0.5 * std::asin(std::clamp(s.s3 / polarised, -1.0, 1.0));
  const double half = size / 2 * std::min(1.0, polarised / s.s0);
  for (const Stroke& stroke : {Stroke{{255, 255, 255}, 4, {}, 0.9}, Stroke{{0, 0, 0}, 1.6}}) {
    canvas.ellipse(at, half * std::cos(ellipticity), half * std::abs(std::sin(ellipticity)), orientation,
                   stroke);
  }
}

}  // namespace undulith::report
