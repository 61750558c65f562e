// SPDX-License-Identifier: MIT
#pragma once

#include <Eigen/Core>
#include <complex>
#include <memory>
#include <optional>
#include <vector>

#include "undulith/math/linear_algebra.hpp"

namespace undulith::mask {

using Matrix = Eigen::MatrixXcd;
using Vector = Eigen::VectorXcd;

[[nodiscard]] Matrix product(const Matrix& a, const Matrix& b);
[[nodiscard]] Matrix adjoint_product(const Matrix& a, const Matrix& b);

/// A linear system of Eigen matrices.
class Factors {
 public:
  explicit Factors(const Matrix& matrix)
      : system_({matrix.data(), matrix.data() + matrix.size()}, static_cast<int>(matrix.rows())) {}
  template <class Columns>
  [[nodiscard]] Columns solve(Columns right) const {
    system_.solve({right.data(), static_cast<std::size_t>(right.size())});
    return right;
  }

 private:
  math::LinearSystem system_;
};

/// A matrix that couples each unknown with itself and at most one other: the tangential components of an
/// order.
struct PairMatrix {
  Vector own, other;
  std::vector<Eigen::Index> partner;  ///< of each row; itself where there is none and `other` is 0
  [[nodiscard]] Matrix operator*(const Matrix& right) const;
};

/// Modes of a layer: tangential fields E = w (a + b), J = v (a - b) with a, b ~ exp(+-i k q z), where
/// J = (H_y, -H_x) times the impedance of vacuum.
struct LayerModes {
  Matrix w, v;
  Vector q;  ///< decays or travels down

  /// From the eigenproblem of E: p J = q E, Q E = q J, so that p Q E = q^2 E.
  static LayerModes from_operators(const Matrix& p, const Matrix& q_operator, double& residual);
};

/// The square root that decays or travels down, kept away from 0.
[[nodiscard]] std::complex<double> normal_component(std::complex<double> square);

/// Layers of modes between vacuum and a mirror: n coupled unknowns.
///
/// From below, fields at the top of everything so far are E = u c, J = g c for any c. In a layer with modes
/// (w, v, q) of thickness h the upward amplitudes are r times the downward ones at its bottom:
///   E: w (1 + r) c' = u c,  J: v (1 - r) c' = g c   =>   r = (v + y w)^-1 (v - y w),   y = g u^-1,
/// and x r x at its top, x = exp(i k q h). No growing exponential occurs.
class ModalSystem {
 public:
  struct Layer {
    std::shared_ptr<const LayerModes> modes;
    double phase_thickness;  ///< k h
  };
  /// @param layers  top first
  ModalSystem(std::vector<Layer> layers, PairMatrix vacuum, PairMatrix mirror, bool keep_fields);

  /// Tangential field of the reflected waves for that of incident ones.
  [[nodiscard]] Vector reflect(const Vector& incident) const;

  /// Downward amplitudes at the top of each layer, and at the last place the field E at the top of the
  /// mirror.
  [[nodiscard]] std::vector<Vector> amplitudes(const Vector& incident) const;
  /// E and J of layer j at the share `depth` of its thickness.
  struct Fields {
    Vector e, j;
  };
  [[nodiscard]] Fields fields(std::size_t layer, const Vector& top_amplitudes, double depth) const;
  [[nodiscard]] const PairMatrix& mirror() const { return mirror_; }

 private:
  struct Kept {
    Matrix r;                        ///< at the bottom of the layer
    std::optional<Factors> u_below;  ///< of u below the layer; none above the mirror, where u = 1
  };
  std::vector<Layer> layers_;
  PairMatrix vacuum_, mirror_;
  Matrix r_top_;  ///< at the top of the first layer; none without layers
  std::optional<Factors> top_;
  std::vector<Kept> kept_;
};

}  // namespace undulith::mask
