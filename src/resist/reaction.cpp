// SPDX-License-Identifier: MIT
#include "resist/reaction.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "undulith/resist/bake.hpp"

namespace undulith::resist {
namespace {

using Values = Eigen::Array<double, Eigen::Dynamic, 1, 0, 256, 1>;
using Nodes = Eigen::Map<Eigen::ArrayXd>;

// With d = h - q, x = k d t, e = exp(-|x|) and g = k t (1 - e) / |x|:
//   x >= 0:  S = h g + e,  h' = h / S,     q' = q e / S,  k Int h dt = x + ln S
//   x <  0:  W = 1 + h g,  h' = h e / W,   q' = q / W,    k Int h dt = ln W
// Nothing overflows or cancels for any x. Returns k Int h dt.
Values annihilate_nodes(Nodes acid, Nodes quencher, double k_time) {
  const Values x = k_time * (acid - quencher);
  const Values size = x.abs();
  const Values e = (-size).exp();
  // (1 - e)/|x| loses digits where |x| is small: there its series.
  const Values g = k_time * (size < 1e-3).select(1 - size / 2 * (1 - size / 3), (1 - e) / size.max(1e-300));
  const Values s = (x >= 0).select(acid * g + e, 1 + acid * g);
  const Values exposure = (x >= 0).select(x + s.log(), s.log());
  acid = (x >= 0).select(acid / s, acid * e / s);
  quencher = (x >= 0).select(quencher * e / s, quencher / s);
  return exposure.max(0.0);
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
      return annihilate_nodes(acid, base, rates.k_quench_per_s * part_s) / rates.k_quench_per_s;
    const Values before = acid.pow(rates.order);
    static_cast<void>(annihilate_nodes(acid, base, rates.k_quench_per_s * part_s / 2));
    const Values middle = acid.pow(rates.order);
    static_cast<void>(annihilate_nodes(acid, base, rates.k_quench_per_s * part_s / 2));
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
  const double exposure =
      annihilate_nodes(Nodes(h.data(), 1), Nodes(q.data(), 1), k_quench_per_s * time_s)(0);
  return {h(0), q(0), exposure / k_quench_per_s};
}

}  // namespace undulith::resist
