// SPDX-License-Identifier: MIT
#include "resist/diffusion.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "undulith/core/parallel.hpp"

namespace undulith::resist {
namespace {

// exp(t L) of second-order differences on nodes with half cells at the surfaces. With the cells' widths w the
// matrix W^(1/2) L W^(-1/2) is symmetric, so that its exponential comes from its modes.
Eigen::MatrixXd open_surface_step(const Grid3D& grid, double depth_nm2_s, double transfer_nm_s,
                                  double time_s) {
  const int n = grid.nz;
  Eigen::VectorXd width = Eigen::VectorXd::Constant(n, grid.dz);
  width(0) /= 2;
  width(n - 1) /= 2;
  Eigen::MatrixXd flux = Eigen::MatrixXd::Zero(n, n);  // W L
  const double exchange = depth_nm2_s / grid.dz;
  for (int i = 0; i + 1 < n; ++i) {
    flux(i, i) -= exchange;
    flux(i + 1, i + 1) -= exchange;
    flux(i, i + 1) += exchange;
    flux(i + 1, i) += exchange;
  }
  flux(0, 0) -= transfer_nm_s;
  const Eigen::VectorXd root = width.cwiseSqrt(), inverse = root.cwiseInverse();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> modes(inverse.asDiagonal() * flux *
                                                             inverse.asDiagonal());
  const Eigen::VectorXd decay = (time_s * modes.eigenvalues().array()).exp();
  return inverse.asDiagonal() *
         (modes.eigenvectors() * decay.asDiagonal() * modes.eigenvectors().transpose()).eval() *
         root.asDiagonal();
}

// One line of n values, a stride apart, with diffusivities at its nodes.
struct Line {
  double* values;
  const double* growth;
  std::ptrdiff_t stride;
};

// (1 - t/2 L) c' = (1 + t/2 L) c by Thomas' algorithm; cyclic lines by Sherman and Morrison.
class CrankNicolson {
 public:
  CrankNicolson(int n, double step_nm, double diffusivity_nm2_s, bool periodic, const Surface& surface,
                double time_s)
      : n_(n),
        half_(time_s / 2 * diffusivity_nm2_s / (step_nm * step_nm)),
        periodic_(periodic),
        exchange_(time_s / 2 * surface.transfer_nm_s * 2 / step_nm),
        ambient_(surface.ambient),
        lower_(n),
        main_(n),
        upper_(n),
        right_(n),
        extra_(n) {}

  void step(const Line& line) {
    for (int i = 0; i < n_; ++i) {
      const int below = i > 0 ? i - 1 : (periodic_ ? n_ - 1 : 1),
                above = i + 1 < n_ ? i + 1 : (periodic_ ? 0 : n_ - 2);
      const double c = value(line, i);
      const double left = half_ * (growth(line, i) + growth(line, below)) / 2,
                   next = half_ * (growth(line, i) + growth(line, above)) / 2;
      double loss = 0, gain = 0;
      if (!periodic_ && i == 0) {
        loss = exchange_;
        gain = 2 * exchange_ * ambient_;
      }
      lower_[i] = -left;
      upper_[i] = -next;
      main_[i] = 1 + left + next + loss;
      right_[i] = c + left * (value(line, below) - c) + next * (value(line, above) - c) - loss * c + gain;
    }
    if (!periodic_) {  // mirror: the neighbour within stands for the one outside too
      upper_[0] += lower_[0];
      lower_[n_ - 1] += upper_[n_ - 1];
      solve(right_);
    } else {
      solve_cyclic();
    }
    for (int i = 0; i < n_; ++i) line.values[i * line.stride] = std::max(0.0, right_[i]);
  }

 private:
  [[nodiscard]] static double value(const Line& line, int i) { return line.values[i * line.stride]; }
  [[nodiscard]] static double growth(const Line& line, int i) { return line.growth[i * line.stride]; }

  void solve(std::vector<double>& right) {
    std::vector<double>& c = work_;
    c.resize(static_cast<std::size_t>(n_));
    double pivot = main_[0];
    c[0] = upper_[0] / pivot;
    right[0] /= pivot;
    for (int i = 1; i < n_; ++i) {
      pivot = main_[i] - lower_[i] * c[i - 1];
      c[i] = upper_[i] / pivot;
      right[i] = (right[i] - lower_[i] * right[i - 1]) / pivot;
    }
    for (int i = n_ - 2; i >= 0; --i) right[i] -= c[i] * right[i + 1];
  }
  void solve_cyclic() {
    const double top = lower_[0], bottom = upper_[n_ - 1], gamma = -main_[0];
    main_[0] -= gamma;
    main_[n_ - 1] -= top * bottom / gamma;
    std::fill(extra_.begin(), extra_.end(), 0.0);
    extra_[0] = gamma;
    extra_[n_ - 1] = bottom;
    solve(right_);
    solve(extra_);
    const double share =
        (right_[0] + top / gamma * right_[n_ - 1]) / (1 + extra_[0] + top / gamma * extra_[n_ - 1]);
    for (int i = 0; i < n_; ++i) right_[i] -= share * extra_[i];
  }

  int n_;
  double half_;
  bool periodic_;
  double exchange_, ambient_;
  std::vector<double> lower_, main_, upper_, right_, extra_, work_;
};

}  // namespace

DiffusionStep::DiffusionStep(const Grid3D& grid, double lateral_nm2_s, double depth_nm2_s,
                             const Surface& surface, double time_s, double decay)
    : ambient_(surface.transfer_nm_s > 0 ? surface.ambient : 0), decay_(decay) {
  if (lateral_nm2_s > 0 && grid.plane_size() > 1) {
    lateral_ = lateral_k2(grid);
    for (double& value : lateral_) value = std::exp(-lateral_nm2_s * value * time_s);
  }
  if (surface.transfer_nm_s > 0) {
    depth_ = open_surface_step(grid, depth_nm2_s, surface.transfer_nm_s, time_s);
  } else if (depth_nm2_s > 0) {
    const DepthCosines cosines = depth_cosines(grid.nz);
    Eigen::VectorXd factor(grid.nz);
    for (int j = 0; j < grid.nz; ++j) {
      const double k = std::numbers::pi * j / grid.thickness();
      factor(j) = std::exp(-depth_nm2_s * k * k * time_s);
    }
    depth_ = cosines.compose * factor.asDiagonal() * cosines.analyse;
  }
}

void DiffusionStep::apply(Field3D<double>& concentration, const math::RealFft2D& fft) const {
  if (!lateral_.empty()) filter_laterally(concentration, fft, lateral_);
  if (depth_.size() > 0) {
    // About the ambient concentration an open surface is a matrix alone.
    if (ambient_ != 0)
      for (double& value : concentration.values()) value -= ambient_;
    mix_depths(concentration, depth_);
    if (ambient_ != 0)
      for (double& value : concentration.values()) value += ambient_;
  }
  // Waves of a sharp field swing below zero by rounding, or more where the grid is coarse for it.
  for (double& value : concentration.values()) value = std::max(0.0, value * decay_);
}

void diffuse_variable(Field3D<double>& concentration, const Field3D<double>& growth, double lateral_nm2_s,
                      double depth_nm2_s, const Surface& surface, double time_s) {
  const Grid3D& grid = concentration.grid();
  const std::ptrdiff_t row = grid.nx, plane = static_cast<std::ptrdiff_t>(grid.plane_size());
  const auto along_x = [&](double part_s) {
    if (grid.nx < 3 || lateral_nm2_s == 0) return;
    parallel_for(grid.nz, [&](int iz) {
      CrankNicolson solver(grid.nx, grid.dx, lateral_nm2_s, true, {}, part_s);
      for (int iy = 0; iy < grid.ny; ++iy) solver.step({&concentration(iz, iy, 0), &growth(iz, iy, 0), 1});
    });
  };
  const auto along_y = [&](double part_s) {
    if (grid.ny < 3 || lateral_nm2_s == 0) return;
    parallel_for(grid.nz, [&](int iz) {
      CrankNicolson solver(grid.ny, grid.dy, lateral_nm2_s, true, {}, part_s);
      for (int ix = 0; ix < grid.nx; ++ix) solver.step({&concentration(iz, 0, ix), &growth(iz, 0, ix), row});
    });
  };
  const auto along_z = [&](double part_s) {
    if (depth_nm2_s == 0 && surface.transfer_nm_s == 0) return;
    parallel_for(grid.ny, [&](int iy) {
      CrankNicolson solver(grid.nz, grid.dz, depth_nm2_s, false, surface, part_s);
      for (int ix = 0; ix < grid.nx; ++ix)
        solver.step({&concentration(0, iy, ix), &growth(0, iy, ix), plane});
    });
  };
  along_x(time_s / 2);
  along_y(time_s / 2);
  along_z(time_s);
  along_y(time_s / 2);
  along_x(time_s / 2);
}

}  // namespace undulith::resist
