// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/resist/resist.hpp"

namespace undulith::resist {

/// Post-exposure bake by Strang splitting: half a step of reactions, a step of diffusion, half a step of
/// reactions; see BakeParameters for the equations, docs/theory/resist.md for the scheme.
/// @param known  the steps, where they have been chosen for a film like this one
/// @throws InputError  concentrations that are negative or not finite
[[nodiscard]] BakedFilm bake(LatentImage latent, const BakeParameters& parameters,
                             const std::optional<BakeReport>& known = {});

/// Number of steps that max_error (or n_steps) asks for and the error they leave, by doubling on a thinned
/// film.
[[nodiscard]] BakeReport choose_bake_steps(const LatentImage& latent, const BakeParameters& parameters);

/// k at temperature_c: k exp(-Ea/R (1/T - 1/T_ref)).
[[nodiscard]] double arrhenius(double at_reference, double activation_kj_mol, double temperature_c,
                               double reference_temperature_c);

/// Uniform annihilation of acid and quencher, exact: dh/dt = dq/dt = -k h q.
struct Annihilation {
  double acid = 0, quencher = 0;
  double acid_dose_s = 0;  ///< Int h dt
};
[[nodiscard]] Annihilation annihilate(double acid, double quencher, double k_quench_per_s, double time_s);

/// rms length of diffusion along one axis, sqrt(2 D T).
[[nodiscard]] double diffusion_length_nm(double diffusivity_nm2_s, double time_s);
/// Point spread of acid that diffuses while it acts, averaged over the bake, along one axis:
/// 2 G(x; s) - |x| / s^2 erfc(|x| / (s sqrt 2)).  Source: [Mack2007]
[[nodiscard]] double reaction_diffusion_psf(double x_nm, double sigma_nm);

}  // namespace undulith::resist
