// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <map>
#include <numeric>
#include <set>

#include "support/line_job.hpp"
#include "undulith/core/error.hpp"
#include "undulith/job/set.hpp"
#include "undulith/results/summary.hpp"
#include "undulith/results/sweep_plots.hpp"
#include "undulith/results/sweep_table.hpp"
#include "undulith/study/sweep.hpp"

using namespace undulith;
using Catch::Contains;
using study::SweepPlan;
using study::SweepPoints;

namespace {

SweepPlan plan_of(const std::vector<std::string>& vary, SweepPoints points = SweepPoints::grid, int n = 0) {
  return study::plan_sweep(test::thin_line_job(),
                           {.vary = vary, .points = points, .n_samples = n, .seed = 3});
}

std::vector<std::size_t> all_of(const SweepPlan& plan) {
  std::vector<std::size_t> points(plan.points.size());
  std::iota(points.begin(), points.end(), std::size_t{0});
  return points;
}

std::map<std::size_t, study::SweepResult> run(const job::Job& job, const SweepPlan& plan) {
  std::map<std::size_t, study::SweepResult> results;
  study::run_sweep(job, plan, all_of(plan), {},
                   [&](study::SweepResult result) { results.emplace(result.point, std::move(result)); });
  return results;
}

}  // namespace

TEST_CASE("sweep: a grid has every combination, the last key fastest", "[unit][study]") {
  const SweepPlan plan = plan_of({"imaging.focus_nm=-20:20:3", "mask.tone=dark_field,bright_field"});
  REQUIRE(plan.points.size() == 6);
  CHECK(plan.points[0] == std::vector<KeyValue>{-20.0, "dark_field"});
  CHECK(plan.points[1] == std::vector<KeyValue>{-20.0, "bright_field"});
  CHECK(plan.points[5] == std::vector<KeyValue>{20.0, "bright_field"});
  const SweepPlan whole = plan_of({"illuminator.grid_points=5,7", "mask.rectangle[1].x1_nm=26,27"});
  CHECK(whole.points[3] == std::vector<KeyValue>{7, 27.0});
}

TEST_CASE("sweep: keys in step take their first values, then their second", "[unit][study]") {
  const SweepPlan plan =
      plan_of({"imaging.focus_nm=0,10,20", "metrology.threshold=0.3:0.2:3"}, SweepPoints::in_step);
  REQUIRE(plan.points.size() == 3);
  CHECK(plan.points[1] == std::vector<KeyValue>{10.0, 0.25});
  CHECK(plan.points[2] == std::vector<KeyValue>{20.0, 0.2});  // the last value is the one that was given
}

TEST_CASE("sweep: a Latin hypercube has one point in each part of each range", "[property][study]") {
  constexpr int kPoints = 50;
  const SweepPlan plan =
      plan_of({"imaging.na=0.2:0.4", "imaging.focus_nm=50:-50"}, SweepPoints::sampled, kPoints);
  REQUIRE(plan.points.size() == kPoints);
  std::set<int> parts_of_na, parts_of_focus;
  for (const auto& point : plan.points) {
    const double na = std::get<double>(point[0]), focus_nm = std::get<double>(point[1]);
    CHECK((na > 0.2 && na < 0.4));
    parts_of_na.insert(static_cast<int>((na - 0.2) / 0.2 * kPoints));
    parts_of_focus.insert(static_cast<int>((50 - focus_nm) / 100 * kPoints));
  }
  CHECK(parts_of_na.size() == kPoints);
  CHECK(parts_of_focus.size() == kPoints);
  CHECK(plan.points ==
        plan_of({"imaging.na=0.2:0.4", "imaging.focus_nm=50:-50"}, SweepPoints::sampled, kPoints).points);
}

TEST_CASE("sweep: what cannot be varied is refused", "[unit][study]") {
  const auto refused = [](const std::vector<std::string>& vary, const std::string& text,
                          SweepPoints points = SweepPoints::grid, int n = 0) {
    CAPTURE(vary);
    CHECK_THROWS_WITH(plan_of(vary, points, n), Contains(text));
  };
  refused({}, "varies nothing");
  refused({"imaging.na"}, "KEY=first:last:count");
  refused({"imaging.na="}, "KEY=first:last:count");
  refused({"=3"}, "KEY=first:last:count");
  refused({"imaging.an=0.3"}, "did you mean imaging.na");
  refused({"imaging.na=0.3:0.4"}, "two colons");
  refused({"imaging.na=0.3:0.4:1"}, "at least 2");
  refused({"imaging.na=0.3:0.4:2.5"}, "at least 2");
  refused({"imaging.na=0.3,x"}, "\"x\" is no number");
  refused({"imaging.na=0.3,,0.4"}, "\"\" is no number");
  refused({"imaging.na=nan"}, "\"nan\" is no number");
  refused({"imaging.na=-1"}, "imaging.na = -1");
  refused({"illuminator.grid_points=5,6.5"}, "illuminator.grid_points");
  refused({"mask.tone=dark_field,bright"}, "mask.tone");
  refused({"imaging.through_focus_nm=1,2"}, "hold a number, a word or a file");
  refused({"imaging.na=0.3", "imaging.na=0.4"}, "varied twice");
  refused({"imaging.na=0.3,0.31", "imaging.focus_nm=0"}, "same number of values", SweepPoints::in_step);
  refused({"imaging.na=0.3:0.4"}, "a sweep of 0 points", SweepPoints::sampled, 0);
  refused({"imaging.na=0.3:0.4:5"}, "write first:last", SweepPoints::sampled, 4);
  refused({"mask.tone=dark_field,bright_field"}, "range of numbers", SweepPoints::sampled, 4);
  refused({"imaging.na=0.3,0.4"}, "range of numbers", SweepPoints::sampled, 4);
  refused({"imaging.na=0.2:0.4:10000", "imaging.focus_nm=0:1:10000"}, "1 to 1e+06");
}

TEST_CASE("sweep: points that differ behind the image alone share it", "[unit][study]") {
  const SweepPlan plan =
      plan_of({"metrology.threshold=0.2,0.3", "imaging.focus_nm=0,20,40", "throughput.dose_mj_cm2=20,30"});
  const auto groups = study::points_by_image(plan, all_of(plan));
  REQUIRE(groups.size() == 3);
  CHECK(groups[1] == std::vector<std::size_t>{2, 3, 8, 9});
}

TEST_CASE("sweep: every point has the results of a run of its own", "[property][study]") {
  job::Job job = test::thin_line_job();
  job.resist.model = resist::ResistModel::chemically_amplified;
  job.resist.film.front_step_nm = 2;
  job.resist.bake.n_steps = 4;
  job.stochastics.n_realisations = 1;
  const SweepPlan plan = study::plan_sweep(
      job, {.vary = {"imaging.focus_nm=0,20", "throughput.dose_mj_cm2=20,30", "resist.blur.sigma_nm=2,3"}});
  const auto results = run(job, plan);
  REQUIRE(results.size() == 8);
  for (const auto& [point, result] : results) {
    REQUIRE(result.results);
    const flow::Results own = flow::compute(study::job_at(job, plan, point), {});
    CHECK(results::sweep_lines(plan, result) ==
          results::sweep_lines(plan, {.point = point, .results = own, .error = {}}));
    CHECK(result.results->prepared.job.stochastics.dose_noise == own.prepared.job.stochastics.dose_noise);
  }
  CHECK(results::sweep_lines(plan, results.at(0)) != results::sweep_lines(plan, results.at(1)));
}

TEST_CASE("sweep: a point that fails has a line with its reason", "[unit][study]") {
  const SweepPlan plan = plan_of({"illuminator.sigma_inner=0.95,0.1", "metrology.threshold=0.3,0.31"});
  const auto results = run(test::thin_line_job(), plan);
  REQUIRE(results.size() == 4);
  for (const std::size_t point : {0, 1}) {
    CHECK_FALSE(results.at(point).results);
    CHECK_THAT(results.at(point).error, Contains("illuminator.sigma_inner = 0.95"));
  }
  const std::string line = results::sweep_lines(plan, results.at(0)), head = results::sweep_head(plan);
  CHECK_THAT(line, Contains("illuminator.sigma_inner = 0.95"));
  const std::string good = results::sweep_lines(plan, results.at(2));
  const auto first = good.substr(0, good.find('\n'));
  CHECK(std::ranges::count(first, ',') == std::ranges::count(head, ','));
  CHECK(results.at(3).results);
}

TEST_CASE("sweep: plots have the curves of the table", "[unit][study]") {
  job::Job job = test::thin_line_job();
  job.metrology.gauges = {
      {.name = "line", .x_nm = 0, .y_nm = 18, .length_nm = 34, .feature = metrology::Feature::dark}};
  const auto plots_of = [&job](const SweepPlan& plan) {
    std::string csv = results::sweep_head(plan);
    for (const auto& [point, result] : run(job, plan)) csv += results::sweep_lines(plan, result);
    return results::sweep_plots(plan, csv);
  };
  // A curve for each value of the key that has fewer.
  const auto family = plots_of(plan_of({"metrology.threshold=0.28,0.3", "imaging.focus_nm=-40:40:5"}));
  REQUIRE(family.size() == 4);  // two gauges, CD and NILS
  CHECK(family[0].name == "sweep_cd_1.png");
  CHECK(family[0].plot.x_label == "imaging.focus_nm");
  REQUIRE(family[0].plot.curves.size() == 2);
  CHECK(family[0].plot.curves[1].label == "metrology.threshold = 0.3");
  CHECK(family[0].plot.curves[0].x == std::vector<double>{-40, -20, 0, 20, 40});
  CHECK(family[0].plot.target == 18);
  CHECK(report::draw_sweep(family[0].plot, {}).text.at("undulith:quantity") ==
        "CD (nm) against imaging.focus_nm");
  // NILS of the image does not know of the dose.
  const auto dose = plots_of(plan_of({"throughput.dose_mj_cm2=20,30", "imaging.focus_nm=-40:40:5"}));
  REQUIRE(dose.size() == 4);
  REQUIRE(dose[2].plot.curves.size() == 1);
  CHECK(dose[2].plot.curves[0].label == "every throughput.dose_mj_cm2");
  // One key: gauges together.
  const auto gauges = plots_of(plan_of({"metrology.threshold=0.32,0.28,0.3"}));
  REQUIRE(gauges.size() == 2);
  CHECK(gauges[0].plot.curves.size() == 2);
  CHECK(gauges[0].plot.curves[0].x == std::vector<double>{0.28, 0.3, 0.32});
  // Several that change at a time: points, which say so.
  const auto points =
      plots_of(plan_of({"metrology.threshold=0.28:0.3", "imaging.focus_nm=0:40"}, SweepPoints::sampled, 12));
  REQUIRE(points.size() == 2);
  CHECK(points[0].plot.kind == report::SweepCurves::points);
  REQUIRE(points[0].details.size() == 1);
  CHECK_THAT(points[0].details[0], Contains("imaging.focus_nm changes as well"));
  CHECK(plots_of(plan_of({"mask.tone=dark_field,bright_field"})).empty());
  // Nothing prints.
  CHECK(plots_of(plan_of({"metrology.threshold=3:4:3"})).size() <= 1);
}
