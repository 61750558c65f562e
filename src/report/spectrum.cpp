// SPDX-License-Identifier: MIT
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "spectral_axis.hpp"
#include "undulith/report/pictures.hpp"

namespace undulith::report {

namespace {

constexpr double kPlotWidth = 620, kPlotHeight = 340;
const Stroke kSource{okabe_ito::kBlue, 2}, kWafer{okabe_ito::kVermillion, 2, {8, 4}},
    kOnAxis{{120, 120, 120}, 1.2, {2, 3}};

/// Largest values within the picture: light outside of it must not set the scale.
struct Peaks {
  double source = 0, wafer = 0, on_axis = 0;  ///< 0: no curve
};

Peaks peaks_of(const source::SourceOutput& source, std::span<const double> wafer_flux,
               const EnergyRange& shown) {
  const std::vector<double>& energy = source.photon_energy_ev;
  const auto peak_of = [&](std::span<const double> values) {
    double largest = 0;
    for (std::size_t i = 0; i < values.size(); ++i)
      if (energy[i] >= shown.low && energy[i] <= shown.high && std::isfinite(values[i]))
        largest = std::max(largest, values[i]);
    return largest;
  };
  return {.source = peak_of(source.spectral_flux),
          .wafer = peak_of(wafer_flux),
          .on_axis = source.on_axis_flux.size() == energy.size() ? peak_of(source.on_axis_flux) : 0};
}

std::string spectrum_facts(const source::SourceOutput& source) {
  std::string facts = fmt::format("in-band power {} W", number_text(source.in_band_power_w));
  if (source.total_power_w > source.in_band_power_w)
    facts += fmt::format(" · total {} W", number_text(source.total_power_w));
  facts += fmt::format(" · peak at {} nm", number_text(source.peak_wavelength_nm));
  facts += source.spectrum_width != source::SpectrumWidth::known ? std::string(" · FWHM not known")
           : source.bandwidth_fwhm_percent > 0
               ? fmt::format(" · FWHM {} %", number_text(source.bandwidth_fwhm_percent, 3))
               : std::string(" · a single line");
  return facts;
}

std::vector<LegendItem> spectrum_legend(const source::SourceOutput& source, const Peaks& peaks) {
  std::vector<LegendItem> items{
      {.kind = LegendItem::Kind::line, .label = "flux within the acceptance", .stroke = kSource},
      {.kind = LegendItem::Kind::patch,
       .label = fmt::format("in-band: {} nm ± 1 %", number_text(source.wavelength_nm)),
       .stroke = {kBandColour, 1, {}, 0.35},
       .background = kBandColour}};
  if (peaks.wafer > 0)
    items.push_back({.kind = LegendItem::Kind::line,
                     .label = "at the wafer, after all mirrors (scaled to the same peak)",
                     .stroke = kWafer});
  if (peaks.on_axis > 0)
    items.push_back({.kind = LegendItem::Kind::line,
                     .label = "on the axis, per solid angle (scaled to the same peak)",
                     .stroke = kOnAxis});
  return items;
}

}  // namespace

Picture draw_spectrum(const source::SourceOutput& source, const PictureOptions& options,
                      std::span<const double> wafer_flux) {
  const std::vector<double>& energy = source.photon_energy_ev;
  if (energy.empty() || energy.size() != source.spectral_flux.size() || !(energy.front() > 0) ||
      !(source.wavelength_nm > 0)) {
    throw std::invalid_argument("draw_spectrum: the spectrum has no samples");
  }
  if (!wafer_flux.empty() && wafer_flux.size() != energy.size())
    throw std::invalid_argument("draw_spectrum: flux at the wafer and photon energies differ in length");
  const EnergyRange shown = energy_range(energy, source.wavelength_nm);
  const Peaks peaks = peaks_of(source, wafer_flux, shown);
  const int exponent = display_exponent(peaks.source);
  const double scale = std::pow(10.0, exponent);

  FrameRequest request;
  request.title = full_title("Source spectrum", options.title);
  request.details = options.details;
  if (!source.description.empty() &&
      std::ranges::find(request.details, source.description) == request.details.end()) {
    request.details.push_back(source.description);
  }
  request.details.push_back(spectrum_facts(source));
  request.range = {shown.low, 0, shown.high, peaks.source > 0 ? 1.06 * peaks.source / scale : 1};
  request.x_label = "photon energy (eV)";
  request.y_label = "flux (" + unit_text(energy.size() == 1 ? "ph/s" : "ph/s/0.1 %bw", exponent) + ")";
  request.width = static_cast<int>(kPlotWidth) * kPixelsPerUnit;
  request.height = static_cast<int>(kPlotHeight) * kPixelsPerUnit;
  request.extra_top = kWavelengthAxis;
  request.legend = spectrum_legend(source, peaks);
  Frame frame = make_frame(request);
  const DataArea& area = frame.area;
  Canvas& canvas = frame.canvas;

  canvas.clip(area.x0(), area.y0(), area.w(), area.h());
  draw_band(canvas, area, source.wavelength_nm, 0.35);
  if (peaks.on_axis > 0 && peaks.source > 0)
    draw_spectral_curve(canvas, area, energy, source.on_axis_flux, peaks.on_axis * scale / peaks.source,
                        kOnAxis);
  draw_spectral_curve(canvas, area, energy, source.spectral_flux, scale, kSource);
  if (peaks.wafer > 0 && peaks.source > 0)
    draw_spectral_curve(canvas, area, energy, wafer_flux, peaks.wafer * scale / peaks.source, kWafer);
  canvas.unclip();
  draw_wavelength_axis(canvas, area);

  Picture picture{canvas.image(), {}};
  describe_area(picture, area, "axes");
  picture.text["Title"] = printable(request.title);
  picture.text["undulith:quantity"] =
      fmt::format("x: photon energy in eV; y: flux in 1e{} photons/s/0.1%bw", exponent);
  return picture;
}

}  // namespace undulith::report
