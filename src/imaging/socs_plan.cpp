// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "imaging/socs_image.hpp"
#include "undulith/imaging/socs.hpp"

namespace undulith::imaging {
namespace {

// Measured on one core at 2.5 GHz: products of matrices, dense eigenproblems per n^3, and the sums of
// Gram-Schmidt, which are not in BLAS; blocks of a Krylov space until it has converged.
constexpr double kProductFlops = 25e9, kGramFlops = 40e9, kEigenSeconds = 8e-10, kSumFlops = 2e9;
constexpr double kTiles = 1.6;  // tiles are larger than the pupils within them
constexpr double kBlocks = 5, kSpareColumns = 8, kProbeKernels = 24;
constexpr double kComplexBytes = 16, kBlockMb = 67;  // a block of rows of the matrix of systems
// Kernels for which a requested error is tried.
constexpr double kUsualKernels = 48;

}  // namespace

SocsCost socs_cost(double n_systems, double n_orders, double pupil_orders, double samples,
                   SystemSymmetry symmetry, const ImagingParameters& imaging) {
  const SocsParameters& parameters = imaging.socs;
  const bool given = !parameters.kernels.empty();
  const double kernels =
      given ? static_cast<double>(parameters.kernels.eigenvalues.size())
            : std::min(n_systems, parameters.requested_error > 0 ? kUsualKernels
                                                                 : static_cast<double>(parameters.n_kernels));
  const double images_s = (kernels + kProbeKernels) * transform_seconds(samples, imaging.precision);
  const double kernels_mb = (kernels + kProbeKernels) * n_orders * kComplexBytes / 1e6;
  if (given) return {images_s, kernels_mb};
  // Flops of one column through the matrix of systems, of which tiles hold the pupils alone.
  const double pass = (symmetry.is_real ? 3 : 8) * n_systems * n_orders;
  // Of opposite systems one is kept; half of the Gram matrix is made, for two eigenproblems of half the size.
  const double kept = symmetry.is_even ? 0.5 : 1, gram = kept, eigen = kept * kept;
  const double element_bytes = symmetry.is_real ? kComplexBytes / 2 : kComplexBytes;
  SocsCost cost{.cpu_s = images_s + (kernels + kProbeKernels) * pass / kProductFlops,
                .memory_mb = kernels_mb + kTiles * kept * n_systems * pupil_orders * element_bytes / 1e6 +
                             std::min(kBlockMb, n_systems * n_orders * kComplexBytes / 1e6)};
  const double repeats = parameters.requested_error > 0 ? 3 : 1;  // other numbers of kernels are tried
  if (n_systems <= kDenseLimit || kernels > n_systems / 4) {
    cost.cpu_s += gram * 4 * n_systems * n_systems * n_orders / kGramFlops +
                  eigen * kEigenSeconds * n_systems * n_systems * n_systems;
    cost.memory_mb += 3 * n_systems * n_systems * kComplexBytes / 1e6;
    return cost;
  }
  const double width = kernels + kSpareColumns;
  cost.cpu_s +=
      repeats * kBlocks * (2 * width * pass / kProductFlops + 32 * width * width * n_systems / kSumFlops);
  cost.memory_mb += 2 * kBlocks * width * n_systems * kComplexBytes / 1e6;
  return cost;
}

}  // namespace undulith::imaging
