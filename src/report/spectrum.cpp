#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "frame.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/report/pictures.hpp"

namespace undulith::report {

namespace {

constexpr double kHalfBand = 0.01;  // of the wavelength: the 2 % band
constexpr Rgb kCurve = okabe_ito::kBlue, kBand = okabe_ito::kOrange;
constexpr double kPlotWidth = 560, kPlotHeight = 340, kTopAxis = 40, kPanelGap = 150, kMapSide = 300;

/// Power of ten that brings the largest value into [1, 1000), a multiple of three.
[[nodiscard]] int display_exponent(double largest) {
  if (!(largest > 0)) return 0;
  return 3 * static_cast<int>(std::floor(std::floor(std::log10(largest) + 1e-12) / 3));
}

[[nodiscard]] std::string unit_text(const std::string& unit, int exponent) {
  if (exponent == 0) return unit;
  const std::string power = number_text(std::pow(10.0, exponent), 1);  // "1×10¹⁵" or "1000"
  const std::size_t times = power.find("×");
  return (times == std::string::npos ? power : power.substr(times + std::string("×").size())) + " " + unit;
}

void draw_wavelength_axis(Canvas& canvas, const DataArea& area) {
  const Stroke line{{40, 40, 40}, 1};
  const double top = area.y0() - 0.5;
  const double longest = constants::wavelength_nm_of(area.range.x0),
               shortest = constants::wavelength_nm_of(area.range.x1);
  double free_until = 1e9;
  // Wavelength falls to the right: from long to short would run against the labels' spacing, so take them
  // rising.
  for (const Tick& tick : nice_ticks(shortest, longest, 9)) {
    const double x = area.x(constants::energy_ev_of(tick.value)), half = text_width(tick.label, 11.5) / 2;
    canvas.line({x, top - 5}, {x, top}, line);
    if (x + half > free_until) continue;
    canvas.text(x, top - 9, tick.label, {.size = 11.5, .anchor = Anchor::middle});
    free_until = x - half - 6;
  }
  canvas.text(area.x0() + area.w() / 2, top - 25, "wavelength (nm)",
              {.size = 12.5, .anchor = Anchor::middle});
}

void draw_angular_map(Canvas& canvas, const Field2D<double>& flux, double left, double top, ColourMap map) {
  const Grid2D& grid = flux.grid();
  // Each sample is the middle of its cell.
  const Box range{grid.x(0) - grid.dx / 2, grid.y(0) - grid.dy / 2, grid.x(grid.nx - 1) + grid.dx / 2,
                  grid.y(grid.ny - 1) + grid.dy / 2};
  const double aspect = range.width() / range.height();
  const double w = aspect >= 1 ? kMapSide : kMapSide * aspect, h = aspect >= 1 ? kMapSide / aspect : kMapSide;
  const DataArea area{static_cast<int>(left) * kPixelsPerUnit, static_cast<int>(top) * kPixelsPerUnit,
                      std::max(2, static_cast<int>(w * kPixelsPerUnit)),
                      std::max(2, static_cast<int>(h * kPixelsPerUnit)), range};
  double largest = 0;
  for (const double value : flux.values()) {
    if (std::isfinite(value)) largest = std::max(largest, value);
  }
  const int exponent = display_exponent(largest);
  const double high = largest > 0 ? largest : 1;
  const ColourTable colours(map, 0, high);
  canvas.raster(area.left, area.top, area.width, area.height, [&](int row, int column) {
    const int iy =
        std::clamp(static_cast<int>(std::floor((area.value_y(row) - range.y0) / grid.dy)), 0, grid.ny - 1);
    const int ix =
        std::clamp(static_cast<int>(std::floor((area.value_x(column) - range.x0) / grid.dx)), 0, grid.nx - 1);
    return colours(flux(iy, ix));
  });
  draw_axes(canvas, area, "θx (mrad)", "θy (mrad)");
  canvas.text(area.x0() + area.w() / 2, area.y0() - 12, "angular flux at the design wavelength",
              {.size = 12.5, .anchor = Anchor::middle});
  const ColourBar bar{map, 0, high / std::pow(10.0, exponent), unit_text("ph/s/mrad²/0.1 %bw", exponent),
                      {},  {}};
  draw_colour_bar(canvas, bar, area.x0() + area.w() + 16, area.y0(), area.h(), true);
}

}  // namespace

Picture draw_spectrum(const source::SourceOutput& source, const PictureOptions& options) {
  const std::vector<double>& energy = source.photon_energy_ev;
  if (energy.empty() || energy.size() != source.spectral_flux.size() || !(energy.front() > 0) ||
      !(source.wavelength_nm > 0)) {
    throw std::invalid_argument("draw_spectrum: a spectrum without samples");
  }
  const double band_low = constants::energy_ev_of(source.wavelength_nm * (1 + kHalfBand));
  const double band_high = constants::energy_ev_of(source.wavelength_nm * (1 - kHalfBand));
  // A line, or samples narrower than the band, are shown with the band's surroundings.
  const double low = std::min(energy.front(), band_low - 2 * (band_high - band_low));
  const double high = std::max(energy.back(), band_high + 2 * (band_high - band_low));
  double largest = 0;
  for (const double flux : source.spectral_flux) {
    if (std::isfinite(flux)) largest = std::max(largest, flux);
  }
  const int exponent = display_exponent(largest);
  const double scale = std::pow(10.0, exponent);
  const bool has_map = !source.angular_flux.empty();

  FrameRequest request;
  request.title = full_title("Source spectrum", options.title);
  request.details = options.details;
  if (!source.description.empty() &&
      std::ranges::find(request.details, source.description) == request.details.end()) {
    request.details.push_back(source.description);
  }
  std::string facts = fmt::format("in-band power {} W", number_text(source.in_band_power_w));
  if (source.total_power_w > source.in_band_power_w)
    facts += fmt::format(" · total {} W", number_text(source.total_power_w));
  facts += fmt::format(" · peak at {} nm", number_text(source.peak_wavelength_nm));
  facts += source.bandwidth_fwhm_percent > 0
               ? fmt::format(" · FWHM {} %", number_text(source.bandwidth_fwhm_percent, 3))
               : std::string(" · a single line");
  request.details.push_back(facts);
  request.range = {low, 0, high, largest > 0 ? 1.06 * largest / scale : 1};
  request.x_label = "photon energy (eV)";
  request.y_label = "flux (" + unit_text("ph/s/0.1 %bw", exponent) + ")";
  request.width = static_cast<int>(kPlotWidth) * kPixelsPerUnit;
  request.height = static_cast<int>(kPlotHeight) * kPixelsPerUnit;
  request.extra_top = kTopAxis;
  if (has_map) request.extra_right = kPanelGap + kMapSide + 70;
  request.legend = {
      {.kind = LegendItem::Kind::line, .label = "flux within the acceptance", .stroke = {kCurve, 2}},
      {.kind = LegendItem::Kind::patch,
       .label = fmt::format("in-band: {} nm ± 1 %", number_text(source.wavelength_nm)),
       .stroke = {kBand, 1, {}, 0.35},
       .background = kBand}};
  Frame frame = make_frame(request);
  const DataArea& area = frame.area;
  Canvas& canvas = frame.canvas;

  canvas.clip(area.x0(), area.y0(), area.w(), area.h());
  const double left = area.x(band_low), right = area.x(band_high);
  canvas.fill_rectangle(left, area.y0(), right - left, area.h(), kBand, 0.35);
  const double design = area.x(constants::energy_ev_of(source.wavelength_nm));
  canvas.line({design, area.y0()}, {design, area.y0() + area.h()}, {{120, 80, 0}, 1, {4, 3}});
  if (energy.size() == 1) {
    const Position top = area.at(energy[0], source.spectral_flux[0] / scale);
    canvas.line(area.at(energy[0], 0), top, {kCurve, 2.5});
    canvas.disc(top, 4, kCurve);
  } else {
    std::vector<Position> curve;
    for (std::size_t i = 0; i < energy.size(); ++i)
      curve.push_back(area.at(energy[i], source.spectral_flux[i] / scale));
    canvas.polyline(curve, false, {kCurve, 2});
  }
  canvas.unclip();
  draw_wavelength_axis(canvas, area);
  if (has_map) {
    draw_angular_map(canvas, source.angular_flux, area.x0() + area.w() + kPanelGap - 40, area.y0(),
                     options.colour_map);
  }

  Picture picture{canvas.image(), {}};
  describe_area(picture, area, "axes");
  picture.text["Title"] = printable(request.title);
  picture.text["undulith:quantity"] =
      fmt::format("x: photon energy in eV; y: flux in 1e{} photons/s/0.1%bw", exponent);
  return picture;
}

}  // namespace undulith::report
