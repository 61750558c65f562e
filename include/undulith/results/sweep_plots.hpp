// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "undulith/report/sweep_pictures.hpp"
#include "undulith/study/sweep_plan.hpp"

namespace undulith::results {

struct SweepPlotFile {
  std::string name;  ///< "sweep_cd.png"
  std::variant<report::SweepPlot, report::SweepMap> plot;
  std::vector<std::string> details;  ///< lines below the title
};

/// Plots of a table of sweep_head() and sweep_lines(): CD (of the film, where there is one), NILS, and where they are, roughness
/// and spread of CD; wafers per hour where it differs. One picture for each quantity and each of up to four gauges.
///
/// Curves, over the number that has most values: with another key that has up to 11 values a curve for each of them; in a grid
/// with a third key of up to 6 values a panel for each; without another key a curve for each of up to six gauges in one
/// picture; else points. Maps beside them: a grid with two numbers of at least 3 values each, with a third key of up to 6
/// values a panel for each. Nothing where no number is varied, or nothing printed.
[[nodiscard]] std::vector<SweepPlotFile> sweep_plots(const study::SweepPlan& plan,
                                                     const std::filesystem::path& csv);

[[nodiscard]] report::Picture draw(const SweepPlotFile& file, const std::string& title);

}  // namespace undulith::results
