// SPDX-License-Identifier: MIT
#include "undulith/study/solve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <map>
#include <optional>

#include "undulith/core/error.hpp"
#include "undulith/core/require.hpp"
#include "undulith/core/spelling.hpp"
#include "undulith/flow/stages.hpp"
#include "undulith/job/keys.hpp"
#include "undulith/job/set.hpp"
#include "undulith/study/comparison_rows.hpp"

namespace undulith::study {
namespace {

namespace fs = std::filesystem;

constexpr int kScanPoints = 33;
constexpr double kDecades = 6;  // that are scanned below the upper end of a range

struct Parameter {
  std::string name;  ///< in full
  KeyInfo info;
};

bool is_of_source(const std::string& table) {
  return table == "source" || table.starts_with("source.") || table == "beamline";
}

/// The numeric key of an active table with that name.
Parameter find_parameter(const std::string& word, const job::Job& job) {
  std::vector<std::string> known;
  std::vector<Parameter> found;
  for (const job::TableInfo& table : job::job_tables()) {
    if (!is_of_source(table.name) || table.array || !job::is_table_used(job, table.name)) continue;
    for (const KeyInfo& info : table.keys) {
      if (info.type != KeyType::number && info.type != KeyType::integer) continue;
      const std::string name = full_name(table.name, info.name);
      known.push_back(info.name);
      if (word == info.name || word == name) found.push_back({name, info});
    }
  }
  if (found.size() == 1) return found.front();
  if (!found.empty())
    throw InputError(fmt::format("--solve {} is the name of {} and of {} (ambiguous); write it in full", word,
                                 found[0].name, found[1].name));
  const auto nearest = closest(word, known);
  throw InputError(fmt::format(
      "--solve {} (no number of this source has that name); {}", word,
      nearest ? fmt::format("did you mean {}?", *nearest) : "see undulith explain source for the names"));
}

class Question {
 public:
  Question(const fs::path& job, const std::optional<fs::path>& source, const SolveOptions& options)
      : job_((source ? job::read_job_with_source(job, *source, options.overrides)
                     : job::read_job(job, options.overrides))
                 .job),
        options_(options) {}

  /// The row's value; absent where there is no source for that value of the parameter.
  [[nodiscard]] std::optional<double> result(const Parameter& parameter, double value) {
    if (parameter.info.type == KeyType::integer) value = std::round(value);
    if (const auto known = known_.find(value); known != known_.end()) return known->second;
    ++n_evaluations;
    std::optional<double>& answer = known_[value];
    try {
      job::Job job = job_;
      job::set(job, parameter.name, value);
      job::check(job);
      answer = result_of(job);
    } catch (const InputError& error) {
      last_refusal = error.what();
    }
    return answer;
  }
  /// result - target, a large target included: its difference keeps its sign.
  [[nodiscard]] std::optional<double> excess(const Parameter& parameter, double value) {
    const std::optional<double> found = result(parameter, value);
    return found ? std::optional(*found - options_.target) : std::nullopt;
  }
  [[nodiscard]] const job::Job& job() const { return job_; }
  int n_evaluations = 0;
  std::string last_refusal;

 private:
  [[nodiscard]] std::optional<double> result_of(const job::Job& job) const {
    std::vector<Figure> figures;
    if (needs_image(options_.result)) {
      job::Job planes = job;
      if (options_.result == "best_focus_nils_nm" && planes.imaging.through_focus_nm.empty())
        planes.imaging.through_focus_nm = {-60, -40, -20, 20, 40, 60};
      figures = image_figures(flow::compute(planes, {}));
    } else {
      const source::SourceOutput light = source::compute_source(job.source);
      figures = light_figures(light, flow::follow_light(job, light));
    }
    const auto found = std::ranges::find(figures, options_.result, &Figure::name);
    if (const auto* number = std::get_if<double>(&found->value)) return *number;
    return {};
  }
  job::Job job_;
  const SolveOptions& options_;
  std::map<double, std::optional<double>> known_;
};

std::vector<double> scan_values(const Parameter& parameter, double present) {
  const Range& range = parameter.info.range;
  const double high = std::isfinite(range.high) ? range.high : std::max(1.0, std::abs(present)) * 1e3;
  double low = std::isfinite(range.low) ? range.low : -high;
  std::vector<double> values;
  if (low >= 0) {
    const double least = std::max(low, high * std::pow(10, -kDecades));
    for (int i = 0; i < kScanPoints; ++i)
      values.push_back(least * std::pow(high / least, static_cast<double>(i) / (kScanPoints - 1)));
    values.back() = high;
    if (low < least && !range.low_open) values.push_back(low);
  } else {
    for (int i = 0; i < kScanPoints; ++i) values.push_back(low + (high - low) * i / (kScanPoints - 1));
  }
  // The scan is finer around the present value: most answers lie within a factor of a few.
  if (present != 0)
    for (int i = -12; i <= 12; ++i) values.push_back(present * std::pow(10, i / 12.0));
  std::erase_if(values, [&](double value) { return !range.contains(value); });
  if (parameter.info.type == KeyType::integer)
    for (double& value : values) value = std::round(value);
  std::ranges::sort(values);
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

double distance(double a, double b) {
  return a > 0 && b > 0 ? std::abs(std::log(a / b)) : std::abs(a - b);
}

Solution solve(Question& question, const Parameter& parameter, double present) {
  Solution answer{.parameter = parameter.name, .present_value = present};
  std::optional<std::pair<double, double>> before;
  std::optional<std::pair<double, double>> bracket;
  for (const double value : scan_values(parameter, present)) {
    const auto excess = question.excess(parameter, value), result = question.result(parameter, value);
    if (!excess) {
      before.reset();
      continue;
    }
    if (answer.result_min > answer.result_max) answer.from = value;
    answer.to = value;
    answer.result_min = std::min(answer.result_min, *result);
    answer.result_max = std::max(answer.result_max, *result);
    if (before && (before->second <= 0) != (*excess <= 0)) {
      ++answer.n_crossings;
      if (!bracket || distance(0.5 * (before->first + value), present) <
                          distance(0.5 * (bracket->first + bracket->second), present))
        bracket = {before->first, value};
    }
    before = {value, *excess};
  }
  if (!bracket) return answer;
  auto [low, high] = *bracket;
  if (parameter.info.type == KeyType::integer) {
    const bool rises = *question.excess(parameter, high) > 0;
    while (high - low > 1) {
      const double middle = std::floor(0.5 * (low + high));
      const auto excess = question.excess(parameter, middle);
      if (!excess) return answer;
      ((*excess > 0) == rises ? high : low) = middle;
    }
    answer.value = rises ? high : low;  // the end at which the target is reached
    return answer;
  }
  std::uintmax_t steps = 60;
  const auto root = boost::math::tools::toms748_solve(
      [&](double value) {
        const auto excess = question.excess(parameter, value);
        if (!excess)
          throw InputError("--solve: between two valid values there is no source: " + question.last_refusal);
        return *excess;
      },
      low, high,
      [](double a, double b) { return std::abs(a - b) <= 1e-7 * std::max(std::abs(a), std::abs(b)); }, steps);
  answer.value = 0.5 * (root.first + root.second);
  return answer;
}

void require_target(const std::string& name, double target) {
  const std::string value = fmt::format("--for {}", name);
  require_in(Range{}, value, target, "give a finite number");
  if (!can_be_negative(name))
    require_in(Range{.low = 0}, value, target, "give a number that the row can have");
}

void require_number_row(const std::string& name) {
  if (std::ranges::find(figure_names(), name) == figure_names().end()) {
    const auto nearest = closest(name, figure_names());
    throw InputError(fmt::format("--for {} (no row of a comparison has that name); {}", name,
                                 nearest ? fmt::format("did you mean {}?", *nearest)
                                         : "see docs/guide/comparing-sources.md for the rows"));
  }
  if (is_word(name))
    throw InputError(fmt::format("--for {} (is a word, not a number); choose another row", name));
}

}  // namespace

std::vector<Solution> solve_source(const fs::path& job_file, const SolveOptions& options) {
  require_number_row(options.result);
  require_target(options.result, options.target);
  std::vector<std::optional<fs::path>> sources(options.sources.begin(), options.sources.end());
  if (sources.empty())
    for (const job::CompareSource& source : job::read_job(job_file, options.overrides).job.compare.sources)
      sources.emplace_back(source.file);
  if (sources.empty()) sources.emplace_back();
  std::vector<Solution> solutions;
  for (const auto& source : sources) {
    Question question(job_file, source, options);
    const Parameter parameter = find_parameter(options.parameter, question.job());
    Solution solution = solve(question, parameter, job::number_of(question.job(), parameter.name));
    const source::SourceParameters& parameters = question.job().source;
    solution.source = parameters.name.empty() ? source::name_of(parameters.kind) : parameters.name;
    solution.last_refusal = question.last_refusal;
    solution.n_evaluations = question.n_evaluations;
    solutions.push_back(std::move(solution));
  }
  return solutions;
}

}  // namespace undulith::study
