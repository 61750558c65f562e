// SPDX-License-Identifier: MIT
#include "resist/reaction.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "resist/lane_functions.hpp"
#include "undulith/core/simd.hpp"
#include "undulith/resist/bake.hpp"

namespace undulith::resist {
namespace {

using Values = Eigen::Array<double, Eigen::Dynamic, 1, 0, 256, 1>;
using Nodes = Eigen::Map<Eigen::ArrayXd>;

// With d = h - q, x = k d t, e = exp(-|x|) and g = k t (1 - e) / |x|:
//   x >= 0:  S = h g + e,  h' = h / S,     q' = q e / S,  k Int h dt = x + ln S
//   x <  0:  W = 1 + h g,  h' = h e / W,   q' = q / W,    k Int h dt = ln W
// Nothing overflows or cancels for any x. k Int h dt goes to `exposure`.
UNDULITH_SIMD_CLONES
void annihilate_nodes(double* __restrict acid, double* __restrict quencher, double* __restrict exposure,
                      std::size_t count, double k_time) {
  for (std::size_t i = 0; i < count; ++i) {
    const double x = k_time * (acid[i] - quencher[i]), size = std::abs(x);
    const double e = exp_of_minus(size);
    // (1 - e)/|x| loses digits where |x| is small: there its series.
    constexpr double kSmall = 1e-3, kNothing = 1e-300;  // added, it keeps 0 out of the quotient
    const double series = 1 - size / 2 * (1 - size / 3), quotient = (1 - e) / (size + kNothing);
    const double g = k_time * (size < kSmall ? series : quotient);
    const double of_acid = x >= 0 ? 1.0 : e, of_quencher = x >= 0 ? e : 1.0;
    const double s = acid[i] * g + of_quencher;
    acid[i] = acid[i] * of_acid / s;
    quencher[i] = quencher[i] * of_quencher / s;
    const double sum = (x >= 0 ? x : 0.0) + log_of(s);
    exposure[i] = sum > 0 ? sum : 0.0;
  }
}

Values annihilated(Nodes acid, Nodes quencher, double k_time) {
  Values exposure(acid.size());
  annihilate_nodes(acid.data(), quencher.data(), exposure.data(), static_cast<std::size_t>(acid.size()),
                   k_time);
  return exposure;
}

void react_nodes(Nodes acid, std::span<double> quencher, Nodes deprotection, const ReactionRates& rates,
                 double time_s) {
  const auto lose = [&](double part_s) {
    if (rates.k_trap_per_s > 0)
      acid *= (-part_s * (rates.k_loss_per_s + rates.k_trap_per_s * (1 - (-deprotection).exp()))).exp();
    else if (rates.k_loss_per_s > 0)
      acid *= std::exp(-part_s * rates.k_loss_per_s);
  };
  // Int h^n dt of a piece in which acid meets quencher only.
  const auto expose = [&](double part_s) -> Values {
    if (quencher.empty() || rates.k_quench_per_s == 0)
      return part_s * (rates.order == 1 ? Values(acid) : Values(acid.pow(rates.order)));
    Nodes base(quencher.data(), static_cast<Eigen::Index>(quencher.size()));
    if (rates.order == 1)
      return annihilated(acid, base, rates.k_quench_per_s * part_s) / rates.k_quench_per_s;
    const Values before = acid.pow(rates.order);
    static_cast<void>(annihilated(acid, base, rates.k_quench_per_s * part_s / 2));
    const Values middle = acid.pow(rates.order);
    static_cast<void>(annihilated(acid, base, rates.k_quench_per_s * part_s / 2));
    return part_s / 6 * (before + 4 * middle + acid.pow(rates.order));
  };
  lose(time_s / 2);
  deprotection += rates.k_amp_per_s * expose(time_s);
  lose(time_s / 2);
}

}  // namespace

ReactionRates rates_of(const BakeParameters& p) {
  const auto at = [&](double rate, double activation_kj_mol) {
    return arrhenius(rate, activation_kj_mol, p.temperature_c, p.reference_temperature_c);
  };
  return {.k_quench_per_s = at(p.k_quench_per_s, p.quench_activation_kj_mol),
          .k_amp_per_s = at(p.k_amp_per_s, p.reaction_activation_kj_mol),
          .k_loss_per_s = at(p.k_loss_per_s, p.loss_activation_kj_mol),
          .k_trap_per_s = at(p.k_trap_per_s, p.loss_activation_kj_mol),
          .order = p.reaction_order};
}

void react(std::span<double> acid, std::span<double> quencher, std::span<double> deprotection,
           const ReactionRates& rates, double time_s) {
  constexpr std::size_t kPiece = 256;  // stays in the first cache
  for (std::size_t first = 0; first < acid.size(); first += kPiece) {
    const std::size_t count = std::min(kPiece, acid.size() - first);
    const auto n = static_cast<Eigen::Index>(count);
    react_nodes(Nodes(acid.data() + first, n), quencher.empty() ? quencher : quencher.subspan(first, count),
                Nodes(deprotection.data() + first, n), rates, time_s);
  }
}

Annihilation annihilate(double acid, double quencher, double k_quench_per_s, double time_s) {
  if (k_quench_per_s == 0) return {acid, quencher, acid * time_s};
  Eigen::ArrayXd h(1), q(1);
  h << acid;
  q << quencher;
  const double exposure = annihilated(Nodes(h.data(), 1), Nodes(q.data(), 1), k_quench_per_s * time_s)(0);
  return {h(0), q(0), exposure / k_quench_per_s};
}

}  // namespace undulith::resist
