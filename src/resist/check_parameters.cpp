#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "undulith/core/error.hpp"
#include "undulith/resist/counting.hpp"
#include "undulith/resist/exposure.hpp"

namespace undulith::resist {
namespace {

[[noreturn]] void refuse(const std::string& key, double value, const std::string& why,
                         const std::string& advice) {
  throw InputError(fmt::format("{} = {} ({}); {}", key, value, why, advice));
}

void require_positive(const std::string& key, double value, const char* advice) {
  if (!std::isfinite(value) || value <= 0) refuse(key, value, "must be > 0", advice);
}
void require_not_negative(const std::string& key, double value, const char* advice) {
  if (!std::isfinite(value) || value < 0) refuse(key, value, "must not be negative", advice);
}
// [low, high]
void require_within(const std::string& key, double value, double low, double high, const char* advice) {
  if (!std::isfinite(value) || value < low || value > high)
    refuse(key, value, fmt::format("must be in [{}, {}]", low, high), advice);
}

void check_film(const FilmParameters& p) {
  require_positive("resist.film.thickness_nm", p.thickness_nm, "use 20 to 50");
  require_not_negative("resist.film.dill_a_per_um", p.dill_a_per_um, "use 0 at EUV");
  require_not_negative("resist.film.dill_b_per_um", p.dill_b_per_um, "use 4 to 20");
  require_positive("resist.film.refractive_index", p.refractive_index, "use 0.98");
  require_positive("resist.film.lateral_step_nm", p.lateral_step_nm, "use 0.5 to 1");
  require_positive("resist.film.depth_step_nm", p.depth_step_nm, "use 0.5 to 1");
  require_not_negative("resist.film.front_step_nm", p.front_step_nm, "use 0 to have it found");
  require_within("resist.film.n_planes", p.n_planes, 1, 33, "use 3");
  if (p.depth_step_nm > p.thickness_nm / 2 * (1 + 1e-9))
    refuse("resist.film.thickness_nm", p.thickness_nm,
           fmt::format("thinner than two cells of resist.film.depth_step_nm = {}", p.depth_step_nm),
           fmt::format("use a depth step of {:.3g} or less", p.thickness_nm / 2));
}

void check_table(const BlurParameters& p) {
  const auto& radius = p.table_radius_nm;
  const auto& density = p.table_density;
  const std::string key = "resist.blur.table_file";
  if (radius.size() < 2 || density.size() != radius.size())
    throw InputError(key + " (a table needs two or more radii with a density each); add rows");
  if (radius.front() != 0) refuse(key, radius.front(), "radii must begin at 0", "add a row for radius 0");
  double largest = 0;
  for (std::size_t i = 0; i < radius.size(); ++i) {
    if (!std::isfinite(radius[i]) || (i > 0 && radius[i] <= radius[i - 1]))
      refuse(key, radius[i], "radii must rise", "sort the rows");
    if (!std::isfinite(density[i]) || density[i] < 0)
      refuse(key, density[i], "densities must not be negative", "mend the row");
    largest = std::max(largest, density[i]);
  }
  if (largest == 0) throw InputError(key + " (every density is 0); give the spread of the energy");
}

void check_blur(const BlurParameters& p) {
  require_not_negative("resist.blur.sigma_nm", p.sigma_nm, "use 2 to 5");
  if (p.kernel == BlurKernel::two_gaussians) {
    require_not_negative("resist.blur.second_sigma_nm", p.second_sigma_nm, "use 5 to 10");
    require_within("resist.blur.second_share", p.second_share, 0, 1, "use 0.2");
  }
  if (p.kernel == BlurKernel::table) check_table(p);
}

void check_bake(const BakeParameters& p) {
  const auto not_negative = [](const char* name, double value) {
    require_not_negative(std::string("resist.bake.") + name, value, "use 0 for none");
  };
  require_positive("resist.bake.time_s", p.time_s, "use 60");
  not_negative("quencher", p.quencher);
  not_negative("quencher_dill_c_cm2_mj", p.quencher_dill_c_cm2_mj);
  not_negative("acid_diffusivity_nm2_s", p.acid_diffusivity_nm2_s);
  not_negative("quencher_diffusivity_nm2_s", p.quencher_diffusivity_nm2_s);
  not_negative("acid_depth_diffusivity_nm2_s", p.acid_depth_diffusivity_nm2_s.value_or(0));
  not_negative("quencher_depth_diffusivity_nm2_s", p.quencher_depth_diffusivity_nm2_s.value_or(0));
  not_negative("k_quench_per_s", p.k_quench_per_s);
  not_negative("k_amp_per_s", p.k_amp_per_s);
  not_negative("k_loss_per_s", p.k_loss_per_s);
  not_negative("k_trap_per_s", p.k_trap_per_s);
  not_negative("surface_transfer_nm_s", p.surface_transfer_nm_s);
  not_negative("surface_acid", p.surface_acid);
  not_negative("diffusion_activation_kj_mol", p.diffusion_activation_kj_mol);
  not_negative("reaction_activation_kj_mol", p.reaction_activation_kj_mol);
  not_negative("quench_activation_kj_mol", p.quench_activation_kj_mol);
  not_negative("loss_activation_kj_mol", p.loss_activation_kj_mol);
  not_negative("diffusivity_b", p.diffusivity_b);
  require_within("resist.bake.diffusivity_a", p.diffusivity_a, -1, 100, "use 0 for none");
  require_within("resist.bake.reaction_order", p.reaction_order, 1, 10, "use 1");
  require_within("resist.bake.temperature_c", p.temperature_c, -273, 1000, "use 90 to 130");
  require_within("resist.bake.reference_temperature_c", p.reference_temperature_c, -273, 1000,
                 "use 90 to 130");
  require_positive("resist.bake.max_error", p.max_error, "use 1e-3");
  require_within("resist.bake.n_steps", p.n_steps, 0, 100000, "use 0 to have them found");
}

void check_development(const ResistParameters& parameters) {
  const DevelopmentParameters& p = parameters.development;
  require_positive("resist.development.time_s", p.time_s, "use 30");
  require_positive("resist.development.r_max_nm_s", p.r_max_nm_s, "use 100");
  require_positive("resist.development.r_min_nm_s", p.r_min_nm_s, "use 0.02");
  if (p.r_min_nm_s >= p.r_max_nm_s)
    refuse("resist.development.r_min_nm_s", p.r_min_nm_s,
           fmt::format("must be below resist.development.r_max_nm_s = {}", p.r_max_nm_s), "use 0.02 and 100");
  if (p.model == DevelopmentModel::enhanced_mack &&
      !(p.r_min_nm_s <= p.r_resin_nm_s && p.r_resin_nm_s <= p.r_max_nm_s))
    refuse("resist.development.r_resin_nm_s", p.r_resin_nm_s,
           fmt::format("must lie between r_min_nm_s = {} and r_max_nm_s = {}", p.r_min_nm_s, p.r_max_nm_s),
           "use 10");
  if (!(p.m_threshold > 0 && p.m_threshold < 1))
    refuse("resist.development.m_threshold", p.m_threshold, "must be in (0, 1)", "use 0.5");
  require_within("resist.development.n", p.n, 1, 200, "use 5 to 30");
  require_within("resist.development.n_inhibition", p.n_inhibition, 1, 200, "use 20");
  require_within("resist.development.n_notch", p.n_notch, 1, 200, "use 10");
  if (!(p.surface_rate > 0 && p.surface_rate <= 1))
    refuse("resist.development.surface_rate", p.surface_rate, "must be in (0, 1]", "use 1 for no inhibition");
  require_positive("resist.development.surface_depth_nm", p.surface_depth_nm, "use 5");
  if (!(p.shrinkage >= 0 && p.shrinkage < 1))
    refuse("resist.development.shrinkage", p.shrinkage, "must be in [0, 1)", "use 0 to 0.2");
}

void check_metal_oxide(const MetalOxideParameters& p) {
  require_positive("resist.metal_oxide.conversion_c_cm2_mj", p.conversion_c_cm2_mj, "use 0.008");
  if (!(p.gel_conversion > 0 && p.gel_conversion < 1))
    refuse("resist.metal_oxide.gel_conversion", p.gel_conversion, "must be in (0, 1)", "use 0.18");
  require_positive("resist.metal_oxide.gel_sharpness", p.gel_sharpness, "use 20");
  require_positive("resist.metal_oxide.ligands_per_nm3", p.ligands_per_nm3, "use 5.6");
  require_not_negative("resist.metal_oxide.condensation_blur_nm", p.condensation_blur_nm, "use 1");
}

void check_compact(const CompactParameters& p) {
  require_positive("resist.compact.radius_nm", p.radius_nm, "use 30");
  require_positive("resist.compact.gamma", p.gamma, "use 5 to 20");
  for (const auto& [name, value] :
       {std::pair{"max_weight", p.max_weight}, std::pair{"min_weight", p.min_weight},
        std::pair{"slope_weight", p.slope_weight}, std::pair{"reference_max", p.reference_max}})
    require_within(std::string("resist.compact.") + name, value, -10, 10, "use 0 for none");
}

void check_noise(const ResistParameters& parameters, const StochasticsParameters& p) {
  if (p.n_realisations < 0)
    refuse("stochastics.n_realisations", p.n_realisations, "must not be negative", "use 0 for no noise");
  if (p.n_realisations == 0) return;
  require_positive("stochastics.length_nm", p.length_nm, "use 200");
  require_not_negative("stochastics.electrons_per_photon", p.electrons_per_photon, "use 0 for none");
  require_within("stochastics.dose_noise", p.dose_noise, 0, 1, "use 0 for none");
  require_within("stochastics.speckle_contrast", p.speckle_contrast, 0, 1, "use 0 for none");
  require_positive("stochastics.speckle_length_nm", p.speckle_length_nm, "use 20");
  if (blur_sigma_nm(parameters.blur) == 0)
    refuse("resist.blur.sigma_nm", parameters.blur.sigma_nm,
           "photon noise without electron blur depends on the nodes and means nothing", "use 2 to 5");
}

}  // namespace

void check_parameters(const ResistParameters& parameters, const StochasticsParameters& stochastics) {
  switch (parameters.model) {
    case ResistModel::constant_threshold:
      return;
    case ResistModel::blurred_threshold:
      return check_blur(parameters.blur);
    case ResistModel::variable_threshold:
      return check_compact(parameters.compact);
    case ResistModel::lumped:
      check_compact(parameters.compact);
      return check_film(parameters.film);
    case ResistModel::chemically_amplified:
      require_positive("resist.exposure.dill_c_cm2_mj", parameters.exposure.dill_c_cm2_mj, "use 0.03");
      require_positive("resist.exposure.pag_per_nm3", parameters.exposure.pag_per_nm3, "use 0.2");
      check_bake(parameters.bake);
      break;
    case ResistModel::metal_oxide:
      check_metal_oxide(parameters.metal_oxide);
      break;
  }
  check_film(parameters.film);
  check_blur(parameters.blur);
  check_development(parameters);
  check_noise(parameters, stochastics);
}

double yield_per_photon(const ResistParameters& parameters, double wavelength_nm) {
  const double absorption_per_nm = (parameters.film.dill_a_per_um + parameters.film.dill_b_per_um) / 1000;
  const double photons = photons_per_nm2(1, wavelength_nm) * absorption_per_nm;  // per nm3 and mJ/cm2
  if (photons == 0) return 0;
  return parameters.model == ResistModel::metal_oxide
             ? parameters.metal_oxide.conversion_c_cm2_mj * parameters.metal_oxide.ligands_per_nm3 / photons
             : parameters.exposure.dill_c_cm2_mj * parameters.exposure.pag_per_nm3 / photons;
}

std::string yield_warning(const ResistParameters& parameters, double wavelength_nm) {
  constexpr double kLeast = 1, kMost = 3;
  if (parameters.model != ResistModel::chemically_amplified) return {};
  const double yield = yield_per_photon(parameters, wavelength_nm);
  if (yield >= kLeast && yield <= kMost) return {};
  return fmt::format(
      "the resist makes {:.2f} acids of an absorbed photon (measured: 1.4 to 2.1); "
      "resist.exposure.dill_c_cm2_mj "
      "= {} with pag_per_nm3 = {} is an effective rate, and its noise is not to be trusted",
      yield, parameters.exposure.dill_c_cm2_mj, parameters.exposure.pag_per_nm3);
}

}  // namespace undulith::resist
