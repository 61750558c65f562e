// SPDX-License-Identifier: MIT
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "undulith/core/error.hpp"
#include "undulith/optimise/source_mask.hpp"
#include "unit/optimise/source_cases.hpp"

namespace {

using namespace undulith;
using optimise::OptimisedSource;
using optimise::SourceMaskResult;
using optimise::SourceMaskStep;

constexpr double kLeastThreshold = 0.25;
const optimise::SourceSettings kBright{.min_pupil_fill = 0.2, .min_threshold = kLeastThreshold};

// Lines of pitch 36 nm that shall print openings of 16 nm; the width of the opening on the mask is the variable.
class BiasedLines {
 public:
  explicit BiasedLines(double opening_nm) : opening_nm_(opening_nm) {}

  [[nodiscard]] double opening_nm() const { return opening_nm_; }
  [[nodiscard]] const illuminator::PupilFill& candidates() const { return candidates_; }
  [[nodiscard]] optimise::SourceResponses responses(double opening_nm) const {
    return test::in_two_planes(test::line_mask(36, opening_nm), candidates_, test::edges_of_opening(36, 16));
  }
  [[nodiscard]] double nils(const OptimisedSource& source, double opening_nm) const {
    double smallest = 1e9;
    const auto rows = optimise::evaluate_edges(responses(opening_nm), source.weights, source.threshold);
    if (rows.front().intensity < kLeastThreshold)
      return 0;  // a narrow opening has the best contrast, and no light
    for (const optimise::EdgeRow& row : rows) smallest = std::min(smallest, row.nils);
    return smallest;
  }
  [[nodiscard]] optimise::MaskSteps steps() {
    return {.responses = [this] { return responses(opening_nm_); },
            .improve =
                [this](const OptimisedSource& source) {
                  last_nm_ = opening_nm_;
                  double best = nils(source, opening_nm_);
                  for (const double change_nm : {-1.0, -0.5, 0.5, 1.0})
                    if (const double found = nils(source, last_nm_ + change_nm); found > best) {
                      best = found;
                      opening_nm_ = last_nm_ + change_nm;
                    }
                },
            .take_back = [this] { opening_nm_ = last_nm_; }};
  }

 private:
  illuminator::PupilFill candidates_ = optimise::make_candidates(31);
  double opening_nm_, last_nm_ = 0;
};

}  // namespace

TEST_CASE("source and mask: the goal never gets worse, and both together beat the source",
          "[validation][optimise]") {
  BiasedLines lines(20);
  const SourceMaskResult result = optimise::alternate_source_and_mask(
      lines.candidates(), lines.steps(), {.source = kBright, .max_rounds = 30, .tolerance = 1e-6});
  CHECK(result.converged);
  double last = 0;
  for (const SourceMaskStep& step : result.steps) {
    CAPTURE(step.round, static_cast<int>(step.half), step.min_nils, step.kept);
    if (step.kept) CHECK(step.min_nils >= last - 1e-9);
    if (step.kept) last = step.min_nils;
  }
  CHECK(result.source.min_nils == Approx(last));
  CHECK(result.source.min_nils > result.steps.front().min_nils * 1.01);
  // Source and mask at the end belong together.
  CHECK(lines.nils(result.source, lines.opening_nm()) == Approx(result.source.min_nils).epsilon(1e-9));
  // No opening on the grid of the mask's steps is better with its own best source.
  for (double opening_nm = 14; opening_nm <= 22; opening_nm += 0.5) {
    const auto other = optimise::optimise_source(lines.responses(opening_nm), lines.candidates(), kBright);
    CHECK(other.min_nils <= result.source.min_nils * (1 + 1e-9));
  }
}

TEST_CASE("source and mask: a step that makes it worse is taken back", "[unit][optimise]") {
  BiasedLines lines(16);
  optimise::MaskSteps steps = lines.steps();
  double opening_nm = 16;
  steps.responses = [&] { return lines.responses(opening_nm); };
  steps.improve = [&](const OptimisedSource&) { opening_nm = 8; };
  bool taken_back = false;
  steps.take_back = [&] {
    taken_back = true;
    opening_nm = 16;
  };
  const SourceMaskResult result = optimise::alternate_source_and_mask(
      lines.candidates(), steps, {.source = {.goal = optimise::SourceGoal::edge_placement}});
  CHECK(taken_back);
  CHECK_FALSE(result.steps.back().kept);
  CHECK(result.source.rms_placement_error_nm == Approx(result.steps.front().rms_placement_error_nm));
}

TEST_CASE("source and mask: bad settings are refused", "[unit][optimise]") {
  BiasedLines lines(16);
  CHECK_THROWS_AS(optimise::alternate_source_and_mask(lines.candidates(), {}, {}), InputError);
  CHECK_THROWS_AS(optimise::alternate_source_and_mask(lines.candidates(), lines.steps(), {.max_rounds = 0}),
                  InputError);
  CHECK_THROWS_AS(optimise::alternate_source_and_mask(lines.candidates(), lines.steps(), {.tolerance = -1}),
                  InputError);
}
