// SPDX-License-Identifier: MIT
#include "mask/plane_waves.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/require.hpp"

namespace undulith::mask {
namespace {

using Complex = std::complex<double>;
using optics::Polarisation;
constexpr double kDegree = constants::kPi / 180;

// cos(phi) and sin(phi) of a direction; phi = 0 along the normal.
struct Azimuth {
  double c, s;
};
Azimuth azimuth_of(TangentialVector d) {
  const double sine = std::hypot(d.x, d.y);
  return sine > 0 ? Azimuth{d.x / sine, d.y / sine} : Azimuth{1, 0};
}

void require_solvable(bool condition, const char* what, double value, const char* why) {
  if (!condition) refuse(std::string("rigorous mask: ") + what, value, why, "correct the mask");
}

void check_index(Complex index) {
  require_solvable(std::isfinite(index.real()) && index.real() > 0, "refractive index n", index.real(),
                   "must be positive");
  require_solvable(std::isfinite(index.imag()) && index.imag() >= 0, "extinction k", index.imag(),
                   "must not be negative: with time factor exp(-i w t) that is a layer with gain");
}

}  // namespace

void check_geometry(const MaskGeometry& geometry, double wavelength_nm) {
  const Box& cell = geometry.cell;
  require_solvable(std::isfinite(wavelength_nm) && wavelength_nm > 0, "wavelength_nm", wavelength_nm,
                   "must be positive");
  require_solvable(std::isfinite(cell.width()) && cell.width() > 0, "width of the cell", cell.width(),
                   "must be positive");
  require_solvable(std::isfinite(cell.height()) && cell.height() > 0, "height of the cell", cell.height(),
                   "must be positive");
  for (const PatternedLayer& layer : geometry.layers) {
    require_solvable(std::isfinite(layer.thickness_nm) && layer.thickness_nm >= 0, "thickness_nm",
                     layer.thickness_nm, "must not be negative");
    check_index(layer.index_inside);
    check_index(layer.index_outside);
    const double slack = 1e-9 * (cell.width() + cell.height());
    for (const layout::Polygon& polygon : layer.polygons)
      for (const layout::Point& point : polygon) {
        require_solvable(point.x >= cell.x0 - slack && point.x <= cell.x1 + slack, "x of a polygon", point.x,
                         "must lie within the cell");
        require_solvable(point.y >= cell.y0 - slack && point.y <= cell.y1 + slack, "y of a polygon", point.y,
                         "must lie within the cell");
      }
  }
}

TangentialVector tangential_vector(double incidence_deg, double azimuth_deg) {
  require_solvable(std::isfinite(incidence_deg) && incidence_deg >= 0 && incidence_deg < 90, "incidence_deg",
                   incidence_deg, "must be in [0, 90)");
  const double sine = std::sin(incidence_deg * kDegree);
  return {sine * std::cos(azimuth_deg * kDegree), sine * std::sin(azimuth_deg * kDegree)};
}

const ReflectedOrder& Reflection::operator()(int m, int n) const {
  const auto found = std::ranges::find(orders, Order{m, n}, &ReflectedOrder::order);
  if (found == orders.end())
    throw InputError(fmt::format("order ({}, {}) was not kept; raise max_order_x or max_order_y", m, n));
  return *found;
}

TangentialField incident_field(TangentialVector direction, Polarisation polarisation) {
  const auto [c, s] = azimuth_of(direction);
  if (polarisation == Polarisation::s) return {-s, c};
  const double sine = std::hypot(direction.x, direction.y), cosine = std::sqrt((1 - sine) * (1 + sine));
  return {cosine * c, cosine * s};
}

ReflectedOrder reflected_order(Order order, TangentialVector direction, Complex kz, Complex ex, Complex ey,
                               double cosine_in) {
  const auto [c, s] = azimuth_of(direction);
  // k E = 0 of a wave that goes up.
  const Complex ez = (direction.x * ex + direction.y * ey) / kz;
  ReflectedOrder wave{.order = order, .direction = direction, .kz = kz, .ex = ex, .ey = ey, .ez = ez};
  wave.s = c * ey - s * ex;
  wave.p = (c * ex + s * ey) / kz;
  if (std::hypot(direction.x, direction.y) < 1)
    wave.efficiency = (std::norm(ex) + std::norm(ey) + std::norm(ez)) * kz.real() / cosine_in;
  return wave;
}

}  // namespace undulith::mask
