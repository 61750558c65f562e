// SPDX-License-Identifier: MIT
#include "source/undulator_beam.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "source/period_integral.hpp"
#include "source/spread_interference.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/math/gauss_legendre.hpp"
#include "undulith/source/undulator.hpp"

namespace undulith::source {
namespace {

using constants::kPi;

constexpr double kSharpest = 0.02;  // of the natural divergence

}  // namespace

Divergence divergence_of(const Undulator& undulator, const BeamSpread& spread, double eta) {
  // sqrt(lambda/2L) with lambda = lambda_u/(2 gamma^2 eta): gamma times it is 1/(2 sqrt(eta N)).
  const double least = kSharpest / (2 * std::sqrt(eta * undulator.n_periods));
  const double unit = undulator.gamma * 1e-6;
  return {std::max(least, unit * spread.divergence_x_urad), std::max(least, unit * spread.divergence_y_urad)};
}

void check_spread(const BeamSpread& spread) {
  const auto good = [](double value, double most) {
    return std::isfinite(value) && value >= 0 && value <= most;
  };
  if (!good(spread.divergence_x_urad, 1e5) || !good(spread.divergence_y_urad, 1e5))
    throw InputError(fmt::format("undulator: divergence = {} x {} urad (must be in [0, 1e5]); use 0 to 100",
                                 spread.divergence_x_urad, spread.divergence_y_urad));
  if (!good(spread.energy_spread, 0.1))
    throw InputError(
        fmt::format("undulator: energy_spread = {} (must be in [0, 0.1]); use 5e-4", spread.energy_spread));
}

void check_energies(const Undulator& undulator, const std::vector<double>& energies_ev) {
  check_undulator(undulator, 1);
  if (energies_ev.empty() || !std::ranges::is_sorted(energies_ev))
    throw InputError("undulator: photon energies must ascend, and there must be at least one; sort them");
  for (const double energy_ev : energies_ev) check_undulator(undulator, energy_ev);
}

namespace {

double gauss_integral(double from, double to) {
  return 0.5 * (std::erf(to / std::sqrt(2.0)) - std::erf(from / std::sqrt(2.0)));
}

/// The aperture as the divergence softens it: share of the electrons whose light in direction (x, y) of the
/// filament passes; on the axis the probability density of that direction.
class SoftWeight {
 public:
  SoftWeight(const Aperture& aperture, double half, Divergence divergence)
      : opening_(aperture.opening), half_(half), divergence_(divergence), rule_(48) {}

  [[nodiscard]] double operator()(double x, double y) const {
    switch (opening_) {
      case Opening::axis: {
        const double u = x / divergence_.x, v = y / divergence_.y;
        return std::exp(-0.5 * (u * u + v * v)) / (2 * kPi * divergence_.x * divergence_.y);
      }
      case Opening::square:
        return gauss_integral((x - half_) / divergence_.x, (x + half_) / divergence_.x) *
               gauss_integral((y - half_) / divergence_.y, (y + half_) / divergence_.y);
      case Opening::round:
        return divergence_.x >= divergence_.y ? disc(y, x, divergence_.y, divergence_.x)
                                              : disc(x, y, divergence_.x, divergence_.y);
    }
    return 0;
  }
  /// Beyond this radius there is nothing.
  [[nodiscard]] double reach() const {
    const double widest = kGaussianReach * std::max(divergence_.x, divergence_.y);
    return opening_ == Opening::axis ? widest
                                     : half_ * (opening_ == Opening::square ? std::sqrt(2.0) : 1) + widest;
  }

 private:
  // Outer integral over the direction p of the narrower Gaussian, the chord of the disc across it in closed
  // form; p' = half sin(psi) removes the square root at the rim.
  [[nodiscard]] double disc(double p, double q, double narrow, double wide) const {
    const double low = std::asin(std::clamp((p - 6 * narrow) / half_, -1.0, 1.0)),
                 high = std::asin(std::clamp((p + 6 * narrow) / half_, -1.0, 1.0));
    if (!(high > low)) return 0;
    double sum = 0;
    for (std::size_t i = 0; i < rule_.node.size(); ++i) {
      const double psi = low + (high - low) * rule_.node[i];
      const double at = (half_ * std::sin(psi) - p) / narrow, chord = half_ * std::cos(psi);
      sum += rule_.weight[i] * std::exp(-0.5 * at * at) * chord *
             gauss_integral((q - chord) / wide, (q + chord) / wide);
    }
    return sum * (high - low) / (narrow * std::sqrt(2 * kPi));
  }

  Opening opening_;
  double half_;
  Divergence divergence_;
  math::GaussLegendre rule_;
};

/// Harmonics cos(2 m phi) that the slow factor has, and the azimuths that give them.
int azimuth_harmonics(const Undulator& undulator, double eta, double angle) {
  return 4 +
         static_cast<int>(std::ceil(2 * eta * (undulator.deflection_k + undulator.deflection_kx) * angle));
}

int chebyshev_nodes(double eta, double max_t) {
  const double pole = 1 + 2 / max_t;  // v/D at t = -1
  const double ellipse = pole + std::sqrt(pole * pole - 1);
  return 8 + static_cast<int>(std::ceil(21 / std::log(ellipse) + 4 * eta * max_t));
}

double half_opening(const Undulator& undulator, const Aperture& aperture) {
  if (aperture.opening == Opening::axis) return 0;
  const double half = undulator.gamma * aperture.half_urad * 1e-6;
  if (!std::isfinite(half) || !(half > 0) || half > 10)
    throw InputError(fmt::format(
        "acceptance_half_angle_urad = {} (must be in (0, {:.6g}], ten times 1/gamma, which holds all the "
        "light); narrow the aperture",
        aperture.half_urad, 10e6 / undulator.gamma));
  return half;
}

/// The soft weight of the aperture at Gauss radii, as harmonics cos(2 m phi): it is even in x and in y.
struct WeightHarmonics {
  int n_harmonics = 0;
  std::vector<double> radius, value;  ///< value(radius, m), with the element of the radius
  [[nodiscard]] double at(std::size_t i, int m) const {
    return value[i * static_cast<std::size_t>(n_harmonics) + m];
  }
};

/// Panels that resolve the outermost rings and the narrower Gaussian, 8 points each.
/// @param rings  of the interference pattern within the reach
int panel_count(double reach, double narrowest, double rings) {
  return 2 + static_cast<int>(std::ceil(rings + 0.5 * reach / narrowest));
}

/// Azimuths within a quarter circle at which the weight is sampled.
int azimuth_count(double reach, double narrowest, int n_harmonics) {
  return 2 * n_harmonics + 4 + static_cast<int>(std::ceil(2 * reach / narrowest));
}

WeightHarmonics weight_harmonics(const SoftWeight& weight, double reach, double narrowest, double rings,
                                 int n_harmonics) {
  const math::GaussLegendre rule(8);
  const int panels = panel_count(reach, narrowest, rings);
  WeightHarmonics result{.n_harmonics = n_harmonics};
  std::vector<double> radial_weight;
  for (int panel = 0; panel < panels; ++panel)
    for (std::size_t i = 0; i < rule.node.size(); ++i) {
      result.radius.push_back(reach * (panel + rule.node[i]) / panels);
      radial_weight.push_back(rule.weight[i] * reach / panels * result.radius.back());
    }
  const int azimuths = azimuth_count(reach, narrowest, n_harmonics);
  result.value.resize(result.radius.size() * static_cast<std::size_t>(n_harmonics));
  parallel_for(static_cast<int>(result.radius.size()), [&](int i) {
    for (int j = 0; j < azimuths; ++j) {
      const double phi = 0.5 * kPi * (j + 0.5) / azimuths;
      const double w = weight(result.radius[i] * std::cos(phi), result.radius[i] * std::sin(phi));
      for (int m = 0; m < n_harmonics; ++m)
        result.value[static_cast<std::size_t>(i) * n_harmonics + m] +=
            2 * kPi / azimuths * w * std::cos(2 * m * phi) * radial_weight[i];
    }
  });
  return result;
}

/// From values at Chebyshev nodes to the coefficients of their series.
Eigen::MatrixXd chebyshev_transform(int nodes) {
  Eigen::MatrixXd to_coefficients(nodes, nodes);
  for (int k = 0; k < nodes; ++k)
    for (int c = 0; c < nodes; ++c)
      to_coefficients(k, c) = (c == 0 ? 1.0 : 2.0) / nodes * std::cos(kPi * c * (k + 0.5) / nodes);
  return to_coefficients;
}

/// Harmonics of s0, s1, s3 of one period at the Chebyshev nodes of t = radius^2 in [0, max_t]: row 3 m +
/// part.
/// theta_x -> -theta_x is a symmetry always, theta_y -> -theta_y only of a planar device: half the circle.
Eigen::MatrixXd slow_harmonics(const PeriodIntegral& one_period, double eta, double max_t, int nodes,
                               int n_harmonics) {
  const int samples = 2 * n_harmonics + 2;
  Eigen::ArrayXXd at_nodes = Eigen::ArrayXXd::Zero(3 * n_harmonics, nodes);
  for (int k = 0; k < nodes; ++k) {
    const double t = 0.5 * max_t * (1 + std::cos(kPi * (k + 0.5) / nodes)), angle = std::sqrt(t);
    for (int j = 0; j < samples; ++j) {
      const double phi = kPi * ((j + 0.5) / samples - 0.5);
      const optics::Stokes one = one_period(eta, angle * std::cos(phi), angle * std::sin(phi));
      for (int m = 0; m < n_harmonics; ++m) {
        const double c = (m == 0 ? 1.0 : 2.0) / samples * std::cos(2 * m * phi);
        at_nodes(3 * m, k) += c * one.s0;
        at_nodes(3 * m + 1, k) += c * one.s1;
        at_nodes(3 * m + 2, k) += c * one.s3;
      }
    }
  }
  return at_nodes.matrix();
}

constexpr double kFarthest = 20;  // gamma theta

/// Integral of interference pattern, slow factor and weight over all directions: s0, s1, s3.
/// @param coefficients  Chebyshev series of the slow factor: row 3 m + part
Eigen::Vector3d weighted_sum(const WeightHarmonics& weights, const Eigen::MatrixXd& coefficients,
                             const std::vector<double>& pattern, double max_t) {
  const Eigen::Index nodes = coefficients.cols();
  Eigen::Vector3d sum = Eigen::Vector3d::Zero();
  Eigen::VectorXd polynomials(nodes);
  for (std::size_t i = 0; i < weights.radius.size(); ++i) {
    const double z = 2 * weights.radius[i] * weights.radius[i] / max_t - 1;
    polynomials[0] = 1;
    if (nodes > 1) polynomials[1] = z;
    for (Eigen::Index c = 2; c < nodes; ++c) polynomials[c] = 2 * z * polynomials[c - 1] - polynomials[c - 2];
    const Eigen::VectorXd slow = coefficients * polynomials;
    for (int m = 0; m < weights.n_harmonics; ++m)
      sum += pattern[i] * weights.at(i, m) * slow.segment<3>(3 * m);
  }
  return sum;
}

}  // namespace

std::vector<optics::Stokes> flux_through(const Undulator& undulator, const BeamSpread& spread,
                                         const Aperture& aperture, const std::vector<double>& energies_ev) {
  check_energies(undulator, energies_ev);
  check_spread(spread);
  const double max_eta = reduced_energy(undulator, energies_ev.back());
  const double middle_eta = reduced_energy(undulator, energies_ev[energies_ev.size() / 2]);
  const Divergence divergence = divergence_of(undulator, spread, middle_eta);
  const SoftWeight weight(aperture, half_opening(undulator, aperture), divergence);
  const double reach = std::min(weight.reach(), kFarthest), max_t = reach * reach;
  const int n_harmonics = azimuth_harmonics(undulator, max_eta, reach);
  const WeightHarmonics weights = weight_harmonics(weight, reach, std::min(divergence.x, divergence.y),
                                                   2 * undulator.n_periods * max_eta * max_t, n_harmonics);

  const PeriodIntegral one_period(undulator, max_eta, reach);
  const int nodes = chebyshev_nodes(max_eta, max_t);
  const Eigen::MatrixXd to_coefficients = chebyshev_transform(nodes);
  // On the axis the weight is a density in gamma theta; fluxes are integrals over solid angle.
  const double unit = aperture.opening == Opening::axis
                          ? density_scale(undulator)
                          : density_scale(undulator) / (undulator.gamma * undulator.gamma) * 1e6;  // mrad^2
  std::vector<optics::Stokes> fluxes(energies_ev.size());
  parallel_for(static_cast<int>(energies_ev.size()), [&](int e) {
    const double eta = reduced_energy(undulator, energies_ev[e]), u = slippage(undulator);
    const Eigen::MatrixXd coefficients =
        slow_harmonics(one_period, eta, max_t, nodes, n_harmonics) * to_coefficients;
    const SpreadInterference interferences(undulator.n_periods, eta * u, spread.energy_spread);
    std::vector<double> turns, pattern(weights.radius.size());
    for (const double radius : weights.radius) turns.push_back(eta * (u + radius * radius));
    interferences.evaluate(turns, pattern);
    const Eigen::Vector3d sum = weighted_sum(weights, coefficients, pattern, max_t);
    fluxes[e] = {.s0 = unit * sum[0],
                 .s1 = unit * sum[1],
                 .s2 = 0,
                 .s3 = undulator.deflection_kx > 0 ? unit * sum[2] : 0};
  });
  return fluxes;
}

double flux_through_cpu_s(const Undulator& undulator, const BeamSpread& spread, const Aperture& aperture,
                          const std::vector<double>& energies_ev) {
  const double eta = reduced_energy(undulator, energies_ev.back());
  const Divergence divergence = divergence_of(undulator, spread, eta);
  const SoftWeight weight(aperture, half_opening(undulator, aperture), divergence);
  const double reach = std::min(weight.reach(), kFarthest), max_t = reach * reach;
  const double narrowest = std::min(divergence.x, divergence.y);
  const int n_harmonics = azimuth_harmonics(undulator, eta, reach);
  const double n_radii = 8.0 * panel_count(reach, narrowest, 2 * undulator.n_periods * eta * max_t);
  const double n_nodes = chebyshev_nodes(eta, max_t);
  const double n_terms =
      SpreadInterference(undulator.n_periods, eta * slippage(undulator), spread.energy_spread).n_terms();
  const double slow =
      kPhasorSeconds * n_nodes * (2 * n_harmonics + 2) * PeriodIntegral::nodes(undulator, eta, reach);
  const double fast = n_radii * (2 * kPhasorSeconds + kTermSeconds * (n_terms + 3 * n_harmonics * n_nodes));
  // The weight of a disc is a sum over 48 chords of exponentials and error functions.
  const double weights = n_radii * azimuth_count(reach, narrowest, n_harmonics) * kPhasorSeconds *
                         (aperture.opening == Opening::round ? 100 : n_harmonics);
  return weights + static_cast<double>(energies_ev.size()) * (slow + fast);
}

}  // namespace undulith::source
