// SPDX-License-Identifier: MIT
#include "undulith/results/sweep_plots.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "undulith/io/csv.hpp"

namespace undulith::results {
namespace {

constexpr std::size_t kMostGauges = 6, kMostPictures = 4, kMostCurves = 11;

std::string label_of(const KeyValue& value) {
  const auto* number = std::get_if<double>(&value);
  return number != nullptr ? fmt::format("{:.6g}", *number) : study::value_text(value);
}

// The lines of a sweep's table with a quantity.
class Table {
 public:
  Table(const study::SweepPlan& plan, const std::string& csv) : plan_(plan) {
    io::CsvOptions options{
        .texts = {"gauge", "status", "film_status", "error"}, .usual_columns = {}, .n_columns = {}};
    for (const study::VariedKey& key : plan.keys)
      if (!key.is_number()) options.texts.push_back(key.name);
    table_ = io::parse_csv(csv, "sweep.csv", options);
    point_ = table_.column("point");
    for (const std::string& name : table_.texts("gauge"))
      if (!name.empty() && std::ranges::find(gauges_, name) == gauges_.end()) gauges_.push_back(name);
  }

  [[nodiscard]] const std::vector<std::string>& gauges() const { return gauges_; }

  [[nodiscard]] bool has(const std::string& column) const {
    const std::size_t at = table_.column_with_gaps(column);
    return std::ranges::any_of(table_.rows, [at](const auto& row) { return std::isfinite(row[at]); });
  }

  // A quantity of a gauge over a key, at the points that `wanted` chooses.
  template <class Wanted>
  [[nodiscard]] report::SweepCurve curve(const std::string& gauge, const std::string& column, std::size_t key,
                                         std::string label, const Wanted& wanted) const {
    const std::size_t at = table_.column_with_gaps(column);
    std::vector<std::pair<double, std::optional<double>>> samples;
    for (std::size_t i = 0; i < table_.rows.size(); ++i) {
      if (table_.texts("gauge")[i] != gauge) continue;
      const std::vector<KeyValue>& values =
          plan_.points[static_cast<std::size_t>(table_.rows[i][point_]) - 1];
      if (!wanted(values)) continue;
      const double y = table_.rows[i][at];
      samples.emplace_back(study::value_number(values[key]),
                           std::isfinite(y) ? std::optional(y) : std::nullopt);
    }
    std::ranges::stable_sort(samples, {}, [](const auto& sample) { return sample.first; });
    report::SweepCurve curve{.label = std::move(label), .x = {}, .y = {}};
    for (const auto& [x, y] : samples) {
      curve.x.push_back(x);
      curve.y.push_back(y);
    }
    if (std::ranges::none_of(curve.y, [](const auto& y) { return y.has_value(); }))
      curve.label += " (not printed)";
    return curve;
  }

  // Of a gauge, where all its lines have the same one.
  [[nodiscard]] std::optional<double> target_nm(const std::string& gauge) const {
    const std::size_t at = table_.column_with_gaps("target_cd_nm");
    std::optional<double> target;
    for (std::size_t i = 0; i < table_.rows.size(); ++i) {
      if (table_.texts("gauge")[i] != gauge) continue;
      const double here = table_.rows[i][at];
      if (!std::isfinite(here) || (target && *target != here)) return std::nullopt;
      target = here;
    }
    return target;
  }

 private:
  const study::SweepPlan& plan_;
  io::CsvTable table_;
  std::size_t point_ = 0;
  std::vector<std::string> gauges_;
};

std::vector<KeyValue> distinct_values(const study::SweepPlan& plan, std::size_t key) {
  std::vector<KeyValue> values;
  std::set<std::string> seen;
  for (const auto& point : plan.points)
    if (seen.insert(study::value_text(point[key])).second) values.push_back(point[key]);
  return values;
}

// The number with most values; none where no number has two.
std::optional<std::size_t> key_of_axis(const study::SweepPlan& plan) {
  std::optional<std::size_t> axis;
  std::size_t most = 1;
  for (std::size_t k = 0; k < plan.keys.size(); ++k)
    if (const std::size_t n = distinct_values(plan, k).size(); plan.keys[k].is_number() && n > most) {
      axis = k;
      most = n;
    }
  return axis;
}

bool has_curve(const report::SweepPlot& plot) {
  return std::ranges::any_of(plot.curves, [](const report::SweepCurve& curve) {
    return std::ranges::any_of(curve.y, [](const auto& y) { return y.has_value(); });
  });
}

}  // namespace

std::vector<SweepPlotFile> sweep_plots(const study::SweepPlan& plan, const std::string& csv) {
  const std::optional<std::size_t> axis = key_of_axis(plan);
  if (!axis) return {};
  const Table table(plan, csv);
  std::vector<std::size_t> others;
  for (std::size_t k = 0; k < plan.keys.size(); ++k)
    if (k != *axis && distinct_values(plan, k).size() > 1) others.push_back(k);
  const std::string x_label = plan.keys[*axis].name;
  const std::vector<KeyValue> family =
      others.size() == 1 ? distinct_values(plan, others.front()) : std::vector<KeyValue>{};
  // With a value of its own at every point there is no curve for each.
  const bool is_family =
      family.size() > 1 && family.size() <= kMostCurves && family.size() < plan.points.size();
  const std::vector<std::string>& gauges = table.gauges();

  std::vector<SweepPlotFile> files;
  std::vector<std::string> details;
  if (const std::size_t most = is_family ? kMostPictures : kMostGauges; gauges.size() > most)
    details.push_back(fmt::format("{} of {} gauges; all are in sweep.csv", most, gauges.size()));
  if (!is_family && !others.empty()) {
    std::string names;
    for (const std::size_t k : others) names += (names.empty() ? "" : ", ") + plan.keys[k].name;
    details.push_back(fmt::format("from point to point {} changes as well", names));
  }
  const auto add = [&](std::string name, report::SweepPlot plot) {
    if (has_curve(plot)) files.push_back({std::move(name), std::move(plot), details});
  };
  struct Quantity {
    std::string file, column, label;
  };
  const bool film = table.has("film_cd_nm");
  for (const Quantity& quantity :
       {Quantity{"sweep_cd", film ? "film_cd_nm" : "cd_nm", film ? "CD of the resist (nm)" : "CD (nm)"},
        Quantity{"sweep_nils", "nils", "NILS"}}) {
    const bool is_cd = quantity.file == "sweep_cd";
    const std::string title = fmt::format("{} against {}", is_cd ? "CD" : "NILS", x_label);
    if (!is_family) {
      report::SweepPlot plot{
          .title = title,
          .x_label = x_label,
          .y_label = quantity.label,
          .kind = others.empty() ? report::SweepCurves::gauges : report::SweepCurves::points,
          .curves = {},
          .target = {}};
      for (std::size_t g = 0; g < std::min(kMostGauges, gauges.size()); ++g)
        plot.curves.push_back(
            table.curve(gauges[g], quantity.column, *axis, gauges[g], [](const auto&) { return true; }));
      if (is_cd && gauges.size() == 1) plot.target = table.target_nm(gauges.front());
      add(quantity.file + ".png", std::move(plot));
      continue;
    }
    for (std::size_t g = 0; g < std::min(kMostPictures, gauges.size()); ++g) {
      report::SweepPlot plot{.title = fmt::format("{}, gauge {}", title, gauges[g]),
                             .x_label = x_label,
                             .y_label = quantity.label,
                             .kind = report::SweepCurves::family,
                             .curves = {},
                             .target = is_cd ? table.target_nm(gauges[g]) : std::nullopt};
      const std::size_t other = others.front();
      for (const KeyValue& value : family)
        plot.curves.push_back(table.curve(gauges[g], quantity.column, *axis,
                                          fmt::format("{} = {}", plan.keys[other].name, label_of(value)),
                                          [&](const auto& values) { return values[other] == value; }));
      // A key behind the image changes no NILS.
      const auto same = [&](const report::SweepCurve& curve) { return curve.y == plot.curves.front().y; };
      if (std::ranges::all_of(plot.curves, same)) {
        plot.curves.resize(1);
        plot.curves.front().label = fmt::format("every {}", plan.keys[other].name);
      }
      add(gauges.size() == 1 ? quantity.file + ".png" : fmt::format("{}_{}.png", quantity.file, g + 1),
          std::move(plot));
    }
  }
  return files;
}

}  // namespace undulith::results
