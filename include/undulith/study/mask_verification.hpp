// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "undulith/flow/prepared.hpp"
#include "undulith/optimise/image_model.hpp"
#include "undulith/optimise/print_goal.hpp"

/// A mask that was found by one model, judged by another.
namespace undulith::study {

/// A condition of the window, by its focus and by its plane of the model of the search.
struct VerifiedCondition {
  double focus_nm = 0, dose = 1;
  int plane = 0;
};

/// Edge placement errors at the sites over all conditions, each weighted by the length that it stands for. > 0: the shape prints
/// too large.
struct EdgeErrors {
  double rms_nm = 0, largest_nm = 0, mean_nm = 0;
  int n_unprinted = 0;  ///< sites without an edge, over all conditions; they count in no other number
  /// Excess of the printed width of shapes along y (edges that face x) over that along x
  double hv_bias_nm = 0;
  double shift_x_nm = 0, shift_y_nm = 0;  ///< of the printed pattern; the mean over the conditions
};

struct MaskVerification {
  std::string model;  ///< that judges
  std::vector<VerifiedCondition> conditions;
  EdgeErrors drawn, searched,
      verified;  ///< the drawing and the mask found by the model of the search; the mask by the judge
  double difference_rms_nm = 0,
         difference_largest_nm = 0;  ///< between the edges of the mask by the two models
};

/// Judges a mask of a job by optimise.verify: images of the whole flow, with four times the source points, all kernels, and the
/// model of the mask that the key names.
///
/// @param prepared    of the drawing
/// @param model       of the search
/// @param conditions  the nominal one first
/// @param rings       of the mask
/// @return            nothing for verify = "none"
/// @throws InputError  no films for a thick mask
/// Cost: one image for each focus.
[[nodiscard]] std::optional<MaskVerification> verify_mask(const flow::Prepared& prepared,
                                                          const optimise::ImageModel& model,
                                                          const optimise::PrintGoal& goal,
                                                          const std::vector<VerifiedCondition>& conditions,
                                                          const std::vector<layout::Polygon>& rings);

}  // namespace undulith::study
