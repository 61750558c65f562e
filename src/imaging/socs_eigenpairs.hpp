// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <span>
#include <vector>

#include "imaging/socs_systems.hpp"

/// Eigenvalues and eigenvectors of the Gram matrix of the coherent systems.
namespace undulith::imaging {

/// Eigenvalues of B^H B in falling order, and their orthonormal eigenvectors; all of them, or the first ones.
struct Eigenpairs {
  std::vector<double> values;
  std::vector<std::complex<double>> vectors;  ///< shape (n_systems, values), column-major
  bool complete = false;
};

/// What a Krylov space is extended for: the sum of the eigenvalues, on which an image depends, or every
/// vector.
enum class Converged { sum, vectors };

/// The first `count` pairs at least (a few more are returned where they are known).
[[nodiscard]] Eigenpairs eigenpairs(const SystemMatrix& systems, int count, Converged converged);

/// Makes the first `count` eigenvectors unique, so that they do not depend on the eigensolver.
///
/// An eigenvector is free in its phase, and those of equal eigenvalues (to 1e-9, or 1e-13 of the largest) in
/// their basis. In the space of the orders, with P the projector on the eigenvectors of one eigenvalue: the
/// first kernel is P e_f for the order f with the largest P_ff, scaled to 1, so that its largest element is
/// real and positive; the next ones are found likewise in what remains. Of orders whose P_ff is within 1e-6 of
/// the largest the first in the order of storage counts. Equal eigenvalues get their mean.
/// @return B times the first eigenvectors, one column each: all of `count` whose eigenvalue is above 1e-14 of the largest
[[nodiscard]] std::vector<std::complex<double>> fix_free_choices(const SystemMatrix& systems,
                                                                 Eigenpairs& pairs, int count);

[[nodiscard]] std::vector<std::complex<double>> gaussian(std::size_t count, unsigned seed);

[[nodiscard]] std::span<const std::complex<double>> columns_of(
    const std::vector<std::complex<double>>& matrix, std::size_t rows, int count);

/// x -= basis (basis^H x)
void project_out(std::span<const std::complex<double>> basis, int rows, int n_basis,
                 std::vector<std::complex<double>>& x, int columns);

}  // namespace undulith::imaging
