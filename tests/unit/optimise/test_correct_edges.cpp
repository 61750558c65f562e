// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <random>

#include "edge_cases.hpp"
#include "optimise/edges/fragments.hpp"
#include "optimise/edges/offset_search.hpp"
#include "optimise/edges/site_derivatives.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"

using namespace undulith;
using edge_cases::model_of;
using edge_cases::rectangle;
using layout::Polygon;
using optimise::Correction;
using optimise::CorrectionSettings;
using optimise::MaskRules;
using optimise::RuleKind;

namespace {

const Box kCell{0, 0, 260, 260};

// A line end that faces a line, and an L: 22 nm wide.
layout::Clip logic_clip() {
  return {kCell,
          kCell,
          {rectangle(40, 40, 62, 150),
           rectangle(40, 176, 190, 198),
           {{92, 40}, {200, 40}, {200, 140}, {178, 140}, {178, 62}, {92, 62}}}};
}

CorrectionSettings euv_settings() {
  return {.rules = {.grid_nm = 0.5, .min_width_nm = 8, .min_space_nm = 8, .min_jog_nm = 2},
          .nominal = {.plane = 0, .threshold = 0.3},
          .window = {{.plane = 1, .threshold = 0.3 / 0.97, .weight = 0.3},
                     {.plane = 0, .threshold = 0.3 / 1.03, .weight = 0.3}},
          .max_error_nm = 1,
          .max_move_nm = 10,
          .max_step_nm = 5,
          .max_images = 10};
}

optimise::FragmentedTarget fragments_of(const layout::Clip& clip) {
  return {clip.rings, clip.cell, clip.rings.size(), {8, 10, 24, 4, 0.5}};
}

int count(const std::vector<optimise::RuleFinding>& findings, RuleKind kind) {
  return static_cast<int>(std::ranges::count(findings, kind, &optimise::RuleFinding::rule));
}

}  // namespace

TEST_CASE("fragments: rings without offsets are the target, and offsets move edges", "[unit][optimise]") {
  const layout::Clip clip = logic_clip();
  const auto target = fragments_of(clip);
  std::vector<double> offsets(target.fragments().size());
  CHECK(target.rings(offsets) == clip.rings);
  // All outwards by 2: every vertex moves diagonally.
  std::ranges::fill(offsets, 2);
  CHECK(target.rings(offsets).front() == rectangle(38, 38, 64, 152));
  // One piece in the middle of an edge: four vertices more.
  std::ranges::fill(offsets, 0);
  offsets[target.edges()[1] + 1] = 3;
  CHECK(target.rings(offsets).front().size() == 8);
  double length = 0;
  for (const auto& fragment : target.fragments()) length += fragment.length();
  CHECK(length == Approx(2 * (22 + 110) + 2 * (150 + 22) + 2 * (108 + 100)));
}

TEST_CASE("fragments: derivatives of images at points by central differences", "[validation][optimise]") {
  const auto model = model_of(kCell, {{-0.15, 0.1}, {1.15, -0.1}});
  const auto target = fragments_of(logic_clip());
  const std::size_t n = target.fragments().size();
  std::mt19937 engine(5);
  std::uniform_real_distribution<double> uniform(-3, 3);
  std::vector<double> offsets(n);
  for (double& offset : offsets) offset = uniform(engine);
  std::vector<optimise::ProbePoint> points;
  for (int i = 0; i < 7; ++i) points.push_back({130 + 40 * uniform(engine), 130 + 40 * uniform(engine)});
  std::vector<optimise::Fragment> moved;
  for (std::size_t j = 0; j < n; ++j) moved.push_back(target.moved(j, offsets));
  const auto intensities = [&](const std::vector<double>& at) {
    const auto images = model.images(optimise::pattern_of(target.rings(at), model.grid()));
    Eigen::VectorXd values(7);
    for (int i = 0; i < 7; ++i)
      values(i) = optimise::ImagePoint(model.grid(), points[static_cast<std::size_t>(i)].x,
                                       points[static_cast<std::size_t>(i)].y, 1, 0)
                      .jet(images[1])
                      .value;
    return values;
  };
  const Eigen::MatrixXd derivatives = optimise::site_derivatives(
      model, 1, optimise::pattern_of(target.rings(offsets), model.grid()), points, moved);
  constexpr double kStep = 1e-3;
  double worst = 0;
  for (std::size_t j = 0; j < n; ++j) {
    const auto at = [&](double step) {
      auto copy = offsets;
      copy[j] += step;
      return intensities(copy);
    };
    const Eigen::VectorXd difference =
        (8 * (at(kStep) - at(-kStep)) - (at(2 * kStep) - at(-2 * kStep))) / (12 * kStep);
    worst =
        std::max(worst, (difference - derivatives.col(static_cast<Eigen::Index>(j))).cwiseAbs().maxCoeff());
  }
  // Rounding of the image, 1e-15, over the step.
  CHECK(worst < 2e-9 * derivatives.cwiseAbs().maxCoeff());
}

TEST_CASE("mask rules: widths, spaces, corners, jogs and crossings are found", "[unit][optimise]") {
  const MaskRules rules{1, 30, 30, 20};
  CHECK(optimise::check_mask_rules({rectangle(0, 0, 40, 100), rectangle(70, 0, 110, 100)}, rules).empty());
  const auto narrow =
      optimise::check_mask_rules({rectangle(0, 0, 29, 100), rectangle(58, 0, 98, 100)}, rules);
  REQUIRE(narrow.size() == 2);
  CHECK(count(narrow, RuleKind::width) == 1);
  CHECK(count(narrow, RuleKind::space) == 1);
  CHECK(narrow.front().found_nm == Approx(29));
  // Corner to corner: 20 and 21 nm apart along the axes are 29 nm apart, 21 and 22 nm are 30.4.
  CHECK(count(optimise::check_mask_rules({rectangle(0, 0, 40, 40), rectangle(60, 61, 100, 100)}, rules),
              RuleKind::space) > 0);
  CHECK(optimise::check_mask_rules({rectangle(0, 0, 40, 40), rectangle(61, 62, 101, 102)}, rules).empty());
  // Two inner corners of one shape, 20 nm apart along both axes.
  CHECK(count(optimise::check_mask_rules(
                  {{{0, 0}, {60, 0}, {60, 40}, {100, 40}, {100, 100}, {40, 100}, {40, 60}, {0, 60}}}, rules),
              RuleKind::width) > 0);
  const auto jog =
      optimise::check_mask_rules({{{0, 0}, {100, 0}, {100, 50}, {50, 50}, {50, 60}, {0, 60}}}, rules);
  CHECK(count(jog, RuleKind::jog) == 1);
  CHECK(count(optimise::check_mask_rules({rectangle(0, 0, 40, 100), rectangle(-40, 40, 80, 80)}, rules),
              RuleKind::overlap) == 4);
}

TEST_CASE("offsets on the grid: close to the best of all choices", "[validation][optimise]") {
  // Four fragments of one edge: all choices can be tried.
  std::mt19937 engine(11);
  std::normal_distribution<double> normal;
  const std::vector<std::size_t> edges{0, 4};
  int n_best = 0;
  for (int trial = 0; trial < 10; ++trial) {
    Eigen::MatrixXd root(4, 4);
    for (double& value : root.reshaped()) value = normal(engine);
    optimise::OffsetProblem problem{
        root.transpose() * root + 0.2 * Eigen::MatrixXd::Identity(4, 4), {}, {}, {}, {}};
    Eigen::VectorXd wish(4);
    for (double& value : wish) value = 3 * normal(engine);
    problem.linear = problem.hessian * wish;
    problem.lower = Eigen::VectorXd::Constant(4, -6);
    problem.upper = Eigen::VectorXd::Constant(4, 6);
    problem.rules = {{{{0, 1}, {3, 1}}, 1}};
    const optimise::JogRules jogs{1, 4, edges};
    const auto found =
        optimise::improved_offsets(problem, optimise::first_jogged_offsets(problem, jogs), jogs);
    double best = 1e300;
    std::vector<double> x(4);
    const auto allowed = [](double a, double b) { return a == b || std::abs(a - b) >= 4; };
    for (x[0] = -6; x[0] <= 6; ++x[0])
      for (x[1] = -6; x[1] <= 6; ++x[1])
        for (x[2] = -6; x[2] <= 6; ++x[2])
          for (x[3] = -6; x[3] <= 6; ++x[3])
            if (allowed(x[0], x[1]) && allowed(x[1], x[2]) && allowed(x[2], x[3]) && x[0] + x[3] >= 1)
              best = std::min(best, optimise::value_of(problem, x));
    CAPTURE(trial);
    CHECK(allowed(found[0], found[1]));
    CHECK(allowed(found[1], found[2]));
    CHECK(allowed(found[2], found[3]));
    CHECK(found[0] + found[3] >= 1);
    // A search of moves may stop at a choice that no single move improves.
    const double value = optimise::value_of(problem, found);
    CHECK(value <= best + 0.1 * std::abs(best));
    n_best += value <= best + 1e-9 * std::abs(best);
  }
  CHECK(n_best >= 8);
}

TEST_CASE("edge correction: a logic clip prints at its drawn edges, under the rules",
          "[validation][optimise]") {
  const auto model = model_of(kCell);
  const layout::Clip clip = logic_clip();
  const CorrectionSettings settings = euv_settings();
  std::vector<double> progress;
  std::vector<layout::Polygon> so_far;
  const Correction correction = optimise::correct_edges(
      clip, model, model, settings,
      {[&](double done) { progress.push_back(done); }, [&](const auto& rings) { so_far = rings(); }});
  CHECK(progress.size() == correction.convergence.size());
  CHECK(std::ranges::is_sorted(progress));
  CHECK(progress.back() == 1);
  CHECK(so_far == correction.rings);
  CHECK_FALSE(correction.interrupted);
  const auto& rows = correction.convergence;
  REQUIRE(static_cast<int>(rows.size()) <= settings.max_images);
  const auto& best = rows[static_cast<std::size_t>(correction.best_image)];
  CAPTURE(rows.front().rms_nm, best.rms_nm, best.largest_nm, best.window_nm);
  CHECK(rows.front().rms_nm > 1.5);
  CHECK(best.rms_nm < 0.3);
  CHECK(best.n_unprinted == 0);
  CHECK(correction.resolved);
  CHECK(correction.findings.empty());
  CHECK(optimise::check_mask_rules(correction.rings, settings.rules).empty());
  // The edges of the result are those of its image, measured again.
  const auto images = model.images(optimise::pattern_of(correction.rings, model.grid()));
  for (const auto& site : correction.sites)
    CHECK(optimise::place_edge(model.grid(), images[0], site.site, 0.3).offset_nm ==
          Approx(site.after.offset_nm).margin(1e-9));
  for (const auto& ring : correction.rings)
    for (const auto& vertex : ring) CHECK(vertex.x / 0.5 == Approx(std::round(vertex.x / 0.5)).margin(1e-9));
}

TEST_CASE("edge correction: assist features do not print and narrow the window", "[validation][optimise]") {
  const Box cell{0, 0, 400, 400};
  const auto model = model_of(cell);
  // A line alone.
  const layout::Clip clip{cell, cell, {rectangle(189, 100, 211, 300)}};
  CorrectionSettings settings = euv_settings();
  settings.window = {{.plane = 1, .threshold = 0.3 / 0.95, .weight = 1},
                     {.plane = 1, .threshold = 0.3 / 1.05, .weight = 1}};
  const Correction bare = optimise::correct_edges(clip, model, model, settings);
  settings.assists = optimise::seed_assists(clip, model.grid(), settings.rules);
  REQUIRE(settings.assists.size() >= 2);
  CHECK(optimise::check_mask_rules(settings.assists, settings.rules).empty());
  const Correction helped = optimise::correct_edges(clip, model, model, settings);
  CHECK(helped.findings.empty());
  CHECK(helped.rings.size() == 1 + settings.assists.size());
  const auto window = [](const Correction& c) {
    return c.convergence[static_cast<std::size_t>(c.best_image)].window_nm;
  };
  CAPTURE(window(bare), window(helped));
  CHECK(window(helped) < 0.97 * window(bare));
  // At the highest dose nothing prints away from the line.
  const auto images = model.images(optimise::pattern_of(helped.rings, model.grid()));
  for (double y = 2; y < 400; y += 4)
    for (double x = 2; x < 400; x += 4)
      if (x < 160 || x > 240 || y < 70 || y > 330)
        for (const auto& image : images)
          CHECK(optimise::ImagePoint(model.grid(), x, y, 1, 0).jet(image).value < 0.3 / 1.05);

  settings.assists = {rectangle(150, 100, 190, 140)};
  CHECK_THROWS_WITH(optimise::correct_edges(clip, model, model, settings), Catch::Contains("overlaps"));
  settings.assists = {{{20, 20}, {60, 20}, {60, 40}, {40, 40}, {40, 60}, {20, 60}}};
  CHECK_THROWS_WITH(optimise::correct_edges(clip, model, model, settings), Catch::Contains("no rectangle"));
}

TEST_CASE("edge correction: images of another mask, steps of the thin one", "[validation][optimise]") {
  // The image of a mask with other amplitudes stands for that of a thick mask.
  const auto thin = model_of(kCell), other = model_of(kCell, {{-0.1, 0.05}, {1.08, -0.02}});
  const CorrectionSettings settings = euv_settings();
  const Correction correction = optimise::correct_edges(logic_clip(), other, thin, settings);
  const auto& best = correction.convergence[static_cast<std::size_t>(correction.best_image)];
  // The same mask by the thin model alone prints with the error of that model.
  const Correction by_thin = optimise::correct_edges(logic_clip(), thin, thin, settings);
  const auto images = other.images(optimise::pattern_of(by_thin.rings, other.grid()));
  double sum = 0, length = 0;
  for (const auto& site : by_thin.sites) {
    const double offset = optimise::place_edge(other.grid(), images[0], site.site, 0.3).offset_nm;
    sum += site.length_nm * offset * offset;
    length += site.length_nm;
  }
  CAPTURE(best.rms_nm, std::sqrt(sum / length));
  CHECK(best.rms_nm < 0.3);
  CHECK(best.rms_nm < std::sqrt(sum / length) / 3);
  CHECK(correction.findings.empty());
}

TEST_CASE("edge correction: the same for any number of threads", "[property][optimise]") {
  const auto model = model_of(kCell);
  set_thread_count(1);
  const Correction one = optimise::correct_edges(logic_clip(), model, model, euv_settings());
  set_thread_count(3);
  const Correction three = optimise::correct_edges(logic_clip(), model, model, euv_settings());
  set_thread_count(0);
  CHECK(one.rings == three.rings);
}

TEST_CASE("edge correction: impossible rules and targets give valid rings and an answer",
          "[unit][optimise]") {
  const auto model = model_of(kCell);
  CorrectionSettings settings = euv_settings();
  // No shape of the clip can get as wide as this.
  settings.rules.min_width_nm = 60;
  settings.rules.min_space_nm = 40;
  const Correction rules = optimise::correct_edges(logic_clip(), model, model, settings);
  CHECK(count(rules.findings, RuleKind::width) > 0);
  CHECK(count(rules.findings, RuleKind::overlap) == 0);
  CHECK(rules.rings.size() == 3);

  // Lines of 6 nm at a pitch of 12: beyond the optics.
  layout::Clip fine{kCell, kCell, {}};
  for (int i = 0; i < 10; ++i) fine.rings.push_back(rectangle(60 + 12 * i, 60, 66 + 12 * i, 200));
  settings = euv_settings();
  settings.rules.min_width_nm = settings.rules.min_space_nm = 4;
  const Correction target = optimise::correct_edges(fine, model, model, settings);
  CHECK_FALSE(target.resolved);
  CHECK(count(target.findings, RuleKind::overlap) == 0);
  CHECK(target.rings.size() == fine.rings.size());
}

TEST_CASE("edge correction: refuses what it cannot do", "[unit][optimise]") {
  const auto model = model_of(kCell);
  const auto refused = [&](const layout::Clip& clip, const CorrectionSettings& settings,
                           const std::string& words) {
    CHECK_THROWS_WITH(optimise::correct_edges(clip, model, model, settings), Catch::Contains(words));
    CHECK_THROWS_AS(optimise::correct_edges(clip, model, model, settings), InputError);
  };
  refused({kCell, kCell, {}}, euv_settings(), "no shapes");
  refused({kCell, kCell, {{{40, 40}, {80, 60}, {40, 80}}}}, euv_settings(), "slanted");
  refused({{0, 0, 300, 260}, kCell, logic_clip().rings}, euv_settings(), "cell of the target");
  CorrectionSettings settings = euv_settings();
  settings.window.front().plane = 2;
  refused(logic_clip(), settings, "plane = 2");
  settings = euv_settings();
  settings.rules.min_width_nm = -1;
  refused(logic_clip(), settings, "min_width_nm");
  refused({kCell, kCell, {rectangle(0, 0, 260, 260)}}, euv_settings(), "border");
}
