// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "undulith/layout/clip.hpp"
#include "undulith/optimise/edge_placement.hpp"
#include "undulith/optimise/image_model.hpp"
#include "undulith/optimise/search_watch.hpp"

/// Optical proximity correction: the edges of a drawing are cut into fragments, and each moves along its normal.
namespace undulith::optimise {

/// Lengths of the pieces of an edge. 0: from the optics, as a part of p, the shortest period of the pattern's band (one
/// over its largest frequency).
struct FragmentRules {
  double corner_nm = 0;    ///< the piece next to a corner; 0: p / 3
  double inner_nm = 0;     ///< other pieces, about; 0: p / 3
  double line_end_nm = 0;  ///< an edge up to this length is one piece; 0: 2 p / 3
};

/// What the mask shop asks for, wafer scale.
struct MaskRules {
  double grid_nm = 1;        ///< of all vertices, > 0
  double min_width_nm = 30;  ///< within a shape, also from corner to corner, >= 0
  double min_space_nm = 30;  ///< between shapes and across notches, also from corner to corner, >= 0
  double min_jog_nm = 20;    ///< a step within an edge is 0 or at least this, >= 0
};

/// One condition of the process window: an image of the model and a threshold.
struct PrintCondition {
  int plane = 0;
  double threshold = 0.3;  ///< a dose d is the threshold T / d
  double weight = 1;       ///< of the squared residuals
};

struct CorrectionSettings {
  metrology::Feature printed = metrology::Feature::bright;
  FragmentRules fragments;
  MaskRules rules;
  /// The printed edge is to lie on the drawn one
  PrintCondition nominal;
  /// Each gives residuals of its own: the distance of its edge from that of the nominal condition
  std::vector<PrintCondition> window;
  /// Bars that must not print (seed_assists()); their edges move as wholes and have no sites
  std::vector<layout::Polygon> assists;
  /// Rings of an earlier correction of the same target by the same rules, in any order, to begin with. Empty: the target
  std::vector<layout::Polygon> start;
  double site_pitch_nm = 0;   ///< between sites along an edge; 0: p / 6
  double corner_free_nm = 0;  ///< no site nearer to a corner: corners round; 0: p / 3
  double max_error_nm = 10;   ///< sites beyond it get a growing weight
  double max_move_nm = 0;     ///< of a fragment; 0: p / 2, at most 60
  double max_step_nm = 0;     ///< of a fragment in one step; 0: p / 4, at most 25
  double least_slope_per_nm = 1e-3;
  int max_images = 10;      ///< of the model, >= 3
  int steps_per_image = 4;  ///< on the thin mask between two images, >= 3
};

/// Edge placement at a site, before and after.
struct CorrectedSite {
  PlacementSite site;
  double length_nm = 0;  ///< of the edge that it stands for
  EdgePlacement before, after;
};

/// One image of the correction.
struct CorrectionRow {
  int image = 0;
  double rms_nm = 0, largest_nm = 0;  ///< edge placement error of the nominal condition
  int n_beyond = 0;                   ///< sites beyond max_error_nm
  int n_unprinted = 0;                ///< sites without an edge
  double window_nm = 0;               ///< mean distance between the outermost edges of the window
  double objective_nm2 = 0;           ///< weighted mean square
  int n_findings = 0;                 ///< places that break a mask rule
};

enum class RuleKind { width, space, jog, overlap };

/// A place that breaks a rule; overlap: edges that cross.
struct RuleFinding {
  RuleKind rule = RuleKind::width;
  double x = 0, y = 0;  ///< the middle of the place
  double found_nm = 0, least_nm = 0;
};

struct Correction {
  /// Those of the target, then the assist features, in their order: simple and without overlap; offsets are multiples of the grid
  std::vector<layout::Polygon> rings;
  std::vector<CorrectedSite> sites;
  std::vector<CorrectionRow> convergence;
  std::vector<RuleFinding> findings;  ///< of the rings; empty: all rules are kept
  int best_image = 0;                 ///< row of the convergence that the rings belong to
  bool resolved = true;               ///< every site has a printed edge
  bool interrupted = false;           ///< by request_finish(): the best so far
};

/// Moves the fragments of a target until its image prints it, and its process window is narrow.
///
/// Residuals are the distances of printed from drawn edges at sites, for the nominal condition and from it to those of
/// the window. Each image gives all of them and their full matrix of derivatives (the MEEF matrix); Levenberg-Marquardt
/// steps follow. Width and space between facing fragments are linear constraints of every step. In the last images all
/// offsets are multiples of the grid and jogs are 0 or at least min_jog_nm: coordinate descent whose step is the best
/// offsets of all fragments of one edge, by dynamic programming. Rings are checked as polygons, and a place that breaks
/// a rule becomes a further constraint.
///
/// @param target         rings of horizontal and vertical edges within the cell of the models; edges on its border stay
/// @param model          of the images
/// @param sensitivities  thin mask whose derivatives guide the steps; may be `model` itself
/// @throws InputError    start is not made of the fragments of the target; slanted edges, no rings, assist features that are no rectangles or overlap, rules or settings out of range, a cell that is not that of the models
/// The same result for any number of threads. Cost: images, and for each one O(sites conditions orders (kernels +
/// fragments)) for the matrix and O(fragments^3). Theory: docs/theory/optimisation-edges.md
[[nodiscard]] Correction correct_edges(const layout::Clip& target, const ImageModel& model,
                                       const KernelModel& sensitivities, const CorrectionSettings& settings,
                                       const SearchWatch& watch = {});

/// Where bars stand that help the process window. 0: from the optics, as a part of p (FragmentRules).
struct AssistRules {
  double distance_nm = 0;      ///< from the edge to the bar; 0: 5 p / 6
  double width_nm = 0;         ///< 0: p / 3
  double clearance_nm = 0;     ///< from all other edges; 0: 0.7 distance_nm
  double spacing_nm = 0;       ///< between bars; 0: 0.4 p
  double overhang_nm = 0;      ///< beyond the ends of the edge; 0: p / 3
  double least_length_nm = 0;  ///< of a bar and of an edge that gets one; 0: p / 2
};

/// Bars along the edges of a target, the longest edges first, where there is room for them. Lengths are made wide enough for
/// the mask rules.
/// @throws InputError  slanted edges
/// Cost O(edges^2 length / grid).
[[nodiscard]] std::vector<layout::Polygon> seed_assists(const layout::Clip& target, const ModelGrid& grid,
                                                        const MaskRules& rules,
                                                        const AssistRules& assists = {});

/// The pattern of rings on the orders of a model.
[[nodiscard]] Pattern pattern_of(const std::vector<layout::Polygon>& rings, const ModelGrid& grid);

/// Places of rings of horizontal and vertical edges that break a rule: distances between facing edges, and from corner to
/// corner, through the inside (width) or the outside (space), and steps shorter than the jog.
/// Cost O(edges^2).
[[nodiscard]] std::vector<RuleFinding> check_mask_rules(const std::vector<layout::Polygon>& rings,
                                                        const MaskRules& rules);

}  // namespace undulith::optimise
