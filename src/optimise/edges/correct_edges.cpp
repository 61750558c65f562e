// SPDX-License-Identifier: MIT
#include "undulith/optimise/correct_edges.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "optimise/edges/correction_setup.hpp"
#include "optimise/edges/fragments.hpp"
#include "optimise/edges/near_derivatives.hpp"
#include "optimise/edges/offset_blocks.hpp"
#include "optimise/edges/rule_search.hpp"
#include "optimise/edges/start_offsets.hpp"
#include "optimise/feature_sign.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/core/stop.hpp"
#include "undulith/mask/polygon_spectrum.hpp"

namespace undulith::optimise {
namespace {

std::vector<layout::Polygon> with_assists(std::vector<layout::Polygon> rings,
                                          const std::vector<layout::Polygon>& assists) {
  rings.insert(rings.end(), assists.begin(), assists.end());
  return rings;
}

// The printed edges of all sites in all conditions, the nominal one first.
using Placements = std::vector<std::vector<EdgePlacement>>;
// The same of points that must not print, nm.
using Darkness = std::vector<std::vector<double>>;

class EdgeCorrection {
 public:
  EdgeCorrection(const layout::Clip& target, const ImageModel& model, const KernelModel& sensitivities,
                 const CorrectionSettings& settings)
      : model_(model),
        sensitivities_(sensitivities),
        settings_(settings),
        target_(with_assists(target.rings, settings.assists), target.cell, target.rings.size(),
                {settings.fragments.corner_nm, settings.fragments.inner_nm, settings.fragments.line_end_nm,
                 least_piece_nm(settings.rules), settings.rules.grid_nm}),
        rules_(facing_rules(target_, settings.rules, settings.max_move_nm)),
        sites_(make_sites(target_, target.rings.size(), settings)),
        derivatives_(sensitivities, kRange * shortest_period_nm(sensitivities.grid())),
        blocks_(target_),
        emphasis_(sites_.size()) {
    conditions_.push_back(settings.nominal);
    conditions_.insert(conditions_.end(), settings.window.begin(), settings.window.end());
    if (sites_.empty())
      throw InputError(
          "every edge of the target lies on the border of the cell (none can move); choose a larger window");
    for (const layout::Polygon& ring : target_.rings(std::vector<double>(target_.fragments().size())))
      areas_.push_back(signed_area(ring));
  }

  Correction run(const SearchWatch& watch) {
    Correction result;
    std::vector<CorrectionRow> rows;
    State best, current = imaged(model_, settings_.start.empty()
                                             ? std::vector<double>(target_.fragments().size())
                                             : offsets_of(target_, settings_.start, settings_.rules.grid_nm,
                                                          settings_.max_move_nm));
    first_ = current.placements.front();
    int n_without = 0;  // images that were not better
    bool ended = false;
    for (int image = 0; !ended && !result.interrupted; ++image) {
      if (image > 0) {
        const State next = descend(current);
        current = &model_ == &sensitivities_ ? next : imaged(model_, next.offsets);
      }
      rows.push_back(row_of(current, image));
      const bool finished = image == 0 || n_steps_ > kFreeSteps;  // on the grid
      if (finished && (image == 0 || score_of(current) < score_of(best))) {
        best = current;
        result.best_image = image;
        n_without = 0;
      } else if (finished && rows[static_cast<std::size_t>(result.best_image)].n_beyond == 0 &&
                 ++n_without == kMostWithout) {
        ended = true;
      } else if (&model_ != &sensitivities_ && result.best_image > 0) {
        current = best;  // the thin mask misled
        damping_ *= kMoreDamping;
      }
      if (watch.mask) watch.mask([&] { return target_.rings(best.offsets); });
      ended = ended || image + 1 == settings_.max_images;
      if (watch.progress) watch.progress(ended ? 1 : (image + 1.0) / settings_.max_images);
      result.interrupted = finish_requested() && !ended;
    }
    result.convergence = std::move(rows);
    result.rings = target_.rings(best.offsets);
    result.findings = check_mask_rules(result.rings, settings_.rules);
    result.sites = sites_;
    for (std::size_t i = 0; i < sites_.size(); ++i) {
      result.sites[i].before = first_[i];
      result.sites[i].after = best.placements.front()[i];
      result.resolved = result.resolved && result.sites[i].after.printed;
    }
    return result;
  }

 private:
  // Chosen on the ten clips of the ICCAD 2013 contest (docs/theory/optimisation-edges.md).
  static constexpr double kRange = 4;     // of a fragment's effect, shortest periods: about 2 lambda / NA
  static constexpr int kFreeSteps = 3;    // with offsets that are not on the grid
  static constexpr int kMostWithout = 3;  // images without a better one end the search
  static constexpr double kLeastDamping = 3e-2;  // of the mean diagonal
  static constexpr double kMoreDamping = 8, kLessDamping = 4;
  static constexpr double kExcessWeight = 10;  // of the excess of a site beyond the largest error, at first
  static constexpr double kMostExcessWeight = 100;
  static constexpr double kDarkMargin = 0.15, kDarkWeight = 10;  // of the threshold; of squared residuals
  static constexpr double kExcessGrowth = 1.5;                   // while it stays beyond

  // Offsets and the printed edges of their image.
  struct State {
    std::vector<double> offsets;
    Placements placements;
    Darkness dark;  // residuals of the assist features
  };
  // The lower the better: rings that cross or turn inside out, findings, objective.
  using Score = std::tuple<bool, int, double>;

  [[nodiscard]] State imaged(const ImageModel& model, std::vector<double> offsets) const {
    std::vector<FineImage> images;
    for (const auto& image : model.images(pattern_of(target_.rings(offsets), model.grid())))
      images.emplace_back(model.grid(), image);
    Placements placements = place(images);
    Darkness dark = darkness(images, offsets);
    return {std::move(offsets), std::move(placements), std::move(dark)};
  }

  // Points of the assist features, as they lie, that must stay dark (dark shapes: bright).
  [[nodiscard]] std::vector<ProbePoint> dark_points(std::span<const double> offsets) const {
    std::vector<ProbePoint> points;
    if (settings_.assists.empty()) return points;
    const std::vector<layout::Polygon> rings = target_.rings(offsets);
    const std::size_t first = rings.size() - settings_.assists.size();
    for (std::size_t r = first; r < rings.size(); ++r) {
      const auto bar = middle_points(rings[r], settings_.assists[r - first], settings_.site_pitch_nm);
      points.insert(points.end(), bar.begin(), bar.end());
    }
    return points;
  }

  // How far each of these points prints, or comes closer to it than the margin, as a distance of edges.
  [[nodiscard]] Darkness darkness(const std::vector<FineImage>& images,
                                  std::span<const double> offsets) const {
    const std::vector<ProbePoint> points = dark_points(offsets);
    Darkness result(conditions_.size());
    for (std::size_t c = 0; c < conditions_.size(); ++c)
      for (const ProbePoint& point : points) {
        const auto& image = images[static_cast<std::size_t>(conditions_[c].plane)];
        const double value = image.jet(point.x, point.y, 1, 0).value;
        const double least =
            sign() * (value - conditions_[c].threshold) + kDarkMargin * conditions_[c].threshold;
        result[c].push_back(std::max(0.0, least / dark_slope()));
      }
    return result;
  }
  // Turns intensities of dark points to lengths: the threshold over a quarter of the shortest period.
  [[nodiscard]] double dark_slope() const {
    return settings_.nominal.threshold / (shortest_period_nm(sensitivities_.grid()) / 4);
  }
  [[nodiscard]] double sign() const { return sign_of(settings_.printed); }

  // Steps on the thin mask, whose edges are moved by what the last image differs from it.
  [[nodiscard]] State descend(const State& from) {
    State base = from;
    Placements shift;
    if (&model_ != &sensitivities_) {
      base = imaged(sensitivities_, from.offsets);
      shift = base.placements;
      for_each_placement(shift, [&](EdgePlacement& edge, std::size_t c, std::size_t i) {
        edge.offset_nm = from.placements[c][i].offset_nm - edge.offset_nm;
      });
      add_shift(base.placements, shift);
    }
    bool renew = true;
    for (int step = 0; step < settings_.steps_per_image; ++step) {
      if (renew) {
        emphasise(base.placements.front());
        blocks_.set(linearise(base));
      }
      const bool free = n_steps_ < kFreeSteps, first_on_grid = n_steps_ == kFreeSteps;
      ++n_steps_;
      State trial =
          imaged(sensitivities_, free ? blocks_.best(damping_) : blocks_.on_grid(damping_, settings_.rules));
      add_shift(trial.placements, shift);
      renew = free || first_on_grid || score_of(trial) < score_of(base);
      if (renew) {
        base = std::move(trial);
        damping_ = std::max(kLeastDamping, damping_ / kLessDamping);
      } else if (damping_ > 1) {
        damping_ = kLeastDamping;
        renew = true;  // with more weight on sites beyond the largest error
      } else {
        damping_ *= kMoreDamping;
      }
    }
    return base;
  }

  template <class Change>
  static void for_each_placement(Placements& placements, const Change& change) {
    for (std::size_t c = 0; c < placements.size(); ++c)
      for (std::size_t i = 0; i < placements[c].size(); ++i) change(placements[c][i], c, i);
  }
  static void add_shift(Placements& placements, const Placements& shift) {
    if (shift.empty()) return;
    for_each_placement(placements, [&](EdgePlacement& edge, std::size_t c, std::size_t i) {
      edge.offset_nm += shift[c][i].offset_nm;
    });
  }

  [[nodiscard]] Score score_of(const State& state) const {
    const std::vector<layout::Polygon> rings = target_.rings(state.offsets);
    const std::vector<RuleFinding> findings = check_mask_rules(rings, settings_.rules);
    const bool crossed = std::ranges::any_of(
        findings, [](const RuleFinding& finding) { return finding.rule == RuleKind::overlap; });
    bool turned = rings.size() != areas_.size();
    for (std::size_t r = 0; !turned && r < areas_.size(); ++r)
      turned = !(signed_area(rings[r]) * areas_[r] > 0);
    return {crossed || turned, static_cast<int>(findings.size()), objective_of(state, emphasis_)};
  }

  // Residual of the nominal condition. Without a printed edge the Newton estimate may be small, where shapes just bridge.
  [[nodiscard]] double error_nm(const EdgePlacement& edge) const {
    if (edge.printed) return edge.offset_nm;
    return std::copysign(std::max(std::abs(edge.offset_nm), 2 * settings_.max_error_nm), edge.offset_nm);
  }

  // Mean square of the residuals, with these weights of the excess; none: that of the start.
  [[nodiscard]] double objective_of(const State& state, std::span<const double> excess_weights) const {
    const Placements& placements = state.placements;
    double sum = 0, length = 0;
    for (std::size_t i = 0; i < sites_.size(); ++i) {
      const double nominal = placements.front()[i].offset_nm, error = error_nm(placements.front()[i]);
      const double excess = std::max(0.0, std::abs(error) - settings_.max_error_nm);
      const double weight =
          excess_weights.empty() ? kExcessWeight : std::max(kExcessWeight, excess_weights[i]);
      double squares = conditions_.front().weight * error * error + weight * excess * excess;
      for (std::size_t c = 1; c < conditions_.size(); ++c) {
        const double change = placements[c][i].offset_nm - nominal;
        squares += conditions_[c].weight * change * change;
      }
      sum += sites_[i].length_nm * squares;
      length += sites_[i].length_nm;
    }
    for (const std::vector<double>& condition : state.dark)
      for (const double excess : condition) sum += kDarkWeight * settings_.site_pitch_nm * excess * excess;
    return sum / length;
  }

  [[nodiscard]] Placements place(const std::vector<FineImage>& images) const {
    Placements placements(conditions_.size(), std::vector<EdgePlacement>(sites_.size()));
    const PlacementSearch search{settings_.printed, settings_.max_move_nm, settings_.least_slope_per_nm};
    for (std::size_t c = 0; c < conditions_.size(); ++c)
      parallel_for(static_cast<int>(sites_.size()), [&](int i) {
        const auto site = static_cast<std::size_t>(i);
        placements[c][site] = place_edge(images[static_cast<std::size_t>(conditions_[c].plane)],
                                         sites_[site].site, conditions_[c].threshold, search);
      });
    return placements;
  }

  [[nodiscard]] CorrectionRow row_of(const State& state, int image) const {
    CorrectionRow row{.image = image, .objective_nm2 = objective_of(state, {})};
    double length = 0;
    for (std::size_t i = 0; i < sites_.size(); ++i) {
      const EdgePlacement& nominal = state.placements.front()[i];
      double most = nominal.offset_nm, least = most;
      for (const std::vector<EdgePlacement>& condition : state.placements) {
        most = std::max(most, condition[i].offset_nm);
        least = std::min(least, condition[i].offset_nm);
      }
      const double weight = sites_[i].length_nm;
      length += weight;
      row.rms_nm += weight * nominal.offset_nm * nominal.offset_nm;
      row.window_nm += weight * (most - least);
      row.largest_nm = std::max(row.largest_nm, std::abs(nominal.offset_nm));
      row.n_beyond += std::abs(error_nm(nominal)) > settings_.max_error_nm;
      row.n_unprinted += !nominal.printed;
    }
    row.rms_nm = std::sqrt(row.rms_nm / length);
    row.window_nm /= length;
    row.n_findings = static_cast<int>(check_mask_rules(target_.rings(state.offsets), settings_.rules).size());
    return row;
  }

  // A site beyond the largest error has a further residual, its excess, whose weight grows while it stays there.
  void emphasise(const std::vector<EdgePlacement>& nominal) {
    for (std::size_t i = 0; i < sites_.size(); ++i) {
      const bool beyond = std::abs(error_nm(nominal[i])) > settings_.max_error_nm;
      emphasis_[i] = beyond ? std::clamp(emphasis_[i] * kExcessGrowth, kExcessWeight, kMostExcessWeight)
                            : emphasis_[i] / kExcessGrowth;
    }
  }

  // Least squares of the residuals, linear about these offsets.
  [[nodiscard]] OffsetSquares linearise(const State& state) const {
    const Placements& placements = state.placements;
    const std::vector<double>& offsets = state.offsets;
    const Pattern pattern = pattern_of(target_.rings(offsets), sensitivities_.grid());
    std::vector<Fragment> moved;
    for (std::size_t j = 0; j < offsets.size(); ++j) moved.push_back(target_.moved(j, offsets));
    std::vector<SparseRows> derivatives;  // of the edges, one for each condition
    for (std::size_t c = 0; c < conditions_.size(); ++c) {
      std::vector<ProbePoint> points;
      for (const EdgePlacement& edge : placements[c]) points.push_back({edge.x, edge.y});
      derivatives.push_back(derivatives_(conditions_[c].plane, pattern, points, moved));
      for (std::size_t i = 0; i < sites_.size(); ++i)
        derivatives.back().scale(i, sign() / placements[c][i].slope_per_nm);
    }
    OffsetSquares squares{.base = offsets, .rules = rules_};
    // A row whose value here is `residual`, and which the step should make zero.
    const auto add = [&](double weight, double residual) {
      squares.rows.scale(squares.rows.count() - 1, std::sqrt(weight));
      squares.wanted.push_back(squares.rows.product(squares.rows.count() - 1, offsets) -
                               std::sqrt(weight) * residual);
    };
    for (std::size_t c = 0; c < conditions_.size(); ++c)
      for (std::size_t i = 0; i < sites_.size(); ++i) {
        double weight = conditions_[c].weight,
               value = placements[c][i].offset_nm - placements[0][i].offset_nm;
        if (c == 0) {
          // Two squares of one linear form are one square: weight e^2 + extra (e - limit)^2.
          value = error_nm(placements[0][i]);
          const double excess = std::abs(value) - settings_.max_error_nm;
          if (excess > 0) {
            const double extra = emphasis_[i];
            value = std::copysign((weight * std::abs(value) + extra * excess) / (weight + extra), value);
            weight += extra;
          }
        }
        squares.rows.append(derivatives[c], i);
        if (c > 0) squares.rows.subtract_from_last(derivatives[0], i);
        add(weight * sites_[i].length_nm, value);
      }
    // Residuals of assist features that print or are close to it.
    const std::vector<ProbePoint> points = dark_points(offsets);
    for (std::size_t c = 0; c < conditions_.size(); ++c) {
      std::vector<ProbePoint> active;
      std::vector<double> excess;
      for (std::size_t i = 0; i < points.size(); ++i)
        if (state.dark[c][i] > 0) {
          active.push_back(points[i]);
          excess.push_back(state.dark[c][i]);
        }
      if (active.empty()) continue;
      SparseRows rows = derivatives_(conditions_[c].plane, pattern, active, moved);
      for (std::size_t i = 0; i < active.size(); ++i) {
        rows.scale(i, sign() / dark_slope());
        squares.rows.append(rows, i);
        add(kDarkWeight * settings_.site_pitch_nm, excess[i]);
      }
    }
    for (std::size_t j = 0; j < offsets.size(); ++j) {
      const double x = offsets[j], most = target_.fragments()[j].fixed ? 0 : settings_.max_move_nm;
      squares.lower.push_back(std::max(-most, std::min(x, most) - settings_.max_step_nm));
      squares.upper.push_back(std::min(most, std::max(x, -most) + settings_.max_step_nm));
    }
    return squares;
  }

  const ImageModel& model_;
  const KernelModel& sensitivities_;
  const CorrectionSettings& settings_;
  FragmentedTarget target_;
  std::vector<LinearRule> rules_;
  std::vector<CorrectedSite> sites_;
  NearDerivatives derivatives_;
  OffsetBlocks blocks_;
  std::vector<double> emphasis_;
  std::vector<PrintCondition> conditions_;
  std::vector<EdgePlacement> first_;
  int n_steps_ = 0;
  double damping_ = kLeastDamping;
  std::vector<double> areas_;  // of the drawn rings, signed
};

}  // namespace

Pattern pattern_of(const std::vector<layout::Polygon>& rings, const ModelGrid& grid) {
  Pattern pattern{grid.pattern_order_x, grid.pattern_order_y, {}};
  const auto half = mask::polygon_spectrum(rings, grid.cell, grid.pattern_order_x, grid.pattern_order_y);
  const std::size_t row = static_cast<std::size_t>(2 * grid.pattern_order_x + 1), n = half.size();
  pattern.values.resize(2 * n - row);
  for (std::size_t i = 0; i < n; ++i) {
    pattern.values[n - 1 - i] = std::conj(half[i]);
    pattern.values[n - row + i] = half[i];
  }
  return pattern;
}

Correction correct_edges(const layout::Clip& target, const ImageModel& model,
                         const KernelModel& sensitivities, const CorrectionSettings& given,
                         const SearchWatch& watch) {
  require_settings(target, model.grid(), sensitivities.grid(), given);
  const CorrectionSettings settings = with_lengths(given, sensitivities.grid());
  return EdgeCorrection(target, model, sensitivities, settings).run(watch);
}

}  // namespace undulith::optimise
