// SPDX-License-Identifier: MIT
#include "undulith/study/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <mutex>
#include <numeric>

#include "undulith/core/error.hpp"
#include "undulith/core/memory.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/core/progress_counter.hpp"
#include "undulith/core/random.hpp"
#include "undulith/flow/light_chain.hpp"
#include "undulith/io/csv.hpp"
#include "undulith/job/keys.hpp"
#include "undulith/job/set.hpp"

namespace undulith::study {
namespace {

constexpr double kMostPoints = 1e6;

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text)
    if (c == separator)
      parts.emplace_back();
    else
      parts.back() += c;
  return parts;
}

[[noreturn]] void refuse(const std::string& vary, const std::string& why, const std::string& advice) {
  throw InputError(fmt::format("--vary {} ({}); {}", vary, why, advice));
}

double number_of(const std::string& vary, const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    refuse(vary, fmt::format("\"{}\" is no number", text),
           "write first:last:count, or numbers separated by commas");
  return value;
}

KeyValue as_number(const KeyInfo& info, double value) {
  if (info.type == KeyType::integer && value == std::round(value) && std::abs(value) < 1e9)
    return static_cast<int>(value);
  return value;
}

// first:last:count, or for sampled points first:last
std::vector<double> range_of(const std::string& vary, const std::vector<std::string>& parts,
                             SweepPoints points) {
  const double first = number_of(vary, parts[0]), last = number_of(vary, parts[1]);
  if (points == SweepPoints::sampled) {
    if (parts.size() != 2) refuse(vary, "sampled points have no count", "write first:last");
    return {first, last};
  }
  if (parts.size() != 3) refuse(vary, "a range has two colons", "write first:last:count, such as -60:60:13");
  const double count = number_of(vary, parts[2]);
  if (!(count >= 2) || count != std::floor(count) || count > kMostPoints)
    refuse(vary, fmt::format("{} values", parts[2]), "give a whole number of at least 2");
  std::vector<double> values;
  for (int i = 0; i < static_cast<int>(count); ++i)
    values.push_back(i + 1 == static_cast<int>(count) ? last : first + (last - first) * i / (count - 1));
  return values;
}

VariedKey varied_key(const job::Job& job, const std::string& vary, SweepPoints points) {
  const std::size_t equals = vary.find('=');
  if (equals == 0 || equals == std::string::npos || equals + 1 == vary.size())
    refuse(vary, "a key and its values are needed", "write KEY=first:last:count or KEY=value,value");
  VariedKey key{.name = vary.substr(0, equals), .values = {}};
  const std::string text = vary.substr(equals + 1);
  static_cast<void>(job::value_of(job, key.name));  // refuses a name that is no key
  std::string plain = key.name;                     // without the numbers of elements
  for (std::size_t open; (open = plain.find('[')) != std::string::npos;)
    plain.erase(open, plain.find(']', open) - open + 1);
  const KeyInfo& info = *job::find_key(plain);
  key.type = info.type;
  if (key.is_number()) {
    const std::vector<std::string> parts = split(text, ':');
    if (parts.size() > 1) {
      for (const double value : range_of(vary, parts, points)) key.values.push_back(as_number(info, value));
    } else {
      for (const std::string& part : split(text, ','))
        key.values.push_back(as_number(info, number_of(vary, part)));
    }
  } else if (info.type == KeyType::choice || info.type == KeyType::text || info.type == KeyType::file ||
             info.type == KeyType::material) {
    for (const std::string& part : split(text, ',')) key.values.emplace_back(part);
  } else {
    refuse(vary, fmt::format("{} holds {}", key.name, job::name_of(info.type)),
           "vary keys that hold a number, a word or a file");
  }
  const bool is_range = key.is_number() && text.find(':') != std::string::npos && key.values.size() == 2;
  if (points == SweepPoints::sampled && !is_range)
    refuse(vary, "sampled points need a range of numbers", "write KEY=first:last");
  job::Job tried = job;
  for (const KeyValue& value : key.values) job::set(tried, key.name, value);
  return key;
}

// One point in each of n equal parts of every range, the parts of the keys in random order [McKay1979].
std::vector<std::vector<KeyValue>> latin_hypercube(const std::vector<VariedKey>& keys, int n, int seed) {
  std::vector<std::vector<KeyValue>> points(static_cast<std::size_t>(n));
  for (std::size_t k = 0; k < keys.size(); ++k) {
    constexpr std::uint32_t kStream = 0x5357;
    const auto seed_word = static_cast<std::uint32_t>(seed), key_word = static_cast<std::uint32_t>(k);
    std::vector<std::size_t> part(points.size());
    std::iota(part.begin(), part.end(), std::size_t{0});
    VoxelRandom shuffle(seed_word, kStream, 0, key_word);
    for (std::size_t i = part.size(); i > 1; --i)
      std::swap(part[i - 1],
                part[std::min(i - 1, static_cast<std::size_t>(shuffle.uniform() * static_cast<double>(i)))]);
    const double first = value_number(keys[k].values[0]), last = value_number(keys[k].values[1]);
    for (std::size_t i = 0; i < points.size(); ++i) {
      const double within = VoxelRandom(seed_word, kStream, i + 1, key_word).uniform();
      const double value = std::lerp(first, last, (static_cast<double>(part[i]) + within) / n);
      if (keys[k].type == KeyType::integer)
        points[i].emplace_back(static_cast<int>(std::lround(value)));
      else
        points[i].emplace_back(value);
    }
  }
  return points;
}

// Keys of these tables change nothing of the image.
bool changes_image(const std::string& key) {
  if (key.find('.') == std::string::npos) return false;  // title, outputs
  static constexpr std::array<std::string_view, 5> kBehind{"resist", "metrology", "stochastics", "throughput",
                                                           "factory"};
  return std::ranges::find(kBehind, std::string_view(key).substr(0, key.find('.'))) == kBehind.end();
}

}  // namespace

std::string value_text(const KeyValue& value) {
  if (const auto* number = std::get_if<double>(&value)) return io::format_number(*number);
  if (const auto* whole = std::get_if<int>(&value)) return std::to_string(*whole);
  return std::get<std::string>(value);
}

double value_number(const KeyValue& value) {
  return std::holds_alternative<int>(value) ? std::get<int>(value) : std::get<double>(value);
}

SweepPlan plan_sweep(const job::Job& job, const SweepOptions& options) {
  if (options.vary.empty())
    throw InputError("a sweep varies nothing; give --vary KEY=first:last:count or KEY=value,value");
  if (options.seed < 0) throw InputError(fmt::format("--seed {} (must be 0 or more); use 1", options.seed));
  SweepPlan plan;
  double n_points = options.points == SweepPoints::grid ? 1 : options.n_samples;
  for (const std::string& vary : options.vary) {
    const VariedKey& key = plan.keys.emplace_back(varied_key(job, vary, options.points));
    if (std::ranges::count(plan.keys, key.name, &VariedKey::name) > 1)
      refuse(vary, "the key is varied twice", "give it once, with all its values");
    const double n_values = static_cast<double>(key.values.size());
    if (options.points == SweepPoints::grid) n_points *= n_values;
    if (options.points != SweepPoints::in_step) continue;
    n_points = n_values;
    if (key.values.size() != plan.keys.front().values.size())
      refuse(vary,
             fmt::format("{} values, and {} has {}", key.values.size(), plan.keys.front().name,
                         plan.keys.front().values.size()),
             "keys in step need the same number of values");
  }
  if (!(n_points >= 1 && n_points <= kMostPoints))
    throw InputError(
        fmt::format("a sweep of {:g} points (must be 1 to {:g}); give fewer values", n_points, kMostPoints));
  if (options.points == SweepPoints::sampled) {
    plan.points = latin_hypercube(plan.keys, options.n_samples, options.seed);
    return plan;
  }
  for (std::size_t i = 0; i < static_cast<std::size_t>(n_points); ++i) {
    std::vector<KeyValue> point(plan.keys.size());
    std::size_t rest = i;
    for (std::size_t k = plan.keys.size(); k-- > 0;) {
      const std::vector<KeyValue>& values = plan.keys[k].values;
      point[k] = values[options.points == SweepPoints::grid ? rest % values.size() : i];
      rest /= values.size();
    }
    plan.points.push_back(std::move(point));
  }
  return plan;
}

job::Job job_at(const job::Job& job, const SweepPlan& plan, std::size_t point) {
  job::Job at = job;
  for (std::size_t k = 0; k < plan.keys.size(); ++k) job::set(at, plan.keys[k].name, plan.points[point][k]);
  job::check(at);
  return at;
}

std::vector<std::vector<std::size_t>> points_by_image(const SweepPlan& plan,
                                                      std::span<const std::size_t> points) {
  std::map<std::string, std::size_t> group_of;
  std::vector<std::vector<std::size_t>> groups;
  for (const std::size_t point : points) {
    std::string image;
    for (std::size_t k = 0; k < plan.keys.size(); ++k)
      if (changes_image(plan.keys[k].name)) image += value_text(plan.points[point][k]) + '\n';
    const auto [found, is_new] = group_of.try_emplace(image, groups.size());
    if (is_new) groups.emplace_back();
    groups[found->second].push_back(point);
  }
  return groups;
}

namespace {

// Computes the points of a sweep and hands them on, one at a time.
class Points {
 public:
  Points(const job::Job& job, const SweepPlan& plan, const Progress& progress, std::size_t n_points,
         const std::function<void(SweepResult)>& done)
      : job_(job), plan_(plan), done_(done), counter_(progress, n_points) {}

  // Points of one image. What lies before the image is prepared once.
  void compute_group(const std::vector<std::size_t>& group, bool side_by_side) {
    std::optional<flow::Prepared> prepared;
    compute(group.front(), [&](job::Job job) {
      prepared = flow::prepare(std::move(job));
      return *prepared;
    });
    const auto compute_other = [&](std::size_t point) {
      compute(point, [&](job::Job job) {
        return prepared ? behind(*prepared, std::move(job)) : flow::prepare(std::move(job));
      });
    };
    const auto others = std::span(group).subspan(1);
    if (side_by_side)
      parallel_for(static_cast<int>(others.size()),
                   [&](int i) { compute_other(others[static_cast<std::size_t>(i)]); });
    else
      std::ranges::for_each(others, compute_other);
  }

 private:
  // The same light, pupil and mask for a job that differs behind the image.
  [[nodiscard]] flow::Prepared behind(const flow::Prepared& first, job::Job job) const {
    flow::Prepared prepared = first;
    if (varies_scanner_) prepared.chain = flow::follow_light(job, prepared.light);
    prepared = flow::with_job(std::move(prepared), std::move(job));
    metrology::check_parameters(prepared.clip.cell, prepared.clip.window, prepared.job.metrology);
    resist::check_parameters(prepared.job.resist, prepared.job.stochastics);
    return prepared;
  }

  template <class Prepare>
  void compute(std::size_t point, const Prepare& prepare) {
    SweepResult result{.point = point, .results = {}, .error = {}};
    try {
      result.results = flow::compute(prepare(job_at(job_, plan_, point)), {});
    } catch (const Interrupted&) {
      throw;
    } catch (const Error& error) {
      result.error = error.what();
    }
    {
      const std::scoped_lock lock(mutex_);
      done_(std::move(result));
    }
    counter_.add_one();
  }

  const job::Job& job_;
  const SweepPlan& plan_;
  const std::function<void(SweepResult)>& done_;
  const bool varies_scanner_ = std::ranges::any_of(plan_.keys, [](const VariedKey& key) {
    return key.name.starts_with("throughput.") || key.name.starts_with("factory.");
  });
  ProgressCounter counter_;
  std::mutex mutex_;
};

// Whether as many points as there are threads fit into memory at a time, as the first one needs it.
bool fit_side_by_side(const job::Job& job, const SweepPlan& plan, std::size_t first) {
  try {
    const double memory_mb =
        flow::prepare(job_at(job, plan, first), flow::LightDetail::estimated).memory_mb();
    return memory_mb * thread_count() < available_memory_mb() / 2;
  } catch (const Error&) {
    return true;  // it will be in its line
  }
}

}  // namespace

void run_sweep(const job::Job& job, const SweepPlan& plan, std::span<const std::size_t> points,
               const Progress& progress, const std::function<void(SweepResult)>& done) {
  if (points.empty()) return;
  const std::vector<std::vector<std::size_t>> groups = points_by_image(plan, points);
  const bool side_by_side = fit_side_by_side(job, plan, points.front());
  Points all(job, plan, progress, points.size(), done);
  if (side_by_side && static_cast<int>(groups.size()) >= thread_count())
    parallel_for(static_cast<int>(groups.size()),
                 [&](int i) { all.compute_group(groups[static_cast<std::size_t>(i)], false); });
  else
    for (const std::vector<std::size_t>& group : groups) all.compute_group(group, side_by_side);
}

}  // namespace undulith::study
