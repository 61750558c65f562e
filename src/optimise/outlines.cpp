// SPDX-License-Identifier: MIT
#include "optimise/outlines.hpp"

#include <algorithm>
#include <boost/geometry.hpp>
#include <boost/geometry/geometries/linestring.hpp>
#include <boost/geometry/geometries/point_xy.hpp>
#include <boost/geometry/geometries/polygon.hpp>
#include <cmath>

#include "undulith/math/contour.hpp"

namespace undulith::optimise {
namespace {

namespace bg = boost::geometry;
using BoostPoint = bg::model::d2::point_xy<double>;
using BoostRing = bg::model::ring<BoostPoint>;
using BoostLine = bg::model::linestring<BoostPoint>;

double round_to_pm(double nm) {
  return std::round(nm * 1e3) / 1e3;
}

// The line with fewer points, half of the tolerance for as long as it crosses itself.
layout::Polygon simplified(const math::Contour& contour, double tolerance_nm) {
  BoostLine line;
  for (std::size_t i = 0; i < contour.x.size(); ++i) bg::append(line, BoostPoint(contour.x[i], contour.y[i]));
  bg::append(line, line.front());
  constexpr int kTries = 6;
  layout::Polygon polygon;
  for (int i = 0; i < kTries; ++i, tolerance_nm = i + 1 < kTries ? tolerance_nm / 2 : 0) {
    BoostLine shorter;
    bg::simplify(line, shorter, tolerance_nm);
    BoostRing ring(shorter.begin(), shorter.end());
    bg::correct(ring);
    polygon.clear();
    for (std::size_t p = 0; p + 1 < shorter.size(); ++p)
      polygon.push_back({round_to_pm(shorter[p].x()), round_to_pm(shorter[p].y())});
    if (polygon.size() >= 3 && bg::is_valid(ring)) break;
  }
  return polygon;
}

// A run of pixels of a row.
struct Run {
  int begin, end;
};
std::vector<Run> runs_of(const PixelSet& set, int y) {
  std::vector<Run> runs;
  for (int x = 0; x < set.nx; ++x) {
    if (set(x, y) == 0) continue;
    const int begin = x;
    while (x < set.nx && set(x, y) != 0) ++x;
    runs.push_back({begin, x});
  }
  return runs;
}

constexpr double kSpreadOfShort = 8;  // times the tolerance, within the least height

// Rows that belong to one strip: a run of each, one over the other.
struct Strip {
  int first_row;
  std::vector<Run> rows;
  [[nodiscard]] bool takes(Run run, int least_rows, double tolerance) const {
    if (run.begin >= rows.back().end || run.end <= rows.back().begin) return false;
    const double begin = run.begin - rows.front().begin, end = run.end - rows.front().end;
    const double spread = std::max(std::abs(begin), std::abs(end));
    const bool is_short = static_cast<int>(rows.size()) < least_rows;
    return spread <= (is_short ? kSpreadOfShort : 1) * tolerance;
  }
};

}  // namespace

std::vector<layout::Polygon> outlines(const PixelSet& set, const Box& cell, double tolerance_pixels) {
  const double pixel_x = cell.width() / set.nx, pixel_y = cell.height() / set.ny;
  // Empty pixels around the cell close the lines, at its border.
  Field2D<double> field(Grid2D{.plane = Plane::wafer,
                               .nx = set.nx + 2,
                               .ny = set.ny + 2,
                               .x0 = cell.x0 - pixel_x / 2,
                               .y0 = cell.y0 - pixel_y / 2,
                               .dx = pixel_x,
                               .dy = pixel_y});
  for (int y = 0; y < set.ny; ++y)
    for (int x = 0; x < set.nx; ++x) field(y + 1, x + 1) = set(x, y);
  std::vector<layout::Polygon> rings;
  for (const math::Contour& contour : math::find_contours(field, 0.5)) {
    layout::Polygon ring = simplified(contour, tolerance_pixels * std::min(pixel_x, pixel_y));
    if (ring.size() >= 3) rings.push_back(std::move(ring));
  }
  return rings;
}

std::vector<layout::Polygon> strips(const PixelSet& set, const Box& cell, int rows_per_strip,
                                    double tolerance_pixels) {
  const double pixel_x = cell.width() / set.nx, pixel_y = cell.height() / set.ny;
  std::vector<layout::Polygon> rectangles;
  const auto finish = [&](const Strip& strip) {
    double begin = 0, end = 0;
    for (const Run& run : strip.rows) {
      begin += run.begin;
      end += run.end;
    }
    const auto n = static_cast<double>(strip.rows.size());
    const double x0 = round_to_pm(cell.x0 + std::round(begin / n) * pixel_x);
    const double x1 = round_to_pm(cell.x0 + std::round(end / n) * pixel_x);
    const double y0 = round_to_pm(cell.y0 + strip.first_row * pixel_y);
    const double y1 = round_to_pm(cell.y0 + (strip.first_row + n) * pixel_y);
    if (x1 > x0) rectangles.push_back({{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}});
  };
  std::vector<Strip> open;
  for (int y = 0; y < set.ny; ++y) {
    std::vector<Strip> next;
    std::vector<bool> continued(open.size(), false);
    for (const Run& run : runs_of(set, y)) {
      const auto overlaps = [&](const Strip& strip) {
        return run.begin < strip.rows.back().end && run.end > strip.rows.back().begin;
      };
      const auto mine = std::ranges::find_if(open, overlaps);
      const bool alone = std::ranges::count_if(open, overlaps) == 1;
      const auto index = static_cast<std::size_t>(mine - open.begin());
      if (alone && !continued[index] && mine->takes(run, rows_per_strip, tolerance_pixels)) {
        continued[index] = true;
        next.push_back(*mine);
        next.back().rows.push_back(run);
      } else {
        next.push_back({y, {run}});
      }
    }
    for (std::size_t i = 0; i < open.size(); ++i)
      if (!continued[i]) finish(open[i]);
    open = std::move(next);
  }
  for (const Strip& strip : open) finish(strip);
  return rectangles;
}

}  // namespace undulith::optimise
