#pragma once

#include <string>

#include "flow/stages.hpp"

/// Results as text: tables for people, JSON and CSV for programs.
namespace undulith::flow {

[[nodiscard]] std::string summary_json(const ReadJob& read, const Results& results);
[[nodiscard]] std::string measurements_csv(const metrology::Measurement& measurement);
[[nodiscard]] std::string through_focus_csv(const Results& results);
/// What a run prints: gauges, planes, flare, accuracy.
[[nodiscard]] std::string result_text(const Job& job, const Results& results);
[[nodiscard]] std::string gauge_table(const metrology::Measurement& measurement);

[[nodiscard]] std::string check_text(const ReadJob& read, const Prepared& prepared);
[[nodiscard]] std::string check_json(const ReadJob& read, const Prepared& prepared);

}  // namespace undulith::flow
