// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "frame.hpp"
#include "line_plot.hpp"
#include "undulith/report/multilayer_pictures.hpp"

namespace undulith::report {
namespace {

constexpr double kCurveLeft = 74, kCurveWidth = 640, kTopHeight = 270, kPhaseHeight = 170, kPanelGap = 34;
constexpr double kFloor = 1e-6;  // lower end of a logarithmic reflectance: no detector measures less
const Stroke kS{okabe_ito::kBlue, 2}, kP{okabe_ito::kVermillion, 2, {7, 4}}, kMean{{70, 70, 70}, 1.2},
    kMarkStroke{{90, 90, 90}, 1.2, {2, 4}};
constexpr Rgb kBand{225, 225, 225};

struct MirrorCurve {
  std::vector<double> y;
  Stroke stroke;
};

DataArea area_at(double left, double top, double height, const Box& range) {
  return {static_cast<int>(left) * kPixelsPerUnit, static_cast<int>(top) * kPixelsPerUnit,
          static_cast<int>(kCurveWidth) * kPixelsPerUnit, static_cast<int>(height) * kPixelsPerUnit, range};
}

Box range_of(const std::vector<double>& x, const std::vector<MirrorCurve>& curves) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const MirrorCurve& curve : curves)
    for (const double y : curve.y) low = std::min(low, y), high = std::max(high, y);
  const double room = std::max(0.06 * (high - low), 1e-6 * std::max(1.0, std::abs(high)));
  return {x.front(), low - room, x.back(), high + room};
}

void draw_curves(Canvas& canvas, const DataArea& area, const std::vector<double>& x,
                 const std::vector<MirrorCurve>& curves) {
  for (const MirrorCurve& curve : curves) {
    std::vector<Position> points;
    for (std::size_t i = 0; i < x.size(); ++i) points.push_back(area.at(x[i], curve.y[i]));
    canvas.polyline(points, false, curve.stroke);
  }
}

void draw_panel(Canvas& canvas, const DataArea& area, const ReflectionPlot& plot,
                const std::vector<MirrorCurve>& curves) {
  canvas.clip(area.x0(), area.y0(), area.w(), area.h());
  if (plot.band_low < plot.band_high)
    canvas.fill_rectangle(area.x(plot.band_low), area.y0(), area.x(plot.band_high) - area.x(plot.band_low),
                          area.h(), kBand, 0.7);
  if (plot.mark)
    canvas.line({area.x(plot.mark->x), area.y0()}, {area.x(plot.mark->x), area.y0() + area.h()}, kMarkStroke);
  draw_curves(canvas, area, plot.curve.x, curves);
  canvas.unclip();
}

void check(const mask::ReflectionCurve& curve) {
  const std::size_t n = curve.x.size();
  for (const auto* values :
       {&curve.reflectance_s, &curve.reflectance_p, &curve.phase_s_deg, &curve.phase_p_deg})
    if (values->size() != n || n < 2)
      throw std::invalid_argument("draw_reflection: fewer than two samples, or curves of different lengths");
}

std::vector<LegendItem> legend_of(const ReflectionPlot& plot) {
  std::vector<LegendItem> items{{.kind = LegendItem::Kind::line, .label = "s", .stroke = kS},
                                {.kind = LegendItem::Kind::line, .label = "p", .stroke = kP}};
  if (plot.with_mean)
    items.push_back({.kind = LegendItem::Kind::line, .label = "mean of s and p", .stroke = kMean});
  if (plot.mark)
    items.push_back({.kind = LegendItem::Kind::line, .label = plot.mark->label, .stroke = kMarkStroke});
  if (plot.band_low < plot.band_high)
    items.push_back({.kind = LegendItem::Kind::patch,
                     .label = plot.band_label,
                     .stroke = {kBand, 1},
                     .background = kBand});
  return items;
}

/// Sheet with header and legend around a body of the given height; `body(canvas, top)` draws it.
template <class Body>
Picture draw_sheet(const std::string& title, const std::vector<std::string>& details, double body_height,
                   std::vector<LegendItem> items, const std::string& quantity, const Body& body) {
  const double sheet_width = kCurveLeft + kCurveWidth + 24;
  const Header header(title, details, sheet_width - 32);
  const Legend legend(std::move(items), sheet_width - 32);
  const double top = std::ceil(header.height() + 14), bottom = top + body_height + kBottomMargin;
  Canvas canvas(static_cast<int>(sheet_width) * kPixelsPerUnit,
                static_cast<int>(std::ceil(bottom + legend.height() + 22)) * kPixelsPerUnit);
  header.draw(canvas);
  body(canvas, top);
  legend.draw(canvas, 16, bottom + 12);
  Picture picture{canvas.image(), {}};
  picture.text["Title"] = printable(title);
  picture.text["undulith:quantity"] = quantity;
  return picture;
}

/// Materials in the order in which the light meets them.
std::vector<std::string> materials_of(const mask::StandingWave& wave) {
  std::vector<std::string> names;
  for (const auto& layer : wave.layers)
    if (std::ranges::find(names, layer.material) == names.end()) names.push_back(layer.material);
  return names;
}

Rgb material_colour(std::size_t i) {
  constexpr std::array<Rgb, 7> kColours{{{240, 198, 140},
                                         {222, 235, 247},
                                         {158, 188, 218},
                                         {203, 226, 196},
                                         {227, 203, 226},
                                         {250, 236, 170},
                                         {206, 206, 206}}};
  return kColours[i % kColours.size()];
}

}  // namespace

Picture draw_reflection(const ReflectionPlot& plot, const PictureOptions& options) {
  const mask::ReflectionCurve& c = plot.curve;
  check(c);

  std::vector<MirrorCurve> reflectance{{c.reflectance_s, kS}, {c.reflectance_p, kP}};
  if (plot.with_mean) {
    MirrorCurve& mean = *reflectance.insert(reflectance.begin(), MirrorCurve{{}, kMean});
    for (std::size_t i = 0; i < c.x.size(); ++i)
      mean.y.push_back(0.5 * (c.reflectance_s[i] + c.reflectance_p[i]));
  }
  if (plot.logarithmic)
    for (MirrorCurve& curve : reflectance)
      for (double& y : curve.y) y = std::log10(std::max(y, kFloor));
  const std::vector<MirrorCurve> phase{{c.phase_s_deg, kS}, {c.phase_p_deg, kP}};
  Box range = range_of(c.x, reflectance);
  if (!plot.logarithmic) range.y0 = 0;
  const Box phase_range = range_of(c.x, phase);
  return draw_sheet(
      full_title(plot.title, options.title), options.details, kTopHeight + kPanelGap + kPhaseHeight,
      legend_of(plot),
      fmt::format("{} and {} against {}", plot.reflectance_label, plot.phase_label, plot.x_label),
      [&](Canvas& canvas, double top) {
        const DataArea upper = area_at(kCurveLeft, top, kTopHeight, range),
                       lower = area_at(kCurveLeft, top + kTopHeight + kPanelGap, kPhaseHeight, phase_range);
        draw_panel(canvas, upper, plot, reflectance);
        draw_panel(canvas, lower, plot, phase);
        draw_axes(canvas, upper, "", plot.reflectance_label);
        draw_axes(canvas, lower, plot.x_label, plot.phase_label);
      });
}

Picture draw_standing_wave(const mask::StandingWave& wave, const PictureOptions& options) {
  if (wave.depth_nm.size() < 2 || wave.depth_nm.size() != wave.intensity.size())
    throw std::invalid_argument("draw_standing_wave: fewer than two samples");
  const std::vector<std::string> materials = materials_of(wave);
  const auto colour_of_material = [&](const std::string& name) {
    return material_colour(static_cast<std::size_t>(std::ranges::find(materials, name) - materials.begin()));
  };
  const MirrorCurve curve{wave.intensity, {okabe_ito::kBlue, 2}};
  Box range = range_of(wave.depth_nm, {curve});
  range.y0 = 0;
  std::vector<LegendItem> items{
      {.kind = LegendItem::Kind::line, .label = "|E|², mean of s and p", .stroke = curve.stroke}};
  for (const std::string& name : materials)
    items.push_back({.kind = LegendItem::Kind::patch,
                     .label = name,
                     .stroke = {kMarkStroke.colour, 1},
                     .background = colour_of_material(name)});
  return draw_sheet(
      full_title("Standing wave in the mirror", options.title), options.details, kTopHeight, std::move(items),
      "intensity |E|^2, incident wave = 1, against depth in nm", [&](Canvas& canvas, double top) {
        const DataArea area = area_at(kCurveLeft, top, kTopHeight, range);
        canvas.clip(area.x0(), area.y0(), area.w(), area.h());
        for (const auto& layer : wave.layers)
          canvas.fill_rectangle(area.x(layer.top_nm), area.y0(),
                                area.x(layer.bottom_nm) - area.x(layer.top_nm), area.h(),
                                colour_of_material(layer.material));
        draw_curves(canvas, area, wave.depth_nm, {curve});
        canvas.unclip();
        draw_axes(canvas, area, "depth below the top of the mirror (nm)", "intensity, incident wave = 1");
      });
}

}  // namespace undulith::report
