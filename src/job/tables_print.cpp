// SPDX-License-Identifier: MIT
#include "job/table.hpp"
#include "undulith/metrology/keys.hpp"
#include "undulith/resist/keys.hpp"
#include "undulith/throughput/keys.hpp"

namespace undulith::job {
namespace {

using keys::choice;
using keys::file;
using keys::inherited;
using keys::joined;
using keys::key;
using keys::within;
using resist::ResistModel;

Keys<StochasticsTable> noise_of_light_keys() {
  return {key(&StochasticsTable::given_dose_noise,
              {.name = "dose_noise",
               .range = Range::closed(0, 1),
               .why = "that of the source, see [throughput], when absent",
               .doc = "rms of the dose from exposure to exposure, relative"}),
          key(&StochasticsTable::given_speckle_contrast,
              {.name = "speckle_contrast",
               .range = resist::kSpeckleContrast,
               .why = "that of the source and its illuminator when absent",
               .doc = "rms of the granularity of the light at the wafer, relative"})};
}

Keys<WindowTable> window_range_keys() {
  return {key(&WindowTable::focus_nm, {.name = "focus_nm",
                                       .unit = "nm",
                                       .range = Range::closed(-10000, 10000),
                                       .why = "25 values within 120 nm of imaging.focus_nm when empty",
                                       .doc = "Focus values of undulith window, rising"}),
          key(&WindowTable::dose_mj_cm2, {.name = "dose_mj_cm2",
                                          .unit = "mJ/cm2",
                                          .range = Range::above(0, 1e5),
                                          .why = "21 values within 30 % of throughput.dose_mj_cm2 when empty",
                                          .doc = "Doses of undulith window, rising"})};
}

Keys<CalibrateTable> calibrate_keys() {
  return {key(&CalibrateTable::dose_scale, {.name = "dose_scale",
                                            .range = Range::above(0, 100),
                                            .why = "data are taken as they are",
                                            .doc = "True dose over the one in the data"}),
          key(&CalibrateTable::focus_offset_nm, {.name = "focus_offset_nm",
                                                 .unit = "nm",
                                                 .range = Range::closed(-1000, 1000),
                                                 .why = "data are taken as they are",
                                                 .doc = "True focus minus the one in the data"})};
}

Keys<CalibrateKey> calibrate_parameter_keys() {
  const auto bound = [](double CalibrateKey::*member, const std::string& name, const std::string& doc) {
    return key(member, {.name = name,
                        .range = Range::closed(-1e12, 1e12),
                        .doc = doc,
                        .advice = "write a number",
                        .required = true});
  };
  return {
      key(&CalibrateKey::key,
          {.name = "key", .doc = "Full name of a number of the job: resist.blur.sigma_nm", .required = true}),
      bound(&CalibrateKey::low, "low", "Least value"), bound(&CalibrateKey::high, "high", "Largest value")};
}

Keys<CompareTable> compare_keys() {
  return {key(&CompareTable::target_wafers_per_hour,
              {.name = "target_wafers_per_hour",
               .unit = "1/h",
               .range = throughput::kTargetWafersPerHour,
               .origin = Origin::assumed,
               .why = "what scanners are bought for",
               .doc = "Wafers per hour at which the affordable dose is found"}),
          key(&CompareTable::absorbed_share,
              {.name = "absorbed_share",
               .range = throughput::kAbsorbedShare,
               .origin = Origin::assumed,
               .why = "30 nm of resist at 5 per micrometre",
               .doc = "Share of the photons that the resist absorbs, for photon-noise roughness"}),
          key(&CompareTable::blur_nm,
              {.name = "blur_nm",
               .unit = "nm",
               .range = throughput::kPhotonBlurNm,
               .origin = Origin::assumed,
               .why = "electrons and acid spread some nanometres",
               .doc = "Length over which the resist averages photons, for photon-noise roughness"}),
          key(&CompareTable::same_image_tolerance,
              {.name = "same_image_tolerance",
               .range = Range::above(0, 1),
               .why = "below what any resist could distinguish",
               .doc = "Largest difference of two images, of the open frame, that is called the same"})};
}

Keys<SweepTable> sweep_keys() {
  return {
      choice(
          &SweepTable::points,
          {{"grid", SweepPoints::grid},
           {"in_step", SweepPoints::in_step},
           {"sampled", SweepPoints::sampled},
           {"listed", SweepPoints::listed}},
          {.name = "points",
           .why = "every combination",
           .doc = "grid: every combination; in_step: the first value of each key, the second ...; sampled: a "
                  "Latin hypercube; listed: the lines of points_file"}),
      key(&SweepTable::n_samples, {.name = "n_samples",
                                   .range = Range::closed(0, 1e6),
                                   .why = "points = \"sampled\" needs it",
                                   .doc = "Number of sampled points"}),
      key(&SweepTable::seed, {.name = "seed",
                              .range = Range::closed(0, 2e9),
                              .why = "any seed is as good",
                              .doc = "Chooses the sampled points"}),
      file(&SweepTable::points_file,
           {.name = "points_file",
            .why = "points = \"listed\" needs it",
            .doc = "CSV with the names of keys in its first line and a point in each other line"})};
}

Keys<SweepVary> sweep_vary_keys() {
  return {key(&SweepVary::key,
              {.name = "key",
               .doc = "Full name of a key, such as imaging.focus_nm; source.file for files of sources",
               .required = true}),
          key(&SweepVary::values, {.name = "values",
                                   .doc = "first:last:count, or values separated by commas",
                                   .advice = "write \"-60:60:13\" or \"20,25,30\"",
                                   .required = true})};
}

Keys<OptimiseTable> optimise_goal_keys() {
  const Range weight = Range::closed(0, 1e6), length = Range::above(0, 1e6);
  return {
      choice(
          &OptimiseTable::method,
          {{"ilt", OptimiseMethod::ilt},
           {"opc", OptimiseMethod::opc},
           {"source", OptimiseMethod::source},
           {"smo", OptimiseMethod::smo}},
          {.name = "method",
           .why = "free shapes print best",
           .doc =
               "ilt: free shapes with assist features; opc: the edges of the drawing move in fragments; source: the "
               "light in the pupil; smo: source and mask in turn"}),
      key(&OptimiseTable::error_weight, {.name = "error_weight",
                                         .range = weight,
                                         .why = "found to balance the two areas",
                                         .doc = "Weight of the area that prints wrongly"}),
      key(&OptimiseTable::band_weight, {.name = "band_weight",
                                        .range = weight,
                                        .why = "found to balance the two areas",
                                        .doc = "Weight of the area over which the edge moves in the bands"}),
      key(&OptimiseTable::tolerance_nm, {.name = "tolerance_nm",
                                         .unit = "nm",
                                         .range = length,
                                         .why = "that of the ICCAD 2013 contest; some 3 for EUV",
                                         .doc = "Largest edge placement error of a site"}),
      key(&OptimiseTable::site_step_nm, {.name = "site_step_nm",
                                         .unit = "nm",
                                         .range = length,
                                         .why = "that of the ICCAD 2013 contest; some 10 for EUV",
                                         .doc = "Distance of the sites along a drawn edge"}),
      key(&OptimiseTable::site_corner_nm, {.name = "site_corner_nm",
                                           .unit = "nm",
                                           .range = Range::closed(0, 1e6),
                                           .why = "corners round: sites near them cannot be met",
                                           .doc = "Distance of the first site from a corner"}),
      key(&OptimiseTable::corner_focus_nm,
          {.name = "corner_focus_nm",
           .unit = "nm",
           .range = Range::closed(0, 10000),
           .why = "the conditions of optimise.band alone",
           .doc = "The four corners of the process window: this focus to either side of imaging.focus_nm"}),
      key(&OptimiseTable::corner_dose,
          {.name = "corner_dose",
           .range = Range::closed(0, 0.5),
           .why = "the conditions of optimise.band alone",
           .doc =
               "The four corners of the process window: dose by this share above and below the nominal one"}),
      choice(
          &OptimiseTable::verify,
          {{"none", OptimiseVerify::none},
           {"finer", OptimiseVerify::finer},
           {"multislice", OptimiseVerify::multislice},
           {"rigorous", OptimiseVerify::rigorous}},
          {.name = "verify",
           .why = "what a search does not see may be wrong",
           .doc =
               "Model that judges the mask found: the whole job with four times the source points (finer), "
               "with a thick mask (multislice, rigorous)"})};
}

Keys<OptimiseTable> optimise_mask_keys() {
  const Range rule = Range::closed(0, 1e6);
  return {
      key(&OptimiseTable::min_width_nm, {.name = "min_width_nm",
                                         .unit = "nm",
                                         .range = rule,
                                         .why = "0: no rule",
                                         .doc = "Least width of a shape of the mask, wafer scale"}),
      key(&OptimiseTable::min_space_nm, {.name = "min_space_nm",
                                         .unit = "nm",
                                         .range = rule,
                                         .why = "0: no rule",
                                         .doc = "Least space between shapes of the mask, wafer scale"}),
      key(&OptimiseTable::min_area_nm2, {.name = "min_area_nm2",
                                         .unit = "nm2",
                                         .range = Range::closed(0, 1e9),
                                         .why = "0: no rule",
                                         .doc = "ilt: least area of a shape of the mask, wafer scale"}),
      key(&OptimiseTable::min_jog_nm, {.name = "min_jog_nm",
                                       .unit = "nm",
                                       .range = rule,
                                       .why = "shorter jogs are hard to inspect",
                                       .doc = "opc: a jog is 0 or at least this"}),
      key(&OptimiseTable::grid_nm, {.name = "grid_nm",
                                    .unit = "nm",
                                    .range = Range::closed(0.01, 100),
                                    .why = "that of the ICCAD 2013 contest; 0.25 for EUV (1 nm on the mask)",
                                    .doc = "opc: edges move by multiples of it, wafer scale"}),
      key(&OptimiseTable::assist_reach_nm,
          {.name = "assist_reach_nm",
           .unit = "nm",
           .range = rule,
           .why =
               "some five wavelengths over NA of an immersion scanner; about 150 for EUV; 0: no assist features",
           .doc =
               "ilt: distance from drawn shapes within which assist features may form; opc: above 0: bars beside edges"}),
      key(&OptimiseTable::n_steps,
          {.name = "n_steps",
           .range = Range::closed(50, 100000),
           .why = "half as many cost 0.3 % of the areas, twice as many gain below 0.1 %",
           .doc = "ilt: steps of the descent"}),
      key(&OptimiseTable::pixel_nm,
          {.name = "pixel_nm",
           .unit = "nm",
           .range = Range::closed(0, 1e4),
           .why = "0: a fifteenth of the shortest period of the image",
           .doc = "ilt: pixel of the last stage; smaller ones lower the error of edges and take longer"}),
      choice(
          &OptimiseTable::shapes,
          {{"outlines", OptimiseShapes::outlines}, {"strips", OptimiseShapes::strips}},
          {.name = "shapes",
           .why = "closest to the optimum",
           .doc = "ilt: outlines: polygons along the edge; strips: rectangles of whole rows, fewer shots"}),
      key(&OptimiseTable::strip_nm, {.name = "strip_nm",
                                     .unit = "nm",
                                     .range = Range::above(0, 1e4),
                                     .why = "a fifth fewer shots of a mask at 193 nm; 12 nm: a third",
                                     .doc = "ilt: least height of a strip"}),
      file(
          &OptimiseTable::start_file,
          {.name = "start_file",
           .why = "the search begins with the drawing",
           .doc =
               "mask.gds or mask_so_far.gds of an earlier search, whose mask (layer 2) this one begins with"})};
}

Keys<OptimiseBand> optimise_band_keys() {
  const auto focus = [](double OptimiseBand::*member, const std::string& name, const std::string& which) {
    return key(member, {.name = name,
                        .unit = "nm",
                        .range = Range::closed(-10000, 10000),
                        .why = "in focus",
                        .doc = "Focus of the condition that prints " + which + ", beside imaging.focus_nm"});
  };
  const auto dose = [](double OptimiseBand::*member, const std::string& name, const std::string& which) {
    return key(member, {.name = name,
                        .range = Range::above(0, 100),
                        .why = "3 % beside the nominal dose",
                        .doc = "Dose of the condition that prints " + which + ", over the nominal one"});
  };
  const auto kernels = [](std::string OptimiseBand::*member, const std::string& name,
                          const std::string& which) {
    return file(member, {.name = name,
                         .why = "kernels are computed for the focus",
                         .doc = "npy with the kernels of the condition that prints " + which});
  };
  return {focus(&OptimiseBand::outer_focus_nm, "outer_focus_nm", "largest"),
          dose(&OptimiseBand::outer_dose, "outer_dose", "largest"),
          kernels(&OptimiseBand::outer_kernel_file, "outer_kernel_file", "largest"),
          focus(&OptimiseBand::inner_focus_nm, "inner_focus_nm", "smallest"),
          dose(&OptimiseBand::inner_dose, "inner_dose", "smallest"),
          kernels(&OptimiseBand::inner_kernel_file, "inner_kernel_file", "smallest")};
}

std::vector<Table> film_tables() {
  const auto film = [](const Job& job) { return resist::has_film(job.resist.model); };
  const auto film_or_lumped = [](const Job& job) {
    return resist::has_film(job.resist.model) || job.resist.model == ResistModel::lumped;
  };
  const auto blurs = [](const Job& job) {
    return resist::has_film(job.resist.model) || job.resist.model == ResistModel::blurred_threshold;
  };
  const auto compact = [](const Job& job) {
    return job.resist.model == ResistModel::variable_threshold || job.resist.model == ResistModel::lumped;
  };
  const auto is = [](ResistModel model) {
    return [model](const Job& job) { return job.resist.model == model; };
  };
  const auto blur = [](auto& resist) -> auto& {
    return resist.blur;
  };
  const Keys<ResistTable> blur_file{
      file(&ResistTable::blur_table_file, {.name = "table_file",
                                           .why = "kernel = table needs it",
                                           .doc = "CSV with radius_nm and density (energy per volume)"})};
  return {
      table(
          "resist.film", "The film and the nodes in it.", [](auto& job) -> auto& { return job.resist.film; },
          resist::film_keys(), film_or_lumped),
      table(
          "resist.exposure", "From light to acid.", [](auto& job) -> auto& { return job.resist.exposure; },
          resist::exposure_keys(), is(ResistModel::chemically_amplified)),
      table(
          "resist.blur", "Spread of the absorbed energy by electrons.",
          [](auto& job) -> auto& { return job.resist; },
          joined(within<ResistTable>(blur, resist::blur_keys()), blur_file), blurs),
      table(
          "resist.bake", "Post-exposure bake of a chemically amplified resist.",
          [](auto& job) -> auto& { return job.resist.bake; }, resist::bake_keys(),
          is(ResistModel::chemically_amplified)),
      table(
          "resist.development", "Development.", [](auto& job) -> auto& { return job.resist.development; },
          resist::development_keys(), film),
      table(
          "resist.metal_oxide", "Conversion and gel point of a metal-oxide resist.",
          [](auto& job) -> auto& { return job.resist.metal_oxide; }, resist::metal_oxide_keys(),
          is(ResistModel::metal_oxide)),
      table(
          "resist.compact", "Numbers of the compact models.",
          [](auto& job) -> auto& { return job.resist.compact; }, resist::compact_keys(), compact),
      table(
          "stochastics", "Noise of photons, molecules and of the light.",
          [](auto& job) -> auto& { return job.stochastics; },
          joined(inherited<StochasticsTable>(resist::stochastics_keys()), noise_of_light_keys()), film),
  };
}

}  // namespace

std::vector<Table> resist_tables() {
  std::vector<Table> all{table(
      "resist", "What the image prints in.", [](auto& job) -> auto& { return job.resist; },
      resist::resist_keys())};
  for (Table& t : film_tables()) all.push_back(std::move(t));
  all.push_back(table(
      "window", "Focus-exposure matrix of undulith window.", [](auto& job) -> auto& { return job.window; },
      joined(window_range_keys(), inherited<WindowTable>(metrology::window_keys()))));
  all.push_back(table(
      "calibrate", "Fit of undulith calibrate to measured CDs.",
      [](auto& job) -> auto& { return job.calibrate; }, calibrate_keys()));
  all.push_back(table_array(
      "calibrate.parameter", "A key of the job that is sought; --fit on the command line wins.",
      [](auto& job) -> auto& { return job.calibrate.parameters; }, calibrate_parameter_keys()));
  return all;
}

std::vector<Table> metrology_tables() {
  const Keys<MetrologyTable> profile{
      key(&MetrologyTable::cd_height,
          {.name = "cd_height",
           .range = Range::open(0, 1),
           .why = "half way up",
           .doc = "Share of the film above the substrate at which the CD of a profile is taken"})};
  return {
      table(
          "metrology", "What is measured on the image or on the resist.",
          [](auto& job) -> auto& { return job.metrology; },
          joined(inherited<MetrologyTable>(metrology::metrology_keys()), profile)),
      table_array(
          "metrology.gauge", "A cut line across one feature.",
          [](auto& job) -> auto& { return job.metrology.gauges; }, metrology::gauge_keys()),
  };
}

std::vector<Table> throughput_tables() {
  const Keys<CompareSource> sources{
      file(&CompareSource::file, {.name = "file",
                                  .doc = "TOML with [source] and [beamline] of one source",
                                  .advice = "see examples/sources for many",
                                  .required = true})};
  return {
      table(
          "throughput", "The scanner, and the dose of its wafers.",
          [](auto& job) -> auto& { return job.throughput; }, throughput::scanner_keys()),
      table(
          "factory", "Several scanners on several machines.", [](auto& job) -> auto& { return job.factory; },
          throughput::factory_keys()),
      table(
          "compare", "What undulith compare needs beside the job.",
          [](auto& job) -> auto& { return job.compare; }, compare_keys()),
      table_array(
          "compare.source", "Sources to compare; --source on the command line wins.",
          [](auto& job) -> auto& { return job.compare.sources; }, sources),
      table(
          "sweep", "Points of undulith sweep; --vary or --points on the command line replaces them.",
          [](auto& job) -> auto& { return job.sweep; }, sweep_keys(),
          [](const Job& job) { return !job.sweep.vary.empty() || !job.sweep.points_file.empty(); }),
      table_array(
          "sweep.vary", "A key that undulith sweep varies.",
          [](auto& job) -> auto& { return job.sweep.vary; }, sweep_vary_keys()),
      table(
          "optimise", "Goal and rules of undulith optimise.", [](auto& job) -> auto& { return job.optimise; },
          joined(optimise_goal_keys(), optimise_mask_keys())),
      optimise_source_table(),
      table_array(
          "optimise.band", "Two conditions of the process window, between which the printed edge moves.",
          [](auto& job) -> auto& { return job.optimise.bands; }, optimise_band_keys()),
  };
}

}  // namespace undulith::job
