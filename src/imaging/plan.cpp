// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "imaging/check_parameters.hpp"
#include "imaging/image_grid.hpp"
#include "imaging/opposite_points.hpp"
#include "imaging/point_fields.hpp"
#include "imaging/socs_image.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/imaging/imaging.hpp"
#include "undulith/math/vector_width.hpp"

namespace undulith::imaging {
namespace {

// Measured on one core at 2.5 GHz; tests/tools/fit_costs.py compares plans with runs. A field of N samples takes the
// first times N log2(N), an order of a filter the second, one written sample the last.
constexpr double kTransformSeconds = 0.95e-10, kFilterSeconds = 2.5e-9, kOutputSeconds = 4e-9;
constexpr double kSingle = 0.6;  // transforms in single precision
// What each source point costs in the smallest cell, with a thin and with a thick mask, and more for each plane.
constexpr double kThinPointSeconds = 0.6e-6, kThickPointSeconds = 3.1e-6, kPlaneSeconds = 0.4e-6;

// Time of a transform, as a multiple of that with AVX-512.
double width_factor() {
  const std::string width = math::vector_width();
  constexpr std::pair<std::string_view, double> kFactors[] = {
      {"avx512", 1}, {"avx2", 1.45}, {"sse4", 2.7}, {"neon", 2.7}, {"scalar", 5.3}};
  return std::ranges::find(kFactors, width, [](const auto& entry) { return entry.first; })->second;
}

int fields_per_point(const illuminator::SourcePoint& point, const ImagingParameters& parameters) {
  if (parameters.field_model == FieldModel::scalar) return 1;
  if (is_unpolarised(point.stokes) && parameters.jones.empty() && parameters.mirrors.empty()) return 5;
  return 3 * static_cast<int>(polarisation_states(point.stokes).size());
}

bool are_conjugate(const Box& cell, double wavelength_nm, const illuminator::PupilFill& pupil_fill,
                   const ImagingParameters& parameters) {
  const ImagePlane focus{};
  return PointFields(cell, wavelength_nm, pupil_fill, parameters, FieldPosition{}, std::span(&focus, 1))
      .are_conjugate_in_focus();
}

// The points for which fields are computed.
illuminator::PupilFill computed_points(const Box& cell, double wavelength_nm,
                                       const illuminator::PupilFill& pupil_fill,
                                       const ImagingParameters& parameters, bool opposite_points_agree) {
  if (!opposite_points_agree || parameters.method != Method::abbe ||
      !are_conjugate(cell, wavelength_nm, pupil_fill, parameters))
    return pupil_fill;
  PairedFill parts = pair_opposites(pupil_fill);
  parts.paired.points.insert(parts.paired.points.end(), parts.rest.points.begin(), parts.rest.points.end());
  return std::move(parts.paired);
}

}  // namespace

double transform_seconds(double samples, Precision precision) {
  return kTransformSeconds * width_factor() * (precision == Precision::float32 ? kSingle : 1) * samples *
         std::log2(std::max(2.0, samples));
}

ImagingPlan plan_imaging(const Box& cell, const Box& window, double wavelength_nm,
                         const illuminator::PupilFill& pupil_fill, const ImagingParameters& parameters,
                         const ImagingWork& work) {
  require_valid(parameters, wavelength_nm, pupil_fill);
  ImagingPlan plan{.work = work};
  const BandGrid grid = band_limits(cell, parameters.na / wavelength_nm).grid();
  plan.n_x = grid.nx;
  plan.n_y = grid.ny;
  const OutputRange output = output_range(cell, window, parameters.output_pitch_nm);
  plan.output_nx = output.x.count;
  plan.output_ny = output.y.count;
  if (plan.output_nx == 0 || plan.output_ny == 0)
    throw InputError(fmt::format("imaging.output_pitch_nm = {} (no sample is in the window); make it smaller",
                                 parameters.output_pitch_nm));
  plan.n_points = static_cast<int>(pupil_fill.points.size());
  const illuminator::PupilFill computed =
      computed_points(cell, wavelength_nm, pupil_fill, parameters, work.opposite_points_agree);
  const double n_images = static_cast<double>(work.n_wavelengths) *
                          static_cast<double>(std::max<std::size_t>(1, parameters.field_positions.size()));
  long long n_fields = 0;
  for (const auto& point : computed.points) n_fields += fields_per_point(point, parameters);
  plan.n_fields = n_fields * static_cast<long long>(n_images);

  const double samples = static_cast<double>(plan.n_x) * plan.n_y;
  const double orders = std::pow(1 + pupil_fill.sigma_max, 2) * samples / 4;
  const double written = static_cast<double>(plan.output_nx) * plan.output_ny;
  // The sum and a part of each thread; field and filters of each thread; spectrum; the samples that are measured, of
  // one plane at a time.
  plan.memory_mb = ((1.0 + thread_count()) * work.n_planes * samples * 8 + thread_count() * samples * 24 +
                    work.n_wavelengths * orders * 16 + written * 8) /
                   1e6;
  const double output_s = kOutputSeconds * work.n_planes * written;
  if (parameters.method == Method::abbe) {
    const double fields = static_cast<double>(n_fields) * n_images * work.n_planes;
    const double pupil_orders = samples / 4;
    const double points = static_cast<double>(computed.points.size()) * n_images;
    plan.cpu_s = points * ((work.thick_mask ? kThickPointSeconds : kThinPointSeconds) +
                           kPlaneSeconds * work.n_planes) +
                 fields * (transform_seconds(samples, parameters.precision) + kFilterSeconds * pupil_orders) +
                 output_s;
    return plan;
  }
  const auto orders_along = [&](double length) {
    return 2 * std::floor((1 + pupil_fill.sigma_max) * length * parameters.na / wavelength_nm) + 1;
  };
  const auto pupil_along = [&](double length) {
    return std::floor(2 * length * parameters.na / wavelength_nm) + 1;
  };
  const bool is_real = are_conjugate(cell, wavelength_nm, pupil_fill, parameters);
  const SystemSymmetry symmetry{.is_real = is_real,
                                .is_even = is_real && pair_opposites(pupil_fill).rest.points.empty()};
  const SocsCost cost =
      socs_cost(static_cast<double>(n_fields), orders_along(cell.width()) * orders_along(cell.height()),
                pupil_along(cell.width()) * pupil_along(cell.height()), samples, symmetry, parameters);
  plan.cpu_s = cost.cpu_s * n_images * work.n_planes + output_s;
  plan.kernels_memory_mb = cost.memory_mb;
  plan.memory_mb += cost.memory_mb;
  return plan;
}

}  // namespace undulith::imaging
