// SPDX-License-Identifier: MIT
#include "undulith/results/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <ranges>
#include <span>

#include "results/prepared_json.hpp"
#include "undulith/io/csv.hpp"
#include "undulith/results/resist_report.hpp"
#include "undulith/results/table.hpp"
#include "undulith/results/thick_mask_text.hpp"

namespace undulith::results {
namespace {

using metrology::GaugeResult;
using metrology::PrintStatus;

std::size_t count(const metrology::Measurement& measurement, PrintStatus status) {
  return static_cast<std::size_t>(std::ranges::count(measurement.gauges, status, &GaugeResult::status));
}

struct Spread {
  double mean, lowest, highest;
};
std::optional<Spread> spread_of(const std::vector<double>& values) {
  if (values.empty()) return {};
  const auto [low, high] = std::ranges::minmax(values);
  return Spread{std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size()), low,
                high};
}

std::optional<Spread> spread_of(const metrology::Measurement& measurement,
                                std::optional<double> GaugeResult::*member) {
  std::vector<double> values;
  for (const GaugeResult& result : measurement.gauges)
    if (result.status == PrintStatus::printed && result.*member) values.push_back(*(result.*member));
  return spread_of(values);
}

Json spread_json(const std::optional<Spread>& spread) {
  if (!spread) return nullptr;
  return Json{{"mean", spread->mean}, {"min", spread->lowest}, {"max", spread->highest}};
}

Json skipped_json(const metrology::SkippedEdges& skipped) {
  if (skipped.least_edge_nm == 0) return nullptr;
  return Json{{"least_edge_nm", skipped.least_edge_nm},
              {"too_short", skipped.too_short},
              {"near_border", skipped.near_border},
              {"not_facing", skipped.not_facing},
              {"over_limit", skipped.over_limit}};
}

/// Why edges of the layout have no gauge; nothing if all have one.
std::string skipped_text(const metrology::SkippedEdges& skipped) {
  std::string reasons;
  const auto add = [&](int n, const std::string& why) {
    if (n > 0) reasons += fmt::format("{}{} {}", reasons.empty() ? "" : ", ", n, why);
  };
  add(skipped.too_short,
      fmt::format("shorter than {:.3g} nm (metrology.min_edge_nm)", skipped.least_edge_nm));
  add(skipped.near_border, "too near to the border of the window");
  add(skipped.not_facing, "without a parallel edge on the other side of the feature");
  std::string text;
  if (!reasons.empty()) text += "edges without a gauge: " + reasons + "\n";
  if (skipped.over_limit > 0)
    text += fmt::format("{} more gauges were left out (metrology.max_gauges)\n", skipped.over_limit);
  return text;
}

/// Edge placement of a gauge at a line end; absent for other gauges.
std::optional<double> line_end_epe_nm(const GaugeResult& result) {
  switch (result.gauge.edges) {
    case metrology::GaugeEdges::both:
      break;
    case metrology::GaugeEdges::left:
      return result.epe_left_nm;
    case metrology::GaugeEdges::right:
      return result.epe_right_nm;
  }
  return {};
}

std::optional<Spread> line_ends_of(const metrology::Measurement& measurement) {
  std::vector<double> values;
  for (const GaugeResult& result : measurement.gauges)
    if (const auto epe_nm = line_end_epe_nm(result)) values.push_back(*epe_nm);
  return spread_of(values);
}

std::string status_text(const GaugeResult& result) {
  std::string text = metrology::name_of(result.status);
  if (const auto epe_nm = line_end_epe_nm(result)) text += fmt::format(", line end {:+.2f} nm", *epe_nm);
  return text;
}

Json metrology_json(const metrology::Measurement& measurement) {
  return Json{{"threshold", measurement.threshold},
              {"n_gauges", measurement.gauges.size()},
              {"n_printed", count(measurement, PrintStatus::printed)},
              {"n_not_printed", count(measurement, PrintStatus::not_printed)},
              {"n_merged", count(measurement, PrintStatus::merged)},
              {"cd_nm", spread_json(spread_of(measurement, &GaugeResult::cd_nm))},
              {"cd_error_nm", spread_json(spread_of(measurement, &GaugeResult::cd_error_nm))},
              {"nils", spread_json(spread_of(measurement, &GaugeResult::nils))},
              {"line_end_epe_nm", spread_json(line_ends_of(measurement))},
              {"skipped_edges", skipped_json(measurement.skipped)},
              {"printed_area_fraction", measurement.printed_area_fraction}};
}

Json with_image(Json json, const imaging::AerialImage& image) {
  double low = std::numeric_limits<double>::infinity(), high = -low, sum = 0;
  image.intensity.visit_rows([&](int, std::span<const double> rows) {
    const auto [least, most] = std::ranges::minmax(rows);
    low = std::min(low, least);
    high = std::max(high, most);
    sum = std::accumulate(rows.begin(), rows.end(), sum);
  });
  json["output_step_nm"] = Json::array({image.intensity.grid().dx, image.intensity.grid().dy});
  json["intensity_min"] = low;
  json["intensity_max"] = high;
  json["intensity_mean"] =
      sum / (static_cast<double>(image.intensity.nx()) * static_cast<double>(image.intensity.ny()));
  json["open_frame_raw"] = image.open_frame_raw;
  json["clear_field"] = image.clear_field;
  if (image.n_kernels > 0) json["n_kernels"] = image.n_kernels;
  return json;
}

Json wavelengths_json(const flow::SpectrumResult& spectrum) {
  Json nodes = Json::array();
  for (const imaging::SpectralNode& node : spectrum.nodes)
    nodes.push_back({{"wavelength_nm", node.wavelength_nm}, {"share", node.share}});
  return nodes;
}

Json flare_json(const flow::Results& results) {
  const imaging::FlareParameters& flare = results.prepared.job.imaging.flare;
  Json json{{"tis", flare.tis},
            {"clear_density", flare.clear_density.value_or(results.diffraction.open_area_fraction)}};
  if (results.prepared.kirk_flare) json["kirk_flare"] = *results.prepared.kirk_flare;
  return json;
}

// Errors of the intensities relative to the open frame, and what each is measured against.
Json accuracy_json(const flow::Results& results) {
  Json list = Json::array();
  const auto& bound = results.image.error_bound;
  list.push_back({{"against", "the Abbe sum over the same source points, wavelengths and periodic cell"},
                  {"error_bound", number_or_null(bound)}});
  if (results.image.rounding_error)
    list.push_back(
        {{"against", "the same sum in double precision"}, {"error_estimate", *results.image.rounding_error}});
  if (results.spectrum.change)
    list.push_back(
        {{"against", "the whole spectrum of the source"}, {"error_estimate", *results.spectrum.change}});
  if (results.spectrum.omitted_light > 0)
    list.push_back({{"against", "all source points, polarisation states and wavelengths"},
                    {"omitted_light", results.spectrum.omitted_light}});
  list.push_back({{"against", "a continuous source and an isolated window"},
                  {"error_estimate", nullptr},
                  {"how_to_know", "undulith converge"}});
  return list;
}

std::string accuracy_text(const flow::Results& results) {
  std::string text = "accuracy: ";
  if (!results.image.error_bound)
    text += "not known for kernels of unknown origin";
  else if (results.image.n_kernels > 0)
    text += fmt::format("{} kernels, at most {:.1e} of the open frame from all source points",
                        results.image.n_kernels, *results.image.error_bound);
  else
    text += "exact for its source points and its cell";
  if (results.image.rounding_error)
    text +=
        fmt::format("; single precision, measured {:.1e} of the open frame", *results.image.rounding_error);
  if (results.spectrum.change)
    text += fmt::format("; {} wavelengths, error about {:.1e}", results.spectrum.nodes.size(),
                        *results.spectrum.change);
  if (results.spectrum.omitted_light > 0)
    text += fmt::format("; {:.1e} of the light left out", results.spectrum.omitted_light);
  return text + "; against a continuous source: undulith converge\n";
}

// Warnings without their place in the job: the same results have the same bytes wherever the job was read from.
std::vector<std::string> sentences_of(std::vector<std::string> warnings) {
  constexpr std::string_view kLevel = ": warning: ";
  for (std::string& warning : warnings)
    if (const std::size_t level = warning.substr(0, warning.find('\n')).find(kLevel);
        level != std::string::npos)
      warning = warning.substr(level + kLevel.size(), warning.find('\n') - level - kLevel.size());
  return warnings;
}

}  // namespace

std::string summary_json(const job::ReadJob& read, const flow::Results& results) {
  const flow::Prepared& prepared = results.prepared;
  Json json = head_json(read);
  json["source"] = source_json(prepared.light);
  json["illuminator"] = illuminator_json(prepared.pupil_fill);
  const flow::LightChain& chain = prepared.chain;
  json["throughput"] = {
      {"mask_power_w", chain.beamline.mask_power_w},
      {"wafer_power_w", chain.wafer_power_w},
      {"wafer_bandwidth_percent",
       chain.beamline.bandwidth_known ? Json(chain.beamline.bandwidth_fwhm_percent) : Json(nullptr)},
      {"dose_mj_cm2", prepared.job.throughput.dose_mj_cm2},
      {"wafers_per_hour", chain.throughput.wafers_per_hour}};
  json["clip"] = clip_json(prepared.clip);
  json["mask"] = {{"model", name_of(mask::model_of(prepared.job.mask))},
                  {"orders", Json::array({2 * results.diffraction.max_order_x + 1,
                                          2 * results.diffraction.max_order_y + 1})},
                  {"open_reflectance", results.diffraction.open_reflectance},
                  {"absorber_reflectance", results.diffraction.absorber_reflectance},
                  {"absorber_phase_deg", results.diffraction.absorber_phase_deg},
                  {"open_area_fraction", results.diffraction.open_area_fraction}};
  if (results.diffraction.thick) json["mask"].update(thick_mask_json(results.diffraction.thick->report));
  json["imaging"] = with_image(imaging_json(prepared), results.image);
  json["imaging"]["wavelengths"] = wavelengths_json(results.spectrum);
  if (prepared.job.imaging.flare.tis > 0) json["imaging"]["flare"] = flare_json(results);
  json["accuracy"] = accuracy_json(results);
  json["metrology"] = metrology_json(results.measurement);
  if (!results.through_focus.empty()) {
    Json& planes = json["through_focus"] = Json::array();
    for (const flow::PlaneResult& plane : results.through_focus)
      planes.push_back({{"focus_nm", plane.focus_nm}, {"metrology", metrology_json(plane.measurement)}});
  }
  if (results.resist) {
    json["resist"] = resist_json(prepared, *results.resist);
    if (results.resist->stochastics) json["stochastics"] = stochastics_json(*results.resist->stochastics);
  }
  json["warnings"] = sentences_of(all_warnings(read, prepared));
  return json_text(json, "summary.json");
}

std::string measurements_csv(const metrology::Measurement& measurement) {
  std::string csv =
      "name,x_nm,y_nm,angle_deg,length_nm,feature,status,cd_nm,target_cd_nm,cd_error_nm,epe_left_nm,epe_"
      "right_nm,"
      "shift_nm,nils,ils_left_per_nm,ils_right_per_nm,i_min,i_max,contrast\n";
  for (const GaugeResult& r : measurement.gauges) {
    csv += fmt::format(
        "{},{},{},{},{}\n", io::format_text(r.gauge.name),
        fields({r.gauge.x_nm, r.gauge.y_nm, r.gauge.angle_deg, r.gauge.length_nm}),
        r.gauge.feature == metrology::Feature::bright ? "bright" : "dark", metrology::name_of(r.status),
        fields({r.cd_nm, r.target_cd_nm, r.cd_error_nm, r.epe_left_nm, r.epe_right_nm, r.shift_nm, r.nils,
                r.ils_left_per_nm, r.ils_right_per_nm, r.i_min, r.i_max, r.contrast}));
  }
  return csv;
}

std::string through_focus_csv(const flow::Results& results) {
  std::string csv = "name,focus_nm,status,cd_nm,cd_error_nm,shift_nm,nils,contrast\n";
  const auto add = [&](double focus_nm, const metrology::Measurement& measurement) {
    for (const GaugeResult& r : measurement.gauges)
      csv += fmt::format("{},{},{},{}\n", io::format_text(r.gauge.name), field(focus_nm),
                         metrology::name_of(r.status),
                         fields({r.cd_nm, r.cd_error_nm, r.shift_nm, r.nils, r.contrast}));
  };
  add(results.image.focus_nm, results.measurement);
  for (const flow::PlaneResult& plane : results.through_focus) add(plane.focus_nm, plane.measurement);
  return csv;
}

std::string gauge_table(const metrology::Measurement& measurement) {
  std::string text = fmt::format("{:<14} {:>9} {:>9} {:>9} {:>9} {:>7} {:>9}  {}\n", "gauge", "x_nm", "y_nm",
                                 "target_nm", "cd_nm", "nils", "contrast", "status");
  for (const GaugeResult& r : measurement.gauges | std::views::take(kTableRows))
    text += fmt::format("{:<14} {:>9.1f} {:>9.1f} {:>9} {:>9} {:>7} {:>9.3f}  {}\n", r.gauge.name,
                        r.gauge.x_nm, r.gauge.y_nm, cell(r.target_cd_nm, 2), cell(r.cd_nm, 3),
                        cell(r.nils, 2), r.contrast, status_text(r));
  if (measurement.gauges.size() > kTableRows)
    text += fmt::format("... and {} more in measurements.csv\n", measurement.gauges.size() - kTableRows);
  text += fmt::format("{} gauge{} at threshold {}: {} printed, {} not printed, {} merged\n",
                      measurement.gauges.size(), measurement.gauges.size() == 1 ? "" : "s",
                      measurement.threshold, count(measurement, PrintStatus::printed),
                      count(measurement, PrintStatus::not_printed), count(measurement, PrintStatus::merged));
  if (const auto ends = line_ends_of(measurement))
    text += fmt::format("line ends: mean edge placement error {:+.2f} nm, from {:+.2f} to {:+.2f} nm\n",
                        ends->mean, ends->lowest, ends->highest);
  return text + skipped_text(measurement.skipped);
}

std::string result_text(const flow::Results& results) {
  std::string text = gauge_table(results.measurement);
  for (const flow::PlaneResult& plane : results.through_focus)
    text += fmt::format("focus {:g} nm: {} printed, {} not printed, {} merged\n", plane.focus_nm,
                        count(plane.measurement, PrintStatus::printed),
                        count(plane.measurement, PrintStatus::not_printed),
                        count(plane.measurement, PrintStatus::merged));
  if (results.prepared.kirk_flare)
    text +=
        fmt::format("flare: {:.2f} % of the open frame here, {:.2f} % in the middle of a dark pad (Kirk)\n",
                    100 * results.prepared.job.imaging.flare.tis *
                        results.prepared.job.imaging.flare.clear_density.value_or(0),
                    100 * *results.prepared.kirk_flare);
  return text + thick_mask_text(results) + accuracy_text(results);
}

}  // namespace undulith::results
