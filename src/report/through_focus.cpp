// SPDX-License-Identifier: MIT
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>

#include "frame.hpp"
#include "image_crop.hpp"
#include "undulith/report/pictures.hpp"

namespace undulith::report {

namespace {

using imaging::AerialImage;
using metrology::GaugeResult;
using metrology::Measurement;

constexpr std::size_t kMaxGauges = 6;
constexpr int kMaxCrops = 7;
constexpr double kFocusLeft = 74, kFocusWidth = 380, kFocusHeight = 250, kCropGap = 10, kFocusCaption = 20;
constexpr Rgb kFocusEdge = okabe_ito::kVermillion;
constexpr std::array<Rgb, kMaxGauges> kColours = {okabe_ito::kBlue,   okabe_ito::kOrange,  okabe_ito::kGreen,
                                                  okabe_ito::kPurple, okabe_ito::kSkyBlue, okabe_ito::kBlack};

using Member = std::optional<double> GaugeResult::*;

/// A number of one gauge in every plane; absent where the gauge does not print.
[[nodiscard]] std::vector<std::optional<double>> along_focus(std::span<const FocusPlane> planes,
                                                             std::size_t gauge, Member member) {
  std::vector<std::optional<double>> values;
  for (const FocusPlane& plane : planes) {
    const GaugeResult& result = plane.measurement->gauges[gauge];
    const bool printed = result.status == metrology::PrintStatus::printed;
    values.push_back(printed ? result.*member : std::optional<double>{});
  }
  return values;
}

/// The gauges that have a CD: those of one edge have none.
[[nodiscard]] std::vector<std::size_t> gauges_with_cd(const Measurement& measurement) {
  std::vector<std::size_t> gauges;
  for (std::size_t i = 0; i < measurement.gauges.size(); ++i)
    if (measurement.gauges[i].gauge.edges == metrology::GaugeEdges::both) gauges.push_back(i);
  return gauges;
}

/// Of these the gauges to show: those that fail somewhere, then those that change most.
[[nodiscard]] std::vector<std::size_t> chosen(std::span<const FocusPlane> planes,
                                              std::vector<std::size_t> gauges) {
  if (gauges.size() <= kMaxGauges) return gauges;
  std::vector<double> change(planes.front().measurement->gauges.size());
  for (const std::size_t gauge : gauges) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    bool fails = false;
    for (const auto& cd : along_focus(planes, gauge, &GaugeResult::cd_nm)) {
      fails = fails || !cd;
      if (cd) low = std::min(low, *cd), high = std::max(high, *cd);
    }
    change[gauge] = fails ? std::numeric_limits<double>::infinity() : high - low;
  }
  std::ranges::stable_sort(gauges, [&](std::size_t a, std::size_t b) { return change[a] > change[b]; });
  gauges.resize(kMaxGauges);
  return gauges;
}

struct FocusCurve {
  std::vector<std::optional<double>> values;
  std::optional<double> target;
  Rgb colour;
  double width;
};

/// Later curves are thinner, so that a curve stays visible below another.
[[nodiscard]] double width_of(std::size_t curve, std::size_t n) {
  return 1.6 + 0.9 * static_cast<double>(n - 1 - curve);
}

/// The largest number of crops with equal steps of focus, if that is at least three.
[[nodiscard]] int n_crops_of(int n_planes) {
  for (int n = std::min(kMaxCrops, n_planes); n >= 3; --n)
    if ((n_planes - 1) % (n - 1) == 0) return n;
  return std::min(kMaxCrops, n_planes);
}

[[nodiscard]] Box range_of(std::span<const FocusPlane> planes, const std::vector<FocusCurve>& curves) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  const auto take = [&](const std::optional<double>& value) {
    if (value) low = std::min(low, *value), high = std::max(high, *value);
  };
  for (const FocusCurve& curve : curves) {
    std::ranges::for_each(curve.values, take);
    take(curve.target);
  }
  if (!(low <= high)) low = 0, high = 1;
  const double room = std::max(0.08 * (high - low), 0.01 * std::max(1.0, std::abs(high)));
  const double start = planes.front().image->focus_nm, end = planes.back().image->focus_nm,
               side = 0.03 * (end - start);
  return {start - side, low - room, end + side, high + room};
}

void draw_curves(Canvas& canvas, std::span<const FocusPlane> planes, const std::vector<FocusCurve>& curves,
                 double left, double top, const std::string& title, const std::string& label) {
  const DataArea area{static_cast<int>(left) * kPixelsPerUnit, static_cast<int>(top) * kPixelsPerUnit,
                      static_cast<int>(kFocusWidth) * kPixelsPerUnit,
                      static_cast<int>(kFocusHeight) * kPixelsPerUnit, range_of(planes, curves)};
  canvas.text(area.x0(), area.y0() - 9, title, {.size = 12.5, .colour = kInk, .bold = true});
  canvas.clip(area.x0(), area.y0(), area.w(), area.h());
  if (area.range.x0 < 0 && area.range.x1 > 0)
    canvas.line({area.x(0), area.y0()}, {area.x(0), area.y0() + area.h()}, {{190, 190, 190}, 1});
  for (const FocusCurve& curve : curves)
    if (curve.target)
      canvas.line(area.at(area.range.x0, *curve.target), area.at(area.range.x1, *curve.target),
                  {curve.colour, 1.4, {2, 4}});
  for (const FocusCurve& curve : curves) {
    std::vector<Position> run;
    for (std::size_t i = 0; i <= curve.values.size(); ++i) {
      if (i < curve.values.size() && curve.values[i]) {
        run.push_back(area.at(planes[i].image->focus_nm, *curve.values[i]));
        continue;
      }
      if (run.size() > 1) canvas.polyline(run, false, {curve.colour, curve.width});
      run.clear();
    }
    for (std::size_t i = 0; i < curve.values.size(); ++i)
      if (curve.values[i])
        canvas.disc(area.at(planes[i].image->focus_nm, *curve.values[i]), 1.5 + 0.8 * curve.width,
                    curve.colour);
  }
  canvas.unclip();
  draw_axes(canvas, area, "focus (nm)", label);
}

/// The planes in the order of rising focus, each once.
[[nodiscard]] std::vector<FocusPlane> sorted(std::span<const FocusPlane> planes) {
  std::vector<FocusPlane> result(planes.begin(), planes.end());
  const auto focus = [](const FocusPlane& plane) { return plane.image->focus_nm; };
  std::ranges::stable_sort(result, {}, focus);
  const auto same = [&](const FocusPlane& a, const FocusPlane& b) { return focus(a) == focus(b); };
  result.erase(std::unique(result.begin(), result.end(), same), result.end());
  if (result.size() < 2) throw std::invalid_argument("draw_through_focus: fewer than two planes");
  for (const FocusPlane& plane : result)
    if (plane.measurement->gauges.size() != result[0].measurement->gauges.size())
      throw std::invalid_argument("draw_through_focus: the gauges of the planes differ");
  return result;
}

/// Curves of the chosen gauges and their entries in the legend.
struct FocusCurves {
  std::vector<FocusCurve> cds, nils;
  std::vector<LegendItem> items;
};

FocusCurves curves_of(std::span<const FocusPlane> planes, const std::vector<std::size_t>& gauges) {
  const Measurement& first_plane = *planes[0].measurement;
  FocusCurves curves;
  bool any_target = false;
  for (std::size_t i = 0; i < gauges.size(); ++i) {
    const GaugeResult& first = first_plane.gauges[gauges[i]];
    const double width = width_of(i, gauges.size());
    curves.cds.push_back(
        {along_focus(planes, gauges[i], &GaugeResult::cd_nm), first.target_cd_nm, kColours[i], width});
    curves.nils.push_back({along_focus(planes, gauges[i], &GaugeResult::nils), {}, kColours[i], width});
    any_target = any_target || first.target_cd_nm;
    curves.items.push_back({.kind = LegendItem::Kind::line,
                            .label = first.gauge.name.empty() ? "gauge" : first.gauge.name,
                            .stroke = {kColours[i], width}});
  }
  if (any_target)
    curves.items.push_back(
        {.kind = LegendItem::Kind::line, .label = "target CD", .stroke = {kInk, 1.4, {2, 4}}});
  curves.items.push_back(
      {.kind = LegendItem::Kind::line,
       .label = fmt::format("printed edge at threshold {}", number_text(first_plane.threshold)),
       .stroke = {kFocusEdge, 1.2}});
  return curves;
}

/// Crops of the image below the curves, evenly spread over the planes.
struct Strip {
  Box crop;
  int n_crops;
  double column, crop_width, crop_height;  ///< canvas units
  double bar_length_nm;
  [[nodiscard]] double height() const { return std::max(crop_height, 110.0); }
};

Strip strip_of(std::span<const FocusPlane> planes, const metrology::Gauge* gauge) {
  constexpr double kBarRoom = 92, kLargest = 170, kSmallest = 8;
  const double strip_width = kFocusLeft + 2 * kFocusWidth + 36 - 16;
  Strip strip{};
  strip.crop = crop_of(*planes[0].image, gauge);
  strip.n_crops = n_crops_of(static_cast<int>(planes.size()));
  strip.column = std::floor((strip_width - kBarRoom - (strip.n_crops - 1) * kCropGap) / strip.n_crops);
  const double scale = std::min({strip.column, kLargest}) / std::max(strip.crop.width(), strip.crop.height());
  strip.crop_width = std::floor(std::max(kSmallest, scale * strip.crop.width()));
  strip.crop_height = std::floor(std::max(kSmallest, scale * strip.crop.height()));
  strip.bar_length_nm = nice_length(strip.crop.width() / 2);
  return strip;
}

void draw_strip(Canvas& canvas, std::span<const FocusPlane> planes, const Strip& strip, double top,
                ColourMap map) {
  const int n_planes = static_cast<int>(planes.size());
  double high = 0;
  for (const FocusPlane& plane : planes) high = std::max(high, plane.image->intensity.highest());
  const ColourBar bar{map, 0, high > 0 ? high : 1, "intensity", planes[0].measurement->threshold, kFocusEdge};
  const ColourTable colours(bar.map, bar.low, bar.high);
  for (int i = 0; i < strip.n_crops; ++i) {
    const auto plane =
        static_cast<std::size_t>(std::lround(static_cast<double>(i) * (n_planes - 1) / (strip.n_crops - 1)));
    const double left = 16 + i * (strip.column + kCropGap) + (strip.column - strip.crop_width) / 2;
    const DataArea area{static_cast<int>(left) * kPixelsPerUnit, static_cast<int>(top) * kPixelsPerUnit,
                        static_cast<int>(strip.crop_width) * kPixelsPerUnit,
                        static_cast<int>(strip.crop_height) * kPixelsPerUnit, strip.crop};
    const AerialImage& image = *planes[plane].image;
    draw_crop(canvas, image, area, colours);
    draw_printed_edge(canvas, image, *planes[plane].measurement, area, {kFocusEdge, 1.2});
    canvas.text(area.x0() + area.w() / 2, area.y0() - 7, fmt::format("{} nm", number_text(image.focus_nm)),
                {.size = 11.5, .colour = kInk, .anchor = Anchor::middle});
  }
  draw_colour_bar(canvas, bar, 16 + strip.n_crops * (strip.column + kCropGap) + 8, top, strip.height(), true);
}

}  // namespace

Picture draw_through_focus(std::span<const FocusPlane> unsorted, const PictureOptions& options) {
  const std::vector<FocusPlane> planes = sorted(unsorted);
  const Measurement& first_plane = *planes[0].measurement;
  const std::vector<std::size_t> measured = gauges_with_cd(first_plane), gauges = chosen(planes, measured);
  const FocusCurves curves = curves_of(planes, gauges);
  const Strip strip = strip_of(planes, gauges.empty() ? nullptr : &first_plane.gauges[gauges[0]].gauge);
  std::vector<LegendItem> items = curves.items;
  items.push_back({.kind = LegendItem::Kind::scale_bar,
                   .label = fmt::format("{} nm", number_text(strip.bar_length_nm)),
                   .stroke = {kInk, 1.6},
                   .length = strip.bar_length_nm * strip.crop_width / strip.crop.width()});

  std::vector<std::string> details = options.details;
  if (measured.size() > gauges.size())
    details.push_back(fmt::format("{} of {} gauges: those that fail to print, then the largest change of CD",
                                  gauges.size(), measured.size()));
  const double sheet_width = kFocusLeft + 2 * kFocusWidth + kFocusLeft + 24;
  const std::string title = full_title("Through focus", options.title);
  const Header header(title, details, sheet_width - 32);
  const Legend legend(items, sheet_width - 32);
  const double curves_top = std::ceil(header.height() + 22);
  const double strip_top = curves_top + kFocusHeight + kBottomMargin + 14 + kFocusCaption;
  const double sheet_height = std::ceil(strip_top + strip.height() + 16 + legend.height() + 14);
  Canvas canvas(static_cast<int>(sheet_width) * kPixelsPerUnit,
                static_cast<int>(sheet_height) * kPixelsPerUnit);
  header.draw(canvas);
  draw_curves(canvas, planes, curves.cds, kFocusLeft, curves_top, "Critical dimension", "CD (nm)");
  draw_curves(canvas, planes, curves.nils, 2 * kFocusLeft + kFocusWidth, curves_top,
              "Normalised image log slope", "NILS");
  draw_strip(canvas, planes, strip, strip_top, options.colour_map);
  legend.draw(canvas, 16, strip_top + strip.height() + 16);

  Picture picture{canvas.image(), {}};
  picture.text["Title"] = printable(title);
  picture.text["undulith:quantity"] = "CD in nm and NILS against focus in nm; intensity, open frame = 1";
  return picture;
}

}  // namespace undulith::report
