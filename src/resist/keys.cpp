// SPDX-License-Identifier: MIT
#include "undulith/resist/keys.hpp"

namespace undulith::resist {

using keys::choice;
using keys::key;

namespace {

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

}  // namespace

const Keys<ResistParameters>& resist_keys() {
  static const Keys<ResistParameters> all = {
      choice(&ResistParameters::model,
             {{"constant_threshold", ResistModel::constant_threshold},
              {"blurred_threshold", ResistModel::blurred_threshold},
              {"variable_threshold", ResistModel::variable_threshold},
              {"lumped", ResistModel::lumped},
              {"chemically_amplified", ResistModel::chemically_amplified},
              {"metal_oxide", ResistModel::metal_oxide}},
             {.name = "model",
              .why = "needs no knowledge of the resist",
              .doc = "How an image prints: from the image at metrology.threshold, or through exposure, "
                     "bake and development of a film at throughput.dose_mj_cm2"})};
  return all;
}

const Keys<FilmParameters>& film_keys() {
  using P = FilmParameters;

  static const Keys<FilmParameters> all = {
      number(&P::thickness_nm, "thickness_nm", "nm", Range::above(0, 1000), "Thickness of the resist"),
      number(&P::dill_a_per_um, "dill_a_per_um", "1/um", Range::closed(0, 100),
             "Absorption that bleaches with the PAG", "absorption at EUV is atomic and does not bleach"),
      number(&P::dill_b_per_um, "dill_b_per_um", "1/um", Range::closed(0, 100), "Absorption that stays"),
      number(&P::refractive_index, "refractive_index", "", Range::above(0, 3),
             "Real part of the index, for the slope of rays and the focus within the film"),
      choice(&P::focus_reference, {{"top", FocusReference::top}, {"middle", FocusReference::middle}},
             {.name = "focus_reference",
              .why = "best focus then lies near 0",
              .doc = "Where in the film imaging.focus_nm is meant"}),
      key(&P::n_planes, {.name = "n_planes",
                         .range = Range::closed(1, 33),
                         .why = "a film is thin against the depth of focus",
                         .doc = "Images through the film; 1 takes the same one at every depth"}),
      number(&P::lateral_step_nm, "lateral_step_nm", "nm", Range::above(0, 100),
             "Largest distance of nodes along x and y", "about 0.05 nm of CD; undulith converge measures it"),
      number(&P::depth_step_nm, "depth_step_nm", "nm", Range::above(0, 100),
             "Largest distance of nodes along z", "about 0.05 nm of CD; undulith converge measures it"),
      number(&P::front_step_nm, "front_step_nm", "nm", Range::closed(0, 100),
             "Largest distance of nodes on which the developer's front runs; 0 = 0.25 in a cut, 0.5 in three "
             "dimensions, those of the film with noise",
             "a tenth of a nanometre of CD and less")};
  return all;
}

const Keys<ExposureParameters>& exposure_keys() {
  using P = ExposureParameters;

  static const Keys<ExposureParameters> all = {
      number(&P::dill_c_cm2_mj, "dill_c_cm2_mj", "cm2/mJ", Range::above(0, 10),
             "Rate of acid: 1 - exp(-C E) of the PAG at the local dose E"),
      number(&P::pag_per_nm3, "pag_per_nm3", "1/nm3", Range::above(0, 1000),
             "Density of the PAG before exposure")};
  return all;
}

const Keys<BlurParameters>& blur_keys() {
  using P = BlurParameters;

  static const Keys<BlurParameters> all = {
      choice(&P::kernel,
             {{"gaussian", BlurKernel::gaussian},
              {"exponential", BlurKernel::exponential},
              {"two_gaussians", BlurKernel::two_gaussians},
              {"table", BlurKernel::table}},
             {.name = "kernel",
              .why = "what published fits use",
              .doc = "Spread of the energy that electrons carry away from the photon"}),
      number(&P::sigma_nm, "sigma_nm", "nm", Range::closed(0, 100),
             "rms of the spread along one axis; 0 = none"),
      number(&P::second_sigma_nm, "second_sigma_nm", "nm", Range::closed(0, 200),
             "two_gaussians: rms of the wider one"),
      number(&P::second_share, "second_share", "", Range::closed(0, 1),
             "two_gaussians: energy in the wider one"),
      choice(&P::direction, {{"isotropic", BlurDirection::isotropic}, {"lateral", BlurDirection::lateral}},
             {.name = "direction",
              .why = "electrons go everywhere",
              .doc = "Through the film too, or within each depth alone"})};
  return all;
}

const Keys<BakeParameters>& bake_keys() {
  using P = BakeParameters;
  const Range rate = Range::closed(0, 1e6), energy = Range::closed(0, 1000),
              temperature = Range::above(-273.15, 1000);

  static const Keys<BakeParameters> all = {
      number(&P::time_s, "time_s", "s", Range::above(0, 1e5), "Duration of the bake"),
      number(&P::quencher, "quencher", "", Range::closed(0, 100),
             "Quencher before exposure, relative to the PAG"),
      number(&P::quencher_dill_c_cm2_mj, "quencher_dill_c_cm2_mj", "cm2/mJ", Range::closed(0, 10),
             "Rate at which light destroys the quencher", "no photo-decomposable quencher"),
      number(&P::acid_diffusivity_nm2_s, "acid_diffusivity_nm2_s", "nm2/s", Range::closed(0, 1e4),
             "Diffusivity of the acid at the reference temperature"),
      number(&P::quencher_diffusivity_nm2_s, "quencher_diffusivity_nm2_s", "nm2/s", Range::closed(0, 1e4),
             "Diffusivity of the quencher at the reference temperature"),
      key(&P::acid_depth_diffusivity_nm2_s, {.name = "acid_depth_diffusivity_nm2_s",
                                             .unit = "nm2/s",
                                             .range = Range::closed(0, 1e4),
                                             .why = "the same as along the film when absent",
                                             .doc = "Diffusivity of the acid along z when it differs"}),
      key(&P::quencher_depth_diffusivity_nm2_s,
          {.name = "quencher_depth_diffusivity_nm2_s",
           .unit = "nm2/s",
           .range = Range::closed(0, 1e4),
           .why = "the same as along the film when absent",
           .doc = "Diffusivity of the quencher along z when it differs"}),
      choice(&P::diffusivity_law,
             {{"constant", DiffusivityLaw::constant},
              {"linear", DiffusivityLaw::linear},
              {"fujita_doolittle", DiffusivityLaw::fujita_doolittle}},
             {.name = "diffusivity_law",
              .why = "the simplest",
              .doc = "How diffusivity grows with the deprotected share c: 1 + a c, or exp(a c / (1 + b c))"}),
      number(&P::diffusivity_a, "diffusivity_a", "", Range::closed(-1, 100), "a of the law", "no growth"),
      number(&P::diffusivity_b, "diffusivity_b", "", Range::closed(0, 100), "b of the law", "no saturation"),
      number(&P::k_quench_per_s, "k_quench_per_s", "1/s", rate, "Rate of acid with quencher"),
      number(&P::k_amp_per_s, "k_amp_per_s", "1/s", rate, "Rate of deprotection"),
      number(&P::reaction_order, "reaction_order", "", Range::closed(1, 10),
             "Power of the acid in the rate of deprotection", "first order"),
      number(&P::k_loss_per_s, "k_loss_per_s", "1/s", rate, "Rate at which acid is lost", "no loss"),
      number(&P::k_trap_per_s, "k_trap_per_s", "1/s", rate, "Rate at which deprotected sites trap acid",
             "no trapping"),
      number(&P::surface_transfer_nm_s, "surface_transfer_nm_s", "nm/s", Range::closed(0, 1e4),
             "Exchange of acid with the air: flux into the film = this times (surface_acid - acid)",
             "a closed surface"),
      number(&P::surface_acid, "surface_acid", "", Range::closed(0, 100),
             "Acid of the air, relative to the PAG", "clean air"),
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
      number(&P::max_error, "max_error", "", Range::open(0, 1),
             "Largest error of the protected share that steps in time may make", "0.01 nm of CD, about"),
      key(&P::n_steps, {.name = "n_steps",
                        .range = Range::closed(0, 100000),
                        .why = "as many as max_error asks for",
                        .doc = "Steps in time; 0 = found from max_error"})};
  return all;
}

const Keys<DevelopmentParameters>& development_keys() {
  using P = DevelopmentParameters;
  const Range rate = Range::above(0, 1e6), power = Range::closed(1, 200);

  static const Keys<DevelopmentParameters> all = {
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
      number(&P::time_s, "time_s", "s", Range::above(0, 1e4), "Duration of the development"),
      number(&P::r_max_nm_s, "r_max_nm_s", "nm/s", rate, "Rate of wholly deprotected resist"),
      number(&P::r_min_nm_s, "r_min_nm_s", "nm/s", rate, "Rate of protected resist"),
      number(&P::m_threshold, "m_threshold", "", Range::open(0, 1),
             "Protected share at which the rate bends"),
      number(&P::n, "n", "", power, "Steepness of the rate"),
      number(&P::r_resin_nm_s, "r_resin_nm_s", "nm/s", rate, "enhanced_mack: rate of the resin alone"),
      number(&P::n_inhibition, "n_inhibition", "", power, "enhanced_mack: power of inhibition"),
      number(&P::n_notch, "n_notch", "", power, "notch: steepness of the notch"),
      number(&P::surface_rate, "surface_rate", "", Range::above(0, 1),
             "Rate at the top surface relative to that deep below", "no inhibition"),
      number(&P::surface_depth_nm, "surface_depth_nm", "nm", Range::above(0, 1000),
             "Depth over which surface inhibition fades"),
      number(&P::shrinkage, "shrinkage", "", Range::below(0, 1),
             "Height that wholly deprotected resist loses, relative", "none")};
  return all;
}

const Keys<MetalOxideParameters>& metal_oxide_keys() {
  using P = MetalOxideParameters;

  static const Keys<MetalOxideParameters> all = {
      number(&P::conversion_c_cm2_mj, "conversion_c_cm2_mj", "cm2/mJ", Range::above(0, 10),
             "Rate of conversion: 1 - exp(-C E) at the local dose E"),
      number(&P::gel_conversion, "gel_conversion", "", Range::open(0, 1),
             "Conversion above which the resist does not dissolve"),
      number(&P::gel_sharpness, "gel_sharpness", "", Range::above(0, 1000),
             "Steepness of the rate at the gel point"),
      number(&P::ligands_per_nm3, "ligands_per_nm3", "1/nm3", Range::above(0, 100),
             "Density of ligands that light splits off"),
      number(&P::condensation_blur_nm, "condensation_blur_nm", "nm", Range::closed(0, 100),
             "rms along one axis over which cross-links spread")};
  return all;
}

const Keys<CompactParameters>& compact_keys() {
  using P = CompactParameters;
  const Range weight = Range::closed(-10, 10);

  static const Keys<CompactParameters> all = {
      number(&P::radius_nm, "radius_nm", "nm", Range::above(0, 1000),
             "variable_threshold: distance within which the image counts"),
      number(&P::max_weight, "max_weight", "", weight,
             "variable_threshold: of the largest intensity less reference_max", "no influence"),
      number(&P::reference_max, "reference_max", "", Range::closed(0, 10),
             "variable_threshold: largest intensity that leaves the threshold alone"),
      number(&P::min_weight, "min_weight", "", weight, "variable_threshold: of the smallest intensity",
             "no influence"),
      number(&P::slope_weight, "slope_weight", "", weight, "variable_threshold: of slope times radius",
             "no influence"),
      number(&P::gamma, "gamma", "", Range::above(0, 1000), "lumped: contrast of the resist")};
  return all;
}

const Keys<StochasticsParameters>& stochastics_keys() {
  using P = StochasticsParameters;

  static const Keys<StochasticsParameters> all = {
      key(&P::n_realisations, {.name = "n_realisations",
                               .range = Range::closed(0, 1000000),
                               .why = "noise is asked for",
                               .doc = "Films that are exposed by chance; 0 = no noise"}),
      key(&P::seed, {.name = "seed",
                     .range = Range::closed(0, 2147483647),
                     .why = "any number serves",
                     .doc = "Start of the random numbers"}),
      number(&P::length_nm, "length_nm", "nm", Range::above(0, 1e5),
             "Length of resist that is exposed: cells smaller than it are repeated",
             "some correlation lengths"),
      number(
          &P::electrons_per_photon, "electrons_per_photon", "", Range::closed(0, 1000),
          "Mean number of electrons that share a photon's energy by chance; 0 = the energy is shared evenly",
          "no noise of electrons"),
      number(&P::speckle_length_nm, "speckle_length_nm", "nm", Range::above(0, 1e5),
             "Correlation length of speckle", "about half of wavelength / NA")};
  return all;
}

}  // namespace undulith::resist
