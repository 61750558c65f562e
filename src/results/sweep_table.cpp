// SPDX-License-Identifier: MIT
#include "undulith/results/sweep_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "undulith/io/csv.hpp"
#include "undulith/io/finite.hpp"
#include "undulith/results/table.hpp"

namespace undulith::results {
namespace {

constexpr const char* kColumns =
    "gauge,x_nm,y_nm,status,cd_nm,target_cd_nm,cd_error_nm,shift_nm,nils,contrast,film_status,film_cd_nm,"
    "film_cd_error_nm,film_top_loss_nm,noise_mean_cd_nm,noise_cd_sigma_nm,ler_unbiased_nm,lwr_unbiased_nm,"
    "wafers_per_hour,error";

// A text in one line.
std::string text_field(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return io::format_text(text);
}

// The point and its values, with a comma behind each.
std::string place_fields(const study::SweepPlan& plan, std::size_t point) {
  std::string text = fmt::format("{},", point + 1);
  for (std::size_t k = 0; k < plan.keys.size(); ++k)
    text += text_field(study::value_text(plan.value(point, k))) + ",";
  return text;
}

std::string film_fields(const std::optional<flow::ResistStage>& stage, std::size_t gauge) {
  if (!stage || gauge >= stage->measurement.gauges.size()) return ",,,";
  const metrology::ProfileResult& r = stage->measurement.gauges[gauge];
  return fmt::format("{},{}", metrology::name_of(r.at_cd_height.status),
                     fields({r.at_cd_height.cd_nm, r.at_cd_height.cd_error_nm, r.top_loss_nm}));
}

std::optional<double> unbiased_sigma_nm(const std::optional<metrology::RoughnessResult>& roughness) {
  return roughness && roughness->unbiased ? std::optional(roughness->unbiased->model.sigma_nm) : std::nullopt;
}

std::string noise_fields(const std::optional<flow::ResistStage>& stage, std::size_t gauge) {
  if (!stage || !stage->stochastics || gauge >= stage->stochastics->gauges.size()) return ",,,";
  const metrology::GaugeNoise& g = stage->stochastics->gauges[gauge];
  const auto known = [&](std::size_t fewest, double value) {
    return g.cd_nm.size() < fewest ? std::nullopt : std::optional(value);
  };
  return fields(
      {known(1, g.mean_nm()), known(2, g.sigma_nm()), unbiased_sigma_nm(g.ler), unbiased_sigma_nm(g.lwr)});
}

}  // namespace

std::string sweep_head(const study::SweepPlan& plan) {
  std::string head = "point,";
  for (const study::VariedKey& key : plan.keys) head += io::format_text(key.name) + ",";
  return head + kColumns + "\n";
}

std::string sweep_lines(const study::SweepPlan& plan, const study::SweepResult& result) {
  const std::string place = place_fields(plan, result.point);
  const auto n_columns = static_cast<std::size_t>(std::ranges::count(std::string_view(kColumns), ',')) + 1;
  if (!result.results) {
    return place + std::string(n_columns - 1, ',') + text_field(result.error) + "\n";
  }
  const flow::Results& results = *result.results;
  const std::string wafers = field(results.prepared.chain.throughput.wafers_per_hour);
  std::string lines;
  const std::vector<metrology::GaugeResult>& gauges = results.measurement.gauges;
  for (std::size_t i = 0; i < gauges.size(); ++i) {
    const metrology::GaugeResult& r = gauges[i];
    lines += fmt::format("{}{},{},{},{},{},{},{},\n", place, text_field(r.gauge.name),
                         fields({r.gauge.x_nm, r.gauge.y_nm}), metrology::name_of(r.status),
                         fields({r.cd_nm, r.target_cd_nm, r.cd_error_nm, r.shift_nm, r.nils, r.contrast}),
                         film_fields(results.resist, i), noise_fields(results.resist, i), wafers);
  }
  if (gauges.empty()) lines = place + std::string(n_columns - 2, ',') + wafers + ",\n";
  io::require_finite_fields(sweep_head(plan) + lines, "sweep.csv");
  return lines;
}

}  // namespace undulith::results
