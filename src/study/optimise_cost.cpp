// SPDX-License-Identifier: MIT
#include "undulith/study/optimise_cost.hpp"

#include <algorithm>
#include <cmath>

#include "undulith/imaging/imaging.hpp"
#include "undulith/job/imaging_kernels.hpp"

namespace undulith::study {
namespace {

// Seconds of one operation and bytes, measured on one core for the jobs of tests/cli/test_optimise.sh, example 08 and clips of
// the ICCAD 2013 contest.
constexpr double kPixelSeconds = 10e-9;    // of one pixel in one condition of one step
constexpr double kFieldSeconds = 12e-9;    // of one sample of one kernel's field, with the gradient
constexpr double kFinishSeconds = 0.3e-6;  // rules and areas on the finest pixels, each
constexpr double kMatrixSeconds = 0.6e-9;  // of one site, condition, order and fragment or kernel
constexpr double kKernelSeconds = 2e-9;    // of one source point and pair of orders
constexpr double kKernelMb = 80, kFinestPixelBytes = 24;
constexpr double kCostPixelsPerPeriod = 15, kFinest = 4, kCoarseShare = 300.0 / 540, kCoarsePixels = 0.25;
constexpr double kSearchImages = 10, kJudged = 3, kStepsPerImage = 4, kGradientImages = 2;

double perimeter_nm(const layout::Clip& clip) {
  double sum = 0;
  for (const layout::Polygon& ring : clip.rings)
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const layout::Point &a = ring[i], &b = ring[(i + 1) % ring.size()];
      sum += std::hypot(b.x - a.x, b.y - a.y);
    }
  return sum;
}

}  // namespace

OptimiseCost optimise_cost(const flow::Prepared& prepared) {
  const job::Job& job = prepared.job;
  const job::OptimiseTable& table = job.optimise;
  const Box& cell = prepared.clip.cell;
  const bool thick = mask::model_of(job.mask) != mask::Model::thin;
  const bool from_file = !job.imaging.kernel_file.empty();
  const bool is_free = table.method == job::OptimiseMethod::ilt;
  const double conditions = 1 + 2 * static_cast<double>(table.bands.size()),
               planes = 1 + static_cast<double>(table.bands.size());
  double limit_per_nm = imaging::max_mask_frequency_per_nm(job.imaging.na, job.source.wavelength_nm,
                                                           prepared.pupil_fill.sigma_max);
  double shortest_nm = job.source.wavelength_nm / (2 * job.imaging.na);
  if (from_file) {  // kernels know no aperture
    limit_per_nm =
        job::read_kernels(job.imaging.kernel_file, job.imaging.kernel_period_nm).max_order_x / cell.width();
    shortest_nm = 1 / (2 * limit_per_nm);
  }
  const double orders = (2 * cell.width() * limit_per_nm + 1) * (2 * cell.height() * limit_per_nm + 1),
               samples =
                   (4 * cell.width() / (2 * shortest_nm) + 1) * (4 * cell.height() / (2 * shortest_nm) + 1);
  const double pixel_nm = table.pixel_nm > 0 ? table.pixel_nm : shortest_nm / kCostPixelsPerPeriod;
  const double pixels = cell.width() / pixel_nm * cell.height() / pixel_nm,
               finest = kFinest * kFinest * pixels;
  const double kernels = job.imaging.socs.n_kernels > 0 ? job.imaging.socs.n_kernels : 24;
  const bool makes_kernels = !from_file && !(thick && is_free);

  OptimiseCost cost{.memory_mb = (makes_kernels ? kKernelMb : 0) + 1e-6 * kFinestPixelBytes * finest +
                                 (thick ? prepared.mask_plan.memory_mb : 0)};
  if (makes_kernels) cost.cpu_s += kKernelSeconds * planes * prepared.plan.n_points * orders * orders;
  const double image_s = thick ? prepared.mask_plan.cpu_s + prepared.plan.cpu_s
                               : kFieldSeconds * planes * kernels * samples / kGradientImages;
  cost.cpu_s += kJudged * image_s + kFinishSeconds * finest;
  if (is_free) {
    const double pixel_s =
        kPixelSeconds * conditions * pixels * (kCoarseShare * kCoarsePixels + 1 - kCoarseShare);
    cost.cpu_s += table.n_steps * (kGradientImages * image_s + pixel_s);
  } else {
    const double piece_nm = 1 / limit_per_nm / 3, fragments = perimeter_nm(prepared.clip) / piece_nm,
                 sites = 2 * fragments;
    cost.cpu_s += kSearchImages * (image_s + kStepsPerImage * kMatrixSeconds * sites * conditions * orders *
                                                 (kernels + fragments));
  }
  return cost;
}

}  // namespace undulith::study
