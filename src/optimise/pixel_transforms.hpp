// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <vector>

#include "optimise/pixels.hpp"
#include "undulith/optimise/image_model.hpp"

namespace undulith::optimise {

/// Between the pixels of a cell and a model: from the share of each pixel that is inside the pattern to the coefficients
/// of the pattern, and from the samples of an image to its values at the middle of each pixel. Both are exact for what
/// they say: pixels are squares of constant share, images are band-limited. Products of matrices, one per axis.
///
/// Cost O(pixels (orders + samples) along an axis). Single precision: 1e-6.
class PixelTransforms {
 public:
  PixelTransforms(const ModelGrid& grid, int nx, int ny);

  [[nodiscard]] int nx() const { return nx_; }
  [[nodiscard]] int ny() const { return ny_; }

  [[nodiscard]] Pattern pattern_of(const Pixels& share) const;
  /// The adjoint: dL/dshare from d_pattern, dL = Re sum conj(d_pattern) dc.
  [[nodiscard]] Pixels share_gradient(const Pattern& d_pattern) const;

  [[nodiscard]] Pixels image_at_pixels(const imaging::CellSamples& samples) const;
  /// The adjoint, added to the gradient of the samples.
  void add_samples_gradient(const Pixels& d_image, imaging::CellSamples& d_samples) const;

 private:
  int nx_, ny_, order_x_, order_y_, samples_x_, samples_y_;
  // Row-major. Waves along x of orders 0 .. order_x, real parts then imaginary ones: nx x 2 (order_x + 1).
  std::vector<float> waves_x_, waves_x_transposed_;
  // Waves along y of orders -order_y .. order_y, real parts then imaginary ones: 2 (2 order_y + 1) x ny.
  std::vector<float> waves_y_;
  std::vector<float> to_x_, to_x_transposed_,
      to_y_;  // interpolation: nx x samples_x, its transpose, ny x samples_y
};

/// Weights that give a band-limited periodic function at any places from `n` samples over the period.
/// @param at  places in periods    @param max_order  of the function, <= (n - 1) / 2
/// @return    row-major, at.size() x n
[[nodiscard]] std::vector<float> interpolation_weights(const std::vector<double>& at, int n, int max_order);

}  // namespace undulith::optimise
