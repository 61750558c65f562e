// SPDX-License-Identifier: MIT
#include "undulith/optimise/fine_image.hpp"

#include <algorithm>
#include <cmath>

#include "optimise/neighbour_weights.hpp"
#include "undulith/math/fft.hpp"
#include "undulith/math/fourier_series.hpp"

namespace undulith::optimise {
namespace {

constexpr std::size_t kImageNeighbours = 12;
constexpr int kSamplesPerPeriod = 12;

// The sample before a place, the first of its neighbours, and how far the place lies behind it.
struct Start {
  int first = 0;
  double t = 0;
};

Start start_of(double u, int n) {
  const double place = u * n, before = std::floor(place);
  return {static_cast<int>(std::fmod(before, n)) + 1 - static_cast<int>(kImageNeighbours / 2),
          place - before};
}

int wrapped(int i, int n) {
  return i < 0 ? i + n : i >= n ? i - n : i;
}

}  // namespace

FineImage::FineImage(const ModelGrid& grid, const imaging::CellSamples& image)
    : FineImage(math::FourierSeries2D(grid.cell, grid.nx, grid.ny, image, grid.image_order_x,
                                      grid.image_order_y)) {}

FineImage::FineImage(const math::FourierSeries2D& series)
    : cell_(series.cell()),
      shortest_period_nm_(std::min(series.cell().width() / std::max(1, series.max_order_x()),
                                   series.cell().height() / std::max(1, series.max_order_y()))) {
  const auto samples = [](int order) {
    return math::good_fft_length(std::max(static_cast<int>(2 * kImageNeighbours), kSamplesPerPeriod * order));
  };
  samples_ = series.sample_cell(samples(series.max_order_x()), samples(series.max_order_y()));
}

ImageJet FineImage::jet(double x, double y, double direction_x, double direction_y) const {
  static const NeighbourWeights<kImageNeighbours> weights;
  const int nx = samples_.nx(), ny = samples_.ny();
  const auto periods = [](double distance, double period) {
    const double u = distance / period;
    return u - std::floor(u);
  };
  const Start at_x = start_of(periods(x - cell_.x0, cell_.width()), nx),
              at_y = start_of(periods(y - cell_.y0, cell_.height()), ny);
  const auto x0 = weights.value(at_x.t), x1 = weights.slope(at_x.t), x2 = weights.curvature(at_x.t);
  const auto y0 = weights.value(at_y.t), y1 = weights.slope(at_y.t), y2 = weights.curvature(at_y.t);
  std::array<int, kImageNeighbours> columns{};
  for (std::size_t i = 0; i < kImageNeighbours; ++i)
    columns[i] = wrapped(at_x.first + static_cast<int>(i), nx);
  // d[i][j]: derivative of order i in x and j in y.
  double d00 = 0, d10 = 0, d20 = 0, d01 = 0, d11 = 0, d02 = 0;
  for (std::size_t j = 0; j < kImageNeighbours; ++j) {
    const double* row = &samples_(wrapped(at_y.first + static_cast<int>(j), ny), 0);
    double sum0 = 0, sum1 = 0, sum2 = 0;
    for (std::size_t i = 0; i < kImageNeighbours; ++i) {
      const double sample = row[columns[i]];
      sum0 += x0[i] * sample;
      sum1 += x1[i] * sample;
      sum2 += x2[i] * sample;
    }
    d00 += y0[j] * sum0;
    d10 += y0[j] * sum1;
    d20 += y0[j] * sum2;
    d01 += y1[j] * sum0;
    d11 += y1[j] * sum1;
    d02 += y2[j] * sum0;
  }
  const double u = direction_x * nx / cell_.width(), v = direction_y * ny / cell_.height();
  return {d00, u * d10 + v * d01, u * u * d20 + 2 * u * v * d11 + v * v * d02};
}

}  // namespace undulith::optimise
