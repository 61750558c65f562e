// SPDX-License-Identifier: MIT
#pragma once

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

}  // namespace undulith::results
