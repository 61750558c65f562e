// SPDX-License-Identifier: MIT
#include "undulith/optics/peak.hpp"

#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace undulith::optics {
namespace {

constexpr int kSamples = 161;
constexpr int kPanels = 64;  // of Simpson's rule across the band: error 1e-10 for a curve with a few bends

double crossing(const std::function<double(double)>& f, double a, double b) {
  const double fa = f(a), fb = f(b);
  if (fa == 0) return a;
  if (fb == 0) return b;
  std::uintmax_t iterations = 60;
  const auto [low, high] = boost::math::tools::toms748_solve(
      f, a, b, fa, fb, boost::math::tools::eps_tolerance<double>(44), iterations);
  return 0.5 * (low + high);
}

Peak::Band band_between(const std::function<double(double)>& reflectance, double low, double high) {
  double sum = 0, moment = 0;
  for (int i = 0; i <= kPanels; ++i) {
    const double t = static_cast<double>(i) / kPanels, x = std::lerp(low, high, t);
    const double weight = (i == 0 || i == kPanels ? 1 : i % 2 == 1 ? 4 : 2) * reflectance(x);
    sum += weight;
    moment += weight * (x - low);
  }
  return {.fwhm_nm = high - low, .middle_nm = 0.5 * (low + high), .centroid_nm = low + moment / sum};
}

}  // namespace

std::optional<std::array<double, 2>> level_crossings(std::span<const double> x, std::span<const double> y,
                                                     double level) {
  const auto crossing = [&](std::size_t above, std::size_t below) {
    const double t = (level - y[below]) / (y[above] - y[below]);
    return std::lerp(x[below], x[above], t);
  };
  const auto top = static_cast<std::size_t>(std::ranges::max_element(y) - y.begin());
  std::size_t left = top, right = top;
  while (left > 0 && y[left] >= level) --left;
  while (right + 1 < y.size() && y[right] >= level) ++right;
  if (!(y[left] < level && y[right] < level)) return std::nullopt;
  return std::array{crossing(left + 1, left), crossing(right - 1, right)};
}

std::optional<Peak> find_peak(const std::function<double(double)>& reflectance, double low_nm,
                              double high_nm) {
  std::vector<double> x, y;
  for (int i = 0; i < kSamples; ++i) {
    x.push_back(std::lerp(low_nm, high_nm, static_cast<double>(i) / (kSamples - 1)));
    y.push_back(reflectance(x.back()));
  }
  const auto top = static_cast<std::size_t>(std::ranges::max_element(y) - y.begin());
  if (top == 0 || top + 1 == y.size()) return std::nullopt;
  std::uintmax_t iterations = 60;
  const auto [at, negative] = boost::math::tools::brent_find_minima([&](double w) { return -reflectance(w); },
                                                                    x[top - 1], x[top + 1], 30, iterations);
  Peak peak{.wavelength_nm = at, .reflectance = -negative, .band = std::nullopt};
  const double half = 0.5 * peak.reflectance;
  std::size_t left = top, right = top;
  while (left > 0 && y[left] >= half) --left;
  while (right + 1 < y.size() && y[right] >= half) ++right;
  if (!(peak.reflectance > 0 && y[left] < half && y[right] < half)) return peak;
  const std::function<double(double)> above_half = [&](double w) { return reflectance(w) - half; };
  peak.band = band_between(reflectance, crossing(above_half, x[left], x[left + 1]),
                           crossing(above_half, x[right - 1], x[right]));
  return peak;
}

}  // namespace undulith::optics
