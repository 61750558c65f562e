// SPDX-License-Identifier: MIT
#include "undulith/optimise/source_front.hpp"

#include <algorithm>
#include <cmath>

#include "undulith/core/error.hpp"
#include "undulith/core/require.hpp"

namespace undulith::optimise {
namespace {

void check(const FrontSettings& front, const std::vector<FrontLight>& lights) {
  if (front.pupil_fill.empty() || lights.empty())
    throw InputError(
        "the front of NILS against throughput needs a fill of the pupil and a light source; give one of each");
  require(!front.nils_shares.empty(), "nils_shares", 0, "has no share", "use 1");
  for (const double share : front.nils_shares) require_in(Range::above(0, 1), "nils_shares", share, "use 1");
  require_in(Range::above(0, 1e6), "edge_dose_mj_cm2", front.edge_dose_mj_cm2, "use 10");
  require_in(Range::above(0, 1e3), "reference_nils", front.reference_nils, "use 2");
  for (const FrontLight& light : lights) {
    require_in(Range::above(0, 1e9), "wafer_power_w", light.wafer_power_w,
               "give the power behind the mirrors");
    require_in(Range::closed(0, 1), "lossless_fill", light.lossless_fill, "use 0.2, or 0 without facets");
  }
}

}  // namespace

FrontRow price_source(const OptimisedSource& source, const FrontSettings& front, const FrontLight& light) {
  FrontRow row{.min_pupil_fill = source.pupil_fill,
               .light = light.name,
               .min_nils = source.min_nils,
               .pupil_fill = source.pupil_fill,
               .threshold = source.threshold,
               .feasible = source.feasible};
  row.etendue_transmission =
      illuminator::compare_etendue(light.light, front.slit, front.na, std::min(1.0, source.pupil_fill))
          .geometric_transmission;
  if (light.lossless_fill > 0)
    row.facet_transmission = std::min(1.0, source.pupil_fill / light.lossless_fill);
  row.wafer_power_w = light.wafer_power_w * row.etendue_transmission * row.facet_transmission;
  if (!(source.threshold > 0) || !(source.min_nils > 0)) return row;  // nothing prints: no wafers
  const double roughness =
      front.dose_rule == DoseRule::roughness ? std::pow(front.reference_nils / source.min_nils, 2) : 1;
  row.dose_mj_cm2 = front.edge_dose_mj_cm2 * roughness / source.threshold;
  throughput::ScannerParameters scanner = light.scanner;
  scanner.dose_mj_cm2 = row.dose_mj_cm2;
  row.wafers_per_hour = throughput::compute_throughput(scanner, row.wafer_power_w).wafers_per_hour;
  return row;
}

std::vector<FrontRow> compute_source_front(const SourceResponses& responses,
                                           const illuminator::PupilFill& candidates,
                                           const SourceSettings& settings, const FrontSettings& front,
                                           const std::vector<FrontLight>& lights) {
  check(front, lights);
  std::vector<FrontRow> rows;
  for (const double fill : front.pupil_fill) {
    SourceSettings filled = settings;
    filled.min_pupil_fill = fill;
    filled.goal = SourceGoal::max_min_nils;
    const OptimisedSource sharpest = optimise_source(responses, candidates, filled);
    filled.goal = SourceGoal::least_dose;
    for (const double share : front.nils_shares) {
      filled.min_nils = share * std::max(0.0, sharpest.min_nils);
      const OptimisedSource source = share < 1 ? optimise_source(responses, candidates, filled) : sharpest;
      for (const FrontLight& light : lights) {
        FrontRow& row = rows.emplace_back(price_source(source, front, light));
        row.min_pupil_fill = fill;
        row.nils_share = share;
      }
    }
  }
  for (FrontRow& row : rows)
    row.on_front = row.feasible && std::ranges::none_of(rows, [&](const FrontRow& other) {
                     return other.feasible && other.light == row.light &&
                            other.wafers_per_hour > row.wafers_per_hour && other.min_nils > row.min_nils;
                   });
  return rows;
}

}  // namespace undulith::optimise
