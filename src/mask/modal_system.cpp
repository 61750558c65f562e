// SPDX-License-Identifier: MIT
#include "mask/modal_system.hpp"

#include <algorithm>
#include <cmath>

#include "undulith/core/error.hpp"

namespace undulith::mask {
namespace {

using Complex = std::complex<double>;
constexpr Complex kI{0, 1};

// |q| below which a wave is taken to run this far off the grazing direction, where its two waves become one.
// The loss of accuracy is of the same size.
constexpr double kSmallestQ = 1e-8;

std::span<const Complex> values(const Matrix& m) {
  return {m.data(), static_cast<std::size_t>(m.size())};
}
std::span<Complex> values(Matrix& m) {
  return {m.data(), static_cast<std::size_t>(m.size())};
}

Matrix any_product(math::Left left, const Matrix& a, const Matrix& b) {
  Matrix c = Matrix::Zero(left == math::Left::plain ? a.rows() : a.cols(), b.cols());
  math::add_product(left, values(a), static_cast<int>(a.rows()), static_cast<int>(a.cols()), values(b),
                    static_cast<int>(b.cols()), values(c));
  return c;
}

}  // namespace

Matrix product(const Matrix& a, const Matrix& b) {
  return any_product(math::Left::plain, a, b);
}
Matrix adjoint_product(const Matrix& a, const Matrix& b) {
  return any_product(math::Left::adjoint, a, b);
}

Matrix PairMatrix::operator*(const Matrix& right) const {
  Matrix result(right.rows(), right.cols());
  for (Eigen::Index j = 0; j < right.cols(); ++j)
    for (Eigen::Index i = 0; i < right.rows(); ++i)
      result(i, j) = own(i) * right(i, j) + other(i) * right(partner[static_cast<std::size_t>(i)], j);
  return result;
}

Complex normal_component(Complex square) {
  Complex q = std::sqrt(square);
  // A lossless mode may carry a rounding error of either sign in its imaginary part; it must not change the
  // direction.
  if (q.real() + q.imag() < 0) q = -q;
  return std::abs(q) < kSmallestQ ? kSmallestQ * Complex(1, 1) : q;
}

LayerModes LayerModes::from_operators(const Matrix& p, const Matrix& q_operator, double& residual) {
  const Matrix matrix = product(p, q_operator);
  const int n = static_cast<int>(matrix.rows());
  const math::EigenDecomposition eigen = math::eigen_decomposition_general(values(matrix), n);
  residual = std::max(residual, eigen.residual);
  LayerModes modes{.w = Eigen::Map<const Matrix>(eigen.vectors.data(), n, n), .v = {}, .q = Vector(n)};
  for (Eigen::Index j = 0; j < n; ++j)
    modes.q(j) = normal_component(eigen.values[static_cast<std::size_t>(j)]);
  modes.v = product(q_operator, modes.w);
  for (Eigen::Index j = 0; j < n; ++j) modes.v.col(j) /= modes.q(j);
  return modes;
}

ModalSystem::ModalSystem(std::vector<Layer> layers, PairMatrix vacuum, PairMatrix mirror, bool keep_fields)
    : layers_(std::move(layers)), vacuum_(std::move(vacuum)), mirror_(std::move(mirror)) {
  const Eigen::Index n = mirror_.own.size();
  if (keep_fields) kept_.resize(layers_.size());
  if (layers_.empty()) {
    const Matrix one = Matrix::Identity(n, n);
    top_.emplace(vacuum_ * one + mirror_ * one);
  }
  Matrix u, g;  // at the bottom of a layer, if it is not the lowest one
  for (std::size_t l = layers_.size(); l-- > 0;) {
    const auto& [w, v, q] = *layers_[l].modes;
    const bool lowest = l + 1 == layers_.size();
    std::optional<Factors> u_below;
    if (!lowest) u_below.emplace(u);
    const Matrix y_w = lowest ? mirror_ * w : product(g, u_below->solve(w));
    Matrix r = Factors(v + y_w).solve(Matrix(v - y_w));
    if (keep_fields) kept_[l] = {r, std::move(u_below)};
    const Vector x = (kI * layers_[l].phase_thickness * q).array().exp();
    r = x.asDiagonal() * r * x.asDiagonal();
    if (l > 0) {
      u = w + product(w, r);
      g = v - product(v, r);
      continue;
    }
    // vacuum u + g, in one product.
    const Matrix vacuum_w = vacuum_ * w;
    top_.emplace(vacuum_w + v + product(vacuum_w - v, r));
    r_top_ = std::move(r);
  }
}

Vector ModalSystem::reflect(const Vector& incident) const {
  const Vector c = top_->solve(Vector(2.0 * (vacuum_ * Matrix(incident))));
  if (layers_.empty()) return c - incident;
  return layers_.front().modes->w * (c + r_top_ * c) - incident;
}

std::vector<Vector> ModalSystem::amplitudes(const Vector& incident) const {
  Vector c = top_->solve(Vector(2.0 * (vacuum_ * Matrix(incident))));
  std::vector<Vector> all;
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    all.push_back(c);
    const Vector x = (kI * layers_[l].phase_thickness * layers_[l].modes->q).array().exp();
    const Vector bottom = x.cwiseProduct(c);
    c = layers_[l].modes->w * (bottom + kept_[l].r * bottom);
    if (l + 1 < layers_.size()) c = kept_[l].u_below->solve(c);
  }
  all.push_back(c);
  return all;
}

ModalSystem::Fields ModalSystem::fields(std::size_t layer, const Vector& top_amplitudes, double depth) const {
  const LayerModes& modes = *layers_[layer].modes;
  const double phase = layers_[layer].phase_thickness;
  const auto travel = [&](double share) { return Vector((kI * (phase * share) * modes.q).array().exp()); };
  const Vector down = travel(depth).cwiseProduct(top_amplitudes);
  const Vector up = travel(1 - depth).cwiseProduct(kept_[layer].r * travel(1).cwiseProduct(top_amplitudes));
  return {modes.w * (down + up), modes.v * (down - up)};
}

}  // namespace undulith::mask
