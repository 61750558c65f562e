// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "mask/directions.hpp"
#include "mask/order_set.hpp"
#include "mask/polygons/pattern_coefficients.hpp"
#include "mask/pupil_axes.hpp"
#include "mask/thick_mask.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/mask/defects.hpp"

namespace undulith::mask {
namespace {

using Complex = std::complex<double>;

// Measured on one core at 2.5 GHz (tests/tools/fit_costs.py): of a solution with N orders in two dimensions N^3 times the
// first, in one N^3 times the second with a part that grows as N^2; of a direction, for each pixel and pass of a slice,
// and for each pixel at the mirror; of the table of the mirror at one wavelength.
constexpr double kRigorousSeconds = 2.9e-8, kLineSeconds = 1e-8, kOrderSeconds = 1e-6,
                 kPixelSeconds = 4.2e-10, kMirrorSeconds = 7.5e-8, kTableSeconds = 6e-3;

MaskPlan plan_rigorous(const MaskGeometry& geometry, const MaskParameters& parameters, MaskPlan plan,
                       double wavelength_nm) {
  const Variation variation = variation_of(geometry);
  const TangentialVector step{wavelength_nm / geometry.cell.width(), wavelength_nm / geometry.cell.height()};
  const int expected = keep_orders(variation, {}, step,
                                   suggested_truncation(geometry, wavelength_nm, parameters.solver.max_error))
                           .size();
  plan.n_orders = std::min(expected, parameters.solver.max_orders);
  const double n = plan.n_orders;
  const double one_s = variation == Variation::both ? kRigorousSeconds * n * n * n
                                                    : kLineSeconds * n * n * n + kOrderSeconds * n * n;
  plan.cpu_s = (plan.n_solutions + 4) * one_s * static_cast<double>(geometry.layers.size());
  const double matrix_mb = 4 * n * n * sizeof(Complex) / 1e6;
  plan.memory_mb += 20 * matrix_mb * thread_count();
  return plan;
}

MaskPlan plan_multislice(const MaskGeometry& geometry, const MaskParameters& parameters, MaskPlan plan) {
  const SolverParameters& p = parameters.solver;
  for (const MaskDefect& defect : parameters.defects)
    if (defect.kind == DefectKind::buried)
      require_resolved(at_top_surface({.height_nm = defect.height_nm, .fwhm_nm = defect.width_nm},
                                      parameters.defect_smoothing_nm),
                       p.pixel_nm);
  const auto work = [&](double pixel_factor, double slice_factor) {
    const double pixels = std::ceil(geometry.cell.width() / (pixel_factor * p.pixel_nm)) *
                          std::ceil(geometry.cell.height() / (pixel_factor * p.pixel_nm));
    double slices = 0;
    for (const PatternedLayer& layer : geometry.layers)
      slices += std::ceil(layer.thickness_nm / (slice_factor * p.slice_nm));
    return pixels * (slices * kPixelSeconds * std::log2(pixels + 2) + kMirrorSeconds);
  };
  const double fine_s = work(1, 1), quick_s = work(kQuickPixels, kQuickSlices);
  plan.correction_cpu_s = kTableSeconds + plan.n_solutions * (fine_s + quick_s);
  plan.cpu_s = kTableSeconds + plan.n_directions * (plan.n_solutions < plan.n_directions ? quick_s : fine_s);
  const double pixels =
      std::ceil(geometry.cell.width() / p.pixel_nm) * std::ceil(geometry.cell.height() / p.pixel_nm);
  // Fields and screens of each thread, as MultisliceSolver keeps them; the pattern.
  const double number = p.precision == Precision::float32 ? sizeof(float) : sizeof(double);
  const double fields = 9 + 4 * static_cast<double>(geometry.layers.size());
  plan.memory_mb += pixels * (2 * number * fields * thread_count() + 6 * sizeof(Complex)) / 1e6;
  return plan;
}

}  // namespace

MaskPlan plan_thick_mask(const MaskGeometry& geometry, const layout::Clip& clip,
                         const MaskParameters& parameters, const MaskOptics& optics,
                         const illuminator::PupilFill& pupil_fill, double wavelength_nm,
                         double max_frequency_per_nm) {
  const Directions directions = lay_directions(geometry, parameters, optics, wavelength_nm, pupil_fill);
  require_directions(PupilAxes(optics, parameters.stack.incidence_deg), directions);
  const double orders = (2 * clip.cell.width() * max_frequency_per_nm + 1) *
                        (2 * clip.cell.height() * max_frequency_per_nm + 1);
  const int n_directions = static_cast<int>(directions.nodes.size());
  const MaskPlan plan{.n_directions = n_directions,
                      .n_solutions = n_directions,
                      .spectra_memory_mb = 4 * orders * n_directions * sizeof(Complex) / 1e6};
  switch (parameters.model) {
    case Model::rigorous: {
      MaskPlan rigorous = plan;
      const PupilAxes axes(optics, parameters.stack.incidence_deg);
      rigorous.n_solutions =
          static_cast<int>(group_by_bloch(geometry, axes, directions, wavelength_nm).size());
      return plan_rigorous(geometry, parameters, rigorous, wavelength_nm);
    }
    case Model::multislice:
    case Model::thin:
      break;
  }
  MaskPlan multislice = plan;
  multislice.n_solutions =
      std::min(n_directions, static_cast<int>(lay_corrections(directions, parameters, optics).nodes.size()));
  return plan_multislice(geometry, parameters, multislice);
}

}  // namespace undulith::mask
