#include "undulith/mask/multislice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "mask/modal_system.hpp"
#include "mask/pattern_coefficients.hpp"
#include "mask/plane_waves.hpp"
#include "mask/polygon_bands.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/math/fft.hpp"

namespace undulith::mask {
namespace {

using Complex = std::complex<double>;
using optics::Polarisation;
using Field = std::vector<Complex>;  ///< of pixels or orders, (n, m) at [n nx + m]
constexpr Complex kI{0, 1};

// Steeper evanescent orders do not reach the mirror through any absorber, nor come back.
constexpr double kSteepest = 1.2;

double pixels_across(double period_nm, double pixel_nm) {
  return std::ceil(period_nm / pixel_nm);
}

}  // namespace

class MultisliceSolver::Impl {
 public:
  Impl(const MaskGeometry& geometry, double wavelength_nm, TangentialVector bloch,
       const MultisliceParameters& parameters)
      : geometry_((check_geometry(geometry, wavelength_nm), geometry)),
        bloch_(bloch),
        step_{wavelength_nm / geometry.cell.width(), wavelength_nm / geometry.cell.height()},
        k_per_nm_(2 * constants::kPi / wavelength_nm),
        mirror_(geometry.films, geometry.substrate, wavelength_nm) {
    for (const auto& [name, value] :
         {std::pair{"pixel_nm", parameters.pixel_nm}, std::pair{"slice_nm", parameters.slice_nm}})
      if (!(value > 0 && std::isfinite(value)))
        throw InputError(fmt::format("multi-slice mask: {} = {} (must be positive); use 2", name, value));
    slice_nm_ = parameters.slice_nm;
    const Variation variation = variation_of(geometry);
    const bool along_x = variation == Variation::x || variation == Variation::both;
    const bool along_y = variation == Variation::y || variation == Variation::both;
    const double nx = along_x ? pixels_across(geometry.cell.width(), parameters.pixel_nm) : 1;
    const double ny = along_y ? pixels_across(geometry.cell.height(), parameters.pixel_nm) : 1;
    if (nx * ny > 1e8)
      throw InputError(
          fmt::format("multi-slice mask: {} x {} pixels (more than 1e8); raise pixel_nm", nx, ny));
    nx_ = math::good_fft_length(static_cast<int>(nx));
    ny_ = math::good_fft_length(static_cast<int>(ny));
    transform_ = std::make_unique<math::InverseFft2D>(nx_, ny_, ny_);
    for (const PatternedLayer& layer : geometry.layers)
      coverage_.push_back(pixel_coverage(layer.polygons, geometry.cell, nx_, ny_));
  }

  [[nodiscard]] Reflection reflect(Order incident, TangentialVector source, Polarisation polarisation) const;
  [[nodiscard]] TangentialVector direction_of(Order order) const {
    return {bloch_.x + order.m * step_.x, bloch_.y + order.n * step_.y};
  }

 private:
  [[nodiscard]] std::size_t size() const {
    return static_cast<std::size_t>(nx_) * static_cast<std::size_t>(ny_);
  }

  // Samples of a spectrum, and back.
  [[nodiscard]] Field to_pixels(const Field& spectrum) const {
    math::InverseFft2D::Workspace workspace = transform_->make_workspace();
    std::ranges::copy(spectrum, workspace.input.data());
    transform_->run(workspace);
    Field pixels(size());
    for (int iy = 0; iy < ny_; ++iy)
      for (int ix = 0; ix < nx_; ++ix)
        pixels[at(iy, ix)] =
            workspace.output.data()[static_cast<std::size_t>(ix) * transform_->column_stride() +
                                    static_cast<std::size_t>(iy)];
    return pixels;
  }
  [[nodiscard]] Field to_spectrum(const Field& pixels) const {
    math::InverseFft2D::Workspace workspace = transform_->make_workspace();
    for (int iy = 0; iy < ny_; ++iy)
      for (int ix = 0; ix < nx_; ++ix)
        workspace.output.data()[static_cast<std::size_t>(ix) * transform_->column_stride() +
                                static_cast<std::size_t>(iy)] =
            pixels[at(iy, ix)] / static_cast<double>(size());
    transform_->run_adjoint(workspace);
    return {workspace.input.data(), workspace.input.data() + size()};
  }
  [[nodiscard]] std::size_t at(int iy, int ix) const {
    return static_cast<std::size_t>(iy) * static_cast<std::size_t>(nx_) + static_cast<std::size_t>(ix);
  }

  MaskGeometry geometry_;
  TangentialVector bloch_, step_;
  double k_per_nm_;
  optics::FlatStack mirror_;
  double slice_nm_ = 0;
  int nx_ = 1, ny_ = 1;
  std::unique_ptr<const math::InverseFft2D> transform_;
  std::vector<std::vector<double>> coverage_;  ///< of each layer's polygons
};

Reflection MultisliceSolver::Impl::reflect(Order incident, TangentialVector source,
                                           Polarisation polarisation) const {
  const double sine = std::hypot(source.x, source.y);
  if (sine >= 1)
    throw InputError(fmt::format(
        "incident order ({}, {}) is evanescent (light cannot come in along it); take a lower order",
        incident.m, incident.n));
  const double cosine = std::sqrt((1 - sine) * (1 + sine));
  const TangentialField e_in = incident_field(source, polarisation);

  // Orders relative to the incident one: their directions, normal wave numbers and reflection by the mirror.
  std::vector<TangentialVector> directions(size());
  Field kz(size()), r_s(size(), 0), r_p(size(), 0);
  const auto signed_order = [](int index, int n) { return index <= (n - 1) / 2 ? index : index - n; };
  for (int n = 0; n < ny_; ++n)
    for (int m = 0; m < nx_; ++m) {
      const TangentialVector d{source.x + signed_order(m, nx_) * step_.x,
                               source.y + signed_order(n, ny_) * step_.y};
      const double s = std::hypot(d.x, d.y);
      directions[at(n, m)] = d;
      kz[at(n, m)] = normal_component((1 - s) * (1 + s));
      if (s > kSteepest) continue;
      r_s[at(n, m)] = mirror_.reflection(s, Polarisation::s);
      r_p[at(n, m)] = mirror_.reflection(s, Polarisation::p);
    }
  const auto propagate = [&](Field& spectrum, double distance_nm) {
    for (std::size_t i = 0; i < spectrum.size(); ++i)
      spectrum[i] *= std::exp(kI * k_per_nm_ * distance_nm * kz[i]);
  };
  const auto inner_cosine = [&](Complex index) { return normal_component(index * index - sine * sine); };
  // Fresnel reflection of the material of a layer, from vacuum, at each pixel.
  const auto surface = [&](std::size_t layer) {
    const PatternedLayer& l = geometry_.layers[layer];
    const auto r = [&](Complex index) {
      const Complex q = inner_cosine(index);
      return (cosine - q) / (cosine + q);
    };
    const Complex outside = r(l.index_outside), inside = r(l.index_inside);
    Field field(size());
    for (std::size_t i = 0; i < field.size(); ++i)
      field[i] = outside + coverage_[layer][i] * (inside - outside);
    return field;
  };
  const auto pass = [&](Field& spectrum, std::size_t layer) {
    const PatternedLayer& l = geometry_.layers[layer];
    if (l.thickness_nm == 0) return;
    const int n_slices = static_cast<int>(std::ceil(l.thickness_nm / slice_nm_));
    const double slice_nm = l.thickness_nm / n_slices;
    const Complex outside = inner_cosine(l.index_outside) - cosine,
                  inside = inner_cosine(l.index_inside) - cosine;
    Field screen(size());
    for (std::size_t i = 0; i < screen.size(); ++i)
      screen[i] = std::exp(kI * k_per_nm_ * slice_nm * (outside + coverage_[layer][i] * (inside - outside)));
    propagate(spectrum, slice_nm / 2);
    for (int slice = 0; slice < n_slices; ++slice) {
      Field pixels = to_pixels(spectrum);
      for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] *= screen[i];
      spectrum = to_spectrum(pixels);
      propagate(spectrum, slice + 1 < n_slices ? slice_nm : slice_nm / 2);
    }
  };
  // The mirror on a tangential field of two components: r_s + (r_p - r_s) u u^T.
  const auto reflect_in_mirror = [&](Field& x, Field& y) {
    for (std::size_t i = 0; i < x.size(); ++i) {
      const TangentialVector d = directions[i];
      const double d2 = d.x * d.x + d.y * d.y;
      const Complex along = d2 > 0 ? (d.x * x[i] + d.y * y[i]) * (r_p[i] - r_s[i]) / d2 : 0.0;
      x[i] = r_s[i] * x[i] + along * d.x;
      y[i] = r_s[i] * y[i] + along * d.y;
    }
  };

  // Down; the carrier exp(i k_in r) is taken out of all fields.
  Field down(size(), 0);
  down[0] = 1;
  for (std::size_t l = 0; l < geometry_.layers.size(); ++l) pass(down, l);

  // Once through the mirror, and the bottom surface of the absorber: U = r D - r01 (D - r^2 D).
  Field x(size()), y(size());
  for (std::size_t i = 0; i < size(); ++i) {
    x[i] = e_in.x * down[i];
    y[i] = e_in.y * down[i];
  }
  Field once_x = x, once_y = y;
  reflect_in_mirror(once_x, once_y);
  if (!geometry_.layers.empty()) {
    Field twice_x = once_x, twice_y = once_y;
    reflect_in_mirror(twice_x, twice_y);
    const Field bottom = surface(geometry_.layers.size() - 1);
    const auto add_surface = [&](Field& once, const Field& first, const Field& twice) {
      Field difference(size());
      for (std::size_t i = 0; i < size(); ++i) difference[i] = first[i] - twice[i];
      Field pixels = to_pixels(difference);
      for (std::size_t i = 0; i < size(); ++i) pixels[i] *= bottom[i];
      const Field spectrum = to_spectrum(pixels);
      for (std::size_t i = 0; i < size(); ++i) once[i] -= spectrum[i];
    };
    add_surface(once_x, x, twice_x);
    add_surface(once_y, y, twice_y);
  }
  // Up, and what the top surface returns at once.
  for (std::size_t l = geometry_.layers.size(); l-- > 0;) {
    pass(once_x, l);
    pass(once_y, l);
  }
  if (!geometry_.layers.empty()) {
    const Field top = to_spectrum(surface(0));
    for (std::size_t i = 0; i < size(); ++i) {
      once_x[i] += e_in.x * top[i];
      once_y[i] += e_in.y * top[i];
    }
  }

  Reflection result;
  for (int n = 0; n < ny_; ++n)
    for (int m = 0; m < nx_; ++m) {
      const std::size_t i = at(n, m);
      if (std::hypot(directions[i].x, directions[i].y) >= 1) continue;
      const int dm = signed_order(m, nx_), dn = signed_order(n, ny_);
      // Pixels are samples at their centres; phases refer to the corner of the cell.
      const Complex phase =
          std::polar(1.0, -constants::kPi * (static_cast<double>(dm) / nx_ + static_cast<double>(dn) / ny_));
      result.orders.push_back(reflected_order({incident.m + dm, incident.n + dn}, directions[i], kz[i],
                                              phase * once_x[i], phase * once_y[i], cosine));
      result.reflectance += result.orders.back().efficiency;
    }
  return result;
}

MultisliceSolver::MultisliceSolver(const MaskGeometry& geometry, double wavelength_nm, TangentialVector bloch,
                                   const MultisliceParameters& parameters)
    : impl_(std::make_unique<const Impl>(geometry, wavelength_nm, bloch, parameters)) {}
MultisliceSolver::~MultisliceSolver() = default;
MultisliceSolver::MultisliceSolver(MultisliceSolver&&) noexcept = default;
MultisliceSolver& MultisliceSolver::operator=(MultisliceSolver&&) noexcept = default;

Reflection MultisliceSolver::reflect(Order incident, Polarisation polarisation) const {
  return impl_->reflect(incident, impl_->direction_of(incident), polarisation);
}

MaskJones MultisliceSolver::reflect_all(Order incident, int max_order_x, int max_order_y) const {
  return reflect_direction(impl_->direction_of(incident), max_order_x, max_order_y);
}

MaskJones MultisliceSolver::reflect_direction(TangentialVector incident, int max_order_x,
                                              int max_order_y) const {
  const Reflection of_s = impl_->reflect({0, 0}, incident, Polarisation::s);
  const Reflection of_p = impl_->reflect({0, 0}, incident, Polarisation::p);
  const TangentialField s = incident_field(incident, Polarisation::s),
                        p = incident_field(incident, Polarisation::p);
  const double determinant = s.x * p.y - s.y * p.x;
  MaskJones jones{.max_order_x = max_order_x, .max_order_y = max_order_y, .orders = {}};
  jones.orders.resize(static_cast<std::size_t>((2 * max_order_x + 1) * (2 * max_order_y + 1)));
  for (std::size_t i = 0; i < of_s.orders.size(); ++i) {
    const ReflectedOrder &from_s = of_s.orders[i], &from_p = of_p.orders[i];
    const auto [m, n] = from_s.order;
    if (std::abs(m) > max_order_x || std::abs(n) > max_order_y) continue;
    jones.orders[static_cast<std::size_t>((n + max_order_y) * (2 * max_order_x + 1) + m + max_order_x)] = {
        (from_s.ex * p.y - from_p.ex * s.y) / determinant, (from_p.ex * s.x - from_s.ex * p.x) / determinant,
        (from_s.ey * p.y - from_p.ey * s.y) / determinant, (from_p.ey * s.x - from_s.ey * p.x) / determinant};
  }
  return jones;
}

}  // namespace undulith::mask
