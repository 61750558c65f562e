// SPDX-License-Identifier: MIT
#include "optimise/edges/correction_setup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "undulith/core/error.hpp"

namespace undulith::optimise {

double shortest_period_nm(const ModelGrid& grid) {
  return std::min(grid.cell.width() / std::max(1, grid.pattern_order_x),
                  grid.cell.height() / std::max(1, grid.pattern_order_y));
}

double least_piece_nm(const MaskRules& rules) {
  return std::max({rules.min_jog_nm, rules.min_width_nm, rules.min_space_nm});
}

double signed_area(const layout::Polygon& ring) {
  double sum = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const layout::Point &a = ring[i], &b = ring[(i + 1) % ring.size()];
    sum += a.x * b.y - a.y * b.x;
  }
  return sum / 2;
}

CorrectionSettings with_lengths(CorrectionSettings settings, const ModelGrid& grid) {
  const double period = shortest_period_nm(grid);
  const auto fill = [](double& value, double length) {
    if (value == 0) value = length;
  };
  const double least = least_piece_nm(settings.rules);
  fill(settings.fragments.corner_nm, std::max(period / 3, least));
  fill(settings.fragments.inner_nm, std::max(period / 3, least));
  fill(settings.fragments.line_end_nm, 2 * settings.fragments.corner_nm);
  fill(settings.site_pitch_nm, period / 6);
  fill(settings.corner_free_nm, period / 3);
  fill(settings.max_move_nm, std::min(60.0, period / 2));
  fill(settings.max_step_nm, std::min(25.0, period / 4));
  return settings;
}

void require_settings(const layout::Clip& target, const ModelGrid& grid, const ModelGrid& sensitivities,
                      const CorrectionSettings& s) {
  if (target.rings.empty())
    throw InputError("the target has no shapes (nothing can be corrected); choose another window or layer");
  if (!(target.cell == grid.cell) || !(target.cell == sensitivities.cell))
    throw InputError("the cell of the target is not that of the images; make both from one clip");
  const auto require_positive = [](double value, const char* name) {
    if (!(value > 0 && value < 1e9))
      throw InputError(fmt::format("{} = {} (must be > 0); use its default", name, value));
  };
  const auto require_rule = [](double value, const char* name) {
    if (!(value >= 0 && value < 1e9))
      throw InputError(fmt::format("{} = {} (must be >= 0); use its default", name, value));
  };
  require_positive(s.rules.grid_nm, "grid_nm");
  require_rule(s.rules.min_width_nm, "min_width_nm");
  require_rule(s.rules.min_space_nm, "min_space_nm");
  require_rule(s.rules.min_jog_nm, "min_jog_nm");
  require_positive(s.max_error_nm, "max_error_nm");
  require_rule(s.max_move_nm, "max_move_nm");
  require_rule(s.max_step_nm, "max_step_nm");
  require_positive(s.least_slope_per_nm, "least_slope_per_nm");
  if (s.max_images < 3) throw InputError(fmt::format("max_images = {} (must be >= 3); use 10", s.max_images));
  if (s.steps_per_image < 3)
    throw InputError(fmt::format("steps_per_image = {} (must be >= 3); use 4", s.steps_per_image));
  for (const layout::Polygon& bar : s.assists)
    if (without_spare_vertices(bar).size() != 4)
      throw InputError(
          "an assist feature is no rectangle (only bars are kept from printing); use rectangles");
  if (!s.assists.empty()) {
    std::vector<layout::Polygon> rings = target.rings;
    rings.insert(rings.end(), s.assists.begin(), s.assists.end());
    for (const RuleFinding& finding : check_mask_rules(rings, s.rules))
      if (finding.rule == RuleKind::overlap)
        throw InputError(fmt::format(
            "an assist feature overlaps another shape at ({:g}, {:g}) nm (both would print as one); move it",
            finding.x, finding.y));
  }
  std::vector<PrintCondition> conditions = s.window;
  conditions.push_back(s.nominal);
  const int n_planes = std::min(grid.n_planes, sensitivities.n_planes);
  for (const PrintCondition& condition : conditions) {
    require_positive(condition.threshold, "threshold");
    require_rule(condition.weight, "weight");
    if (condition.plane < 0 || condition.plane >= n_planes)
      throw InputError(fmt::format("plane = {} (must be in 0 .. {}); use one of the model", condition.plane,
                                   n_planes - 1));
  }
}

std::vector<CorrectedSite> make_sites(const FragmentedTarget& target, std::size_t n_rings,
                                      const CorrectionSettings& settings) {
  std::vector<CorrectedSite> sites;
  const auto& fragments = target.fragments();
  for (std::size_t e = 0; e + 1 < target.edges().size(); ++e) {
    const Fragment &first = fragments[target.edges()[e]], &last = fragments[target.edges()[e + 1] - 1];
    if (first.fixed || first.ring >= n_rings) continue;
    const double length =
        first.tangent_x * (last.to.x - first.from.x) + first.tangent_y * (last.to.y - first.from.y);
    const double inner = length - 2 * settings.corner_free_nm;
    const int n = inner <= 0 ? 0 : std::max(1, static_cast<int>(std::ceil(inner / settings.site_pitch_nm)));
    for (int i = 0; i <= n; ++i) {
      const double along = n == 0 ? length / 2 : settings.corner_free_nm + inner * i / n;
      const double share = n == 0 ? length
                                  : inner / n * (i == 0 || i == n ? 0.5 : 1) +
                                        (i == 0 || i == n ? settings.corner_free_nm / 2 : 0);
      sites.push_back({.site = {first.from.x + along * first.tangent_x,
                                first.from.y + along * first.tangent_y, first.normal_x(), first.normal_y()},
                       .length_nm = share});
    }
  }
  return sites;
}

namespace {

Box box_of(const layout::Polygon& ring) {
  Box box{ring.front().x, ring.front().y, ring.front().x, ring.front().y};
  for (const layout::Point& vertex : ring)
    box = {std::min(box.x0, vertex.x), std::min(box.y0, vertex.y), std::max(box.x1, vertex.x),
           std::max(box.y1, vertex.y)};
  return box;
}

}  // namespace

std::vector<ProbePoint> middle_points(const layout::Polygon& bar, const layout::Polygon& drawn,
                                      double pitch_nm) {
  const Box box = box_of(bar), first = box_of(drawn);
  const bool along_x = first.width() > first.height();
  const double width = along_x ? box.height() : box.width(), length = along_x ? box.width() : box.height();
  const double inner = std::max(0.0, length - width);  // half a width away from the ends
  const int n = static_cast<int>(std::lround(std::abs(first.width() - first.height()) / pitch_nm));
  std::vector<ProbePoint> points;
  for (int i = 0; i <= n; ++i) {
    const double along = (length - inner) / 2 + (n == 0 ? inner / 2 : inner * i / n);
    points.push_back(along_x ? ProbePoint{box.x0 + along, (box.y0 + box.y1) / 2}
                             : ProbePoint{(box.x0 + box.x1) / 2, box.y0 + along});
  }
  return points;
}

}  // namespace undulith::optimise
