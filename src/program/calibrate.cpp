#include "undulith/program/calibrate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/core/version.hpp"
#include "undulith/io/csv.hpp"
#include "undulith/io/toml.hpp"
#include "undulith/job/keys.hpp"
#include "undulith/report/resist_pictures.hpp"
#include "undulith/results/result_writer.hpp"
#include "undulith/study/calibration_fit.hpp"
#include "undulith/study/focus_exposure.hpp"

namespace undulith::program {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Datum {
  std::string gauge;
  double focus_nm = 0, dose_mj_cm2 = 0, cd_nm = 0, sigma_nm = 1;
  int line = 0;
};
struct Data {
  fs::path file;
  std::vector<Datum> rows;
  bool has_sigma = false;
};

Data read_data(const fs::path& file) {
  const io::CsvTable table = io::read_csv(file, "gauge");
  const std::size_t focus = table.column("focus_nm"), dose = table.column("dose_mj_cm2"),
                    cd = table.column("cd_nm");
  Data data{.file = file, .rows = {}, .has_sigma = table.has("sigma_nm")};
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const std::vector<double>& row = table.rows[i];
    Datum datum{.gauge = table.texts[i],
                .focus_nm = row[focus],
                .dose_mj_cm2 = row[dose],
                .cd_nm = row[cd],
                .sigma_nm = data.has_sigma ? row[table.column("sigma_nm")] : 1,
                .line = table.lines[i]};
    const auto refuse = [&](const char* what, double value) {
      throw InputError(fmt::format("{}:{}: {} = {} (must be > 0); leave the row out", file.string(),
                                   datum.line, what, value));
    };
    if (!(datum.cd_nm > 0)) refuse("cd_nm", datum.cd_nm);
    if (!(datum.dose_mj_cm2 > 0)) refuse("dose_mj_cm2", datum.dose_mj_cm2);
    if (!(datum.sigma_nm > 0)) refuse("sigma_nm", datum.sigma_nm);
    data.rows.push_back(std::move(datum));
  }
  return data;
}

// What the images do not depend on may change without computing them again.
bool leaves_images(const std::string& key) {
  static const std::set<std::string> kOfPlanes{"resist.film.thickness_nm", "resist.film.refractive_index",
                                               "resist.film.n_planes"};
  const bool after = key.starts_with("resist.") || key == "metrology.threshold" ||
                     key == "metrology.cd_height" || key.starts_with("throughput.") ||
                     key == "calibrate.dose_scale";
  return after && !kOfPlanes.contains(key);
}

// The job as the parameters make it, and the CDs it gives where there are data.
class ModelRuns {
 public:
  ModelRuns(fs::path job, const Data& data, std::vector<FittedKey> keys, std::vector<job::Override> overrides)
      : file_(std::move(job)), data_(data), keys_(std::move(keys)), overrides_(std::move(overrides)) {
    for (const FittedKey& key : keys_) keeps_images_ = keeps_images_ && leaves_images(key.key);
  }

  [[nodiscard]] job::ReadJob job_of(const std::vector<double>& parameters) const {
    std::vector<job::Override> overrides = overrides_;
    for (std::size_t i = 0; i < keys_.size(); ++i)
      overrides.push_back({keys_[i].key, io::toml_number(parameters[i])});
    return job::read_job(file_, overrides);
  }

  /// One a datum; absent where the gauge does not print.
  [[nodiscard]] std::vector<std::optional<double>> calculated(const std::vector<double>& parameters) {
    const job::ReadJob read = job_of(parameters);
    const job::Job& job = read.job;
    std::vector<double> focus_nm;
    for (const Datum& datum : data_.rows) focus_nm.push_back(datum.focus_nm + job.calibrate.focus_offset_nm);
    std::ranges::sort(focus_nm);
    focus_nm.erase(std::unique(focus_nm.begin(), focus_nm.end()), focus_nm.end());
    if (!series_ || !keeps_images_) series_ = study::compute_focus_series(job, focus_nm, {});
    const std::vector<study::FocusImages> planes = study::seen_by_resist(job, *series_);
    // Gauges belong to the layout: unless a key of theirs is sought they are found once.
    if (gauges_.empty() || !keeps_images_) gauges_ = gauges_of(job, planes.front());

    // Data of one focus and dose share a film.
    using Place = std::pair<double, double>;
    const auto place_of = [&job](const Datum& datum) {
      return Place{datum.focus_nm + job.calibrate.focus_offset_nm,
                   datum.dose_mj_cm2 * job.calibrate.dose_scale};
    };
    std::map<Place, std::vector<study::PrintedFeature>> printed;
    for (const Datum& datum : data_.rows) printed[place_of(datum)];
    std::vector<std::pair<const Place, std::vector<study::PrintedFeature>>*> films;
    for (auto& film : printed) films.push_back(&film);
    parallel_for(static_cast<int>(films.size()), [&](int i) {
      auto& [place, features] = *films[static_cast<std::size_t>(i)];
      const auto plane = std::ranges::lower_bound(focus_nm, place.first) - focus_nm.begin();
      features = study::print_at(job, series_->prepared, planes[static_cast<std::size_t>(plane)],
                                 place.second, gauges_);
    });
    std::vector<std::optional<double>> cd_nm;
    for (const Datum& datum : data_.rows) {
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
  // The gauges that the data name, in the order in which the job has them.
  [[nodiscard]] std::vector<metrology::Gauge> gauges_of(const job::Job& job,
                                                        const study::FocusImages& plane) const {
    const metrology::Measurement all = metrology::measure(plane.image, series_->prepared.clip,
                                                          flow::drawn_feature(job.mask.tone), job.metrology);
    std::vector<metrology::Gauge> gauges;
    for (const auto& one : all.gauges)
      if (std::ranges::any_of(data_.rows, [&](const Datum& d) { return d.gauge == one.gauge.name; }))
        gauges.push_back(one.gauge);
    for (const Datum& datum : data_.rows)
      if (std::ranges::find(gauges, datum.gauge, &metrology::Gauge::name) == gauges.end()) {
        std::string known;
        for (const auto& one : all.gauges) known += (known.empty() ? "" : ", ") + one.gauge.name;
        throw InputError(fmt::format("{}:{}: gauge '{}' (the job has: {}); name one of them",
                                     data_.file.string(), datum.line, datum.gauge,
                                     known.empty() ? "none" : known));
      }
    return gauges;
  }

  fs::path file_;
  const Data& data_;
  std::vector<FittedKey> keys_;
  std::vector<job::Override> overrides_;
  bool keeps_images_ = true;
  std::optional<study::FocusSeries> series_;
  std::vector<metrology::Gauge> gauges_;  ///< that the data name
};

// The value of a number of the job, as its resolved text says.
double value_of(const job::Job& job, const FittedKey& wanted) {
  const job::KeyInfo* info = job::find_key(wanted.key);
  if (!info || (info->type != job::KeyType::number && info->type != job::KeyType::integer))
    throw InputError(fmt::format("--fit {} (no number of the job has that name); see undulith explain resist",
                                 wanted.key));
  const io::TomlNode tree = io::parse_toml(job::resolved_job(job, "."), "job");
  const io::TomlNode* node = &tree;
  std::string rest = wanted.key;
  while (node && !rest.empty()) {
    const std::size_t dot = rest.find('.');
    node = node->find(rest.substr(0, dot));
    rest = dot == std::string::npos ? "" : rest.substr(dot + 1);
  }
  if (!node)
    throw InputError(
        fmt::format("--fit {} (it has no effect on this job's resist.model); leave it out", wanted.key));
  if (const auto* whole = std::get_if<std::int64_t>(&node->value)) return static_cast<double>(*whole);
  return std::get<double>(node->value);
}

struct Variant {
  std::string name;
  std::vector<job::Override> overrides;
};

// Choices of the model that rarely show in a few CDs.
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
  // A choice that is fitted is no choice.
  std::erase_if(all, [&](const Variant& variant) {
    return std::ranges::any_of(variant.overrides, [&](const job::Override& over) {
      return std::ranges::any_of(keys, [&](const FittedKey& key) { return key.key == over.key; });
    });
  });
  return all;
}

struct Band {
  std::string name;
  std::optional<study::FitResult> fit;  ///< absent: the choice does not go with the fitted keys
  double rms_nm = 0;
  bool undecided = false;  ///< the data do not tell it from the job's own model
  int n_not_printed = 0;   ///< measured gauges that the choice does not print: no verdict on it
  [[nodiscard]] std::string verdict() const {
    return undecided ? "undecided" : n_not_printed > 0 ? "not fitted" : "excluded";
  }
  std::vector<std::optional<double>> cd_nm;
};

double rms_nm(const std::vector<double>& residuals, const Data& data) {
  double sum = 0;
  for (std::size_t i = 0; i < residuals.size(); ++i)
    sum += residuals[i] * residuals[i] * data.rows[i].sigma_nm * data.rows[i].sigma_nm;
  return std::sqrt(sum / static_cast<double>(residuals.size()));
}

std::string error_text(double error) {
  return std::isfinite(error) ? fmt::format("{:.4g}", error) : "not decided by the data";
}

std::vector<FittedKey> keys_of(const job::Job& job, const CalibrateOptions& options) {
  std::vector<FittedKey> keys = options.keys;
  if (keys.empty())
    for (const job::CalibrateKey& key : job.calibrate_keys) keys.push_back({key.key, key.low, key.high});
  if (keys.empty())
    throw InputError(
        "calibrate.parameter (nothing is to be found); give --fit KEY=LOW:HIGH or [[calibrate.parameter]]");
  for (std::size_t i = 0; i < keys.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (keys[i].key == keys[j].key)
        throw InputError(fmt::format("--fit {} (named twice); leave one of them out", keys[i].key));
  for (const FittedKey& key : keys)
    if (!(key.low < key.high))
      throw InputError(fmt::format("--fit {} = {}:{} (low must be below high); write --fit KEY=LOW:HIGH",
                                   key.key, key.low, key.high));
  return keys;
}

}  // namespace

CalibrateReport calibrate(const fs::path& job_file, const fs::path& data_file,
                          const CalibrateOptions& options) {
  const job::ReadJob read = job::read_job(job_file, options.overrides);
  const Data data = read_data(data_file);
  const std::vector<FittedKey> keys = keys_of(read.job, options);
  if (data.rows.size() < keys.size())
    throw InputError(
        fmt::format("{} has {} rows for {} parameters (data must not be fewer than parameters); fit "
                    "fewer or measure more",
                    data_file.string(), data.rows.size(), keys.size()));
  study::FitProblem problem;
  for (const FittedKey& key : keys) {
    const double start = value_of(read.job, key);
    if (!(start >= key.low && start <= key.high))
      throw InputError(
          fmt::format("--fit {} = {}:{} (the job's {} lies outside); widen the bounds or change the "
                      "job",
                      key.key, key.low, key.high, start));
    problem.start.push_back(start);
    problem.low.push_back(key.low);
    problem.high.push_back(key.high);
  }
  io::OutputFolder folder(options.out, options.force ? io::OutputFolder::IfExists::replace_files
                                                     : io::OutputFolder::IfExists::refuse);
  ModelRuns model(job_file, data, keys, options.overrides);
  problem.residuals = [&model](const std::vector<double>& p) { return model.residuals(p); };
  const std::vector<std::optional<double>> before = model.calculated(problem.start);
  if (options.progress) options.progress(0.05);
  const study::FitResult best = study::fit(problem, !data.has_sigma);
  const std::vector<std::optional<double>> after = model.calculated(best.parameters);
  if (options.progress) options.progress(options.bands ? 0.3 : 0.95);

  CalibrateReport report{.converged = best.converged};
  const double before_rms = rms_nm(problem.residuals(problem.start), data);
  report.text = fmt::format(
      "{} data, {} parameters, {} evaluations: residual {:.4g} nm rms before, {:.4g} nm after{}\n",
      data.rows.size(), keys.size(), best.n_evaluations, before_rms, rms_nm(best.residuals, data),
      best.converged ? "" : " (not converged: the limit of evaluations was reached)");
  if (best.reduced_chi2 > 0 && data.has_sigma)
    report.text += fmt::format("chi2 per degree of freedom {:.3g} (1 is what the given sigma_nm promise)\n",
                               best.reduced_chi2);
  report.text += fmt::format("{:<44} {:>12} {:>12} {:>14}\n", "parameter", "start", "found", "1 sigma");
  Json parameters = Json::array();
  for (std::size_t k = 0; k < keys.size(); ++k) {
    report.text +=
        fmt::format("{:<44} {:>12.6g} {:>12.6g} {:>14}{}\n", keys[k].key, problem.start[k],
                    best.parameters[k], error_text(best.error[k]), best.at_bound[k] ? "  at its bound" : "");
    parameters.push_back({{"key", keys[k].key},
                          {"start", problem.start[k]},
                          {"found", best.parameters[k]},
                          {"sigma", std::isfinite(best.error[k]) ? Json(best.error[k]) : Json(nullptr)},
                          {"at_bound", static_cast<bool>(best.at_bound[k])},
                          {"correlation", best.correlation[k]}});
  }
  for (std::size_t a = 0; a < keys.size(); ++a)
    for (std::size_t b = a + 1; b < keys.size(); ++b)
      if (std::abs(best.correlation[a][b]) > 0.9)
        report.text +=
            fmt::format("{} and {} go together (correlation {:.3f}): the data hardly tell them apart\n",
                        keys[a].key, keys[b].key, best.correlation[a][b]);
  const auto missing = static_cast<int>(std::ranges::count_if(after, [](const auto& cd) { return !cd; }));
  if (missing > 0)
    report.text +=
        fmt::format("{} of the measured gauges do not print in the model (counted as a CD of 0)\n", missing);

  Json json{{"undulith", kVersion},
            {"job", job_file.filename().string()},
            {"n_data", data.rows.size()},
            {"converged", best.converged},
            {"rms_before_nm", before_rms},
            {"rms_after_nm", rms_nm(best.residuals, data)},
            {"reduced_chi2", best.reduced_chi2},
            {"n_not_printed", missing},
            {"parameters", parameters}};

  if (options.bands) {
    std::vector<Band> bands{{.name = "as the job has it",
                             .fit = best,
                             .rms_nm = rms_nm(best.residuals, data),
                             .undecided = true,
                             .cd_nm = after}};
    const std::vector<Variant> variants = variants_of(read.job, keys);
    for (const Variant& variant : variants) {
      Band& band = bands.emplace_back(Band{.name = variant.name});
      std::vector<job::Override> overrides = options.overrides;
      overrides.insert(overrides.end(), variant.overrides.begin(), variant.overrides.end());
      ModelRuns other(job_file, data, keys, overrides);
      study::FitProblem again = problem;
      again.start = best.parameters;
      again.residuals = [&other](const std::vector<double>& p) { return other.residuals(p); };
      band.fit = study::fit(again, !data.has_sigma);
      band.rms_nm = rms_nm(band.fit->residuals, data);
      band.cd_nm = other.calculated(band.fit->parameters);
      band.n_not_printed =
          static_cast<int>(std::ranges::count_if(band.cd_nm, [](const auto& cd) { return !cd; }));
      // Two standard deviations of what is left over.
      const double unit = data.has_sigma ? 1 : std::max(best.reduced_chi2, 1e-12);
      band.undecided = band.fit->chi2 - best.chi2 <= 4 * unit;
      if (options.progress)
        options.progress(0.3 +
                         0.65 * static_cast<double>(bands.size() - 1) / static_cast<double>(variants.size()));
    }
    report.text += "\nchoices of the model, each fitted again:\n";
    Json list = Json::array();
    for (const Band& band : bands) {
      std::string found;
      for (std::size_t k = 0; k < keys.size(); ++k)
        found += fmt::format("{}{} {:.4g}", k ? ", " : "", keys[k].key, band.fit->parameters[k]);
      report.text += fmt::format(
          "  {:<42} {:>8.4f} nm rms  {:<10} {}{}\n", band.name, band.rms_nm, band.verdict(), found,
          band.n_not_printed > 0
              ? fmt::format("  ({} gauges do not print within the bounds)", band.n_not_printed)
              : std::string());
      list.push_back({{"name", band.name},
                      {"rms_nm", band.rms_nm},
                      {"undecided", band.undecided},
                      {"n_not_printed", band.n_not_printed},
                      {"parameters", band.fit->parameters}});
    }
    double widest = 0;
    Json moves = Json::array();
    for (std::size_t i = 0; i < data.rows.size(); ++i) {
      std::optional<double> low, high;
      for (const Band& band : bands)
        if (band.undecided && band.cd_nm[i]) {
          low = std::min(low.value_or(*band.cd_nm[i]), *band.cd_nm[i]);
          high = std::max(high.value_or(*band.cd_nm[i]), *band.cd_nm[i]);
        }
      if (!low) continue;
      widest = std::max(widest, *high - *low);
      moves.push_back({{"gauge", data.rows[i].gauge},
                       {"focus_nm", data.rows[i].focus_nm},
                       {"dose_mj_cm2", data.rows[i].dose_mj_cm2},
                       {"low_nm", *low},
                       {"high_nm", *high}});
    }
    report.text += fmt::format("over the undecided choices a CD moves by up to {:.3f} nm\n", widest);
    json["choices"] = list;
    json["bands"] = moves;
  }

  std::string csv = "gauge,focus_nm,dose_mj_cm2,measured_cd_nm,before_cd_nm,after_cd_nm,residual_nm\n";
  std::vector<double> measured, first, last;
  for (std::size_t i = 0; i < data.rows.size(); ++i) {
    const Datum& d = data.rows[i];
    const auto field = [](const std::optional<double>& v) {
      return v ? io::format_number(*v) : std::string();
    };
    csv += fmt::format("{},{},{},{},{},{},{}\n", io::format_text(d.gauge), io::format_number(d.focus_nm),
                       io::format_number(d.dose_mj_cm2), io::format_number(d.cd_nm), field(before[i]),
                       field(after[i]), after[i] ? io::format_number(*after[i] - d.cd_nm) : std::string());
    measured.push_back(d.cd_nm);
    first.push_back(before[i].value_or(0));
    last.push_back(after[i].value_or(0));
  }
  const job::ReadJob found = model.job_of(best.parameters);
  results::ResultWriter writer(folder, job::job_hash(found.job));
  report.json = json.dump(2) + "\n";
  writer.text("calibration.csv", csv);
  writer.text("calibration.json", report.json);
  writer.text("calibration.txt", report.text);
  writer.text("job.resolved.toml", job::resolved_job(found.job, options.out));
  writer.picture("calibration.png",
                 report::draw_calibration(
                     {.measured_nm = measured, .before_nm = first, .after_nm = last},
                     {.title = read.job.title, .details = {fmt::format("{} data", measured.size())}}));
  folder.commit();
  report.files = writer.files();
  if (options.progress) options.progress(1);
  return report;
}

}  // namespace undulith::program
