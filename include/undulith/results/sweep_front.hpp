// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "undulith/report/sweep_pictures.hpp"
#include "undulith/results/sweep_columns.hpp"
#include "undulith/study/sweep_plan.hpp"

/// Pareto fronts of two quantities of a sweep.
namespace undulith::results {

/// Two quantities with a better direction: SweepQuantity::better.
struct FrontQuantities {
  SweepQuantity first, second;

  /// "sweep_pareto_nils_wafers_per_hour", without an extension
  [[nodiscard]] std::string file_name() const;
};

/// @param text  "nils:wafers_per_hour"
/// @throws InputError  not two different quantities, or one without a better direction
[[nodiscard]] FrontQuantities read_front(const std::string& text);

struct SweepFrontFiles {
  std::string csv;  ///< gauge, point, varied keys, both quantities; along the front of each gauge
  report::SweepFront picture;
};

/// The points of each gauge that no other point of the gauge surpasses in one quantity without being worse in the other.
/// Of quantities that may have either sign the size counts. Nothing where no point has both quantities.
/// @param csv  sweep.csv of this sweep, complete
/// Cost: O(n log n)
[[nodiscard]] std::optional<SweepFrontFiles> pareto_front(const study::SweepPlan& plan,
                                                          const std::filesystem::path& csv,
                                                          const FrontQuantities& quantities);

}  // namespace undulith::results
