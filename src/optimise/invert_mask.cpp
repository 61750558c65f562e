// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <span>

#include "optimise/free_mask.hpp"
#include "optimise/outlines.hpp"
#include "optimise/print_loss.hpp"
#include "optimise/width_rules.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/require.hpp"
#include "undulith/core/stop.hpp"
#include "undulith/optimise/inverse_lithography.hpp"

namespace undulith::optimise {
namespace {

// Lengths in units of the shortest period of the image, found for an immersion scanner: docs/theory/optimisation.md
constexpr double kPixelsPerPeriod = 15, kStartScale = 1.33, kStartOutside = 0.3, kStartInside = 0.5;
constexpr double kEdgeReach = 0.6;       // of drawn edges, where no assist feature fits
constexpr double kSiteStiffness = 27.6;  // times the square of the period
constexpr double kRuleMargin = 0.08, kRuleForce = 1.25, kForceFade = 0.6;
constexpr int kStepsPerForce = 5, kStepsPerMultiplier = 10, kStepsPerRow = 10;
constexpr int kRepairs = 4, kRepairSteps = 40;
constexpr double kRepairMargin = 0.015;
constexpr double kTolerancePixels = 0.6;  // of outlines

struct Range2 {
  double from, to;
  [[nodiscard]] double at(double u) const { return from + (to - from) * u; }
};

struct Stage {
  const char* name;
  double share;  // of the steps
  Edge edge;
  bool coarse, rules;
  Range2 mask_steepness, print_steepness, rate;
  double margin;  // of the sites, relative intensity
};
constexpr Stage kStages[] = {
    {"grey", 200.0 / 540, Edge::soft, true, false, {4, 12}, {9, 13.5}, {0.06, 0.03}, 0.01},
    {"grey", 100.0 / 540, Edge::soft, true, false, {16, 16}, {18, 18}, {0.04, 0.02}, 0.01},
    {"edge", 120.0 / 540, Edge::sharp, false, false, {0, 0}, {58, 58}, {0.03, 0.005}, 0.005},
    {"rules", 120.0 / 540, Edge::sharp, false, true, {0, 0}, {58, 58}, {0.02, 0.002}, 0.012},
};
constexpr Stage kRepair{"repair", 0, Edge::sharp, false, true, {0, 0}, {58, 58}, {0.01, 0.002}, 0.012};

// Adam [KingmaBa2015], whose divisor keeps a floor of a tenth of the root of the mean square of all.
class Descent {
 public:
  explicit Descent(const Pixels& like) : mean_(like.nx, like.ny), square_(like.nx, like.ny) {}
  void step(const Pixels& gradient, double rate, Pixels& at) {
    constexpr float kMean = 0.9F, kSquare = 0.99F, kFloor = 0.1F;
    mean_power_ *= kMean;
    square_power_ *= kSquare;
    double sum = 0;
    for (std::size_t i = 0; i < gradient.values.size(); ++i) {
      const float g = gradient.values[i];
      mean_.values[i] = kMean * mean_.values[i] + (1 - kMean) * g;
      square_.values[i] = kSquare * square_.values[i] + (1 - kSquare) * g * g;
      sum += static_cast<double>(square_.values[i]);
    }
    const float to_mean = 1 / (1 - mean_power_), to_square = 1 / (1 - square_power_);
    const float rms =
        std::sqrt(static_cast<float>(sum / static_cast<double>(gradient.values.size())) * to_square);
    if (rms == 0) return;
    for (std::size_t i = 0; i < gradient.values.size(); ++i)
      at.values[i] -= static_cast<float>(rate) * to_mean * mean_.values[i] /
                      (std::sqrt(square_.values[i] * to_square) + kFloor * rms);
  }

 private:
  Pixels mean_, square_;
  float mean_power_ = 1, square_power_ = 1;
};

// Mask and loss on the pixels of one resolution.
struct Level {
  FreeMask mask;
  PrintLoss loss;
};

PixelSet repeated(const PixelSet& set, int times) {
  PixelSet result(set.nx * times, set.ny * times);
  for (int y = 0; y < result.ny; ++y)
    for (int x = 0; x < result.nx; ++x) result(x, y) = set(x / times, y / times);
  return result;
}

// The mean of blocks of `size` by `size`.
Pixels mean_of_blocks(const Pixels& from, int size) {
  Pixels to(from.nx / size, from.ny / size);
  for (int y = 0; y < from.ny; ++y)
    for (int x = 0; x < from.nx; ++x) to(x / size, y / size) += from(x, y);
  for (float& value : to.values) value /= static_cast<float>(size * size);
  return to;
}

class Inversion {
 public:
  Inversion(const layout::Clip& drawn, const ImageModel& model, const PrintGoal& goal,
            const InverseParameters& parameters, const SearchWatch& watch)
      : drawn_(drawn),
        model_(model),
        goal_(goal),
        parameters_(parameters),
        watch_(watch),
        period_nm_(parameters.pixel_nm > 0 ? kPixelsPerPeriod * parameters.pixel_nm
                                           : std::min(drawn.cell.width() / model.grid().image_order_x,
                                                      drawn.cell.height() / model.grid().image_order_y)),
        nx_(pixels(drawn.cell.width())),
        ny_(pixels(drawn.cell.height())),
        pixel_nm_(std::sqrt(drawn.cell.width() / nx_ * drawn.cell.height() / ny_)),
        free_(free_pixels(drawn, drawn_share(drawn, nx_ / 2, ny_ / 2),
                          std::max(parameters.assist_reach_nm, kEdgeReach * period_nm_),
                          std::max(2 * pixel_nm_, parameters.rules.min_width_nm))),
        coarse_(level(1)),
        fine_(level(2)),
        fine_mask_(mask(4)),
        final_(level(8)),
        sites_(model.grid(), goal, sites_in(drawn, goal.sites), kSiteStiffness * period_nm_ * period_nm_),
        knots_(distance_surface(start_share(), pixel_nm_, kStartScale * period_nm_, kStartOutside,
                                kStartInside, nx_ / 4, ny_ / 4)),
        descent_(knots_),
        force_(nx_, ny_) {}

  InverseResult run() {
    result_.before = figures(drawn_shapes());
    double share = 0;
    for (const Stage& stage : kStages) share += is_needed(stage) ? stage.share : 0;
    for (const Stage& stage : kStages)
      if (is_needed(stage))
        run_stage(stage,
                  std::max(1, static_cast<int>(std::lround(stage.share / share * parameters_.n_steps))));
    PixelSet best = final_shapes();
    result_.after = figures(best);
    for (int repair = 0; repair < kRepairs && result_.after.violations > 0 && !finish_requested(); ++repair) {
      sites_.tighten(violated_, kRepairMargin);
      run_stage(kRepair, kRepairSteps);
      PixelSet shapes = final_shapes();
      const PrintFigures now = figures(shapes);
      if (now.violations > result_.after.violations) continue;
      result_.after = now;
      best = std::move(shapes);
    }
    result_.findings = find_narrow(best, pixel_nm_ / 4, drawn_.cell, parameters_.rules);
    result_.rings = shapes_of(best);
    result_.interrupted = finish_requested();
    if (watch_.progress) watch_.progress(1);
    return std::move(result_);
  }

 private:
  // A mask that is there needs no grey pixels to form.
  [[nodiscard]] bool is_needed(const Stage& stage) const {
    return parameters_.start.empty() || stage.edge == Edge::sharp;
  }
  [[nodiscard]] Pixels start_share() const {
    return parameters_.start.empty() ? fine_.mask.drawn()
                                     : drawn_share({drawn_.cell, drawn_.window, parameters_.start},
                                                   fine_.mask.nx(), fine_.mask.ny());
  }
  // A multiple of 8, so that a level of half the pixels and knots of a quarter are whole.
  [[nodiscard]] int pixels(double length_nm) const {
    return std::max(16,
                    8 * static_cast<int>(std::ceil(length_nm * kPixelsPerPeriod / period_nm_ / 8 - 1e-9)));
  }
  // Half as many pixels as the fine level, times `times`.
  [[nodiscard]] FreeMask mask(int times) const {
    return {nx_ / 4, ny_ / 4, repeated(free_, times), drawn_share(drawn_, times * nx_ / 2, times * ny_ / 2)};
  }
  [[nodiscard]] Level level(int times) const {
    FreeMask free = mask(times);
    PrintLoss loss(model_.grid(), goal_, free.drawn(), judged_pixels(drawn_, free.nx(), free.ny()));
    return {std::move(free), std::move(loss)};
  }

  void run_stage(const Stage& stage, int n_steps) {
    const Level& level = stage.coarse ? coarse_ : fine_;
    for (int k = 0; k < n_steps && !finish_requested(); ++k) {
      stop_if_requested();
      const double u = n_steps > 1 ? static_cast<double>(k) / (n_steps - 1) : 0;
      if (stage.rules && k % kStepsPerForce == 0) update_forces();
      const double rate =
          stage.rate.to + (stage.rate.from - stage.rate.to) * (1 + std::cos(constants::kPi * u)) / 2;
      descent_.step(gradient(stage, level, u), rate, knots_);
      ++step_;
      if (step_ % kStepsPerMultiplier == 0) sites_.update_multipliers();
      const int all = parameters_.n_steps + kRepairSteps;
      if (watch_.progress) watch_.progress(std::min(1.0, static_cast<double>(step_) / all));
      if (watch_.mask) watch_.mask([this] { return shapes_of(final_shapes()); });
    }
  }

  Pixels gradient(const Stage& stage, const Level& level, double u) {
    const Shares shares = level.mask.shares(knots_, stage.edge, stage.mask_steepness.at(u));
    const LossWeights weights{parameters_.error_weight, parameters_.band_weight, stage.print_steepness.at(u)};
    double loss = 0;
    const auto sensitivity = [&](const Images& images) {
      Images d_images(images.size(), imaging::CellSamples(images.front().size()));
      loss = level.loss.add_gradient(images, weights, d_images) +
             sites_.add_gradient(images, stage.margin, d_images);
      if (step_ % kStepsPerRow == 0) {
        PrintFigures figures = level.loss.figures(images);
        figures.n_sites = static_cast<int>(sites_.n_sites());
        figures.violations = static_cast<int>(sites_.violated(images).size());
        result_.steps.push_back({step_, stage.name, loss, figures});
      }
      return d_images;
    };
    const auto [images, d_pattern] =
        model_.gradient(level.loss.transforms().pattern_of(shares.share), sensitivity);
    ++result_.n_images;
    Pixels d_share = level.loss.transforms().share_gradient(d_pattern);
    if (stage.rules)
      for (std::size_t i = 0; i < d_share.values.size(); ++i) d_share.values[i] -= force_.values[i];
    return level.mask.knot_gradient(d_share, shares);
  }

  // Forces of the mask rules; old ones fade.
  void update_forces() {
    const Pixels now = mean_of_blocks(
        rule_forces(fine_mask_.shapes(knots_), pixel_nm_ / 2, parameters_.rules, kRuleMargin), 2);
    const auto scale = static_cast<float>(kRuleForce * pixel_nm_ * pixel_nm_ *
                                          std::max(parameters_.error_weight, parameters_.band_weight) / 1.2);
    for (std::size_t i = 0; i < now.values.size(); ++i)
      force_.values[i] =
          now.values[i] != 0 ? scale * now.values[i] : static_cast<float>(kForceFade) * force_.values[i];
  }

  [[nodiscard]] PixelSet drawn_shapes() const {
    PixelSet set(final_.mask.nx(), final_.mask.ny());
    for (std::size_t i = 0; i < set.values.size(); ++i) set.values[i] = final_.mask.drawn().values[i] >= 0.5F;
    return set;
  }
  // What is written: the shapes obey the rules.
  [[nodiscard]] PixelSet final_shapes() const {
    const double pixel_nm = pixel_nm_ / 4;
    PixelSet shapes = obeying(final_.mask.shapes(knots_), pixel_nm, parameters_.rules);
    if (parameters_.shapes == MaskShapes::outlines) return shapes;
    const double rows = parameters_.strip_nm / pixel_nm;
    const auto rectangles =
        strips(shapes, drawn_.cell, std::max(1, static_cast<int>(std::lround(rows))), rows / 2);
    return with_stepped_discs(pixels_of(rectangles), pixel_nm, parameters_.rules);
  }
  [[nodiscard]] std::vector<layout::Polygon> shapes_of(const PixelSet& shapes) const {
    return parameters_.shapes == MaskShapes::strips ? strips(shapes, drawn_.cell, 1, 0)
                                                    : outlines(shapes, drawn_.cell, kTolerancePixels);
  }
  [[nodiscard]] PixelSet pixels_of(const std::vector<layout::Polygon>& rings) const {
    const Pixels share = drawn_share({drawn_.cell, drawn_.window, rings}, final_.mask.nx(), final_.mask.ny());
    PixelSet set(share.nx, share.ny);
    for (std::size_t i = 0; i < set.values.size(); ++i) set.values[i] = share.values[i] >= 0.5F;
    return set;
  }

  // Of shapes on the pixels of the final level; keeps which sites they violate.
  PrintFigures figures(const PixelSet& shapes) {
    Pixels share(shapes.nx, shapes.ny);
    std::ranges::transform(shapes.values, share.values.begin(), [](auto v) { return static_cast<float>(v); });
    const Images images = model_.images(final_.loss.transforms().pattern_of(share));
    PrintFigures figures = final_.loss.figures(images);
    violated_ = sites_.violated(images);
    figures.n_sites = static_cast<int>(sites_.n_sites());
    figures.violations = static_cast<int>(violated_.size());
    return figures;
  }

  const layout::Clip& drawn_;
  const ImageModel& model_;
  const PrintGoal& goal_;
  const InverseParameters& parameters_;
  const SearchWatch& watch_;
  double period_nm_;
  int nx_, ny_;
  double pixel_nm_;
  PixelSet free_;  // on the pixels of the coarse level
  Level coarse_, fine_;
  FreeMask fine_mask_;  // of the rules: twice as fine
  Level final_;
  SiteConstraints sites_;
  Pixels knots_;
  Descent descent_;
  Pixels force_;
  int step_ = 0;
  std::vector<std::size_t> violated_;
  InverseResult result_;
};

void check(const layout::Clip& drawn, const ImageModel& model, const PrintGoal& goal,
           const InverseParameters& parameters) {
  require(goal.threshold > 0, "metrology.threshold", goal.threshold, "must be above 0",
          "use that of the resist");
  require(parameters.n_steps >= 50, "optimise.n_steps", parameters.n_steps, "must be at least 50", "use 540");
  require(parameters.error_weight >= 0 && parameters.band_weight >= 0 &&
              parameters.error_weight + parameters.band_weight > 0,
          "optimise.error_weight", parameters.error_weight,
          "and optimise.band_weight must be 0 or more, and one of them above 0", "use 1.2 and 1");
  const auto require_plane = [&](const Condition& condition) {
    if (condition.plane < 0 || condition.plane >= model.grid().n_planes)
      throw InputError(
          fmt::format("a condition of the process window names plane {} (there are {}); correct it",
                      condition.plane, model.grid().n_planes));
  };
  require_plane(goal.nominal);
  for (const Band& band : goal.bands) {
    require_plane(band.outer);
    require_plane(band.inner);
  }
  const bool any = std::ranges::any_of(drawn.rings, [&](const layout::Polygon& ring) {
    return std::ranges::any_of(ring, [&](const layout::Point& p) {
      return p.x >= drawn.window.x0 && p.x <= drawn.window.x1 && p.y >= drawn.window.y0 &&
             p.y <= drawn.window.y1;
    });
  });
  if (!any)
    throw InputError(
        "nothing is drawn in the window (there is nothing to print); choose another window or layer");
}

}  // namespace

InverseResult invert_mask(const layout::Clip& drawn, const ImageModel& model, const PrintGoal& goal,
                          const InverseParameters& parameters, const SearchWatch& watch) {
  check(drawn, model, goal, parameters);
  return Inversion(drawn, model, goal, parameters, watch).run();
}

}  // namespace undulith::optimise
