// SPDX-License-Identifier: MIT
#include "undulith/mask/polygon_spectrum.hpp"

#include <cmath>
#include <map>

#include "mask/polygons/edge_integrals.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/math/unit_phase.hpp"

namespace undulith::mask {
namespace {

using Complex = std::complex<double>;
constexpr Complex kImaginaryUnit{0, 1};

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

// The horizontal edges for orders n >= 0: sum over their heights of h_n times the line integrals, which are conjugate
// for m and -m. Products of real and imaginary parts serve both.
std::vector<Complex> horizontal_edges(const Edges& edges, const Box& cell, int max_order_x, int max_order_y) {
  const std::size_t n_x = static_cast<std::size_t>(max_order_x) + 1,
                    n_y = static_cast<std::size_t>(max_order_y) + 1, n_heights = edges.horizontal.size();
  const std::size_t rows = whole_blocks(2 * n_y, kBlockRows), columns = whole_blocks(2 * n_x, kBlockColumns);
  std::vector<double> heights(rows * n_heights), lines(n_heights * columns), products(rows * columns);
  std::size_t i = 0;
  for (const auto& [y, line] : edges.horizontal) {
    Integrals along_y(max_order_y + 1, 2 * constants::kPi / cell.height());
    along_y.add(0, y, -1);
    for (std::size_t n = 0; n < n_y; ++n) {
      const Complex value = along_y(static_cast<int>(n));
      heights[2 * n * n_heights + i] = value.real();
      heights[(2 * n + 1) * n_heights + i] = value.imag();
    }
    Integrals along_x(max_order_x + 1, 2 * constants::kPi / cell.width());
    for (const Edge& edge : line) along_x.add(edge.x_mid - edge.dx / 2, edge.x_mid + edge.dx / 2, 1);
    for (std::size_t m = 0; m < n_x; ++m) {
      const Complex value = along_x(static_cast<int>(m));
      lines[i * columns + m] = value.real();
      lines[i * columns + n_x + m] = value.imag();
    }
    ++i;
  }
  multiply_blocks(heights.data(), lines.data(), products.data(), rows, n_heights, columns);

  std::vector<Complex> spectrum(n_y * (2 * n_x - 1));
  for (std::size_t n = 0; n < n_y; ++n) {
    const double *re = products.data() + 2 * n * columns, *im = re + columns;
    Complex* middle = spectrum.data() + n * (2 * n_x - 1) + n_x - 1;
    for (std::size_t m = 0; m < n_x; ++m) {
      const double re_re = re[m], re_im = re[n_x + m], im_re = im[m], im_im = im[n_x + m];
      middle[m] = {re_re - im_im, im_re + re_im};
      *(middle - m) = {re_re + im_im, im_re - re_im};
    }
  }
  return spectrum;
}

}  // namespace

std::vector<Complex> polygon_spectrum(const std::vector<layout::Polygon>& rings, const Box& cell,
                                      int max_order_x, int max_order_y) {
  const Edges edges = sort_edges(rings, cell);
  const int n_x = 2 * max_order_x + 1, n_y = max_order_y + 1;
  const double step_kx = 2 * constants::kPi / cell.width(), step_ky = 2 * constants::kPi / cell.height();
  std::vector<Complex> spectrum = horizontal_edges(edges, cell, max_order_x, max_order_y);
  for (const Edge& edge : edges.slanted)
    for (int n = 0; n < n_y; ++n)
      for (int m = 0; m < n_x; ++m)
        spectrum[static_cast<std::size_t>(n) * static_cast<std::size_t>(n_x) + static_cast<std::size_t>(m)] +=
            slanted_edge(edge, (m - max_order_x) * step_kx, n * step_ky);
  for (Complex& value : spectrum) value /= cell.width() * cell.height();
  return spectrum;
}

}  // namespace undulith::mask
