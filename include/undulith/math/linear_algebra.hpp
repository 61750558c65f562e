// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <span>
#include <string>
#include <vector>

namespace undulith::math {

/// Eigenvalues and right eigenvectors of a general complex matrix: A v_j = lambda_j v_j.
struct EigenDecomposition {
  int n = 0;
  std::vector<std::complex<double>> values;  ///< lambda_j, shape (n), in no particular order
  /// v_j, shape (n, n), column-major: v_j starts at element j n; |v_j| = 1
  std::vector<std::complex<double>> vectors;
  /// |A V - V Lambda| / |A|, Frobenius norms, estimated from 8 random vectors: within a factor of 2; 0 for A = 0
  double residual = 0;
};

/// Eigenvalues and right eigenvectors of a dense complex matrix without symmetry, by LAPACK's zgeev
/// (balancing, Hessenberg form, QR iteration) with BLAS on the calling thread only. May be called from many
/// threads at once.
///
/// A defective or nearly defective matrix gives nearly parallel vectors; the residual still stays
/// small: a caller that solves with V must check its condition.
///
/// @param matrix  shape (n, n), column-major, finite
/// @param n       >= 0
/// @throws std::invalid_argument  matrix does not hold n^2 values
/// @throws NumericalError         an element is not finite; the QR iteration does not converge
///
/// Accuracy: residual about 1e-14 for n = 200. Cost O(n^3): about 0.05 s at n = 200, 3 s at n = 1000.
/// Source: [Anderson1999].
[[nodiscard]] EigenDecomposition eigen_decomposition_general(std::span<const std::complex<double>> matrix,
                                                             int n);

/// Eigenvalues, falling, and orthonormal eigenvectors of a Hermitian matrix.
struct HermitianEigen {
  int n = 0;
  std::vector<double> values;                 ///< shape (n)
  std::vector<std::complex<double>> vectors;  ///< shape (n, n), column-major: v_j starts at element j n
};

/// By LAPACK's zheevd (divide and conquer), or dsyevd where every element is real.
/// @param matrix  shape (n, n), column-major, finite; only the upper triangle is read
/// @throws std::invalid_argument  matrix does not hold n^2 values;  NumericalError  no convergence
/// Accuracy: 1e-14 of the largest eigenvalue. Cost O(n^3): 0.6 s at n = 1000, real 0.2 s. Source: [Anderson1999].
[[nodiscard]] HermitianEigen hermitian_eigen(std::span<const std::complex<double>> matrix, int n);

enum class Left { plain, adjoint };
/// c += a b, or a^H b, by BLAS (zgemm). All column-major without gaps; a is (rows_a, columns_a) as stored, c
/// has columns_b columns.
void add_product(Left left, std::span<const std::complex<double>> a, int rows_a, int columns_a,
                 std::span<const std::complex<double>> b, int columns_b, std::span<std::complex<double>> c);
/// The same for real matrices (dgemm).
void add_product(Left left, std::span<const double> a, int rows_a, int columns_a, std::span<const double> b,
                 int columns_b, std::span<double> c);

/// The LU factors of a general complex matrix, ready for many right-hand sides; made once, used by many
/// threads.
class LinearSystem {
 public:
  /// By LAPACK's zgetrf.
  /// @param matrix  shape (n, n), column-major; taken over
  /// @throws std::invalid_argument  matrix does not hold n^2 values;  NumericalError  the matrix is singular
  LinearSystem(std::vector<std::complex<double>> matrix, int n);

  /// A x = b for every column, in place.
  /// @param columns  shape (n, number of columns), column-major
  /// Accuracy: backward stable. Cost O(n^2) per column.
  void solve(std::span<std::complex<double>> columns) const;

 private:
  int n_;
  std::vector<std::complex<double>> factors_;
  std::vector<int> pivots_;
};

/// Version of LAPACK and the configuration of the BLAS in use, with the processor kernel that it chose.
[[nodiscard]] std::string linear_algebra_library();

}  // namespace undulith::math
