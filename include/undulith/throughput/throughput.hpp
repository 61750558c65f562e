// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "undulith/core/range.hpp"

/// From power at the wafer to wafers per hour, energy per wafer and the availability of a factory.
namespace undulith::throughput {

/// Ranges of numbers that a comparison of sources hands to this stage.
inline constexpr Range kTargetWafersPerHour = Range::closed(1e-3, 1e4);
inline constexpr Range kAbsorbedShare = Range::above(0, 1);
inline constexpr Range kPhotonBlurNm = Range::closed(1e-3, 100);

/// A scanner and the wafers on it. Defaults: a 0.33 NA scanner of the NXE:3800E class, calibrated on
/// published wafers per hour (docs/theory/throughput.md).
struct ScannerParameters {
  double dose_mj_cm2 = 30;            ///< in the open frame, > 0
  int n_fields = 96;                  ///< a wafer, [1, 10000]
  double field_width_mm = 26;         ///< across the scan: the length of the slit
  double field_height_mm = 33;        ///< along the scan
  double slit_height_mm = 2;          ///< along the scan
  double max_scan_speed_mm_s = 1000;  ///< of the wafer stage
  double field_overhead_s = 0.05;     ///< turning, stepping and settling a field
  double wafer_overhead_s = 4.3;      ///< exchange, alignment and measuring that is not hidden, a wafer
  double wall_plug_power_kw = 1000;   ///< of one scanner without its source
};

/// N scanners on M machines.
struct FactoryParameters {
  int n_sources = 1;        ///< machines that run
  int n_spare_sources = 0;  ///< machines that can take over
  int n_scanners = 1;       ///< that they feed together
  double scanner_availability = 0.9;
};

enum class Limit { power, stage };

struct Throughput {
  double exposure_speed_mm_s = 0;  ///< that the power would allow
  double scan_speed_mm_s = 0;      ///< the smaller of it and the stage's
  Limit limit = Limit::power;
  double exposure_s = 0;  ///< time that a point is lit: slit height over scan speed
  double wafer_s = 0;
  double wafers_per_hour = 0;
  double wafers_per_hour_limit = 0;  ///< with unlimited power
  /// In-band power at the wafer beyond which the stage limits
  double useful_wafer_power_w = 0;
};

/// v = P/(D W), t = n (H + h)/v + n t_field + t_wafer.
/// @param wafer_power_w  in band, open frame, >= 0 (0: no wafers)
/// @throws InputError  a parameter out of range
[[nodiscard]] Throughput compute_throughput(const ScannerParameters& scanner, double wafer_power_w);

/// Largest dose at which so many wafers an hour are exposed; 0: not even without any dose.
[[nodiscard]] double affordable_dose_mj_cm2(const ScannerParameters& scanner, double wafer_power_w,
                                            double wafers_per_hour);

/// Scanners that one source serves at full stage speed or, with target > 0, at that many wafers an hour.
/// @param wafer_power_w  if the source had one scanner alone
/// @throws InputError  the target is beyond the stage
[[nodiscard]] double scanners_per_source(const ScannerParameters& scanner, double wafer_power_w,
                                         double wafers_per_hour);

/// Dose and photons within one exposure.
struct DoseNoise {
  double pulses_per_slit = 0;      ///< 0: continuous
  double pulse_noise_percent = 0;  ///< rms dose error from pulse energies, open loop
  double photons_per_nm2 = 0;      ///< at the dose
};
[[nodiscard]] DoseNoise estimate_dose_noise(double dose_mj_cm2, double wavelength_nm, double exposure_s,
                                            double repetition_rate_hz, double pulse_energy_noise);

/// Kilowatt-hours a wafer: (source share + scanner) over wafers an hour. 0 when the source's is not known.
[[nodiscard]] double energy_per_wafer_kwh(double source_wall_plug_kw, double scanner_wall_plug_kw,
                                          double wafers_per_hour);

struct Factory {
  double source_availability = 0;  ///< probability that enough machines run to feed all scanners
  double expected_share = 0;       ///< mean share of the full light
  double expected_wafers_per_day = 0;
  double all_down_probability = 0;  ///< no light for any scanner
};

/// Machines fail independently; k of n binomial. @throws InputError  a parameter out of range
[[nodiscard]] Factory run_factory(const FactoryParameters& factory, double source_availability,
                                  double wafers_per_hour);

/// 3 sigma edge roughness from the count of photons alone, nm.
///
///   LER = 3 (CD/NILS) / sqrt(n a L^2),   n photons/nm^2 at the dose of the edge, a absorbed share, L blur
/// It leaves out chemistry, electrons and the resist's own granularity. Source: [Mack2007].
[[nodiscard]] double photon_noise_ler_nm(double cd_nm, double nils, double edge_photons_per_nm2,
                                         double absorbed_share, double blur_nm);

}  // namespace undulith::throughput
