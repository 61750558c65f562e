// SPDX-License-Identifier: MIT
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "angular_raster.hpp"
#include "spectral_axis.hpp"
#include "undulith/report/source_pictures.hpp"

namespace undulith::report {

namespace {

constexpr double kMapLeft = 78, kMapSide = 420, kMapBarRoom = 96, kCutLeft = 72, kCutWidth = 340,
                 kCutRight = 24;
const Stroke kCutX{okabe_ito::kBlue, 2}, kCutY{okabe_ito::kVermillion, 2, {8, 4}},
    kAcceptance{{0, 0, 0}, 1.6, {7, 4}};

/// Values along the row or the column of samples that is nearest to the axis.
struct Cut {
  std::vector<double> angle_mrad, value;
};
[[nodiscard]] int nearest_to_axis(double start, double step, int n) {
  return std::clamp(static_cast<int>(std::lround(-start / step)), 0, n - 1);
}
[[nodiscard]] Cut cut_along_x(const Field2D<double>& map) {
  const Grid2D& grid = map.grid();
  const int iy = nearest_to_axis(grid.y0, grid.dy, grid.ny);
  Cut cut;
  for (int ix = 0; ix < grid.nx; ++ix) {
    cut.angle_mrad.push_back(grid.x(ix));
    cut.value.push_back(map(iy, ix));
  }
  return cut;
}
[[nodiscard]] Cut cut_along_y(const Field2D<double>& map) {
  const Grid2D& grid = map.grid();
  const int ix = nearest_to_axis(grid.x0, grid.dx, grid.nx);
  Cut cut;
  for (int iy = 0; iy < grid.ny; ++iy) {
    cut.angle_mrad.push_back(grid.y(iy));
    cut.value.push_back(map(iy, ix));
  }
  return cut;
}

void draw_cut(Canvas& canvas, const DataArea& area, const Cut& cut, double scale, const Stroke& stroke) {
  std::vector<Position> run;
  for (std::size_t i = 0; i <= cut.value.size(); ++i) {
    if (i < cut.value.size() && std::isfinite(cut.value[i])) {
      run.push_back(area.at(cut.angle_mrad[i], cut.value[i] / scale));
      continue;
    }
    if (run.size() > 1) canvas.polyline(run, false, stroke);
    run.clear();
  }
}

[[nodiscard]] std::string facts_of(const source::SourceOutput& source) {
  std::string facts = fmt::format("at {} nm", number_text(source.wavelength_nm));
  const source::Coherence& beam = source.coherence;
  if (beam.divergence_x_urad > 0 && beam.divergence_y_urad > 0)
    facts += fmt::format(" · rms divergence {} × {} µrad", number_text(beam.divergence_x_urad, 3),
                         number_text(beam.divergence_y_urad, 3));
  if (source.power_density_w_mrad2 > 0)
    facts += fmt::format(" · on the axis {} W/mrad² of all photon energies",
                         number_text(source.power_density_w_mrad2, 3));
  return facts;
}

}  // namespace

Picture draw_angular_map(const source::SourceOutput& source, const PictureOptions& options,
                         double acceptance_half_angle_urad) {
  const Field2D<double>& map = source.angular_flux.s0;
  if (map.empty()) throw std::invalid_argument("draw_angular_map: the source has no map of directions");
  const double largest = largest_of(map.values());
  const int exponent = display_exponent(largest);
  const double scale = std::pow(10.0, exponent), high = largest > 0 ? largest : 1;
  const std::string unit = unit_text("ph/s/mrad²/0.1 %bw", exponent);
  const double acceptance = 1e-3 * acceptance_half_angle_urad;

  const AngularRaster raster(map.grid(), kMapSide);
  std::vector<std::string> details = options.details;
  if (!source.description.empty() && std::ranges::find(details, source.description) == details.end())
    details.push_back(source.description);
  details.push_back(facts_of(source));
  std::vector<LegendItem> items = {
      {.kind = LegendItem::Kind::line, .label = "cut along θx at θy = 0", .stroke = kCutX},
      {.kind = LegendItem::Kind::line, .label = "cut along θy at θx = 0", .stroke = kCutY}};
  const bool inside = acceptance > 0 && acceptance < raster.reach_mrad();
  if (acceptance > 0) {
    const std::string label =
        fmt::format("acceptance: half angle {} µrad", number_text(acceptance_half_angle_urad));
    if (inside) {
      items.push_back({.kind = LegendItem::Kind::line, .label = label, .stroke = kAcceptance});
    } else {
      items.push_back({.kind = LegendItem::Kind::note, .label = label + ", beyond the edge of the map"});
    }
  }

  const double sheet_width = kMapLeft + kMapSide + kMapBarRoom + kCutLeft + kCutWidth + kCutRight;
  const std::string title = full_title("Angular distribution of the light", options.title);
  const Header header(title, details, sheet_width - 32);
  const Legend legend(items, sheet_width - 32);
  const double top = std::ceil(header.height() + 8);
  const DataArea area = raster.area(kMapLeft, top);
  const double plot_height = std::max(area.h(), 200.0);
  const double sheet_height = std::ceil(top + plot_height + kBottomMargin + 6 + legend.height() + 12);
  Canvas canvas(static_cast<int>(sheet_width) * kPixelsPerUnit,
                static_cast<int>(sheet_height) * kPixelsPerUnit);
  header.draw(canvas);

  const ColourTable colours(options.colour_map, 0, high);
  raster.draw(canvas, area, [&](int iy, int ix) { return colours(map(iy, ix)); });
  canvas.clip(area.x0(), area.y0(), area.w(), area.h());
  if (inside) {
    const double radius = area.x(acceptance) - area.x(0), vertical = area.y(0) - area.y(acceptance);
    for (const Stroke& stroke : {Stroke{{255, 255, 255}, 3.6, {}, 0.85}, kAcceptance})
      canvas.ellipse(area.at(0, 0), radius, vertical, 0, stroke);
  }
  canvas.unclip();
  raster.draw_angle_axes(canvas, area, AngularRaster::Labels::both);
  draw_colour_bar(canvas, {options.colour_map, 0, high / scale, unit, {}, {}}, area.x0() + area.w() + 16,
                  area.y0(), std::min(area.h(), 420.0), true);

  const double reach = raster.reach_mrad();
  DataArea cuts{static_cast<int>(kMapLeft + kMapSide + kMapBarRoom + kCutLeft) * kPixelsPerUnit,
                area.top,
                static_cast<int>(kCutWidth) * kPixelsPerUnit,
                static_cast<int>(plot_height) * kPixelsPerUnit,
                {-reach, 0, reach, 1.06 * high / scale}};
  canvas.clip(cuts.x0(), cuts.y0(), cuts.w(), cuts.h());
  if (inside) {
    for (const double edge : {-acceptance, acceptance})
      canvas.line(cuts.at(edge, 0), cuts.at(edge, cuts.range.y1), kAcceptance);
  }
  draw_cut(canvas, cuts, cut_along_x(map), scale, kCutX);
  draw_cut(canvas, cuts, cut_along_y(map), scale, kCutY);
  canvas.unclip();
  cuts.range.x0 *= raster.unit_factor();
  cuts.range.x1 *= raster.unit_factor();
  draw_axes(canvas, cuts, "θx or θy (" + raster.unit() + ")", "S0 (" + unit + ")");
  legend.draw(canvas, 16, top + plot_height + kBottomMargin + 6);

  Picture picture{canvas.image(), {}};
  describe_area(picture, area, "mrad");
  picture.text["Title"] = printable(title);
  picture.text["undulith:quantity"] = "flux density in photons/s/mrad^2/0.1%bw";
  picture.text["undulith:value_range"] = fmt::format("0,{:.17g}", high);
  return picture;
}

}  // namespace undulith::report
