// SPDX-License-Identifier: MIT
#include "undulith/report/colour_map.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace undulith::report {

namespace {

struct Lab {
  double l, a, b;
};

// White point D65 and the matrices of IEC 61966-2-1 (sRGB).
constexpr double kWhiteX = 0.95047, kWhiteZ = 1.08883;

[[nodiscard]] double encoded(double linear) {
  linear = std::clamp(linear, 0.0, 1.0);
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
}

[[nodiscard]] std::uint8_t byte_of(double linear) {
  return static_cast<std::uint8_t>(std::lround(255 * encoded(linear)));
}

[[nodiscard]] double inverse_f(double f) {
  return f > 6.0 / 29 ? f * f * f : 3 * (6.0 / 29) * (6.0 / 29) * (f - 4.0 / 29);
}

[[nodiscard]] Rgb to_rgb(const Lab& c) {
  const double fy = (c.l + 16) / 116;
  const double x = kWhiteX * inverse_f(fy + c.a / 500), y = inverse_f(fy),
               z = kWhiteZ * inverse_f(fy - c.b / 200);
  return {byte_of(3.2404542 * x - 1.5371385 * y - 0.4985314 * z),
          byte_of(-0.9692660 * x + 1.8760108 * y + 0.0415560 * z),
          byte_of(0.0556434 * x - 0.2040259 * y + 1.0572252 * z)};
}

/// Hue along a map: a* and b* at five equal steps of t, joined by a Catmull-Rom spline.
struct Path {
  double l_start, l_end;
  std::array<double, 5> a, b;
};

// All within the sRGB gamut.
constexpr Path kVioletYellow{16, 91, {34, 10, -27, -46, -10}, {-34, -36, -9, 40, 80}};
constexpr Path kBlueYellow{14, 91, {8, 3, 0, 0, -9}, {-29, -14, 3, 26, 76}};

[[nodiscard]] double spline(const std::array<double, 5>& p, double t) {
  const double s = 4 * t;
  const int i = std::min(static_cast<int>(s), 3);
  const double u = s - i;
  const auto at = [&p](int k) { return p[static_cast<std::size_t>(std::clamp(k, 0, 4))]; };
  const double p0 = at(i - 1), p1 = at(i), p2 = at(i + 1), p3 = at(i + 2);
  return p1 + 0.5 * u * (p2 - p0 + u * (2 * p0 - 5 * p1 + 4 * p2 - p3 + u * (3 * (p1 - p2) + p3 - p0)));
}

[[nodiscard]] Lab along(const Path& path, double t) {
  return {path.l_start + (path.l_end - path.l_start) * t, spline(path.a, t), spline(path.b, t)};
}

[[nodiscard]] Lab diverging(double t) {
  const double s = 2 * t - 1;  // -1 blue, 0 white, 1 orange
  const double strength = std::abs(s);
  constexpr double kWhite = 97, kEnd = 42;
  const double l = kWhite + (kEnd - kWhite) * strength;
  return s < 0 ? Lab{l, 10 * strength, -42 * strength} : Lab{l, 40 * strength, 42 * strength};
}

}  // namespace

Rgb colour_of(ColourMap map, double t) {
  if (std::isnan(t)) return {128, 128, 128};
  t = std::clamp(t, 0.0, 1.0);
  switch (map) {
    case ColourMap::violet_yellow:
      return to_rgb(along(kVioletYellow, t));
    case ColourMap::blue_yellow:
      return to_rgb(along(kBlueYellow, t));
    case ColourMap::blue_orange:
      break;
  }
  return to_rgb(diverging(t));
}

double lightness(Rgb colour) {
  const auto linear = [](std::uint8_t byte) {
    const double c = byte / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  const double y =
      0.2126729 * linear(colour.red) + 0.7151522 * linear(colour.green) + 0.0721750 * linear(colour.blue);
  constexpr double kLinearBelow = 216.0 / 24389;
  return y > kLinearBelow ? 116 * std::cbrt(y) - 16 : y * 24389 / 27;
}

}  // namespace undulith::report
