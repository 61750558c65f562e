// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/resist/resist.hpp"

namespace undulith::resist {
namespace {

// Whether the image changes along an axis by more than rounding.
bool varies(const math::FourierSeries2D& series, bool along_x) {
  constexpr double kNothing = 1e-13;
  double largest = 0, along = 0;
  for (int n = -series.max_order_y(); n <= series.max_order_y(); ++n)
    for (int m = 0; m <= series.max_order_x(); ++m) {
      const double size = std::abs(series.coefficient(m, n));
      largest = std::max(largest, size);
      if ((along_x ? m : n) != 0) along = std::max(along, size);
    }
  return along > kNothing * largest;
}

int cells_for(double length_nm, double step_nm) {
  return std::max(1, static_cast<int>(std::ceil(length_nm / step_nm - 1e-9)));
}

}  // namespace

Grid3D make_grid(const imaging::AerialImage& image, const FilmParameters& film) {
  const Box& cell = image.series.cell();
  const int depth_cells = cells_for(film.thickness_nm, film.depth_step_nm);
  if (depth_cells < 2)
    throw InputError(fmt::format(
        "resist.film.thickness_nm = {} (thinner than two cells of resist.film.depth_step_nm = {}); "
        "use a depth step of {:.3g} or less",
        film.thickness_nm, film.depth_step_nm, film.thickness_nm / 2));
  const int nx = varies(image.series, true) ? cells_for(cell.width(), film.lateral_step_nm) : 1;
  const int ny = varies(image.series, false) ? cells_for(cell.height(), film.lateral_step_nm) : 1;
  constexpr int kFewest = 6;  // nodes across a cell: fewer carry no image
  const auto require_nodes = [&](bool image_varies, int n, double side_nm) {
    if (image_varies && n < kFewest)
      throw InputError(fmt::format(
          "resist.film.lateral_step_nm = {} (leaves {} nodes across a cell of {:g} nm); use {:.3g} "
          "or less",
          film.lateral_step_nm, n, side_nm, side_nm / kFewest));
  };
  require_nodes(varies(image.series, true), nx, cell.width());
  require_nodes(varies(image.series, false), ny, cell.height());
  if (static_cast<double>(nx) * ny * (depth_cells + 1) > std::numeric_limits<int>::max())
    throw InputError(
        fmt::format("resist.film.lateral_step_nm = {} (makes {} x {} x {} nodes, more than can be "
                    "held); use a larger step or a smaller cell",
                    film.lateral_step_nm, nx, ny, depth_cells + 1));
  return {.nx = nx,
          .ny = ny,
          .nz = depth_cells + 1,
          .x0 = cell.x0,
          .y0 = cell.y0,
          .dx = cell.width() / nx,
          .dy = cell.height() / ny,
          .dz = film.thickness_nm / depth_cells};
}

std::vector<double> image_depths(const FilmParameters& film) {
  const int n = film.n_planes;
  if (n == 1) return {film.focus_reference == FocusReference::top ? 0 : film.thickness_nm / 2};
  std::vector<double> depths;
  for (int i = 0; i < n; ++i)
    depths.push_back(film.thickness_nm * (1 - std::cos(std::numbers::pi * i / (n - 1))) / 2);
  return depths;
}

double focus_at_depth(const FilmParameters& film, double focus_nm, double depth_nm) {
  const double reference_nm = film.focus_reference == FocusReference::top ? 0 : film.thickness_nm / 2;
  return focus_nm + (depth_nm - reference_nm) / film.refractive_index;
}

ImageInResist image_in_resist(std::span<const imaging::AerialImage> images, const Grid3D& grid,
                              const FilmParameters& film, double na, bool absorbed) {
  const std::vector<double> depths = image_depths(film);
  if (images.size() != depths.size())
    throw std::invalid_argument("image_in_resist: one image for each of image_depths() is needed");
  std::vector<Field2D<double>> planes;
  for (const imaging::AerialImage& image : images)
    planes.push_back(image.series.sample_cell(grid.nx, grid.ny));

  ImageInResist result{.intensity = Field3D<double>(grid),
                       .absorbed = absorbed,
                       .wavelength_nm = images.front().wavelength_nm};
  // Mean of 1/cos over a disc of sin = NA/n: 2 (1 - sqrt(1 - s^2)) / s^2.
  const double s = std::min(na / film.refractive_index, 0.999);
  result.path_factor = s > 0 ? 2 * (1 - std::sqrt(1 - s * s)) / (s * s) : 1;
  parallel_for(grid.nz, [&](int iz) {
    const double z_nm = grid.z(iz);
    const std::span<double> out = result.intensity.plane(iz);
    for (std::size_t j = 0; j < planes.size(); ++j) {
      double weight = 1;  // Lagrange's polynomial through the planes
      for (std::size_t i = 0; i < depths.size(); ++i)
        if (i != j) weight *= (z_nm - depths[i]) / (depths[j] - depths[i]);
      const auto in = planes[j].values();
      for (std::size_t k = 0; k < out.size(); ++k) out[k] += weight * in[k];
    }
    for (double& value : out) value = std::max(0.0, value);
  });
  return result;
}

}  // namespace undulith::resist
