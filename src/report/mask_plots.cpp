// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <span>

#include "line_plot.hpp"
#include "undulith/report/mask_pictures.hpp"

namespace undulith::report {
namespace {

constexpr Rgb kVertical = okabe_ito::kBlue, kHorizontal = okabe_ito::kVermillion, kGuideGrey{90, 90, 90};
constexpr int kPanelHeight = 250;  // canvas units

// Whether two curves would be drawn on top of each other.
bool coincide(const MaskCurve& a, const MaskCurve& b) {
  constexpr double kSeen = 2e-3;  // of the values
  if (a.x != b.x) return false;
  for (std::size_t i = 0; i < a.y.size(); ++i) {
    if (a.y[i].has_value() != b.y[i].has_value()) return false;
    if (a.y[i] && std::abs(*a.y[i] - *b.y[i]) > kSeen * std::max(1.0, std::abs(*a.y[i]))) return false;
  }
  return true;
}

void add_thick(LinePlot& plot, const MaskCurve& curve, bool in_legend) {
  plot.curves.push_back({.x = curve.x,
                         .y = curve.y,
                         .stroke = {curve.vertical ? kVertical : kHorizontal, 2.2},
                         .label = !in_legend       ? ""
                                  : curve.vertical ? "vertical lines, 3-D mask"
                                                   : "horizontal lines, 3-D mask",
                         .marker = 2.4});
}

void add_thin(LinePlot& plot, const MaskCurve& curve, Rgb colour, const std::string& label) {
  plot.curves.push_back({.x = curve.x, .y = curve.y, .stroke = {colour, 1.8, {6, 4}}, .label = label});
}

void add_curves(LinePlot& plot, const std::vector<MaskCurve>& curves, bool in_legend) {
  std::vector<MaskCurve> thin;
  for (const MaskCurve& curve : curves) {
    if (curve.thick)
      add_thick(plot, curve, in_legend);
    else
      thin.push_back(curve);
  }
  if (thin.size() == 2 && coincide(thin[0], thin[1])) {
    add_thin(plot, thin[0], okabe_ito::kBlack, in_legend ? "thin mask, both" : "");
    return;
  }
  for (const MaskCurve& curve : thin)
    add_thin(plot, curve, curve.vertical ? kVertical : kHorizontal,
             !in_legend       ? ""
             : curve.vertical ? "vertical lines, thin mask"
                              : "horizontal lines, thin mask");
}

// Over the full width of the plot, from the first to the last x.
void add_level(LinePlot& plot, double y, std::string label) {
  const std::vector<double>& x = plot.curves.front().x;
  plot.curves.push_back({.x = {x.front(), x.back()},
                         .y = {y, y},
                         .stroke = {kGuideGrey, 1.2, {2, 4}},
                         .label = std::move(label)});
}

// Some margin if all values are equal, for example the shifts of a thin mask.
void keep_room(LinePlot& plot, double least_height) {
  double low = 0, high = 0, left = plot.curves.front().x.front(), right = left;
  bool any = false;
  for (const PlotCurve& curve : plot.curves)
    for (std::size_t i = 0; i < curve.x.size(); ++i) {
      left = std::min(left, curve.x[i]), right = std::max(right, curve.x[i]);
      if (!curve.y[i]) continue;
      if (!any) low = high = *curve.y[i];
      any = true;
      low = std::min(low, *curve.y[i]), high = std::max(high, *curve.y[i]);
    }
  const double room = std::max(0.08 * (high - low), (least_height - (high - low)) / 2),
               side = 0.03 * (right - left);
  plot.range = Box{left - side, low - room, right + side, high + room};
}

// One below the other; the data areas have the same width and the same distance from the right.
Picture stacked(std::span<const LinePlot> plots, const std::string& quantity) {
  std::vector<Picture> panels;
  int width = 0, height = 0;
  for (const LinePlot& plot : plots) {
    const Picture& drawn = panels.emplace_back(draw_line_plot(plot));
    width = std::max(width, drawn.image.width);
    height += drawn.image.height;
  }
  constexpr int kChannels = 3;
  constexpr std::uint8_t kWhite = 255;
  Picture picture{.image = {width, height, {}}, .text = panels.front().text};
  picture.image.pixels.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * kChannels,
                              kWhite);
  std::size_t top = 0;
  for (const Picture& drawn : panels) {
    const auto row = static_cast<std::ptrdiff_t>(drawn.image.width) * kChannels;
    const auto left = static_cast<std::size_t>(width - drawn.image.width) * kChannels;
    for (int y = 0; y < drawn.image.height; ++y, ++top)
      std::copy_n(drawn.image.pixels.begin() + y * row, row,
                  picture.image.pixels.begin() +
                      static_cast<std::ptrdiff_t>(top * static_cast<std::size_t>(width) * kChannels + left));
  }
  picture.text["undulith:quantity"] = quantity;
  return picture;
}

LinePlot panel(const std::string& title, const std::string& x_label, const std::string& y_label) {
  constexpr double kLeft = 72;  // room for the labels of all panels
  return {
      .title = title, .x_label = x_label, .y_label = y_label, .height = kPanelHeight, .least_left = kLeft};
}

PlotBand bars(const std::vector<OrderPair>& orders, double centre, double OrderPair::*height, Rgb colour,
              const std::string& label) {
  constexpr double kHalfWidth = 0.17;
  PlotBand band{.colour = colour, .opacity = 0.75, .label = label};
  for (const OrderPair& pair : orders) {
    for (const double edge : {-kHalfWidth, kHalfWidth}) {
      band.x.push_back(pair.order + centre + edge);
      band.low.emplace_back(0);
      band.high.emplace_back(pair.*height);
    }
    band.x.push_back(pair.order + 0.5);  // a gap between the bars
    band.low.emplace_back();
    band.high.emplace_back();
  }
  return band;
}

}  // namespace

Picture draw_mask_orders(const std::vector<OrderPair>& orders, const PictureOptions& options) {
  constexpr double kBeside = 0.19, kFaint = 1e-4;
  LinePlot efficiency = panel("Diffraction orders", "order", "efficiency");
  efficiency.options = options;
  efficiency.bands = {
      bars(orders, -kBeside, &OrderPair::vertical_efficiency, kVertical, "vertical lines, 3-D mask"),
      bars(orders, kBeside, &OrderPair::horizontal_efficiency, kHorizontal, "horizontal lines, 3-D mask")};
  PlotCurve thin{.stroke = {okabe_ito::kBlack, 1.4}, .label = "thin mask", .marker = 3.4, .line = false};
  LinePlot phase = panel("Phase of the orders", "order", "phase (degrees)");
  PlotCurve vertical{
      .stroke = {kVertical, 1.4}, .label = "vertical lines, 3-D mask", .marker = 4.4, .line = false};
  PlotCurve horizontal{
      .stroke = {kHorizontal, 1.4}, .label = "horizontal lines, 3-D mask", .marker = 4.4, .line = false};
  PlotCurve thin_phase = thin;
  double highest = 0;
  for (const OrderPair& pair : orders) {
    thin.x.push_back(pair.order);
    thin.y.emplace_back(pair.thin_efficiency);
    highest = std::max({highest, pair.thin_efficiency, pair.vertical_efficiency, pair.horizontal_efficiency});
    const auto add = [&](PlotCurve& curve, double beside, double efficiency_of, double phase_deg) {
      curve.x.push_back(pair.order + beside);
      curve.y.push_back(efficiency_of < kFaint ? std::nullopt : std::optional(phase_deg));
    };
    add(vertical, -kBeside, pair.vertical_efficiency, pair.vertical_phase_deg);
    add(horizontal, kBeside, pair.horizontal_efficiency, pair.horizontal_phase_deg);
    add(thin_phase, 0, pair.thin_efficiency, pair.thin_phase_deg);
  }
  const double left = orders.front().order - 0.6, right = orders.back().order + 0.6;
  efficiency.range = Box{left, 0, right, 1.08 * highest};
  phase.range = Box{left, -190, right, 190};
  efficiency.curves = {thin};
  phase.curves = {vertical, horizontal, thin_phase};
  return stacked(
      std::vector{efficiency, phase},
      "efficiency and phase in degrees against diffraction order, unpolarised light along the chief ray");
}

Picture draw_mask_through_focus(const MaskThroughFocus& series, const PictureOptions& options) {
  LinePlot cd = panel("CD through focus", "focus (nm)", "CD (nm)");
  cd.options = options;
  add_curves(cd, series.cd_nm, false);
  add_level(cd, series.target_cd_nm, "");
  LinePlot shift = panel("Pattern shift through focus", "focus (nm)", "shift (nm)");
  add_curves(shift, series.shift_nm, false);
  keep_room(shift, 0.4);
  LinePlot nils = panel("NILS through focus", "focus (nm)", "NILS");
  add_curves(nils, series.nils, true);
  keep_room(nils, 0.2);
  add_level(nils, -1, "drawn CD");  // below the plot: for the legend
  return stacked(std::vector{cd, shift, nils}, "CD in nm, shift in nm and NILS against focus in nm");
}

Picture draw_mask_through_pitch(const MaskThroughPitch& series, const PictureOptions& options) {
  LinePlot cd = panel("CD through pitch", "pitch (nm)", "CD (nm)");
  cd.options = options;
  add_curves(cd, series.cd_nm, false);
  add_level(cd, series.target_cd_nm, "");
  LinePlot focus = panel("Best focus by NILS through pitch", "pitch (nm)", "best focus (nm)");
  add_curves(focus, series.best_focus_nils_nm, true);
  keep_room(focus, 4);
  add_level(focus, -1e6, "drawn CD");  // below the plot: for the legend
  return stacked(std::vector{cd, focus}, "CD in nm and best focus by NILS in nm against pitch in nm");
}

Picture draw_mask_swing(const MaskSwing& series, const PictureOptions& options) {
  LinePlot reflectance = panel("Flat absorber", "absorber thickness (nm)", "reflectance (%)");
  reflectance.options = options;
  LinePlot cd = panel("CD at one threshold", "absorber thickness (nm)", "CD (nm)");
  LinePlot nils = panel("NILS of lines printed at size", "absorber thickness (nm)", "NILS");
  const auto mark = [&](LinePlot& plot, const std::string& label) {
    keep_room(plot, 0);
    plot.curves.push_back({.x = {series.nominal_nm, series.nominal_nm},
                           .y = {plot.range->y0, plot.range->y1},
                           .stroke = {kGuideGrey, 1.2, {2, 4}},
                           .label = label});
  };
  PlotCurve flat{.x = series.thickness_nm, .stroke = {okabe_ito::kGreen, 2.2}, .marker = 2.4};
  for (const double r : series.reflectance_percent) flat.y.emplace_back(r);
  reflectance.curves = {flat};
  mark(reflectance, "");
  add_curves(cd, series.cd_nm, false);
  mark(cd, "");
  add_curves(nils, series.nils, true);
  mark(nils, "thickness of the job");
  return stacked(std::vector{reflectance, cd, nils},
                 "reflectance in percent, CD in nm and NILS against absorber thickness in nm");
}

}  // namespace undulith::report
