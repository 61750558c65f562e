// SPDX-License-Identifier: MIT
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include "frame.hpp"
#include "pupil_points.hpp"
#include "undulith/report/pictures.hpp"

namespace undulith::report {

namespace {

constexpr double kPupilRange = 1.12;  // half width of a panel, sigma
constexpr double kPanel = 330, kPupilGap = 132, kPanelLeft = 74, kPupilTitle = 24;
constexpr Rgb kOutside{244, 244, 244}, kHole{176, 176, 176};

struct PupilPanel {
  std::string title;
  const Field2D<double>* field = nullptr;
  double scale = 1;  // from the field's unit to that of the colour bar
  ColourBar bar;
};

/// Rows and columns of the nearest sample; the samples tile [-1, 1].
[[nodiscard]] int nearest(double value, int n) {
  return std::clamp(static_cast<int>(std::floor((value + 1) / 2 * n)), 0, n - 1);
}

[[nodiscard]] std::pair<double, double> range_of(const Field2D<double>& field,
                                                 const Field2D<double>& amplitude) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (std::size_t i = 0; i < field.values().size(); ++i) {
    if (!(amplitude.values()[i] > 0)) continue;
    low = std::min(low, field.values()[i]);
    high = std::max(high, field.values()[i]);
  }
  return {low, high};
}

void draw_points(Canvas& canvas, const DataArea& area, const illuminator::PupilFill& fill) {
  // Fine grids become a light raster, single facets stay visible as dots.
  const double radius = std::clamp(30 / std::sqrt(static_cast<double>(fill.points.size())), 0.45, 4.0);
  for (const illuminator::SourcePoint& point : fill.points) {
    const Position at = area.at(point.sigma_x, point.sigma_y);
    if (radius > 1.5) canvas.disc(at, radius + 0.8, {255, 255, 255}, 0.8);
    canvas.disc(at, radius, {0, 0, 0}, radius > 1.5 ? 1 : 0.55);
  }
}

void draw_panel(Canvas& canvas, const DataArea& area, const PupilPanel& panel,
                const imaging::SampledPupil& pupil, const illuminator::PupilFill& fill) {
  const Field2D<double>& field = *panel.field;
  const ColourTable colours(panel.bar.map, panel.bar.low, panel.bar.high);
  canvas.raster(area.left, area.top, area.width, area.height, [&](int row, int column) {
    const double x = area.value_x(column), y = area.value_y(row);
    if (x * x + y * y > 1) return kOutside;
    const int iy = nearest(y, field.ny()), ix = nearest(x, field.nx());
    return pupil.amplitude(iy, ix) > 0 ? colours(panel.scale * field(iy, ix)) : kHole;
  });
  canvas.clip(area.x0(), area.y0(), area.w(), area.h());
  draw_points(canvas, area, fill);
  canvas.circle(area.at(0, 0), area.x(1) - area.x(0), {{0, 0, 0}, 2});
  canvas.unclip();
  canvas.text(area.x0(), area.y0() - 9, panel.title, {.size = 12.5, .colour = kInk, .bold = true});
  draw_axes(canvas, area, "σx (in units of NA/λ)", "σy (in units of NA/λ)");
  draw_colour_bar(canvas, panel.bar, area.x0() + area.w() + 16, area.y0(), area.h(), true);
}

}  // namespace

Picture draw_pupil(const imaging::SampledPupil& pupil, const illuminator::PupilFill& pupil_fill, double na,
                   double wavelength_nm, const PictureOptions& options) {
  if (pupil.waves.empty() || pupil.waves.grid() != pupil.amplitude.grid())
    throw std::invalid_argument("draw_pupil: wavefront and amplitude have different grids");
  const auto [waves_low, waves_high] = range_of(pupil.waves, pupil.amplitude);
  const auto [amplitude_low, amplitude_high] = range_of(pupil.amplitude, pupil.amplitude);
  if (!(amplitude_high > 0)) throw std::invalid_argument("draw_pupil: no light passes");

  // Rounding errors of a perfect wavefront get no colours.
  constexpr double kLeastWaves = 1e-4, kLeastContrast = 1e-3;
  const double waves = std::max({-waves_low, waves_high, kLeastWaves});
  const bool even = amplitude_high - amplitude_low < kLeastContrast * amplitude_high;
  const PupilPanel panels[] = {
      {fmt::format("Wavefront, {} mwaves rms, {} peak to valley", number_text(1e3 * pupil.rms_waves, 3),
                   number_text(1e3 * (waves_high - waves_low), 3)),
       &pupil.waves,
       1e3,
       {ColourMap::blue_orange, -1e3 * waves, 1e3 * waves, "wavefront (mwaves)", {}, {}}},
      {even ? fmt::format("Amplitude, {} everywhere", number_text(amplitude_high, 3))
            : fmt::format("Amplitude, {} to {}", number_text(amplitude_low, 3),
                          number_text(amplitude_high, 3)),
       &pupil.amplitude,
       1,
       {options.colour_map, even ? 0 : amplitude_low, amplitude_high, "amplitude", {}, {}}}};

  const double sheet_width = std::ceil(kPanelLeft + 2 * kPanel + kPupilGap + 100 + kPanelLeft - 40);
  std::vector<std::string> details = options.details;
  details.push_back(fmt::format("NA {} · {} nm · {}", number_text(na), number_text(wavelength_nm),
                                source_points_text(pupil_fill, options)));
  const std::string title = full_title("Projection pupil", options.title);
  const Header header(title, details, sheet_width - 32);
  std::vector<LegendItem> items = {
      {.kind = LegendItem::Kind::line, .label = "aperture (σ = 1)", .stroke = {{0, 0, 0}, 2}},
      {.kind = LegendItem::Kind::disc, .label = "source point: its zero order", .stroke = {{0, 0, 0}, 1}}};
  const int middle_y = pupil.amplitude.ny() / 2, middle_x = pupil.amplitude.nx() / 2;
  if (!(pupil.amplitude(middle_y, middle_x) > 0))
    items.push_back({.kind = LegendItem::Kind::patch, .label = "no light passes", .background = kHole});
  const Legend legend(items, sheet_width - 32);
  const double top = std::ceil(header.height() + kPupilTitle);
  const double sheet_height = std::ceil(top + kPanel + kBottomMargin + legend.height() + 16);

  Canvas canvas(static_cast<int>(sheet_width) * kPixelsPerUnit,
                static_cast<int>(sheet_height) * kPixelsPerUnit);
  header.draw(canvas);
  const auto area_at = [&](int i) {
    return DataArea{static_cast<int>(kPanelLeft + i * (kPanel + kPupilGap + 40)) * kPixelsPerUnit,
                    static_cast<int>(top) * kPixelsPerUnit, static_cast<int>(kPanel) * kPixelsPerUnit,
                    static_cast<int>(kPanel) * kPixelsPerUnit,
                    Box{-kPupilRange, -kPupilRange, kPupilRange, kPupilRange}};
  };
  for (int i = 0; i < 2; ++i) draw_panel(canvas, area_at(i), panels[i], pupil, pupil_fill);
  legend.draw(canvas, 16, top + kPanel + kBottomMargin);

  Picture picture{canvas.image(), {}};
  describe_area(picture, area_at(0), "sigma");
  picture.text["Title"] = printable(title);
  picture.text["undulith:source_points"] = fmt::format("{}", count_source_points(pupil_fill, options));
  picture.text["undulith:quantity"] = "wavefront in mwaves (left), amplitude (right)";
  return picture;
}

}  // namespace undulith::report
