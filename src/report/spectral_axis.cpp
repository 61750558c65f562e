// SPDX-License-Identifier: MIT
#include "spectral_axis.hpp"

#include <algorithm>
#include <cmath>

#include "undulith/core/constants.hpp"

namespace undulith::report {

int display_exponent(double largest) {
  if (!(largest > 0)) return 0;
  return 3 * static_cast<int>(std::floor(std::floor(std::log10(largest) + 1e-12) / 3));
}

std::string unit_text(const std::string& unit, int exponent) {
  if (exponent == 0) return unit;
  const std::string power = number_text(std::pow(10.0, exponent), 1);  // "1×10¹⁵" or "1000"
  const std::size_t times = power.find("×");
  return (times == std::string::npos ? power : power.substr(times + std::string("×").size())) + " " + unit;
}

double largest_of(std::span<const double> values) {
  double largest = 0;
  for (const double value : values)
    if (std::isfinite(value)) largest = std::max(largest, value);
  return largest;
}

EnergyRange energy_range(std::span<const double> photon_energy_ev, double wavelength_nm) {
  const double design = constants::energy_ev_of(wavelength_nm);
  const double band_low = constants::energy_ev_of(wavelength_nm * (1 + kHalfBand)),
               band_high = constants::energy_ev_of(wavelength_nm * (1 - kHalfBand));
  // A line, or a spectrum narrower than the band, is shown with the surroundings of the band.
  const double room = 2 * (band_high - band_low);
  return {std::max(0.7 * design, std::min(photon_energy_ev.front(), band_low - room)),
          std::min(1.3 * design, std::max(photon_energy_ev.back(), band_high + room))};
}

void draw_wavelength_axis(Canvas& canvas, const DataArea& area) {
  const Stroke line{{40, 40, 40}, 1};
  const double top = area.y0() - 0.5;
  const double longest = constants::wavelength_nm_of(area.range.x0),
               shortest = constants::wavelength_nm_of(area.range.x1);
  double free_until = 1e9;
  // Wavelength falls to the right. The spacing of the labels needs a rising order, so take them rising.
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

void draw_band(Canvas& canvas, const DataArea& area, double wavelength_nm, double opacity) {
  const double left = area.x(constants::energy_ev_of(wavelength_nm * (1 + kHalfBand))),
               right = area.x(constants::energy_ev_of(wavelength_nm * (1 - kHalfBand)));
  canvas.fill_rectangle(left, area.y0(), right - left, area.h(), kBandColour, opacity);
  const double design = area.x(constants::energy_ev_of(wavelength_nm));
  canvas.line({design, area.y0()}, {design, area.y0() + area.h()}, {{120, 80, 0}, 1, {4, 3}});
}

void draw_spectral_curve(Canvas& canvas, const DataArea& area, std::span<const double> x,
                         std::span<const double> values, double scale, const Stroke& stroke) {
  constexpr double kNarrow = 4;  // canvas units: twice the width of a curve
  if (x.empty()) return;
  if (std::abs(area.x(x.back()) - area.x(x.front())) < kNarrow) {
    const auto peak = static_cast<std::size_t>(std::ranges::max_element(values) - values.begin());
    const Position top = area.at(x[peak], values[peak] / scale);
    canvas.line(area.at(x[peak], 0), top, {stroke.colour, stroke.width + 0.5, stroke.dash});
    canvas.disc(top, stroke.width + 2, stroke.colour);
    return;
  }
  std::vector<Position> curve;
  for (std::size_t i = 0; i < x.size(); ++i) curve.push_back(area.at(x[i], values[i] / scale));
  canvas.polyline(curve, false, stroke);
}

}  // namespace undulith::report
