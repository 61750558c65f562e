// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "undulith/report/sweep_pictures.hpp"
#include "undulith/study/sweep.hpp"

namespace undulith::results {

struct SweepPlotFile {
  std::string name;  ///< "sweep_cd.png"
  report::SweepPlot plot;
  std::vector<std::string> details;  ///< lines below the title
};

/// Plots of a table of sweep_head() and sweep_lines(): CD (of the film, where there is one) and NILS against the number
/// that has most values. With one other key that has up to 11 values, one picture for each of up to four gauges, with a
/// curve for each of its values; without another one, a curve for each of up to six gauges; else points. Nothing where
/// no number is varied, or nothing printed.
[[nodiscard]] std::vector<SweepPlotFile> sweep_plots(const study::SweepPlan& plan, const std::string& csv);

}  // namespace undulith::results
