// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

/// Goal and rules of undulith optimise. The keys explain each member.
namespace undulith::job {

/// What undulith optimise changes.
///   ilt: the mask, in free shapes with assist features
///   opc: the mask, the edges of the drawing in fragments
///   source: the light in the pupil
///   smo: source and mask in turn
enum class OptimiseMethod { ilt, opc, source, smo };

/// Shapes of a free mask: outlines: polygons along its edge; strips: rectangles of whole rows, fewer shots of a writer
enum class OptimiseShapes { outlines, strips };

/// Model that judges the mask found, beside that of the search.
///   none: no further model
///   finer: the model of the job, as undulith run computes it, with four times as many source points
///   multislice, rigorous: the same with that model of the mask
enum class OptimiseVerify { none, finer, multislice, rigorous };

/// Two conditions of a process window, between whose edges the printed edge moves. A file of kernels takes the place of the
/// focus.
struct OptimiseBand {
  double outer_focus_nm = 0, outer_dose = 1.03, inner_focus_nm = 0, inner_dose = 0.97;
  std::string outer_kernel_file, inner_kernel_file;
  friend bool operator==(const OptimiseBand&, const OptimiseBand&) = default;
};

/// Of the source: the smallest NILS as large as possible; the squared errors of edges as small as possible; the dose as
/// low as possible where no NILS is below min_nils
enum class OptimiseSourceGoal { max_min_nils, edge_placement, least_dose };

/// Which points of the pupil have the same weight, as optimise::SourceSymmetry
enum class OptimiseSymmetry { none, x_axis, y_axis, both_axes, opposite };

/// What sets the dose of the front, as optimise::DoseRule
enum class OptimiseDoseRule { size, roughness };

/// [optimise.source]
struct OptimiseSourceTable {
  OptimiseSourceGoal goal = OptimiseSourceGoal::max_min_nils;
  double min_pupil_fill = 0.2;
  OptimiseSymmetry symmetry = OptimiseSymmetry::both_axes;
  double min_sigma = 0, max_sigma = 1;
  int grid_points = 41;
  double max_placement_error_nm = 0;  ///< 0: no bound
  double min_nils = 0;
  double facet_reach_sigma = 2;
  OptimiseMethod mask_method = OptimiseMethod::opc;  ///< opc or ilt
  int max_rounds = 5;
  std::vector<double> front_pupil_fill{0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8};
  OptimiseDoseRule dose_rule = OptimiseDoseRule::size;
  friend bool operator==(const OptimiseSourceTable&, const OptimiseSourceTable&) = default;
};

/// [optimise], [optimise.source], [[optimise.band]]
struct OptimiseTable {
  OptimiseMethod method = OptimiseMethod::ilt;
  double error_weight = 1.2, band_weight = 1;
  double tolerance_nm = 15, site_step_nm = 40, site_corner_nm = 40;
  double min_width_nm = 0, min_space_nm = 0, min_area_nm2 = 0, min_jog_nm = 20;
  double assist_reach_nm = 650;
  int n_steps = 540;
  double pixel_nm = 0;  ///< 0: a fifteenth of the shortest period of the image
  OptimiseShapes shapes = OptimiseShapes::outlines;
  double strip_nm = 8;
  OptimiseSourceTable source;  ///< source, smo
  std::string start_file;      ///< mask.gds or mask_so_far.gds of an earlier search; empty: the drawing
  double grid_nm = 1;
  double corner_focus_nm = 0, corner_dose = 0;
  OptimiseVerify verify = OptimiseVerify::finer;
  std::vector<OptimiseBand> bands;
  friend bool operator==(const OptimiseTable&, const OptimiseTable&) = default;
};

}  // namespace undulith::job
