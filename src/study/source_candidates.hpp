// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/flow/prepared.hpp"
#include "undulith/optimise/facet_assignment.hpp"
#include "undulith/optimise/source_optimisation.hpp"

/// The points of the pupil that an optimised source may use.
namespace undulith::study {

/// Pixels, as those of illuminator.map_file: with the polarisation that the illuminator gives them.
/// @throws InputError  min_sigma is not below max_sigma, no pixel between them
[[nodiscard]] illuminator::PupilFill pixel_candidates(const flow::Prepared& prepared);

/// @throws InputError  see optimise::make_facet_map()
[[nodiscard]] optimise::FacetMap facet_candidates(const flow::Prepared& prepared);

/// Brightness of the pixels of an optimised source, largest 1.
[[nodiscard]] Field2D<double> brightness_map(const illuminator::PupilFill& candidates,
                                             const std::vector<double>& weights, int grid_points);

/// @param edge_bound_nm  largest error of an edge; 0: none
[[nodiscard]] optimise::SourceSettings source_settings(const job::OptimiseSourceTable& table,
                                                       double edge_bound_nm);

}  // namespace undulith::study
