// SPDX-License-Identifier: MIT
#include "undulith/results/optimise_verification.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace undulith::results {
namespace {

std::string error_row(const std::string& name, const study::EdgeErrors& e) {
  return fmt::format("{:<44} {:>7.2f} {:>8.2f} {:>7.2f} {:>7.2f} {:>8.2f} {:>8.2f}{}\n", name, e.rms_nm,
                     e.largest_nm, e.mean_nm, e.hv_bias_nm, e.shift_x_nm, e.shift_y_nm,
                     e.n_unprinted > 0 ? fmt::format("  {} without an edge", e.n_unprinted) : "");
}

nlohmann::ordered_json errors_json(const study::EdgeErrors& e) {
  return {{"rms_nm", e.rms_nm},           {"largest_nm", e.largest_nm}, {"mean_nm", e.mean_nm},
          {"n_unprinted", e.n_unprinted}, {"hv_bias_nm", e.hv_bias_nm}, {"shift_x_nm", e.shift_x_nm},
          {"shift_y_nm", e.shift_y_nm}};
}

}  // namespace

std::string verification_text(const study::MaskOptimisation& found) {
  if (!found.verification) return {};
  const study::MaskVerification& v = *found.verification;
  std::string text =
      fmt::format("\nEdge placement errors at the sites over {} conditions, nm\n", v.conditions.size());
  text += fmt::format("{:<44} {:>7} {:>8} {:>7} {:>7} {:>8} {:>8}\n", "", "rms", "largest", "mean", "H-V",
                      "shift x", "shift y");
  text += error_row("as drawn, model of the search", v.drawn);
  text += error_row("optimised, model of the search", v.searched);
  text += error_row("optimised, verified", v.verified);
  text += fmt::format("{:<44} {:>7.2f} {:>8.2f}\n", "difference of the two models", v.difference_rms_nm,
                      v.difference_largest_nm);
  return text + "verified by: " + v.model + "\n";
}

nlohmann::ordered_json verification_json(const study::MaskOptimisation& found) {
  if (!found.verification) return nullptr;
  const study::MaskVerification& v = *found.verification;
  nlohmann::ordered_json conditions = nlohmann::ordered_json::array();
  for (const study::VerifiedCondition& condition : v.conditions)
    conditions.push_back({{"focus_nm", condition.focus_nm}, {"dose", condition.dose}});
  return {{"model", v.model},
          {"conditions", conditions},
          {"drawn", errors_json(v.drawn)},
          {"searched", errors_json(v.searched)},
          {"verified", errors_json(v.verified)},
          {"difference_rms_nm", v.difference_rms_nm},
          {"difference_largest_nm", v.difference_largest_nm}};
}

}  // namespace undulith::results
