// SPDX-License-Identifier: MIT
#include "undulith/program/solve.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "undulith/results/table.hpp"

namespace undulith::program {
namespace {

using Json = nlohmann::ordered_json;

std::string solution_text(const study::Solution& s, const study::SolveOptions& options) {
  if (s.value) {
    std::string text =
        fmt::format("{}: {} = {:.6g} gives {} = {:.6g} (now {:.6g}; {} evaluations)\n", s.source, s.parameter,
                    *s.value, options.result, options.target, s.present_value, s.n_evaluations);
    if (s.n_crossings > 1)
      text += fmt::format("  {} other values give it as well; this one is nearest to the present value\n",
                          s.n_crossings - 1);
    return text;
  }
  if (s.result_min <= s.result_max)
    return fmt::format(
        "{}: no {} gives {} = {:.6g}: from {:.6g} to {:.6g} it stays between {:.4g} and {:.4g}\n", s.source,
        s.parameter, options.result, options.target, s.from, s.to, s.result_min, s.result_max);
  return fmt::format("{}: no {} gives {} = {:.6g}: no value gives a source ({})\n", s.source, s.parameter,
                     options.result, options.target,
                     s.last_refusal.empty() ? "the row is not defined" : s.last_refusal);
}

Json solution_json(const study::Solution& s, const study::SolveOptions& options) {
  Json json{{"name", s.source},
            {"parameter", s.parameter},
            {"present_value", s.present_value},
            {"result", options.result},
            {"target", options.target},
            {"value", results::number_or_null(s.value)},
            {"n_evaluations", s.n_evaluations}};
  if (!s.value && s.result_min <= s.result_max) {
    json["result_min"] = s.result_min;
    json["result_max"] = s.result_max;
  }
  return json;
}

}  // namespace

SolveReport solve_source(const std::filesystem::path& job, const study::SolveOptions& options) {
  SolveReport report;
  Json answers = Json::array();
  for (const study::Solution& solution : study::solve_source(job, options)) {
    report.text += solution_text(solution, options);
    answers.push_back(solution_json(solution, options));
    report.all_solved = report.all_solved && solution.value.has_value();
  }
  report.json = results::json_text(Json{{"answers", answers}}, "--json");
  return report;
}

}  // namespace undulith::program
