// SPDX-License-Identifier: MIT
#pragma once

/// Factors between the units of the job file and SI.
namespace undulith::source {

inline constexpr double kMetresPerMm = 1e-3, kMetresPerUm = 1e-6, kMetresPerNm = 1e-9;
inline constexpr double kUmPerNm = 1e-3, kUmPerMetre = 1e6;
inline constexpr double kUradPerMrad = 1e3, kMradPerUrad = 1e-3;
inline constexpr double kSecondsPerFs = 1e-15, kFsPerSecond = 1e15;
inline constexpr double kUmPerMetreFs = 1e-9;  ///< from (m/s) fs
inline constexpr double kHzPerMhz = 1e6;

}  // namespace undulith::source
