#include "resist/film_modes.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "undulith/core/parallel.hpp"

namespace undulith::resist {

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

}  // namespace undulith::resist
