// SPDX-License-Identifier: MIT
#include "mask/pupil_axes.hpp"

#include <cmath>

#include "undulith/core/constants.hpp"

namespace undulith::mask {
namespace {

using Vector3 = PupilAxes::Vector;

double dot(const Vector3& a, const Vector3& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

// v, at right angles to the unit vector a, after the shortest turn from a to the unit vector b.
Vector3 carried(const Vector3& v, const Vector3& a, const Vector3& b) {
  const double share = dot(b, v) / (1 + dot(a, b));
  return {v[0] - share * (a[0] + b[0]), v[1] - share * (a[1] + b[1]), v[2] - share * (a[2] + b[2])};
}

}  // namespace

double normal_part(TangentialVector direction) {
  const double square = 1 - direction.x * direction.x - direction.y * direction.y;
  return square > 0 ? std::sqrt(square) : 0;
}

PupilAxes::PupilAxes(const MaskOptics& optics, double chief_ray_deg)
    : scale_x_(optics.na / optics.magnification_x),
      scale_y_(optics.na / optics.magnification_y),
      azimuth_rad_(optics.chief_ray_azimuth_deg * constants::kPi / 180) {
  const double sine = std::sin(chief_ray_deg * constants::kPi / 180);
  chief_ = {-sine * std::sin(azimuth_rad_), -sine * std::cos(azimuth_rad_)};
}

TangentialVector PupilAxes::direction(double sigma_x, double sigma_y) const {
  return {chief_.x + scale_x_ * sigma_x, chief_.y + scale_y_ * sigma_y};
}

PupilAxes::Axes PupilAxes::axes(TangentialVector direction, Way way) const {
  const double sign = way == Way::in ? 1 : -1;
  const Vector3 chief{chief_.x, chief_.y, sign * normal_part(chief_)};
  const Vector3 wave{direction.x, direction.y, sign * normal_part(direction)};
  // The axes of the mask after the shortest turn from its normal to the chief ray.
  const Vector3 normal{0, 0, sign};
  return {carried(carried({1, 0, 0}, normal, chief), chief, wave),
          carried(carried({0, 1, 0}, normal, chief), chief, wave)};
}

std::array<std::complex<double>, 4> to_pupil(const OrderJones& matrix, const PupilAxes::Axes& in,
                                             TangentialVector direction, const PupilAxes::Axes& back) {
  const double kz = normal_part(direction);
  const auto field = [&](const Vector3& e) {
    const std::complex<double> x = matrix.xx * e[0] + matrix.xy * e[1],
                               y = matrix.yx * e[0] + matrix.yy * e[1];
    // A transverse wave: k E = 0 with k = (kx, ky, -kz).
    return std::array{x, y, (direction.x * x + direction.y * y) / kz};
  };
  const auto component = [](const std::array<std::complex<double>, 3>& e, const Vector3& axis) {
    return e[0] * axis[0] + e[1] * axis[1] + e[2] * axis[2];
  };
  const auto of_x = field(in.x), of_y = field(in.y);
  return {component(of_x, back.x), component(of_y, back.x), component(of_x, back.y), component(of_y, back.y)};
}

OrderJones pull_from_pupil(const std::array<std::complex<double>, 4>& d, const PupilAxes::Axes& in,
                           TangentialVector direction, const PupilAxes::Axes& back) {
  const double kz = normal_part(direction);
  OrderJones matrix;
  // Of the light that comes in along e.
  const auto add = [&](const Vector3& e, std::complex<double> along_x, std::complex<double> along_y) {
    const auto component = [&](std::size_t i) { return along_x * back.x[i] + along_y * back.y[i]; };
    const std::complex<double> z = component(2) / kz, x = component(0) + direction.x * z,
                               y = component(1) + direction.y * z;
    matrix.xx += x * e[0];
    matrix.xy += x * e[1];
    matrix.yx += y * e[0];
    matrix.yy += y * e[1];
  };
  add(in.x, d[0], d[2]);
  add(in.y, d[1], d[3]);
  return matrix;
}

}  // namespace undulith::mask
