// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "undulith/job/job.hpp"

/// The light source of a job alone: its numbers, files and pictures.
namespace undulith::program {

struct SourceReportOptions {
  std::filesystem::path out;  ///< empty: no files
  bool force = false;
};

struct SourceReport {
  std::string text, json;
  std::vector<std::filesystem::path> files;
};

/// Computes the light and its way to the wafer; writes source.json, spectrum.csv, beamline.csv,
/// angular_flux.npy and pictures of spectrum, angular map, Stokes parameters and pupil.
/// @param read  a job, or the file of a source alone (JobScope::light)
/// @throws InputError, IoError
/// Files: docs/formats/results.md
[[nodiscard]] SourceReport report_source(const job::ReadJob& read, const SourceReportOptions& options);

}  // namespace undulith::program
