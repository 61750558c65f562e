// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "undulith/optics/stokes.hpp"
#include "undulith/source/undulator.hpp"

namespace undulith::source {

/// Radiation of one period, prepared for photon energies and angles up to given ones.
///
/// With psi = k_u s, v = (X - K sin psi, Y - K_x cos psi), (X, Y) = gamma (theta_x, theta_y), D = 1 + |v|^2
/// and eta = lambda_u/(2 gamma^2 lambda), the field of one period in acceleration form is
///   F = int_0^{2 pi} e^{i phi} d(v/D) = [v/D e^{i phi}] - i eta int_0^{2 pi} v e^{i phi} d psi,
/// with phi' = eta D.
/// The second form has an entire integrand, for which Gauss-Legendre converges faster than any power.
class PeriodIntegral {
 public:
  /// @param max_eta    largest eta that will be used
  /// @param max_angle  largest gamma theta that will be used
  /// @param n_nodes    0 = enough for 1e-10; else this number (to measure the convergence)
  PeriodIntegral(const Undulator& undulator, double max_eta, double max_angle, int n_nodes = 0);

  /// Stokes of |F|^2 in the direction (X, Y).
  [[nodiscard]] optics::Stokes operator()(double eta, double x, double y) const;
  /// Nodes that reach 1e-10 of the peak.
  [[nodiscard]] static double nodes(const Undulator& undulator, double max_eta, double max_angle);
  [[nodiscard]] int n_nodes() const { return static_cast<int>(weight_.size()); }

 private:
  double k_, kx_;
  std::vector<double> weight_, psi_, sin_, cos_, sin_twice_;
};

/// Expected times on one processor: of a sine with its cosine and what is computed from them; of a product that is
/// added.
inline constexpr double kPhasorSeconds = 3e-8, kTermSeconds = 1.5e-9;

/// eta = lambda_u/(2 gamma^2 lambda): the harmonic number on the axis over u = 1 + K^2/2 + K_x^2/2.
[[nodiscard]] double reduced_energy(const Undulator& undulator, double energy_ev);

/// u = 1 + K^2/2 + K_x^2/2.
[[nodiscard]] double slippage(const Undulator& undulator);

/// |sum of N unit phasors|^2 when each period adds `harmonic` turns of phase: sin^2(pi N h)/sin^2(pi h).
[[nodiscard]] double interference(int n_periods, double harmonic);

/// From |F|^2 |sum|^2 to photons/s/mrad^2/0.1%bw: alpha/(4 pi^2) 4 gamma^2 (I/e) 1e-3 1e-6.
[[nodiscard]] double density_scale(const Undulator& undulator);

/// @throws InputError  the device is not physical, or the energy is not > 0
void check_undulator(const Undulator& undulator, double energy_ev);

}  // namespace undulith::source
