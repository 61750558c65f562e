// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "undulith/core/error.hpp"
#include "undulith/core/require.hpp"
#include "undulith/resist/counting.hpp"
#include "undulith/resist/exposure.hpp"
#include "undulith/resist/keys.hpp"

namespace undulith::resist {
namespace {

void check_film(const FilmParameters& p) {
  check_keys(p, film_keys(), "resist.film");
  require(p.depth_step_nm <= p.thickness_nm / 2 * (1 + 1e-9), "resist.film.thickness_nm", p.thickness_nm,
          fmt::format("is thinner than two cells of resist.film.depth_step_nm = {}", p.depth_step_nm),
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
      refuse(key, density[i], "densities must not be negative", "give a density >= 0");
    largest = std::max(largest, density[i]);
  }
  if (largest == 0) throw InputError(key + " (every density is 0); give the spread of the energy");
}

void check_blur(const BlurParameters& p) {
  check_keys(p, blur_keys(), "resist.blur");
  if (p.kernel == BlurKernel::table) check_table(p);
}

void check_development(const DevelopmentParameters& p) {
  check_keys(p, development_keys(), "resist.development");
  require(p.r_min_nm_s < p.r_max_nm_s, "resist.development.r_min_nm_s", p.r_min_nm_s,
          fmt::format("must be below resist.development.r_max_nm_s = {}", p.r_max_nm_s), "use 0.02 and 100");
  require(p.model != DevelopmentModel::enhanced_mack ||
              (p.r_min_nm_s <= p.r_resin_nm_s && p.r_resin_nm_s <= p.r_max_nm_s),
          "resist.development.r_resin_nm_s", p.r_resin_nm_s,
          fmt::format("must lie between r_min_nm_s = {} and r_max_nm_s = {}", p.r_min_nm_s, p.r_max_nm_s),
          "use 10");
}

void check_noise(const ResistParameters& parameters, const StochasticsParameters& p) {
  check_keys(p, stochastics_keys(), "stochastics");
  require_in(kDoseNoise, "stochastics.dose_noise", p.dose_noise, "use 0 for none");
  require_in(kSpeckleContrast, "stochastics.speckle_contrast", p.speckle_contrast, "use 0 for none");
  require(p.n_realisations == 0 || blur_sigma_nm(parameters.blur) > 0, "resist.blur.sigma_nm",
          parameters.blur.sigma_nm,
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
      return check_keys(parameters.compact, compact_keys(), "resist.compact");
    case ResistModel::lumped:
      check_keys(parameters.compact, compact_keys(), "resist.compact");
      return check_film(parameters.film);
    case ResistModel::chemically_amplified:
      check_keys(parameters.exposure, exposure_keys(), "resist.exposure");
      check_keys(parameters.bake, bake_keys(), "resist.bake");
      break;
    case ResistModel::metal_oxide:
      check_keys(parameters.metal_oxide, metal_oxide_keys(), "resist.metal_oxide");
      break;
  }
  check_film(parameters.film);
  check_blur(parameters.blur);
  check_development(parameters.development);
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
