// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>

#include "source/period_integral.hpp"
#include "source/spread_interference.hpp"
#include "source/undulator_beam.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/source/undulator.hpp"

namespace undulith::source {
namespace {

using constants::kPi;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr int kTablePerRing = 24;  // cubic interpolation then errs by 1e-5 of the peak

/// One direction of the map: where the filament is sampled, and the matrix from there to the map's angles.
struct Axis {
  VectorXd sample;       ///< gamma theta
  MatrixXd convolution;  ///< (map angles) x (samples)
};

/// Half width of the sampled directions, and the number of steps in it. The sampling rate must exceed the finest
/// fringe at the edge plus what the Gaussian still passes.
struct Sampling {
  double reach = 0, step = 0;
  [[nodiscard]] double half_count() const { return std::ceil(reach / step); }
};
Sampling sampling_of(double half_width, double divergence, double fringes_per_angle) {
  const double reach = half_width + kGaussianReach * divergence;
  const double fringe_rate = 2 * fringes_per_angle * reach;  // cycles of sum over gamma theta
  return {.reach = reach, .step = 1 / (fringe_rate + 1 / divergence)};
}

Axis make_axis(const VectorXd& angle, double divergence, double fringes_per_angle) {
  Axis axis;
  const Sampling sampling = sampling_of(angle[angle.size() - 1], divergence, fringes_per_angle);
  const double step = sampling.step;
  const auto half = static_cast<Eigen::Index>(sampling.half_count());
  axis.sample =
      VectorXd::LinSpaced(2 * half + 1, -step * static_cast<double>(half), step * static_cast<double>(half));
  axis.convolution.resize(angle.size(), axis.sample.size());
  for (Eigen::Index i = 0; i < angle.size(); ++i)
    for (Eigen::Index j = 0; j < axis.sample.size(); ++j) {
      const double u = (angle[i] - axis.sample[j]) / divergence;
      axis.convolution(i, j) = step / (divergence * std::sqrt(2 * kPi)) * std::exp(-0.5 * u * u);
    }
  return axis;
}

Axis sharp_axis(const VectorXd& angle) {
  return {angle, MatrixXd::Identity(angle.size(), angle.size())};
}

/// Chebyshev points of the slow factor along one direction, and the matrix that interpolates from them.
struct SlowAxis {
  VectorXd node;
  MatrixXd interpolation;  ///< (samples) x (nodes)
};
SlowAxis make_slow_axis(const VectorXd& sample, int nodes) {
  const double reach = std::max(std::abs(sample[0]), std::abs(sample[sample.size() - 1]));
  if (nodes >= sample.size()) return {sample, MatrixXd::Identity(sample.size(), sample.size())};
  SlowAxis axis;
  axis.node.resize(nodes);
  for (int k = 0; k < nodes; ++k) axis.node[k] = reach * std::cos(kPi * (k + 0.5) / nodes);
  MatrixXd at_samples(sample.size(), nodes), to_coefficients(nodes, nodes);
  for (int c = 0; c < nodes; ++c) {
    for (int k = 0; k < nodes; ++k)
      to_coefficients(c, k) = (c == 0 ? 1.0 : 2.0) / nodes * std::cos(kPi * c * (k + 0.5) / nodes);
    for (Eigen::Index i = 0; i < sample.size(); ++i)
      at_samples(i, c) = std::cos(c * std::acos(std::clamp(sample[i] / reach, -1.0, 1.0)));
  }
  axis.interpolation = at_samples * to_coefficients;
  return axis;
}

int slow_nodes(double eta, double k, double reach) {
  // Poles of v/D at distance 1, and a phase of depth 2 eta K reach besides eta reach^2.
  const double ellipse = 1 / reach + std::sqrt(1 + 1 / (reach * reach));
  return 6 + static_cast<int>(std::ceil(23 / std::log(ellipse) + 4 * eta * reach * (k + reach)));
}

/// The averaged interference as a table in the turns.
class PatternTable {
 public:
  PatternTable(const SpreadInterference& pattern, double first, double last, int n_periods)
      : first_(first), step_(1.0 / (kTablePerRing * n_periods)) {
    const auto n = static_cast<std::size_t>(std::ceil((last - first) / step_)) + 4;
    std::vector<double> turns(n);
    value_.resize(n);
    for (std::size_t i = 0; i < n; ++i) turns[i] = first + step_ * (static_cast<double>(i) - 1);
    pattern.evaluate(turns, value_);
  }
  [[nodiscard]] double operator()(double turns) const {
    const double at = (turns - first_) / step_;
    const auto i = std::min(static_cast<std::size_t>(at), value_.size() - 4);
    const double t = at - static_cast<double>(i);
    const double* v = value_.data() + i;  // samples at -1, 0, 1, 2
    const double a = t * (t - 1), b = (t + 1) * (t - 2);
    return -a * (t - 2) / 6 * v[0] + b * (t - 1) / 2 * v[1] - b * t / 2 * v[2] + a * (t + 1) / 6 * v[3];
  }

 private:
  double first_, step_;
  std::vector<double> value_;
};

/// Interference of all periods at every direction (rows y, columns x), averaged over the energy spread.
MatrixXd interference_pattern(const Undulator& undulator, double eta, double energy_spread, const VectorXd& x,
                              const VectorXd& y) {
  const double u = slippage(undulator);
  MatrixXd pattern(y.size(), x.size());
  if (energy_spread == 0) {
    for (Eigen::Index j = 0; j < pattern.cols(); ++j)
      for (Eigen::Index i = 0; i < pattern.rows(); ++i)
        pattern(i, j) = interference(undulator.n_periods, eta * (u + x[j] * x[j] + y[i] * y[i]));
    return pattern;
  }
  const double last_x = x[x.size() - 1], last_y = y[y.size() - 1];
  const SpreadInterference averaged(undulator.n_periods, eta * u, energy_spread);
  const PatternTable table(averaged, eta * u, eta * (u + last_x * last_x + last_y * last_y),
                           undulator.n_periods);
  for (Eigen::Index j = 0; j < pattern.cols(); ++j) {
    const double on_axis = eta * (u + x[j] * x[j]);
    for (Eigen::Index i = 0; i < pattern.rows(); ++i) pattern(i, j) = table(on_axis + eta * y[i] * y[i]);
  }
  return pattern;
}

}  // namespace

double map_samples(const Undulator& undulator, const BeamSpread& spread, double energy_ev,
                   double half_width_mrad, int n) {
  if (!(spread.divergence_x_urad > 0) && !(spread.divergence_y_urad > 0)) return 1.0 * n * n;
  const double half = undulator.gamma * half_width_mrad * 1e-3, eta = reduced_energy(undulator, energy_ev);
  const Divergence divergence = divergence_of(undulator, spread, eta);
  const auto count = [&](double sigma) {
    return 2 * sampling_of(half, sigma, undulator.n_periods * eta).half_count() + 1;
  };
  return count(divergence.x) * count(divergence.y);
}

std::vector<AngularMap> angular_maps(const Undulator& undulator, const BeamSpread& spread,
                                     const std::vector<double>& energies_ev, double half_width_mrad, int n,
                                     MapStokes stokes) {
  check_energies(undulator, energies_ev);
  check_spread(spread);
  const double half = undulator.gamma * half_width_mrad * 1e-3;
  if (!std::isfinite(half_width_mrad) || half_width_mrad <= 0 || half > 70 || n < 2)
    throw InputError(
        fmt::format("undulator: map of {} x {} directions over +-{} mrad (needs n >= 2 and gamma theta in "
                    "(0, 70]); choose a smaller width",
                    n, n, half_width_mrad));
  const double max_eta = reduced_energy(undulator, energies_ev.back());
  const double step_mrad = 2 * half_width_mrad / (n - 1);
  const Grid2D grid{.plane = Plane::angle,
                    .nx = n,
                    .ny = n,
                    .x0 = -half_width_mrad,
                    .y0 = -half_width_mrad,
                    .dx = step_mrad,
                    .dy = step_mrad};
  const VectorXd angle = VectorXd::LinSpaced(n, -half, half);
  Axis x_axis = sharp_axis(angle), y_axis = x_axis;
  if (spread.divergence_x_urad > 0 || spread.divergence_y_urad > 0) {
    const Divergence divergence =
        divergence_of(undulator, spread, reduced_energy(undulator, energies_ev[energies_ev.size() / 2]));
    const double fringes = undulator.n_periods * max_eta;
    x_axis = make_axis(angle, divergence.x, fringes);
    y_axis = make_axis(angle, divergence.y, fringes);
  }
  const double reach_x = x_axis.sample[x_axis.sample.size() - 1],
               reach_y = y_axis.sample[y_axis.sample.size() - 1];
  const SlowAxis slow_x = make_slow_axis(x_axis.sample, slow_nodes(max_eta, undulator.deflection_k, reach_x));
  const SlowAxis slow_y =
      make_slow_axis(y_axis.sample, slow_nodes(max_eta, undulator.deflection_kx, reach_y));
  const PeriodIntegral one_period(undulator, max_eta, std::hypot(reach_x, reach_y));
  const int parts = stokes == MapStokes::all ? 4 : 1;
  const double scale = density_scale(undulator);
  std::vector<AngularMap> maps(energies_ev.size());
  parallel_for(static_cast<int>(energies_ev.size()), [&](int e) {
    const double eta = reduced_energy(undulator, energies_ev[e]);
    std::vector<MatrixXd> at_nodes(parts, MatrixXd(slow_y.node.size(), slow_x.node.size()));
    for (Eigen::Index i = 0; i < slow_y.node.size(); ++i)
      for (Eigen::Index j = 0; j < slow_x.node.size(); ++j) {
        const optics::Stokes one = one_period(eta, slow_x.node[j], slow_y.node[i]);
        const std::array<double, 4> all{one.s0, one.s1, one.s2, one.s3};
        for (int part = 0; part < parts; ++part) at_nodes[part](i, j) = scale * all[part];
      }
    const MatrixXd pattern =
        interference_pattern(undulator, eta, spread.energy_spread, x_axis.sample, y_axis.sample);
    const auto map_of = [&](int part, bool positive) {
      const MatrixXd slow = slow_y.interpolation * at_nodes[part] * slow_x.interpolation.transpose();
      const MatrixXd density = slow.cwiseProduct(pattern);
      const MatrixXd map = y_axis.convolution * (density * x_axis.convolution.transpose());
      Field2D<double> field(grid);
      for (int iy = 0; iy < n; ++iy)
        for (int ix = 0; ix < n; ++ix) field(iy, ix) = positive ? std::max(0.0, map(iy, ix)) : map(iy, ix);
      return field;
    };
    maps[e].s0 = map_of(0, true);
    if (parts == 1) return;
    maps[e].s1 = map_of(1, false);
    maps[e].s2 = map_of(2, false);
    maps[e].s3 = map_of(3, false);
  });
  return maps;
}

}  // namespace undulith::source
