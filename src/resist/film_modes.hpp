// SPDX-License-Identifier: MIT
#pragma once

#include <Eigen/Dense>
#include <functional>
#include <vector>

#include "undulith/core/volume.hpp"
#include "undulith/math/fft.hpp"
#include "undulith/resist/development.hpp"

/// A film as waves: periodic along it, cosines through it.
namespace undulith::resist {

/// Largest distance of neighbouring nodes, of the axes that have more than one.
[[nodiscard]] double widest_step_nm(const Grid3D& grid);

/// Angular frequencies of the half spectrum of a periodic plane, squared: ny rows of nx/2 + 1, 1/nm2.
[[nodiscard]] std::vector<double> lateral_k2(const Grid3D& grid);

/// Cosine transform of the nodes along z (both surfaces are nodes, mirror symmetry about each): row j of the
/// first matrix gives the amplitude of cos(j pi z / thickness), the second puts the cosines together again.
/// Trapezoid weights: the amplitude of j = 0 is the mean over the film.
struct DepthCosines {
  Eigen::MatrixXd analyse, compose;
};
[[nodiscard]] DepthCosines depth_cosines(int nz);

/// Every lateral wave of every depth times factor(k^2), the same at each depth. In place.
void filter_laterally(Field3D<double>& field, const math::RealFft2D& fft, const std::vector<double>& factor);

/// Every column of nodes along z times the matrix. In place.
void mix_depths(Field3D<double>& field, const Eigen::MatrixXd& matrix);

/// The field on nodes that are `closer` times as close along each axis (1 where there is one node): waves along
/// the film and cosines through it, put together on more nodes. Node (iz, iy, ix) becomes (closer.z iz,
/// closer.y iy, closer.x ix).
[[nodiscard]] Field3D<double> refined(const Field3D<double>& field, const PerAxis& closer);
/// Of every so many nodes along each axis the first: undoes refined().
[[nodiscard]] Field3D<double> thinned(const Field3D<double>& field, const PerAxis& every);

}  // namespace undulith::resist
