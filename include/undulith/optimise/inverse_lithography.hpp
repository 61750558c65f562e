// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "undulith/layout/clip.hpp"
#include "undulith/optimise/free_mask_rules.hpp"
#include "undulith/optimise/image_model.hpp"
#include "undulith/optimise/print_goal.hpp"
#include "undulith/optimise/search_watch.hpp"

/// Inverse lithography: the shapes of a mask, free of the drawing, that print the drawing best.
namespace undulith::optimise {

/// Shapes of the result.
///   outlines: polygons along the free edge
///   strips: rectangles of whole rows, for a mask writer: fewer shots
enum class MaskShapes { outlines, strips };

struct InverseParameters {
  double error_weight = 1.2;  ///< of the area that prints wrongly, >= 0
  double band_weight = 1;     ///< of the area of the process bands, >= 0
  FreeMaskRules rules;
  /// Distance from drawn shapes within which assist features may form, nm; 0: only the drawn shapes change
  double assist_reach_nm = 650;
  /// Steps of the optimisation, >= 50; twice as many gain 0.3 % of the areas
  int n_steps = 540;
  /// Shapes to begin with, within the cell. The steps are then those of the last stages, in which no assist features form.
  /// Empty: the drawing
  std::vector<layout::Polygon> start;
  MaskShapes shapes = MaskShapes::outlines;
  double strip_nm = 8;  ///< least height of a strip, and twice the distance of its ends from the edge, > 0
  /// Of the last stage, > 0; all other lengths of the method follow. 0: a fifteenth of the shortest period of the image
  double pixel_nm = 0;
};

/// The state of the optimisation after a step.
struct InverseStep {
  int step = 0;
  std::string stage;    ///< "grey", "edge", "rules", "repair"
  double loss_nm2 = 0;  ///< what is minimised; its scale differs between stages
  PrintFigures figures;
};

struct InverseResult {
  /// Within the cell; outer rings counter-clockwise, holes clockwise. Strips touch and do not overlap
  std::vector<layout::Polygon> rings;
  PrintFigures before, after;         ///< of the drawn shapes, of the result
  std::vector<NarrowPlace> findings;  ///< places of the result that break a rule
  std::vector<InverseStep> steps;     ///< every tenth
  int n_images = 0;                   ///< evaluations of the model with gradient
  bool interrupted = false;           ///< by request_finish(): the best so far
};

/// Searches for the mask by gradient descent (Adam) on a smooth function whose zero level is its edge.
///
/// Stages: "grey", pixels that are partly open, from which assist features form; "edge", the level set alone; "rules", the
/// same with forces on what is narrower than the rules; then gaps are filled and slivers removed for certain, and the sites
/// are checked; "repair" continues where that made a site fail. Deterministic; the same bytes for any number of threads.
///
/// @param drawn  cell of the model; shapes inside the window are judged and free, those outside stay as drawn
/// @param model  images of the planes that the goal names
/// @throws InputError  a parameter is out of range; a condition names no plane; nothing is drawn in the window
///
/// Accuracy: areas by pixels of pixel_nm / 4; rules to that pixel. Cost: n_steps gradients of the model, and as much for
/// the pixels. Left out: mask rules of corners; the result is a local minimum. Theory: docs/theory/optimisation.md
[[nodiscard]] InverseResult invert_mask(const layout::Clip& drawn, const ImageModel& model,
                                        const PrintGoal& goal, const InverseParameters& parameters,
                                        const SearchWatch& watch = {});

}  // namespace undulith::optimise
