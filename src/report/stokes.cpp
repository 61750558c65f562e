// SPDX-License-Identifier: MIT
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "angular_raster.hpp"
#include "spectral_axis.hpp"
#include "undulith/report/source_pictures.hpp"

namespace undulith::report {

namespace {

constexpr double kStokesLeft = 78, kStokesMapSide = 282, kMapGap = 52, kStokesRight = 96, kStokesCaption = 24,
                 kSpectrumHeight = 200;
constexpr double kDark = 1e-3;  // of the largest S0: below it, grey
constexpr Rgb kDarkGrey{190, 190, 190}, kFlux{225, 225, 225};
const std::array<Stroke, 3> kStrokes = {Stroke{okabe_ito::kBlue, 3.2}, Stroke{okabe_ito::kGreen, 2.4, {9, 5}},
                                        Stroke{okabe_ito::kVermillion, 2, {3, 4}}};
constexpr std::array<const char*, 3> kNames = {"S1/S0: x (+1) or y (−1)", "S2/S0: +45° or −45°",
                                               "S3/S0: circular"};

[[nodiscard]] std::array<double, 3> normalised(const optics::Stokes& s) {
  return {s.s1 / s.s0, s.s2 / s.s0, s.s3 / s.s0};
}

void draw_maps(Canvas& canvas, const source::AngularMap& map, double top) {
  const AngularRaster raster(map.s0.grid(), kStokesMapSide);
  const double dark = kDark * largest_of(map.s0.values());
  const ColourTable colours(ColourMap::blue_orange, -1, 1);
  const std::array<const Field2D<double>*, 3> fields = {&map.s1, &map.s2, &map.s3};
  for (std::size_t k = 0; k < fields.size(); ++k) {
    const DataArea area =
        raster.area(kStokesLeft + static_cast<double>(k) * (kStokesMapSide + kMapGap), top + kStokesCaption);
    raster.draw(canvas, area, [&](int iy, int ix) {
      const double s0 = map.s0(iy, ix), s = (*fields[k])(iy, ix);
      // Also grey where S0 is NaN.
      return s0 > 0 && s0 >= dark && std::isfinite(s) ? colours(s / s0) : kDarkGrey;
    });
    raster.draw_angle_axes(canvas, area,
                           k == 0 ? AngularRaster::Labels::both : AngularRaster::Labels::x_alone);
    canvas.text(area.x0() + area.w() / 2, area.y0() - 9, kNames[k],
                {.size = 12.5, .colour = kInk, .anchor = Anchor::middle, .bold = true});
    if (k == 2)
      draw_colour_bar(canvas, {ColourMap::blue_orange, -1, 1, "share of S0", {}, {}},
                      area.x0() + area.w() + 16, area.y0(), area.h(), true);
  }
}

/// Stokes parameters of every photon energy, S0 = 1; NaN where there is no light.
[[nodiscard]] std::vector<std::array<double, 3>> along_energy(const source::SourceOutput& source) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  std::vector<std::array<double, 3>> result;
  for (std::size_t i = 0; i < source.photon_energy_ev.size(); ++i) {
    const optics::Stokes& s = source.spectral_stokes.empty() ? source.stokes : source.spectral_stokes[i];
    const bool has_light = s.s0 > 0 && source.spectral_flux[i] > 0;
    result.push_back(has_light ? normalised(s) : std::array<double, 3>{kNone, kNone, kNone});
  }
  return result;
}

void draw_flux(Canvas& canvas, const DataArea& area, const source::SourceOutput& source) {
  const std::vector<double>& energy = source.photon_energy_ev;
  const double largest = largest_of(source.spectral_flux);
  if (!(largest > 0)) return;
  const double height = 0.94 * area.range.height();
  const auto y = [&](double flux) { return area.range.y0 + height * std::max(0.0, flux) / largest; };
  if (std::abs(area.x(energy.back()) - area.x(energy.front())) < 4) {
    const double x = area.x((energy.front() + energy.back()) / 2);
    canvas.fill_rectangle(x - 5, area.y(y(largest)), 10, area.y(area.range.y0) - area.y(y(largest)), kFlux);
    return;
  }
  std::vector<Position> ring = {area.at(energy.front(), area.range.y0)};
  for (std::size_t i = 0; i < energy.size(); ++i)
    ring.push_back(area.at(energy[i], y(source.spectral_flux[i])));
  ring.push_back(area.at(energy.back(), area.range.y0));
  canvas.fill(std::array{ring}, kFlux);
}

void draw_parameters(Canvas& canvas, const DataArea& area, const source::SourceOutput& source) {
  const std::vector<std::array<double, 3>> values = along_energy(source);
  const std::vector<double>& energy = source.photon_energy_ev;
  const bool narrow = std::abs(area.x(energy.back()) - area.x(energy.front())) < 4;
  for (std::size_t k = 0; k < kStrokes.size(); ++k) {
    if (narrow) {
      const std::array<double, 3> all = normalised(source.stokes);
      // Side by side, so that equal ones do not hide each other.
      const Position at = area.at((energy.front() + energy.back()) / 2, all[k]);
      canvas.disc({at.x + 9 * (static_cast<double>(k) - 1), at.y}, 4.5, kStrokes[k].colour);
      continue;
    }
    std::vector<Position> run;
    for (std::size_t i = 0; i <= energy.size(); ++i) {
      if (i < energy.size() && std::isfinite(values[i][k])) {
        run.push_back(area.at(energy[i], values[i][k]));
        continue;
      }
      if (run.size() > 1) canvas.polyline(run, false, kStrokes[k]);
      run.clear();
    }
  }
}

[[nodiscard]] std::string facts_of(const optics::Stokes& s) {
  if (!(s.s0 > 0)) return "no light within the band";
  const std::array<double, 3> p = normalised(s);
  // A share below a thousandth is a rounding error of the integrals of the source.
  const auto text = [](double value) { return number_text(std::round(1e3 * value) / 1e3 + 0.0, 3); };
  return fmt::format(
      "within the acceptance and the band: S1 = {} · S2 = {} · S3 = {} · degree of polarisation {} %",
      text(p[0]), text(p[1]), text(p[2]),
      number_text(std::round(1e3 * std::hypot(p[0], p[1], p[2])) / 10, 3));
}

[[nodiscard]] std::vector<LegendItem> stokes_legend(const source::SourceOutput& source, bool has_map,
                                                    bool has_spectrum) {
  std::vector<LegendItem> items;
  if (has_map)
    items.push_back({.kind = LegendItem::Kind::patch,
                     .label = "S0 below 0.1 % of its peak",
                     .stroke = {kDarkGrey, 1, {}, 1},
                     .background = kDarkGrey});
  if (has_spectrum) {
    for (std::size_t k = 0; k < kStrokes.size(); ++k)
      items.push_back(
          {.kind = LegendItem::Kind::line, .label = fmt::format("S{}/S0", k + 1), .stroke = kStrokes[k]});
    items.push_back({.kind = LegendItem::Kind::patch,
                     .label = "flux within the acceptance (any unit)",
                     .stroke = {kFlux, 1, {}, 1},
                     .background = kFlux});
    items.push_back({.kind = LegendItem::Kind::patch,
                     .label = fmt::format("in-band: {} nm ± 1 %", number_text(source.wavelength_nm)),
                     .stroke = {kBandColour, 1, {}, 0.25},
                     .background = kBandColour});
    if (source.spectral_stokes.empty())
      items.push_back({.kind = LegendItem::Kind::note, .label = "one polarisation for all photon energies"});
  }
  items.push_back({.kind = LegendItem::Kind::note,
                   .label = "S3 > 0: the field turns clockwise for an observer who faces the source"});
  return items;
}

DataArea draw_spectrum_of_stokes(Canvas& canvas, const source::SourceOutput& source, double width,
                                 double top) {
  const EnergyRange shown = energy_range(source.photon_energy_ev, source.wavelength_nm);
  const DataArea area{static_cast<int>(kStokesLeft) * kPixelsPerUnit,
                      static_cast<int>(top) * kPixelsPerUnit,
                      static_cast<int>(width) * kPixelsPerUnit,
                      static_cast<int>(kSpectrumHeight) * kPixelsPerUnit,
                      {shown.low, -1.1, shown.high, 1.1}};
  canvas.clip(area.x0(), area.y0(), area.w(), area.h());
  draw_flux(canvas, area, source);
  draw_band(canvas, area, source.wavelength_nm, 0.25);
  canvas.line(area.at(shown.low, 0), area.at(shown.high, 0), {{150, 150, 150}, 1});
  draw_parameters(canvas, area, source);
  canvas.unclip();
  draw_axes(canvas, area, "photon energy (eV)", "share of S0");
  draw_wavelength_axis(canvas, area);
  return area;
}

}  // namespace

Picture draw_stokes(const source::SourceOutput& source, const PictureOptions& options) {
  const source::AngularMap& map = source.angular_flux;
  const bool has_map = !map.s0.empty() && !map.s1.empty() && !map.s2.empty() && !map.s3.empty();
  const std::size_t n = source.photon_energy_ev.size();
  const bool has_spectrum = n > 0 && source.spectral_flux.size() == n &&
                            (source.spectral_stokes.empty() || source.spectral_stokes.size() == n) &&
                            source.wavelength_nm > 0;
  if (!has_map && !has_spectrum) throw std::invalid_argument("draw_stokes: neither a map nor a spectrum");

  std::vector<std::string> details = options.details;
  if (!source.description.empty() && std::ranges::find(details, source.description) == details.end())
    details.push_back(source.description);
  details.push_back(facts_of(source.stokes));
  const double plots_width = 3 * kStokesMapSide + 2 * kMapGap,
               sheet_width = kStokesLeft + plots_width + kStokesRight;
  const std::string title = full_title("Polarisation of the light", options.title);
  const Header header(title, details, sheet_width - 32);
  const Legend legend(stokes_legend(source, has_map, has_spectrum), sheet_width - 32);
  const double maps_top = std::ceil(header.height());
  const double maps_height =
      has_map ? std::ceil(kStokesCaption + AngularRaster(map.s0.grid(), kStokesMapSide).area(0, 0).h() +
                          kBottomMargin + 14)
              : 0;
  const double spectrum_top = maps_top + maps_height + kWavelengthAxis;
  const double plots_bottom =
      has_spectrum ? spectrum_top + kSpectrumHeight + kBottomMargin + 6 : maps_top + maps_height;
  Canvas canvas(static_cast<int>(sheet_width) * kPixelsPerUnit,
                static_cast<int>(std::ceil(plots_bottom + legend.height() + 12)) * kPixelsPerUnit);
  header.draw(canvas);
  Picture picture;
  if (has_map) {
    draw_maps(canvas, map, maps_top);
    describe_area(picture,
                  AngularRaster(map.s0.grid(), kStokesMapSide).area(kStokesLeft, maps_top + kStokesCaption),
                  "mrad");
  }
  if (has_spectrum) {
    const DataArea area = draw_spectrum_of_stokes(canvas, source, plots_width, spectrum_top);
    if (!has_map) describe_area(picture, area, "axes");
  }
  legend.draw(canvas, 16, plots_bottom);
  picture.image = canvas.image();
  picture.text["Title"] = printable(title);
  picture.text["undulith:quantity"] = "Stokes parameters as shares of S0";
  return picture;
}

}  // namespace undulith::report
