// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "undulith/core/key.hpp"
#include "undulith/job/job.hpp"

/// The points of a sweep: one job with many values of some of its keys.
namespace undulith::study {

/// The name under which a sweep varies the light source: its values are files with [source], [beamline] and the machine in
/// [throughput], as job::read_job_with_source() takes them.
inline constexpr const char* kSourceFile = "source.file";

/// A key that a sweep varies, with its values: of a grid each one once, else one for each point.
struct VariedKey {
  std::string name;  ///< in full, or kSourceFile
  KeyType type = KeyType::number;
  std::vector<KeyValue> values;

  [[nodiscard]] bool is_number() const { return type == KeyType::number || type == KeyType::integer; }
};

/// A value of a varied key: the shortest text that reads back to the same number, or the word.
[[nodiscard]] std::string value_text(const KeyValue& value);
/// The name of a key without the numbers of elements: "metrology.gauge.x_nm" of "metrology.gauge[2].x_nm".
[[nodiscard]] std::string without_places(std::string key);
/// The value of a key that is a number.
[[nodiscard]] double value_number(const KeyValue& value);

using SweepPoints = job::SweepPoints;

/// What the command line says of the points. With neither `vary` nor `points_file` what it leaves open is that of [sweep]
/// in the job, else the usual: a grid, seed 1.
struct SweepOptions {
  std::vector<std::string> vary;  ///< "imaging.focus_nm=-60:60:13", "mask.tone=dark_field,bright_field"
  std::optional<SweepPoints> points = {};
  std::optional<int> n_samples = {};       ///< sampled: >= 1
  std::optional<int> seed = {};            ///< sampled
  std::filesystem::path points_file = {};  ///< CSV with the names of keys as its head; excludes `vary`
};

/// The points of a sweep, numbered from 0. It keeps the values of the keys, not those of each point: memory grows with the
/// number of points only where they do not form a grid.
struct SweepPlan {
  job::Job job;  ///< without the values of the keys
  std::vector<VariedKey> keys;
  bool is_grid = true;  ///< every combination, the last key changing fastest; else the keys change in step
  std::size_t n_points = 0;
  std::map<std::string, job::Job> source_jobs;  ///< the job with each of the varied files of sources
  std::vector<std::string> warnings;            ///< of reading those

  /// The number of the value that a key has at a point.
  [[nodiscard]] std::size_t index(std::size_t point, std::size_t key) const;
  [[nodiscard]] const KeyValue& value(std::size_t point, std::size_t key) const {
    return keys[key].values[index(point, key)];
  }
};

/// Numbers as first:last:count, or separated by commas; words and names of files separated by commas; for sampled points
/// numbers as first:last. Every value is checked against its key.
/// @throws InputError  no such key ("did you mean"), a value it does not take (of a file with its line), lists of different
///                     length in step, more than 10^6 points
[[nodiscard]] SweepPlan plan_sweep(const job::ReadJob& read, const SweepOptions& options);

/// The job at one point. @throws InputError  the values do not go together
[[nodiscard]] job::Job job_at(const SweepPlan& plan, std::size_t point);

/// The job with one value of one key, the others as they were.
[[nodiscard]] job::Job job_with(const SweepPlan& plan, std::size_t key, const KeyValue& value);

/// "imaging.focus_nm = 20, mask.tone = dark_field"
[[nodiscard]] std::string values_text(const SweepPlan& plan, std::size_t point);

}  // namespace undulith::study
