// SPDX-License-Identifier: MIT
#include "undulith/study/calibration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "undulith/core/decimal.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/core/spelling.hpp"
#include "undulith/io/toml.hpp"
#include "undulith/job/keys.hpp"
#include "undulith/job/locate.hpp"
#include "undulith/job/set.hpp"
#include "undulith/study/focus_exposure.hpp"

namespace undulith::study {
namespace {

namespace fs = std::filesystem;
using Cds = std::vector<std::optional<double>>;

// Keys that images do not depend on change without computing the images again.
bool leaves_images(const std::string& key) {
  static const std::set<std::string> kOfPlanes{"resist.film.thickness_nm", "resist.film.refractive_index",
                                               "resist.film.n_planes"};
  const bool after = key.starts_with("resist.") || key == "metrology.threshold" ||
                     key == "metrology.cd_height" || key.starts_with("throughput.") ||
                     key == "calibrate.dose_scale";
  return after && !kOfPlanes.contains(key);
}

// The job with given parameters, and its CDs where there are data.
class ModelRuns {
 public:
  ModelRuns(job::Job job, const MeasuredCds& data, std::vector<FittedKey> keys)
      : job_(std::move(job)), data_(data), keys_(std::move(keys)) {
    for (const FittedKey& key : keys_) keeps_images_ = keeps_images_ && leaves_images(key.key);
  }

  [[nodiscard]] job::Job job_of(const std::vector<double>& parameters) const {
    job::Job job = job_;
    for (std::size_t i = 0; i < keys_.size(); ++i) job::set(job, keys_[i].key, parameters[i]);
    job::check(job);
    return job;
  }

  /// One per datum; absent where the gauge does not print.
  [[nodiscard]] std::vector<std::optional<double>> calculated(const std::vector<double>& parameters) {
    const job::Job job = job_of(parameters);
    std::vector<double> focus_nm;
    for (const MeasuredCd& datum : data_.rows)
      focus_nm.push_back(datum.focus_nm + job.calibrate.focus_offset_nm);
    std::ranges::sort(focus_nm);
    focus_nm.erase(std::unique(focus_nm.begin(), focus_nm.end()), focus_nm.end());
    if (!series_ || !keeps_images_)
      series_ = compute_focus_series(job, focus_nm, {});
    else
      series_->prepared = flow::with_job(std::move(series_->prepared), job);
    const std::vector<FocusImages> planes = seen_by_resist(*series_);
    // Gauges belong to the layout: unless one of their keys is fitted they are placed once.
    if (gauges_.empty() || !keeps_images_) gauges_ = gauges_of(planes.front());

    // Data of one focus and dose share a film.
    using Place = std::pair<double, double>;
    const auto place_of = [&job](const MeasuredCd& datum) {
      return Place{datum.focus_nm + job.calibrate.focus_offset_nm,
                   datum.dose_mj_cm2 * job.calibrate.dose_scale};
    };
    std::map<Place, std::vector<PrintedFeature>> printed;
    for (const MeasuredCd& datum : data_.rows) printed[place_of(datum)];
    std::vector<std::pair<const Place, std::vector<PrintedFeature>>*> films;
    for (auto& film : printed) films.push_back(&film);
    parallel_for(static_cast<int>(films.size()), [&](int i) {
      auto& [place, features] = *films[static_cast<std::size_t>(i)];
      const auto plane = std::ranges::lower_bound(focus_nm, place.first) - focus_nm.begin();
      features = print_at(series_->prepared, planes[static_cast<std::size_t>(plane)], place.second, gauges_);
    });
    std::vector<std::optional<double>> cd_nm;
    for (const MeasuredCd& datum : data_.rows) {
      const auto gauge = std::ranges::find(gauges_, datum.gauge, &metrology::Gauge::name);
      cd_nm.push_back(printed[place_of(datum)][static_cast<std::size_t>(gauge - gauges_.begin())].cd_nm);
    }
    return cd_nm;
  }

  [[nodiscard]] std::vector<double> residuals(const std::vector<double>& parameters) {
    const auto cd_nm = calculated(parameters);
    std::vector<double> out;
    for (std::size_t i = 0; i < cd_nm.size(); ++i)
      out.push_back((cd_nm[i].value_or(0) - data_.rows[i].cd_nm) / data_.rows[i].sigma_nm);
    return out;
  }

 private:
  // The gauges that the data name, in the order of the job.
  [[nodiscard]] std::vector<metrology::Gauge> gauges_of(const FocusImages& plane) const {
    const flow::Prepared& prepared = series_->prepared;
    const metrology::Measurement all =
        metrology::measure(plane.image, prepared.clip, flow::drawn_feature(prepared), prepared.job.metrology);
    std::vector<metrology::Gauge> gauges;
    for (const auto& one : all.gauges)
      if (std::ranges::any_of(data_.rows, [&](const MeasuredCd& d) { return d.gauge == one.gauge.name; }))
        gauges.push_back(one.gauge);
    std::string known, faults;
    for (const auto& one : all.gauges) known += (known.empty() ? "" : ", ") + shown_text(one.gauge.name);
    std::set<std::string> unknown;
    for (const MeasuredCd& datum : data_.rows)
      if (std::ranges::find(gauges, datum.gauge, &metrology::Gauge::name) == gauges.end() &&
          unknown.insert(datum.gauge).second)
        faults += fmt::format("{}{}:{}: gauge '{}' (the job has: {}); name one of them",
                              faults.empty() ? "" : "\n", data_.file.string(), datum.line,
                              shown_text(datum.gauge), known.empty() ? "none" : known);
    if (!faults.empty()) throw InputError(faults);
    return gauges;
  }

  job::Job job_;
  const MeasuredCds& data_;
  std::vector<FittedKey> keys_;
  bool keeps_images_ = true;
  std::optional<FocusSeries> series_;
  std::vector<metrology::Gauge> gauges_;  ///< that the data name
};

// Numbers of the job, for messages about one that is not there.
std::vector<std::string> number_names() {
  std::vector<std::string> names;
  for (const job::TableInfo& table : job::job_tables())
    for (const KeyInfo& key : table.keys)
      if (key.type == KeyType::number) names.push_back(full_name(table.name, key.name));
  return names;
}

// "metrology.gauge[2].x_nm" -> "metrology.gauge.x_nm", as the tables of keys have it.
std::string without_index(std::string name) {
  const std::size_t open = name.find('['), close = name.find(']', open);
  if (open != std::string::npos && close != std::string::npos) name.erase(open, close - open + 1);
  return name;
}

std::string table_of(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string::npos ? "" : name.substr(0, dot);
}

// The key of a number that the job looks at and a fit can change.
const KeyInfo& fitted_info(const job::Job& job, const FittedKey& wanted) {
  const std::string name = without_index(wanted.key), table = table_of(name), shown = shown_text(wanted.key);
  const KeyInfo* info = job::find_key(name);
  if (!info) {
    const auto near = closest(name, number_names());
    const bool known_table = std::ranges::any_of(
        job::job_tables(), [&](const job::TableInfo& t) { return !table.empty() && t.name == table; });
    throw InputError(
        fmt::format("--fit {} (no number of the job has that name); {}", shown,
                    near ? fmt::format("did you mean {}?", *near)
                         : fmt::format("see undulith explain{}", known_table ? " " + table : std::string())));
  }
  if (info->type != KeyType::number)
    throw InputError(fmt::format("--fit {} ({}); fit a number that may take any value of a range", shown,
                                 info->type == KeyType::integer ? "is a whole number" : "is no number"));
  if (!job::is_table_used(job, table)) {
    const std::string why = table.starts_with("source.")   ? "source.kind is another"
                            : table.starts_with("resist.") ? "resist.model is another"
                                                           : fmt::format("the job does not use [{}]", table);
    throw InputError(fmt::format("--fit {} (has no effect: {}); leave it out", shown, why));
  }
  return *info;
}

// The value in the job of a key that is fitted, after its bounds are checked.
double value_of(const job::Job& job, const FittedKey& wanted) {
  const KeyInfo& info = fitted_info(job, wanted);
  for (const double bound : {wanted.low, wanted.high})
    if (!accepts(info, bound))
      throw InputError(fmt::format("--fit {} = {}:{} (the key must be {}); choose bounds within it",
                                   wanted.key, wanted.low, wanted.high, demand_of(info)));
  return job::number_of(job, wanted.key);
}

// A change of the model.
struct Variant {
  std::string name;
  std::vector<job::Override> overrides;
};

// Choices of the model that a few CDs rarely decide.
std::vector<Variant> variants_of(const job::Job& job, const std::vector<FittedKey>& keys) {
  using resist::ResistModel;
  const Variant exponential{"exponential electron blur", {{"resist.blur.kernel", "\"exponential\""}}};
  const Variant two{"electron blur with a wide part", {{"resist.blur.kernel", "\"two_gaussians\""}}};
  std::vector<Variant> all;
  switch (job.resist.model) {
    case ResistModel::chemically_amplified:
      all = {exponential,
             two,
             {"diffusion that grows with deprotection",
              {{"resist.bake.diffusivity_law", "\"linear\""}, {"resist.bake.diffusivity_a", "1.0"}}},
             {"deprotection of second order", {{"resist.bake.reaction_order", "2.0"}}},
             {"a development rate half as steep",
              {{"resist.development.n", io::toml_number(std::max(1.5, job.resist.development.n / 2))}}}};
      break;
    case ResistModel::metal_oxide:
      all = {exponential,
             two,
             {"a gel point half as sharp",
              {{"resist.metal_oxide.gel_sharpness",
                io::toml_number(job.resist.metal_oxide.gel_sharpness / 2)}}}};
      break;
    default:
      all = {{"constant threshold", {{"resist.model", "\"constant_threshold\""}}},
             {"Gaussian blur", {{"resist.model", "\"blurred_threshold\""}}},
             {"exponential blur",
              {{"resist.model", "\"blurred_threshold\""}, {"resist.blur.kernel", "\"exponential\""}}},
             {"lumped parameter model", {{"resist.model", "\"lumped\""}}}};
  }
  // A fitted key is not a choice.
  std::erase_if(all, [&](const Variant& variant) {
    return std::ranges::any_of(variant.overrides, [&](const job::Override& over) {
      return std::ranges::any_of(keys, [&](const FittedKey& key) { return key.key == over.key; });
    });
  });
  return all;
}

double rms_nm(const std::vector<double>& residuals, const MeasuredCds& data) {
  double sum = 0;
  for (std::size_t i = 0; i < residuals.size(); ++i)
    sum += residuals[i] * residuals[i] * data.rows[i].sigma_nm * data.rows[i].sigma_nm;
  return std::sqrt(sum / static_cast<double>(residuals.size()));
}

int count_absent(const Cds& cds) {
  return static_cast<int>(std::ranges::count_if(cds, [](const auto& cd) { return !cd; }));
}

std::vector<FittedKey> keys_of(const job::Job& job, const CalibrationOptions& options) {
  std::vector<FittedKey> keys = options.keys;
  if (keys.empty())
    for (const job::CalibrateKey& key : job.calibrate.parameters)
      keys.push_back({key.key, key.low, key.high});
  if (keys.empty())
    throw InputError(
        "calibrate.parameter (there is nothing to fit); give --fit KEY=LOW:HIGH or [[calibrate.parameter]]");
  for (std::size_t i = 0; i < keys.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (keys[i].key == keys[j].key)
        throw InputError(fmt::format("--fit {} (given twice); leave one of them out", keys[i].key));
  for (const FittedKey& key : keys)
    if (!(key.low < key.high))
      throw InputError(fmt::format("--fit {} = {}:{} (low must be below high); write --fit KEY=LOW:HIGH",
                                   key.key, key.low, key.high));
  return keys;
}

void require_enough(const MeasuredCds& data, std::size_t n_keys) {
  if (data.rows.size() >= n_keys) return;
  throw InputError(
      fmt::format("{} has {} for {} (data must not be fewer than parameters); fit fewer or measure more",
                  data.file.string(), counted(data.rows.size(), "row", "rows"),
                  counted(n_keys, "parameter", "parameters")));
}

FitProblem problem_of(const job::Job& job, const std::vector<FittedKey>& keys) {
  FitProblem problem;
  for (const FittedKey& key : keys) {
    const double start = value_of(job, key);
    if (!(start >= key.low && start <= key.high))
      throw InputError(
          fmt::format("--fit {} = {}:{} (the job's {} lies outside); widen the bounds or change the job",
                      key.key, key.low, key.high, start));
    problem.start.push_back(start);
    problem.low.push_back(key.low);
    problem.high.push_back(key.high);
  }
  return problem;
}

// Fits the keys again under every change of the model, starting from the best parameters.
std::vector<ModelChoice> fit_choices(const fs::path& job_file, const job::Job& job, const MeasuredCds& data,
                                     const CalibrationOptions& options, const FitProblem& problem,
                                     const Calibration& own) {
  std::vector<ModelChoice> choices{{.name = "as the job has it",
                                    .fit = own.fit,
                                    .rms_nm = own.rms_after_nm,
                                    .undecided = true,
                                    .cd_nm = own.after_cd_nm}};
  const std::vector<Variant> variants = variants_of(job, own.keys);
  for (const Variant& variant : variants) {
    ModelChoice& choice = choices.emplace_back(ModelChoice{.name = variant.name});
    std::vector<job::Override> overrides = options.overrides;
    overrides.insert(overrides.end(), variant.overrides.begin(), variant.overrides.end());
    ModelRuns model(job::read_job(job_file, overrides).job, data, own.keys);
    FitProblem again = problem;
    again.start = own.fit.parameters;
    again.residuals = [&model](const std::vector<double>& p) { return model.residuals(p); };
    choice.fit = fit(again, !data.has_sigma);
    choice.rms_nm = rms_nm(choice.fit.residuals, data);
    choice.cd_nm = model.calculated(choice.fit.parameters);
    choice.n_not_printed = count_absent(choice.cd_nm);
    // Two standard deviations of the remaining error.
    const double unit = data.has_sigma ? 1 : std::max(own.fit.reduced_chi2, 1e-12);
    choice.undecided = choice.fit.chi2 - own.fit.chi2 <= 4 * unit;
    if (options.progress)
      options.progress(0.3 +
                       0.65 * static_cast<double>(choices.size() - 1) / static_cast<double>(variants.size()));
  }
  return choices;
}

std::vector<CdBand> bands_of(const std::vector<ModelChoice>& choices, std::size_t n_rows) {
  std::vector<CdBand> bands;
  for (std::size_t i = 0; i < n_rows; ++i) {
    std::optional<double> low, high;
    for (const ModelChoice& choice : choices)
      if (choice.undecided && choice.cd_nm[i]) {
        low = std::min(low.value_or(*choice.cd_nm[i]), *choice.cd_nm[i]);
        high = std::max(high.value_or(*choice.cd_nm[i]), *choice.cd_nm[i]);
      }
    if (low) bands.push_back({.row = i, .low_nm = *low, .high_nm = *high});
  }
  return bands;
}

Calibration calibrated(const job::ReadJob& read, const fs::path& job_file, const MeasuredCds& data,
                       std::vector<FittedKey> keys, const CalibrationOptions& options) {
  Calibration result{.keys = std::move(keys)};
  FitProblem problem = problem_of(read.job, result.keys);
  ModelRuns model(read.job, data, result.keys);
  problem.residuals = [&model](const std::vector<double>& p) { return model.residuals(p); };
  result.start = problem.start;
  result.before_cd_nm = model.calculated(problem.start);
  if (options.progress) options.progress(0.05);
  result.fit = fit(problem, !data.has_sigma);
  result.after_cd_nm = model.calculated(result.fit.parameters);
  if (options.progress) options.progress(options.bands ? 0.3 : 0.95);
  result.rms_before_nm = rms_nm(problem.residuals(problem.start), data);
  result.rms_after_nm = rms_nm(result.fit.residuals, data);
  result.n_not_printed = count_absent(result.after_cd_nm);
  result.job = model.job_of(result.fit.parameters);
  if (options.bands) {
    result.choices = fit_choices(job_file, read.job, data, options, problem, result);
    result.bands = bands_of(result.choices, data.rows.size());
  }
  return result;
}

}  // namespace

Calibration compute_calibration(const fs::path& job_file, const MeasuredCds& data,
                                const CalibrationOptions& options) {
  const job::ReadJob read = job::read_job(job_file, options.overrides);
  const std::vector<FittedKey> keys = job::with_places(read, [&] { return keys_of(read.job, options); });
  require_enough(data, keys.size());
  return job::with_places(read, [&] { return calibrated(read, job_file, data, keys, options); });
}

}  // namespace undulith::study
