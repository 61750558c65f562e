// SPDX-License-Identifier: MIT
#include "comparison_cuts.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "undulith/math/direction.hpp"

namespace undulith::report {

namespace {

constexpr int kProfileSamples = 401;
constexpr double kProfileLeft = 92, kProfileWidth = 560, kProfileHeight = 240, kDifferenceHeight = 110,
                 kTitle = 26, kBetween = 52;
constexpr double kListLeft = kProfileLeft + kProfileWidth + 36, kListStep = 32;
constexpr Rgb kZero{170, 170, 170};
const Stroke kThresholdStroke{okabe_ito::kVermillion, 1.5, {6, 4}};

/// Seven colours, then the same ones dashed. The first curve is the widest, so that it stays visible below
/// the others.
[[nodiscard]] Stroke stroke_of(std::size_t place, std::size_t n) {
  constexpr std::array<Rgb, 6> kColours = {
      kZero, okabe_ito::kBlue, okabe_ito::kOrange, okabe_ito::kGreen, okabe_ito::kPurple, okabe_ito::kBlack};
  const std::array<std::vector<double>, 4> kDashes = {std::vector<double>{}, std::vector<double>{10, 5},
                                                      std::vector<double>{3, 3},
                                                      std::vector<double>{10, 3, 2, 3}};
  const double width =
      place == 0 ? 7 : 1.4 + 3.4 * static_cast<double>(n - 1 - place) / static_cast<double>(n);
  // Neighbours differ in colour and in dash; the first is the reference.
  const std::size_t dash = place == 0 ? 0 : (place + (place - 1) / 5) % kDashes.size();
  return {place == 0 ? kColours[0] : kColours[1 + (place - 1) % 5], width, kDashes[dash]};
}

[[nodiscard]] DataArea area_at(double top, double height, const Box& range) {
  return {static_cast<int>(kProfileLeft) * kPixelsPerUnit, static_cast<int>(top) * kPixelsPerUnit,
          static_cast<int>(kProfileWidth) * kPixelsPerUnit, static_cast<int>(height) * kPixelsPerUnit, range};
}

[[nodiscard]] std::vector<Position> points_of(const DataArea& area, std::span<const double> values,
                                              double scale) {
  std::vector<Position> points;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(values.size() - 1);
    points.push_back(area.at(std::lerp(area.range.x0, area.range.x1, share), values[i] / scale));
  }
  return points;
}

}  // namespace

std::string difference_text(double largest_difference) {
  constexpr double kRounding = 1e-12;  // sums in another order differ by this much
  if (largest_difference <= kRounding) return "the same image";
  if (largest_difference > 1e-3)
    return fmt::format("differs by up to {}", number_text(largest_difference, 2));
  const double decade = std::pow(10.0, std::ceil(std::log10(largest_difference) - 1e-9));
  const std::string text = decade >= 1e-3 ? "10⁻³" : number_text(decade, 1).substr(std::string("1×").size());
  return "same to " + text;
}

ComparisonCuts::ComparisonCuts(std::span<const ComparedSource> sources) : sources_(sources) {
  for (const ComparedSource& source : sources) {
    if (!source.image || !source.measurement || source.measurement->gauges.empty()) continue;
    gauge_ = &source.measurement->gauges.front().gauge;
    threshold_ = source.measurement->threshold;
    break;
  }
  if (!gauge_) return;
  const math::Direction along = math::direction_of(gauge_->angle_deg);
  const double half = gauge_->length_nm / 2, ux = half * along.x, uy = half * along.y;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (!sources[i].image) continue;
    Cut cut{i,
            sources[i].image->series.sample_line(gauge_->x_nm - ux, gauge_->y_nm - uy, gauge_->x_nm + ux,
                                                 gauge_->y_nm + uy, kProfileSamples),
            0};
    if (!cuts_.empty())
      for (std::size_t k = 0; k < cut.intensity.size(); ++k)
        cut.largest_difference =
            std::max(cut.largest_difference, std::abs(cut.intensity[k] - cuts_[0].intensity[k]));
    cuts_.push_back(std::move(cut));
  }
}

double ComparisonCuts::height() const {
  if (!gauge_) return 0;
  const double plots = kTitle + kProfileHeight + kBetween + kDifferenceHeight + kBottomMargin;
  return std::max(plots, kTitle + kListStep * static_cast<double>(cuts_.size() + 1));
}

void ComparisonCuts::draw_curves(Canvas& canvas, double top) const {
  double high = threshold_;
  for (const Cut& cut : cuts_) high = std::max(high, std::ranges::max(cut.intensity));
  const double half = gauge_->length_nm / 2;
  const DataArea area = area_at(top, kProfileHeight, {-half, 0, half, 1.08 * high});
  canvas.clip(area.x0(), area.y0(), area.w(), area.h());
  canvas.line(area.at(-half, threshold_), area.at(half, threshold_), kThresholdStroke);
  for (std::size_t i = 0; i < cuts_.size(); ++i)
    canvas.polyline(points_of(area, cuts_[i].intensity, 1), false, stroke_of(i, cuts_.size()));
  canvas.unclip();
  draw_axes(canvas, area, "", "intensity");
}

void ComparisonCuts::draw_differences(Canvas& canvas, double top) const {
  double largest = 0;
  for (const Cut& cut : cuts_) largest = std::max(largest, cut.largest_difference);
  const bool none = !(largest > 1e-12);
  const int exponent = none ? 0 : static_cast<int>(std::floor(std::log10(largest) + 1e-12));
  // Small differences are written as multiples of a power of ten, large ones as plain numbers.
  const double scale = exponent < -2 ? std::pow(10.0, exponent) : 1;
  const double high = none ? 1 : 1.12 * largest / scale, half = gauge_->length_nm / 2;
  const DataArea area = area_at(top, kDifferenceHeight, {-half, -high, half, high});
  canvas.clip(area.x0(), area.y0(), area.w(), area.h());
  canvas.line(area.at(-half, 0), area.at(half, 0), {kZero, 3});
  for (std::size_t i = 1; i < cuts_.size() && !none; ++i) {
    std::vector<double> difference;
    for (std::size_t k = 0; k < cuts_[i].intensity.size(); ++k)
      difference.push_back(cuts_[i].intensity[k] - cuts_[0].intensity[k]);
    canvas.polyline(points_of(area, difference, scale), false, stroke_of(i, cuts_.size()));
  }
  canvas.unclip();
  if (none)
    canvas.text(area.x0() + area.w() / 2, area.y0() + area.h() / 2 - 12, "no differences beyond rounding",
                {.size = 12, .colour = kSoftInk, .anchor = Anchor::middle});
  const std::size_t reference = cuts_[0].source + 1;
  canvas.text(area.x0(), area.y0() - 8, fmt::format("difference of intensity from source {}", reference),
              {.size = 12, .colour = kInk, .bold = true});
  draw_axes(canvas, area, "position along the cut (nm)",
            scale == 1 ? "difference" : "in " + number_text(scale, 1).substr(std::string("1×").size()));
}

void ComparisonCuts::draw_list(Canvas& canvas, double left, double top, double width) const {
  for (std::size_t i = 0; i < cuts_.size(); ++i) {
    const ComparedSource& source = sources_[cuts_[i].source];
    const double y = top + kListStep * static_cast<double>(i) + 10, text_left = left + 48;
    canvas.line({left, y}, {left + 40, y}, stroke_of(i, cuts_.size()));
    canvas.text(text_left, y + 2,
                shortened(fmt::format("{}  {}", cuts_[i].source + 1, source.name), 12, true,
                          width - (text_left - left)),
                {.size = 12, .colour = kInk, .bold = true});
    std::string facts = i == 0 ? "reference" : difference_text(cuts_[i].largest_difference);
    const bool measured = source.measurement && !source.measurement->gauges.empty();
    if (measured) {
      const metrology::GaugeResult& result = source.measurement->gauges.front();
      facts += result.cd_nm ? fmt::format(" · CD {:.3f} nm", *result.cd_nm) : " · does not print";
    }
    canvas.text(text_left, y + 16, shortened(facts, 11, false, width - (text_left - left)),
                {.size = 11, .colour = kSoftInk});
  }
  const double y = top + kListStep * static_cast<double>(cuts_.size()) + 10;
  canvas.line({left, y}, {left + 40, y}, kThresholdStroke);
  canvas.text(left + 48, y + 4, fmt::format("threshold {}", number_text(threshold_)),
              {.size = 12, .colour = kInk});
}

void ComparisonCuts::draw(Canvas& canvas, double top, double width) const {
  if (!gauge_) return;
  canvas.text(
      16, top + 12,
      fmt::format("Intensity along gauge {}, at ({}, {}) nm, {}°", gauge_->name.empty() ? "1" : gauge_->name,
                  number_text(gauge_->x_nm), number_text(gauge_->y_nm), number_text(gauge_->angle_deg)),
      {.size = 13, .colour = kInk, .bold = true});
  draw_curves(canvas, top + kTitle);
  draw_differences(canvas, top + kTitle + kProfileHeight + kBetween);
  draw_list(canvas, kListLeft, top + kTitle, width - 16 - kListLeft);
}

}  // namespace undulith::report
