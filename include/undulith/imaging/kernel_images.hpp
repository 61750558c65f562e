// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "undulith/imaging/parameters.hpp"

/// Images of coherent kernels and their gradient, for the optimisation of a mask: the same kernels serve many spectra.
namespace undulith::imaging {

/// Samples of one image over a cell, ny rows of nx, relative to the open frame.
using CellSamples = std::vector<double>;

/// The images of one spectrum of the mask in several planes, each with its own kernels.
///
/// Calls are const and may run on many threads. A call itself runs on one thread.
class KernelImages {
 public:
  /// @param planes  >= 1, all of one cell and with the same orders
  /// @param nx, ny  samples of an image over the cell, 2^a 3^b 5^c and >= 4 max_order + 1 of the kernels
  /// @param precision  float32: errors of about 1e-6 of the largest intensity
  /// @throws std::invalid_argument  planes of different orders, too few samples, other factors
  KernelImages(const std::vector<SocsKernels>& planes, int nx, int ny,
               Precision precision = Precision::float64);
  ~KernelImages();
  KernelImages(KernelImages&&) noexcept;
  KernelImages& operator=(KernelImages&&) noexcept;

  [[nodiscard]] int n_planes() const;
  [[nodiscard]] int max_order_x() const;  ///< of the kernels
  [[nodiscard]] int max_order_y() const;
  [[nodiscard]] int nx() const;
  [[nodiscard]] int ny() const;

  /// @param spectrum   of the mask on the orders of the kernels, as Diffraction::amplitudes
  /// @param n_kernels  of each plane, the strongest; 0: all of them
  /// @throws std::invalid_argument  another number of orders
  [[nodiscard]] std::vector<CellSamples> images(std::span<const std::complex<double>> spectrum,
                                                int n_kernels = 0) const;

  struct Gradient {
    std::vector<CellSamples> images;
    /// dL = Re sum_f conj(d_spectrum(f)) dM(f)
    std::vector<std::complex<double>> d_spectrum;
  };
  /// The images and the gradient of a number L of them.
  /// @param sensitivity  returns dL/dI at each sample of each image
  /// Accuracy: rounding. Cost: two images (the fields are kept between them).
  [[nodiscard]] Gradient gradient(
      std::span<const std::complex<double>> spectrum,
      const std::function<std::vector<CellSamples>(std::span<const CellSamples>)>& sensitivity,
      int n_kernels = 0) const;

  class Impl;

 private:
  std::unique_ptr<const Impl> impl_;
};

}  // namespace undulith::imaging
