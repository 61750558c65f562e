// SPDX-License-Identifier: MIT
#include "resist/film_modes.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "undulith/core/parallel.hpp"

namespace undulith::resist {

double widest_step_nm(const Grid3D& grid) {
  double step = grid.dz;
  if (grid.nx > 1) step = std::max(step, grid.dx);
  if (grid.ny > 1) step = std::max(step, grid.dy);
  return step;
}

std::vector<double> lateral_k2(const Grid3D& grid) {
  const int columns = grid.nx / 2 + 1;
  std::vector<double> k2(static_cast<std::size_t>(columns) * static_cast<std::size_t>(grid.ny));
  for (int n = 0; n < grid.ny; ++n)
    for (int m = 0; m < columns; ++m) {
      const int order_y = n <= grid.ny / 2 ? n : n - grid.ny;
      const double kx = 2 * std::numbers::pi * m / (grid.nx * grid.dx),
                   ky = 2 * std::numbers::pi * order_y / (grid.ny * grid.dy);
      k2[static_cast<std::size_t>(n) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(m)] =
          kx * kx + ky * ky;
    }
  return k2;
}

DepthCosines depth_cosines(int nz) {
  const int last = nz - 1;
  DepthCosines cosines{Eigen::MatrixXd(nz, nz), Eigen::MatrixXd(nz, nz)};
  for (int j = 0; j < nz; ++j)
    for (int i = 0; i < nz; ++i) {
      const double wave = std::cos(std::numbers::pi * j * i / last);
      const double end_i = i == 0 || i == last ? 0.5 : 1, end_j = j == 0 || j == last ? 0.5 : 1;
      cosines.analyse(j, i) = 2.0 / last * end_j * end_i * wave;
      cosines.compose(i, j) = wave;
    }
  return cosines;
}

void filter_laterally(Field3D<double>& field, const math::RealFft2D& fft, const std::vector<double>& factor) {
  parallel_for(field.nz(), [&](int iz) {
    std::vector<std::complex<double>> spectrum(fft.spectrum_size());
    fft.forward(field.plane(iz), spectrum);
    for (std::size_t k = 0; k < spectrum.size(); ++k) spectrum[k] *= factor[k];
    fft.inverse(spectrum, field.plane(iz));
  });
}

void mix_depths(Field3D<double>& field, const Eigen::MatrixXd& matrix) {
  using Planes = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  constexpr Eigen::Index kColumns = 1024;  // a piece that stays in the cache
  const Eigen::Index size = static_cast<Eigen::Index>(field.grid().plane_size());
  Eigen::Map<Planes> planes(field.values().data(), field.nz(), size);
  parallel_for(static_cast<int>((size + kColumns - 1) / kColumns), [&](int piece) {
    const Eigen::Index first = piece * kColumns, count = std::min(kColumns, size - first);
    const Planes mixed = matrix * planes.middleCols(first, count);
    planes.middleCols(first, count) = mixed;
  });
}

namespace {

// One line of n periodic samples on n * factor of them, by its waves.
Eigen::MatrixXd periodic_refinement(int n, int factor) {
  const int fine = n * factor;
  Eigen::MatrixXd matrix(fine, n);
  for (int i = 0; i < fine; ++i)
    for (int j = 0; j < n; ++j) {
      const double angle =
          2 * std::numbers::pi * (static_cast<double>(i) / fine - static_cast<double>(j) / n);
      double sum = 1;
      for (int k = 1; 2 * k < n; ++k) sum += 2 * std::cos(k * angle);
      if (n % 2 == 0) sum += std::cos(n / 2 * angle);  // the wave that has no partner
      matrix(i, j) = sum / n;
    }
  return matrix;
}

}  // namespace

Field3D<double> refined(const Field3D<double>& field, int factor) {
  if (factor == 1) return field;
  const Grid3D& from = field.grid();
  Grid3D to = from;
  to.nz = (from.nz - 1) * factor + 1;
  to.dz /= factor;
  if (from.nx > 1) to.nx *= factor, to.dx /= factor;
  if (from.ny > 1) to.ny *= factor, to.dy /= factor;
  const DepthCosines cosines = depth_cosines(from.nz);
  Eigen::MatrixXd deeper(to.nz, from.nz);  // cosines of the coarse film at the fine nodes
  for (int i = 0; i < to.nz; ++i)
    for (int j = 0; j < from.nz; ++j) deeper(i, j) = std::cos(std::numbers::pi * j * i / (to.nz - 1));
  using Planes = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Planes of_depth =
      (deeper * cosines.analyse) *
      Eigen::Map<const Planes>(field.values().data(), from.nz, static_cast<Eigen::Index>(from.plane_size()));
  Field3D<double> out(to);
  const Eigen::MatrixXd along_x = periodic_refinement(from.nx, to.nx / from.nx),
                        along_y = periodic_refinement(from.ny, to.ny / from.ny);
  parallel_for(to.nz, [&](int iz) {
    const Eigen::Map<const Planes> coarse(of_depth.data() + static_cast<std::size_t>(iz) * from.plane_size(),
                                          from.ny, from.nx);
    Eigen::Map<Planes>(out.plane(iz).data(), to.ny, to.nx) = along_y * coarse * along_x.transpose();
  });
  return out;
}

Field3D<double> thinned(const Field3D<double>& field, int factor) {
  if (factor == 1) return field;
  const Grid3D& from = field.grid();
  const int every_x = from.nx > 1 ? factor : 1, every_y = from.ny > 1 ? factor : 1;
  Field3D<double> out(Grid3D{.nx = from.nx / every_x,
                             .ny = from.ny / every_y,
                             .nz = (from.nz - 1) / factor + 1,
                             .x0 = from.x0,
                             .y0 = from.y0,
                             .dx = from.dx * every_x,
                             .dy = from.dy * every_y,
                             .dz = from.dz * factor});
  for (int iz = 0; iz < out.nz(); ++iz)
    for (int iy = 0; iy < out.ny(); ++iy)
      for (int ix = 0; ix < out.nx(); ++ix) out(iz, iy, ix) = field(iz * factor, iy * every_y, ix * every_x);
  return out;
}

}  // namespace undulith::resist
