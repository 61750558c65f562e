// SPDX-License-Identifier: MIT
#include "undulith/program/optimise.hpp"

#include "program/optimise_source.hpp"
#include "undulith/core/log.hpp"
#include "undulith/results/manifest_file.hpp"
#include "undulith/results/optimise_files.hpp"
#include "undulith/results/result_writer.hpp"
#include "undulith/study/mask_optimisation.hpp"

namespace undulith::program {

OptimiseReport optimise(const std::filesystem::path& job_file, const OptimiseOptions& options) {
  const job::ReadJob read = job::read_job(job_file, options.overrides);
  if (read.job.optimise.method == job::OptimiseMethod::source ||
      read.job.optimise.method == job::OptimiseMethod::smo)
    return optimise_source(read, job_file, options);
  io::OutputFolder folder(options.out, options.force ? io::OutputFolder::IfExists::replace_files
                                                     : io::OutputFolder::IfExists::refuse);
  const study::MaskOptimisation found = study::optimise_mask(read.job, options.progress);
  for (const std::string& warning : found.warnings) log::warning(warning);
  OptimiseReport report{.text = results::optimise_text(found),
                        .json = results::optimise_json(found),
                        .interrupted = found.interrupted,
                        .met = found.after.violations == 0 && found.findings.empty()};
  results::ResultWriter writer(folder, read.job);
  results::write_optimisation(writer, found);
  writer.text("optimise.json", report.json);
  writer.text("optimise.txt", report.text);
  writer.text("job.resolved.toml", job::resolved_job(read.job, options.out));
  report.files = writer.files();
  report.files.push_back(results::add_manifest(folder, "optimise", {read.job}, {job_file}));
  folder.commit();
  return report;
}

}  // namespace undulith::program
