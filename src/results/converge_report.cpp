// SPDX-License-Identifier: MIT
#include "undulith/results/converge_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "undulith/core/version.hpp"
#include "undulith/results/table.hpp"

namespace undulith::results {
namespace {

using Json = nlohmann::ordered_json;

/// What no refinement shows: the physics that the job leaves out.
const std::vector<std::string> kNotIncluded = {
    "models (a thin mask, the resist and its parameters, optical constants, the light source)",
    "parameters of the job itself (aberrations, films, focus, dose)"};

// Names of the discretisations that the error bar does not include, or not reliably.
std::vector<std::string> names_of(const study::Convergence& convergence,
                                  bool (*which)(const study::DiscretisationResult&)) {
  std::vector<std::string> names;
  for (const study::DiscretisationResult& result : convergence.discretisations)
    if (which(result)) names.push_back(result.key);
  return names;
}
std::vector<std::string> missing(const study::Convergence& convergence) {
  return names_of(convergence,
                  [](const study::DiscretisationResult& k) { return k.not_varied.empty() && !k.intensity; });
}
std::vector<std::string> not_converging(const study::Convergence& convergence) {
  return names_of(convergence, [](const study::DiscretisationResult& k) {
    return (k.intensity && !k.intensity->converges) || (k.cd_nm && !k.cd_nm->converges);
  });
}

std::string rate_text(const std::string& quantity, const study::Remainder& remainder) {
  if (!remainder.ratio) return {};
  if (!remainder.converges)
    return fmt::format("{} does not converge (ratio {:.2f} per refinement)", quantity, *remainder.ratio);
  return fmt::format("{} falls by {:.2f} per refinement (order {:.1f})", quantity, *remainder.ratio,
                     std::log2(*remainder.ratio));
}

// "+-0.035" or, where nothing but rounding is left, "<1e-08".
std::string error_text(double value, double rounding, const std::string& sign, const std::string& number) {
  return value <= rounding ? fmt::format("<{:g}", rounding) : sign + number;
}

std::string left_text(const study::DiscretisationResult& result) {
  const auto sign = [](const study::Remainder& r) { return r.converges ? "" : "about "; };
  std::string text = "left in the job: " + error_text(result.intensity->left, study::kRoundingIntensity,
                                                      sign(*result.intensity),
                                                      fmt::format("{:.1e}", result.intensity->left));
  if (result.cd_nm)
    text += fmt::format(", {} nm", error_text(result.cd_nm->left, study::kRoundingCd_nm, sign(*result.cd_nm),
                                              fmt::format("{:.4f}", result.cd_nm->left)));
  return text;
}

std::string discretisation_text(const study::DiscretisationResult& result) {
  if (!result.not_varied.empty())
    return fmt::format("{:<28} not varied: {}\n", result.key, result.not_varied);
  std::string text, name = result.key;
  for (const study::Refinement& r : result.refinements) {
    text += fmt::format("{:<28} {:>8} {:>8} {:>11.1e} {:>14} {:<12} {:>8.2f}\n", name, r.from, r.to,
                        r.change.intensity,
                        r.change.cd_nm ? fmt::format("{:.4f}", *r.change.cd_nm) : std::string("-"),
                        r.change.gauge.empty() ? "-" : r.change.gauge, r.cpu_s);
    name.clear();
  }
  if (!result.skipped.empty()) text += fmt::format("{:<28} skipped: {}\n", name, result.skipped);
  if (!result.intensity) return text;
  for (const auto& [quantity, remainder] : {std::pair{"intensity", &result.intensity}, {"CD", &result.cd_nm}})
    if (*remainder && (*remainder)->ratio) text += fmt::format("  {}\n", rate_text(quantity, **remainder));
  return text + fmt::format("  {}\n", left_text(result));
}

Json remainder_json(const std::optional<study::Remainder>& remainder) {
  if (!remainder) return nullptr;
  const auto& ratio = remainder->ratio;
  return Json{{"ratio", number_or_null(ratio)},
              {"order", ratio && *ratio > 0 ? Json(std::log2(*ratio)) : Json(nullptr)},
              {"left", remainder->left},
              {"converges", remainder->converges}};
}

Json discretisation_json(const study::DiscretisationResult& result) {
  Json json{{"key", result.key}, {"not_varied", result.not_varied}, {"skipped", result.skipped}};
  json["refinements"] = Json::array();
  for (const study::Refinement& r : result.refinements)
    json["refinements"].push_back({{"from", r.from},
                                   {"to", r.to},
                                   {"max_intensity_change", r.change.intensity},
                                   {"max_cd_change_nm", number_or_null(r.change.cd_nm)},
                                   {"gauge", r.change.gauge},
                                   {"cpu_s", r.cpu_s}});
  json["intensity"] = remainder_json(result.intensity);
  json["cd_nm"] = remainder_json(result.cd_nm);
  return json;
}

}  // namespace

std::string convergence_text(const study::Convergence& convergence) {
  std::string text = fmt::format("{:<28} {:>8} {:>8} {:>11} {:>14} {:<12} {:>8}\n", "discretisation", "from",
                                 "to", "max |dI|", "max |dCD| nm", "gauge", "cpu_s");
  text += fmt::format("{:<28} {:>8} {:>8} {:>11} {:>14} {:<12} {:>8.2f}\n", "the job as it is", "", "", "",
                      "", "", convergence.cpu_s);
  for (const study::DiscretisationResult& result : convergence.discretisations)
    text += discretisation_text(result);
  const std::string sign = !missing(convergence).empty()          ? "at least +-"
                           : !not_converging(convergence).empty() ? "about +-"
                                                                  : "+-";
  const std::string intensity = error_text(convergence.intensity_left, study::kRoundingIntensity, sign,
                                           fmt::format("{:.1e}", convergence.intensity_left));
  const std::string cd =
      convergence.cd_left_nm
          ? fmt::format("CD {} nm", error_text(*convergence.cd_left_nm, study::kRoundingCd_nm, sign,
                                               fmt::format("{:.2g}", *convergence.cd_left_nm)))
          : std::string("no CD (no gauge prints in every run)");
  const bool measured = missing(convergence).empty() || convergence.intensity_left > 0;
  text += measured ? fmt::format("error bar: {}, intensity {} (root sum of squares of what is left)\n", cd,
                                 intensity)
                   : std::string("error bar: unknown\n");
  if (const auto names = missing(convergence); !names.empty())
    text += fmt::format("without: {} (no refinement could be run)\n", fmt::join(names, ", "));
  if (const auto names = not_converging(convergence); !names.empty())
    text += fmt::format("not converging: {} (the error bar is a guess); start from a finer value\n",
                        fmt::join(names, ", "));
  return text + fmt::format("not in it: {}\n", fmt::join(kNotIncluded, ";\n           "));
}

std::string convergence_json(const job::ReadJob& read, const study::Convergence& convergence) {
  Json json{{"undulith", kVersion},
            {"title", read.job.title},
            {"job_hash", job::job_hash(read.job)},
            {"n_printed", convergence.n_printed},
            {"cpu_s", convergence.cpu_s}};
  json["discretisations"] = Json::array();
  for (const study::DiscretisationResult& result : convergence.discretisations)
    json["discretisations"].push_back(discretisation_json(result));
  json["error_bar"] = {{"intensity", convergence.intensity_left},
                       {"cd_nm", number_or_null(convergence.cd_left_nm)},
                       {"complete", convergence.complete},
                       {"without", missing(convergence)},
                       {"not_converging", not_converging(convergence)},
                       {"not_included", kNotIncluded}};
  return json_text(json, "converge.json");
}

}  // namespace undulith::results
