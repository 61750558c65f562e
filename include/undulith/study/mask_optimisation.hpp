// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "undulith/core/progress.hpp"
#include "undulith/flow/stages.hpp"
#include "undulith/job/job.hpp"
#include "undulith/optimise/correct_edges.hpp"
#include "undulith/optimise/inverse_lithography.hpp"
#include "undulith/study/mask_print.hpp"
#include "undulith/study/mask_verification.hpp"

/// The mask that prints the layout of a job best.
namespace undulith::study {

/// A place of the mask that breaks a rule.
struct MaskFinding {
  std::string rule;  ///< the key: "min_width_nm"
  Box where;         ///< nm, wafer scale
};

/// A condition of the window of a job.
struct WindowCondition {
  std::string name;  ///< "nominal", "focus +30 nm, dose 0.97"
  optimise::Condition condition;
};

struct MaskOptimisation {
  flow::Prepared prepared;             ///< of the drawing
  std::vector<layout::Polygon> rings;  ///< of the mask found, within the cell
  MaskPrint before, after;
  std::vector<WindowCondition> conditions;      ///< of the sites of both
  double shortest_period_nm = 0;                ///< of the image
  std::vector<optimise::InverseStep> steps;     ///< method = "ilt"
  std::vector<optimise::CorrectionRow> images;  ///< method = "opc"
  std::vector<MaskFinding> findings;
  int n_images = 0;
  std::vector<std::string> warnings;             ///< what the search leaves out of the job
  std::string model;                             ///< of the images: "24 kernels of a thin mask"
  std::optional<MaskVerification> verification;  ///< unless optimise.verify = "none"
  bool interrupted = false;                      ///< the best mask so far
  bool kept_drawing = false;  ///< the search found no better mask: the rings are those of the drawing
};

/// Layer of the mask in the files of undulith optimise; layer 1 is the drawing.
inline constexpr int kMaskLayer = 2;

/// Takes the best mask so far of a search.
using TakeMask =
    std::function<void(const flow::Prepared& prepared, const std::vector<layout::Polygon>& rings)>;

/// Optimises the mask of a job by [optimise]: images by kernels for a thin mask, by its source points for a thick one
/// (mask.model = "multislice").
/// @param best_so_far  called at the first step and then every few seconds; empty: never
/// @throws InputError  see flow::prepare(), optimise::invert_mask(), optimise::correct_edges(); mask.model = "rigorous";
///                     no bands for a mask whose window is to count
[[nodiscard]] MaskOptimisation optimise_mask(const job::Job& job, const Progress& progress = {},
                                             const TakeMask& best_so_far = {});

}  // namespace undulith::study
