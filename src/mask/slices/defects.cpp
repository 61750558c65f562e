// SPDX-License-Identifier: MIT
#include "undulith/mask/defects.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "undulith/core/error.hpp"

namespace undulith::mask {
namespace {

constexpr double kMostCells = 100;
// Widths from its centre beyond which a bump is below 1e-19 of its height.
constexpr double kTail = 4;

void check(const SurfaceDefect& defect) {
  for (const auto& [name, value] : {std::pair{"x_nm", defect.x_nm}, std::pair{"y_nm", defect.y_nm},
                                    std::pair{"height_nm", defect.height_nm}})
    if (!std::isfinite(value))
      throw InputError(fmt::format("defect: {} = {} (must be finite); give it in nm", name, value));
  if (!(defect.fwhm_nm > 0 && std::isfinite(defect.fwhm_nm)))
    throw InputError(
        fmt::format("defect: fwhm_nm = {} (must be positive); give it in nm at mask scale", defect.fwhm_nm));
}

// A Gaussian of unit height and its copies, at the lower ends of n pixels of one period.
std::vector<double> periodic_gaussian(double centre, double fwhm, double period, int n) {
  std::vector<double> values(static_cast<std::size_t>(n));
  for (int i = 0; i < n; ++i) {
    const double distance = period * i / n - centre;
    const double first = std::ceil((-kTail * fwhm - distance) / period),
                 last = std::floor((kTail * fwhm - distance) / period);
    for (double copy = first; copy <= last; ++copy) {
      const double u = (distance + copy * period) / fwhm;
      values[static_cast<std::size_t>(i)] += std::exp(-4 * std::numbers::ln2 * u * u);
    }
  }
  return values;
}

}  // namespace

SurfaceDefect at_top_surface(const SurfaceDefect& on_substrate, double smoothing_nm) {
  check(on_substrate);
  if (!(smoothing_nm >= 0 && std::isfinite(smoothing_nm)))
    throw InputError(
        fmt::format("defect: smoothing_nm = {} (must not be negative); use 0 for films that follow the "
                    "substrate",
                    smoothing_nm));
  SurfaceDefect top = on_substrate;
  top.fwhm_nm = std::hypot(on_substrate.fwhm_nm, smoothing_nm);
  const double widening = on_substrate.fwhm_nm / top.fwhm_nm;
  top.height_nm *= widening * widening;
  return top;
}

void require_resolved(const SurfaceDefect& at_top, double pixel_nm) {
  if (at_top.fwhm_nm < pixel_nm)
    throw InputError(fmt::format(
        "mask.defect: a buried defect with a width of {:.4g} nm at the surface (narrower than a pixel "
        "of {} nm); make mask.solver.pixel_nm smaller",
        at_top.fwhm_nm, pixel_nm));
}

std::vector<double> surface_heights(std::span<const SurfaceDefect> defects, const Box& cell, int nx, int ny) {
  std::vector<double> heights(static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny));
  for (const SurfaceDefect& defect : defects) {
    check(defect);
    if (defect.fwhm_nm > kMostCells * std::min(cell.width(), cell.height()))
      throw InputError(fmt::format(
          "mask.defect: a buried defect with a width of {} nm (over {} cells); a height that is the same "
          "everywhere belongs to the absorber's thickness",
          defect.fwhm_nm, kMostCells));
    const auto along_x = periodic_gaussian(defect.x_nm - cell.x0, defect.fwhm_nm, cell.width(), nx);
    const auto along_y = periodic_gaussian(defect.y_nm - cell.y0, defect.fwhm_nm, cell.height(), ny);
    auto height = heights.begin();
    for (const double y : along_y)
      for (const double x : along_x) *height++ += defect.height_nm * x * y;
  }
  return heights;
}

}  // namespace undulith::mask
