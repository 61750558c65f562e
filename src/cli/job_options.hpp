// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "undulith/job/job.hpp"

/// What `run` and `check` have in common.
namespace undulith::cli {

struct JobOptions {
  std::string file;
  std::vector<std::string> set;  ///< "key=value"
};

/// JOB and --set. @param options  must outlive the command
[[nodiscard]] std::vector<Option> job_options(JobOptions& options);

/// Reads the job with its overrides and prints its warnings.
/// @throws InputError
[[nodiscard]] job::ReadJob read_job(const JobOptions& options, job::JobScope scope = job::JobScope::whole);

/// The --set options. @throws InputError  one is not KEY=VALUE
[[nodiscard]] std::vector<job::Override> overrides_of(const JobOptions& options);

/// results/<name>, where name is that of the job file, or of its folder if the file is called job.toml (as in
/// the examples).
[[nodiscard]] std::filesystem::path default_folder(const std::filesystem::path& job);

/// The text, ending in a newline.
[[nodiscard]] std::string with_newline(std::string text);

}  // namespace undulith::cli
