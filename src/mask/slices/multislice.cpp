// SPDX-License-Identifier: MIT
#include "undulith/mask/multislice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "mask/plane_waves.hpp"
#include "mask/polygons/pattern_coefficients.hpp"
#include "mask/slices/slice_scattering.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
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
template <class Pattern>
std::vector<double> pixel_shares(const Pattern& pattern, const WaveAxis& x_axis, const WaveAxis& y_axis) {
  const math::InverseFft2D transform(x_axis.n, y_axis.n, y_axis.n);
  math::InverseFft2D::Workspace workspace = transform.make_workspace();
  const auto nx = static_cast<std::size_t>(x_axis.n), ny = static_cast<std::size_t>(y_axis.n);
  for (int n = -y_axis.max_order; n <= y_axis.max_order; ++n)
    for (int m = -x_axis.max_order; m <= x_axis.max_order; ++m)
      workspace.input.data()[static_cast<std::size_t>(n < 0 ? n + y_axis.n : n) * nx +
                             static_cast<std::size_t>(m < 0 ? m + x_axis.n : m)] = pattern(m, n);
  transform.run(workspace);
  std::vector<double> shares;
  for (std::size_t y = 0; y < ny; ++y)
    for (std::size_t x = 0; x < nx; ++x)
      shares.push_back(workspace.output.data()[x * transform.column_stride() + y].real());
  return shares;
}

// The adjoint of pixel_shares().
PatternSpectrum pattern_gradient(const std::vector<double>& d_shares, const WaveAxis& x_axis,
                                 const WaveAxis& y_axis) {
  const math::InverseFft2D transform(x_axis.n, y_axis.n, y_axis.n);
  math::InverseFft2D::Workspace workspace = transform.make_workspace();
  const auto nx = static_cast<std::size_t>(x_axis.n), ny = static_cast<std::size_t>(y_axis.n);
  for (std::size_t y = 0; y < ny; ++y)
    for (std::size_t x = 0; x < nx; ++x)
      workspace.output.data()[x * transform.column_stride() + y] = d_shares[y * nx + x];
  transform.run_adjoint(workspace);
  PatternSpectrum gradient{.max_order_x = x_axis.max_order, .max_order_y = y_axis.max_order, .values = {}};
  for (int n = -y_axis.max_order; n <= y_axis.max_order; ++n)
    for (int m = -x_axis.max_order; m <= x_axis.max_order; ++m)
      gradient.values.push_back(
          workspace.input.data()[static_cast<std::size_t>(n < 0 ? n + y_axis.n : n) * nx +
                                 static_cast<std::size_t>(m < 0 ? m + x_axis.n : m)]);
  return gradient;
}

// The mask on its grid, without layers.
SliceMask empty_slice_mask(const MaskGeometry& geometry, double wavelength_nm, bool along_x, bool along_y,
                           const MultisliceParameters& parameters) {
  const Box& cell = geometry.cell;
  const double pixel_nm = parameters.pixel_nm;
  for (const auto& [name, value] :
       {std::pair{"pixel_nm", pixel_nm}, std::pair{"slice_nm", parameters.slice_nm}})
    if (!(value > 0 && std::isfinite(value)))
      throw InputError(fmt::format("multi-slice mask: {} = {} (must be positive); use 6", name, value));
  const double nx = along_x ? cell.width() / pixel_nm : 1, ny = along_y ? cell.height() / pixel_nm : 1;
  if (nx * ny > 1e8)
    throw InputError(fmt::format(
        "mask.solver.pixel_nm = {} ({:.0f} x {:.0f} pixels, at most 1e8); make it larger, or the window "
        "smaller",
        pixel_nm, nx, ny));
  SliceMask mask{.wavelength_nm = wavelength_nm,
                 .step = {wavelength_nm / cell.width(), wavelength_nm / cell.height()},
                 .mirror = parameters.mirror != nullptr
                               ? parameters.mirror
                               : tabulate_mirror(geometry.films, geometry.substrate, wavelength_nm)};
  if (along_x) mask.x = axis_of(cell.width(), pixel_nm);
  if (along_y) mask.y = axis_of(cell.height(), pixel_nm);
  if (parameters.defects.empty()) return mask;
  mask.heights_nm = surface_heights(parameters.defects, cell, mask.x.n, mask.y.n);
  for (const SurfaceDefect& defect : parameters.defects) require_resolved(defect, pixel_nm);
  return mask;
}

// @param pattern  pattern(m, n) for the orders that the pixels carry
template <class Pattern>
void add_layer(const PatternedLayer& layer, const Pattern& pattern, double slice_nm, SliceMask& mask) {
  if (mask.layers.empty())
    for (int n = -mask.y.max_order; n <= mask.y.max_order; ++n)
      for (int m = -mask.x.max_order; m <= mask.x.max_order; ++m) mask.top_pattern.push_back(pattern(m, n));
  mask.layers.push_back({layer.thickness_nm, layer.index_outside, layer.index_inside,
                         static_cast<int>(std::ceil(layer.thickness_nm / slice_nm)),
                         pixel_shares(pattern, mask.x, mask.y)});
}

SliceMask make_slice_mask(const MaskGeometry& geometry, double wavelength_nm,
                          const MultisliceParameters& parameters) {
  check_geometry(geometry, wavelength_nm);
  const Variation variation = parameters.defects.empty() ? variation_of(geometry) : Variation::both;
  SliceMask mask =
      empty_slice_mask(geometry, wavelength_nm, variation == Variation::x || variation == Variation::both,
                       variation == Variation::y || variation == Variation::both, parameters);
  for (const PatternedLayer& layer : geometry.layers)
    if (layer.thickness_nm != 0)
      add_layer(layer, PatternCoefficients(layer.polygons, geometry.cell, mask.x.max_order, mask.y.max_order),
                parameters.slice_nm, mask);
  return mask;
}

SliceMask make_slice_mask(const MaskGeometry& geometry, std::span<const PatternSpectrum> patterns,
                          double wavelength_nm, const MultisliceParameters& parameters) {
  MaskGeometry bare = geometry;
  for (PatternedLayer& layer : bare.layers) layer.polygons.clear();
  check_geometry(bare, wavelength_nm);
  if (patterns.size() != geometry.layers.size())
    throw InputError(fmt::format("multi-slice mask: {} patterns (of {} layers); give one per layer",
                                 patterns.size(), geometry.layers.size()));
  bool along_x = !parameters.defects.empty(), along_y = along_x;
  for (const PatternSpectrum& pattern : patterns) {
    if (pattern.max_order_x < 0 || pattern.max_order_y < 0 ||
        pattern.values.size() != static_cast<std::size_t>(2 * pattern.max_order_x + 1) *
                                     static_cast<std::size_t>(2 * pattern.max_order_y + 1))
      throw InputError(
          fmt::format("multi-slice mask: a pattern of {} values (its orders are -{} to {} and -{} to {}); "
                      "give one value per order",
                      pattern.values.size(), pattern.max_order_x, pattern.max_order_x, pattern.max_order_y,
                      pattern.max_order_y));
    along_x = along_x || pattern.max_order_x > 0;
    along_y = along_y || pattern.max_order_y > 0;
  }
  SliceMask mask = empty_slice_mask(bare, wavelength_nm, along_x, along_y, parameters);
  for (std::size_t l = 0; l < patterns.size(); ++l) {
    if (geometry.layers[l].thickness_nm == 0) continue;
    const PatternSpectrum& given = patterns[l];
    const auto pattern = [&](int m, int n) {
      return std::abs(m) > given.max_order_x || std::abs(n) > given.max_order_y
                 ? Complex{}
                 : given.values[given.index(m, n)];
    };
    add_layer(geometry.layers[l], pattern, parameters.slice_nm, mask);
  }
  return mask;
}

}  // namespace

SharedMirror tabulate_mirror(const std::vector<optics::Film>& films, const optics::Film& substrate,
                             double wavelength_nm) {
  return std::make_shared<const MirrorTable>(optics::FlatStack(films, substrate, wavelength_nm));
}

int carried_order(double period_nm, double pixel_nm) {
  return axis_of(period_nm, pixel_nm).max_order;
}

class MultisliceSolver::Impl {
 public:
  Impl(const MaskGeometry& geometry, double wavelength_nm, TangentialVector bloch,
       const MultisliceParameters& parameters)
      : bloch_(bloch),
        mask_(make_slice_mask(geometry, wavelength_nm, parameters)),
        scattering_(make_slice_scattering(mask_, parameters.precision)) {
    find_layers(geometry);
  }
  Impl(const MaskGeometry& geometry, std::span<const PatternSpectrum> patterns, double wavelength_nm,
       const MultisliceParameters& parameters)
      : mask_(make_slice_mask(geometry, patterns, wavelength_nm, parameters)),
        scattering_(make_slice_scattering(mask_, parameters.precision)) {
    find_layers(geometry);
  }

  [[nodiscard]] TangentialVector direction_of(Order order) const {
    return {bloch_.x + order.m * mask_.step.x, bloch_.y + order.n * mask_.step.y};
  }
  [[nodiscard]] Reflection reflect(Order incident, Polarisation polarisation) const;
  [[nodiscard]] MaskJones reflect_all(TangentialVector incident, int max_order_x, int max_order_y) const;
  [[nodiscard]] std::vector<PatternSpectrum> gradient(std::span<const DirectionSensitivity> directions) const;

 private:
  void find_layers(const MaskGeometry& geometry) {
    for (const PatternedLayer& layer : geometry.layers) has_thickness_.push_back(layer.thickness_nm != 0);
  }
  void require_orders(int max_order_x, int max_order_y) const;

  TangentialVector bloch_;
  std::vector<bool> has_thickness_;  ///< of each layer of the geometry: the others are not in mask_
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

void MultisliceSolver::Impl::require_orders(int max_order_x, int max_order_y) const {
  for (const auto& [name, wanted, axis] :
       {std::tuple{"max_order_x", max_order_x, mask_.x}, std::tuple{"max_order_y", max_order_y, mask_.y}}) {
    if (wanted < 0)
      throw InputError(fmt::format("multi-slice mask: {} = {} (must not be negative); use 0", name, wanted));
    if (wanted > axis.max_order && axis.n > 1)
      throw InputError(fmt::format("multi-slice mask: {} = {} (the pixels carry {}); lower pixel_nm", name,
                                   wanted, axis.max_order));
  }
}

MaskJones MultisliceSolver::Impl::reflect_all(TangentialVector incident, int max_order_x,
                                              int max_order_y) const {
  require_orders(max_order_x, max_order_y);
  return scattering_->scatter(incident, max_order_x, max_order_y);
}

std::vector<PatternSpectrum> MultisliceSolver::Impl::gradient(
    std::span<const DirectionSensitivity> directions) const {
  for (const DirectionSensitivity& direction : directions)
    require_orders(direction.d_jones.max_order_x, direction.d_jones.max_order_y);
  // Sums of chunks that do not depend on the number of threads.
  constexpr std::size_t kMostChunks = 16;
  const std::size_t n_chunks = std::min(kMostChunks, directions.size());
  std::vector<SliceSensitivity> partial(n_chunks);
  parallel_for(static_cast<int>(n_chunks), [&](int i) {
    const auto chunk = static_cast<std::size_t>(i);
    partial[chunk] = scattering_->no_sensitivity();
    for (std::size_t k = chunk * directions.size() / n_chunks; k < (chunk + 1) * directions.size() / n_chunks;
         ++k)
      scattering_->pull_back(directions[k].incident, directions[k].d_jones, partial[chunk]);
  });
  SliceSensitivity sum = scattering_->no_sensitivity();
  for (SliceSensitivity& part : partial) {
    for (std::size_t l = 0; l < sum.shares.size(); ++l)
      for (std::size_t k = 0; k < sum.shares[l].size(); ++k) sum.shares[l][k] += part.shares[l][k];
    for (std::size_t k = 0; k < sum.top_pattern.size(); ++k) sum.top_pattern[k] += part.top_pattern[k];
    part = {};
  }
  std::vector<PatternSpectrum> gradients;
  std::size_t next = 0;  // layer of mask_
  for (const bool has_thickness : has_thickness_) {
    PatternSpectrum& gradient = gradients.emplace_back();
    gradient.max_order_x = mask_.x.max_order;
    gradient.max_order_y = mask_.y.max_order;
    gradient.values.resize(static_cast<std::size_t>(2 * mask_.x.max_order + 1) *
                           static_cast<std::size_t>(2 * mask_.y.max_order + 1));
    if (!has_thickness) continue;
    gradient = pattern_gradient(scattering_->in_pixel_order(sum.shares[next]), mask_.x, mask_.y);
    // A real pattern: half of what the top surface adds to an order, and the conjugate to the opposite one.
    if (next == 0)
      for (std::size_t k = 0, last = gradient.values.size() - 1; k <= last; ++k)
        gradient.values[k] += 0.5 * (sum.top_pattern[k] + std::conj(sum.top_pattern[last - k]));
    ++next;
  }
  return gradients;
}

MultisliceSolver::MultisliceSolver(const MaskGeometry& geometry, double wavelength_nm, TangentialVector bloch,
                                   const MultisliceParameters& parameters)
    : impl_(std::make_unique<const Impl>(geometry, wavelength_nm, bloch, parameters)) {}
MultisliceSolver::MultisliceSolver(const MaskGeometry& geometry, std::span<const PatternSpectrum> patterns,
                                   double wavelength_nm, const MultisliceParameters& parameters)
    : impl_(std::make_unique<const Impl>(geometry, patterns, wavelength_nm, parameters)) {}
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

std::vector<PatternSpectrum> MultisliceSolver::gradient(
    std::span<const DirectionSensitivity> directions) const {
  return impl_->gradient(directions);
}

}  // namespace undulith::mask
