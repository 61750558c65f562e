// SPDX-License-Identifier: MIT
#include "undulith/program/optimise.hpp"

#include "program/optimise_source.hpp"
#include "undulith/core/log.hpp"
#include "undulith/results/manifest_file.hpp"
#include "undulith/results/optimise_files.hpp"
#include "undulith/results/result_writer.hpp"
#include "undulith/study/mask_optimisation.hpp"

namespace undulith::program {
namespace {

// The best mask of a search that is not finished, in the folder of its results, for the case that the process is killed.
class MaskSoFar {
 public:
  explicit MaskSoFar(const std::filesystem::path& folder) : path_(folder / "mask_so_far.gds") {}
  void write(const flow::Prepared& prepared, const std::vector<layout::Polygon>& rings) const {
    std::error_code error;  // a folder that cannot be made is an error of the file
    std::filesystem::create_directories(path_.parent_path(), error);
    io::write_atomic(path_, results::mask_gds(prepared, rings));
  }
  void remove() const {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }

 private:
  std::filesystem::path path_;
};

}  // namespace

OptimiseReport optimise(const std::filesystem::path& job_file, const OptimiseOptions& options) {
  const job::ReadJob read = job::read_job(job_file, options.overrides);
  if (read.job.optimise.method == job::OptimiseMethod::source ||
      read.job.optimise.method == job::OptimiseMethod::smo)
    return optimise_source(read, job_file, options);
  io::OutputFolder folder(options.out, options.force ? io::OutputFolder::IfExists::replace_files
                                                     : io::OutputFolder::IfExists::refuse);
  const MaskSoFar so_far(options.out);
  const study::MaskOptimisation found = study::optimise_mask(
      read.job, options.progress,
      [&](const flow::Prepared& prepared, const auto& rings) { so_far.write(prepared, rings); });
  for (const std::string& warning : found.warnings) log::warning(warning);
  OptimiseReport report{.text = results::optimise_text(found),
                        .json = results::optimise_json(found),
                        .interrupted = found.interrupted,
                        .met = found.after.figures.violations == 0 && found.findings.empty()};
  results::ResultWriter writer(folder, read.job);
  results::write_optimisation(writer, found);
  writer.text("optimise.json", report.json);
  writer.text("optimise.txt", report.text);
  writer.text("job.resolved.toml", job::resolved_job(read.job, options.out));
  report.files = writer.files();
  report.files.push_back(results::add_manifest(folder, "optimise", {read.job}, {job_file}));
  so_far.remove();
  folder.commit();
  return report;
}

}  // namespace undulith::program
