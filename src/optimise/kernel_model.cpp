// SPDX-License-Identifier: MIT
#include <stdexcept>

#include "undulith/math/fft.hpp"
#include "undulith/optimise/image_model.hpp"

namespace undulith::optimise {
namespace {

ModelGrid grid_of(const Box& cell, const std::vector<imaging::SocsKernels>& planes) {
  if (planes.empty()) throw std::invalid_argument("KernelModel: no plane");
  const int order_x = planes.front().max_order_x, order_y = planes.front().max_order_y;
  return {.cell = cell,
          .pattern_order_x = order_x,
          .pattern_order_y = order_y,
          .image_order_x = 2 * order_x,
          .image_order_y = 2 * order_y,
          .nx = math::good_fft_length(4 * order_x + 1),
          .ny = math::good_fft_length(4 * order_y + 1),
          .n_planes = static_cast<int>(planes.size())};
}

}  // namespace

KernelModel::KernelModel(const Box& cell, std::vector<imaging::SocsKernels> planes,
                         PatternAmplitudes amplitudes, Precision precision)
    : grid_(grid_of(cell, planes)),
      planes_(std::move(planes)),
      amplitudes_(amplitudes),
      imager_(planes_, grid_.nx, grid_.ny, precision) {}

std::vector<std::complex<double>> KernelModel::spectrum_of(const Pattern& pattern) const {
  const int order_x = grid_.pattern_order_x, order_y = grid_.pattern_order_y;
  if (pattern.max_order_x < order_x || pattern.max_order_y < order_y)
    throw std::invalid_argument("KernelModel: the pattern has fewer orders than the kernels");
  std::vector<std::complex<double>> spectrum;
  spectrum.reserve(planes_.front().size());
  for (int n = -order_y; n <= order_y; ++n)
    for (int m = -order_x; m <= order_x; ++m)
      spectrum.push_back(amplitudes_.change * pattern.values[pattern.place(m, n)] +
                         (m == 0 && n == 0 ? amplitudes_.background : 0.0));
  return spectrum;
}

Images KernelModel::images(const Pattern& pattern) const {
  return imager_.images(spectrum_of(pattern));
}

ImageModel::Gradient KernelModel::gradient(const Pattern& pattern,
                                           const std::function<Images(const Images&)>& sensitivity) const {
  Images images;
  imaging::KernelImages::Gradient part =
      imager_.gradient(spectrum_of(pattern), [&](std::span<const imaging::CellSamples> samples) {
        images.assign(samples.begin(), samples.end());
        return sensitivity(images);
      });
  for (std::complex<double>& value : part.d_spectrum) value *= std::conj(amplitudes_.change);
  return {std::move(images), {grid_.pattern_order_x, grid_.pattern_order_y, std::move(part.d_spectrum)}};
}

}  // namespace undulith::optimise
