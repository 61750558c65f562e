// SPDX-License-Identifier: MIT
#include "undulith/mask/multislice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "mask/mirror_table.hpp"
#include "mask/pattern_coefficients.hpp"
#include "mask/plane_waves.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/simd.hpp"
#include "undulith/math/fft.hpp"
#include "undulith/math/unit_phase.hpp"

namespace undulith::mask {
namespace {

using Complex = std::complex<double>;
using optics::Polarisation;
using Values = std::vector<Complex>;

// a *= b
UNDULITH_SIMD_CLONES
void multiply(double* a, const double* b, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const double re = a[2 * i] * b[2 * i] - a[2 * i + 1] * b[2 * i + 1];
    a[2 * i + 1] = a[2 * i] * b[2 * i + 1] + a[2 * i + 1] * b[2 * i];
    a[2 * i] = re;
  }
}
void multiply(std::span<Complex> a, std::span<const Complex> b) {
  multiply(reinterpret_cast<double*>(a.data()), reinterpret_cast<const double*>(b.data()), a.size());
}

// Reflection at the surface of a layer, where its polygons are and elsewhere.
struct Surface {
  Complex outside, inside;
};

// a *= outside + share * change, share of the polygons in each pixel.
UNDULITH_SIMD_CLONES
void apply(double outside_re, double outside_im, double change_re, double change_im, const double* share,
           double* a, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const double b_re = outside_re + share[i] * change_re, b_im = outside_im + share[i] * change_im;
    const double re = a[2 * i] * b_re - a[2 * i + 1] * b_im;
    a[2 * i + 1] = a[2 * i] * b_im + a[2 * i + 1] * b_re;
    a[2 * i] = re;
  }
}
void apply(const Surface& surface, std::span<const double> share, std::span<Complex> a) {
  const Complex change = surface.inside - surface.outside;
  apply(surface.outside.real(), surface.outside.imag(), change.real(), change.imag(), share.data(),
        reinterpret_cast<double*>(a.data()), a.size());
}

// One axis: whole pixels no larger than wanted, and the orders -max_order .. max_order that they carry.
struct WaveAxis {
  int n = 1, max_order = 0;
};
WaveAxis axis_of(double period_nm, double pixel_nm) {
  const int n = math::fastest_fft_length(static_cast<int>(std::ceil(period_nm / pixel_nm)));
  return {n, (n - 1) / 2};
}

// Parts of the mirror's tensor r_s + (r_p - r_s) u u^T, u along the tangential vector of an order:
//   xx = mean + difference,  yy = mean - difference,  xy = yx = cross.
enum class Part { mean, difference, cross };
constexpr Part kParts[] = {Part::mean, Part::difference, Part::cross};

// The part of the tensor, and that of its square.
struct Reflected {
  Complex once, twice;
};
Reflected reflected(Part part, TangentialVector u, const MirrorTable::Reflection& r) {
  if (part == Part::mean) return {(r.s + r.p) / 2.0, (r.s * r.s + r.p * r.p) / 2.0};
  const double square = u.x * u.x + u.y * u.y;
  const double twist = part == Part::cross ? u.x * u.y : (u.x * u.x - u.y * u.y) / 2;
  const double weight = square > 0 ? twist / square : 0;
  return {weight * (r.p - r.s), weight * (r.p * r.p - r.s * r.s)};
}

}  // namespace

class MultisliceSolver::Impl {
 public:
  Impl(const MaskGeometry& geometry, double wavelength_nm, TangentialVector bloch,
       const MultisliceParameters& parameters);

  [[nodiscard]] TangentialVector direction_of(Order order) const {
    return {bloch_.x + order.m * step_.x, bloch_.y + order.n * step_.y};
  }
  [[nodiscard]] Reflection reflect(Order incident, Polarisation polarisation) const;
  [[nodiscard]] MaskJones reflect_all(TangentialVector incident, int max_order_x, int max_order_y) const;

 private:
  // The workspace holds orders in `input` and pixels in `output`.
  using Workspace = math::InverseFft2D::Workspace;
  struct Layer {
    double thickness_nm;
    Complex index_outside, index_inside;
    int n_slices;
    std::vector<double> share;  ///< of the polygons in each pixel
  };
  struct Slice {
    Values half, whole;  ///< what it does to the light of each pixel
    Values step;         ///< of free propagation, for each order
  };
  // Orders of one incident direction, and what comes back in each.
  struct Light {
    double sine, cosine;
    std::vector<TangentialVector> directions;
    std::vector<double> kz;     ///< 0: the order does not leave the mask
    std::vector<double> decay;  ///< Im kz of orders that do not leave the mask; infinite if it is not kept
    std::vector<MirrorTable::Reflection> mirror;
    std::vector<Slice> slices;  ///< one for each layer
    Values parts[3];            ///< of the matrix, as kParts

    [[nodiscard]] OrderJones matrix(std::size_t i) const {
      const auto& [mean, difference, cross] = parts;
      return {mean[i] + difference[i], cross[i], cross[i], mean[i] - difference[i]};
    }
    [[nodiscard]] Complex inner_cosine(Complex index) const {
      return normal_component(index * index - sine * sine);
    }
    /// Fresnel reflection of the materials of a layer, from vacuum.
    [[nodiscard]] Surface surface(const Layer& layer) const {
      const auto r = [this](Complex index) {
        const Complex q = inner_cosine(index);
        return (cosine - q) / (cosine + q);
      };
      return {r(layer.index_outside), r(layer.index_inside)};
    }
  };

  // Place of an order, counted from the incident one.
  [[nodiscard]] std::size_t at(int m, int n) const {
    return static_cast<std::size_t>(n + y_.max_order) * static_cast<std::size_t>(x_.n) +
           static_cast<std::size_t>(m < 0 ? m + x_.n : m);
  }
  [[nodiscard]] std::size_t n_places() const {
    return static_cast<std::size_t>(x_.n) * static_cast<std::size_t>(2 * y_.max_order + 1);
  }
  template <class Take>
  void for_each_order(Take take) const {
    for (int n = -y_.max_order; n <= y_.max_order; ++n)
      for (int m = -x_.max_order; m <= x_.max_order; ++m) take(m, n, at(m, n));
  }

  [[nodiscard]] std::vector<double> pixel_shares(const PatternCoefficients& pattern) const;
  void take_defects(const MultisliceParameters& parameters, const Box& cell);

  [[nodiscard]] Light orders_about(TangentialVector source) const;
  [[nodiscard]] Light scatter(TangentialVector source) const;
  [[nodiscard]] Slice slice_of(const Layer& layer, const Light& light) const;
  void pass(Workspace& workspace, const Layer& layer, const Slice& slice) const;
  [[nodiscard]] Values defect_phases(const Light& light) const;

  TangentialVector bloch_, step_;
  double wavelength_nm_;
  MirrorTable mirror_;
  WaveAxis x_, y_;
  std::unique_ptr<const math::InverseFft2D> transform_;
  std::vector<Layer> layers_;
  Values top_pattern_;           ///< coefficients of the first layer's polygons, of each order
  std::vector<double> heights_;  ///< of the mirror in each pixel; empty if it is flat
};

MultisliceSolver::Impl::Impl(const MaskGeometry& geometry, double wavelength_nm, TangentialVector bloch,
                             const MultisliceParameters& parameters)
    : bloch_(bloch),
      wavelength_nm_(wavelength_nm),
      mirror_((check_geometry(geometry, wavelength_nm),
               optics::FlatStack(geometry.films, geometry.substrate, wavelength_nm))) {
  const Box& cell = geometry.cell;
  step_ = {wavelength_nm / cell.width(), wavelength_nm / cell.height()};
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
  if (along_x) x_ = axis_of(cell.width(), pixel_nm);
  if (along_y) y_ = axis_of(cell.height(), pixel_nm);
  transform_ = std::make_unique<math::InverseFft2D>(x_.n, y_.n, 2 * y_.max_order + 1);

  for (const PatternedLayer& layer : geometry.layers) {
    if (layer.thickness_nm == 0) continue;
    const PatternCoefficients pattern(layer.polygons, cell, (x_.n - 1) / 2, (y_.n - 1) / 2);
    if (layers_.empty()) {
      top_pattern_.resize(n_places());
      for_each_order([&](int m, int n, std::size_t i) { top_pattern_[i] = pattern(m, n); });
    }
    layers_.push_back({layer.thickness_nm, layer.index_outside, layer.index_inside,
                       static_cast<int>(std::ceil(layer.thickness_nm / parameters.slice_nm)),
                       pixel_shares(pattern)});
  }
  if (!parameters.defects.empty()) take_defects(parameters, cell);
}

// From as many orders as the pixels carry, so that the low orders of the pixels are exact.
std::vector<double> MultisliceSolver::Impl::pixel_shares(const PatternCoefficients& pattern) const {
  const math::InverseFft2D all_rows(x_.n, y_.n, y_.n);
  Workspace workspace = all_rows.make_workspace();
  for (int n = -pattern.max_y(); n <= pattern.max_y(); ++n)
    for (int m = -pattern.max_x(); m <= pattern.max_x(); ++m)
      workspace.input.data()[static_cast<std::size_t>(n < 0 ? n + y_.n : n) * static_cast<std::size_t>(x_.n) +
                             static_cast<std::size_t>(m < 0 ? m + x_.n : m)] = pattern(m, n);
  all_rows.run(workspace);
  std::vector<double> shares;
  for (const Complex value : workspace.output.values()) shares.push_back(value.real());
  return shares;
}

void MultisliceSolver::Impl::take_defects(const MultisliceParameters& parameters, const Box& cell) {
  const std::vector<double> rows = surface_heights(parameters.defects, cell, x_.n, y_.n);
  for (const SurfaceDefect& defect : parameters.defects)
    if (defect.fwhm_nm < parameters.pixel_nm)
      throw InputError(fmt::format(
          "mask.defect: a buried defect with a width of {} nm (narrower than a pixel of {} nm); make "
          "mask.solver.pixel_nm smaller",
          defect.fwhm_nm, parameters.pixel_nm));
  const std::size_t stride = transform_->column_stride();
  heights_.resize(static_cast<std::size_t>(x_.n) * stride);
  for (int iy = 0; iy < y_.n; ++iy)
    for (int ix = 0; ix < x_.n; ++ix)
      heights_[static_cast<std::size_t>(ix) * stride + static_cast<std::size_t>(iy)] =
          rows[static_cast<std::size_t>(iy) * static_cast<std::size_t>(x_.n) + static_cast<std::size_t>(ix)];
}

MultisliceSolver::Impl::Light MultisliceSolver::Impl::orders_about(TangentialVector source) const {
  Light light{};
  light.sine = std::hypot(source.x, source.y);
  if (light.sine >= 1)
    throw InputError(
        fmt::format("incident order of tangential vector ({}, {}) is evanescent (light cannot come in along "
                    "it); use a lower order",
                    source.x, source.y));
  light.cosine = std::sqrt((1 - light.sine) * (1 + light.sine));
  light.directions.resize(n_places());
  light.kz.resize(n_places());
  light.decay.resize(n_places(), std::numeric_limits<double>::infinity());
  light.mirror.resize(n_places());
  for_each_order([&](int m, int n, std::size_t i) {
    const TangentialVector d{source.x + m * step_.x, source.y + n * step_.y};
    const double square = d.x * d.x + d.y * d.y;
    light.directions[i] = d;
    light.decay[i] = std::sqrt(std::max(0.0, square - 1));
    if (square >= 1) return;
    light.kz[i] = std::sqrt(1 - square);
    light.mirror[i] = mirror_(std::sqrt(square));
  });
  for (const Layer& layer : layers_) light.slices.push_back(slice_of(layer, light));
  return light;
}

MultisliceSolver::Impl::Slice MultisliceSolver::Impl::slice_of(const Layer& layer, const Light& light) const {
  const double slice_nm = layer.thickness_nm / layer.n_slices;
  const std::size_t n_pixels = layer.share.size();
  Slice slice{Values(n_pixels), Values(n_pixels), Values(n_places())};
  const Complex outside = light.inner_cosine(layer.index_outside) - light.cosine,
                change = light.inner_cosine(layer.index_inside) - light.cosine - outside;
  const double half_nm = slice_nm / 2, wave_number = 2 * constants::kPi / wavelength_nm_;
  std::vector<double> turns(n_pixels);
  for (std::size_t i = 0; i < n_pixels; ++i)
    turns[i] = (outside.real() + layer.share[i] * change.real()) * half_nm / wavelength_nm_;
  math::unit_phases(turns, slice.half);
  for (std::size_t i = 0; i < n_pixels; ++i) {
    slice.half[i] *= std::exp(-(outside.imag() + layer.share[i] * change.imag()) * half_nm * wave_number);
    slice.whole[i] = slice.half[i] * slice.half[i];
  }
  std::vector<double> waves(light.kz);
  for (double& value : waves) value *= slice_nm / wavelength_nm_;
  math::unit_phases(waves, slice.step);
  const double scale = 1.0 / x_.n / y_.n;  // of a transform there and back
  for (std::size_t i = 0; i < slice.step.size(); ++i) {
    slice.step[i] *= scale;
    if (light.kz[i] == 0) slice.step[i] *= std::exp(-wave_number * slice_nm * light.decay[i]);
  }
  return slice;
}

// Through a layer, up or down, from pixels to pixels.
void MultisliceSolver::Impl::pass(Workspace& workspace, const Layer& layer, const Slice& slice) const {
  multiply(workspace.output.values(), slice.half);
  for (int i = 1; i <= layer.n_slices; ++i) {
    transform_->run_adjoint(workspace);
    multiply(workspace.input.values(), slice.step);
    transform_->run(workspace);
    multiply(workspace.output.values(), i < layer.n_slices ? slice.whole : slice.half);
  }
}

// Where the mirror is higher, the path of light down and up is shorter.
Values MultisliceSolver::Impl::defect_phases(const Light& light) const {
  std::vector<double> waves(heights_);
  for (double& value : waves) value *= -2 * light.cosine / wavelength_nm_;
  Values phases(waves.size());
  math::unit_phases(waves, phases);
  return phases;
}

MultisliceSolver::Impl::Light MultisliceSolver::Impl::scatter(TangentialVector source) const {
  Light light = orders_about(source);
  const Values bumps = defect_phases(light);
  Workspace workspace = transform_->make_workspace();
  const auto orders = workspace.input.values(), pixels = workspace.output.values();
  const double scale = 1.0 / x_.n / y_.n;

  // Down; the carrier exp(i k_in r) is taken out of all fields.
  orders[at(0, 0)] = 1;
  transform_->run(workspace);
  for (std::size_t l = 0; l < layers_.size(); ++l) pass(workspace, layers_[l], light.slices[l]);
  const Values down(pixels.begin(), pixels.end());
  transform_->run_adjoint(workspace);
  Values down_orders(orders.begin(), orders.end());
  for (Complex& value : down_orders) value *= scale;

  for (const Part part : kParts) {
    const auto from_mirror = [&](Complex Reflected::*times) {
      for (std::size_t i = 0; i < orders.size(); ++i)
        orders[i] = light.kz[i] > 0
                        ? reflected(part, light.directions[i], light.mirror[i]).*times * down_orders[i]
                        : 0;
      transform_->run(workspace);
      if (!bumps.empty()) multiply(pixels, bumps);
    };
    // Twice through the mirror with the bottom surface of the absorber between: U = r D - r01 (D - r^2 D).
    Values twice(pixels.size());
    if (!layers_.empty()) {
      from_mirror(&Reflected::twice);
      if (!bumps.empty()) multiply(pixels, bumps);
      for (std::size_t i = 0; i < pixels.size(); ++i)
        twice[i] = part == Part::mean ? pixels[i] - down[i] : pixels[i];
      apply(light.surface(layers_.back()), layers_.back().share, twice);
    }
    from_mirror(&Reflected::once);
    for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] += twice[i];
    for (std::size_t l = layers_.size(); l-- > 0;) pass(workspace, layers_[l], light.slices[l]);

    transform_->run_adjoint(workspace);
    Values& out = light.parts[static_cast<std::size_t>(part)];
    out.assign(orders.begin(), orders.end());
    for (Complex& value : out) value *= scale;
  }
  if (!layers_.empty()) {  // what the top surface returns at once
    const Surface top = light.surface(layers_.front());
    Values& mean = light.parts[static_cast<std::size_t>(Part::mean)];
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += (top.inside - top.outside) * top_pattern_[i];
    mean[at(0, 0)] += top.outside;
  }
  return light;
}

Reflection MultisliceSolver::Impl::reflect(Order incident, Polarisation polarisation) const {
  const TangentialVector source = direction_of(incident);
  const Light light = scatter(source);
  const TangentialField e = incident_field(source, polarisation);
  Reflection result;
  for_each_order([&](int m, int n, std::size_t i) {
    if (light.kz[i] == 0) return;
    const OrderJones matrix = light.matrix(i);
    result.orders.push_back(reflected_order({incident.m + m, incident.n + n}, light.directions[i],
                                            light.kz[i], matrix.xx * e.x + matrix.xy * e.y,
                                            matrix.yx * e.x + matrix.yy * e.y, light.cosine));
    result.reflectance += result.orders.back().efficiency;
  });
  return result;
}

MaskJones MultisliceSolver::Impl::reflect_all(TangentialVector incident, int max_order_x,
                                              int max_order_y) const {
  for (const auto& [name, wanted, axis] :
       {std::tuple{"max_order_x", max_order_x, x_}, std::tuple{"max_order_y", max_order_y, y_}}) {
    if (wanted < 0)
      throw InputError(fmt::format("multi-slice mask: {} = {} (must not be negative); use 0", name, wanted));
    if (wanted > axis.max_order && axis.n > 1)
      throw InputError(fmt::format("multi-slice mask: {} = {} (the pixels carry {}); lower pixel_nm", name,
                                   wanted, axis.max_order));
  }
  const Light light = scatter(incident);
  MaskJones jones{.max_order_x = max_order_x, .max_order_y = max_order_y, .orders = {}};
  for (int n = -max_order_y; n <= max_order_y; ++n)
    for (int m = -max_order_x; m <= max_order_x; ++m) {
      const bool kept = std::abs(m) <= x_.max_order && std::abs(n) <= y_.max_order;
      const bool leaves = kept && light.kz[at(m, n)] > 0;
      jones.orders.push_back(leaves ? light.matrix(at(m, n)) : OrderJones{});
    }
  return jones;
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
