// SPDX-License-Identifier: MIT
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <complex>
#include <vector>

#include "undulith/core/constants.hpp"
#include "undulith/math/gauss_legendre.hpp"
#include "undulith/source/undulator.hpp"

// The radiation integral of a planar undulator without the approximation of small angles and large gamma.

using namespace undulith;
using namespace undulith::source;

namespace {

using constants::kPi;
using Complex = std::complex<double>;

/// The field of one period from n x (n x v) along the exact orbit: of gamma beta_x = -K sin(psi), and of
/// gamma beta_z = sqrt(gamma^2 - 1 - (gamma beta_x)^2). Lengths in units of 1/k_u, the variable is z.
class ExactPeriod {
 public:
  ExactPeriod(const Undulator& undulator, double gamma_theta_x)
      : undulator_(undulator),
        rule_(96),
        nx_(gamma_theta_x / undulator.gamma),
        nz_(std::sqrt(1 - nx_ * nx_)) {
    const double one_minus_nz = nx_ * nx_ / (1 + nz_);
    // t - z and x are integrals along z of periodic functions: by their Fourier series.
    const Series time([this](double psi) {
      const double u = -undulator_.deflection_k * std::sin(psi), uz = longitudinal(psi);
      return (1 + u * u) / (uz * (undulator_.gamma + uz));
    });
    const Series x(
        [this](double psi) { return -undulator_.deflection_k * std::sin(psi) / longitudinal(psi); });
    for (const double node : rule_.node) {
      const double psi = 2 * kPi * node;
      path_.push_back(time.integral(psi) + one_minus_nz * psi - nx_ * x.integral(psi));
    }
    turns_of_wavenumber_ = time.mean() + one_minus_nz - nx_ * x.mean();
  }

  /// The optical path of one period, in periods of the device: its product with lambda_u/lambda are the turns.
  [[nodiscard]] double path_per_period() const { return turns_of_wavenumber_; }

  /// |field of all periods|^2 in units that cancel against those of the small-angle integral.
  [[nodiscard]] double density(double energy_ev) const {
    const double k = undulator_.period_mm * 1e6 / constants::wavelength_nm_of(energy_ev);
    std::array<Complex, 2> sum{};
    for (std::size_t i = 0; i < path_.size(); ++i) {
      const double psi = 2 * kPi * rule_.node[i];
      const Complex phasor = std::polar(2 * kPi * rule_.weight[i], k * path_[i]);
      const double vx = -undulator_.deflection_k * std::sin(psi) / longitudinal(psi);
      const double along = nx_ * vx + nz_;  // n v of v = (v_x, 0, 1), per z
      sum[0] += (nx_ * along - vx) * phasor;
      sum[1] += (nz_ * along - 1) * phasor;
    }
    const double turns = k * turns_of_wavenumber_;
    // The ends, where v = beta_z along z: n x (n x beta)/(1 - n beta).
    const double beta = std::sqrt(undulator_.gamma * undulator_.gamma - 1) / undulator_.gamma;
    const double slip =
        1 / (undulator_.gamma * (undulator_.gamma + std::sqrt(undulator_.gamma * undulator_.gamma - 1))) +
        beta * nx_ * nx_ / (1 + nz_);
    const Complex turn = std::polar(1.0, 2 * kPi * turns) - 1.0, i{0, 1};
    const Complex fx = -nx_ * nz_ * beta / slip * turn + i * k * sum[0];
    const Complex fz = nx_ * nx_ * beta / slip * turn + i * k * sum[1];
    const double offset = turns - std::round(turns), n = undulator_.n_periods;
    const double ratio =
        std::abs(offset) * n < 1e-7 ? n : std::sin(kPi * n * offset) / std::sin(kPi * offset);
    return (std::norm(fx) + std::norm(fz)) * ratio * ratio;
  }

 private:
  /// Mean and integral of a periodic function.
  class Series {
   public:
    template <typename Function>
    explicit Series(const Function& function) {
      constexpr int kSamples = 64;
      for (int m = 0; m < kSamples / 2; ++m) {
        Complex sum{};
        for (int s = 0; s < kSamples; ++s)
          sum += function(2 * kPi * s / kSamples) * std::polar(1.0, -2 * kPi * m * s / kSamples);
        coefficient_.push_back(sum / static_cast<double>(kSamples));
      }
    }
    [[nodiscard]] double mean() const { return coefficient_[0].real(); }
    [[nodiscard]] double integral(double psi) const {
      double sum = mean() * psi;
      for (std::size_t m = 1; m < coefficient_.size(); ++m) {
        const double order = static_cast<double>(m);
        sum += 2 * (coefficient_[m] * (std::polar(1.0, order * psi) - 1.0) / Complex(0, order)).real();
      }
      return sum;
    }

   private:
    std::vector<Complex> coefficient_;
  };

  [[nodiscard]] double longitudinal(double psi) const {
    const double u = undulator_.deflection_k * std::sin(psi);
    return std::sqrt(undulator_.gamma * undulator_.gamma - 1 - u * u);
  }

  Undulator undulator_;
  math::GaussLegendre rule_;
  double nx_, nz_;
  std::vector<double> path_;
  double turns_of_wavenumber_ = 0;
};

}  // namespace

TEST_CASE("undulator: terms of 1/gamma^2 shift the line, harmonic by harmonic", "[validation][source]") {
  // Relative shift of the line, the next order of the slippage: 3 <(1 + v^2)^2>/(8 gamma^4) over its first order.
  const auto shift_of = [](const Undulator& u) {
    const double k2 = u.deflection_k * u.deflection_k;
    return 0.75 * (1 + k2 + 0.375 * k2 * k2) / (u.gamma * u.gamma * (1 + 0.5 * k2));
  };
  const double gamma = lorentz_factor(0.33);
  for (const double period_mm : {28.0, 16.0})
    for (const int harmonic : {1, 3, 5}) {
      const double shortest_nm = period_mm * 1e6 / (2 * harmonic * gamma * gamma);
      if (shortest_nm >= 13.5) continue;
      const Undulator u{.gamma = gamma,
                        .beam_current_a = 0.3,
                        .period_mm = period_mm,
                        .n_periods = 100,
                        .deflection_k = deflection_k_for(13.5, gamma, period_mm, harmonic)};
      const ExactPeriod exact(u, 0);
      CAPTURE(period_mm, harmonic, u.deflection_k);
      const double shift = shift_of(u),
                   path = (1 + 0.5 * u.deflection_k * u.deflection_k) / (2 * gamma * gamma);
      CHECK(exact.path_per_period() / path - 1 == Approx(shift).epsilon(1e-4));
      const double design_ev = constants::energy_ev_of(13.5);
      double peak = 0, exact_peak = 0;
      for (int i = -3; i <= 3; ++i) {
        const double ev = design_ev * (1 + 0.02 * i / (harmonic * 100.0));
        peak = std::max(peak, flux_density(u, ev, 0, 0).s0);
        exact_peak = std::max(exact_peak, exact.density(ev));
      }
      double largest = 0, shifted = 0;
      for (int i = -60; i <= 60; ++i) {
        const double ev = design_ev * (1 + 0.05 * i / (harmonic * 100.0));
        const double expected = exact.density(ev) / exact_peak;
        largest = std::max(largest, std::abs(flux_density(u, ev, 0, 0).s0 / peak - expected));
        shifted = std::max(shifted, std::abs(flux_density(u, ev * (1 + shift), 0, 0).s0 / peak - expected));
      }
      // The steepest slope of sinc^2 is 0.5402 pi per turn of all periods.
      CHECK(largest == Approx(0.5402 * kPi * harmonic * u.n_periods * shift).epsilon(0.1));
      CHECK(shifted < 2e-4);
    }
}
