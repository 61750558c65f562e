// SPDX-License-Identifier: MIT
#include "undulith/optimise/image_point.hpp"

#include <array>
#include <complex>

#include "undulith/core/constants.hpp"
#include "undulith/math/unit_phase.hpp"

namespace undulith::optimise {
namespace {

// D(u - u_j), D' and D'' at the n samples u_j = j period / n, u from the first one. The cosines of an order m take the
// values of n equal steps of the circle.
std::vector<double> dirichlet_weights(double u, double period, std::size_t n, int max_order) {
  std::vector<double> turns(static_cast<std::size_t>(max_order) + 1 + n);
  for (std::size_t m = 0; m <= static_cast<std::size_t>(max_order); ++m)
    turns[m] = static_cast<double>(m) * (u / period);
  for (std::size_t j = 0; j < n; ++j)
    turns[static_cast<std::size_t>(max_order) + 1 + j] = -static_cast<double>(j) / static_cast<double>(n);
  std::vector<std::complex<double>> phases(turns.size());
  math::unit_phases(turns, phases);
  const std::complex<double>* step = phases.data() + max_order + 1;

  std::vector<double> weights(3 * n);
  const double scale = 1 / static_cast<double>(n);
  for (std::size_t j = 0; j < n; ++j) weights[j] = scale;
  for (std::size_t m = 1; m <= static_cast<std::size_t>(max_order); ++m) {
    const double k = 2 * constants::kPi * static_cast<double>(m) / period;
    const double re = 2 * scale * phases[m].real(), im = 2 * scale * phases[m].imag();
    for (std::size_t j = 0, at = 0; j < n; ++j) {
      const double cosine = re * step[at].real() - im * step[at].imag(),
                   sine = re * step[at].imag() + im * step[at].real();
      weights[j] += cosine;
      weights[n + j] -= k * sine;
      weights[2 * n + j] -= k * k * cosine;
      at += m;
      if (at >= n) at -= n;
    }
  }
  return weights;
}

}  // namespace

ImagePoint::ImagePoint(const ModelGrid& grid, double x, double y, double direction_x, double direction_y)
    : nx_(static_cast<std::size_t>(grid.nx)),
      ny_(static_cast<std::size_t>(grid.ny)),
      direction_x_(direction_x),
      direction_y_(direction_y),
      x_(dirichlet_weights(x - grid.cell.x0, grid.cell.width(), nx_, grid.image_order_x)),
      y_(dirichlet_weights(y - grid.cell.y0, grid.cell.height(), ny_, grid.image_order_y)) {}

ImageJet ImagePoint::jet(const imaging::CellSamples& image) const {
  // d[i][j]: derivative of order i in x and j in y.
  double d00 = 0, d10 = 0, d20 = 0, d01 = 0, d11 = 0, d02 = 0;
  const double *x0 = x_.data(), *x1 = x0 + nx_, *x2 = x1 + nx_;
  for (std::size_t iy = 0; iy < ny_; ++iy) {
    const double* row = image.data() + iy * nx_;
    double sum0 = 0, sum1 = 0, sum2 = 0;
    for (std::size_t ix = 0; ix < nx_; ++ix) {
      sum0 += x0[ix] * row[ix];
      sum1 += x1[ix] * row[ix];
      sum2 += x2[ix] * row[ix];
    }
    const double y0 = y_[iy], y1 = y_[ny_ + iy], y2 = y_[2 * ny_ + iy];
    d00 += y0 * sum0;
    d10 += y0 * sum1;
    d20 += y0 * sum2;
    d01 += y1 * sum0;
    d11 += y1 * sum1;
    d02 += y2 * sum0;
  }
  const double u = direction_x_, v = direction_y_;
  return {d00, u * d10 + v * d01, u * u * d20 + 2 * u * v * d11 + v * v * d02};
}

void ImagePoint::add_adjoint(double d_value, double d_slope, imaging::CellSamples& sensitivity) const {
  for (std::size_t iy = 0; iy < ny_; ++iy) {
    double* row = sensitivity.data() + iy * nx_;
    const double of_x = d_value * y_[iy] + d_slope * direction_y_ * y_[ny_ + iy],
                 of_slope = d_slope * direction_x_ * y_[iy];
    for (std::size_t ix = 0; ix < nx_; ++ix) row[ix] += of_x * x_[ix] + of_slope * x_[nx_ + ix];
  }
}

}  // namespace undulith::optimise
