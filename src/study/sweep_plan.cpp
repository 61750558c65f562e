// SPDX-License-Identifier: MIT
#include "undulith/study/sweep_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <set>

#include "undulith/core/error.hpp"
#include "undulith/core/random.hpp"
#include "undulith/io/csv.hpp"
#include "undulith/job/keys.hpp"
#include "undulith/job/set.hpp"

namespace undulith::study {
namespace {

namespace fs = std::filesystem;

constexpr double kMostPoints = 1e6;

// How a key is varied, as the user wrote it.
struct Wish {
  std::string key, values;
  std::string shown;  // for messages: "--vary imaging.na=0.3,0.4"
  fs::path folder;    // names of files are relative to it
};

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text)
    if (c == separator)
      parts.emplace_back();
    else
      parts.back() += c;
  return parts;
}

[[noreturn]] void refuse(const std::string& shown, const std::string& why, const std::string& advice) {
  throw InputError(fmt::format("{} ({}); {}", shown, why, advice));
}

double number_of(const std::string& shown, const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    refuse(shown, fmt::format("\"{}\" is no number", text),
           "write first:last:count, or numbers separated by commas");
  return value;
}

KeyValue as_number(KeyType type, double value) {
  if (type == KeyType::integer && value == std::round(value) && std::abs(value) < 1e9)
    return static_cast<int>(value);
  return value;
}

// first:last:count, or for sampled points first:last
std::vector<double> range_of(const std::string& shown, const std::vector<std::string>& parts,
                             SweepPoints points) {
  const double first = number_of(shown, parts[0]), last = number_of(shown, parts[1]);
  if (points == SweepPoints::sampled) {
    if (parts.size() != 2) refuse(shown, "sampled points have no count", "write first:last");
    return {first, last};
  }
  if (parts.size() != 3) refuse(shown, "a range has two colons", "write first:last:count, such as -60:60:13");
  const double count = number_of(shown, parts[2]);
  if (!(count >= 2) || count != std::floor(count) || count > kMostPoints)
    refuse(shown, fmt::format("{} values", parts[2]), "give a whole number of at least 2");
  std::vector<double> values;
  for (int i = 0; i < static_cast<int>(count); ++i)
    values.push_back(i + 1 == static_cast<int>(count) ? last : first + (last - first) * i / (count - 1));
  return values;
}

// What values a key takes. @throws InputError  no such key, or one that holds neither a number nor a word
KeyType type_of(const job::Job& job, const std::string& key, const std::string& shown) {
  if (key == kSourceFile) return KeyType::file;
  static_cast<void>(job::value_of(job, key));  // refuses a name that is no key
  const KeyType type = job::find_key(without_places(key))->type;
  const auto kinds = {KeyType::number, KeyType::integer, KeyType::choice,
                      KeyType::text,   KeyType::file,    KeyType::material};
  if (std::ranges::find(kinds, type) == kinds.end())
    refuse(shown, fmt::format("{} holds {}", key, job::name_of(type)),
           "vary keys that hold a number, a word or a file");
  return type;
}

// A file as the job names it: relative to the current folder.
std::string file_name(const fs::path& folder, const std::string& name) {
  return folder.empty() || fs::path(name).is_absolute() ? name : (folder / name).lexically_normal().string();
}

KeyValue word_of(const VariedKey& key, const fs::path& folder, const std::string& text) {
  std::error_code ignored;
  const bool names_file = key.type == KeyType::file ||
                          (key.type == KeyType::material && fs::is_regular_file(folder / text, ignored));
  return names_file ? file_name(folder, text) : text;
}

VariedKey varied_key(const job::Job& job, const Wish& wish, SweepPoints points) {
  VariedKey key{.name = wish.key, .type = type_of(job, wish.key, wish.shown), .values = {}};
  if (key.is_number()) {
    const std::vector<std::string> parts = split(wish.values, ':');
    if (parts.size() > 1) {
      for (const double value : range_of(wish.shown, parts, points))
        key.values.push_back(as_number(key.type, value));
    } else {
      for (const std::string& part : split(wish.values, ','))
        key.values.push_back(as_number(key.type, number_of(wish.shown, part)));
    }
  } else {
    for (const std::string& part : split(wish.values, ','))
      key.values.push_back(word_of(key, wish.folder, part));
  }
  const bool is_range =
      key.is_number() && wish.values.find(':') != std::string::npos && key.values.size() == 2;
  if (points == SweepPoints::sampled && !is_range)
    refuse(wish.shown, "sampled points need a range of numbers", "write KEY=first:last");
  return key;
}

// One point in each of n equal parts of every range, the parts of the keys in random order [McKay1979].
std::vector<KeyValue> latin_hypercube(const VariedKey& key, std::uint32_t key_word, int n, int seed) {
  constexpr std::uint32_t kStream = 0x5357;
  const auto seed_word = static_cast<std::uint32_t>(seed);
  std::vector<std::size_t> part(static_cast<std::size_t>(n));
  std::iota(part.begin(), part.end(), std::size_t{0});
  VoxelRandom shuffle(seed_word, kStream, 0, key_word);
  for (std::size_t i = part.size(); i > 1; --i)
    std::swap(part[i - 1],
              part[std::min(i - 1, static_cast<std::size_t>(shuffle.uniform() * static_cast<double>(i)))]);
  const double first = value_number(key.values[0]), last = value_number(key.values[1]);
  std::vector<KeyValue> values;
  for (std::size_t i = 0; i < part.size(); ++i) {
    const double within = VoxelRandom(seed_word, kStream, i + 1, key_word).uniform();
    const double value = std::lerp(first, last, (static_cast<double>(part[i]) + within) / n);
    values.push_back(as_number(key.type, key.type == KeyType::integer ? std::round(value) : value));
  }
  return values;
}

// Tries every value of a key, and reads the jobs of varied sources.
// @param place  of a value, for the message of a refused one; nullptr: as it is
template <class Place>
void check_values(SweepPlan& plan, const job::ReadJob& read, const VariedKey& key, const Place& place) {
  job::Job tried = read.job;
  std::set<std::string> known;
  for (std::size_t i = 0; i < key.values.size(); ++i) {
    const KeyValue& value = key.values[i];
    const std::string text = value_text(value);
    if (!key.is_number() && !known.insert(text).second) continue;
    try {
      if (key.name == kSourceFile) {
        job::ReadJob with = job::read_job_with_source(read.file, text, read.overrides);
        plan.source_jobs.emplace(text, std::move(with.job));
        for (const std::string& warning : with.warnings)
          if (std::ranges::find(read.warnings, warning) == read.warnings.end())
            plan.warnings.push_back(warning);
      } else {
        job::set(tried, key.name, value);
      }
    } catch (const InputError& error) {
      throw InputError(place(i) + error.what());
    }
  }
}

void require_n_points(double n_points) {
  if (!(n_points >= 1 && n_points <= kMostPoints))
    throw InputError(
        fmt::format("a sweep of {:g} points (must be 1 to {:g}); give fewer values", n_points, kMostPoints));
}

// The points of a CSV file.
SweepPlan listed_points(const job::ReadJob& read, const fs::path& file) {
  SweepPlan plan{
      .job = read.job, .keys = {}, .is_grid = false, .n_points = 0, .source_jobs = {}, .warnings = {}};
  const std::string name = file.string();
  const std::vector<std::string> heads = io::read_csv(file).columns;
  io::CsvOptions options{.texts = {}, .usual_columns = {}, .n_columns = {}};
  for (const std::string& head : heads) {
    const std::string shown = fmt::format("{}: column {}", name, head);
    try {
      plan.keys.push_back({.name = head, .type = type_of(read.job, head, shown), .values = {}});
    } catch (const InputError& error) {
      throw InputError(fmt::format("{}: {}", name, error.what()));
    }
    if (!plan.keys.back().is_number()) options.texts.push_back(head);
  }
  const io::CsvTable table = io::read_csv(file, options);
  require_n_points(static_cast<double>(table.rows.size()));
  plan.n_points = table.rows.size();
  for (VariedKey& key : plan.keys) {
    if (key.is_number()) {
      const std::size_t column = table.column(key.name);
      for (const std::vector<double>& row : table.rows)
        key.values.push_back(as_number(key.type, row[column]));
    } else {
      for (const std::string& text : table.texts(key.name))
        key.values.push_back(word_of(key, file.parent_path(), text));
    }
    check_values(plan, read, key,
                 [&](std::size_t i) { return fmt::format("{}:{}: ", name, table.lines[i]); });
  }
  return plan;
}

// What is varied, as the command line says, or else the job.
std::vector<Wish> wishes_of(const job::ReadJob& read, const std::vector<std::string>& vary) {
  std::vector<Wish> wishes;
  for (const std::string& text : vary) {
    const std::size_t equals = text.find('=');
    const std::string shown = "--vary " + text;
    if (equals == 0 || equals == std::string::npos || equals + 1 == text.size())
      refuse(shown, "a key and its values are needed", "write KEY=first:last:count or KEY=value,value");
    wishes.push_back({text.substr(0, equals), text.substr(equals + 1), shown, {}});
  }
  if (!vary.empty()) return wishes;
  for (std::size_t i = 0; i < read.job.sweep.vary.size(); ++i) {
    const job::SweepVary& one = read.job.sweep.vary[i];
    wishes.push_back(
        {one.key, one.values,
         fmt::format("sweep.vary[{}] of {}, {} = \"{}\"", i + 1, read.file.string(), one.key, one.values),
         read.file.parent_path()});
  }
  return wishes;
}

}  // namespace

std::string value_text(const KeyValue& value) {
  if (const auto* number = std::get_if<double>(&value)) return io::format_number(*number);
  if (const auto* whole = std::get_if<int>(&value)) return std::to_string(*whole);
  return std::get<std::string>(value);
}

std::string without_places(std::string key) {
  for (std::size_t open; (open = key.find('[')) != std::string::npos;)
    key.erase(open, key.find(']', open) - open + 1);
  return key;
}

double value_number(const KeyValue& value) {
  return std::holds_alternative<int>(value) ? std::get<int>(value) : std::get<double>(value);
}

std::size_t SweepPlan::index(std::size_t point, std::size_t key) const {
  if (!is_grid) return point;
  for (std::size_t k = keys.size() - 1; k > key; --k) point /= keys[k].values.size();
  return point % keys[key].values.size();
}

SweepPlan plan_sweep(const job::ReadJob& read, const SweepOptions& options) {
  if (!options.points_file.empty() && !options.vary.empty())
    throw InputError("--points and --vary exclude each other (the file has all keys); leave one out");
  const job::SweepTable& table = read.job.sweep;
  const bool of_job = options.vary.empty() && options.points_file.empty();
  const SweepPoints points = options.points.value_or(
      of_job ? table.points : (options.vary.empty() ? SweepPoints::listed : SweepPoints::grid));
  const int n_samples = options.n_samples.value_or(of_job ? table.n_samples : 0),
            seed = options.seed.value_or(of_job ? table.seed : 1);
  if (points == SweepPoints::listed) {
    const fs::path file = of_job ? fs::path(table.points_file) : options.points_file;
    if (file.empty()) throw InputError("sweep.points = \"listed\" (there is no sweep.points_file); name one");
    return listed_points(read, file);
  }
  const std::vector<Wish> wishes = wishes_of(read, options.vary);
  if (wishes.empty())
    throw InputError(
        "a sweep varies nothing; give --vary KEY=first:last:count or KEY=value,value, or [[sweep.vary]] in the "
        "job");
  if (seed < 0) throw InputError(fmt::format("--seed {} (must be 0 or more); use 1", seed));
  SweepPlan plan{.job = read.job,
                 .keys = {},
                 .is_grid = points == SweepPoints::grid,
                 .n_points = 0,
                 .source_jobs = {},
                 .warnings = {}};
  double n_points = plan.is_grid ? 1 : n_samples;
  for (const Wish& wish : wishes) {
    const VariedKey& key = plan.keys.emplace_back(varied_key(read.job, wish, points));
    check_values(plan, read, key, [](std::size_t) { return std::string(); });
    if (std::ranges::count(plan.keys, key.name, &VariedKey::name) > 1)
      refuse(wish.shown, "the key is varied twice", "give it once, with all its values");
    const double n_values = static_cast<double>(key.values.size());
    if (plan.is_grid) n_points *= n_values;
    if (points != SweepPoints::in_step) continue;
    n_points = n_values;
    if (key.values.size() != plan.keys.front().values.size())
      refuse(wish.shown,
             fmt::format("{} values, and {} has {}", key.values.size(), plan.keys.front().name,
                         plan.keys.front().values.size()),
             "keys in step need the same number of values");
  }
  require_n_points(n_points);
  plan.n_points = static_cast<std::size_t>(n_points);
  if (points == SweepPoints::sampled)
    for (std::size_t k = 0; k < plan.keys.size(); ++k)
      plan.keys[k].values = latin_hypercube(plan.keys[k], static_cast<std::uint32_t>(k), n_samples, seed);
  return plan;
}

job::Job job_with(const SweepPlan& plan, std::size_t key, const KeyValue& value) {
  if (plan.keys[key].name == kSourceFile) return plan.source_jobs.at(value_text(value));
  job::Job job = plan.job;
  job::set(job, plan.keys[key].name, value);
  return job;
}

job::Job job_at(const SweepPlan& plan, std::size_t point) {
  const auto source = std::ranges::find(plan.keys, kSourceFile, &VariedKey::name);
  job::Job at = source == plan.keys.end()
                    ? plan.job
                    : job_with(plan, static_cast<std::size_t>(source - plan.keys.begin()),
                               plan.value(point, static_cast<std::size_t>(source - plan.keys.begin())));
  for (std::size_t k = 0; k < plan.keys.size(); ++k)
    if (plan.keys[k].name != kSourceFile) job::set(at, plan.keys[k].name, plan.value(point, k));
  job::check(at);
  return at;
}

std::string values_text(const SweepPlan& plan, std::size_t point) {
  std::string text;
  for (std::size_t k = 0; k < plan.keys.size(); ++k)
    text += fmt::format("{}{} = {}", k > 0 ? ", " : "", plan.keys[k].name, value_text(plan.value(point, k)));
  return text;
}

}  // namespace undulith::study
