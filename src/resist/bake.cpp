// SPDX-License-Identifier: MIT
#include "undulith/resist/bake.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <utility>

#include "resist/diffusion.hpp"
#include "resist/film_modes.hpp"
#include "resist/reaction.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"

namespace undulith::resist {
namespace {

constexpr double kGasConstant = 8.31446261815324e-3;  // kJ/(mol K)
constexpr double kZeroCelsius = 273.15;

struct Diffusivities {
  double lateral_nm2_s = 0, depth_nm2_s = 0;
};

struct Species {
  Diffusivities acid, quencher;
};

Species diffusivities_of(const BakeParameters& p) {
  const double factor =
      arrhenius(1, p.diffusion_activation_kj_mol, p.temperature_c, p.reference_temperature_c);
  return {.acid = {factor * p.acid_diffusivity_nm2_s,
                   factor * p.acid_depth_diffusivity_nm2_s.value_or(p.acid_diffusivity_nm2_s)},
          .quencher = {factor * p.quencher_diffusivity_nm2_s,
                       factor * p.quencher_depth_diffusivity_nm2_s.value_or(p.quencher_diffusivity_nm2_s)}};
}

bool moves(const Diffusivities& d) {
  return d.lateral_nm2_s > 0 || d.depth_nm2_s > 0;
}

// Growth of the diffusivity with what is deprotected.
Field3D<double> growth_of(const Field3D<double>& deprotection, const BakeParameters& p) {
  Field3D<double> growth(deprotection.grid());
  parallel_for(growth.nz(), [&](int iz) {
    const auto u = deprotection.plane(iz);
    const auto out = growth.plane(iz);
    for (std::size_t k = 0; k < out.size(); ++k) {
      const double c = -std::expm1(-u[k]);
      out[k] = p.diffusivity_law == DiffusivityLaw::linear
                   ? std::max(0.0, 1 + p.diffusivity_a * c)
                   : std::exp(p.diffusivity_a * c / (1 + p.diffusivity_b * c));
    }
  });
  return growth;
}

struct State {
  Field3D<double> acid, quencher, deprotection;
};

// What one step of diffusion takes.
class Diffusion {
 public:
  Diffusion(const Grid3D& grid, const BakeParameters& p, bool has_quencher, double step_s)
      : parameters_(p),
        step_s_(step_s),
        fft_(grid.nx, grid.ny),
        surface_{p.surface_transfer_nm_s, p.surface_acid},
        species_(diffusivities_of(p)),
        acid_moves_(moves(species_.acid) || surface_.transfer_nm_s > 0),
        quencher_moves_(has_quencher && moves(species_.quencher)) {
    if (p.diffusivity_law != DiffusivityLaw::constant) return;
    if (acid_moves_)
      acid_step_.emplace(grid, species_.acid.lateral_nm2_s, species_.acid.depth_nm2_s, surface_, step_s);
    if (quencher_moves_)
      quencher_step_.emplace(grid, species_.quencher.lateral_nm2_s, species_.quencher.depth_nm2_s, Surface{},
                             step_s);
  }

  void apply(State& state) const {
    if (acid_step_) acid_step_->apply(state.acid, fft_);
    if (quencher_step_) quencher_step_->apply(state.quencher, fft_);
    if (parameters_.diffusivity_law == DiffusivityLaw::constant || !(acid_moves_ || quencher_moves_)) return;
    const Field3D<double> growth = growth_of(state.deprotection, parameters_);
    if (acid_moves_)
      diffuse_variable(state.acid, growth, species_.acid.lateral_nm2_s, species_.acid.depth_nm2_s, surface_,
                       step_s_);
    if (quencher_moves_)
      diffuse_variable(state.quencher, growth, species_.quencher.lateral_nm2_s, species_.quencher.depth_nm2_s,
                       {}, step_s_);
  }

 private:
  const BakeParameters& parameters_;
  double step_s_;
  math::RealFft2D fft_;
  Surface surface_;
  Species species_;
  bool acid_moves_, quencher_moves_;
  std::optional<DiffusionStep> acid_step_, quencher_step_;
};

// Strang's splitting: half a step of one, a step of the other, half a step of the first; the halves of
// neighbouring steps run as one.
State bake_steps(LatentImage latent, const BakeParameters& p, int n_steps) {
  const Grid3D grid = latent.acid.grid();
  State state{std::move(latent.acid), std::move(latent.quencher), Field3D<double>(grid)};
  const auto quencher = state.quencher.values();
  if (std::ranges::all_of(quencher, [](double q) { return q == 0; })) state.quencher = {};
  const bool has_quencher = !state.quencher.empty();
  const double step_s = p.time_s / n_steps;
  const ReactionRates rates = rates_of(p);
  const auto react_all = [&](double time_s) {
    parallel_for(grid.nz, [&](int iz) {
      react(state.acid.plane(iz), has_quencher ? state.quencher.plane(iz) : std::span<double>(),
            state.deprotection.plane(iz), rates, time_s);
    });
  };
  const Diffusion whole(grid, p, has_quencher, step_s);
  if (p.splitting == BakeSplitting::reactions_outside) {
    react_all(step_s / 2);
    for (int step = 0; step < n_steps; ++step) {
      whole.apply(state);
      react_all(step + 1 < n_steps ? step_s : step_s / 2);
    }
    return state;
  }
  const Diffusion half(grid, p, has_quencher, step_s / 2);
  half.apply(state);
  for (int step = 0; step < n_steps; ++step) {
    react_all(step_s);
    (step + 1 < n_steps ? whole : half).apply(state);
  }
  return state;
}

// Three times the root mean square: about the largest difference of a smooth film, and no single voxel's of a
// noisy one.
double difference_of_m(const State& a, const State& b) {
  double sum = 0;
  const auto ua = a.deprotection.values(), ub = b.deprotection.values();
  for (std::size_t i = 0; i < ua.size(); ++i) {
    const double difference = std::exp(-ua[i]) - std::exp(-ub[i]);
    sum += difference * difference;
  }
  return 3 * std::sqrt(sum / static_cast<double>(ua.size()));
}

void require_concentrations(const Field3D<double>& field, const char* name) {
  for (const double value : field.values())
    if (!std::isfinite(value) || value < 0)
      throw InputError(
          fmt::format("{} = {} before the bake (a concentration must be finite and not negative); "
                      "check resist.exposure and resist.bake",
                      name, value));
}

}  // namespace

BakeReport choose_bake_steps(const LatentImage& latent, const BakeParameters& p) {
  constexpr int kLateral = 32, kDepth = 8, kFirst = 5, kMost = 5120;
  const Grid3D& grid = latent.acid.grid();
  const auto every = [](int n, int wanted) { return std::max(1, n / wanted); };
  // Too coarse for the profile of the film; the error of the steps in time is nearly the same.
  const PerAxis few{
      .x = every(grid.nx, kLateral), .y = every(grid.ny, kLateral), .z = every(grid.nz - 1, kDepth)};
  LatentImage thin{.acid = thinned(latent.acid, few)};
  if (!latent.quencher.empty()) thin.quencher = thinned(latent.quencher, few);

  BakeReport report;
  const auto error_of = [&](const State& coarse, const State& fine) {
    return 4.0 / 3.0 * difference_of_m(coarse, fine);  // of the coarse one, second order
  };
  if (p.n_steps > 0) {
    report.n_steps = p.n_steps;
    report.error = error_of(bake_steps(thin, p, p.n_steps), bake_steps(thin, p, 2 * p.n_steps));
  } else {
    State coarse = bake_steps(thin, p, kFirst);
    for (report.n_steps = kFirst;; report.n_steps *= 2) {
      State fine = bake_steps(thin, p, 2 * report.n_steps);
      report.error = error_of(coarse, fine);
      if (report.error <= p.max_error || 2 * report.n_steps > kMost) break;
      coarse = std::move(fine);
    }
    // Between two powers of two the error falls as the square.
    if (report.n_steps > kFirst && report.error > 0) {
      const double enough = report.n_steps * std::sqrt(report.error / p.max_error);
      const int fewer =
          std::clamp(static_cast<int>(std::ceil(1.05 * enough)), report.n_steps / 2 + 1, report.n_steps);
      report.error *=
          static_cast<double>(report.n_steps) * report.n_steps / (static_cast<double>(fewer) * fewer);
      report.n_steps = fewer;
    }
  }
  report.converged = report.error <= p.max_error;
  return report;
}

double arrhenius(double at_reference, double activation_kj_mol, double temperature_c,
                 double reference_temperature_c) {
  if (activation_kj_mol == 0) return at_reference;
  return at_reference *
         std::exp(-activation_kj_mol / kGasConstant *
                  (1 / (temperature_c + kZeroCelsius) - 1 / (reference_temperature_c + kZeroCelsius)));
}

double diffusion_length_nm(double diffusivity_nm2_s, double time_s) {
  return std::sqrt(2 * diffusivity_nm2_s * time_s);
}

double reaction_diffusion_psf(double x_nm, double sigma_nm) {
  const double t = std::abs(x_nm) / (sigma_nm * std::numbers::sqrt2);
  const double gaussian = std::exp(-t * t) / (sigma_nm * std::sqrt(2 * std::numbers::pi));
  return 2 * gaussian - std::abs(x_nm) / (sigma_nm * sigma_nm) * std::erfc(t);
}

BakedFilm bake(LatentImage latent, const BakeParameters& parameters, const std::optional<BakeReport>& known) {
  require_concentrations(latent.acid, "acid");
  require_concentrations(latent.quencher, "quencher");
  BakedFilm baked;
  baked.report = known ? *known : choose_bake_steps(latent, parameters);
  State state = bake_steps(std::move(latent), parameters, baked.report.n_steps);
  baked.acid = std::move(state.acid);
  baked.quencher = state.quencher.empty() ? Field3D<double>(baked.acid.grid()) : std::move(state.quencher);
  baked.inhibitor = std::move(state.deprotection);
  parallel_for(baked.inhibitor.nz(), [&](int iz) {
    for (double& value : baked.inhibitor.plane(iz)) value = std::exp(-value);
  });
  return baked;
}

}  // namespace undulith::resist
