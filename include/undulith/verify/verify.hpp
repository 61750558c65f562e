// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

/// Undulith against numbers that independent codes computed: a user's reason to trust it.
namespace undulith::verify {

enum class CheckStatus { passed, failed, skipped };

/// One quantity of one reference case.
struct CheckResult {
  std::string id;        ///< of the case: "I01", "M02", "U3"
  std::string quantity;  ///< what was compared, and on what scale the error is measured
  double error = 0;      ///< largest
  double tolerance = 0;
  CheckStatus status = CheckStatus::failed;
  std::string note;  ///< why it was skipped, or against what the number is accurate
};

struct VerifyReport {
  std::vector<CheckResult> results;
  bool passed = true;  ///< nothing failed, and something ran
  int n_run = 0, n_skipped = 0;
  std::string text;  ///< table for the terminal
  std::string json;
  std::string markdown;  ///< docs/validation.md
};

/// Folder of reference numbers that came with this build: beside the sources, else installed with the
/// program.
[[nodiscard]] std::filesystem::path default_reference_folder();

/// Runs every case that the folder holds data for.
///
/// @param reference    folder with imaging/, mask/, source/, peers/
/// @param only         run only cases whose id starts with this; empty = all
/// @param third_party  folder with layouts/ and reference/peers/ that are not part of Undulith; cases whose
///                     files are not in it are skipped; empty = no such folder
/// @throws InputError  a folder is missing, or `reference` holds no known case
[[nodiscard]] VerifyReport verify(const std::filesystem::path& reference, const std::string& only = {},
                                  const std::filesystem::path& third_party = {});

}  // namespace undulith::verify
