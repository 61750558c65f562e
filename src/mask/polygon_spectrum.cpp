// SPDX-License-Identifier: MIT
#include "mask/polygon_spectrum.hpp"

#include <Eigen/Core>
#include <cmath>
#include <map>

#include "undulith/core/constants.hpp"
#include "undulith/math/unit_phase.hpp"

namespace undulith::mask {
namespace {

using Complex = std::complex<double>;
using RowMatrix = Eigen::Matrix<Complex, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
constexpr Complex kImaginaryUnit{0, 1};

double sinc(double a) {
  return std::abs(a) < 1e-4 ? 1 - a * a / 6 : std::sin(a) / a;
}

// (sin a - a cos a) / (2 a^2): mean of u sin(2 a u) over u in (-1/2, 1/2).
double first_moment(double a) {
  return std::abs(a) < 1e-2 ? a / 6 * (1 - a * a / 10) : (std::sin(a) - a * std::cos(a)) / (2 * a * a);
}

// Integral of exp(-i kx x) dx along an edge from x to x + dx.
Complex integral_along_x(double kx, double x_mid, double dx) {
  return dx * sinc(kx * dx / 2) * std::polar(1.0, -kx * x_mid);
}

struct Edge {
  double x_mid, y_mid, dx, dy;
};

// Horizontal edges by height, and the slanted ones; coordinates relative to the corner of the cell.
struct Edges {
  std::map<double, std::vector<Edge>> horizontal;
  std::vector<Edge> slanted;
};

Edges sort_edges(const std::vector<layout::Polygon>& rings, const Box& cell) {
  Edges edges;
  for (const layout::Polygon& ring : rings) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const layout::Point a = ring[i], b = ring[(i + 1) % ring.size()];
      const Edge edge{(a.x + b.x) / 2 - cell.x0, (a.y + b.y) / 2 - cell.y0, b.x - a.x, b.y - a.y};
      if (edge.dx == 0) continue;
      if (edge.dy == 0)
        edges.horizontal[edge.y_mid].push_back(edge);
      else
        edges.slanted.push_back(edge);
    }
  }
  return edges;
}

// Sums of the integrals of exp(-i k x) over intervals, for k = 0, step, 2 step ...: differences of phases at
// the ends, made for all k at once.
class Integrals {
 public:
  Integrals(int count, double step)
      : step_(step), waves_(static_cast<std::size_t>(count)), phases_(waves_.size()), sums_(waves_.size()) {}

  void add(double from, double to, double weight) {
    length_ += weight * (to - from);
    add_phases(to, weight);
    add_phases(from, -weight);
  }
  [[nodiscard]] Complex operator()(int k) const {
    return k == 0 ? length_ : kImaginaryUnit / (k * step_) * sums_[static_cast<std::size_t>(k)];
  }

 private:
  void add_phases(double x, double weight) {
    const double turns = -step_ * x / (2 * constants::kPi);
    for (std::size_t k = 0; k < waves_.size(); ++k) waves_[k] = static_cast<double>(k) * turns;
    math::unit_phases(waves_, phases_);
    for (std::size_t k = 0; k < sums_.size(); ++k) sums_[k] += weight * phases_[k];
  }

  double step_, length_ = 0;
  std::vector<double> waves_;
  std::vector<Complex> phases_, sums_;
};

// -int h(y(x)) exp(-i kx x) dx along one slanted edge.
Complex slanted_edge(const Edge& edge, double kx, double ky) {
  const Complex along_x = integral_along_x(kx, edge.x_mid, edge.dx);
  if (ky == 0) {
    const Complex tilt = edge.dx * edge.dy * first_moment(kx * edge.dx / 2) *
                         std::polar(1.0, -kx * edge.x_mid) * -kImaginaryUnit;
    return -(edge.y_mid * along_x + tilt);
  }
  const Complex along_edge = edge.dx * sinc((kx * edge.dx + ky * edge.dy) / 2) *
                             std::polar(1.0, -(kx * edge.x_mid + ky * edge.y_mid));
  return (along_edge - along_x) / (kImaginaryUnit * ky);
}

}  // namespace

std::vector<Complex> polygon_spectrum(const std::vector<layout::Polygon>& rings, const Box& cell,
                                      int max_order_x, int max_order_y) {
  const Edges edges = sort_edges(rings, cell);
  const int n_x = 2 * max_order_x + 1, n_y = max_order_y + 1;
  const double step_kx = 2 * constants::kPi / cell.width(), step_ky = 2 * constants::kPi / cell.height();
  const auto n_heights = static_cast<Eigen::Index>(edges.horizontal.size());

  // Horizontal edges: the spectrum is (h_n of each height) x (line integrals of that height).
  RowMatrix heights(n_y, n_heights), lines(n_heights, n_x);
  Eigen::Index row = 0;
  for (const auto& [y, line] : edges.horizontal) {
    Integrals along_y(n_y, step_ky);
    along_y.add(0, y, -1);
    for (int n = 0; n < n_y; ++n) heights(n, row) = along_y(n);
    Integrals along_x(max_order_x + 1, step_kx);
    for (const Edge& edge : line) along_x.add(edge.x_mid - edge.dx / 2, edge.x_mid + edge.dx / 2, 1);
    for (int m = 0; m <= max_order_x; ++m) {
      lines(row, max_order_x + m) = along_x(m);
      lines(row, max_order_x - m) = std::conj(along_x(m));
    }
    ++row;
  }
  RowMatrix spectrum(n_y, n_x);
  spectrum.noalias() = heights * lines;

  for (const Edge& edge : edges.slanted)
    for (int n = 0; n < n_y; ++n)
      for (int m = 0; m < n_x; ++m)
        spectrum(n, m) += slanted_edge(edge, (m - max_order_x) * step_kx, n * step_ky);

  spectrum /= cell.width() * cell.height();
  return {spectrum.data(), spectrum.data() + spectrum.size()};
}

}  // namespace undulith::mask
