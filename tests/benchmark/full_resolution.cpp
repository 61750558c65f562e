// SPDX-License-Identifier: MIT
#include "full_resolution.hpp"

#include <fftw3.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <cstring>

namespace undulith::benchmark {

using Complex = std::complex<double>;

struct FullResolutionImager::Work {
  Complex* field;
  fftw_plan plan;
};

FullResolutionImager::FullResolutionImager(int n, PlanEffort effort) : n_(n), work_(new Work) {
  work_->field = reinterpret_cast<Complex*>(fftw_malloc(sizeof(Complex) * static_cast<std::size_t>(n) * n));
  auto* data = reinterpret_cast<fftw_complex*>(work_->field);
  work_->plan = fftw_plan_dft_2d(n, n, data, data, FFTW_BACKWARD,
                                 effort == PlanEffort::measure ? FFTW_MEASURE : FFTW_ESTIMATE);
}

FullResolutionImager::~FullResolutionImager() {
  fftw_destroy_plan(work_->plan);
  fftw_free(work_->field);
  delete work_;
}

void FullResolutionImager::add(const mask::Diffraction& mask, std::span<const Complex> kernel, double weight,
                               std::vector<double>& intensity) const {
  const std::size_t n_pixels = static_cast<std::size_t>(n_) * n_;
  Complex* field = work_->field;
  std::memset(static_cast<void*>(field), 0, n_pixels * sizeof(Complex));
  std::size_t i = 0;
  for (int n = -mask.max_order_y; n <= mask.max_order_y; ++n)
    for (int m = -mask.max_order_x; m <= mask.max_order_x; ++m, ++i)
      field[static_cast<std::size_t>((n + n_) % n_) * n_ + (m + n_) % n_] = mask.amplitudes[i] * kernel[i];
  fftw_execute(work_->plan);
  for (std::size_t p = 0; p < n_pixels; ++p)
    intensity[p] += weight * (field[p].real() * field[p].real() + field[p].imag() * field[p].imag());
}

std::vector<Complex> abbe_kernel(const mask::Diffraction& mask, const illuminator::SourcePoint& point,
                                 double na) {
  std::vector<Complex> kernel;
  kernel.reserve(mask.amplitudes.size());
  const double unit = mask.wavelength_nm / na;
  for (int n = -mask.max_order_y; n <= mask.max_order_y; ++n)
    for (int m = -mask.max_order_x; m <= mask.max_order_x; ++m) {
      const double px = m / mask.cell.width() * unit + point.sigma_x,
                   py = n / mask.cell.height() * unit + point.sigma_y;
      kernel.push_back(px * px + py * py <= 1 + 1e-9 ? 1.0 : 0.0);
    }
  return kernel;
}

Socs make_socs(const mask::Diffraction& mask, const illuminator::PupilFill& fill, double na, int n_kernels) {
  // Rows of A: sqrt(w_s) P(f + s). TCC = A^H A shares its non-zero eigenvalues with the Gram matrix A A^H.
  const auto n_points = static_cast<Eigen::Index>(fill.points.size());
  const auto n_orders = static_cast<Eigen::Index>(mask.amplitudes.size());
  Eigen::MatrixXf passes(n_orders, n_points);
  for (Eigen::Index s = 0; s < n_points; ++s) {
    const auto kernel = abbe_kernel(mask, fill.points[static_cast<std::size_t>(s)], na);
    for (Eigen::Index f = 0; f < n_orders; ++f)
      passes(f, s) = static_cast<float>(kernel[static_cast<std::size_t>(f)].real());
  }
  Eigen::VectorXd root_weight(n_points);
  for (Eigen::Index s = 0; s < n_points; ++s)
    root_weight[s] = std::sqrt(fill.points[static_cast<std::size_t>(s)].weight);
  // Entries of the product are counts of orders: exact in single precision.
  Eigen::MatrixXd gram = (passes.transpose() * passes).cast<double>();
  gram = root_weight.asDiagonal() * gram * root_weight.asDiagonal();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(gram);

  Socs socs;
  for (int k = 0; k < n_kernels; ++k) {
    const Eigen::Index column = n_points - 1 - k;
    const double value = eigen.eigenvalues()[column];
    const Eigen::VectorXd mix = eigen.eigenvectors().col(column).cwiseProduct(root_weight) / std::sqrt(value);
    const Eigen::VectorXd kernel = passes.cast<double>() * mix;
    socs.eigenvalues.push_back(value);
    socs.kernels.emplace_back(kernel.data(), kernel.data() + kernel.size());
  }
  return socs;
}

}  // namespace undulith::benchmark
