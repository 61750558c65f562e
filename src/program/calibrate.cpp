// SPDX-License-Identifier: MIT
#include "undulith/program/calibrate.hpp"

#include "undulith/results/calibration_files.hpp"
#include "undulith/results/manifest_file.hpp"
#include "undulith/results/result_writer.hpp"

namespace undulith::program {

CalibrateReport calibrate(const std::filesystem::path& job_file, const std::filesystem::path& data_file,
                          const CalibrateOptions& options) {
  const study::MeasuredCds data = study::read_measured_cds(data_file);
  io::OutputFolder folder(options.out, options.force ? io::OutputFolder::IfExists::replace_files
                                                     : io::OutputFolder::IfExists::refuse);
  const study::Calibration calibration = study::compute_calibration(job_file, data,
                                                                    {.overrides = options.overrides,
                                                                     .keys = options.keys,
                                                                     .bands = options.bands,
                                                                     .progress = options.progress});
  CalibrateReport report{.text = results::calibration_text(calibration, data),
                         .json = results::calibration_json(calibration, data, job_file),
                         .converged = calibration.fit.converged};
  results::ResultWriter writer(folder, calibration.job);
  results::write_calibration(writer, calibration, data);
  writer.text("calibration.json", report.json);
  writer.text("calibration.txt", report.text);
  writer.text("job.resolved.toml", job::resolved_job(calibration.job, options.out));
  report.files = writer.files();
  report.files.push_back(
      results::add_manifest(folder, "calibrate", {calibration.job}, {job_file, data_file}));
  folder.commit();
  if (options.progress) options.progress(1);
  return report;
}

}  // namespace undulith::program
