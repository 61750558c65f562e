// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <numeric>
#include <set>

#include "support/line_job.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/core/random.hpp"
#include "undulith/flow/store.hpp"
#include "undulith/io/files.hpp"
#include "undulith/job/set.hpp"
#include "undulith/results/summary.hpp"
#include "undulith/results/sweep_columns.hpp"
#include "undulith/results/sweep_front.hpp"
#include "undulith/results/sweep_plots.hpp"
#include "undulith/results/sweep_table.hpp"
#include "undulith/study/sweep.hpp"
#include "undulith/study/sweep_cost.hpp"

using namespace undulith;
using Catch::Contains;
using Catch::StartsWith;
using study::SweepPlan;
using study::SweepPoints;

namespace {

job::ReadJob as_read(job::Job job) {
  job::ReadJob read;
  read.job = std::move(job);
  return read;
}

SweepPlan plan_of(const std::vector<std::string>& vary, SweepPoints points = SweepPoints::grid, int n = 0,
                  job::Job job = test::thin_line_job()) {
  return study::plan_sweep(as_read(std::move(job)),
                           {.vary = vary, .points = points, .n_samples = n, .seed = 3});
}

std::vector<KeyValue> values_at(const SweepPlan& plan, std::size_t point) {
  std::vector<KeyValue> values;
  for (std::size_t k = 0; k < plan.keys.size(); ++k) values.push_back(plan.value(point, k));
  return values;
}

// A file in a folder of its own that is removed at the end.
class ScratchFile {
 public:
  ScratchFile(const std::string& name, const std::string& text)
      : folder_(std::filesystem::temp_directory_path() / fmt::format("undulith-sweep-{}", ::getpid())) {
    path_ = folder_ / name;
    std::filesystem::create_directories(path_.parent_path());
    io::write_atomic(path_, text);
  }
  ~ScratchFile() { std::filesystem::remove_all(folder_); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path folder_, path_;
};

std::vector<std::size_t> all_of(const SweepPlan& plan) {
  std::vector<std::size_t> points(plan.n_points);
  std::iota(points.begin(), points.end(), std::size_t{0});
  return points;
}

std::map<std::size_t, study::SweepResult> run(const SweepPlan& plan) {
  std::map<std::size_t, study::SweepResult> results;
  study::run_sweep(plan, all_of(plan), {},
                   [&](study::SweepResult result) { results.emplace(result.point, std::move(result)); });
  return results;
}

}  // namespace

TEST_CASE("sweep: a grid has every combination, the last key fastest", "[unit][study]") {
  const SweepPlan plan = plan_of({"imaging.focus_nm=-20:20:3", "mask.tone=dark_field,bright_field"});
  REQUIRE(plan.n_points == 6);
  CHECK(values_at(plan, 0) == std::vector<KeyValue>{-20.0, "dark_field"});
  CHECK(values_at(plan, 1) == std::vector<KeyValue>{-20.0, "bright_field"});
  CHECK(values_at(plan, 5) == std::vector<KeyValue>{20.0, "bright_field"});
  const SweepPlan whole = plan_of({"illuminator.grid_points=5,7", "mask.rectangle[1].x1_nm=26,27"});
  CHECK(values_at(whole, 3) == std::vector<KeyValue>{7, 27.0});
}

TEST_CASE("sweep: keys in step take their first values, then their second", "[unit][study]") {
  const SweepPlan plan =
      plan_of({"imaging.focus_nm=0,10,20", "metrology.threshold=0.3:0.2:3"}, SweepPoints::in_step);
  REQUIRE(plan.n_points == 3);
  CHECK(values_at(plan, 1) == std::vector<KeyValue>{10.0, 0.25});
  CHECK(values_at(plan, 2) == std::vector<KeyValue>{20.0, 0.2});  // the last value is the one that was given
}

TEST_CASE("sweep: a Latin hypercube has one point in each part of each range", "[property][study]") {
  constexpr int kPoints = 50;
  const SweepPlan plan =
      plan_of({"imaging.na=0.2:0.4", "imaging.focus_nm=50:-50"}, SweepPoints::sampled, kPoints);
  REQUIRE(plan.n_points == kPoints);
  std::set<int> parts_of_na, parts_of_focus;
  for (std::size_t point = 0; point < plan.n_points; ++point) {
    const double na = std::get<double>(plan.value(point, 0)),
                 focus_nm = std::get<double>(plan.value(point, 1));
    CHECK((na > 0.2 && na < 0.4));
    parts_of_na.insert(static_cast<int>((na - 0.2) / 0.2 * kPoints));
    parts_of_focus.insert(static_cast<int>((50 - focus_nm) / 100 * kPoints));
  }
  CHECK(parts_of_na.size() == kPoints);
  CHECK(parts_of_focus.size() == kPoints);
  CHECK(plan.keys[1].values ==
        plan_of({"imaging.na=0.2:0.4", "imaging.focus_nm=50:-50"}, SweepPoints::sampled, kPoints)
            .keys[1]
            .values);
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
  const SweepPlan plan =
      plan_of({"imaging.focus_nm=0,20", "throughput.dose_mj_cm2=20,30", "resist.blur.sigma_nm=2,3"},
              SweepPoints::grid, 0, job);
  const auto results = run(plan);
  REQUIRE(results.size() == 8);
  for (const auto& [point, result] : results) {
    REQUIRE(result.results);
    const flow::Results own = flow::compute(study::job_at(plan, point), {});
    CHECK(results::sweep_lines(plan, result) ==
          results::sweep_lines(plan, {.point = point, .results = own, .error = {}}));
    CHECK(result.results->prepared.job.stochastics.dose_noise == own.prepared.job.stochastics.dose_noise);
  }
  CHECK(results::sweep_lines(plan, results.at(0)) != results::sweep_lines(plan, results.at(1)));
}

TEST_CASE("sweep: a point that fails has a line with its reason", "[unit][study]") {
  const SweepPlan plan = plan_of({"illuminator.sigma_inner=0.95,0.1", "metrology.threshold=0.3,0.31"});
  const auto results = run(plan);
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
  const auto plots_of = [&job](const std::vector<std::string>& vary, SweepPoints points = SweepPoints::grid,
                               int n = 0) {
    const SweepPlan plan = plan_of(vary, points, n, job);
    std::string csv = results::sweep_head(plan);
    for (const auto& [point, result] : run(plan)) csv += results::sweep_lines(plan, result);
    const ScratchFile file("sweep.csv", csv);
    return results::sweep_plots(plan, file.path());
  };
  const auto curves_of = [](const results::SweepPlotFile& file) {
    return std::get<report::SweepPlot>(file.plot);
  };
  // A curve for each value of the key that has fewer.
  const auto family = plots_of({"metrology.threshold=0.28,0.3", "imaging.focus_nm=-40:40:5"});
  REQUIRE(family.size() == 4);  // two gauges, CD and NILS
  CHECK(family[0].name == "sweep_cd_1.png");
  const report::SweepPlot first = curves_of(family[0]);
  CHECK(first.x_label == "focus (nm)");
  REQUIRE(first.panels.size() == 1);
  REQUIRE(first.panels[0].curves.size() == 2);
  CHECK(first.panels[0].curves[1].label == "threshold = 0.3");
  CHECK(first.panels[0].curves[0].x == std::vector<double>{-40, -20, 0, 20, 40});
  CHECK(first.target == 18);
  CHECK(results::draw(family[0], "").text.at("undulith:quantity") == "CD (nm) against focus (nm)");
  // The image does not depend on the dose: both gauges in one picture. Wafers per hour depend on nothing else.
  const auto dose = plots_of({"throughput.dose_mj_cm2=20,30", "imaging.focus_nm=-40:40:5"});
  REQUIRE(dose.size() == 3);
  CHECK(dose[1].name == "sweep_nils.png");
  CHECK(curves_of(dose[1]).panels[0].curves.size() == 2);
  REQUIRE(dose[1].details.size() == 1);
  CHECK_THAT(dose[1].details[0], Contains("the same for every throughput.dose_mj_cm2"));
  CHECK(curves_of(dose[2]).x_label == "dose (mJ/cm2)");
  CHECK(curves_of(dose[2]).panels[0].curves[0].x == std::vector<double>{20, 30});
  // One key: gauges together.
  const auto gauges = plots_of({"metrology.threshold=0.32,0.28,0.3"});
  REQUIRE(gauges.size() == 2);
  CHECK(curves_of(gauges[0]).panels[0].curves.size() == 2);
  CHECK(curves_of(gauges[0]).panels[0].curves[0].x == std::vector<double>{0.28, 0.3, 0.32});
  // Several that change at a time: points, which say so.
  const auto points =
      plots_of({"metrology.threshold=0.28:0.3", "imaging.focus_nm=0:40"}, SweepPoints::sampled, 12);
  REQUIRE(points.size() == 2);
  CHECK(curves_of(points[0]).kind == report::SweepCurves::points);
  REQUIRE(points[0].details.size() == 1);
  CHECK_THAT(points[0].details[0], Contains("imaging.focus_nm changes as well"));
  CHECK(plots_of({"mask.tone=dark_field,bright_field"}).empty());
  // Nothing prints.
  CHECK(plots_of({"metrology.threshold=3:4:3"}).size() <= 1);
}

TEST_CASE("sweep: two numbers have a map, and a third key a panel for each value", "[unit][study]") {
  job::Job job = test::thin_line_job();
  job.metrology.placement = metrology::GaugePlacement::given;
  job.metrology.gauges = {{.name = "space", .x_nm = 18, .y_nm = 18, .length_nm = 34}};
  const SweepPlan plan = plan_of(
      {"mask.tone=dark_field,bright_field", "metrology.threshold=0.3,0.26,0.28", "imaging.focus_nm=-40:40:5"},
      SweepPoints::grid, 0, job);
  const auto results = run(plan);
  std::string csv = results::sweep_head(plan);
  for (const auto& [point, result] : results) csv += results::sweep_lines(plan, result);
  const ScratchFile file("sweep.csv", csv);
  const auto plots = results::sweep_plots(plan, file.path());
  REQUIRE(plots.size() >= 2);
  const auto curves = std::get<report::SweepPlot>(plots[0].plot);
  REQUIRE(curves.panels.size() == 2);
  CHECK(curves.panels[1].label == "tone = bright_field");
  CHECK(curves.panels[0].curves.size() == 3);
  CHECK(plots[1].name == "sweep_cd_map.png");
  const auto map = std::get<report::SweepMap>(plots[1].plot);
  CHECK(map.x == std::vector<double>{-40, -20, 0, 20, 40});
  CHECK(map.y == std::vector<double>{0.26, 0.28, 0.3});
  REQUIRE(map.panels.size() == 2);

  const auto& point = results.at(12);
  CHECK(values_at(plan, 12) == std::vector<KeyValue>{"dark_field", 0.28, 0.0});
  CHECK(map.panels[0].values[1 * 5 + 2] == point.results->measurement.gauges[0].cd_nm);
  CHECK(results::draw(plots[1], "").text.at("undulith:quantity") == "CD (nm) over focus (nm) and threshold");
}

TEST_CASE("sweep: a gauge that never prints has no picture", "[unit][study]") {
  job::Job job = test::thin_line_job();
  job.metrology.placement = metrology::GaugePlacement::given;
  job.metrology.gauges = {{.name = "space", .x_nm = 18, .y_nm = 18, .length_nm = 34},
                          {.name = "nothing", .x_nm = 0, .y_nm = 18, .length_nm = 12}};
  const SweepPlan plan =
      plan_of({"metrology.threshold=0.26,0.28,0.3", "imaging.focus_nm=-40:40:5"}, SweepPoints::grid, 0, job);
  std::string csv = results::sweep_head(plan);
  for (const auto& [point, result] : run(plan)) csv += results::sweep_lines(plan, result);
  CHECK_THAT(csv, Contains("nothing,0,18,not_printed"));
  const ScratchFile file("sweep.csv", csv);
  const auto plots = results::sweep_plots(plan, file.path());
  REQUIRE_FALSE(plots.empty());
  for (const results::SweepPlotFile& plot : plots) {
    CAPTURE(plot.name);
    CHECK(plot.name.find("sweep_cd_2") == std::string::npos);
    CHECK_NOTHROW(results::draw(plot, "title"));
  }
}

TEST_CASE("sweep: points of a file are its lines", "[unit][study]") {
  const ScratchFile file("points.csv",
                         "# a comment\nimaging.focus_nm,mask.tone,illuminator.grid_points\n0,dark_field,5\n"
                         "20,bright_field,7\n");
  const SweepPlan plan = study::plan_sweep(as_read(test::thin_line_job()), {.points_file = file.path()});
  REQUIRE(plan.n_points == 2);
  CHECK(values_at(plan, 1) == std::vector<KeyValue>{20.0, "bright_field", 7});
  CHECK(study::values_text(plan, 0) ==
        "imaging.focus_nm = 0, mask.tone = dark_field, illuminator.grid_points = 5");
  const auto refused = [](const std::string& text, const std::string& message) {
    CAPTURE(text);
    const ScratchFile bad("points.csv", text);
    CHECK_THROWS_WITH(study::plan_sweep(as_read(test::thin_line_job()), {.points_file = bad.path()}),
                      Contains(message));
  };
  refused("imaging.an\n0.3\n",
          "points.csv: imaging.an (no key of the job has that name); did you mean imaging.na?");
  refused("imaging.na\n0.3\n-1\n", "points.csv:3: imaging.na = -1");
  refused("imaging.na,imaging.focus_nm\n0.3,0\n0.31,x\n", "points.csv:3: column 'imaging.focus_nm': 'x'");
  refused("imaging.na,mask.tone\n0.3,dark\n", "points.csv:2: mask.tone");
  refused("imaging.na,imaging.na\n0.3,0.3\n", "two columns are called 'imaging.na'");
  refused("imaging.na\n", "a sweep of 0 points");
  refused("imaging.through_focus_nm\n3\n", "hold a number, a word or a file");
  CHECK_THROWS_WITH(study::plan_sweep(as_read(test::thin_line_job()),
                                      {.vary = {"imaging.na=0.3"}, .points_file = file.path()}),
                    Contains("exclude each other"));
}

TEST_CASE("sweep: a job has its own points, which the command line replaces", "[unit][study]") {
  job::Job job = test::thin_line_job();
  job.sweep.vary = {{"imaging.focus_nm", "0:40"}, {"imaging.na", "0.3:0.33"}};
  job.sweep.points = SweepPoints::sampled;
  job.sweep.n_samples = 5;
  job.sweep.seed = 3;
  const SweepPlan plan = study::plan_sweep(as_read(job), {});
  CHECK(plan.n_points == 5);
  CHECK(plan.keys[1].values ==
        plan_of({"imaging.focus_nm=0:40", "imaging.na=0.3:0.33"}, SweepPoints::sampled, 5).keys[1].values);
  CHECK(study::plan_sweep(as_read(job), {.n_samples = 7}).n_points == 7);
  CHECK(study::plan_sweep(as_read(job), {.vary = {"imaging.na=0.3,0.31"}}).n_points == 2);
  job.sweep.vary[1].values = "0.3";
  CHECK_THROWS_WITH(study::plan_sweep(as_read(job), {}), Contains("sweep.vary[2]"));
  job.sweep = {};
  job.sweep.points = SweepPoints::listed;
  CHECK_THROWS_WITH(study::plan_sweep(as_read(job), {}), Contains("there is no sweep.points_file"));
}

TEST_CASE("sweep: a Pareto front is what no point surpasses in both quantities", "[property][study]") {
  const SweepPlan plan = plan_of({"imaging.focus_nm=0:99:100"});
  const ScratchFile file("sweep.csv", [&] {
    std::string csv = results::sweep_head(plan);
    VoxelRandom random(3, 1, 4, 1);
    for (std::size_t point = 0; point < plan.n_points; ++point)
      for (const char* gauge : {"a", "b"})
        // point, key, gauge, x, y, status, cd, target, error, shift, nils, contrast, four of a film, four of noise, wafers, error
        csv += fmt::format("{},{},{},0,0,printed,20,20,{},0,{},0.5,,,,,,,,,{},\n", point + 1, point, gauge,
                           random.uniform() - 0.5, 1 + std::floor(random.uniform() * 20) / 10,
                           100 + std::floor(random.uniform() * 50));
    return csv;
  }());
  for (const char* names : {"nils:wafers_per_hour", "cd_error_nm:nils"}) {
    CAPTURE(names);
    const results::FrontQuantities quantities = results::read_front(names);
    const auto front = results::pareto_front(plan, file.path(), quantities);
    REQUIRE(front);
    const results::SweepColumns columns(plan, file.path());
    const auto first = columns.numbers(quantities.first.column),
               second = columns.numbers(quantities.second.column);
    const auto merit = [](const results::SweepQuantity& quantity, double value) {
      return quantity.better == results::Better::higher ? value : -std::abs(value);
    };
    for (std::size_t g = 0; g < 2; ++g) {
      std::vector<std::size_t> rows;
      for (std::size_t row = 0; row < columns.n_rows(); ++row)
        if (columns.gauge(row) == g) rows.push_back(row);
      // Every row against every other one.
      std::multiset<std::pair<double, double>> expected, found;
      for (const std::size_t row : rows) {
        const double a = merit(quantities.first, first[row]), b = merit(quantities.second, second[row]);
        const bool surpassed = std::ranges::any_of(rows, [&](std::size_t other) {
          const double c = merit(quantities.first, first[other]), d = merit(quantities.second, second[other]);
          return c >= a && d >= b && (c > a || d > b);
        });
        if (!surpassed) expected.emplace(std::abs(first[row]), second[row]);
      }
      const auto& series = front->picture.series.at(g);
      for (std::size_t i = 0; i < series.front_x.size(); ++i)
        found.emplace(series.front_x[i], series.front_y[i]);
      CHECK(expected == found);
      CHECK(series.x.size() == plan.n_points);
    }
    CHECK_THAT(front->csv, StartsWith("gauge,point,imaging.focus_nm," + quantities.first.column + ","));
    CHECK_THAT(report::draw_sweep_front(front->picture, {}).text.at("undulith:quantity"),
               Contains("is better against"));
  }
  CHECK_FALSE(results::pareto_front(plan, file.path(), results::read_front("nils:ler_unbiased_nm")));
  CHECK_THROWS_WITH(results::read_front("nils"), Contains("two quantities"));
  CHECK_THROWS_WITH(results::read_front("nils:nils"), Contains("the same quantity"));
  CHECK_THROWS_WITH(results::read_front("nils:cd_nm"), Contains("use cd_error_nm"));
  CHECK_THROWS_WITH(results::read_front("nils:wafers_per_hou"), Contains("did you mean wafers_per_hour?"));
}

TEST_CASE("sweep: keys that change nothing are found", "[unit][study]") {
  const auto without_effect = [](const std::vector<std::string>& vary,
                                 SweepPoints points = SweepPoints::grid) {
    const SweepPlan plan = plan_of(vary, points);
    std::string csv = results::sweep_head(plan);
    for (const auto& [point, result] : run(plan)) csv += results::sweep_lines(plan, result);
    const ScratchFile file("sweep.csv", csv);
    return results::keys_without_effect(plan, file.path());
  };
  using Keys = std::vector<std::size_t>;
  CHECK(without_effect({"resist.blur.sigma_nm=2,3", "imaging.focus_nm=0,30"}) == Keys{0});
  CHECK(without_effect({"imaging.focus_nm=0,30", "metrology.threshold=0.3,0.31",
                        "resist.blur.sigma_nm=2,3"}) == Keys{2});
  CHECK(without_effect({"imaging.focus_nm=0,30"}).empty());
  CHECK(without_effect({"imaging.focus_nm=0"}).empty());
  CHECK(without_effect({"resist.blur.sigma_nm=2,3", "imaging.focus_nm=0,30"}, SweepPoints::in_step).empty());
  CHECK(without_effect({"resist.blur.sigma_nm=2,3"}, SweepPoints::in_step) == Keys{0});
}

TEST_CASE("sweep: the plan counts stages that are computed once", "[unit][study]") {
  job::Job job = test::thin_line_job();
  job.resist.model = resist::ResistModel::chemically_amplified;
  const SweepPlan plan =
      plan_of({"imaging.focus_nm=0,20,40", "imaging.na=0.3,0.33", "throughput.dose_mj_cm2=20,30",
               "metrology.cd_height=0.4,0.5", "source.wavelength_nm=13.4,13.5"},
              SweepPoints::grid, 0, job);
  const study::SweepCost cost = study::estimate_sweep(plan, all_of(plan));
  CHECK(cost.n_points == 48);
  CHECK(cost.n_lights == 2);
  CHECK(cost.n_masks == 4);
  CHECK(cost.n_images == 12);
  CHECK(cost.n_films == 24);
  CHECK(cost.wall_s == Approx(cost.cpu_s / cost.n_threads));
  const SweepPlan plain = plan_of({"imaging.focus_nm=0,20,40"});
  CHECK(study::estimate_sweep(plain, all_of(plain)).n_films == 0);
}

TEST_CASE("sweep: the plan knows that points differ in cost", "[unit][study]") {
  const auto cpu_s = [](const std::string& grid_points) {
    job::Job job = test::thin_line_job();
    job.mask.period_x_nm = 720;
    const SweepPlan plan = plan_of({"illuminator.grid_points=" + grid_points}, SweepPoints::grid, 0, job);
    return study::estimate_sweep(plan, all_of(plan)).cpu_s;
  };
  const double few = cpu_s("25"), many = cpu_s("301"), both = cpu_s("25,301");
  CHECK(many > 5 * few);
  // Preparing the points is measured, so that the sum is not exact.
  CHECK(both > 0.6 * (few + many));
  CHECK(both < 1.6 * (few + many));
  // A sample stands for many images.
  CHECK(cpu_s("25:301:277") > 50 * few);
}

TEST_CASE("sweep: points side by side solve a mask once", "[unit][study]") {
  job::Job job = test::line_job();
  job.mask.model = mask::Model::multislice;
  const auto n_kept = [&job](int n_threads, int& n_found) {
    const ScratchFile folder("store/file", "");
    set_thread_count(n_threads);
    const auto store = std::make_shared<io::Store>(folder.path().parent_path());
    flow::use_store(store);
    const auto results = run(plan_of({"imaging.focus_nm=0:70:8"}, SweepPoints::grid, 0, job));
    flow::use_store(nullptr);
    set_thread_count(0);
    CHECK(results.size() == 8);
    n_found = store->n_found();
    return store->n_kept();
  };
  int found_by_one = 0, found_by_many = 0;
  const int one = n_kept(1, found_by_one), many = n_kept(4, found_by_many);
  CHECK(one > 8);  // eight images, and what lies before them
  CHECK(one < 16);
  CHECK(many == one);
  CHECK(found_by_one >= 7);
  CHECK(found_by_many == found_by_one);
}
