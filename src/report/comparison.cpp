// SPDX-License-Identifier: MIT
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>

#include "comparison_cuts.hpp"
#include "image_crop.hpp"
#include "pupil_points.hpp"
#include "spectral_axis.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/report/source_pictures.hpp"

namespace undulith::report {

namespace {

constexpr std::size_t kFewest = 2, kMost = 12;
constexpr double kSheetWidth = 1090, kTextLeft = 16, kTextWidth = 272, kSpectrumLeft = 312,
                 kSpectrumWidth = 300, kPupilLeft = 640, kImageLeft = 824, kImageWidth = 170, kMinRow = 152,
                 kRowGap = 20, kHeading = 26, kTickRoom = 40;
constexpr double kFigureStep = 15.5, kFigureSize = 11.5, kNameStep = 17, kBadgeHeight = 18;
constexpr Rgb kRule{215, 215, 215}, kImageEdge = okabe_ito::kVermillion;
const Stroke kSourceStroke{okabe_ito::kBlue, 1.8}, kWaferStroke{okabe_ito::kVermillion, 1.8, {6, 3}},
    kPrinted{kImageEdge, 1.8}, kHalo{{255, 255, 255}, 3.2, {}, 0.8}, kTargetStroke{{0, 0, 0}, 1.2, {3, 3}};

/// A darker badge means that more has been demonstrated. The order is the same in greyscale.
struct Badge {
  Rgb fill, text, border;
};
[[nodiscard]] Badge badge_of(const std::string& status) {
  constexpr Rgb kWhite{255, 255, 255};
  if (status == "production") return {{0, 62, 45}, kWhite, {0, 62, 45}};
  if (status == "demonstrated") return {{0, 103, 160}, kWhite, {0, 103, 160}};
  if (status == "design") return {{120, 190, 232}, kInk, {0, 103, 160}};
  if (status == "simulation") return {{246, 232, 160}, kInk, {170, 140, 0}};
  if (status == "company_claim") return {kWhite, okabe_ito::kVermillion, okabe_ito::kVermillion};
  return {kWhite, kSoftInk, {170, 170, 170}};
}

[[nodiscard]] std::string status_text(std::string status) {
  if (status.empty()) status = "unstated";
  std::ranges::replace(status, '_', ' ');
  return status == "unstated" ? "status not stated" : status;
}

/// A name in at most two lines.
[[nodiscard]] std::vector<std::string> name_lines(const std::string& name, double width) {
  constexpr double kSize = 13.5;
  std::string first, rest = name;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    const std::string longer = first.empty() ? rest.substr(0, end) : first + " " + rest.substr(0, end);
    if (!first.empty() && text_width(longer, kSize, true) > width) break;
    first = longer;
    rest = end < rest.size() ? rest.substr(end + 1) : "";
  }
  std::vector<std::string> lines = {shortened(first, kSize, true, width)};
  if (!rest.empty()) lines.push_back(shortened(rest, kSize, true, width));
  return lines;
}

[[nodiscard]] double text_height(const ComparedSource& source) {
  return kNameStep * static_cast<double>(name_lines(source.name, kTextWidth - 26).size()) + 6 + kBadgeHeight +
         8 + kFigureStep * static_cast<double>(source.figures.size());
}

void draw_text(Canvas& canvas, const ComparedSource& source, std::size_t number, double top) {
  double y = top + 13;
  canvas.text(kTextLeft, y, fmt::format("{}", number), {.size = 13.5, .colour = kInk, .bold = true});
  for (const std::string& line : name_lines(source.name, kTextWidth - 26)) {
    canvas.text(kTextLeft + 26, y, line, {.size = 13.5, .colour = kInk, .bold = true});
    y += kNameStep;
  }
  y -= 6;
  const Badge badge = badge_of(source.status);
  const std::string status = status_text(source.status);
  const double width = text_width(status, 11.5, true) + 16;
  canvas.fill_rectangle(kTextLeft + 26, y, width, kBadgeHeight, badge.fill);
  canvas.rectangle(kTextLeft + 26.5, y + 0.5, width - 1, kBadgeHeight - 1, {badge.border, 1.2});
  canvas.text(kTextLeft + 34, y + 13, status, {.size = 11.5, .colour = badge.text, .bold = true});
  y += kBadgeHeight + 8;
  for (const auto& [name, value] : source.figures) {
    y += kFigureStep;
    const double value_width = std::min(text_width(value, kFigureSize, true), 0.6 * kTextWidth);
    canvas.text(kTextLeft, y - 4, shortened(name, kFigureSize, false, kTextWidth - value_width - 10),
                {.size = kFigureSize, .colour = kSoftInk});
    canvas.text(kTextLeft + kTextWidth, y - 4, shortened(value, kFigureSize, true, 0.6 * kTextWidth),
                {.size = kFigureSize, .colour = kInk, .anchor = Anchor::end, .bold = true});
  }
}

[[nodiscard]] DataArea area_of(double left, double top, double width, double height, const Box& range) {
  return {static_cast<int>(left) * kPixelsPerUnit, static_cast<int>(top) * kPixelsPerUnit,
          static_cast<int>(width) * kPixelsPerUnit, static_cast<int>(height) * kPixelsPerUnit, range};
}

void note(Canvas& canvas, const DataArea& area, const std::string& text) {
  canvas.text(area.x0() + area.w() / 2, area.y0() + area.h() / 2 + 4, text,
              {.size = 12, .colour = kSoftInk, .anchor = Anchor::middle});
}

/// Wavelength range of all spectra: 13 to 14 nm, or the same relative width at another design wavelength.
struct Wavelengths {
  double low = 13, high = 14;
};
[[nodiscard]] Wavelengths shown_wavelengths(std::span<const ComparedSource> sources) {
  constexpr double kAround = 0.4, kHalf = 0.5;
  Wavelengths shown;
  for (const ComparedSource& source : sources) {
    if (!source.light || !(source.light->wavelength_nm > 0)) continue;
    const double wavelength = source.light->wavelength_nm;
    if (wavelength - kAround < shown.low) shown.low = wavelength - kHalf;
    if (wavelength + kAround > shown.high) shown.high = wavelength + kHalf;
  }
  return shown;
}

/// The part of a spectrum that is shown, against wavelength, with peak 1; empty: none.
struct SpectrumCurve {
  std::vector<double> wavelength_nm, value;
};
[[nodiscard]] SpectrumCurve curve_of(std::span<const double> energy, std::span<const double> flux,
                                     Wavelengths shown) {
  SpectrumCurve curve;
  double peak = 0;
  for (std::size_t i = energy.size(); i-- > 0;) {
    if (!(energy[i] > 0) || !std::isfinite(flux[i])) continue;
    const double wavelength = constants::wavelength_nm_of(energy[i]);
    curve.wavelength_nm.push_back(wavelength);
    curve.value.push_back(std::max(0.0, flux[i]));
    if (wavelength >= shown.low && wavelength <= shown.high) peak = std::max(peak, curve.value.back());
  }
  if (!(peak > 0)) return {};
  for (double& value : curve.value) value /= peak;
  return curve;
}

void draw_wavelength_ticks(Canvas& canvas, const DataArea& area, bool labels) {
  const Stroke line{kInk, 1};
  canvas.rectangle(area.x0() - 0.5, area.y0() - 0.5, area.w() + 1, area.h() + 1, line);
  const double bottom = area.y0() + area.h() + 0.5;
  for (const Tick& tick : nice_ticks(area.range.x0, area.range.x1, 7)) {
    const double x = area.x(tick.value);
    canvas.line({x, bottom}, {x, bottom + 4}, line);
    canvas.text(x, bottom + 15, tick.label, {.size = 10.5, .colour = kInk, .anchor = Anchor::middle});
  }
  if (labels)
    canvas.text(area.x0() + area.w() / 2, bottom + 31, "wavelength (nm)",
                {.size = 12, .colour = kInk, .anchor = Anchor::middle});
}

void draw_spectrum_panel(Canvas& canvas, const ComparedSource& source, const DataArea& area, bool last) {
  const Wavelengths shown{area.range.x0, area.range.x1};
  bool any = false;
  if (source.light) {
    const source::SourceOutput& light = *source.light;
    const std::vector<double>& energy = light.photon_energy_ev;
    canvas.clip(area.x0(), area.y0(), area.w(), area.h());
    const double low = area.x(light.wavelength_nm * (1 - kHalfBand)),
                 high = area.x(light.wavelength_nm * (1 + kHalfBand));
    canvas.fill_rectangle(low, area.y0(), high - low, area.h(), kBandColour, 0.25);
    const SpectrumCurve at_source = curve_of(energy, light.spectral_flux, shown);
    draw_spectral_curve(canvas, area, at_source.wavelength_nm, at_source.value, 1, kSourceStroke);
    any = !at_source.value.empty();
    if (!source.wafer_flux.empty()) {
      const SpectrumCurve at_wafer = curve_of(energy, source.wafer_flux, shown);
      draw_spectral_curve(canvas, area, at_wafer.wavelength_nm, at_wafer.value, 1, kWaferStroke);
      any = any || !at_wafer.value.empty();
    }
    canvas.unclip();
    if (any) {
      const std::string width = light.spectrum_width != source::SpectrumWidth::known
                                    ? std::string("FWHM not known")
                                : light.bandwidth_fwhm_percent > 0
                                    ? fmt::format("FWHM {} %", number_text(light.bandwidth_fwhm_percent, 2))
                                    : std::string("a single line");
      canvas.text(area.x0() + 6, area.y0() + 15, width, {.size = 11, .colour = kInk, .halo = true});
    }
  }
  if (!any) note(canvas, area, source.light ? "no light at these wavelengths" : "no spectrum");
  draw_wavelength_ticks(canvas, area, last);
}

void draw_pupil_panel(Canvas& canvas, const ComparedSource& source, const DataArea& area, ColourMap map) {
  if (!source.pupil_fill || source.pupil_fill->points.empty()) {
    note(canvas, area, "no pupil");
    return;
  }
  const std::vector<illuminator::SourcePoint>& points = source.pupil_fill->points;
  const double unit = area.x(1) - area.x(0);
  const Position centre = area.at(0, 0);
  canvas.disc(centre, unit, colour_of(map, 0));  // the colour of zero weight
  draw_source_points(canvas, points, area, map);
  canvas.circle(centre, 0.5 * unit, {{150, 150, 150}, 0.8, {3, 3}});
  canvas.circle(centre, unit, {{0, 0, 0}, 1.6});
  optics::Stokes mean{0, 0, 0, 0};
  for (const illuminator::SourcePoint& p : points) {
    mean.s0 += p.weight * p.stokes.s0;
    mean.s1 += p.weight * p.stokes.s1;
    mean.s2 += p.weight * p.stokes.s2;
    mean.s3 += p.weight * p.stokes.s3;
  }
  // The disc does not cover the corners.
  if (is_polarised(mean)) draw_glyph(canvas, {area.x0() + area.w() - 12, area.y0() + 12}, 22, mean);
}

/// Crop and scale that all images share.
struct ImageView {
  Box crop;
  double width = 0, height = 0, highest = 1;
  std::optional<double> threshold;
};
[[nodiscard]] std::optional<ImageView> view_of_images(std::span<const ComparedSource> sources,
                                                      const metrology::Gauge* gauge, double row) {
  std::optional<ImageView> view;
  for (const ComparedSource& source : sources) {
    if (!source.image) continue;
    if (!view) {
      view = ImageView{crop_of(*source.image, gauge), 0, 0, 0, {}};
      const double scale = std::min(kImageWidth / view->crop.width(), row / view->crop.height());
      view->width = std::max(8.0, std::floor(scale * view->crop.width()));
      view->height = std::max(8.0, std::floor(scale * view->crop.height()));
    }
    view->highest = std::max(view->highest, source.image->intensity.highest());
    if (!view->threshold && source.measurement) view->threshold = source.measurement->threshold;
  }
  if (view && !(view->highest > 0)) view->highest = 1;
  return view;
}

[[nodiscard]] std::vector<LegendItem> legend_items(const std::optional<ImageView>& view, bool target,
                                                   double units_per_nm) {
  std::vector<LegendItem> items = {
      {.kind = LegendItem::Kind::line, .label = "at the source", .stroke = kSourceStroke},
      {.kind = LegendItem::Kind::line, .label = "at the wafer, after all mirrors", .stroke = kWaferStroke},
      {.kind = LegendItem::Kind::patch,
       .label = "in-band: ± 1 %",
       .stroke = {kBandColour, 1, {}, 0.25},
       .background = kBandColour},
      {.kind = LegendItem::Kind::note,
       .label = "pupil: brightest = largest weight; mark in the corner: mean polarisation"}};
  if (view) {
    const ColourTable colours(ColourMap::violet_yellow, 0, 1);
    items.push_back({.kind = LegendItem::Kind::line, .label = "printed edge", .stroke = kPrinted});
    if (target)
      items.push_back({.kind = LegendItem::Kind::line,
                       .label = "target",
                       .stroke = kTargetStroke,
                       .background = colours(0.6)});
    const double bar_nm = nice_length(view->crop.width() / 2);
    items.push_back({.kind = LegendItem::Kind::scale_bar,
                     .label = fmt::format("{} nm", number_text(bar_nm)),
                     .stroke = {kInk, 1.6},
                     .length = bar_nm * units_per_nm});
  }
  items.push_back(
      {.kind = LegendItem::Kind::note, .label = "status: darker = more of the source has been demonstrated"});
  return items;
}

void check(std::span<const ComparedSource> sources) {
  if (sources.size() < kFewest || sources.size() > kMost)
    throw std::invalid_argument("draw_comparison: needs 2 to 12 sources");
  for (const ComparedSource& source : sources) {
    const std::size_t n = source.light ? source.light->photon_energy_ev.size() : 0;
    if (source.light && source.light->spectral_flux.size() != n)
      throw std::invalid_argument("draw_comparison: spectrum and photon energies differ in length");
    if (!source.wafer_flux.empty() && source.wafer_flux.size() != n)
      throw std::invalid_argument("draw_comparison: flux at the wafer and photon energies differ in length");
  }
}

}  // namespace

Picture draw_comparison(std::span<const ComparedSource> sources, const layout::Clip& clip,
                        const PictureOptions& options) {
  check(sources);
  const std::size_t n = sources.size();
  const ComparisonCuts cuts(sources);
  double row = kMinRow;
  for (const ComparedSource& source : sources) row = std::max(row, std::ceil(text_height(source)));
  const double plot = row - 16;  // height of a spectrum: its tick labels are below it
  const std::optional<ImageView> view = view_of_images(sources, cuts.gauge(), kMinRow);
  const Wavelengths shown = shown_wavelengths(sources);

  const std::string title = full_title("Comparison of sources", options.title);
  const Header header(title, options.details, kSheetWidth - 32);
  const Legend legend(legend_items(view, !clip.rings.empty(), view ? view->width / view->crop.width() : 1),
                      kSheetWidth - 32);
  const double rows_top = std::ceil(header.height() + kHeading);
  const double rows_bottom = rows_top + static_cast<double>(n) * (row + kRowGap) + kTickRoom - kRowGap;
  const double cuts_top = rows_bottom + legend.height() + 24;
  Canvas canvas(static_cast<int>(kSheetWidth) * kPixelsPerUnit,
                static_cast<int>(std::ceil(cuts_top + cuts.height() + 14)) * kPixelsPerUnit);
  header.draw(canvas);
  const auto heading = [&](double x, const std::string& text) {
    canvas.text(x, rows_top - 12, text, {.size = 12.5, .colour = kInk, .bold = true});
  };
  heading(kTextLeft, "source");
  heading(kSpectrumLeft, "spectra, each scaled to its peak");
  heading(kPupilLeft, "pupil fill");
  heading(kImageLeft, "aerial image");

  const ColourTable colours(options.colour_map, 0, view ? view->highest : 1);
  const double rule_end = kImageLeft + (view ? view->width : kMinRow);
  for (std::size_t i = 0; i < n; ++i) {
    const double top = rows_top + static_cast<double>(i) * (row + kRowGap);
    if (i > 0) canvas.line({16, top - kRowGap / 2 + 2}, {rule_end, top - kRowGap / 2 + 2}, {kRule, 1});
    draw_text(canvas, sources[i], i + 1, top);
    draw_spectrum_panel(canvas, sources[i],
                        area_of(kSpectrumLeft, top, kSpectrumWidth, plot, {shown.low, 0, shown.high, 1.24}),
                        i + 1 == n);
    draw_pupil_panel(canvas, sources[i],
                     area_of(kPupilLeft, top, kMinRow, kMinRow, {-1.05, -1.05, 1.05, 1.05}),
                     options.colour_map);
    const DataArea image_area = view ? area_of(kImageLeft, top, view->width, view->height, view->crop)
                                     : area_of(kImageLeft, top, kMinRow, kMinRow, {0, 0, 1, 1});
    if (!sources[i].image) {
      note(canvas, image_area, "no image");
      continue;
    }
    draw_crop(canvas, *sources[i].image, image_area, colours);
    if (sources[i].measurement) {
      for (const Stroke& stroke : {kHalo, kPrinted})
        draw_printed_edge(canvas, *sources[i].image, *sources[i].measurement, image_area, stroke);
    }
    draw_target(canvas, clip, image_area, kTargetStroke);
  }
  if (view) {
    const ColourBar bar{options.colour_map, 0, view->highest, "intensity", view->threshold, kImageEdge};
    draw_colour_bar(canvas, bar, kImageLeft + view->width + 16, rows_top, std::min(2 * row, 320.0), true);
  }
  legend.draw(canvas, 16, rows_bottom);
  cuts.draw(canvas, cuts_top, kSheetWidth);

  Picture picture{canvas.image(), {}};
  picture.text["Title"] = printable(title);
  picture.text["undulith:quantity"] =
      "spectra scaled to their peak; weight of the source points; intensity, open frame = 1";
  return picture;
}

}  // namespace undulith::report
