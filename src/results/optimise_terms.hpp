// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "undulith/study/mask_optimisation.hpp"

namespace undulith::results {

/// A figure of a mask before and after its optimisation.
struct MaskTerm {
  std::string key;        ///< "edge_placement_rms_nm", in JSON
  std::string condition;  ///< of the window; empty: of all, or of the mask
  std::string name;       ///< "printed in error (L2), nm2", in text
  std::string weight;     ///< in the search; "must be 0" for a constraint; empty: it is reported alone
  std::optional<double> before, after;
  int decimals = 0;
};

/// Terms of the goal, edge placement in every condition, slope, shifts and complexity.
[[nodiscard]] std::vector<MaskTerm> terms_of(const study::MaskOptimisation& found);

}  // namespace undulith::results
