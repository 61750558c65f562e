// SPDX-License-Identifier: MIT
#include <memory>

#include "cli/command.hpp"
#include "cli/job_options.hpp"
#include "undulith/program/run.hpp"

namespace undulith::cli {

Command make_check_command(const GlobalOptions& global) {
  const auto options = std::make_shared<JobOptions>();
  return {.name = "check",
          .summary = "check a job and estimate its cost, without running it",
          .details = "",
          .options = job_options(*options),
          .run = [&global, options] {
            const program::CheckReport report = program::check_job(read_job(*options));
            print(with_newline(global.json ? report.json : report.text));
            return 0;
          }};
}

}  // namespace undulith::cli
