// SPDX-License-Identifier: MIT
#include "undulith/throughput/throughput.hpp"

#include <algorithm>
#include <cmath>

#include "undulith/core/constants.hpp"
#include "undulith/core/require.hpp"
#include "undulith/throughput/keys.hpp"

namespace undulith::throughput {
namespace {

constexpr double kSecondsPerHour = 3600;
/// W/(mJ/cm^2 mm) in mm/s: 1 mJ/cm^2 is 1e-5 J/mm^2.
constexpr double kSpeedOfWattPerDose = 1e5;
/// Less is no light: one photon at 13.5 nm in half a million years. Keeps every quotient finite.
constexpr double kNoPowerW = 1e-30;
/// The rate of a scanner at full speed, given back to it, is not refused for its last bits.
constexpr double kRounding = 1e-9;

void check_power(double wafer_power_w) {
  require_in(Range::closed(0, 1e12), "throughput: power at the wafer in W", wafer_power_w,
             "check the mirrors of the beamline");
}

void check_rate(double wafers_per_hour) {
  require_in(kTargetWafersPerHour, "compare.target_wafers_per_hour", wafers_per_hour, "use 100 to 250");
}

/// Way of the wafer under the slit in all fields, mm: the slit enters and leaves each field.
double scan_path_mm(const ScannerParameters& s) {
  return s.n_fields * (s.field_height_mm + s.slit_height_mm);
}

double overhead_s(const ScannerParameters& s) {
  return s.n_fields * s.field_overhead_s + s.wafer_overhead_s;
}

double shortest_wafer_s(const ScannerParameters& s) {
  return overhead_s(s) + scan_path_mm(s) / s.max_scan_speed_mm_s;
}

double power_w_for(const ScannerParameters& s, double dose_mj_cm2, double speed_mm_s) {
  return dose_mj_cm2 * s.field_width_mm * speed_mm_s / kSpeedOfWattPerDose;
}

bool reaches(const ScannerParameters& s, double wafers_per_hour) {
  return kSecondsPerHour / wafers_per_hour >= shortest_wafer_s(s) * (1 - kRounding);
}

/// Scan speed at a rate that the scanner reaches.
double speed_mm_s_for(const ScannerParameters& s, double wafers_per_hour) {
  const double scan_s = kSecondsPerHour / wafers_per_hour - overhead_s(s);
  return scan_path_mm(s) / std::max(scan_s, scan_path_mm(s) / s.max_scan_speed_mm_s);
}

}  // namespace

Throughput compute_throughput(const ScannerParameters& scanner, double wafer_power_w) {
  check_ranges(scanner);
  check_power(wafer_power_w);
  Throughput result;
  result.wafers_per_hour_limit = kSecondsPerHour / shortest_wafer_s(scanner);
  result.useful_wafer_power_w = power_w_for(scanner, scanner.dose_mj_cm2, scanner.max_scan_speed_mm_s);
  if (wafer_power_w < kNoPowerW) return result;

  result.exposure_speed_mm_s =
      kSpeedOfWattPerDose * wafer_power_w / (scanner.dose_mj_cm2 * scanner.field_width_mm);
  const bool stage_limits = result.exposure_speed_mm_s >= scanner.max_scan_speed_mm_s;
  result.limit = stage_limits ? Limit::stage : Limit::power;
  result.scan_speed_mm_s = stage_limits ? scanner.max_scan_speed_mm_s : result.exposure_speed_mm_s;
  result.exposure_s = scanner.slit_height_mm / result.scan_speed_mm_s;
  result.wafer_s = overhead_s(scanner) + scan_path_mm(scanner) / result.scan_speed_mm_s;
  result.wafers_per_hour = kSecondsPerHour / result.wafer_s;
  return result;
}

double affordable_dose_mj_cm2(const ScannerParameters& scanner, double wafer_power_w,
                              double wafers_per_hour) {
  check_ranges(scanner);
  check_power(wafer_power_w);
  check_rate(wafers_per_hour);
  if (!reaches(scanner, wafers_per_hour)) return 0;
  return wafer_power_w / power_w_for(scanner, 1, speed_mm_s_for(scanner, wafers_per_hour));
}

double scanners_per_source(const ScannerParameters& scanner, double wafer_power_w, double wafers_per_hour) {
  check_ranges(scanner);
  check_power(wafer_power_w);
  double speed_mm_s = scanner.max_scan_speed_mm_s;
  if (wafers_per_hour != 0) {
    check_rate(wafers_per_hour);
    if (!reaches(scanner, wafers_per_hour))
      refuse("compare.target_wafers_per_hour", wafers_per_hour,
             "must be within the reach of the stage and its overheads", "lower it, or the overheads");
    speed_mm_s = speed_mm_s_for(scanner, wafers_per_hour);
  }
  return wafer_power_w / power_w_for(scanner, scanner.dose_mj_cm2, speed_mm_s);
}

DoseNoise estimate_dose_noise(double dose_mj_cm2, double wavelength_nm, double exposure_s,
                              double repetition_rate_hz, double pulse_energy_noise) {
  require_in(Range::closed(0, 1e300), "throughput: dose in mJ/cm2", dose_mj_cm2, "use 20 to 80");
  require_in(Range::above(0, 1e6), "source.wavelength_nm", wavelength_nm, "use 13.5");
  require_in(Range::closed(0, 1e100), "throughput: exposure in s", exposure_s, "give the time in the slit");
  require_in(Range::closed(0, 1e18), "throughput: pulses per second", repetition_rate_hz,
             "use 0 for continuous light");
  require_in(Range::closed(0, 1e6), "throughput: noise of a pulse", pulse_energy_noise,
             "use 0.01 for one per cent");
  DoseNoise noise;
  noise.pulses_per_slit = repetition_rate_hz * exposure_s;
  // Less than one pulse leaves some points dark: its own noise is then the least that can be said.
  if (noise.pulses_per_slit > 0)
    noise.pulse_noise_percent = 100 * pulse_energy_noise / std::sqrt(std::max(1.0, noise.pulses_per_slit));
  const double photon_energy_j = constants::energy_ev_of(wavelength_nm) * constants::kElementaryCharge;
  noise.photons_per_nm2 = dose_mj_cm2 * 1e-17 / photon_energy_j;  // 1 mJ/cm^2 is 1e-17 J/nm^2
  return noise;
}

double energy_per_wafer_kwh(double source_wall_plug_kw, double scanner_wall_plug_kw, double wafers_per_hour) {
  require_in(Range::closed(0, 1e12), "source.wall_plug_power_kw", source_wall_plug_kw,
             "use 0 when it is not known");
  require_in(Range::closed(0, 1e12), "throughput.wall_plug_power_kw", scanner_wall_plug_kw,
             "use 0 to leave the scanner out");
  require_in(Range::closed(0, 1e12), "throughput: wafers per hour", wafers_per_hour,
             "check the parameters of the scanner");
  if (source_wall_plug_kw == 0 || wafers_per_hour < 1e-12) return 0;
  return (source_wall_plug_kw + scanner_wall_plug_kw) / wafers_per_hour;
}

double photon_noise_ler_nm(double cd_nm, double nils, double edge_photons_per_nm2, double absorbed_share,
                           double blur_nm) {
  require_in(Range::above(0, 1e9), "metrology: cd_nm", cd_nm, "measure a feature that prints");
  require_in(Range::above(0, 1e9), "metrology: nils", nils, "measure a feature that prints");
  require_in(Range::above(0, 1e30), "throughput: photons per nm^2 at the edge", edge_photons_per_nm2,
             "raise the dose");
  require_in(kAbsorbedShare, "compare.absorbed_share", absorbed_share, "use 0.15");
  require_in(kPhotonBlurNm, "compare.blur_nm", blur_nm, "use 5");
  return 3 * cd_nm / nils / (std::sqrt(edge_photons_per_nm2 * absorbed_share) * blur_nm);
}

}  // namespace undulith::throughput
