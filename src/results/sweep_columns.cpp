// SPDX-License-Identifier: MIT
#include "undulith/results/sweep_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <map>

#include "undulith/core/decimal.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/spelling.hpp"
#include "undulith/io/csv.hpp"
#include "undulith/results/sweep_table.hpp"

namespace undulith::results {

const std::vector<SweepQuantity>& sweep_quantities() {
  static const std::vector<SweepQuantity> quantities{
      {"cd_nm", "CD (nm)"},
      {"cd_error_nm", "CD error (nm)", Better::smaller_size},
      {"shift_nm", "shift (nm)", Better::smaller_size},
      {"nils", "NILS", Better::higher},
      {"contrast", "contrast", Better::higher},
      {"film_cd_nm", "CD of the resist (nm)"},
      {"film_cd_error_nm", "CD error of the resist (nm)", Better::smaller_size},
      {"film_top_loss_nm", "top loss (nm)", Better::lower},
      {"noise_mean_cd_nm", "mean CD with noise (nm)"},
      {"noise_cd_sigma_nm", "sigma of the CD (nm)", Better::lower},
      {"ler_unbiased_nm", "unbiased LER, 1 sigma (nm)", Better::lower},
      {"lwr_unbiased_nm", "unbiased LWR, 1 sigma (nm)", Better::lower},
      {"wafers_per_hour", "wafers per hour", Better::higher, true},
  };
  return quantities;
}

const SweepQuantity& find_quantity(std::string_view column) {
  const auto& all = sweep_quantities();
  const auto found = std::ranges::find(all, column, &SweepQuantity::column);
  if (found != all.end()) return *found;
  std::vector<std::string> names;
  for (const SweepQuantity& quantity : all) names.push_back(quantity.column);
  const auto near = closest(column, names);
  throw InputError(fmt::format(
      "{} (no quantity of a sweep has that name); {}", column,
      near ? fmt::format("did you mean {}?", *near) : fmt::format("use one of {}", fmt::join(names, ", "))));
}

void read_rows(const std::filesystem::path& csv,
               const std::function<void(const std::vector<std::string>& fields)>& take) {
  std::ifstream file(csv, std::ios::binary);
  std::string line;
  if (!std::getline(file, line))
    throw IoError(fmt::format("cannot read {} (it was just written); check its disk", csv.string()));
  while (std::getline(file, line)) take(io::csv_fields(line));
}

std::vector<std::size_t> keys_without_effect(const study::SweepPlan& plan, const std::filesystem::path& csv) {
  std::vector<std::uint64_t> results(plan.n_points);  // hashes of what each point gave
  std::string text;
  read_rows(csv, [&](const std::vector<std::string>& fields) {
    const auto point = static_cast<std::size_t>(decimal_of(fields.at(0)).value_or(1)) - 1;
    text = std::to_string(results.at(point));
    for (std::size_t i = plan.keys.size() + 1; i < fields.size(); ++i) text += '\n' + fields[i];
    results[point] = std::hash<std::string>{}(text);
  });
  std::vector<std::size_t> keys;
  std::size_t stride = 1;
  for (std::size_t k = plan.keys.size(); k-- > 0;) {
    bool changes = plan.keys[k].values.size() < 2;
    for (std::size_t point = 0; point < plan.n_points && !changes; ++point)
      changes = results[point] != results[plan.is_grid ? point - stride * plan.index(point, k) : 0];
    if (!changes) keys.insert(keys.begin(), k);
    stride *= plan.keys[k].values.size();
  }
  return keys;
}

SweepColumns::SweepColumns(const study::SweepPlan& plan, std::filesystem::path csv)
    : csv_(std::move(csv)), head_(io::csv_fields(sweep_head(plan))) {
  const std::size_t gauge_column = plan.keys.size() + 1;
  std::map<std::string, std::uint32_t> number_of;
  read_rows(csv_, [&](const std::vector<std::string>& fields) {
    point_.push_back(static_cast<std::uint32_t>(decimal_of(fields.at(0)).value_or(1)) - 1);
    const std::string& name = fields.at(gauge_column);
    if (name.empty()) return gauge_.push_back(kNoGauge);
    const auto [found, is_new] = number_of.emplace(name, static_cast<std::uint32_t>(gauges_.size()));
    if (is_new) gauges_.push_back(name);
    gauge_.push_back(found->second);
  });
}

std::vector<double> SweepColumns::numbers(const std::string& column) const {
  const auto at = static_cast<std::size_t>(std::ranges::find(head_, column) - head_.begin());
  std::vector<double> values;
  values.reserve(point_.size());
  read_rows(csv_, [&](const std::vector<std::string>& fields) {
    values.push_back(decimal_of(fields.at(at)).value_or(std::numeric_limits<double>::quiet_NaN()));
  });
  return values;
}

}  // namespace undulith::results
