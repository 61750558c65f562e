// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "line_plot.hpp"
#include "undulith/report/optimisation_pictures.hpp"

namespace undulith::report {
namespace {

// Numbers of values in equal bins about zero; those beyond the last bin count in it.
struct Bins {
  double width, half;  // half: the end of the last bin
  [[nodiscard]] std::vector<double> counts(std::span<const double> values) const {
    const int n = static_cast<int>(std::lround(2 * half / width));
    std::vector<double> result(static_cast<std::size_t>(n));
    for (const double value : values)
      ++result[static_cast<std::size_t>(
          std::clamp(static_cast<int>(std::floor((value + half) / width)), 0, n - 1))];
    return result;
  }
};

// So that bins resolve the tolerance, and there are not too many of them.
Bins bins_of(const PlacementHistogram& errors) {
  double largest = 1.5 * errors.tolerance_nm;
  for (const std::vector<double>* values : {&errors.before_nm, &errors.after_nm})
    for (const double value : *values) largest = std::max(largest, std::abs(value));
  constexpr double kBinsPerTolerance = 5, kMostBins = 80;
  const double width =
      std::max(nice_length(errors.tolerance_nm / kBinsPerTolerance), nice_length(2 * largest / kMostBins));
  return {width, width * std::ceil(largest / width + 1)};
}

struct Steps {
  std::vector<double> x;
  std::vector<std::optional<double>> y;
};
Steps steps_of(const Bins& bins, const std::vector<double>& counts) {
  Steps steps;
  for (std::size_t i = 0; i < counts.size(); ++i)
    for (const std::size_t side : {i, i + 1}) {
      steps.x.push_back(-bins.half + static_cast<double>(side) * bins.width);
      steps.y.emplace_back(counts[i]);
    }
  return steps;
}

std::string series_name(const std::string& name, std::size_t n, int n_unprinted) {
  std::string text = fmt::format("{}: {} sites", name, n);
  if (n_unprinted > 0) text += fmt::format(", {} more have no printed edge", n_unprinted);
  return text;
}

}  // namespace

Picture draw_placement_errors(const PlacementHistogram& errors, const PictureOptions& options) {
  const Bins bins = bins_of(errors);
  const Steps before = steps_of(bins, bins.counts(errors.before_nm)),
              after = steps_of(bins, bins.counts(errors.after_nm));
  double highest = 1;
  for (const Steps* steps : {&before, &after})
    for (const auto& count : steps->y) highest = std::max(highest, *count);
  LinePlot plot{.title = "Edge placement errors",
                .options = options,
                .x_label = "edge placement error (nm); above 0: prints too large",
                .y_label = fmt::format("sites per {} nm", number_text(bins.width)),
                .quantity = "numbers of sites against their edge placement error in nm",
                .range = Box{-bins.half, 0, bins.half, 1.08 * highest},
                .height = 330};
  const std::vector<std::optional<double>> zero(before.x.size(), 0.0);
  plot.bands = {{.x = before.x,
                 .low = zero,
                 .high = before.y,
                 .colour = {140, 140, 140},
                 .opacity = 0.55,
                 .label = series_name("as drawn", errors.before_nm.size(), errors.unprinted_before)},
                {.x = after.x,
                 .low = zero,
                 .high = after.y,
                 .colour = okabe_ito::kBlue,
                 .opacity = 0.55,
                 .label = series_name("optimised", errors.after_nm.size(), errors.unprinted_after)}};
  plot.curves = {{.x = before.x, .y = before.y, .stroke = {{90, 90, 90}, 1}},
                 {.x = after.x, .y = after.y, .stroke = {okabe_ito::kBlue, 1.4}}};
  for (const double side : {-1.0, 1.0})
    plot.curves.push_back(
        {.x = {side * errors.tolerance_nm, side * errors.tolerance_nm},
         .y = {0.0, 1.08 * highest},
         .stroke = {okabe_ito::kVermillion, 1.6, {5, 3}},
         .label = side > 0 ? fmt::format("tolerance ± {} nm", number_text(errors.tolerance_nm)) : ""});
  return draw_line_plot(plot);
}

Picture draw_convergence(std::span<const SearchCurve> curves, const std::string& step_name,
                         const std::string& value_name, const PictureOptions& options) {
  LinePlot plot{.title = "Convergence",
                .options = options,
                .x_label = step_name,
                .y_label = value_name,
                .quantity = value_name + " against " + step_name,
                .height = 330};
  constexpr std::size_t kMostMarked = 60;  // more discs than this hide the line
  for (std::size_t i = 0; i < curves.size(); ++i) {
    const SearchCurve& curve = curves[i];
    plot.curves.push_back({.x = curve.step,
                           .y = {curve.value.begin(), curve.value.end()},
                           .stroke = {kind_colour(i), 1.8},
                           .label = curve.name,
                           .marker = curve.step.size() <= kMostMarked ? 2.4 : 0.0});
  }
  Box range = range_of(plot);
  range.y0 = 0;
  plot.range = range;
  return draw_line_plot(plot);
}

}  // namespace undulith::report
