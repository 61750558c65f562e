// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "undulith/illuminator/illuminator.hpp"
#include "undulith/optimise/source_responses.hpp"

/// The best source for a fixed mask: linear programs for the weights of the pixels of the pupil.
namespace undulith::optimise {

/// Which points of the pupil have the same weight: none; mirror images in the x axis (sigma_y changes sign), in the y
/// axis, in both; opposite points.
enum class SourceSymmetry { none, x_axis, y_axis, both_axes, opposite };

/// max_min_nils: the smallest NILS of all edges and conditions as large as possible; edge_placement: the sum of the
/// squared errors of the edges as small as possible; least_dose: the threshold as high as possible, so that the dose is as
/// low as possible, where no NILS is below min_nils.
enum class SourceGoal { max_min_nils, edge_placement, least_dose };

struct SourceSettings {
  SourceGoal goal = SourceGoal::max_min_nils;
  SourceSymmetry symmetry = SourceSymmetry::both_axes;
  /// Least share of the pupil that has light, (0, 1]: no pixel is brighter than all light spread evenly over it
  double min_pupil_fill = 0.2;
  /// Whether the centre of mass of the source is the centre of the pupil (telecentric)
  enum class Balance { free, centred } balance = Balance::centred;
  /// Largest |error| of an edge in any condition, linear in the intensity, >= 0; absent: edges may print anywhere
  std::optional<double> max_placement_error_nm;
  /// Least threshold relative to the open frame, [0, 1): the dose to size is at most the dose of an edge over it
  double min_threshold = 0;
  /// edge_placement, least_dose: least NILS of each edge in each condition, [0, 1000]
  double min_nils = 0;
  std::vector<double> site_weights;  ///< edge_placement: weight of each site, >= 0; empty: 1
};

/// A step towards the best source.
struct SourceStep {
  int iteration = 0;
  double objective = 0;  ///< smallest NILS, root of the mean of the squared errors (nm), or threshold
  /// max_min_nils: the value d of the linear program, 0 where no source is better; edge_placement: how far the lower bound
  /// of the quadratic program is below its value, relative; least_dose: 0
  double gap = 0;
};

struct OptimisedSource {
  /// The settings can be kept. If not, the weights are those of the smallest squared errors of the edges that fill,
  /// symmetry and balance allow, and the rows say which edges fail
  bool feasible = true;
  bool converged = true;
  std::vector<double> weights;  ///< of the candidates, sum 1
  illuminator::PupilFill fill;  ///< the candidates with light
  /// Share of the unit disc that the light would fill at its largest brightness, >= min_pupil_fill
  double pupil_fill = 0;
  double illuminated_area = 0;  ///< share of the unit disc with any light
  int n_bright = 0;             ///< candidates at the largest brightness
  int n_partial = 0;            ///< candidates with less light, but some
  double threshold = 0;         ///< intensity at which edges print, relative to the open frame
  double min_nils = 0;          ///< over all edges and conditions
  double rms_placement_error_nm = 0, max_placement_error_nm = 0;
  std::vector<EdgeRow> rows;
  std::vector<SourceStep> steps;
};

/// The best weights for a fixed mask.
///
/// max_min_nils is a fractional program: max over w of min over rows r of N_r(w)/D_r(w), N = cd times slope, D =
/// intensity, both linear in w. By Dinkelbach's method: for the best ratio q so far,
///   max d:  N_r(w) - q D_r(w) >= d D_r(w_last),  sum w = 1,  0 <= w_s <= area_s/(min_pupil_fill area),
/// and the constraints on symmetry, balance, edges and threshold; d = 0 proves that no source is better. Where all D_r are
/// equal it is the linear program of Charnes and Cooper, and the second round only confirms it. The threshold is the mean
/// intensity of the first condition; with a bound on edges, the one within it that has the smallest squared errors.
/// edge_placement: Gauss-Newton for the sum of v e^2, e = (I - T)/slope, over w and the threshold T. Each step is a convex
/// quadratic program, solved by tangents of each parabola in linear programs until their lower bound meets the value.
/// least_dose: max T/(C w) with N_r(w) >= min_nils D_r(w) and the same constraints, C of the open frame, in the same way.
///
/// @param candidates  of the responses. Their weights are areas: a pixel's largest brightness is proportional to its
///                    weight (as make_pupil_fill() gives them for a uniform pupil); fill_ratio is the share of the unit
///                    disc that they cover (0: of a list, taken as 1)
/// @throws InputError  a setting out of range, a fill above that of the candidates; a symmetry that the candidates do not
///                     have; an edge that gets no light from any of them
/// Accuracy: the solution of the linear programs, 1e-9 relative; NILS and errors are exact for the image of the
/// candidates, the errors of edges to first order in the intensity.
/// Cost: 3 to 8 linear programs of (orbits of candidates) variables and 1 to 3 rows per edge and condition.
/// Theory: docs/theory/optimisation-source.md
[[nodiscard]] OptimisedSource optimise_source(const SourceResponses& responses,
                                              const illuminator::PupilFill& candidates,
                                              const SourceSettings& settings);

/// Candidates: the whole pupil as a symmetric grid of equal pixels, cut at the rim in closed form.
/// @param grid_points  cells across the pupil, [3, 2001]
/// @param stokes       polarisation of all of them
[[nodiscard]] illuminator::PupilFill make_candidates(int grid_points, const optics::Stokes& stokes = {});

}  // namespace undulith::optimise
