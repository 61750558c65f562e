// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

/// Goal and rules of the mask of undulith optimise. The keys explain each member.
namespace undulith::job {

/// How undulith optimise changes the mask.
///   ilt: free shapes, with assist features
///   opc: the edges of the drawing move in fragments
enum class OptimiseMethod { ilt, opc };

/// Shapes of a free mask: outlines: polygons along its edge; strips: rectangles of whole rows, fewer shots of a writer
enum class OptimiseShapes { outlines, strips };

/// Two conditions of a process window, between whose edges the printed edge moves. A file of kernels takes the place of the
/// focus.
struct OptimiseBand {
  double outer_focus_nm = 0, outer_dose = 1.03, inner_focus_nm = 0, inner_dose = 0.97;
  std::string outer_kernel_file, inner_kernel_file;
  friend bool operator==(const OptimiseBand&, const OptimiseBand&) = default;
};

/// [optimise], [[optimise.band]]
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
  std::vector<OptimiseBand> bands;
  friend bool operator==(const OptimiseTable&, const OptimiseTable&) = default;
};

}  // namespace undulith::job
