// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <cmath>
#include <nlohmann/json.hpp>

#include "support/job_folder.hpp"
#include "undulith/program/converge.hpp"
#include "undulith/results/converge_report.hpp"
#include "undulith/study/convergence.hpp"

using namespace undulith;
using namespace undulith::study;
using Catch::Contains;
using flow::compute;
using flow::Results;
using job::Job;
using job::ReadJob;
using program::converge_job;
using program::ConvergeReport;
using results::convergence_text;

namespace {

// Lines whose first orders the rim of the pupil cuts for part of the source: the case that converges slowest.
const std::string kLines =
    "title = \"lines\"\n[source]\nkind = \"monochromatic\"\n"
    "[illuminator]\nshape = \"annular\"\nsigma_inner = 0.3\nsigma_outer = 0.8\ngrid_points = 41\nrim_levels "
    "= 0\n" +
    kShapes;

const DiscretisationResult& result_of(const Convergence& convergence, const std::string& key) {
  for (const DiscretisationResult& one : convergence.discretisations)
    if (one.key == key) return one;
  FAIL("no discretisation " + key);
  return convergence.discretisations.front();
}

constexpr double kPlenty_s = 1000;

}  // namespace

TEST_CASE("converge: what is left follows from the changes", "[unit][study]") {
  // A quantity with error 1/4^n: I_n = 1 + 4^-n; changes 3/4, 3/16; the error before them is 1.
  const Remainder second_order = remainder_of({0.75, 0.1875}, 0.9375, false, 1e-12);
  CHECK(second_order.converges);
  CHECK(second_order.ratio.value() == Approx(4));
  CHECK(second_order.left == Approx(1));
  // Order 1/2: r = sqrt(2) over three refinements, the error before them 1.
  const double r = std::sqrt(2.0);
  const Remainder slow = remainder_of({1 - 1 / r, 1 / r - 1 / (r * r), 1 / (r * r) - 1 / (r * r * r)},
                                      1 - 1 / (r * r * r), false, 1e-12);
  CHECK(slow.ratio.value() == Approx(r));
  CHECK(slow.left == Approx(1));
  // Faster than second order is not believed of what is to come.
  CHECK(remainder_of({1, 0.01}, 1, false, 1e-12).left == Approx(1 + 0.01 / 3));
  // Changes that stay as they are.
  const Remainder stuck = remainder_of({0.5, 0.5}, 0.7, false, 1e-12);
  CHECK_FALSE(stuck.converges);
  CHECK(stuck.left == Approx(1.2));
  CHECK_FALSE(remainder_of({0.1, 0.5}, 0.7, false, 1e-12).converges);
  // Rounding has no rate; a last step that is exact leaves nothing behind it.
  const Remainder rounding = remainder_of({1e-14, 3e-14}, 2e-14, false, 1e-12);
  CHECK(rounding.converges);
  CHECK_FALSE(rounding.ratio.has_value());
  CHECK(remainder_of({0.2}, 0.2, true, 1e-12).left == Approx(0.2));
  CHECK(remainder_of({0.2}, 0.2, false, 1e-12).left == Approx(0.4));
}

TEST_CASE("converge: the error bar covers what a much finer source shows", "[property][study]") {
  const JobFolder folder;
  const Job job = folder.read(kLines).job;
  const Convergence coarse = measure_convergence(job, kPlenty_s, {});
  const DiscretisationResult& points = result_of(coarse, "illuminator.grid_points");
  REQUIRE(points.refinements.size() == 3);
  CHECK(points.refinements[0].from == "41");
  CHECK(points.refinements[0].to == "83");
  CHECK(points.refinements[1].from == "83");
  CHECK(points.refinements[2].to == "335");
  CHECK(points.refinements[1].change.intensity < points.refinements[0].change.intensity);
  CHECK(points.refinements[2].change.intensity < points.refinements[1].change.intensity);
  REQUIRE(points.intensity);
  CHECK(points.intensity->converges);
  CHECK(points.intensity->ratio.value() > 2);  // order 1 and above, theory says 3/2
  REQUIRE(coarse.cd_left_nm);

  // The error itself, against a source of 200 times as many points.
  Job fine = job;
  fine.illuminator.grid_points = 601;
  const Change error = change_between(compute(job, {}), compute(fine, {}));
  constexpr double kFactor = 2;  // what the estimate claims of itself
  CHECK(coarse.intensity_left > error.intensity / kFactor);
  CHECK(coarse.intensity_left < error.intensity * kFactor);
  CHECK(coarse.cd_left_nm.value() > error.cd_nm.value() / kFactor);

  // A job that starts finer has less left.
  Job finer = job;
  finer.illuminator.grid_points = 81;
  const Convergence less = measure_convergence(finer, kPlenty_s, {});
  CHECK(less.intensity_left < coarse.intensity_left);
}

TEST_CASE("converge: what does not apply or costs too much is named", "[unit][study]") {
  const JobFolder folder;
  const ReadJob read = folder.read(kLines);
  const Convergence convergence = measure_convergence(read.job, kPlenty_s, {});
  CHECK(convergence.discretisations.size() == discretisations().size());
  CHECK_THAT(result_of(convergence, "layout.guard_nm").not_varied, Contains("periodic"));
  CHECK_THAT(result_of(convergence, "imaging.n_kernels").not_varied, Contains("abbe"));
  CHECK_THAT(result_of(convergence, "imaging.n_wavelengths").not_varied, Contains("single line"));
  CHECK_THAT(result_of(convergence, "illuminator.rim_levels").not_varied, Contains("not cut"));
  CHECK(convergence.complete);

  const Convergence hurried = measure_convergence(read.job, 1e-12, {});
  CHECK_THAT(result_of(hurried, "illuminator.grid_points").skipped, Contains("would take"));
  CHECK_FALSE(hurried.complete);
  CHECK_THAT(convergence_text(hurried),
             Contains("without: illuminator.grid_points") && Contains("error bar: unknown"));

  // A grid that the illuminator refuses is skipped with its reason.
  Job vast = read.job;
  vast.illuminator.grid_points = 1001;
  CHECK_THAT(result_of(measure_convergence(vast, kPlenty_s, {}), "illuminator.grid_points").skipped,
             Contains("2003") && Contains("grid_points"));

  CHECK_THROWS_WITH(converge_job(read, {.max_cpu_s = 0}), Contains("max_cpu_s = 0"));
}

TEST_CASE("converge: cells cut along rims, wavelengths and kernels", "[unit][study]") {
  const JobFolder folder;
  Job job = folder.read(kLines, {{"illuminator.grid_points", "21"}, {"mask.model", "\"thin\""}}).job;
  const Convergence plain = measure_convergence(job, kPlenty_s, {});
  job.illuminator.rim_levels = 4;
  job.imaging.through_focus_nm = {-20, 20};  // costs nothing here: one plane stands for the others
  const Convergence cut = measure_convergence(job, kPlenty_s, {});
  CHECK(result_of(cut, "illuminator.rim_levels").refinements.size() == 2);
  CHECK(cut.intensity_left < plain.intensity_left / 3);

  job.imaging.method = imaging::Method::socs;
  job.imaging.socs.n_kernels = 2;
  const Convergence few = measure_convergence(job, kPlenty_s, {});
  const DiscretisationResult& kernels = result_of(few, "imaging.n_kernels");
  REQUIRE(kernels.refinements.size() == 1);
  CHECK(kernels.refinements[0].from == "2");
  CHECK(kernels.refinements[0].to == "abbe");
  CHECK(kernels.intensity->left == kernels.refinements[0].change.intensity);
  CHECK(kernels.intensity->left > 1e-6);

  job = folder.read(kLines, {{"illuminator.grid_points", "21"}}).job;
  job.source.kind = source::SourceKind::lpp;
  job.imaging.n_wavelengths = 2;
  const Convergence broad = measure_convergence(job, kPlenty_s, {});
  const DiscretisationResult& light = result_of(broad, "imaging.n_wavelengths");
  REQUIRE(light.refinements.size() == 2);
  CHECK(light.refinements[0].to == "4");
  CHECK(light.refinements[1].change.intensity < light.refinements[0].change.intensity);
}

TEST_CASE("converge: a change of gauges and images is that of the same place", "[unit][study]") {
  const Grid2D grid{Plane::wafer, 2, 1, 0, 0, 1, 1};
  const auto results = [&](LargeVector<double> intensity, std::vector<metrology::GaugeResult> gauges) {
    Results out;
    out.image.intensity = Field2D<double>(grid, std::move(intensity));
    out.measurement.gauges = std::move(gauges);
    return out;
  };
  const auto gauge = [](const std::string& name, double x_nm, std::optional<double> cd_nm) {
    metrology::GaugeResult result;
    result.gauge.name = name;
    result.gauge.x_nm = x_nm;
    result.cd_nm = cd_nm;
    if (!cd_nm) result.status = metrology::PrintStatus::not_printed;
    return result;
  };
  const Results a =
      results({0.1, 0.5}, {gauge("g001", 0, 18.0), gauge("g002", 36, 19.0), gauge("g003", 72, 20.0)});
  const Results b = results({0.2, 0.45}, {gauge("g001", -36, 30.0), gauge("g002", 0, 18.25),
                                          gauge("g003", 36, {}), gauge("g004", 72, 20.5)});
  const Change change = change_between(a, b);
  CHECK(change.intensity == Approx(0.1));
  CHECK(change.cd_nm.value() == Approx(0.5));
  CHECK(change.gauge == "g003");
  CHECK_FALSE(change_between(results({0, 0}, {}), b).cd_nm.has_value());
  Results other;
  CHECK_THROWS_AS(change_between(a, other), std::invalid_argument);
}

TEST_CASE("converge: the report of a job", "[unit][study]") {
  const JobFolder folder;
  const ReadJob read = folder.read(kLines, {{"mask.model", "\"thin\""}});
  double last = 0;
  const ConvergeReport report = converge_job(read, {.progress = [&](double fraction) {
                                               CHECK(fraction >= last);
                                               last = fraction;
                                             }});
  CHECK(last <= 1 + 1e-9);
  CHECK(last > 0.9);
  CHECK_THAT(report.text, Contains("illuminator.grid_points") && Contains("error bar: CD +-") &&
                              Contains("per refinement (order ") && Contains("not in it: models"));
  const auto json = nlohmann::json::parse(report.json);
  CHECK(json["title"] == "lines");
  CHECK(json["discretisations"].size() == discretisations().size());
  const auto& points = json["discretisations"][0];
  CHECK(points["key"] == "illuminator.grid_points");
  CHECK(points["refinements"][0]["to"] == "83");
  CHECK(points["intensity"]["order"].get<double>() > 0);
  CHECK(json["error_bar"]["intensity"].get<double>() == points["intensity"]["left"].get<double>());
  CHECK(json["error_bar"]["complete"] == true);
}

TEST_CASE("converge: the multi-slice mask is held against the rigorous one", "[unit][study]") {
  const JobFolder folder;
  const Job job = folder.read(kLines).job;
  REQUIRE(job.mask.model == mask::Model::multislice);
  const Convergence convergence = measure_convergence(job, kPlenty_s, {});
  const DiscretisationResult& model = result_of(convergence, "mask.model");
  REQUIRE(model.refinements.size() == 1);
  CHECK(model.refinements[0].to == "rigorous");
  // The limit of the fast model is 4 % of the largest order; in the image that of all orders together.
  CHECK(model.intensity.value().left > 1e-5);
  CHECK(model.intensity.value().left < 0.04);
  const DiscretisationResult& directions = result_of(convergence, "mask.solver.direction_step_deg");
  REQUIRE(directions.intensity);
  CHECK(directions.intensity->converges);
  CHECK(directions.intensity->left < 3e-3);
  const DiscretisationResult& pixels = result_of(convergence, "mask.solver.pixel_nm, slice_nm");
  CHECK(pixels.intensity.value().converges);
  CHECK_THAT(result_of(convergence, "mask.solver.max_error").not_varied, Contains("no rigorous"));
}
