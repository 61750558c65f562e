// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "undulith/verify/verify.hpp"

/// The reference cases, one function per subject; each returns one result per quantity.
namespace undulith::verify {

/// Where the numbers of the cases are.
struct Folders {
  std::filesystem::path reference;    ///< imaging/, mask/, source/, peers/
  std::filesystem::path third_party;  ///< layouts/, reference/peers/; empty if there is none

  /// Whether the third-party folder has this file.
  [[nodiscard]] bool has(const std::filesystem::path& file) const {
    return !third_party.empty() && std::filesystem::exists(third_party / file);
  }
};

/// A case, and the file below Folders::reference without which it cannot run.
struct Case {
  std::string id, title;
  std::filesystem::path data;
  std::function<std::vector<CheckResult>(const Folders&)> run;
};

[[nodiscard]] std::vector<Case> imaging_cases(const Folders& folders);
[[nodiscard]] std::vector<Case> peer_cases(const Folders& folders);
[[nodiscard]] std::vector<Case> multilayer_cases(const Folders& folders);
[[nodiscard]] std::vector<Case> mask_cases(const Folders& folders);
[[nodiscard]] std::vector<Case> thick_mask_cases(const Folders& folders);
[[nodiscard]] std::vector<Case> source_cases(const Folders& folders);
[[nodiscard]] std::vector<Case> resist_cases(const Folders& folders);

/// Rows of numbers of a reference file: JSON with `columns` and `rows`; at least one row, each with one finite
/// number per column.
struct Rows {
  std::vector<std::string> columns;
  std::vector<std::vector<double>> rows;
};
[[nodiscard]] Rows read_rows(const std::filesystem::path& json_file);

/// A comparison that ran.
[[nodiscard]] CheckResult compared(std::string quantity, double error, double tolerance,
                                   std::string note = {});
/// A comparison that could not run here.
[[nodiscard]] CheckResult skipped(std::string quantity, std::string why);

}  // namespace undulith::verify
