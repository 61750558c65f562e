#include "job/keys_table.hpp"

namespace undulith::job {
namespace {

using namespace resist;  // its parameter structs are what this table is about

// Numbers that stand for no resist in particular: docs/theory/resist.md says where they come from.
constexpr const char* kGeneric = "generic resist, uncalibrated";

template <class Owner>
Key<Owner> number(double Owner::*member, const char* name, const char* unit, Range range, const char* doc,
                  const char* why = kGeneric) {
  return key(member, {.name = name,
                      .unit = unit,
                      .range = range,
                      .origin = why == kGeneric ? Origin::assumed : Origin::convention,
                      .why = why,
                      .doc = doc});
}

std::vector<Key<FilmParameters>> film_keys() {
  using P = FilmParameters;
  return {
      number(&P::thickness_nm, "thickness_nm", "nm", above(0, 1000), "Thickness of the resist"),
      number(&P::dill_a_per_um, "dill_a_per_um", "1/um", closed(0, 100),
             "Absorption that bleaches with the PAG", "absorption at EUV is atomic and does not bleach"),
      number(&P::dill_b_per_um, "dill_b_per_um", "1/um", closed(0, 100), "Absorption that stays"),
      number(&P::refractive_index, "refractive_index", "", above(0, 3),
             "Real part of the index, for the slope of rays and the focus within the film"),
      choice(&P::focus_reference, {{"top", FocusReference::top}, {"middle", FocusReference::middle}},
             {.name = "focus_reference",
              .why = "best focus then lies near 0",
              .doc = "Where in the film imaging.focus_nm is meant"}),
      key(&P::n_planes, {.name = "n_planes",
                         .range = closed(1, 33),
                         .why = "a film is thin against the depth of focus",
                         .doc = "Images through the film; 1 takes the same one at every depth"}),
      number(&P::lateral_step_nm, "lateral_step_nm", "nm", above(0, 100),
             "Largest distance of nodes along x and y", "0.05 nm of CD, about; undulith converge tells"),
      number(&P::depth_step_nm, "depth_step_nm", "nm", above(0, 100), "Largest distance of nodes along z",
             "0.05 nm of CD, about; undulith converge tells"),
      number(&P::front_step_nm, "front_step_nm", "nm", closed(0, 100),
             "Largest distance of nodes on which the developer's front runs; 0 = 0.25 in a cut, 0.5 in three "
             "dimensions, those of the film with noise",
             "a tenth of a nanometre of CD and less"),
  };
}

std::vector<Key<ExposureParameters>> exposure_keys() {
  using P = ExposureParameters;
  return {
      number(&P::dill_c_cm2_mj, "dill_c_cm2_mj", "cm2/mJ", above(0, 10),
             "Rate of acid: 1 - exp(-C E) of the PAG at the local dose E"),
      number(&P::pag_per_nm3, "pag_per_nm3", "1/nm3", above(0, 100), "Density of the PAG before exposure"),
  };
}

std::vector<Key<BlurParameters>> blur_keys() {
  using P = BlurParameters;
  return {
      choice(&P::kernel,
             {{"gaussian", BlurKernel::gaussian},
              {"exponential", BlurKernel::exponential},
              {"two_gaussians", BlurKernel::two_gaussians},
              {"table", BlurKernel::table}},
             {.name = "kernel",
              .why = "what published fits use",
              .doc = "Spread of the energy that electrons carry away from the photon"}),
      number(&P::sigma_nm, "sigma_nm", "nm", closed(0, 100), "rms of the spread along one axis; 0 = none"),
      number(&P::second_sigma_nm, "second_sigma_nm", "nm", closed(0, 200),
             "two_gaussians: rms of the wider one"),
      number(&P::second_share, "second_share", "", closed(0, 1), "two_gaussians: energy in the wider one"),
      choice(&P::direction, {{"isotropic", BlurDirection::isotropic}, {"lateral", BlurDirection::lateral}},
             {.name = "direction",
              .why = "electrons go everywhere",
              .doc = "Through the film too, or within each depth alone"}),
  };
}

std::vector<Key<BakeParameters>> bake_keys() {
  using P = BakeParameters;
  const Range rate = closed(0, 1e6), energy = closed(0, 1000), temperature = above(-273.15, 1000);
  return {
      number(&P::time_s, "time_s", "s", above(0, 1e5), "Duration of the bake"),
      number(&P::quencher, "quencher", "", closed(0, 100), "Quencher before exposure, relative to the PAG"),
      number(&P::quencher_dill_c_cm2_mj, "quencher_dill_c_cm2_mj", "cm2/mJ", closed(0, 10),
             "Rate at which light destroys the quencher", "no photo-decomposable quencher"),
      number(&P::acid_diffusivity_nm2_s, "acid_diffusivity_nm2_s", "nm2/s", closed(0, 1e4),
             "Diffusivity of the acid at the reference temperature"),
      number(&P::quencher_diffusivity_nm2_s, "quencher_diffusivity_nm2_s", "nm2/s", closed(0, 1e4),
             "Diffusivity of the quencher at the reference temperature"),
      key(&P::acid_depth_diffusivity_nm2_s, {.name = "acid_depth_diffusivity_nm2_s",
                                             .unit = "nm2/s",
                                             .range = closed(0, 1e4),
                                             .why = "the same as along the film when absent",
                                             .doc = "Diffusivity of the acid along z when it differs"}),
      key(&P::quencher_depth_diffusivity_nm2_s,
          {.name = "quencher_depth_diffusivity_nm2_s",
           .unit = "nm2/s",
           .range = closed(0, 1e4),
           .why = "the same as along the film when absent",
           .doc = "Diffusivity of the quencher along z when it differs"}),
      choice(&P::diffusivity_law,
             {{"constant", DiffusivityLaw::constant},
              {"linear", DiffusivityLaw::linear},
              {"fujita_doolittle", DiffusivityLaw::fujita_doolittle}},
             {.name = "diffusivity_law",
              .why = "the simplest",
              .doc = "How diffusivity grows with the deprotected share c: 1 + a c, or exp(a c / (1 + b c))"}),
      number(&P::diffusivity_a, "diffusivity_a", "", closed(-1, 100), "a of the law", "no growth"),
      number(&P::diffusivity_b, "diffusivity_b", "", closed(0, 100), "b of the law", "no saturation"),
      number(&P::k_quench_per_s, "k_quench_per_s", "1/s", rate, "Rate of acid with quencher"),
      number(&P::k_amp_per_s, "k_amp_per_s", "1/s", rate, "Rate of deprotection"),
      number(&P::reaction_order, "reaction_order", "", closed(1, 10),
             "Power of the acid in the rate of deprotection", "first order"),
      number(&P::k_loss_per_s, "k_loss_per_s", "1/s", rate, "Rate at which acid is lost", "no loss"),
      number(&P::k_trap_per_s, "k_trap_per_s", "1/s", rate, "Rate at which deprotected sites trap acid",
             "no trapping"),
      number(&P::surface_transfer_nm_s, "surface_transfer_nm_s", "nm/s", closed(0, 1e4),
             "Exchange of acid with the air: flux into the film = this times (surface_acid - acid)",
             "a closed surface"),
      number(&P::surface_acid, "surface_acid", "", closed(0, 100), "Acid of the air, relative to the PAG",
             "clean air"),
      number(&P::temperature_c, "temperature_c", "C", temperature, "Temperature of the bake"),
      number(&P::reference_temperature_c, "reference_temperature_c", "C", temperature,
             "Temperature at which rates and diffusivities are given"),
      number(&P::diffusion_activation_kj_mol, "diffusion_activation_kj_mol", "kJ/mol", energy,
             "Activation energy of every diffusivity", "no dependence on temperature"),
      number(&P::reaction_activation_kj_mol, "reaction_activation_kj_mol", "kJ/mol", energy,
             "Activation energy of k_amp_per_s", "no dependence on temperature"),
      number(&P::quench_activation_kj_mol, "quench_activation_kj_mol", "kJ/mol", energy,
             "Activation energy of k_quench_per_s", "no dependence on temperature"),
      number(&P::loss_activation_kj_mol, "loss_activation_kj_mol", "kJ/mol", energy,
             "Activation energy of k_loss_per_s and k_trap_per_s", "no dependence on temperature"),
      number(&P::max_error, "max_error", "", open(0, 1),
             "Largest error of the protected share that steps in time may make", "0.01 nm of CD, about"),
      key(&P::n_steps, {.name = "n_steps",
                        .range = closed(0, 100000),
                        .why = "as many as max_error asks for",
                        .doc = "Steps in time; 0 = found from max_error"}),
  };
}

std::vector<Key<DevelopmentParameters>> development_keys() {
  using P = DevelopmentParameters;
  const Range rate = above(0, 1e6), power = closed(1, 200);
  return {
      choice(&P::model,
             {{"mack", DevelopmentModel::mack},
              {"enhanced_mack", DevelopmentModel::enhanced_mack},
              {"notch", DevelopmentModel::notch},
              {"threshold", DevelopmentModel::threshold}},
             {.name = "model", .why = "the usual one", .doc = "Rate of dissolution against protected share"}),
      choice(&P::tone, {{"positive", Tone::positive}, {"negative", Tone::negative}},
             {.name = "tone",
              .why = "aqueous developer",
              .doc = "Whether exposed resist dissolves or stays; metal oxide always stays"}),
      number(&P::time_s, "time_s", "s", above(0, 1e4), "Duration of the development"),
      number(&P::r_max_nm_s, "r_max_nm_s", "nm/s", rate, "Rate of wholly deprotected resist"),
      number(&P::r_min_nm_s, "r_min_nm_s", "nm/s", rate, "Rate of protected resist"),
      number(&P::m_threshold, "m_threshold", "", open(0, 1), "Protected share at which the rate bends"),
      number(&P::n, "n", "", power, "Steepness of the rate"),
      number(&P::r_resin_nm_s, "r_resin_nm_s", "nm/s", rate, "enhanced_mack: rate of the resin alone"),
      number(&P::n_inhibition, "n_inhibition", "", power, "enhanced_mack: power of inhibition"),
      number(&P::n_notch, "n_notch", "", power, "notch: steepness of the notch"),
      number(&P::surface_rate, "surface_rate", "", above(0, 1),
             "Rate at the top surface relative to that deep below", "no inhibition"),
      number(&P::surface_depth_nm, "surface_depth_nm", "nm", above(0, 1000),
             "Depth over which surface inhibition fades"),
      number(&P::shrinkage, "shrinkage", "", below(0, 1),
             "Height that wholly deprotected resist loses, relative", "none"),
  };
}

std::vector<Key<MetalOxideParameters>> metal_oxide_keys() {
  using P = MetalOxideParameters;
  return {
      number(&P::conversion_c_cm2_mj, "conversion_c_cm2_mj", "cm2/mJ", above(0, 10),
             "Rate of conversion: 1 - exp(-C E) at the local dose E"),
      number(&P::gel_conversion, "gel_conversion", "", open(0, 1),
             "Conversion above which the resist does not dissolve"),
      number(&P::gel_sharpness, "gel_sharpness", "", above(0, 1000),
             "Steepness of the rate at the gel point"),
      number(&P::ligands_per_nm3, "ligands_per_nm3", "1/nm3", above(0, 100),
             "Density of ligands that light splits off"),
      number(&P::condensation_blur_nm, "condensation_blur_nm", "nm", closed(0, 100),
             "rms along one axis over which cross-links spread"),
  };
}

std::vector<Key<CompactParameters>> compact_keys() {
  using P = CompactParameters;
  const Range weight = closed(-10, 10);
  return {
      number(&P::radius_nm, "radius_nm", "nm", above(0, 1000),
             "variable_threshold: distance within which the image counts"),
      number(&P::max_weight, "max_weight", "", weight,
             "variable_threshold: of the largest intensity less reference_max", "no influence"),
      number(&P::reference_max, "reference_max", "", closed(0, 10),
             "variable_threshold: largest intensity that leaves the threshold alone"),
      number(&P::min_weight, "min_weight", "", weight, "variable_threshold: of the smallest intensity",
             "no influence"),
      number(&P::slope_weight, "slope_weight", "", weight, "variable_threshold: of slope times radius",
             "no influence"),
      number(&P::gamma, "gamma", "", above(0, 1000), "lumped: contrast of the resist"),
  };
}

std::vector<Key<StochasticsParameters>> stochastics_keys() {
  using P = StochasticsParameters;
  return {
      key(&P::n_realisations, {.name = "n_realisations",
                               .range = closed(0, 1000000),
                               .why = "noise is asked for",
                               .doc = "Films that are exposed by chance; 0 = no noise"}),
      key(&P::seed, {.name = "seed",
                     .range = closed(0, 2147483647),
                     .why = "any number serves",
                     .doc = "Start of the random numbers"}),
      number(&P::length_nm, "length_nm", "nm", above(0, 1e5),
             "Length of resist that is exposed: cells smaller than it are repeated",
             "some correlation lengths"),
      number(
          &P::electrons_per_photon, "electrons_per_photon", "", closed(0, 1000),
          "Mean number of electrons that share a photon's energy by chance; 0 = the energy is shared evenly",
          "no noise of electrons"),
      number(&P::speckle_length_nm, "speckle_length_nm", "nm", above(0, 1e5),
             "Length over which speckle is alike", "about half of wavelength / NA"),
  };
}

std::vector<Key<metrology::WindowParameters>> window_keys() {
  using P = metrology::WindowParameters;
  return {
      number(&P::cd_tolerance_percent, "cd_tolerance_percent", "%", open(0, 100),
             "Deviation of CD from its target that is allowed to both sides", "the usual one"),
      number(&P::min_side_wall_deg, "min_side_wall_deg", "deg", closed(0, 180),
             "Flattest flank that is allowed, films only; 90 = vertical, 0 = any", "the usual one"),
      number(&P::max_top_loss_percent, "max_top_loss_percent", "%", closed(0, 100),
             "Loss of height that is allowed, films only; 100 = any", "the usual one"),
      key(&P::exposure_latitudes_percent, {.name = "exposure_latitudes_percent",
                                           .unit = "%",
                                           .range = open(0, 100),
                                           .why = "the usual ones",
                                           .doc = "Exposure latitudes at which depth of focus is told"}),
  };
}

std::vector<Key<Job>> noise_of_light_keys() {
  return {
      key(&Job::stochastics_dose_noise, {.name = "dose_noise",
                                         .range = closed(0, 1),
                                         .why = "that of the source, see [throughput], when absent",
                                         .doc = "rms of the dose from exposure to exposure, relative"}),
      key(&Job::stochastics_speckle_contrast,
          {.name = "speckle_contrast",
           .range = closed(0, 1),
           .why = "that of the source and its illuminator when absent",
           .doc = "rms of the granularity of the light at the wafer, relative"}),
  };
}

std::vector<Key<Job>> window_range_keys() {
  return {
      key(&Job::window_focus_nm, {.name = "focus_nm",
                                  .unit = "nm",
                                  .range = closed(-10000, 10000),
                                  .why = "25 values within 120 nm of imaging.focus_nm when empty",
                                  .doc = "Focus values of undulith window, rising"}),
      key(&Job::window_dose_mj_cm2, {.name = "dose_mj_cm2",
                                     .unit = "mJ/cm2",
                                     .range = above(0, 1e5),
                                     .why = "21 values within 30 % of throughput.dose_mj_cm2 when empty",
                                     .doc = "Doses of undulith window, rising"}),
  };
}

std::vector<Key<Job>> joined(std::vector<Key<Job>> first, const std::vector<Key<Job>>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace

std::vector<Table> resist_tables() {
  const auto film = [](const Job& job) { return resist::has_film(job.resist.model); };
  const auto film_or_lumped = [](const Job& job) {
    return resist::has_film(job.resist.model) || job.resist.model == ResistModel::lumped;
  };
  const auto blurs = [](const Job& job) {
    return resist::has_film(job.resist.model) || job.resist.model == ResistModel::blurred_threshold;
  };
  const auto is = [](ResistModel model) {
    return [model](const Job& job) { return job.resist.model == model; };
  };
  return {
      table(
          "resist", "What the image prints in.",
          within(
              [](auto& job) -> auto& { return job.resist; },
              std::vector<Key<ResistParameters>>{choice(
                  &ResistParameters::model,
                  {{"constant_threshold", ResistModel::constant_threshold},
                   {"blurred_threshold", ResistModel::blurred_threshold},
                   {"variable_threshold", ResistModel::variable_threshold},
                   {"lumped", ResistModel::lumped},
                   {"chemically_amplified", ResistModel::chemically_amplified},
                   {"metal_oxide", ResistModel::metal_oxide}},
                  {.name = "model",
                   .why = "needs no knowledge of the resist",
                   .doc = "How an image prints: from the image at metrology.threshold, or through exposure, "
                          "bake and development of a film at throughput.dose_mj_cm2"})})),
      table("resist.film", "The film and the nodes in it.",
            within(
                [](auto& job) -> auto& { return job.resist.film; }, film_keys()),
            film_or_lumped),
      table("resist.exposure", "From light to acid.",
            within(
                [](auto& job) -> auto& { return job.resist.exposure; }, exposure_keys()),
            is(ResistModel::chemically_amplified)),
      table(
          "resist.blur", "Spread of the absorbed energy by electrons.",
          joined(within(
                     [](auto& job) -> auto& { return job.resist.blur; }, blur_keys()),
                 std::vector<Key<Job>>{file(&Job::blur_table_file,
                                            {.name = "table_file",
                                             .why = "kernel = table needs it",
                                             .doc = "CSV with radius_nm and density (energy per volume)"})}),
          blurs),
      table("resist.bake", "Post-exposure bake of a chemically amplified resist.",
            within(
                [](auto& job) -> auto& { return job.resist.bake; }, bake_keys()),
            is(ResistModel::chemically_amplified)),
      table("resist.development", "Development.",
            within(
                [](auto& job) -> auto& { return job.resist.development; }, development_keys()),
            film),
      table("resist.metal_oxide", "Conversion and gel point of a metal-oxide resist.",
            within(
                [](auto& job) -> auto& { return job.resist.metal_oxide; }, metal_oxide_keys()),
            is(ResistModel::metal_oxide)),
      table("resist.compact", "Numbers of the compact models.",
            within(
                [](auto& job) -> auto& { return job.resist.compact; }, compact_keys()),
            [](const Job& job) {
              return job.resist.model == ResistModel::variable_threshold ||
                     job.resist.model == ResistModel::lumped;
            }),
      table("stochastics", "Noise of photons, molecules and of the light.",
            joined(within(
                       [](auto& job) -> auto& { return job.stochastics; }, stochastics_keys()),
                   noise_of_light_keys()),
            film),
      table("window", "Focus-exposure matrix of undulith window.",
            joined(window_range_keys(), within(
                                            [](auto& job) -> auto& { return job.window; }, window_keys()))),
      table(
          "calibrate", "Fit of undulith calibrate to measured CDs.",
          within(
              [](auto& job) -> auto& { return job.calibrate; },
              std::vector<Key<CalibrateParameters>>{
                  number(&CalibrateParameters::dose_scale, "dose_scale", "", above(0, 100),
                         "True dose over the one in the data", "data are taken as they are"),
                  number(&CalibrateParameters::focus_offset_nm, "focus_offset_nm", "nm", closed(-1000, 1000),
                         "True focus minus the one in the data", "data are taken as they are")})),
      table_array<CalibrateKey>(
          "calibrate.parameter", "A key of the job that is sought; --fit on the command line wins.",
          [](auto& job) -> auto& { return job.calibrate_keys; },
          {key(&CalibrateKey::key, {.name = "key",
                                    .doc = "Full name of a number of the job: resist.blur.sigma_nm",
                                    .required = true}),
           key(&CalibrateKey::low, {.name = "low",
                                    .range = closed(-1e12, 1e12),
                                    .doc = "Least value",
                                    .advice = "write a number",
                                    .required = true}),
           key(&CalibrateKey::high, {.name = "high",
                                     .range = closed(-1e12, 1e12),
                                     .doc = "Largest value",
                                     .advice = "write a number",
                                     .required = true})}),
  };
}

}  // namespace undulith::job
