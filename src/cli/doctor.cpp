// SPDX-License-Identifier: MIT
#include "undulith/program/doctor.hpp"
#include "cli/command.hpp"
#include "cli/job_options.hpp"

namespace undulith::cli {

Command make_doctor_command(const GlobalOptions& global) {
  return {.name = "doctor",
          .summary = "library versions and self-tests of this installation",
          .details = "Exit code 1 if a self-test fails.",
          .options = {},
          .run = [&global] {
            const program::DoctorReport report = program::run_doctor();
            print(with_newline(global.json ? report.json : report.text));
            return report.passed ? 0 : 1;
          }};
}

}  // namespace undulith::cli
