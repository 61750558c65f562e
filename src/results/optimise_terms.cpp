// SPDX-License-Identifier: MIT
#include "results/optimise_terms.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "undulith/optimise/mask_complexity.hpp"

namespace undulith::results {
namespace {

using optimise::PlacementStatistics;

std::vector<PlacementStatistics> statistics(const study::MaskOptimisation& found,
                                            const study::MaskPrint& print) {
  std::vector<PlacementStatistics> all;
  for (std::size_t c = 0; c < found.conditions.size(); ++c)
    all.push_back(optimise::statistics_of(
        print.sites, c, found.prepared.job.metrology.threshold / found.conditions[c].condition.dose));
  return all;
}

std::optional<double> least_ils(const std::vector<PlacementStatistics>& all) {
  std::optional<double> least;
  for (const PlacementStatistics& one : all)
    if (one.least_ils_per_um) least = std::min(least.value_or(*one.least_ils_per_um), *one.least_ils_per_um);
  return least;
}

std::optional<double> number(std::optional<std::size_t> count) {
  return count ? std::optional(static_cast<double>(*count)) : std::nullopt;
}

}  // namespace

std::vector<MaskTerm> terms_of(const study::MaskOptimisation& found) {
  const job::OptimiseTable& goal = found.prepared.job.optimise;
  const optimise::PrintFigures &first = found.before.figures, &last = found.after.figures;
  std::vector<MaskTerm> terms{{"error_area_nm2",
                               {},
                               "printed in error, nm2 (L2)",
                               fmt::format("{:g}", goal.error_weight),
                               first.error_area_nm2,
                               last.error_area_nm2}};
  if (!goal.bands.empty())
    terms.push_back({"band_area_nm2",
                     {},
                     "moving over the window, nm2 (PV band)",
                     fmt::format("{:g}", goal.band_weight),
                     first.band_area_nm2,
                     last.band_area_nm2});
  terms.push_back({"violations",
                   {},
                   fmt::format("sites of {} beyond {:g} nm", last.n_sites, goal.tolerance_nm),
                   "must be 0",
                   first.violations,
                   last.violations});

  const std::vector<PlacementStatistics> before = statistics(found, found.before),
                                         after = statistics(found, found.after);
  for (std::size_t c = 0; c < found.conditions.size(); ++c) {
    const std::string& condition = found.conditions[c].name;
    const auto add = [&](const char* key, const char* what, auto member, int decimals) {
      terms.push_back({key,
                       condition,
                       fmt::format("{}: {}", condition, what),
                       {},
                       before[c].*member,
                       after[c].*member,
                       decimals});
    };
    add("edge_placement_rms_nm", "edge placement rms, nm", &PlacementStatistics::rms_nm, 2);
    add("edge_placement_largest_nm", "largest, nm", &PlacementStatistics::largest_nm, 2);
    if (before[c].n_unprinted > 0 || after[c].n_unprinted > 0)
      add("unprinted_sites", "sites without an edge", &PlacementStatistics::n_unprinted, 0);
  }
  terms.push_back({"least_ils_per_um",
                   "nominal",
                   "least image log slope at the sites, 1/um",
                   {},
                   before.front().least_ils_per_um,
                   after.front().least_ils_per_um,
                   1});
  if (found.conditions.size() > 1)
    terms.push_back({"least_ils_per_um",
                     "window",
                     "the same over the window, 1/um",
                     {},
                     least_ils(before),
                     least_ils(after),
                     1});
  const auto nominal = [&](const char* key, const char* name, auto member) {
    terms.push_back({key, "nominal", name, {}, before.front().*member, after.front().*member, 2});
  };
  nominal("vertical_horizontal_nm", "vertical edges less horizontal ones, nm",
          &PlacementStatistics::vertical_horizontal_nm);
  nominal("shift_x_nm", "shift of the pattern along x, nm", &PlacementStatistics::shift_x_nm);
  nominal("shift_y_nm", "shift of the pattern along y, nm", &PlacementStatistics::shift_y_nm);

  const optimise::MaskComplexity drawn = optimise::complexity_of(found.prepared.clip.rings),
                                 made = optimise::complexity_of(found.rings);
  terms.push_back({"n_polygons", {}, "polygons", {}, number(drawn.n_polygons), number(made.n_polygons)});
  terms.push_back({"n_vertices", {}, "vertices", {}, number(drawn.n_vertices), number(made.n_vertices)});
  if (drawn.n_rectangles || made.n_rectangles)
    terms.push_back({"n_rectangles",
                     {},
                     "rectangles to write",
                     {},
                     number(drawn.n_rectangles),
                     number(made.n_rectangles)});
  return terms;
}

}  // namespace undulith::results
