#include "undulith/throughput/throughput.hpp"

#include <algorithm>
#include <cmath>

#include "throughput/check_range.hpp"
#include "undulith/core/constants.hpp"

namespace undulith::throughput {
namespace {

constexpr double kSecondsPerHour = 3600;
/// W/(mJ/cm^2 mm) in mm/s: 1 mJ/cm^2 is 1e-5 J/mm^2.
constexpr double kSpeedOfWattPerDose = 1e5;
/// Less is no light: one photon at 13.5 nm in half a million years. Keeps every quotient finite.
constexpr double kNoPowerW = 1e-30;
/// The rate of a scanner at full speed, given back to it, is not refused for its last bits.
constexpr double kRounding = 1e-9;

void check(const ScannerParameters& s) {
  require(s.dose_mj_cm2, Range::above(0, 1e6), "throughput.dose_mj_cm2", "use 20 to 80");
  require(s.n_fields, Range::closed(1, 10000), "throughput.n_fields", "use 96");
  require(s.field_width_mm, Range::above(0, 1000), "throughput.field_width_mm", "use 26");
  require(s.field_height_mm, Range::above(0, 1000), "throughput.field_height_mm",
          "use 33, or 16.5 at NA 0.55");
  require(s.slit_height_mm, Range::above(0, 1000), "throughput.slit_height_mm", "use 2");
  require(s.max_scan_speed_mm_s, Range::above(0, 1e5), "throughput.max_scan_speed_mm_s", "use 1000");
  require(s.field_overhead_s, Range::closed(0, 3600), "throughput.field_overhead_s", "use 0.05");
  require(s.wafer_overhead_s, Range::closed(0, 1e5), "throughput.wafer_overhead_s", "use 3 to 10");
  require(s.wall_plug_power_kw, Range::closed(0, 1e9), "throughput.wall_plug_power_kw",
          "use 0 to leave the scanner out");
}

void check_power(double wafer_power_w) {
  require(wafer_power_w, Range::closed(0, 1e12), "throughput: power at the wafer in W", "mend the beamline");
}

void check_rate(double wafers_per_hour) {
  require(wafers_per_hour, Range::closed(1e-3, 1e6), "compare.target_wafers_per_hour", "use 100 to 250");
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
  check(scanner);
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
  check(scanner);
  check_power(wafer_power_w);
  check_rate(wafers_per_hour);
  if (!reaches(scanner, wafers_per_hour)) return 0;
  return wafer_power_w / power_w_for(scanner, 1, speed_mm_s_for(scanner, wafers_per_hour));
}

double scanners_per_source(const ScannerParameters& scanner, double wafer_power_w, double wafers_per_hour) {
  check(scanner);
  check_power(wafer_power_w);
  double speed_mm_s = scanner.max_scan_speed_mm_s;
  if (wafers_per_hour != 0) {
    check_rate(wafers_per_hour);
    if (!reaches(scanner, wafers_per_hour))
      refuse(wafers_per_hour, "within the reach of the stage and its overheads",
             "compare.target_wafers_per_hour", "lower it, or the overheads");
    speed_mm_s = speed_mm_s_for(scanner, wafers_per_hour);
  }
  return wafer_power_w / power_w_for(scanner, scanner.dose_mj_cm2, speed_mm_s);
}

DoseNoise estimate_dose_noise(double dose_mj_cm2, double wavelength_nm, double exposure_s,
                              double repetition_rate_hz, double pulse_energy_noise) {
  require(dose_mj_cm2, Range::closed(0, 1e300), "throughput: dose in mJ/cm2", "use 20 to 80");
  require(wavelength_nm, Range::above(0, 1e6), "source.wavelength_nm", "use 13.5");
  require(exposure_s, Range::closed(0, 1e100), "throughput: exposure in s", "give the time in the slit");
  require(repetition_rate_hz, Range::closed(0, 1e18), "throughput: pulses a second",
          "use 0 for continuous light");
  require(pulse_energy_noise, Range::closed(0, 1e6), "throughput: noise of a pulse",
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
  require(source_wall_plug_kw, Range::closed(0, 1e12), "source.wall_plug_power_kw",
          "use 0 when it is not known");
  require(scanner_wall_plug_kw, Range::closed(0, 1e12), "throughput.wall_plug_power_kw",
          "use 0 to leave the scanner out");
  require(wafers_per_hour, Range::closed(0, 1e12), "throughput: wafers an hour", "mend the scanner");
  if (source_wall_plug_kw == 0 || wafers_per_hour < 1e-12) return 0;
  return (source_wall_plug_kw + scanner_wall_plug_kw) / wafers_per_hour;
}

double photon_noise_ler_nm(double cd_nm, double nils, double edge_photons_per_nm2, double absorbed_share,
                           double blur_nm) {
  require(cd_nm, Range::above(0, 1e9), "metrology: cd_nm", "measure a feature that prints");
  require(nils, Range::above(0, 1e9), "metrology: nils", "measure a feature that prints");
  require(edge_photons_per_nm2, Range::above(0, 1e30), "throughput: photons per nm^2 at the edge",
          "raise the dose");
  require(absorbed_share, Range::above(0, 1), "compare.absorbed_share", "use 0.15");
  require(blur_nm, Range::above(0, 1e6), "compare.blur_nm", "use 5");
  return 3 * cd_nm / nils / (std::sqrt(edge_photons_per_nm2 * absorbed_share) * blur_nm);
}

}  // namespace undulith::throughput
