// SPDX-License-Identifier: MIT
#include "undulith/program/converge.hpp"

#include <fmt/format.h>

#include "undulith/core/error.hpp"
#include "undulith/flow/store.hpp"
#include "undulith/job/locate.hpp"
#include "undulith/results/converge_report.hpp"
#include "undulith/study/convergence.hpp"

namespace undulith::program {

ConvergeReport converge_job(const job::ReadJob& read, const ConvergeOptions& options) {
  if (!(options.max_cpu_s > 0))
    throw InputError(fmt::format("max_cpu_s = {} (must be above 0); use 300", options.max_cpu_s));
  const flow::WithoutStore timed;  // the report has the time of every refinement
  try {
    const study::Convergence convergence =
        study::measure_convergence(read.job, options.max_cpu_s, options.progress);
    return {results::convergence_text(convergence), results::convergence_json(read, convergence)};
  } catch (const InputError& error) {
    throw InputError(job::locate(read, error.what()));
  }
}

}  // namespace undulith::program
