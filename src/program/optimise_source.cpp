// SPDX-License-Identifier: MIT
#include "program/optimise_source.hpp"

#include "undulith/core/log.hpp"
#include "undulith/job/locate.hpp"
#include "undulith/results/manifest_file.hpp"
#include "undulith/results/optimise_files.hpp"
#include "undulith/results/result_writer.hpp"
#include "undulith/results/source_files.hpp"
#include "undulith/study/source_optimisation.hpp"

namespace undulith::program {

OptimiseReport optimise_source(const job::ReadJob& read, const std::filesystem::path& job_file,
                               const OptimiseOptions& options) {
  std::vector<job::Job> others;
  if (!read.job.optimise.source.front_pupil_fill.empty())
    for (const job::CompareSource& source : read.job.compare.sources)
      others.push_back(job::read_job_with_source(job_file, source.file, options.overrides).job);
  io::OutputFolder folder(options.out, options.force ? io::OutputFolder::IfExists::replace_files
                                                     : io::OutputFolder::IfExists::refuse);
  const study::SourceOptimisation found =
      job::with_places(read, [&] { return study::optimise_source(read.job, others, options.progress); });
  if (found.mask)
    for (const std::string& warning : found.mask->warnings) log::warning(warning);
  OptimiseReport report{.text = results::source_text(found),
                        .json = results::source_json(found),
                        .interrupted = found.interrupted,
                        .met = found.feasible && (!found.mask || found.mask->findings.empty())};
  results::ResultWriter writer(folder, read.job);
  results::write_source(writer, found);
  const job::Job verified =
      study::job_with_source(read.job, found, (options.out / results::source_file_name(found)).string(),
                             (options.out / "mask.gds").string(), study::kMaskLayer);
  writer.text("job.optimised.toml", job::resolved_job(verified, options.out));
  writer.text("optimise.json", report.json);
  writer.text("optimise.txt", report.text);
  writer.text("job.resolved.toml", job::resolved_job(read.job, options.out));
  report.files = writer.files();
  results::Jobs jobs{read.job};
  for (const job::Job& other : others) jobs.emplace_back(other);
  report.files.push_back(results::add_manifest(folder, "optimise", jobs, {job_file}));
  folder.commit();
  return report;
}

}  // namespace undulith::program
