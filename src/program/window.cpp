// SPDX-License-Identifier: MIT
#include "undulith/program/window.hpp"

#include "undulith/core/log.hpp"
#include "undulith/job/locate.hpp"
#include "undulith/results/manifest_file.hpp"
#include "undulith/results/result_writer.hpp"
#include "undulith/results/window_files.hpp"
#include "undulith/study/process_window.hpp"

namespace undulith::program {

WindowReport find_window(const job::ReadJob& read, const WindowOptions& options) {
  io::OutputFolder folder(options.out, options.force ? io::OutputFolder::IfExists::replace_files
                                                     : io::OutputFolder::IfExists::refuse);
  results::ResultWriter writer(folder, read.job);
  WindowReport report;
  job::with_places(read, [&] {
    const study::WindowStudy study = study::compute_process_window(read.job, options.progress);
    for (const std::string& warning : study.prepared.warnings) log::warning(warning);
    report.text = results::window_text(study);
    report.json = results::window_json(read, study);
    report.has_window = study.windows.common.best.has_value();
    results::write_window(writer, study);
    writer.text("window.json", report.json);
    writer.text("window.txt", report.text);
    writer.text("job.resolved.toml", job::resolved_job(read.job, options.out));
  });
  if (options.progress) options.progress(1);
  report.files = writer.files();
  report.files.push_back(results::add_manifest(folder, "window", {read.job}));
  folder.commit();
  return report;
}

}  // namespace undulith::program
