#include "job/keys_table.hpp"

namespace undulith::job {
namespace {

using throughput::FactoryParameters;
using throughput::ScannerParameters;

std::vector<Key<ScannerParameters>> scanner_keys() {
  return {
      key(&ScannerParameters::dose_mj_cm2, {.name = "dose_mj_cm2",
                                            .unit = "mJ/cm2",
                                            .range = above(0, 1e4),
                                            .origin = Origin::assumed,
                                            .why = "the dose at which throughput is usually quoted",
                                            .doc = "Dose at the wafer in the open frame",
                                            .advice = "use 20 to 80"}),
      key(&ScannerParameters::n_fields, {.name = "n_fields",
                                         .range = closed(1, 10000),
                                         .origin = Origin::measured,
                                         .why = "96 fields a wafer, as throughput is quoted",
                                         .doc = "Fields on a wafer"}),
      key(&ScannerParameters::field_width_mm,
          {.name = "field_width_mm",
           .unit = "mm",
           .range = above(0, 1000),
           .why = "the full field of a scanner",
           .doc = "Width of a field across the scan, the length of the slit"}),
      key(&ScannerParameters::field_height_mm, {.name = "field_height_mm",
                                                .unit = "mm",
                                                .range = above(0, 1000),
                                                .why = "the full field of a scanner; 16.5 at NA 0.55",
                                                .doc = "Height of a field along the scan"}),
      key(&ScannerParameters::slit_height_mm, {.name = "slit_height_mm",
                                               .unit = "mm",
                                               .range = above(0, 100),
                                               .origin = Origin::assumed,
                                               .why = "a usual slit",
                                               .doc = "Height of the lit slit along the scan"}),
      key(&ScannerParameters::max_scan_speed_mm_s,
          {.name = "max_scan_speed_mm_s",
           .unit = "mm/s",
           .range = above(0, 1e5),
           .origin = Origin::assumed,
           .why = "fits published wafers per hour (docs/theory/throughput.md)",
           .doc = "Largest speed of the wafer stage"}),
      key(&ScannerParameters::field_overhead_s,
          {.name = "field_overhead_s",
           .unit = "s",
           .range = closed(0, 100),
           .origin = Origin::assumed,
           .why = "fits published wafers per hour (docs/theory/throughput.md)",
           .doc = "Time a field takes besides the scan"}),
      key(&ScannerParameters::wafer_overhead_s,
          {.name = "wafer_overhead_s",
           .unit = "s",
           .range = closed(0, 1e4),
           .origin = Origin::assumed,
           .why = "fits published wafers per hour (docs/theory/throughput.md)",
           .doc = "Time a wafer takes besides its fields"}),
      key(&ScannerParameters::wall_plug_power_kw,
          {.name = "wall_plug_power_kw",
           .unit = "kW",
           .range = closed(0, 1e5),
           .origin = Origin::assumed,
           .why = "order of magnitude of an EUV scanner without its source (unverified)",
           .doc = "Electric power of one scanner without its source"}),
  };
}

std::vector<Key<FactoryParameters>> factory_keys() {
  return {
      key(&FactoryParameters::n_sources, {.name = "n_sources",
                                          .range = closed(1, 1000),
                                          .why = "one machine",
                                          .doc = "Machines that must run to feed all scanners"}),
      key(&FactoryParameters::n_spare_sources, {.name = "n_spare_sources",
                                                .range = closed(0, 1000),
                                                .why = "no redundancy",
                                                .doc = "Further machines that can take over"}),
      key(&FactoryParameters::n_scanners, {.name = "n_scanners",
                                           .range = closed(1, 1000),
                                           .why = "one scanner",
                                           .doc = "Scanners that the machines feed together"}),
      key(&FactoryParameters::scanner_availability,
          {.name = "scanner_availability",
           .range = above(0, 1),
           .origin = Origin::assumed,
           .why = "a usual figure (unverified)",
           .doc = "Share of the time in which a scanner runs when it has light"}),
  };
}

std::vector<Key<CompareParameters>> compare_keys() {
  return {
      key(&CompareParameters::target_wafers_per_hour,
          {.name = "target_wafers_per_hour",
           .unit = "1/h",
           .range = above(0, 1e4),
           .origin = Origin::assumed,
           .why = "what scanners are bought for",
           .doc = "Wafers per hour at which the affordable dose is found"}),
      key(&CompareParameters::absorbed_share,
          {.name = "absorbed_share",
           .range = above(0, 1),
           .origin = Origin::assumed,
           .why = "30 nm of resist at 5 per micrometre",
           .doc = "Share of the photons that the resist absorbs, for photon-noise roughness"}),
      key(&CompareParameters::blur_nm,
          {.name = "blur_nm",
           .unit = "nm",
           .range = above(0, 100),
           .origin = Origin::assumed,
           .why = "electrons and acid spread some nanometres",
           .doc = "Length over which the resist averages photons, for photon-noise roughness"}),
      key(&CompareParameters::same_image_tolerance,
          {.name = "same_image_tolerance",
           .range = above(0, 1),
           .why = "below what any resist could tell",
           .doc = "Largest difference of two images, of the open frame, that is called the same"}),
  };
}

}  // namespace

std::vector<Table> throughput_tables() {
  return {
      table("throughput", "The scanner, and the dose of its wafers.",
            within(
                [](auto& job) -> auto& { return job.scanner; }, scanner_keys())),
      table("factory", "Several scanners on several machines.",
            within(
                [](auto& job) -> auto& { return job.factory; }, factory_keys())),
      table("compare", "What undulith compare needs beside the job.",
            within(
                [](auto& job) -> auto& { return job.compare; }, compare_keys())),
      table_array<CompareSource>(
          "compare.source", "Sources to compare; --source on the command line wins.",
          [](auto& job) -> auto& { return job.compare_sources; },
          {file(&CompareSource::file, {.name = "file",
                                       .doc = "TOML with [source] and [beamline] of one source",
                                       .advice = "see examples/sources for many",
                                       .required = true})}),
  };
}

}  // namespace undulith::job
