// SPDX-License-Identifier: MIT
#include "undulith/mask/multislice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "mask/polygons/pattern_coefficients.hpp"
#include "mask/plane_waves.hpp"
#include "mask/slices/slice_scattering.hpp"
#include "undulith/core/error.hpp"
#include "undulith/math/fft.hpp"

namespace undulith::mask {
namespace {

using Complex = std::complex<double>;
using optics::Polarisation;

// Whole pixels no larger than wanted. A small grid costs little: it may be finer.
WaveAxis axis_of(double period_nm, double pixel_nm) {
  constexpr int kSmall = 256;
  const int wanted = static_cast<int>(std::ceil(period_nm / pixel_nm));
  const int n = wanted <= kSmall ? math::fastest_fft_length(wanted) : math::good_fft_length(wanted);
  return {n, (n - 1) / 2};
}

// From as many orders as the pixels carry, so that the low orders of the pixels are exact; x fastest.
std::vector<double> pixel_shares(const PatternCoefficients& pattern, int nx, int ny) {
  const math::InverseFft2D transform(nx, ny, ny);
  math::InverseFft2D::Workspace workspace = transform.make_workspace();
  for (int n = -pattern.max_y(); n <= pattern.max_y(); ++n)
    for (int m = -pattern.max_x(); m <= pattern.max_x(); ++m)
      workspace.input.data()[static_cast<std::size_t>(n < 0 ? n + ny : n) * static_cast<std::size_t>(nx) +
                             static_cast<std::size_t>(m < 0 ? m + nx : m)] = pattern(m, n);
  transform.run(workspace);
  std::vector<double> shares;
  for (std::size_t y = 0; y < static_cast<std::size_t>(ny); ++y)
    for (std::size_t x = 0; x < static_cast<std::size_t>(nx); ++x)
      shares.push_back(workspace.output.data()[x * transform.column_stride() + y].real());
  return shares;
}

SliceMask make_slice_mask(const MaskGeometry& geometry, double wavelength_nm,
                          const MultisliceParameters& parameters) {
  check_geometry(geometry, wavelength_nm);
  const Box& cell = geometry.cell;
  const double pixel_nm = parameters.pixel_nm;
  for (const auto& [name, value] :
       {std::pair{"pixel_nm", pixel_nm}, std::pair{"slice_nm", parameters.slice_nm}})
    if (!(value > 0 && std::isfinite(value)))
      throw InputError(fmt::format("multi-slice mask: {} = {} (must be positive); use 6", name, value));
  const Variation variation = parameters.defects.empty() ? variation_of(geometry) : Variation::both;
  const bool along_x = variation == Variation::x || variation == Variation::both;
  const bool along_y = variation == Variation::y || variation == Variation::both;
  const double nx = along_x ? cell.width() / pixel_nm : 1, ny = along_y ? cell.height() / pixel_nm : 1;
  if (nx * ny > 1e8)
    throw InputError(fmt::format(
        "mask.solver.pixel_nm = {} ({:.0f} x {:.0f} pixels, at most 1e8); make it larger, or the window "
        "smaller",
        pixel_nm, nx, ny));
  SliceMask mask{.wavelength_nm = wavelength_nm,
                 .step = {wavelength_nm / cell.width(), wavelength_nm / cell.height()},
                 .mirror = MirrorTable(optics::FlatStack(geometry.films, geometry.substrate, wavelength_nm))};
  if (along_x) mask.x = axis_of(cell.width(), pixel_nm);
  if (along_y) mask.y = axis_of(cell.height(), pixel_nm);

  for (const PatternedLayer& layer : geometry.layers) {
    if (layer.thickness_nm == 0) continue;
    const PatternCoefficients pattern(layer.polygons, cell, mask.x.max_order, mask.y.max_order);
    if (mask.layers.empty())
      for (int n = -mask.y.max_order; n <= mask.y.max_order; ++n)
        for (int m = -mask.x.max_order; m <= mask.x.max_order; ++m) mask.top_pattern.push_back(pattern(m, n));
    mask.layers.push_back({layer.thickness_nm, layer.index_outside, layer.index_inside,
                           static_cast<int>(std::ceil(layer.thickness_nm / parameters.slice_nm)),
                           pixel_shares(pattern, mask.x.n, mask.y.n)});
  }
  if (parameters.defects.empty()) return mask;
  mask.heights_nm = surface_heights(parameters.defects, cell, mask.x.n, mask.y.n);
  for (const SurfaceDefect& defect : parameters.defects) require_resolved(defect, pixel_nm);
  return mask;
}

}  // namespace

class MultisliceSolver::Impl {
 public:
  Impl(const MaskGeometry& geometry, double wavelength_nm, TangentialVector bloch,
       const MultisliceParameters& parameters)
      : bloch_(bloch),
        mask_(make_slice_mask(geometry, wavelength_nm, parameters)),
        scattering_(make_slice_scattering(mask_, parameters.precision)) {}

  [[nodiscard]] TangentialVector direction_of(Order order) const {
    return {bloch_.x + order.m * mask_.step.x, bloch_.y + order.n * mask_.step.y};
  }
  [[nodiscard]] Reflection reflect(Order incident, Polarisation polarisation) const;
  [[nodiscard]] MaskJones reflect_all(TangentialVector incident, int max_order_x, int max_order_y) const;

 private:
  TangentialVector bloch_;
  const SliceMask mask_;
  std::unique_ptr<const SliceScattering> scattering_;
};

Reflection MultisliceSolver::Impl::reflect(Order incident, Polarisation polarisation) const {
  const TangentialVector source = direction_of(incident);
  const int mx = mask_.x.max_order, my = mask_.y.max_order;
  const MaskJones jones = scattering_->scatter(source, mx, my);
  const TangentialField e = incident_field(source, polarisation);
  const double cosine = std::sqrt(1 - source.x * source.x - source.y * source.y);
  Reflection result;
  for (int n = -my; n <= my; ++n)
    for (int m = -mx; m <= mx; ++m) {
      const Order order{incident.m + m, incident.n + n};
      const TangentialVector d = direction_of(order);
      const double square = d.x * d.x + d.y * d.y;
      if (square >= 1) continue;
      const OrderJones& matrix = jones(m, n);
      result.orders.push_back(reflected_order(order, d, std::sqrt(1 - square),
                                              matrix.xx * e.x + matrix.xy * e.y,
                                              matrix.yx * e.x + matrix.yy * e.y, cosine));
      result.reflectance += result.orders.back().efficiency;
    }
  return result;
}

MaskJones MultisliceSolver::Impl::reflect_all(TangentialVector incident, int max_order_x,
                                              int max_order_y) const {
  for (const auto& [name, wanted, axis] :
       {std::tuple{"max_order_x", max_order_x, mask_.x}, std::tuple{"max_order_y", max_order_y, mask_.y}}) {
    if (wanted < 0)
      throw InputError(fmt::format("multi-slice mask: {} = {} (must not be negative); use 0", name, wanted));
    if (wanted > axis.max_order && axis.n > 1)
      throw InputError(fmt::format("multi-slice mask: {} = {} (the pixels carry {}); lower pixel_nm", name,
                                   wanted, axis.max_order));
  }
  return scattering_->scatter(incident, max_order_x, max_order_y);
}

MultisliceSolver::MultisliceSolver(const MaskGeometry& geometry, double wavelength_nm, TangentialVector bloch,
                                   const MultisliceParameters& parameters)
    : impl_(std::make_unique<const Impl>(geometry, wavelength_nm, bloch, parameters)) {}
MultisliceSolver::~MultisliceSolver() = default;
MultisliceSolver::MultisliceSolver(MultisliceSolver&&) noexcept = default;
MultisliceSolver& MultisliceSolver::operator=(MultisliceSolver&&) noexcept = default;

Reflection MultisliceSolver::reflect(Order incident, Polarisation polarisation) const {
  return impl_->reflect(incident, polarisation);
}

MaskJones MultisliceSolver::reflect_all(Order incident, int max_order_x, int max_order_y) const {
  return impl_->reflect_all(impl_->direction_of(incident), max_order_x, max_order_y);
}

MaskJones MultisliceSolver::reflect_direction(TangentialVector incident, int max_order_x,
                                              int max_order_y) const {
  return impl_->reflect_all(incident, max_order_x, max_order_y);
}

}  // namespace undulith::mask
