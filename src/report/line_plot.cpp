// SPDX-License-Identifier: MIT
#include "line_plot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>

namespace undulith::report {
namespace {

void draw_band(Canvas& canvas, const DataArea& area, const PlotBand& band) {
  std::vector<Position> upper, lower;
  for (std::size_t i = 0; i <= band.x.size(); ++i) {
    if (i < band.x.size() && band.low[i] && band.high[i]) {
      lower.push_back(area.at(band.x[i], *band.low[i]));
      upper.push_back(area.at(band.x[i], *band.high[i]));
      continue;
    }
    if (lower.size() > 1) {
      std::vector<Position> ring = lower;
      ring.insert(ring.end(), upper.rbegin(), upper.rend());
      canvas.fill(std::vector<std::vector<Position>>{ring}, band.colour, band.opacity);
    }
    upper.clear(), lower.clear();
  }
}

}  // namespace

Box range_of(const LinePlot& plot) {
  if (plot.range) return *plot.range;
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  Box range{kInfinity, kInfinity, -kInfinity, -kInfinity};
  const auto take = [&](double x, const std::optional<double>& y) {
    if (!y || !std::isfinite(*y) || !std::isfinite(x)) return;
    range.x0 = std::min(range.x0, x), range.x1 = std::max(range.x1, x);
    range.y0 = std::min(range.y0, *y), range.y1 = std::max(range.y1, *y);
  };
  for (const PlotCurve& curve : plot.curves)
    for (std::size_t i = 0; i < curve.x.size(); ++i) take(curve.x[i], curve.y[i]);
  for (const PlotBand& band : plot.bands)
    for (std::size_t i = 0; i < band.x.size(); ++i)
      take(band.x[i], band.low[i]), take(band.x[i], band.high[i]);
  if (!(range.x0 <= range.x1)) range = {0, 0, 1, 1};
  const auto widen = [](double& low, double& high, double share) {
    const double room = std::max(share * (high - low), 1e-6 * std::max(1.0, std::abs(high)));
    low -= room, high += room;
  };
  widen(range.x0, range.x1, 0.03);
  widen(range.y0, range.y1, 0.07);
  return range;
}

void draw_curve(Canvas& canvas, const DataArea& area, const PlotCurve& curve) {
  std::vector<Position> run;
  for (std::size_t i = 0; i <= curve.x.size(); ++i) {
    if (i < curve.x.size() && curve.y[i]) {
      run.push_back(area.at(curve.x[i], *curve.y[i]));
      if (curve.marker > 0) canvas.disc(run.back(), curve.marker, curve.stroke.colour);
      continue;
    }
    if (curve.line && run.size() > 1) canvas.polyline(run, false, curve.stroke);
    run.clear();
  }
}

std::vector<LegendItem> legend_of(const std::vector<PlotCurve>& curves) {
  std::vector<LegendItem> items;
  for (const PlotCurve& curve : curves)
    if (!curve.label.empty())
      items.push_back({.kind = curve.line ? LegendItem::Kind::line : LegendItem::Kind::disc,
                       .label = curve.label,
                       .stroke = curve.stroke});
  return items;
}

Rgb family_colour(std::size_t i, std::size_t n) {
  // Without the brightest end, which is hard to see on white.
  constexpr double kBrightest = 0.85;
  return colour_of(ColourMap::violet_yellow,
                   n < 2 ? 0 : kBrightest * static_cast<double>(i) / static_cast<double>(n - 1));
}

Rgb kind_colour(std::size_t i) {
  constexpr std::array<Rgb, 7> kColours{okabe_ito::kBlue,   okabe_ito::kVermillion, okabe_ito::kGreen,
                                        okabe_ito::kPurple, okabe_ito::kOrange,     okabe_ito::kSkyBlue,
                                        okabe_ito::kBlack};
  return kColours[i % kColours.size()];
}

Picture draw_line_plot(const LinePlot& plot) {
  constexpr int kWidth = 700;  // canvas units
  FrameRequest request{.title = full_title(plot.title, plot.options.title),
                       .details = plot.options.details,
                       .range = range_of(plot),
                       .x_label = plot.x_label,
                       .y_label = plot.y_label,
                       .width = kWidth * kPixelsPerUnit,
                       .height = plot.height * kPixelsPerUnit,
                       .least_left = plot.least_left};
  request.legend = legend_of(plot.curves);
  for (const PlotBand& band : plot.bands)
    if (!band.label.empty()) {
      const auto on_white = [&](int channel) {
        return static_cast<std::uint8_t>(std::lround(255 + band.opacity * (channel - 255)));
      };
      const Rgb seen{on_white(band.colour.red), on_white(band.colour.green), on_white(band.colour.blue)};
      request.legend.push_back(
          {.kind = LegendItem::Kind::patch, .label = band.label, .stroke = {seen, 1}, .background = seen});
    }
  request.legend.insert(request.legend.end(), plot.notes.begin(), plot.notes.end());
  Frame frame = make_frame(request);
  const DataArea& area = frame.area;
  frame.canvas.clip(area.x0(), area.y0(), area.w(), area.h());
  if (area.range.x0 < 0 && area.range.x1 > 0)
    frame.canvas.line({area.x(0), area.y0()}, {area.x(0), area.y0() + area.h()}, {{205, 205, 205}, 1});
  for (const PlotBand& band : plot.bands) draw_band(frame.canvas, area, band);
  for (const PlotCurve& curve : plot.curves) draw_curve(frame.canvas, area, curve);
  frame.canvas.unclip();
  Picture picture{frame.canvas.image(), {}};
  picture.text["Title"] = printable(request.title);
  picture.text["undulith:quantity"] = plot.quantity;
  return picture;
}

}  // namespace undulith::report
