// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "undulith/core/progress.hpp"
#include "undulith/job/job.hpp"

/// One job from source to numbers and pictures.
namespace undulith::program {

struct RunOptions {
  std::filesystem::path out;  ///< folder for the results
  bool force = false;         ///< replace files of the same name in a folder that has some
  Progress progress;
};

struct RunReport {
  std::string table;                         ///< for people: one line per gauge and a summary
  std::string json;                          ///< the content of summary.json
  std::vector<std::filesystem::path> files;  ///< what was written, in the order of the stages
  bool all_printed = true;                   ///< every gauge found its feature
};

/// Runs a job and leaves a folder of results that appears whole or not at all; the same job gives the same
/// bytes.
/// @throws InputError, NumericalError, IoError, Interrupted
/// Files: docs/formats/results.md
[[nodiscard]] RunReport run_job(const job::ReadJob& read, const RunOptions& options);

struct CheckReport {
  std::string text;  ///< for people
  std::string json;
};

/// Validates a job down to its layout and illuminator, and says what it would cost; computes no image.
/// @throws InputError
[[nodiscard]] CheckReport check_job(const job::ReadJob& read);

}  // namespace undulith::program
