// SPDX-License-Identifier: MIT
#include "undulith/math/linear_algebra.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <mutex>
#include <random>
#include <stdexcept>
#include <utility>

#include <fmt/core.h>

#include "undulith/core/error.hpp"

// LAPACKE's default is C's _Complex, which C++ lacks.
#define lapack_complex_float std::complex<float>
#define lapack_complex_double std::complex<double>
#include <cblas.h>
#include <lapacke.h>

// OpenBLAS declares these in its own cblas.h only, and /usr/include/cblas.h may be another library's.
extern "C" {
void openblas_set_num_threads(int);
char* openblas_get_config(void);
char* openblas_get_corename(void);
}

namespace undulith::math {
namespace {

using Complex = std::complex<double>;

// Parallelism is ours, over independent problems; threads of BLAS within tasks would oversubscribe the
// machine, and give zgeev no speed.
void keep_blas_on_one_thread() {
  static std::once_flag once;
  std::call_once(once, [] { openblas_set_num_threads(1); });
}

// A copy of an n x n matrix with mapped memory for four more columns. A matrix-vector product of OpenBLAS 0.3.21
// for processors with AVX2 was seen to load from behind the last column, without effect on the result; at
// the end of a mapping that ends the program.
template <class T>
std::vector<T> with_room_behind(std::span<const T> matrix, int n) {
  constexpr std::size_t kColumns = 4;
  std::vector<T> copy;
  copy.reserve(matrix.size() + kColumns * static_cast<std::size_t>(std::max(n, 0)));
  copy.assign(matrix.begin(), matrix.end());
  return copy;
}

double frobenius_norm(std::span<const Complex> values) {
  double largest = 0;
  for (const Complex& v : values) largest = std::max({largest, std::abs(v.real()), std::abs(v.imag())});
  if (largest == 0) return 0;
  double sum = 0;  // scaled, so that the squares cannot overflow
  for (const Complex& v : values) sum += std::norm(v / largest);
  return largest * std::sqrt(sum);
}

// |A V - V Lambda| / |A|. The norm of a matrix is that of its products with random signs, on average over the signs.
double relative_residual(std::span<const Complex> matrix, const EigenDecomposition& result) {
  constexpr int kProbes = 8;
  const double norm = frobenius_norm(matrix);
  if (norm == 0) return 0;
  const std::size_t n = static_cast<std::size_t>(result.n);
  std::mt19937 engine(1);
  std::vector<Complex> signs(n * kProbes), scaled(signs.size()), sums(signs.size()), difference(signs.size());
  for (std::size_t i = 0; i < signs.size(); ++i) {
    signs[i] = engine() % 2 == 0 ? 1 : -1;
    scaled[i] = -result.values[i % n] * signs[i];
  }
  add_product(Left::plain, result.vectors, result.n, result.n, signs, kProbes, sums);
  add_product(Left::plain, matrix, result.n, result.n, sums, kProbes, difference);
  add_product(Left::plain, result.vectors, result.n, result.n, scaled, kProbes, difference);
  return frobenius_norm(difference) / std::sqrt(kProbes) / norm;
}

}  // namespace

EigenDecomposition eigen_decomposition_general(std::span<const Complex> matrix, int n) {
  const std::size_t size = static_cast<std::size_t>(n);
  if (n < 0 || matrix.size() != size * size)
    throw std::invalid_argument("eigen_decomposition_general: the matrix does not hold n x n values");
  for (const Complex& v : matrix)
    if (!std::isfinite(v.real()) || !std::isfinite(v.imag()))
      throw NumericalError(
          "an eigenproblem has an element that is not finite (its matrix was not built correctly); please "
          "report it");
  EigenDecomposition result;
  result.n = n;
  if (n == 0) return result;
  keep_blas_on_one_thread();
  result.values.resize(size);
  std::vector<Complex> work = with_room_behind(matrix, n);  // zgeev overwrites its matrix
  result.vectors = with_room_behind(matrix, n);
  const lapack_int info = LAPACKE_zgeev(LAPACK_COL_MAJOR, 'N', 'V', n, work.data(), n, result.values.data(),
                                        nullptr, n, result.vectors.data(), n);
  if (info == LAPACK_WORK_MEMORY_ERROR || info == LAPACK_TRANSPOSE_MEMORY_ERROR) throw std::bad_alloc();
  if (info < 0) throw std::invalid_argument(fmt::format("LAPACKE_zgeev refuses argument {}", -info));
  if (info > 0)
    throw NumericalError(
        fmt::format("an eigenproblem of size {} did not converge (only {} of its values did); run "
                    "`undulith doctor` to check the linear algebra library",
                    n, n - info));
  result.residual = relative_residual(matrix, result);
  return result;
}

namespace {

bool upper_is_real(std::span<const Complex> matrix, int n) {
  for (int j = 0; j < n; ++j)
    for (int i = 0; i <= j; ++i)
      if (matrix[static_cast<std::size_t>(j) * static_cast<std::size_t>(n) + static_cast<std::size_t>(i)]
              .imag() != 0)
        return false;
  return true;
}

}  // namespace

HermitianEigen hermitian_eigen(std::span<const Complex> matrix, int n) {
  if (matrix.size() != static_cast<std::size_t>(n) * static_cast<std::size_t>(n))
    throw std::invalid_argument("hermitian_eigen: the matrix does not hold n^2 values");
  keep_blas_on_one_thread();
  HermitianEigen result{.n = n, .values = {}, .vectors = with_room_behind(matrix, n)};
  result.values.resize(static_cast<std::size_t>(n));
  if (n == 0) return result;
  lapack_int info = 0;
  if (upper_is_real(matrix, n)) {
    std::vector<double> values(matrix.size());
    std::ranges::transform(matrix, values.begin(), [](const Complex& value) { return value.real(); });
    std::vector<double> real = with_room_behind(std::span<const double>(values), n);
    info = LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'V', 'U', n, real.data(), n, result.values.data());
    std::ranges::copy(real, result.vectors.begin());
  } else {
    info = LAPACKE_zheevd(LAPACK_COL_MAJOR, 'V', 'U', n, result.vectors.data(), n, result.values.data());
  }
  if (info != 0)
    throw NumericalError(fmt::format(
        "the eigenvalues of a Hermitian {} x {} matrix did not converge (LAPACK: {})", n, n, info));
  // LAPACK's rise.
  std::reverse(result.values.begin(), result.values.end());
  const auto column = [&](int j) { return result.vectors.begin() + static_cast<std::ptrdiff_t>(j) * n; };
  for (int j = 0; j < n / 2; ++j) std::swap_ranges(column(j), column(j) + n, column(n - 1 - j));
  return result;
}

void add_product(Left left, std::span<const Complex> a, int rows_a, int columns_a, std::span<const Complex> b,
                 int columns_b, std::span<Complex> c) {
  keep_blas_on_one_thread();
  const Complex one = 1;
  const bool adjoint = left == Left::adjoint;
  const int rows = adjoint ? columns_a : rows_a, inner = adjoint ? rows_a : columns_a;
  cblas_zgemm(CblasColMajor, adjoint ? CblasConjTrans : CblasNoTrans, CblasNoTrans, rows, columns_b, inner,
              &one, a.data(), rows_a, b.data(), inner, &one, c.data(), rows);
}

void add_product(Left left, std::span<const double> a, int rows_a, int columns_a, std::span<const double> b,
                 int columns_b, std::span<double> c) {
  keep_blas_on_one_thread();
  const bool adjoint = left == Left::adjoint;
  const int rows = adjoint ? columns_a : rows_a, inner = adjoint ? rows_a : columns_a;
  cblas_dgemm(CblasColMajor, adjoint ? CblasTrans : CblasNoTrans, CblasNoTrans, rows, columns_b, inner, 1.0,
              a.data(), rows_a, b.data(), inner, 1.0, c.data(), rows);
}

LinearSystem::LinearSystem(std::vector<Complex> matrix, int n)
    : n_(n), factors_(with_room_behind(std::span<const Complex>(matrix), n)) {
  static_assert(sizeof(lapack_int) == sizeof(int));
  if (n < 0 || factors_.size() != static_cast<std::size_t>(n) * static_cast<std::size_t>(n))
    throw std::invalid_argument("LinearSystem: the matrix does not hold n x n values");
  keep_blas_on_one_thread();
  pivots_.resize(static_cast<std::size_t>(n));
  if (n == 0) return;
  if (LAPACKE_zgetrf(LAPACK_COL_MAJOR, n, n, factors_.data(), n, pivots_.data()) != 0)
    throw NumericalError(fmt::format(
        "a system of {} linear equations has no single solution (its matrix is singular or not finite)", n));
}

void LinearSystem::solve(std::span<Complex> columns) const {
  const std::size_t n = static_cast<std::size_t>(n_);
  if (n == 0 ? !columns.empty() : columns.size() % n != 0)
    throw std::invalid_argument("LinearSystem: the right-hand side does not hold whole columns");
  if (columns.empty()) return;
  if (LAPACKE_zgetrs(LAPACK_COL_MAJOR, 'N', n_, static_cast<int>(columns.size() / n), factors_.data(), n_,
                     pivots_.data(), columns.data(), n_) != 0)
    throw NumericalError("a system of linear equations was refused (a value is not finite)");
}

std::string linear_algebra_library() {
  lapack_int major = 0, minor = 0, patch = 0;
  LAPACK_ilaver(&major, &minor, &patch);
  return fmt::format("LAPACK {}.{}.{}, {}, kernel {}", major, minor, patch, openblas_get_config(),
                     openblas_get_corename());
}

}  // namespace undulith::math
