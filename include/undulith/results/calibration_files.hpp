// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "undulith/results/result_writer.hpp"
#include "undulith/study/calibration.hpp"

/// A calibration as text, JSON, CSV and a picture.
namespace undulith::results {

[[nodiscard]] std::string calibration_text(const study::Calibration& calibration,
                                           const study::MeasuredCds& data);
/// @param job_file  its name is kept
[[nodiscard]] std::string calibration_json(const study::Calibration& calibration,
                                           const study::MeasuredCds& data,
                                           const std::filesystem::path& job_file);

/// calibration.csv and calibration.png.
void write_calibration(ResultWriter& writer, const study::Calibration& calibration,
                       const study::MeasuredCds& data);

}  // namespace undulith::results
