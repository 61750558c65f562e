// SPDX-License-Identifier: MIT
#include "undulith/imaging/flare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/require.hpp"
#include "undulith/imaging/keys.hpp"
#include "undulith/math/fft.hpp"

namespace undulith::imaging {
namespace {

using constants::kPi;
constexpr double kNmPerUm = 1000;

void require_valid(const ScatterPsf& psf) {
  check_keys(psf, scatter_keys(), "imaging.flare");
  require(psf.outer_radius_um > psf.inner_radius_um, "imaging.flare.outer_radius_um", psf.outer_radius_um,
          fmt::format("must be above inner_radius_um = {}", psf.inner_radius_um), "enlarge it");
}

// Integral of r^-e over the disc of radius r, not normalised, lengths in units of the inner radius.
double disc_integral(double r, const ScatterPsf& psf) {
  const double outer = psf.outer_radius_um / psf.inner_radius_um;
  r = std::min(r, outer);
  if (r <= 1) return kPi * r * r;
  const double e = psf.exponent;
  const double ring = e == 2 ? std::log(r) : (std::pow(r, 2 - e) - 1) / (2 - e);
  return kPi + 2 * kPi * ring;
}

// Share of the scattered light within a square about its origin.
double square_share(double width_um, const ScatterPsf& psf) {
  // Eight triangles: for each, a sum over directions of the disc integral up to its side.
  constexpr int kDirections = 400;
  const double half = width_um / 2 / psf.inner_radius_um;
  double sum = 0;
  for (int i = 0; i < kDirections; ++i)
    sum += disc_integral(half / std::cos((i + 0.5) / kDirections * kPi / 4), psf);
  return sum / kDirections / disc_integral(psf.outer_radius_um / psf.inner_radius_um, psf);
}

// Value relative to the centre.
double value_at(double r_um, const ScatterPsf& psf) {
  if (r_um > psf.outer_radius_um) return 0;
  return r_um <= psf.inner_radius_um ? 1 : std::pow(r_um / psf.inner_radius_um, -psf.exponent);
}

// Share of the scattered light at the pixel at distance (ix, iy).
double pixel_share(int ix, int iy, double dx_um, double dy_um, const ScatterPsf& psf) {
  constexpr int kNear = 4;
  const int n =
      std::max(std::abs(ix), std::abs(iy)) <= kNear ? 24 : 4;  // the function is steep near its centre
  double sum = 0;
  for (int j = 0; j < n; ++j)
    for (int i = 0; i < n; ++i)
      sum +=
          value_at(std::hypot((ix + (i + 0.5) / n - 0.5) * dx_um, (iy + (j + 0.5) / n - 0.5) * dy_um), psf);
  const double total = disc_integral(psf.outer_radius_um / psf.inner_radius_um, psf) * psf.inner_radius_um *
                       psf.inner_radius_um;
  return sum / (n * n) * dx_um * dy_um / total;
}

}  // namespace

double total_integrated_scatter(double roughness_nm, int n_mirrors, double wavelength_nm) {
  if (!(roughness_nm >= 0)) throw InputError(fmt::format("roughness_nm = {} (must be >= 0)", roughness_nm));
  return -std::expm1(-n_mirrors * std::pow(4 * kPi * roughness_nm / wavelength_nm, 2));
}

Field2D<double> scattered_density(const Field2D<double>& density, double surroundings,
                                  const ScatterPsf& psf) {
  require_valid(psf);
  if (!(surroundings >= 0 && surroundings <= 1))
    throw InputError(
        fmt::format("imaging.flare.surroundings_density = {} (must be in [0, 1]); use 0.2", surroundings));
  constexpr double kDensityRounding = 1e-9;  // a density is a sum of areas
  const Grid2D& grid = density.grid();
  for (const double value : density.values())
    if (!(value >= -kDensityRounding && value <= 1 + kDensityRounding))
      throw InputError(fmt::format("a clear density of {} (must be in [0, 1])", value));
  // The difference from the surroundings is convolved: beyond the map it is 0, and offsets longer than the
  // map do not occur. Odd lengths contain every offset once.
  const int nx = 2 * grid.nx + 1, ny = 2 * grid.ny + 1;
  std::vector<double> excess(static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny)),
      kernel(excess.size());
  const auto place = [&](int iy, int ix) {
    return static_cast<std::size_t>((iy + ny) % ny) * static_cast<std::size_t>(nx) +
           static_cast<std::size_t>((ix + nx) % nx);
  };
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix) excess[place(iy, ix)] = density(iy, ix) - surroundings;
  for (int iy = 0; iy <= grid.ny; ++iy)
    for (int ix = 0; ix <= grid.nx; ++ix) {
      const double share = pixel_share(ix, iy, grid.dx / kNmPerUm, grid.dy / kNmPerUm, psf);
      kernel[place(iy, ix)] = kernel[place(-iy, ix)] = kernel[place(iy, -ix)] = kernel[place(-iy, -ix)] =
          share;
    }
  const auto a = math::forward_real(nx, ny, excess), b = math::forward_real(nx, ny, kernel);
  std::vector<std::complex<double>> product;
  const int mx = nx / 2, my = ny / 2;
  const double norm = 1 / (static_cast<double>(nx) * ny);
  for (int n = -my; n <= my; ++n)
    for (int m = 0; m <= mx; ++m) {
      const std::size_t i = static_cast<std::size_t>(n < 0 ? n + ny : n) * static_cast<std::size_t>(mx + 1) +
                            static_cast<std::size_t>(m);
      product.push_back(norm * a[i] * b[i]);
    }
  const std::vector<double> convolved = math::inverse_real(mx, my, product, nx, ny);
  Field2D<double> result(grid);
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix)
      result(iy, ix) = std::clamp(surroundings + convolved[place(iy, ix)], 0.0, 1.0);
  return result;
}

double kirk_flare(double tis, const ScatterPsf& psf, double pad_um) {
  require_valid(psf);
  if (!(pad_um > 0))
    throw InputError(fmt::format("imaging.flare.kirk_pad_um = {} (must be > 0); use 10", pad_um));
  return tis * (1 - square_share(pad_um, psf));
}

}  // namespace undulith::imaging
