// SPDX-License-Identifier: MIT
#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>

#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/resist/bake.hpp"
#include "undulith/resist/development.hpp"
#include "undulith/resist/exposure.hpp"

namespace undulith::resist {
namespace {

bool moves_through(const BakeParameters& p) {
  return p.acid_depth_diffusivity_nm2_s.value_or(p.acid_diffusivity_nm2_s) > 0 || p.surface_transfer_nm_s > 0;
}

// Resist of an open frame: its rate at any depth, and what the developer leaves of it.
class OpenFrame {
 public:
  OpenFrame(const ResistParameters& parameters, double dose_mj_cm2)
      : parameters_(parameters), dose_mj_cm2_(dose_mj_cm2), thickness_nm_(parameters.film.thickness_nm) {
    const bool metal_oxide = parameters.model == ResistModel::metal_oxide;
    local_ = parameters.blur.direction == BlurDirection::lateral || blur_sigma_nm(parameters.blur) == 0;
    local_ = local_ && (metal_oxide ? parameters.metal_oxide.condensation_blur_nm == 0
                                    : !moves_through(parameters.bake));
    if (!local_) bake_column();
    time_to_clear_s_ = time_between(0, thickness_nm_);
  }

  [[nodiscard]] double time_to_clear_s() const { return time_to_clear_s_; }

  [[nodiscard]] double remaining_nm(double time_s) const {
    if (time_to_clear_s_ <= time_s) return 0;
    const auto late = [&](double z_nm) { return time_between(0, z_nm) - time_s; };
    std::uintmax_t steps = 100;
    const auto [low, high] =
        boost::math::tools::toms748_solve(late, 0.0, thickness_nm_, -time_s, time_to_clear_s_ - time_s,
                                          boost::math::tools::eps_tolerance<double>(40), steps);
    return thickness_nm_ - (low + high) / 2;
  }

 private:
  // With nothing that spreads along z a depth knows its dose and its bake alone.
  [[nodiscard]] double local_rate_nm_s(double z_nm) const {
    const bool metal_oxide = parameters_.model == ResistModel::metal_oxide;
    const double c =
        metal_oxide ? parameters_.metal_oxide.conversion_c_cm2_mj : parameters_.exposure.dill_c_cm2_mj;
    const double dose =
        bleach(parameters_.film.dill_a_per_um, parameters_.film.dill_b_per_um, c, dose_mj_cm2_, z_nm)
            .local_dose_mj_cm2;
    const double acid = -std::expm1(-c * dose);
    const DevelopmentParameters& p = parameters_.development;
    const double surface = 1 - (1 - p.surface_rate) * std::exp(-z_nm / p.surface_depth_nm);
    if (metal_oxide) return surface * metal_oxide_rate_nm_s(parameters_, acid);
    return surface * development_rate_nm_s(p, inhibitor_of(acid, dose));
  }

  [[nodiscard]] double inhibitor_of(double acid, double dose) const {
    const BakeParameters& b = parameters_.bake;
    const double quencher = b.quencher * std::exp(-b.quencher_dill_c_cm2_mj * dose);
    const auto at = [&](double k, double activation) {
      return arrhenius(k, activation, b.temperature_c, b.reference_temperature_c);
    };
    const double k_amp = at(b.k_amp_per_s, b.reaction_activation_kj_mol);
    if (b.reaction_order == 1 && b.k_loss_per_s == 0 && b.k_trap_per_s == 0)
      return std::exp(
          -k_amp *
          annihilate(acid, quencher, at(b.k_quench_per_s, b.quench_activation_kj_mol), b.time_s).acid_dose_s);
    // Anything else: the bake itself, in a film so thin that it is one place.
    const Grid3D place{.nx = 1, .ny = 1, .nz = 3};
    BakeParameters still = b;
    still.acid_diffusivity_nm2_s = still.quencher_diffusivity_nm2_s = 0;
    still.acid_depth_diffusivity_nm2_s = still.quencher_depth_diffusivity_nm2_s = std::nullopt;
    still.max_error = std::min(b.max_error, 1e-6);
    return bake({.acid = Field3D<double>(place, acid), .quencher = Field3D<double>(place, quencher)}, still)
        .inhibitor(0, 0, 0);
  }

  void bake_column() {
    ImageInResist open{.intensity = Field3D<double>(column())};
    std::ranges::fill(open.intensity.values(), 1.0);
    ResistParameters parameters = parameters_;
    const ResistResult film = develop(open, parameters, dose_mj_cm2_);
    rate_nm_s_ = film.rate_nm_s;
  }
  [[nodiscard]] Grid3D column() const {
    constexpr int kCells = 200;
    return {.nx = 1, .ny = 1, .nz = kCells + 1, .dz = thickness_nm_ / kCells};
  }

  [[nodiscard]] double time_between(double from_nm, double to_nm) const {
    if (to_nm <= from_nm) return 0;
    if (local_) {
      constexpr int kPieces = 8;
      double sum = 0;
      for (int i = 0; i < kPieces; ++i)
        sum += boost::math::quadrature::gauss<double, 20>::integrate(
            [&](double z) { return 1 / local_rate_nm_s(z); }, std::lerp(from_nm, to_nm, i / double{kPieces}),
            std::lerp(from_nm, to_nm, (i + 1) / double{kPieces}));
      return sum;
    }
    // Trapezoids between nodes, the last one cut.
    double sum = 0;
    const double dz = rate_nm_s_.grid().dz;
    for (int i = 0; i + 1 < rate_nm_s_.nz() && i * dz < to_nm; ++i) {
      const double share = std::min(1.0, (to_nm - i * dz) / dz);
      const double above = 1 / rate_nm_s_(i, 0, 0), below = 1 / rate_nm_s_(i + 1, 0, 0);
      sum += share * dz * (above + std::lerp(above, below, share)) / 2;
    }
    return sum;
  }

  const ResistParameters& parameters_;
  double dose_mj_cm2_, thickness_nm_, time_to_clear_s_ = 0;
  bool local_ = true;
  Field3D<double> rate_nm_s_;
};

}  // namespace

ContrastCurve contrast_curve(const ResistParameters& parameters, std::span<const double> doses_mj_cm2) {
  check_parameters(parameters);
  for (std::size_t i = 0; i < doses_mj_cm2.size(); ++i)
    if (!(doses_mj_cm2[i] > 0) || (i > 0 && doses_mj_cm2[i] <= doses_mj_cm2[i - 1]))
      throw InputError("window.dose_mj_cm2 (doses of a contrast curve must be > 0 and rise); sort them");
  const double time_s = parameters.development.time_s, thickness_nm = parameters.film.thickness_nm;
  ContrastCurve curve;
  curve.points.resize(doses_mj_cm2.size());
  parallel_for(static_cast<int>(doses_mj_cm2.size()), [&](int i) {
    const OpenFrame frame(parameters, doses_mj_cm2[i]);
    curve.points[i] = {doses_mj_cm2[i], frame.remaining_nm(time_s), frame.time_to_clear_s()};
  });
  const bool negative =
      parameters.model == ResistModel::metal_oxide || parameters.development.tone == Tone::negative;
  // Excess of what is asked for: time left when positive, half the film when negative.
  const auto excess = [&](double dose) {
    const OpenFrame frame(parameters, dose);
    return negative ? frame.remaining_nm(time_s) - thickness_nm / 2 : frame.time_to_clear_s() - time_s;
  };
  for (std::size_t i = 0; i + 1 < curve.points.size() && !curve.dose_to_clear_mj_cm2; ++i) {
    const double low = doses_mj_cm2[i], high = doses_mj_cm2[i + 1], at_low = excess(low),
                 at_high = excess(high);
    if (at_low == 0) curve.dose_to_clear_mj_cm2 = low;
    if (at_low * at_high >= 0) continue;
    std::uintmax_t steps = 100;
    const auto [a, b] = boost::math::tools::toms748_solve(
        excess, low, high, at_low, at_high, boost::math::tools::eps_tolerance<double>(40), steps);
    curve.dose_to_clear_mj_cm2 = (a + b) / 2;
  }
  for (std::size_t i = 0; i + 1 < curve.points.size(); ++i) {
    const double slope = std::abs(curve.points[i + 1].remaining_nm - curve.points[i].remaining_nm) /
                         thickness_nm / std::log10(doses_mj_cm2[i + 1] / doses_mj_cm2[i]);
    if (slope > curve.gamma.value_or(0)) curve.gamma = slope;
  }
  return curve;
}

}  // namespace undulith::resist
