// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "undulith/flow/stages.hpp"

/// Results as text: tables for people, JSON and CSV for programs.
namespace undulith::results {

[[nodiscard]] std::string summary_json(const job::ReadJob& read, const flow::Results& results);
[[nodiscard]] std::string measurements_csv(const metrology::Measurement& measurement);
[[nodiscard]] std::string through_focus_csv(const flow::Results& results);
/// What a run prints: gauges, planes, flare, accuracy.
[[nodiscard]] std::string result_text(const flow::Results& results);
[[nodiscard]] std::string gauge_table(const metrology::Measurement& measurement);

/// Expected times of further commands on the same job.
struct StudyCosts {
  double window_s = 0;                   ///< undulith window
  std::optional<double> mask_effects_s;  ///< undulith mask; absent: not for this job
};
[[nodiscard]] std::string check_text(const job::ReadJob& read, const flow::Prepared& prepared,
                                     const StudyCosts& studies);
[[nodiscard]] std::string check_json(const job::ReadJob& read, const flow::Prepared& prepared,
                                     const StudyCosts& studies);

}  // namespace undulith::results
