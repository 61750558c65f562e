// SPDX-License-Identifier: MIT
#include "optimise/edges/site_derivatives.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "undulith/math/linear_algebra.hpp"
#include "undulith/math/unit_phase.hpp"

namespace undulith::optimise {
namespace {

using Complex = std::complex<double>;
constexpr double kTurn = 2 * std::numbers::pi;

// exp(2 pi i m u), m = -max_order .. max_order.
std::vector<Complex> waves_at(double u, int max_order) {
  std::vector<double> turns;
  for (int m = -max_order; m <= max_order; ++m) turns.push_back(m * u);
  std::vector<Complex> phases(turns.size());
  math::unit_phases(turns, phases);
  return phases;
}

// Integral of exp(-2 pi i m u) over the positions from..to (in periods), times the period; m as above.
std::vector<Complex> integrals_over(double from, double to, double period, int max_order) {
  std::vector<Complex> a = waves_at(-from, max_order);
  const std::vector<Complex> b = waves_at(-to, max_order);
  for (int m = -max_order; m <= max_order; ++m) {
    Complex& value = a[static_cast<std::size_t>(m + max_order)];
    value = m == 0 ? Complex(to - from) * period
                   : (b[static_cast<std::size_t>(m + max_order)] - value) * Complex(0, period / (kTurn * m));
  }
  return a;
}

class Orders {
 public:
  explicit Orders(const ModelGrid& grid)
      : cell_(grid.cell), max_x_(grid.pattern_order_x), max_y_(grid.pattern_order_y) {}
  [[nodiscard]] std::size_t count() const {
    return static_cast<std::size_t>(2 * max_x_ + 1) * static_cast<std::size_t>(2 * max_y_ + 1);
  }
  // exp(i k x) of all orders.
  void write_waves(const ProbePoint& point, Complex* out) const {
    write_product(waves_at((point.x - cell_.x0) / cell_.width(), max_x_),
                  waves_at((point.y - cell_.y0) / cell_.height(), max_y_), out);
  }
  // Derivative of the coefficients of the pattern by the offset of a fragment.
  void write_fragment(const Fragment& piece, Complex* out) const {
    const double area = cell_.width() * cell_.height();
    const double x0 = std::min(piece.from.x, piece.to.x) - cell_.x0,
                 x1 = std::max(piece.from.x, piece.to.x) - cell_.x0;
    const double y0 = std::min(piece.from.y, piece.to.y) - cell_.y0,
                 y1 = std::max(piece.from.y, piece.to.y) - cell_.y0;
    const double width = cell_.width(), height = cell_.height();
    const bool along_x = piece.tangent_x != 0;
    std::vector<Complex> x =
        along_x ? integrals_over(x0 / width, x1 / width, width, max_x_) : waves_at(-x0 / width, max_x_);
    std::vector<Complex> y =
        along_x ? waves_at(-y0 / height, max_y_) : integrals_over(y0 / height, y1 / height, height, max_y_);
    for (Complex& value : x) value /= area;
    write_product(x, y, out);
  }

 private:
  static void write_product(const std::vector<Complex>& x, const std::vector<Complex>& y, Complex* out) {
    for (const Complex& b : y)
      for (const Complex& a : x)
        *out++ = {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
  }
  Box cell_;
  int max_x_, max_y_;
};

}  // namespace

Eigen::MatrixXd site_derivatives(const KernelModel& model, int plane, const Pattern& pattern,
                                 std::span<const ProbePoint> points, std::span<const Fragment> fragments) {
  const ModelGrid& grid = model.grid();
  const imaging::SocsKernels& kernels = model.planes()[static_cast<std::size_t>(plane)];
  const PatternAmplitudes amplitudes = model.amplitudes();
  const Orders orders(grid);
  const std::size_t n = orders.count(), middle = n / 2, n_kernels = kernels.eigenvalues.size();
  const int rows = static_cast<int>(n);

  std::vector<Complex> spectrum;
  for (int j = -grid.pattern_order_y; j <= grid.pattern_order_y; ++j)
    for (int m = -grid.pattern_order_x; m <= grid.pattern_order_x; ++m)
      spectrum.push_back(amplitudes.change * pattern.values[pattern.place(m, j)]);
  spectrum[middle] += amplitudes.background;

  // Fields E_k at the points: conj(phi M) first, so that the adjoint product gives phi M times the waves.
  std::vector<Complex> filtered(n * n_kernels), waves(n * points.size()), fields(n_kernels * points.size());
  for (std::size_t k = 0; k < n_kernels; ++k)
    for (std::size_t f = 0; f < n; ++f)
      filtered[k * n + f] = std::conj(kernels.values[k * n + f] * spectrum[f]);
  for (std::size_t i = 0; i < points.size(); ++i) orders.write_waves(points[i], waves.data() + i * n);
  math::add_product(math::Left::adjoint, filtered, rows, static_cast<int>(n_kernels), waves,
                    static_cast<int>(points.size()), fields);
  for (std::size_t i = 0; i < points.size(); ++i)
    for (std::size_t k = 0; k < n_kernels; ++k)
      fields[i * n_kernels + k] = kernels.eigenvalues[k] * std::conj(fields[i * n_kernels + k]);
  std::vector<Complex> back(n * points.size());
  math::add_product(math::Left::plain, kernels.values, rows, static_cast<int>(n_kernels), fields,
                    static_cast<int>(points.size()), back);

  // The pattern is real: orders f and -f share a row, and only the first half and the middle are kept.
  const auto half = static_cast<Eigen::Index>(middle + 1);
  Eigen::MatrixXd left(2 * half, static_cast<Eigen::Index>(points.size()));
  for (std::size_t i = 0; i < points.size(); ++i) {
    Complex* row = back.data() + i * n;
    for (std::size_t f = 0; f < n; ++f) {
      row[f] *= waves[i * n + f];
      if (!kernels.left_out.empty()) row[f] += kernels.left_out[f] * std::conj(spectrum[f]);
      row[f] *= 2.0 * amplitudes.change;
    }
    for (std::size_t f = 0; f <= middle; ++f) {
      const Complex both = f == middle ? row[f] : row[f] + std::conj(row[n - 1 - f]);
      left(static_cast<Eigen::Index>(2 * f), static_cast<Eigen::Index>(i)) = both.real();
      left(static_cast<Eigen::Index>(2 * f + 1), static_cast<Eigen::Index>(i)) = -both.imag();
    }
  }
  Eigen::MatrixXd right(2 * half, static_cast<Eigen::Index>(fragments.size()));
  std::vector<Complex> column(n);
  for (std::size_t j = 0; j < fragments.size(); ++j) {
    orders.write_fragment(fragments[j], column.data());
    for (std::size_t f = 0; f <= middle; ++f) {
      right(static_cast<Eigen::Index>(2 * f), static_cast<Eigen::Index>(j)) = column[f].real();
      right(static_cast<Eigen::Index>(2 * f + 1), static_cast<Eigen::Index>(j)) = column[f].imag();
    }
  }
  Eigen::MatrixXd result = Eigen::MatrixXd::Zero(left.cols(), right.cols());
  math::add_product(math::Left::adjoint, std::span(left.data(), static_cast<std::size_t>(left.size())),
                    static_cast<int>(left.rows()), static_cast<int>(left.cols()),
                    std::span(right.data(), static_cast<std::size_t>(right.size())),
                    static_cast<int>(right.cols()),
                    std::span(result.data(), static_cast<std::size_t>(result.size())));
  return result;
}

}  // namespace undulith::optimise
