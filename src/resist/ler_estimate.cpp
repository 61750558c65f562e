// SPDX-License-Identifier: MIT
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <numbers>

#include "undulith/resist/bake.hpp"
#include "undulith/resist/counting.hpp"
#include "undulith/resist/exposure.hpp"
#include "undulith/resist/resist.hpp"

namespace undulith::resist {
namespace {

using std::numbers::pi;

// What is left of the variance of a white field: at a point of the film, and of its mean through the film.
struct Smoothing {
  double slice_per_nm3 = 0, film_per_nm3 = 0;
};

// Acid that acts while it diffuses, all through the bake.
double acting_transfer(double spread_nm2, double k_per_nm) {
  const double w = spread_nm2 * k_per_nm * k_per_nm;
  return w < 1e-8 ? 1 - w / 2 : -std::expm1(-w) / w;
}

// Int k^2 T^2 dk / (2 pi^2) and Int k T^2 dk / (2 pi thickness) of the blur before and the spread after.
template <class Transfer>
Smoothing smoothing_of(const Transfer& transfer, double sigma_nm, double thickness_nm) {
  constexpr int kPieces = 32;
  const double last = 12 / sigma_nm;  // a Gaussian is e^-72 there
  Smoothing sum;
  for (int i = 0; i < kPieces; ++i) {
    const auto piece = [&](double power) {
      return boost::math::quadrature::gauss<double, 15>::integrate(
          [&](double k) { return std::pow(k, power) * transfer(k) * transfer(k); }, last * i / kPieces,
          last * (i + 1) / kPieces);
    };
    sum.slice_per_nm3 += piece(2) / (2 * pi * pi);
    sum.film_per_nm3 += piece(1) / (2 * pi * thickness_nm);
  }
  return sum;
}

}  // namespace

std::optional<LerEstimate> estimate_ler(const ResistParameters& parameters, double wavelength_nm,
                                        const EdgeState& edge) {
  const FilmParameters& film = parameters.film;
  const BakeParameters& b = parameters.bake;
  const bool metal_oxide = parameters.model == ResistModel::metal_oxide;
  const double thickness_nm = film.thickness_nm, blur_nm = blur_sigma_nm(parameters.blur);
  const double diffusivity = arrhenius(b.acid_diffusivity_nm2_s, b.diffusion_activation_kj_mol,
                                       b.temperature_c, b.reference_temperature_c);
  const double spread_nm2 = diffusivity * b.time_s,
               condensed_nm = parameters.metal_oxide.condensation_blur_nm;
  const double absorbed_per_nm3 =
      photons_per_nm2(edge.dose_mj_cm2, wavelength_nm) * (film.dill_a_per_um + film.dill_b_per_um) / 1000;
  if (!((metal_oxide ? condensed_nm : spread_nm2) > 0) || !(blur_nm > 0) || !(absorbed_per_nm3 > 0) ||
      !(edge.inhibitor_slope_per_nm > 0) || !(edge.inhibitor > 0 && edge.inhibitor < 1))
    return {};

  const Smoothing photons = smoothing_of(
      [&](double k) {
        const double after =
            metal_oxide ? std::exp(-condensed_nm * condensed_nm * k * k / 2) : acting_transfer(spread_nm2, k);
        return blur_transfer(parameters.blur, k) * after;
      },
      blur_nm, thickness_nm);
  // The same integrals without blur, in closed form.
  const Smoothing molecules =
      metal_oxide
          ? Smoothing{std::pow(4 * pi * condensed_nm * condensed_nm, -1.5),
                      1 / (4 * pi * condensed_nm * condensed_nm * thickness_nm)}
          : Smoothing{(2 - std::numbers::sqrt2) * std::sqrt(pi) / (2 * pi * pi * std::pow(spread_nm2, 1.5)),
                      std::numbers::ln2 / (2 * pi * spread_nm2 * thickness_nm)};

  const double c_cm2_mj =
      metal_oxide ? parameters.metal_oxide.conversion_c_cm2_mj : parameters.exposure.dill_c_cm2_mj;
  const double sites_per_nm3 =
      metal_oxide ? parameters.metal_oxide.ligands_per_nm3 : parameters.exposure.pag_per_nm3;
  const double of_dose = c_cm2_mj * (1 - edge.acid) * edge.dose_mj_cm2;  // dh / d ln E
  const double photon_noise = of_dose * of_dose / absorbed_per_nm3;
  const double molecule_noise = (edge.acid + edge.quencher) / sites_per_nm3;

  double response = 1;  // |dm/dc|
  if (!metal_oxide) {
    // u = -ln m = k_amp Int c^n dt: du/dc = n u / c, with c from u itself.
    const double k_amp =
        arrhenius(b.k_amp_per_s, b.reaction_activation_kj_mol, b.temperature_c, b.reference_temperature_c);
    const double k_loss = b.reaction_order * arrhenius(b.k_loss_per_s, b.loss_activation_kj_mol,
                                                       b.temperature_c, b.reference_temperature_c);
    const double acting_s = k_loss > 0 ? -std::expm1(-k_loss * b.time_s) / k_loss : b.time_s;
    const double u = -std::log(edge.inhibitor), c = std::pow(u / (k_amp * acting_s), 1 / b.reaction_order);
    response = edge.inhibitor * b.reaction_order * u / c;
  }
  const double nm = response / edge.inhibitor_slope_per_nm;
  const double photon_slice = photon_noise * photons.slice_per_nm3,
               slice = photon_slice + molecule_noise * molecules.slice_per_nm3,
               averaged = photon_noise * photons.film_per_nm3 + molecule_noise * molecules.film_per_nm3;
  return LerEstimate{.slice_nm = nm * std::sqrt(slice),
                     .film_nm = nm * std::sqrt(averaged),
                     .photon_share = photon_slice / slice};
}

}  // namespace undulith::resist
