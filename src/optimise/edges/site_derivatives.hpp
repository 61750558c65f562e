// SPDX-License-Identifier: MIT
#pragma once

#include <Eigen/Dense>
#include <span>

#include "optimise/edges/fragments.hpp"
#include "undulith/optimise/image_model.hpp"

namespace undulith::optimise {

/// A point of the cell.
struct ProbePoint {
  double x = 0, y = 0;
};

/// Derivatives of the image of one plane at points with respect to the offsets of fragments, per nm: one row for each
/// point. Fragments as they lie (FragmentedTarget::moved).
///
///   dI(x_i)/d(offset_j) = 2 Re sum_f [sum_k lambda_k conj(E_k(x_i)) phi_k(f) exp(i k_f x_i)] change int_j exp(-i k_f s) ds/A
///
/// Cost O(points orders (kernels + fragments)).
[[nodiscard]] Eigen::MatrixXd site_derivatives(const KernelModel& model, int plane, const Pattern& pattern,
                                               std::span<const ProbePoint> points,
                                               std::span<const Fragment> fragments);

}  // namespace undulith::optimise
