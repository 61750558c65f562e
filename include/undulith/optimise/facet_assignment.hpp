// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "undulith/illuminator/facets.hpp"
#include "undulith/optimise/source_optimisation.hpp"

/// The best pupil facet for each field facet: facets are pointed, not dimmed.
namespace undulith::optimise {

/// A fly's eye whose field facets reach some of the pupil facets.
struct FacetMap {
  illuminator::PupilFill pupil_facets;  ///< one point per pupil facet, all with the same light
  /// For each field facet the pupil facets that it reaches, ascending; at least one each
  std::vector<std::vector<std::size_t>> reach;
};

/// All pupil facets of the illuminator, and field facets whose rest positions are spread evenly over the pupil; each
/// reaches the pupil facets within a distance of its rest position.
/// @param reach_sigma  in units of the pupil's radius, > 0; 2: any
/// @throws InputError  see illuminator::make_facet_fill(); a reach that is not > 0
[[nodiscard]] FacetMap make_facet_map(const illuminator::FacetParameters& facets, double reach_sigma,
                                      const source::SourceOutput& light);

struct FacetSettings {
  /// Distance of the centre of mass of the source from the centre of the pupil, along x and along y, that costs nothing,
  /// [0, 1]
  double centre_tolerance_sigma = 0.01;
  int max_columns = 300;  ///< rounds of the assignment problem, >= 1
};

struct FacetSource {
  std::vector<std::size_t> pupil_facet;  ///< of each field facet
  illuminator::PupilFill fill;           ///< one point per field facet, equal weights
  double threshold = 0;  ///< mean intensity of the first condition, relative to the open frame
  double min_nils = 0;   ///< of this assignment
  /// Smallest NILS of the best mixture of assignments in time, if facets moved during the exposure, less the price of its
  /// centre of mass: no assignment is better
  double bound_nils = 0;
  bool bound_converged =
      true;                 ///< false: max_columns was reached, and bound_nils is that of the mixture so far
  double centre_sigma = 0;  ///< distance of the centre of mass
  int n_exchanges = 0;      ///< improvements after rounding
  std::vector<EdgeRow> rows;
};

/// The assignment of field facets to pupil facets with the largest smallest NILS.
///
/// Every field facet gets one pupil facet within its reach, and no pupil facet has two. The mixture of assignments a_j with
/// shares m_j that maximises the smallest NILS is a fractional program as in optimise_source(); its linear programs
/// are solved by the decomposition of Dantzig and Wolfe [DantzigWolfe1960]: the prices of the rows make the objective linear
/// in the facets, and the best assignment for it, found exactly by a greedy choice [Edmonds1971], becomes a new column. The
/// mixture is then rounded to the assignment that keeps most of its light, and light is moved between pupil facets, other
/// facets making room, while the smallest NILS rises. A centre of mass beyond the tolerance costs kCentrePrice per sigma.
///
/// @param responses  for the points of map.pupil_facets
/// @throws InputError  a field facet that reaches none, or facets that cannot all be placed; an edge without light; a setting
///                     out of range
/// Accuracy: min_nils is exact; the gap to bound_nils is what rounding costs.
[[nodiscard]] FacetSource assign_facets(const SourceResponses& responses, const FacetMap& map,
                                        const FacetSettings& settings);

/// NILS that a centre of mass beyond the tolerance costs, per sigma.
inline constexpr double kCentrePrice = 10;

}  // namespace undulith::optimise
