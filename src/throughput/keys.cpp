// SPDX-License-Identifier: MIT
#include "undulith/throughput/keys.hpp"

namespace undulith::throughput {

using keys::key;

const Keys<ScannerParameters>& scanner_keys() {
  static const Keys<ScannerParameters> all = {
      key(&ScannerParameters::dose_mj_cm2, {.name = "dose_mj_cm2",
                                            .unit = "mJ/cm2",
                                            .range = Range::above(0, 1e6),
                                            .origin = Origin::assumed,
                                            .why = "the dose at which throughput is usually quoted",
                                            .doc = "Dose at the wafer in the open frame",
                                            .advice = "use 20 to 80"}),
      key(&ScannerParameters::n_fields, {.name = "n_fields",
                                         .range = Range::closed(1, 10000),
                                         .origin = Origin::measured,
                                         .why = "96 fields a wafer, as throughput is quoted",
                                         .doc = "Fields on a wafer"}),
      key(&ScannerParameters::field_width_mm,
          {.name = "field_width_mm",
           .unit = "mm",
           .range = Range::above(0, 1000),
           .why = "the full field of a scanner",
           .doc = "Width of a field across the scan, the length of the slit"}),
      key(&ScannerParameters::field_height_mm, {.name = "field_height_mm",
                                                .unit = "mm",
                                                .range = Range::above(0, 1000),
                                                .why = "the full field of a scanner; 16.5 at NA 0.55",
                                                .doc = "Height of a field along the scan"}),
      key(&ScannerParameters::slit_height_mm, {.name = "slit_height_mm",
                                               .unit = "mm",
                                               .range = Range::above(0, 100),
                                               .origin = Origin::assumed,
                                               .why = "a usual slit",
                                               .doc = "Height of the illuminated slit along the scan"}),
      key(&ScannerParameters::max_scan_speed_mm_s,
          {.name = "max_scan_speed_mm_s",
           .unit = "mm/s",
           .range = Range::above(0, 1e5),
           .origin = Origin::assumed,
           .why = "fits published wafers per hour (docs/theory/throughput.md)",
           .doc = "Largest speed of the wafer stage"}),
      key(&ScannerParameters::field_overhead_s,
          {.name = "field_overhead_s",
           .unit = "s",
           .range = Range::closed(0, 100),
           .origin = Origin::assumed,
           .why = "fits published wafers per hour (docs/theory/throughput.md)",
           .doc = "Time a field takes besides the scan"}),
      key(&ScannerParameters::wafer_overhead_s,
          {.name = "wafer_overhead_s",
           .unit = "s",
           .range = Range::closed(0, 1e4),
           .origin = Origin::assumed,
           .why = "fits published wafers per hour (docs/theory/throughput.md)",
           .doc = "Time a wafer takes besides its fields"}),
      key(&ScannerParameters::wall_plug_power_kw,
          {.name = "wall_plug_power_kw",
           .unit = "kW",
           .range = Range::closed(0, 1e5),
           .origin = Origin::assumed,
           .why = "order of magnitude of an EUV scanner without its source (unverified)",
           .doc = "Electric power of one scanner without its source"})};
  return all;
}

const Keys<FactoryParameters>& factory_keys() {
  static const Keys<FactoryParameters> all = {
      key(&FactoryParameters::n_sources, {.name = "n_sources",
                                          .range = Range::closed(1, 1000),
                                          .why = "one machine",
                                          .doc = "Machines that must run to feed all scanners"}),
      key(&FactoryParameters::n_spare_sources, {.name = "n_spare_sources",
                                                .range = Range::closed(0, 1000),
                                                .why = "no redundancy",
                                                .doc = "Further machines that can take over"}),
      key(&FactoryParameters::n_scanners, {.name = "n_scanners",
                                           .range = Range::closed(1, 1000),
                                           .why = "one scanner",
                                           .doc = "Scanners that the machines feed together"}),
      key(&FactoryParameters::scanner_availability,
          {.name = "scanner_availability",
           .range = Range::above(0, 1),
           .origin = Origin::assumed,
           .why = "a usual figure (unverified)",
           .doc = "Share of the time in which a scanner runs when it has light"})};
  return all;
}

void check_ranges(const ScannerParameters& scanner) {
  check_keys(scanner, scanner_keys(), "throughput");
}

void check_ranges(const FactoryParameters& factory) {
  check_keys(factory, factory_keys(), "factory");
}

}  // namespace undulith::throughput
