// SPDX-License-Identifier: MIT
#include "source/period_integral.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <complex>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/require.hpp"
#include "undulith/math/gauss_legendre.hpp"

namespace undulith::source {
namespace {

using constants::kPi;

/// Points of Gauss-Legendre that reach 1e-10 of the harmonic's peak, fitted over K = 0.3 to 20, harmonics 0.5
/// to 25 and gamma theta up to 2: two per radian of the steepest phase, and a margin for its modulation.
double nodes_for(const Undulator& undulator, double max_eta, double max_angle) {
  const double vx = undulator.deflection_k + max_angle, vy = undulator.deflection_kx + max_angle;
  const double steepest_phase = max_eta * (1 + vx * vx + vy * vy);
  return 26 + std::ceil(2.1 * steepest_phase + 2 * std::sqrt(steepest_phase));
}

}  // namespace

PeriodIntegral::PeriodIntegral(const Undulator& undulator, double max_eta, double max_angle, int n_nodes)
    : k_(undulator.deflection_k), kx_(undulator.deflection_kx) {
  const math::GaussLegendre rule(n_nodes > 0 ? n_nodes
                                             : static_cast<int>(nodes_for(undulator, max_eta, max_angle)));
  for (std::size_t i = 0; i < rule.node.size(); ++i) {
    const double psi = 2 * kPi * rule.node[i];
    weight_.push_back(2 * kPi * rule.weight[i]);
    psi_.push_back(psi);
    sin_.push_back(std::sin(psi));
    cos_.push_back(std::cos(psi));
    sin_twice_.push_back(std::sin(2 * psi));
  }
}

double PeriodIntegral::nodes(const Undulator& undulator, double max_eta, double max_angle) {
  return nodes_for(undulator, max_eta, max_angle);
}

optics::Stokes PeriodIntegral::operator()(double eta, double x, double y) const {
  const double mean = eta * (1 + 0.5 * (k_ * k_ + kx_ * kx_) + x * x + y * y);
  const double twice = eta * 0.25 * (k_ * k_ - kx_ * kx_);
  const double horizontal = 2 * eta * k_ * x, vertical = 2 * eta * kx_ * y;
  double x_re = 0, x_im = 0, y_re = 0, y_im = 0;
  for (std::size_t i = 0; i < psi_.size(); ++i) {
    const double phase =
        mean * psi_[i] - twice * sin_twice_[i] + horizontal * (cos_[i] - 1) - vertical * sin_[i];
    const double c = weight_[i] * std::cos(phase), s = weight_[i] * std::sin(phase);
    const double vx = x - k_ * sin_[i], vy = y - kx_ * cos_[i];
    x_re += vx * c;
    x_im += vx * s;
    y_re += vy * c;
    y_im += vy * s;
  }
  // The ends of the period: v/D is the same at both, the phase differs by 2 pi mean.
  const double vy_end = y - kx_;
  const double end = 1 / (1 + x * x + vy_end * vy_end);
  const double turn_re = std::cos(2 * kPi * mean) - 1, turn_im = std::sin(2 * kPi * mean);
  const double fx_re = x * end * turn_re + eta * x_im, fx_im = x * end * turn_im - eta * x_re;
  const double fy_re = vy_end * end * turn_re + eta * y_im, fy_im = vy_end * end * turn_im - eta * y_re;
  const double xx = fx_re * fx_re + fx_im * fx_im, yy = fy_re * fy_re + fy_im * fy_im;
  return {.s0 = xx + yy,
          .s1 = xx - yy,
          .s2 = 2 * (fx_re * fy_re + fx_im * fy_im),
          .s3 = 2 * (fx_im * fy_re - fx_re * fy_im)};
}

double slippage(const Undulator& undulator) {
  return 1 + 0.5 * (undulator.deflection_k * undulator.deflection_k +
                    undulator.deflection_kx * undulator.deflection_kx);
}

double reduced_energy(const Undulator& undulator, double energy_ev) {
  return undulator.period_mm * 1e6 * energy_ev / (constants::kHcEvNm * 2 * undulator.gamma * undulator.gamma);
}

double interference(int n_periods, double harmonic) {
  const double offset = harmonic - std::round(harmonic);
  const double n = n_periods;
  if (std::abs(offset) * n < 1e-7) return n * n;
  const double ratio = std::sin(kPi * n * offset) / std::sin(kPi * offset);
  return ratio * ratio;
}

double density_scale(const Undulator& undulator) {
  return constants::kFineStructure / (kPi * kPi) * undulator.gamma * undulator.gamma *
         (undulator.beam_current_a / constants::kElementaryCharge) * 1e-9;
}

void check_undulator(const Undulator& undulator, double energy_ev) {
  const auto need = [](bool good, const char* name, double value, const std::string& range) {
    if (!good) refuse(std::string("undulator: ") + name, value, "must be " + range, "change it");
  };
  need(std::isfinite(undulator.gamma) && undulator.gamma >= 20, "gamma", undulator.gamma, ">= 20");
  need(std::isfinite(undulator.beam_current_a) && undulator.beam_current_a > 0, "beam_current_a",
       undulator.beam_current_a, "> 0");
  need(std::isfinite(undulator.period_mm) && undulator.period_mm > 0, "period_mm", undulator.period_mm,
       "> 0");
  need(undulator.n_periods >= 1, "n_periods", undulator.n_periods, ">= 1");
  need(std::isfinite(undulator.deflection_k) && undulator.deflection_k >= 0, "deflection_k",
       undulator.deflection_k, ">= 0");
  need(std::isfinite(undulator.deflection_kx) && undulator.deflection_kx >= 0, "deflection_kx",
       undulator.deflection_kx, ">= 0");
  need(undulator.deflection_k + undulator.deflection_kx > 0, "deflection_k", undulator.deflection_k,
       "> 0 where deflection_kx is 0");
  need(std::isfinite(energy_ev) && energy_ev > 0, "energy_ev", energy_ev, "> 0");
}

}  // namespace undulith::source
