// SPDX-License-Identifier: MIT
// One truth per parameter: what explain says of a key, what reading accepts and what the stage accepts agree at
// both ends of the range and just outside.
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <vector>

#include "job/table.hpp"
#include "support/job_folder.hpp"
#include "undulith/core/error.hpp"
#include "undulith/illuminator/keys.hpp"
#include "undulith/imaging/keys.hpp"
#include "undulith/job/explain.hpp"
#include "undulith/job/set.hpp"
#include "undulith/layout/keys.hpp"
#include "undulith/mask/keys.hpp"
#include "undulith/metrology/keys.hpp"
#include "undulith/resist/resist.hpp"
#include "undulith/source/keys.hpp"
#include "undulith/throughput/keys.hpp"

using namespace undulith;
using Catch::Contains;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The check of the stage that owns a table.
void check_stage(const job::Job& job, const std::string& table) {
  const auto belongs = [&](const std::string& stage) {
    return table == stage || table.starts_with(stage + ".");
  };
  if (belongs("layout")) layout::check_ranges(job.layout);
  if (belongs("source")) source::check_ranges(job.source);
  if (belongs("beamline")) illuminator::check_ranges(job.beamline);
  if (belongs("facets")) illuminator::check_ranges(job.facets);
  if (belongs("illuminator")) illuminator::check_ranges(job.illuminator);
  if (belongs("mask")) mask::check_ranges(job.mask);
  if (belongs("imaging")) imaging::check_ranges(job.imaging);
  if (belongs("resist") || belongs("stochastics")) resist::check_parameters(job.resist, job.stochastics);
  if (belongs("metrology")) metrology::check_ranges(job.metrology);
  if (belongs("window")) metrology::check_ranges(job.window);
  if (belongs("throughput")) throughput::check_ranges(job.throughput);
  if (belongs("factory")) throughput::check_ranges(job.factory);
  if (belongs("compare")) {
    const auto& c = job.compare;
    static_cast<void>(throughput::affordable_dose_mj_cm2({}, 1, c.target_wafers_per_hour));
    static_cast<void>(throughput::photon_noise_ler_nm(20, 2, 10, c.absorbed_share, c.blur_nm));
  }
}

/// Keys that the job alone knows: no stage takes them as they are.
const std::vector<std::string> kOfTheJob = {"source.file.",
                                            "imaging.through_focus_nm",
                                            "imaging.slit_",
                                            "imaging.kernel_period_nm",
                                            "imaging.flare.",
                                            "imaging.n_wavelengths",
                                            "imaging.spectral_error",
                                            "imaging.omitted_light",
                                            "illuminator.rim_levels",
                                            "facets.path_diff",
                                            "mask.period_",
                                            "mask.rectangle",
                                            "mask.polygon",
                                            "metrology.cd_",
                                            "stochastics.dose_noise",
                                            "stochastics.speckle_contrast",
                                            "window.focus_nm",
                                            "window.dose_mj_cm2",
                                            "calibrate.",
                                            "compare.same_image",
                                            "compare.source",
                                            "optimise.",
                                            "sweep."};

bool is_of_the_job(const std::string& name) {
  return std::ranges::any_of(kOfTheJob, [&](const std::string& start) { return name.starts_with(start); });
}

struct Sample {
  KeyValue value;
  bool good = true;
};

KeyValue as_value(const KeyInfo& key, double number) {
  switch (key.type) {
    case KeyType::integer:
      return static_cast<int>(number);
    case KeyType::numbers:
      return std::vector<double>{number};
    case KeyType::complex:
      return std::complex<double>{number, 0};
    default:
      return number;
  }
}

/// Both ends of the range, and just inside or outside of them.
std::vector<Sample> samples_of(const KeyInfo& key) {
  std::vector<Sample> samples;
  const bool whole = key.type == KeyType::integer;
  if (!key.only.empty()) {
    for (const double value : key.only) samples.push_back({as_value(key, value), true});
    samples.push_back({as_value(key, key.only.back() + 1), false});
    samples.push_back({as_value(key, key.only.front() - 1), false});
    return samples;
  }
  const auto next = [&](double value, double towards) {
    if (whole) return value + (towards > value ? 1 : -1);
    return std::nextafter(value, towards);
  };
  const Range& range = key.range;
  for (const auto& [end, open, outside] : {std::tuple{range.low, range.low_open, -kInfinity},
                                           std::tuple{range.high, range.high_open, kInfinity}}) {
    if (!std::isfinite(end) || (whole && std::abs(end) >= std::numeric_limits<int>::max())) continue;
    samples.push_back({as_value(key, end), !open});
    samples.push_back({as_value(key, next(end, -outside)), true});
    const double beyond = next(end, outside);
    if (key.type != KeyType::complex || beyond > 0) samples.push_back({as_value(key, beyond), false});
  }
  if (!whole) {
    samples.push_back({as_value(key, std::numeric_limits<double>::quiet_NaN()), false});
    samples.push_back({as_value(key, kInfinity), false});
  }
  return samples;
}

/// A job in which the stage looks at the table: sources and resists of its kind, one element in each array.
job::Job job_with(const job::Table& table) {
  using resist::ResistModel;
  job::Job job;
  const std::map<std::string, source::SourceKind> kinds = {
      {"source.beam", source::SourceKind::undulator},
      {"source.undulator", source::SourceKind::undulator},
      {"source.ssmb", source::SourceKind::ssmb},
      {"source.fel", source::SourceKind::fel},
      {"source.lpp", source::SourceKind::lpp},
      {"source.file", source::SourceKind::file},
      {"source.bending_magnet", source::SourceKind::bending_magnet},
      {"source.monochromatic", source::SourceKind::monochromatic}};
  if (const auto kind = kinds.find(table.info.name); kind != kinds.end()) job.source.kind = kind->second;
  job.resist.model = table.info.name == "resist.metal_oxide" ? ResistModel::metal_oxide
                     : table.info.name == "resist.compact"   ? ResistModel::lumped
                                                             : ResistModel::chemically_amplified;
  if (table.info.array) table.reset(job, 1);
  return job;
}

std::string refusal(const std::function<void()>& action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("keys: explain, reading and the stage accept the same values", "[property][job]") {
  int n_samples = 0, n_of_stages = 0;
  for (const job::Table& table : job::tables())
    for (std::size_t k = 0; k < table.info.keys.size(); ++k) {
      const KeyInfo& key = table.info.keys[k];
      if (key.range.text().empty() && key.only.empty()) continue;
      const std::string plain = full_name(table.info.name, key.name);
      const std::string name = full_name(table.info.name + (table.info.array ? "[1]" : ""), key.name);
      CHECK_THAT(job::explain(plain), Contains(demand_of(key)) || Contains("modulus " + key.range.text()));
      for (const Sample& sample : samples_of(key)) {
        const job::Job base = job_with(table);
        ++n_samples;
        CAPTURE(name, sample.good, demand_of(key), sample.value.index());
        job::Job job = base;
        const std::string must = "must be " + demand_of(key);
        const std::string of_reading = refusal([&] { job::set(job, name, sample.value); });
        CHECK((of_reading.find(must) != std::string::npos) == !sample.good);
        if (is_of_the_job(plain)) continue;
        ++n_of_stages;
        job = base;
        table.set(job, 0, k, sample.value);  // past the door, as a user of the library may
        const std::string of_stage = refusal([&] { check_stage(job, table.info.name); });
        CHECK((of_stage.starts_with(name) && of_stage.find(must) != std::string::npos) == !sample.good);
      }
    }
  CHECK(n_samples > 700);
  CHECK(n_of_stages > 500);
}

TEST_CASE("keys: the defaults of a job are accepted by every stage", "[unit][job]") {
  for (const job::Table& table : job::tables()) {
    const job::Job job = job_with(table);
    if (table.info.array) continue;
    CAPTURE(table.info.name);
    CHECK(refusal([&] { check_stage(job, table.info.name); }).empty());
  }
}

TEST_CASE("set: values by the names of their keys", "[unit][job]") {
  job::Job job;
  job::set(job, "resist.blur.sigma_nm", 3.2);
  CHECK(job.resist.blur.sigma_nm == 3.2);
  CHECK(job::number_of(job, "resist.blur.sigma_nm") == 3.2);
  job::set(job, "mask.stack.n_bilayers", 50.0);  // a whole number
  CHECK(job.mask.stack.n_bilayers == 50);
  job::set(job, "illuminator.shape", std::string("quasar"));
  CHECK(job.illuminator.shape == illuminator::Shape::quasar);
  job::set(job, "mask.stack.incidence_deg", 5.355);
  CHECK(job.imaging.chief_ray_deg == 5.355);  // one quantity, one key
  job.metrology.gauges.resize(2);
  job::set(job, "metrology.gauge[2].x_nm", 40.0);
  CHECK(job.metrology.gauges[1].x_nm == 40);
  CHECK_THROWS_WITH(job::set(job, "metrology.gauge[3].x_nm", 1.0),
                    Contains("the job has 2 of [[metrology.gauge]]"));
  CHECK_THROWS_WITH(job::set(job, "metrology.gauge.x_nm", 1.0), Contains("as in metrology.gauge[1].x_nm"));
  CHECK_THROWS_WITH(job::set(job, "resist.blur.sigma", 1.0), Contains("did you mean resist.blur.sigma_nm?"));
  CHECK_THROWS_WITH(job::set(job, "imaging.na", 7.0),
                    Contains("imaging.na = 7 (must be in (0, 4)); use 0.33"));
  CHECK_THROWS_WITH(job::set(job, "facets.points_per_spot", 5), Contains("must be one of 1, 7, 19"));
  CHECK_THROWS_AS(job::set(job, "mask.stack.n_bilayers", 40.5), InputError);
  CHECK_THROWS_AS(job::set(job, "imaging.na", std::string("0.33")), InputError);
  CHECK_THROWS_WITH(job::set(job, "imaging.accuracy", std::string("draft")), Contains("cannot be set"));
  CHECK(job.imaging.na == job::Job{}.imaging.na);  // a refused value changes nothing
}

TEST_CASE("set: a job set by keys is the job that was read with them", "[property][job]") {
  const JobFolder folder;
  const job::ReadJob plain = folder.read(kShapes);
  const auto written = folder.read(kShapes, {{"imaging.na", "0.4"}, {"mask.edge_bias_nm", "1.5"}});
  job::Job job = plain.job;
  job::set(job, "imaging.na", 0.4);
  job::set(job, "mask.edge_bias_nm", 1.5);
  CHECK(job::job_hash(job) == job::job_hash(written.job));
  CHECK_NOTHROW(job::check(job));
  job.illuminator.sigma_inner = 0.95;
  CHECK_THROWS_WITH(job::check(job), Contains("illuminator.sigma_inner"));
}
