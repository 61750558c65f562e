// SPDX-License-Identifier: MIT
#include "undulith/mask/polygon_gradient.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "mask/polygons/edge_integrals.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/math/unit_phase.hpp"

namespace undulith::mask {
namespace {

using Complex = std::complex<double>;

// Phases exp(2 pi i k x / period), k = 0 .. max_order, of each distinct coordinate.
class CoordinatePhases {
 public:
  CoordinatePhases(std::vector<double> coordinates, double origin, double period, int max_order)
      : coordinates_(std::move(coordinates)), n_orders_(static_cast<std::size_t>(max_order) + 1) {
    std::ranges::sort(coordinates_);
    coordinates_.erase(std::unique(coordinates_.begin(), coordinates_.end()), coordinates_.end());
    std::vector<double> waves;
    waves.reserve(coordinates_.size() * n_orders_);
    for (const double x : coordinates_)
      for (std::size_t k = 0; k < n_orders_; ++k)
        waves.push_back(static_cast<double>(k) * ((x - origin) / period));
    phases_.resize(waves.size());
    math::unit_phases(waves, phases_);
  }
  [[nodiscard]] std::size_t size() const { return coordinates_.size(); }
  [[nodiscard]] std::size_t place(double x) const {
    return static_cast<std::size_t>(std::ranges::lower_bound(coordinates_, x) - coordinates_.begin());
  }
  [[nodiscard]] std::span<const Complex> at_place(std::size_t place) const {
    return std::span(phases_).subspan(place * n_orders_, n_orders_);
  }
  [[nodiscard]] std::span<const Complex> at(double x) const { return at_place(place(x)); }

 private:
  std::vector<double> coordinates_;
  std::size_t n_orders_;
  std::vector<Complex> phases_;
};

// The real function g of the plane: coefficients of all orders, g_{-m,-n} = conj g_mn.
class Sensitivity {
 public:
  Sensitivity(int max_x, int max_y, std::span<const Complex> d_pattern, double area)
      : max_x_(max_x), max_y_(max_y), values_(d_pattern.begin(), d_pattern.end()) {
    const std::size_t n = values_.size();
    if (n != static_cast<std::size_t>(2 * max_x + 1) * static_cast<std::size_t>(2 * max_y + 1))
      throw std::invalid_argument("polygon_gradient: the sensitivity has another number of orders");
    for (std::size_t i = 0; i < n; ++i)
      values_[i] = (d_pattern[i] + std::conj(d_pattern[n - 1 - i])) / (2 * area);
  }
  [[nodiscard]] int max_x() const { return max_x_; }
  [[nodiscard]] int max_y() const { return max_y_; }
  [[nodiscard]] Complex operator()(int m, int n) const {
    return values_[static_cast<std::size_t>(n + max_y_) * static_cast<std::size_t>(2 * max_x_ + 1) +
                   static_cast<std::size_t>(m + max_x_)];
  }

 private:
  int max_x_, max_y_;
  std::vector<Complex> values_;
};

// On each line of a set of parallel lines g is Re sum_{k >= 0} q_k exp(i k x): the q_k of all lines, by one product of the
// phases of the lines with the coefficients of g.
class LineSeries {
 public:
  // along(k, j) is the coefficient of order k along the lines and order j across them.
  template <class Coefficient>
  LineSeries(const CoordinatePhases& across, int max_along, int max_across, const Coefficient& along)
      : n_along_(static_cast<std::size_t>(max_along) + 1),
        columns_(whole_blocks(2 * n_along_, kBlockColumns)) {
    const std::size_t n_across = static_cast<std::size_t>(max_across) + 1, inner = 2 * n_across,
                      rows = whole_blocks(across.size(), kBlockRows);
    std::vector<double> phases(rows * inner), coefficients(inner * columns_);
    for (std::size_t i = 0; i < across.size(); ++i)
      for (std::size_t j = 0; j < n_across; ++j) {
        phases[i * inner + 2 * j] = across.at_place(i)[j].real();
        phases[i * inner + 2 * j + 1] = across.at_place(i)[j].imag();
      }
    // The coefficients of k and -k share one q: q_k = P_k + conj P_{-k}.
    for (int j = 0; j <= max_across; ++j)
      for (int k = 0; k <= max_along; ++k) {
        const double weight = j == 0 ? 1 : 2;
        const Complex a = weight * along(k, j), b = k == 0 ? Complex() : weight * along(-k, j);
        double* real = coefficients.data() + 2 * static_cast<std::size_t>(j) * columns_ + k;
        double* imag = real + columns_;
        real[0] = a.real() + b.real();
        imag[0] = -a.imag() - b.imag();
        real[n_along_] = a.imag() - b.imag();
        imag[n_along_] = a.real() - b.real();
      }
    series_.resize(rows * columns_);
    multiply_blocks(phases.data(), coefficients.data(), series_.data(), rows, inner, columns_);
  }
  [[nodiscard]] Complex operator()(std::size_t line, std::size_t k) const {
    const double* row = series_.data() + line * columns_ + k;
    return {row[0], row[n_along_]};
  }

 private:
  std::size_t n_along_, columns_;
  std::vector<double> series_;
};

// Means of (1 - u) g and u g along an edge.
struct EdgeMeans {
  double falling = 0, rising = 0;
};

void add_real(EdgeMeans& sum, Complex coefficient, const HatIntegrals& hat) {
  sum.falling += coefficient.real() * hat.falling.real() - coefficient.imag() * hat.falling.imag();
  sum.rising += coefficient.real() * hat.rising.real() - coefficient.imag() * hat.rising.imag();
}

class EdgeIntegrator {
 public:
  EdgeIntegrator(std::span<const layout::Polygon> rings, const Box& cell, const Sensitivity& g)
      : g_(g),
        step_x_(2 * constants::kPi / cell.width()),
        step_y_(2 * constants::kPi / cell.height()),
        x_(coordinates(rings, &layout::Point::x), cell.x0, cell.width(), g.max_x()),
        y_(coordinates(rings, &layout::Point::y), cell.y0, cell.height(), g.max_y()),
        rows_(y_, g.max_x(), g.max_y(), [&](int m, int n) { return g(m, n); }),
        columns_(x_, g.max_y(), g.max_x(), [&](int n, int m) { return g(m, n); }) {}

  [[nodiscard]] EdgeMeans operator()(layout::Point a, layout::Point b) const {
    if (a.y == b.y) return on_line(rows_, y_.place(a.y), x_.at(a.x), x_.at(b.x), step_x_ * (b.x - a.x));
    if (a.x == b.x) return on_line(columns_, x_.place(a.x), y_.at(a.y), y_.at(b.y), step_y_ * (b.y - a.y));
    return slanted(a, b);
  }

 private:
  static std::vector<double> coordinates(std::span<const layout::Polygon> rings,
                                         double layout::Point::*axis) {
    std::vector<double> values;
    for (const layout::Polygon& ring : rings)
      for (const layout::Point& point : ring) values.push_back(point.*axis);
    return values;
  }
  static EdgeMeans on_line(const LineSeries& series, std::size_t line, std::span<const Complex> start,
                           std::span<const Complex> end, double step) {
    EdgeMeans sum;
    std::size_t k = 0;
    for (; k < start.size() && static_cast<double>(k) * std::abs(step) < kSeriesBelow; ++k)
      add_real(sum, series(line, k), hat_integrals(start[k], end[k], static_cast<double>(k) * step));
    // As hat_integrals(), in real numbers: most of the time goes here.
    for (; k < start.size(); ++k) {
      const double inverse = 1 / (static_cast<double>(k) * step);
      const double whole_re = (end[k].imag() - start[k].imag()) * inverse,
                   whole_im = (start[k].real() - end[k].real()) * inverse;
      const double rising_re = (end[k].imag() - whole_im) * inverse,
                   rising_im = (whole_re - end[k].real()) * inverse;
      const Complex q = series(line, k);
      const double rising = q.real() * rising_re - q.imag() * rising_im;
      sum.rising += rising;
      sum.falling += q.real() * whole_re - q.imag() * whole_im - rising;
    }
    return sum;
  }
  [[nodiscard]] EdgeMeans slanted(layout::Point a, layout::Point b) const {
    const std::span<const Complex> x_a = x_.at(a.x), x_b = x_.at(b.x), y_a = y_.at(a.y), y_b = y_.at(b.y);
    EdgeMeans sum;
    for (int n = 0; n <= g_.max_y(); ++n)
      for (int m = -g_.max_x(); m <= g_.max_x(); ++m) {
        const auto k = static_cast<std::size_t>(std::abs(m)), j = static_cast<std::size_t>(n);
        const Complex start = (m < 0 ? std::conj(x_a[k]) : x_a[k]) * y_a[j],
                      end = (m < 0 ? std::conj(x_b[k]) : x_b[k]) * y_b[j];
        add_real(sum, (n == 0 ? 1.0 : 2.0) * g_(m, n),
                 hat_integrals(start, end, m * step_x_ * (b.x - a.x) + n * step_y_ * (b.y - a.y)));
      }
    return sum;
  }

  const Sensitivity& g_;
  double step_x_, step_y_;
  CoordinatePhases x_, y_;
  LineSeries rows_, columns_;
};

RingGradient ring_gradient(const layout::Polygon& ring, const EdgeIntegrator& integrate) {
  const std::size_t n = ring.size();
  RingGradient result{std::vector<layout::Point>(n), std::vector<double>(n)};
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t next = (i + 1) % n;
    const double dx = ring[next].x - ring[i].x, dy = ring[next].y - ring[i].y;
    const EdgeMeans means = integrate(ring[i], ring[next]);
    result.d_vertex[i].x += dy * means.falling;
    result.d_vertex[i].y -= dx * means.falling;
    result.d_vertex[next].x += dy * means.rising;
    result.d_vertex[next].y -= dx * means.rising;
    result.d_offset[i] = std::hypot(dx, dy) * (means.falling + means.rising);
  }
  return result;
}

}  // namespace

std::vector<RingGradient> polygon_gradient(std::span<const layout::Polygon> rings, const Box& cell,
                                           int max_order_x, int max_order_y,
                                           std::span<const Complex> d_pattern) {
  const Sensitivity g(max_order_x, max_order_y, d_pattern, cell.width() * cell.height());
  const EdgeIntegrator integrate(rings, cell, g);
  std::vector<RingGradient> result(rings.size());
  parallel_for(static_cast<int>(rings.size()), [&](int i) {
    const auto ring = static_cast<std::size_t>(i);
    result[ring] = ring_gradient(rings[ring], integrate);
  });
  return result;
}

}  // namespace undulith::mask
