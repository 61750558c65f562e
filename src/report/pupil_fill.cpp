// SPDX-License-Identifier: MIT
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>
#include <utility>

#include "frame.hpp"
#include "pupil_points.hpp"
#include "undulith/io/csv.hpp"
#include "undulith/report/pictures.hpp"

namespace undulith::report {

namespace {

constexpr double kFillRange = 1.12;  // half width of the picture, sigma
constexpr double kGlyphCell = 0.3;   // one polarisation mark in each square of this side, sigma
constexpr Rgb kMarkGrey{150, 150, 150};

/// Weighted mean Stokes vector in each square of a coarse lattice, at the weighted mean position.
struct PolarisationMark {
  double weight = 0, x = 0, y = 0;
  optics::Stokes sum{0, 0, 0, 0};
};
[[nodiscard]] std::map<std::pair<int, int>, PolarisationMark> polarisation_marks(
    const std::vector<illuminator::SourcePoint>& points) {
  std::map<std::pair<int, int>, PolarisationMark> marks;
  for (const illuminator::SourcePoint& p : points) {
    PolarisationMark& mark = marks[{static_cast<int>(std::floor(p.sigma_y / kGlyphCell)),
                                    static_cast<int>(std::floor(p.sigma_x / kGlyphCell))}];
    mark.weight += p.weight;
    mark.x += p.weight * p.sigma_x;
    mark.y += p.weight * p.sigma_y;
    mark.sum.s0 += p.weight * p.stokes.s0;
    mark.sum.s1 += p.weight * p.stokes.s1;
    mark.sum.s2 += p.weight * p.stokes.s2;
    mark.sum.s3 += p.weight * p.stokes.s3;
  }
  return marks;
}

}  // namespace

Picture draw_pupil_fill(const illuminator::PupilFill& pupil_fill, double na, double wavelength_nm,
                        const PictureOptions& options) {
  const std::vector<illuminator::SourcePoint>& points = pupil_fill.points;
  if (points.empty()) throw std::invalid_argument("draw_pupil_fill: the pupil has no light");
  double heaviest = 0;
  for (const illuminator::SourcePoint& p : points) heaviest = std::max(heaviest, p.weight);
  if (!(heaviest > 0)) throw std::invalid_argument("draw_pupil_fill: no point has a weight");
  const bool polarised =
      std::any_of(points.begin(), points.end(), [](const auto& p) { return is_polarised(p.stokes); });

  FrameRequest request;
  request.title = full_title("Pupil fill", options.title);
  request.details = options.details;
  std::string facts =
      fmt::format("NA {} · {} nm · {} · σ up to {}", number_text(na), number_text(wavelength_nm),
                  source_points_text(pupil_fill, options), number_text(pupil_fill.sigma_max, 3));
  if (pupil_fill.fill_ratio > 0)
    facts += fmt::format(" · fill {} %", number_text(100 * pupil_fill.fill_ratio, 3));
  request.details.push_back(facts);
  request.range = {-kFillRange, -kFillRange, kFillRange, kFillRange};
  request.x_label = "σx (in units of NA/λ)";
  request.y_label = "σy (in units of NA/λ)";
  request.width = request.height = 560 * kPixelsPerUnit;

  request.colour_bar = ColourBar{options.colour_map, 0, 1, "weight (largest = 1)", {}, {}};
  request.legend = {
      {.kind = LegendItem::Kind::line, .label = "aperture (σ = 1)", .stroke = {{0, 0, 0}, 2}},
      {.kind = LegendItem::Kind::line, .label = "σ = 0.25, 0.5, 0.75", .stroke = {kMarkGrey, 1, {3, 3}}}};
  if (polarised) {
    request.legend.push_back(
        {.kind = LegendItem::Kind::note, .label = "lines and ellipses: polarisation (length: degree)"});
  }
  Frame frame = make_frame(request);
  const DataArea& area = frame.area;
  Canvas& canvas = frame.canvas;
  const double unit = area.x(1) - area.x(0);
  const Position centre = area.at(0, 0);

  canvas.clip(area.x0(), area.y0(), area.w(), area.h());
  canvas.disc(centre, unit, {244, 244, 244});
  draw_source_points(canvas, points, area, options.colour_map);
  for (const double sigma : {0.25, 0.5, 0.75}) canvas.circle(centre, sigma * unit, {kMarkGrey, 1, {3, 3}});
  canvas.line({area.x(-1), centre.y}, {area.x(1), centre.y}, {kMarkGrey, 0.7});
  canvas.line({centre.x, area.y(-1)}, {centre.x, area.y(1)}, {kMarkGrey, 0.7});
  canvas.circle(centre, unit, {{0, 0, 0}, 2});
  if (polarised) {
    for (const auto& [key, mark] : polarisation_marks(points)) {
      if (!is_polarised(mark.sum)) continue;
      draw_glyph(canvas, area.at(mark.x / mark.weight, mark.y / mark.weight), 0.65 * kGlyphCell * unit,
                 mark.sum);
    }
  }
  canvas.unclip();

  Picture picture{canvas.image(), {}};
  describe_area(picture, area, "sigma");
  picture.text["Title"] = printable(request.title);
  picture.text["undulith:source_points"] = fmt::format("{}", count_source_points(pupil_fill, options));
  picture.text["undulith:quantity"] = "weight of the source points, largest = 1";
  return picture;
}

}  // namespace undulith::report
