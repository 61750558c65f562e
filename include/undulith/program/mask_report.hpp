// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "undulith/core/progress.hpp"
#include "undulith/job/job.hpp"

/// 3-D mask effects of a job.
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

/// Compares the thin and the thick mask: CDs of the job's gauges and, for vertical and horizontal lines of
/// one CD, diffraction orders, H-V bias, pattern shift and best focus through pitch, contrast fading between
/// the poles of the source and the absorber swing.
///
/// Lines take the rigorous model and the design wavelength, the gauges the model and the spectrum of the job;
/// a job with a thin mask is compared with a multislice one.
/// @throws InputError  as run_job; amplitudes that are given; lines that do not print
/// Files: docs/formats/results.md. Guide: docs/guide/thick-masks.md
[[nodiscard]] MaskReport report_mask(const job::ReadJob& read, const MaskReportOptions& options);

}  // namespace undulith::program
