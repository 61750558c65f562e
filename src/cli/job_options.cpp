#include "cli/job_options.hpp"

#include <fmt/core.h>

#include "undulith/core/error.hpp"
#include "undulith/core/log.hpp"

namespace undulith::cli {

std::vector<Option> job_options(JobOptions& options) {
  return {{.names = "JOB",
           .value = "",
           .help = "job file (TOML)",
           .target = &options.file,
           .required = true,
           .completion = Completion::file},
          {"-s,--set", "KEY=VALUE",
           "override a key of the job, value in TOML: --set imaging.na=0.55; repeatable", &options.set}};
}

flow::ReadJob read_job(const JobOptions& options) {
  std::vector<flow::Override> overrides;
  for (const std::string& text : options.set) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
      throw InputError(fmt::format("--set {} (needs a key and a value); write --set KEY=VALUE", text));
    overrides.push_back({.key = text.substr(0, equals), .value = text.substr(equals + 1)});
  }
  flow::ReadJob job = flow::read_job(options.file, overrides);
  for (const std::string& warning : job.warnings) log::warning(warning);
  return job;
}

std::string with_newline(std::string text) {
  if (text.empty() || text.back() != '\n') text += '\n';
  return text;
}

}  // namespace undulith::cli
