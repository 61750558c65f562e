// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "undulith/core/key.hpp"
#include "undulith/core/progress.hpp"
#include "undulith/flow/stages.hpp"
#include "undulith/job/job.hpp"

/// One job with many values of some of its keys.
namespace undulith::study {

/// A key that a sweep varies, with its values; or the ends of its range, for sampled points.
struct VariedKey {
  std::string name;  ///< in full
  KeyType type = KeyType::number;
  std::vector<KeyValue> values;

  [[nodiscard]] bool is_number() const { return type == KeyType::number || type == KeyType::integer; }
};

/// A value of a varied key: the shortest text that reads back to the same number, or the word.
[[nodiscard]] std::string value_text(const KeyValue& value);
/// The value of a key that is a number.
[[nodiscard]] double value_number(const KeyValue& value);

/// How points are made of the values of the keys.
///   grid: every combination, the last key changing fastest
///   in_step: the first value of each key, the second of each ...
///   sampled: a Latin hypercube between the first and the last value of each key
enum class SweepPoints { grid, in_step, sampled };

struct SweepOptions {
  std::vector<std::string> vary;  ///< "imaging.focus_nm=-60:60:13", "mask.tone=dark_field,bright_field"
  SweepPoints points = SweepPoints::grid;
  int n_samples = 0;  ///< sampled: >= 1
  int seed = 1;       ///< sampled
};

struct SweepPlan {
  std::vector<VariedKey> keys;
  std::vector<std::vector<KeyValue>> points;  ///< one value for each key
};

/// Numbers as first:last:count, or separated by commas; words and names of files separated by commas; for sampled points
/// numbers as first:last. Every value is checked against its key.
/// @throws InputError  no such key ("did you mean"), a value it does not take, lists of different length in step, more
///                     than 10^6 points
[[nodiscard]] SweepPlan plan_sweep(const job::Job& job, const SweepOptions& options);

/// The job at one point. @throws InputError  the values do not go together
[[nodiscard]] job::Job job_at(const job::Job& job, const SweepPlan& plan, std::size_t point);

/// What a point gave: results, or why there are none.
struct SweepResult {
  std::size_t point = 0;
  std::optional<flow::Results> results;
  std::string error;  ///< empty where there are results
};

/// Points that see the same image by the names of their keys alone (resist, metrology, stochastics, throughput): each
/// group starts with the point that is computed first.
[[nodiscard]] std::vector<std::vector<std::size_t>> points_by_image(const SweepPlan& plan,
                                                                    std::span<const std::size_t> points);

/// Computes points, several at a time where memory allows. Points that differ behind the image alone share what lies before
/// it; the image they take from the store in use (flow::use_store). A point that refuses its job, or whose computation
/// fails, has an error.
/// @param done  is called for each point as it is finished, one call at a time, in no order
/// @throws Interrupted  after a request to stop; points that were begun are lost
void run_sweep(const job::Job& job, const SweepPlan& plan, std::span<const std::size_t> points,
               const Progress& progress, const std::function<void(SweepResult)>& done);

}  // namespace undulith::study
