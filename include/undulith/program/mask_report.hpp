#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "undulith/core/progress.hpp"
#include "undulith/job/job.hpp"

/// What the thickness of a job's mask does to its prints.
namespace undulith::program {

struct MaskReportOptions {
  std::filesystem::path out;       ///< folder for tables and plots
  std::optional<double> cd_nm;     ///< of the lines; absent: the smallest target of the job's gauges
  std::optional<double> pitch_nm;  ///< of the densest lines; absent: twice the CD
  bool force = false;
  Progress progress;
};

struct MaskReport {
  std::string text;  ///< for people
  std::string json;
  std::vector<std::filesystem::path> files;
};

/// Thin mask beside thick: CDs of the job's gauges, and on lines of one CD as vertical and horizontal ones
/// the diffraction orders, H-V bias, pattern shift and best focus through pitch, fading between the poles of
/// the source and the swing with the thickness of the absorber.
///
/// Lines take the rigorous model and the design wavelength, the gauges the model and the spectrum of the job;
/// a job with a thin mask is given a multislice one.
/// @throws InputError  as run_job; amplitudes that are given; lines that do not print
/// Files: docs/formats/results.md. Guide: docs/guide/thick-masks.md
[[nodiscard]] MaskReport report_mask(const job::ReadJob& read, const MaskReportOptions& options);

}  // namespace undulith::program
