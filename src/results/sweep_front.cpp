// SPDX-License-Identifier: MIT
#include "undulith/results/sweep_front.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "undulith/core/error.hpp"
#include "undulith/io/csv.hpp"

namespace undulith::results {
namespace {

constexpr std::size_t kMostSeries = 4;  // of the picture

double shown_value(const SweepQuantity& quantity, double value) {
  return quantity.better == Better::smaller_size ? std::abs(value) : value;
}

// Larger is better.
double merit(const SweepQuantity& quantity, double value) {
  return quantity.better == Better::higher ? value : -shown_value(quantity, value);
}

std::string axis_label(const SweepQuantity& quantity) {
  const bool size = quantity.better == Better::smaller_size;
  return fmt::format("{}{}, {} is better", size ? "size of the " : "", quantity.label,
                     quantity.better == Better::higher ? "higher" : "lower");
}

// A row of the table with both quantities.
struct FrontPoint {
  std::size_t row = 0;
  double first = 0, second = 0;  ///< merits
};

// Those that no other one surpasses, by falling merit of the first quantity.
std::vector<FrontPoint> front_of(std::vector<FrontPoint> points) {
  std::ranges::sort(points, [](const FrontPoint& a, const FrontPoint& b) {
    if (a.first != b.first) return a.first > b.first;
    return a.second != b.second ? a.second > b.second : a.row < b.row;
  });
  std::vector<FrontPoint> front;
  for (const FrontPoint& point : points) {
    const bool same =
        !front.empty() && point.first == front.back().first && point.second == front.back().second;
    if (front.empty() || same || point.second > front.back().second) front.push_back(point);
  }
  return front;
}

}  // namespace

std::string FrontQuantities::file_name() const {
  return fmt::format("sweep_pareto_{}_{}", first.column, second.column);
}

FrontQuantities read_front(const std::string& text) {
  const std::size_t colon = text.find(':');
  const auto refuse = [&text](const std::string& why, const std::string& advice) {
    return InputError(fmt::format("--pareto {} ({}); {}", text, why, advice));
  };
  if (colon == std::string::npos)
    throw refuse("two quantities are needed", "write nils:wafers_per_hour, for example");
  FrontQuantities quantities{find_quantity(text.substr(0, colon)), find_quantity(text.substr(colon + 1))};
  if (quantities.first.column == quantities.second.column)
    throw refuse("both are the same quantity", "name two");
  for (const SweepQuantity& quantity : {quantities.first, quantities.second})
    if (quantity.better == Better::neither)
      throw refuse(fmt::format("neither more nor less {} is better", quantity.column),
                   quantity.column.starts_with("film") ? "use film_cd_error_nm" : "use cd_error_nm");
  return quantities;
}

std::optional<SweepFrontFiles> pareto_front(const study::SweepPlan& plan, const std::filesystem::path& csv,
                                            const FrontQuantities& quantities) {
  const auto& [first, second] = quantities;
  const SweepColumns columns(plan, csv);
  const std::vector<double> x = columns.numbers(first.column), y = columns.numbers(second.column);
  // Points alone where both quantities belong to them.
  const bool of_point = first.of_point && second.of_point;
  const std::size_t n_series = of_point || columns.gauges().empty() ? 1 : columns.gauges().size();
  std::vector<std::vector<FrontPoint>> points(n_series);
  std::vector<bool> seen(of_point ? plan.n_points : 0);
  for (std::size_t row = 0; row < columns.n_rows(); ++row) {
    if (!std::isfinite(x[row]) || !std::isfinite(y[row])) continue;
    if (of_point && seen[columns.point(row)]) continue;
    if (of_point) seen[columns.point(row)] = true;
    points[of_point ? 0 : columns.gauge(row).value_or(0)].push_back(
        {row, merit(first, x[row]), merit(second, y[row])});
  }
  if (std::ranges::all_of(points, [](const auto& of_gauge) { return of_gauge.empty(); })) return std::nullopt;

  std::string head = "gauge,point,";
  for (const study::VariedKey& key : plan.keys) head += io::format_text(key.name) + ",";
  SweepFrontFiles files{.csv = head + first.column + "," + second.column + "\n",
                        .picture = {.title = "Pareto front",
                                    .x_label = axis_label(first),
                                    .y_label = axis_label(second),
                                    .series = {}}};
  for (std::size_t g = 0; g < n_series; ++g) {
    if (points[g].empty()) continue;
    const std::string gauge = of_point || columns.gauges().empty() ? "" : columns.gauges()[g];
    report::SweepFront::Series series{
        .label = n_series > 1 ? gauge : "", .x = {}, .y = {}, .front_x = {}, .front_y = {}};
    for (const FrontPoint& one : points[g]) {
      series.x.push_back(shown_value(first, x[one.row]));
      series.y.push_back(shown_value(second, y[one.row]));
    }
    for (const FrontPoint& one : front_of(std::move(points[g]))) {
      const std::size_t point = columns.point(one.row);
      files.csv += fmt::format("{},{},", io::format_text(gauge), point + 1);
      for (std::size_t k = 0; k < plan.keys.size(); ++k)
        files.csv += io::format_text(study::value_text(plan.value(point, k))) + ",";
      files.csv += io::format_number(x[one.row]) + "," + io::format_number(y[one.row]) + "\n";
      series.front_x.push_back(shown_value(first, x[one.row]));
      series.front_y.push_back(shown_value(second, y[one.row]));
    }
    if (files.picture.series.size() < kMostSeries) files.picture.series.push_back(std::move(series));
  }
  return files;
}

}  // namespace undulith::results
