// SPDX-License-Identifier: MIT
#include "cli/job_options.hpp"

#include <fmt/core.h>

#include "undulith/core/decimal.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/log.hpp"

namespace undulith::cli {

std::vector<Option> job_options(JobOptions& options) {
  return {{.names = "JOB",
           .value = "",
           .help = "job file (TOML), or the manifest.json of results",
           .target = &options.file,
           .required = true,
           .completion = Completion::file},
          {"-s,--set", "KEY=VALUE",
           "override a key of the job, value in TOML: --set imaging.na=0.55; repeatable", &options.set}};
}

std::vector<job::Override> overrides_of(const JobOptions& options) {
  std::vector<job::Override> overrides;
  for (const std::string& text : options.set) {
    const std::size_t equals = text.find('=');
    const std::string_view key = without_blanks(std::string_view(text).substr(0, equals));
    if (equals == std::string::npos || key.empty())
      throw InputError(
          fmt::format("--set {} (a key and a value are needed); write --set KEY=VALUE", shown_text(text)));
    const std::string_view value = without_blanks(std::string_view(text).substr(equals + 1));
    overrides.push_back({.key = std::string(key), .value = std::string(value)});
  }
  return overrides;
}

std::filesystem::path default_folder(const std::filesystem::path& job) {
  std::filesystem::path name = job.stem();
  if (name == "manifest") {  // not the folder of the results that it describes
    name = std::filesystem::absolute(job).lexically_normal().parent_path().filename();
    name += "-again";
  }
  if (name == "job") name = std::filesystem::absolute(job).lexically_normal().parent_path().filename();
  return std::filesystem::path("results") / (name.empty() ? "job" : name);
}

job::ReadJob read_job(const JobOptions& options, job::JobScope scope) {
  job::ReadJob job = job::read_job(options.file, overrides_of(options), scope);
  for (const std::string& warning : job.warnings) log::warning(warning);
  return job;
}

std::string with_newline(std::string text) {
  if (text.empty() || text.back() != '\n') text += '\n';
  return text;
}

}  // namespace undulith::cli
