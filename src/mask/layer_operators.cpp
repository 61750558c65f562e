// SPDX-License-Identifier: MIT
#include "mask/layer_operators.hpp"

#include "mask/inverse_rule.hpp"
#include "undulith/core/constants.hpp"

namespace undulith::mask {
namespace {

using Complex = std::complex<double>;

Matrix inverse(const Matrix& matrix) {
  return Factors(matrix).solve(Matrix(Matrix::Identity(matrix.rows(), matrix.cols())));
}

Vector components(const OrderSet& set, double TangentialVector::*component) {
  Vector values(set.size());
  for (Eigen::Index i = 0; i < values.size(); ++i)
    values(i) = set.directions[static_cast<std::size_t>(i)].*component;
  return values;
}

// Plane waves: w = 1, and v the admittance of each order.
LayerModes flat_modes(const LayerOperators& layer, const OrderSet& set, const UnknownClass& unknowns) {
  const Eigen::Index n = static_cast<Eigen::Index>(unknowns.size());
  LayerModes modes{.w = Matrix::Identity(n, n), .v = Matrix::Zero(n, n), .q = Vector(n)};
  for (Eigen::Index j = 0; j < n; ++j) {
    const BasisFunction& wave = unknowns[static_cast<std::size_t>(j)];
    const TangentialVector d = set.directions[static_cast<std::size_t>(wave.order)];
    const Complex q = normal_component(layer.permittivity - d.x * d.x - d.y * d.y);
    modes.q(j) = q;
    for (Eigen::Index i = 0; i < n; ++i) {
      const BasisFunction& row = unknowns[static_cast<std::size_t>(i)];
      if (row.order != wave.order) continue;
      const double k_row = row.component == 0 ? d.x : d.y, k_wave = wave.component == 0 ? d.x : d.y;
      modes.v(i, j) = k_row * k_wave / q + (i == j ? q : 0.0);
    }
  }
  return modes;
}

struct EigenModes {
  Matrix vectors;
  Vector values;
};
EigenModes eigen_modes(const Matrix& matrix, double& residual) {
  const int n = static_cast<int>(matrix.rows());
  const auto eigen =
      math::eigen_decomposition_general({matrix.data(), static_cast<std::size_t>(matrix.size())}, n);
  residual = std::max(residual, eigen.residual);
  return {Eigen::Map<const Matrix>(eigen.vectors.data(), n, n),
          Eigen::Map<const Vector>(eigen.values.data(), n)};
}

// Lines: modes without E_x and modes without J_y (that is H_x), each from an eigenproblem
// without k_y.
LayerModes line_modes(const LayerOperators& layer, const OrderSet& set, const UnknownClass& unknowns,
                      double& residual) {
  const UnknownClass x = of_component(unknowns, 0), y = of_component(unknowns, 1);
  const auto n_x = static_cast<Eigen::Index>(x.size()), n_y = static_cast<Eigen::Index>(y.size());
  const Vector kx = components(set, &TangentialVector::x);
  const double ky = set.directions.front().y;
  LayerModes modes{.w = Matrix::Zero(n_x + n_y, n_x + n_y), .v = {}, .q = Vector(n_x + n_y)};
  modes.v = modes.w;
  if (n_x > 0) {
    // (eps_x (1 - kx eps^-1 kx)) j = beta^2 j;  E = (beta^2 eps_x^-1 j, -ky eps^-1 kx j), J = (q j, 0)
    const Matrix to_ez = layer.inverse_z * kx.asDiagonal();
    const Matrix across = layer.eps_x - product(layer.eps_x, kx.asDiagonal() * to_ez);
    const auto [j, beta2] = eigen_modes(between(x, across, x), residual);
    modes.w.topLeftCorner(n_x, n_x) = product(between(x, layer.inverse_x, x), j) * beta2.asDiagonal();
    if (n_y > 0 && ky != 0) modes.w.block(n_x, 0, n_y, n_x) = -ky * product(between(y, to_ez, x), j);
    for (Eigen::Index i = 0; i < n_x; ++i) {
      modes.q(i) = normal_component(beta2(i) - ky * ky);
      modes.v.col(i).head(n_x) = modes.q(i) * j.col(i);
    }
  }
  if (n_y > 0) {
    // (eps - kx^2) e = beta^2 e;  E = (0, e), J = (ky kx e, beta^2 e) / q
    const Matrix along = layer.eps_y - Matrix(kx.cwiseAbs2().asDiagonal());
    const auto [e, beta2] = eigen_modes(between(y, along, y), residual);
    modes.w.bottomRightCorner(n_y, n_y) = e;
    const Matrix kx_e =
        n_x > 0 ? product(between(x, Matrix((ky * kx).asDiagonal()), y), e) : Matrix::Zero(0, n_y);
    for (Eigen::Index i = 0; i < n_y; ++i) {
      const Complex q = normal_component(beta2(i) - ky * ky);
      modes.q(n_x + i) = q;
      modes.v.col(n_x + i).head(n_x) = kx_e.col(i) / q;
      modes.v.col(n_x + i).tail(n_y) = beta2(i) / q * e.col(i);
    }
  }
  return modes;
}

// Any pattern: P = 1 - k eps^-1 k^T and Q = eps - k' k'^T with k = (kx, ky), k' = (ky, -kx).
LayerModes pattern_modes(const LayerOperators& layer, const OrderSet& set, const UnknownClass& unknowns,
                         double& residual) {
  const UnknownClass parts[2] = {of_component(unknowns, 0), of_component(unknowns, 1)};
  const Vector k[2] = {components(set, &TangentialVector::x), components(set, &TangentialVector::y)};
  const Eigen::Index sizes[2] = {static_cast<Eigen::Index>(parts[0].size()),
                                 static_cast<Eigen::Index>(parts[1].size())};
  const Eigen::Index n = sizes[0] + sizes[1];
  Matrix p = Matrix::Identity(n, n), q(n, n);
  for (int a = 0; a < 2; ++a)
    for (int b = 0; b < 2; ++b) {
      const Eigen::Index row = a * sizes[0], column = b * sizes[0];
      p.block(row, column, sizes[a], sizes[b]) -=
          between(parts[a], k[a].asDiagonal() * layer.inverse_z * k[b].asDiagonal(), parts[b]);
      Matrix block = a != b ? Matrix::Zero(set.size(), set.size()) : a == 0 ? layer.eps_x : layer.eps_y;
      const double sign = a == b ? -1 : 1;
      block.diagonal() += sign * k[1 - a].cwiseProduct(k[1 - b]);
      q.block(row, column, sizes[a], sizes[b]) = between(parts[a], block, parts[b]);
    }
  return LayerModes::from_operators(p, q, residual);
}

}  // namespace

LayerOperators layer_operators(const LayerMaterial& material, const OrderSet& set, bool one_dimensional) {
  using Kind = LayerOperators::Kind;
  LayerOperators layer;
  const auto& [outside, inside, pattern, polygons, cell, origin_x, origin_y] = material;
  if (outside == inside || pattern->flat()) {
    layer.permittivity = outside + (inside - outside) * (*pattern)(0, 0).real();
    return layer;
  }
  layer.kind = one_dimensional ? Kind::lines : Kind::pattern;
  layer.eps_z = layer.eps_x = layer.eps_y = toeplitz(*pattern, set, outside, inside);
  layer.inverse_z = inverse(layer.eps_z);
  if (one_dimensional) {
    layer.inverse_x = toeplitz(*pattern, set, 1.0 / outside, 1.0 / inside);
    layer.eps_x = inverse(layer.inverse_x);
    return layer;
  }
  Vector phase(set.size());
  for (Eigen::Index i = 0; i < phase.size(); ++i) {
    const Order& order = set.orders[static_cast<std::size_t>(i)];
    phase(i) = std::polar(1.0, 2 * constants::kPi * (order.m * origin_x + order.n * origin_y));
  }
  const auto move = [&phase](const Matrix& m) {
    return phase.asDiagonal() * m * phase.conjugate().asDiagonal();
  };
  layer.eps_x += move(inverse_rule_along_x(*polygons, cell, set, outside, inside));
  layer.eps_y += move(inverse_rule_along_y(*polygons, cell, set, outside, inside));
  return layer;
}

LayerModes layer_modes(const LayerOperators& layer, const OrderSet& set, const UnknownClass& unknowns,
                       double& residual) {
  switch (layer.kind) {
    case LayerOperators::Kind::flat:
      return flat_modes(layer, set, unknowns);
    case LayerOperators::Kind::lines:
      return line_modes(layer, set, unknowns, residual);
    case LayerOperators::Kind::pattern:
      break;
  }
  return pattern_modes(layer, set, unknowns, residual);
}

double loss(const LayerOperators& layer, const Vector& ex, const Vector& ey, const Vector& dz) {
  if (layer.kind == LayerOperators::Kind::flat)
    return layer.permittivity.imag() *
           (ex.squaredNorm() + ey.squaredNorm() + dz.squaredNorm() / std::norm(layer.permittivity));
  const Vector ez = layer.inverse_z * dz;
  return (ex.dot(layer.eps_x * ex) + ey.dot(layer.eps_y * ey) + ez.dot(layer.eps_z * ez)).imag();
}

}  // namespace undulith::mask
