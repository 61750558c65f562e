// SPDX-License-Identifier: MIT
#include "resist/film_modes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "undulith/core/parallel.hpp"
#include "undulith/core/simd.hpp"

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

namespace {

constexpr std::size_t kStrip = 32;  // columns whose nodes fit into the first cache

// One row of a matrix times `count` rows of a strip.
UNDULITH_SIMD_CLONES
void mix_strip(const double* __restrict factors, std::size_t count, const double* __restrict rows,
               double* __restrict mixed) {
  std::array<double, kStrip> sum{};
  for (std::size_t j = 0; j < count; ++j, rows += kStrip)
    for (std::size_t k = 0; k < kStrip; ++k) sum[k] += factors[j] * rows[k];
  for (std::size_t k = 0; k < kStrip; ++k) mixed[k] = sum[k];
}

// Product of a matrix with columns of nodes, a strip of columns at a time. Steps of diffusion reach a few nodes:
// what is 0 beside the largest element for its rounding is left out.
class DepthMixer {
 public:
  explicit DepthMixer(const Eigen::MatrixXd& matrix) : n_(static_cast<std::size_t>(matrix.rows())) {
    constexpr double kNothing = 1e-18;
    const double least = kNothing * matrix.cwiseAbs().maxCoeff();
    for (std::size_t i = 0; i < n_; ++i) {
      Row row{.first = n_};
      std::size_t end = 0;
      for (std::size_t j = 0; j < n_; ++j) {
        if (std::abs(element(matrix, i, j)) <= least) continue;
        row.first = std::min(row.first, j);
        end = j + 1;
      }
      row.factors = factors_.size();
      row.count = end > row.first ? end - row.first : 0;
      for (std::size_t j = row.first; j < row.first + row.count; ++j)
        factors_.push_back(element(matrix, i, j));
      rows_.push_back(row);
    }
  }

  // In place; `room` holds n strips.
  void apply(double* values, std::size_t stride, std::size_t count, std::vector<double>& room) const {
    std::ranges::fill(room, 0.0);
    for (std::size_t j = 0; j < n_; ++j) std::copy_n(values + j * stride, count, room.data() + j * kStrip);
    std::array<double, kStrip> mixed;
    for (std::size_t i = 0; i < n_; ++i) {
      const Row& row = rows_[i];
      mix_strip(factors_.data() + row.factors, row.count, room.data() + row.first * kStrip, mixed.data());
      std::copy_n(mixed.data(), count, values + i * stride);
    }
  }
  [[nodiscard]] std::size_t room() const { return n_ * kStrip; }

 private:
  struct Row {
    std::size_t first = 0, count = 0;  // columns of the matrix
    std::size_t factors = 0;           // where its elements begin
  };
  static double element(const Eigen::MatrixXd& matrix, std::size_t i, std::size_t j) {
    return matrix(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j));
  }

  std::size_t n_;
  std::vector<Row> rows_;
  std::vector<double> factors_;
};

}  // namespace

void mix_depths(Field3D<double>& field, const Eigen::MatrixXd& matrix) {
  constexpr std::size_t kPiece = 16 * kStrip;  // columns
  const DepthMixer mixer(matrix);
  const std::size_t plane = field.grid().plane_size();
  double* const values = field.values().data();
  parallel_for(static_cast<int>((plane + kPiece - 1) / kPiece), [&](int piece) {
    std::vector<double> room(mixer.room());
    const std::size_t first = static_cast<std::size_t>(piece) * kPiece, end = std::min(first + kPiece, plane);
    for (std::size_t column = first; column < end; column += kStrip)
      mixer.apply(values + column, plane, std::min(kStrip, end - column), room);
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

Field3D<double> refined(const Field3D<double>& field, const PerAxis& closer) {
  if (closer == PerAxis{}) return field;
  const Grid3D& from = field.grid();
  Grid3D to = from;
  to.nx *= closer.x, to.dx /= closer.x;
  to.ny *= closer.y, to.dy /= closer.y;
  to.nz = (from.nz - 1) * closer.z + 1, to.dz /= closer.z;
  const DepthCosines cosines = depth_cosines(from.nz);
  Eigen::MatrixXd deeper(to.nz, from.nz);  // cosines of the coarse film at the fine nodes
  for (int i = 0; i < to.nz; ++i)
    for (int j = 0; j < from.nz; ++j) deeper(i, j) = std::cos(std::numbers::pi * j * i / (to.nz - 1));
  using Planes = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Planes of_depth =
      (deeper * cosines.analyse) *
      Eigen::Map<const Planes>(field.values().data(), from.nz, static_cast<Eigen::Index>(from.plane_size()));
  Field3D<double> out(to);
  const Eigen::MatrixXd along_x = periodic_refinement(from.nx, closer.x),
                        along_y = periodic_refinement(from.ny, closer.y);
  parallel_for(to.nz, [&](int iz) {
    const Eigen::Map<const Planes> coarse(of_depth.data() + static_cast<std::size_t>(iz) * from.plane_size(),
                                          from.ny, from.nx);
    Eigen::Map<Planes>(out.plane(iz).data(), to.ny, to.nx) = along_y * coarse * along_x.transpose();
  });
  return out;
}

Field3D<double> thinned(const Field3D<double>& field, const PerAxis& every) {
  if (every == PerAxis{}) return field;
  const Grid3D& from = field.grid();
  Grid3D to = from;
  to.nx /= every.x, to.dx *= every.x;
  to.ny /= every.y, to.dy *= every.y;
  to.nz = (from.nz - 1) / every.z + 1, to.dz *= every.z;
  Field3D<double> out(to);
  for (int iz = 0; iz < to.nz; ++iz)
    for (int iy = 0; iy < to.ny; ++iy)
      for (int ix = 0; ix < to.nx; ++ix) out(iz, iy, ix) = field(iz * every.z, iy * every.y, ix * every.x);
  return out;
}

}  // namespace undulith::resist
