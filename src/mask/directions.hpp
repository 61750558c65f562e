// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "mask/mask_geometry.hpp"
#include "mask/pupil_axes.hpp"
#include "undulith/illuminator/illuminator.hpp"
#include "undulith/mask/diffraction.hpp"
#include "undulith/mask/mask.hpp"
#include "undulith/mask/solved_directions.hpp"

namespace undulith::mask {

/// Distance along each axis, in sigma, after which directions share a Bloch vector; absent: none do.
struct Lattice {
  std::optional<double> x, y;
};

/// A regular grid over the source with steps of at most `largest_step` along each axis, and polynomials through
/// `stencil` nodes between (4: cubic); or, where that has no fewer nodes, the source points themselves.
///
/// On an axis with a lattice the step is a whole fraction of its unit or a whole multiple, and a node lies at
/// the chief ray; else the grid spans the points exactly. Only nodes that some point needs are kept.
[[nodiscard]] Directions lay_directions(const std::vector<illuminator::SourcePoint>& points,
                                        const Lattice& lattice, Sigma largest_step, int stencil = 4);

/// Directions of a mask whose model is thick, for the points of a source. The rigorous model shares solutions along the
/// axes of the mask's lattice. The multislice model solves twice as many along each axis with coarse slices.
[[nodiscard]] Directions lay_directions(const MaskGeometry& geometry, const MaskParameters& parameters,
                                        const MaskOptics& optics, double wavelength_nm,
                                        const illuminator::PupilFill& pupil_fill);

/// Multislice: directions that are solved with fine slices as well, and their shares in the others.
[[nodiscard]] Directions lay_corrections(const Directions& directions, const MaskParameters& parameters,
                                         const MaskOptics& optics);

/// Directions of one Bloch vector, each by its order.
struct BlochGroup {
  TangentialVector bloch;
  std::vector<std::pair<std::size_t, Order>> nodes;
};
[[nodiscard]] std::vector<BlochGroup> group_by_bloch(const MaskGeometry& geometry, const PupilAxes& axes,
                                                     const Directions& directions, double wavelength_nm);

/// Light must come in and go out: the optics accept no wave along the surface.
/// @throws InputError  it does not
void require_directions(const PupilAxes& axes, const Directions& directions);

}  // namespace undulith::mask
