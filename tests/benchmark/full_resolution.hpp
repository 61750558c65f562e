// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <span>
#include <vector>

#include "undulith/illuminator/illuminator.hpp"
#include "undulith/mask/mask.hpp"

/// What most imaging codes do: one transform of the whole output grid for every source point or kernel.
namespace undulith::benchmark {

enum class PlanEffort { estimate, measure };

/// Sum of w |field|^2 on n x n pixels, each field by an FFT of n x n; the cell is square.
class FullResolutionImager {
 public:
  FullResolutionImager(int n, PlanEffort effort);
  FullResolutionImager(const FullResolutionImager&) = delete;
  FullResolutionImager& operator=(const FullResolutionImager&) = delete;
  ~FullResolutionImager();

  /// intensity += weight |sum_f M(f) kernel(f) exp(2 pi i f x)|^2; kernel has the shape of the mask's
  /// amplitudes.
  void add(const mask::Diffraction& mask, std::span<const std::complex<double>> kernel, double weight,
           std::vector<double>& intensity) const;

 private:
  struct Work;
  int n_;
  Work* work_;
};

/// Pupil of one source point on the orders of the mask: 1 where the order passes, else 0.
[[nodiscard]] std::vector<std::complex<double>> abbe_kernel(const mask::Diffraction& mask,
                                                            const illuminator::SourcePoint& point, double na);

/// The strongest coherent systems of a source (SOCS): eigenvalues and kernels of the transmission cross
/// coefficient, from the Gram matrix of the source points.
struct Socs {
  std::vector<double> eigenvalues;
  std::vector<std::vector<std::complex<double>>> kernels;
};
[[nodiscard]] Socs make_socs(const mask::Diffraction& mask, const illuminator::PupilFill& fill, double na,
                             int n_kernels);

}  // namespace undulith::benchmark
