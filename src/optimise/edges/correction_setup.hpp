// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "optimise/edges/fragments.hpp"
#include "optimise/edges/site_derivatives.hpp"
#include "undulith/optimise/correct_edges.hpp"

/// What a correction of edges needs before its first image.
namespace undulith::optimise {

/// Shortest period of the pattern's band.
[[nodiscard]] double shortest_period_nm(const ModelGrid& grid);

/// The settings with lengths that follow from the optics in place of zeros.
[[nodiscard]] CorrectionSettings with_lengths(CorrectionSettings settings, const ModelGrid& grid);

/// @throws InputError  see correct_edges()
void require_settings(const layout::Clip& target, const ModelGrid& grid, const ModelGrid& sensitivities,
                      const CorrectionSettings& settings);

/// A piece that stands out, or back, alone is a shape or a space of its own length.
[[nodiscard]] double least_piece_nm(const MaskRules& rules);

/// Sites on each edge of the first n_rings rings: the middle of a short edge, else equal steps between its corners.
[[nodiscard]] std::vector<CorrectedSite> make_sites(const FragmentedTarget& target, std::size_t n_rings,
                                                    const CorrectionSettings& settings);

/// Positive for counter-clockwise rings.
[[nodiscard]] double signed_area(const layout::Polygon& ring);

/// Points along the middle of a bar, as many as its drawn length asks for.
[[nodiscard]] std::vector<ProbePoint> middle_points(const layout::Polygon& bar, const layout::Polygon& drawn,
                                                    double pitch_nm);

}  // namespace undulith::optimise
