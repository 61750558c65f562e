// SPDX-License-Identifier: MIT
#include <algorithm>
#include <boost/math/interpolators/cardinal_cubic_b_spline.hpp>
#include <cmath>
#include <functional>
#include <numbers>
#include <utility>

#include "resist/film_modes.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/resist/exposure.hpp"

namespace undulith::resist {
namespace {

double gaussian_transfer(double sigma_nm, double k_per_nm) {
  const double phase = sigma_nm * k_per_nm;
  return std::exp(-phase * phase / 2);
}

// Moments of a radial density that is linear between its samples: Int rho(r) r^2 g(r) dr by Simpson's rule.
template <class Weight>
double radial_integral(const BlurParameters& blur, const Weight& weight) {
  constexpr int kPieces = 8;  // of one interval of the table
  double sum = 0;
  for (std::size_t i = 0; i + 1 < blur.table_radius_nm.size(); ++i) {
    const double r0 = blur.table_radius_nm[i], r1 = blur.table_radius_nm[i + 1];
    const auto value = [&](double t) {
      const double r = std::lerp(r0, r1, t);
      return std::lerp(blur.table_density[i], blur.table_density[i + 1], t) * r * r * weight(r);
    };
    for (int p = 0; p < kPieces; ++p) {
      const double a = static_cast<double>(p) / kPieces, b = (p + 1.0) / kPieces;
      sum += (r1 - r0) * (b - a) / 6 * (value(a) + 4 * value((a + b) / 2) + value(b));
    }
  }
  return sum;
}

// The transfer up to a largest k; that of a table, an integral each, through a spline of close values.
std::function<double(double)> transfer_up_to(const BlurParameters& blur, double k_max_per_nm) {
  if (blur.kernel != BlurKernel::table) return [&blur](double k) { return blur_transfer(blur, k); };
  // It swings no faster than the largest radius lets it: a phase of 0.05 between values leaves an error of
  // 1e-8.
  constexpr double kPhase = 0.05;
  const double step = std::min(kPhase / blur.table_radius_nm.back(), k_max_per_nm / 16);
  std::vector<double> values;
  for (double k = 0; k < k_max_per_nm + 4 * step; k += step) values.push_back(blur_transfer(blur, k));
  return boost::math::interpolators::cardinal_cubic_b_spline<double>(values.begin(), values.end(), 0.0, step,
                                                                     0.0);
}

}  // namespace

double blur_transfer(const BlurParameters& blur, double k_per_nm) {
  switch (blur.kernel) {
    case BlurKernel::gaussian:
      return gaussian_transfer(blur.sigma_nm, k_per_nm);
    case BlurKernel::exponential: {
      // exp(-r/l) in space has <x^2> = 4 l^2.
      const double phase = blur.sigma_nm / 2 * k_per_nm, one = 1 + phase * phase;
      return 1 / (one * one);
    }
    case BlurKernel::two_gaussians:
      return std::lerp(gaussian_transfer(blur.sigma_nm, k_per_nm),
                       gaussian_transfer(blur.second_sigma_nm, k_per_nm), blur.second_share);
    case BlurKernel::table:
      return radial_integral(blur,
                             [&](double r) {
                               const double phase = k_per_nm * r;
                               return phase < 1e-4 ? 1 - phase * phase / 6 : std::sin(phase) / phase;
                             }) /
             radial_integral(blur, [](double) { return 1.0; });
  }
  return 1;
}

double blur_sigma_nm(const BlurParameters& blur) {
  switch (blur.kernel) {
    case BlurKernel::gaussian:
    case BlurKernel::exponential:
      return blur.sigma_nm;
    case BlurKernel::two_gaussians:
      return std::sqrt(std::lerp(blur.sigma_nm * blur.sigma_nm, blur.second_sigma_nm * blur.second_sigma_nm,
                                 blur.second_share));
    case BlurKernel::table:
      return std::sqrt(radial_integral(blur, [](double r) { return r * r / 3; }) /
                       radial_integral(blur, [](double) { return 1.0; }));
  }
  return 0;
}

Field3D<double> blurred(Field3D<double> field, const BlurParameters& blur) {
  if (blur_sigma_nm(blur) == 0) return field;
  const Grid3D grid = field.grid();
  const math::RealFft2D fft(grid.nx, grid.ny);
  const std::vector<double> k2 = lateral_k2(grid);
  const double k_of_film = std::numbers::pi / grid.thickness();  // of the slowest cosine through it
  Field3D<double> out = std::move(field);
  std::vector<double> factor(k2.size());
  const bool gaussian = blur.kernel == BlurKernel::gaussian;
  const double k_depth = k_of_film * (grid.nz - 1);
  const auto transfer =
      transfer_up_to(blur, std::sqrt(*std::max_element(k2.begin(), k2.end()) + k_depth * k_depth));
  if (blur.direction == BlurDirection::lateral || gaussian) {
    for (std::size_t k = 0; k < k2.size(); ++k) factor[k] = transfer(std::sqrt(k2[k]));
    filter_laterally(out, fft, factor);
    if (blur.direction == BlurDirection::isotropic) {  // a Gaussian is one along each axis
      const DepthCosines cosines = depth_cosines(grid.nz);
      Eigen::VectorXd depth_factor(grid.nz);
      for (int j = 0; j < grid.nz; ++j) depth_factor(j) = gaussian_transfer(blur.sigma_nm, k_of_film * j);
      mix_depths(out, cosines.compose * depth_factor.asDiagonal() * cosines.analyse);
    }
  } else {
    // Waves along the film one by one for each cosine through it.
    const DepthCosines cosines = depth_cosines(grid.nz);
    mix_depths(out, cosines.analyse);
    parallel_for(grid.nz, [&](int j) {
      const double kz = k_of_film * j;
      std::vector<std::complex<double>> spectrum(fft.spectrum_size());
      fft.forward(out.plane(j), spectrum);
      for (std::size_t k = 0; k < spectrum.size(); ++k) spectrum[k] *= transfer(std::sqrt(k2[k] + kz * kz));
      fft.inverse(spectrum, out.plane(j));
    });
    mix_depths(out, cosines.compose);
  }
  for (double& value : out.values()) value = std::max(0.0, value);
  return out;
}

}  // namespace undulith::resist
