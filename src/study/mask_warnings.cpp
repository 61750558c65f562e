// SPDX-License-Identifier: MIT
#include "study/mask_warnings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <map>

namespace undulith::study {
namespace {

// Parts of a job that act on the image or the mask of undulith run and not on those of the search.
std::string omitted_effects(const job::Job& job) {
  std::vector<std::string> names;
  const auto add = [&](bool is_used, const char* name) {
    if (is_used) names.emplace_back(name);
  };
  add(job.resist.model != resist::ResistModel::constant_threshold, "the resist model (resist.model)");
  add(job.imaging.spectrum == job::ImageSpectrum::source &&
          job.source.kind != source::SourceKind::monochromatic,
      "the spectrum of the source (imaging.spectrum)");
  add(job.imaging.slit_position_mm.size() > 1, "positions of the slit (imaging.slit_position_mm)");
  add(job.flare.model != job::FlareModel::none, "flare (imaging.flare)");
  add(job.imaging.vibration_x_nm > 0 || job.imaging.vibration_y_nm > 0, "vibration (imaging.vibration)");
  add(job.mask.edge_bias_nm != 0, "mask.edge_bias_nm");
  add(job.mask.corner_rounding_nm > 0, "mask.corner_rounding_nm");
  add(!job.mask.defects.empty(), "defects (mask.defect)");
  return fmt::format("{}", fmt::join(names, ", "));
}

const char* rule_name(optimise::RuleKind kind) {
  switch (kind) {
    case optimise::RuleKind::width:
      return "min_width_nm";
    case optimise::RuleKind::space:
      return "min_space_nm";
    case optimise::RuleKind::jog:
      return "min_jog_nm";
    case optimise::RuleKind::overlap:
      break;
  }
  return "overlap";
}

// "min_width_nm at 3 places, min_space_nm at 2"
std::string counts_of(const std::vector<MaskFinding>& findings) {
  std::map<std::string, int> counts;
  for (const MaskFinding& finding : findings) ++counts[finding.rule];
  std::vector<std::string> parts;
  for (const auto& [rule, count] : counts)
    parts.push_back(fmt::format("{} at {} place{}", rule, count, count == 1 ? "" : "s"));
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace

MaskFinding to_mask_finding(const optimise::RuleFinding& finding) {
  const double half = finding.least_nm / 2;
  return {rule_name(finding.rule), {finding.x - half, finding.y - half, finding.x + half, finding.y + half}};
}

std::vector<MaskFinding> rule_findings(const std::vector<layout::Polygon>& rings,
                                       const flow::Prepared& prepared, double pixel_nm) {
  const job::OptimiseTable& table = prepared.job.optimise;
  std::vector<MaskFinding> findings;
  switch (table.method) {
    case job::OptimiseMethod::ilt:
      for (const optimise::NarrowPlace& place :
           optimise::check_free_mask(rings, prepared.clip.cell,
                                     {table.min_width_nm, table.min_space_nm, table.min_area_nm2}, pixel_nm))
        findings.push_back({place.rule, place.where});
      break;
    case job::OptimiseMethod::opc: {
      optimise::MaskRules rules;
      rules.min_width_nm = table.min_width_nm;
      rules.min_space_nm = table.min_space_nm;
      rules.min_jog_nm = table.min_jog_nm;
      for (const optimise::RuleFinding& finding : optimise::check_mask_rules(rings, rules))
        findings.push_back(to_mask_finding(finding));
      break;
    }
    case job::OptimiseMethod::source:
    case job::OptimiseMethod::smo:
      break;  // no mask of their own: its search has the method of a mask
  }
  return findings;
}

std::vector<std::string> search_warnings(const flow::Prepared& prepared, double pixel_nm) {
  std::vector<std::string> warnings;
  const std::string omitted = omitted_effects(prepared.job);
  if (!omitted.empty())
    warnings.push_back(
        fmt::format("the search leaves out {}; undulith run on the result shows what they do", omitted));
  const std::vector<MaskFinding> findings = rule_findings(prepared.clip.rings, prepared, pixel_nm);
  if (!findings.empty())
    warnings.push_back(fmt::format(
        "the drawing itself breaks optimise.{}: the mask has to change there or to break the rule too; lower the "
        "rule if the mask shop can make the drawing",
        counts_of(findings)));
  return warnings;
}

void add_warnings_after_search(MaskOptimisation& found) {
  const job::Job& job = found.prepared.job;
  if (found.rings.empty())
    found.warnings.emplace_back(
        "the mask is empty: no shape that keeps its rules prints the drawing; lower optimise.min_width_nm, "
        "optimise.min_space_nm or optimise.min_area_nm2");
  if (found.after.figures.violations == 0 || !job.imaging.kernel_file.empty()) return;
  double narrowest_nm = std::numeric_limits<double>::infinity();
  for (const metrology::GaugeResult& gauge : found.before.measurement.gauges)
    narrowest_nm = std::min(narrowest_nm, gauge.target_cd_nm.value_or(narrowest_nm));
  // Two beams at opposite rims of the pupil make the shortest period, lambda / (2 NA).
  constexpr double kLeastK1 = 0.25;
  const double k1 = narrowest_nm * job.imaging.na / job.source.wavelength_nm;
  if (k1 < kLeastK1)
    found.warnings.push_back(fmt::format(
        "the narrowest drawn feature, {:.3g} nm, has k1 = {:.2f}: below {:g} no optics resolve lines and spaces of "
        "that width; the mask is the best that was found. Draw wider features, or raise imaging.na",
        narrowest_nm, k1, kLeastK1));
}

}  // namespace undulith::study
