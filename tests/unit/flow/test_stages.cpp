// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include "support/line_job.hpp"
#include "undulith/core/error.hpp"
#include "undulith/flow/stages.hpp"
#include "undulith/layout/make_clip.hpp"

using namespace undulith;
using Catch::Contains;

TEST_CASE("prepare: the mask is made once, from the clip as drawn", "[unit][flow]") {
  job::Job job = test::line_job();
  job.mask.edge_bias_nm = 2;
  const flow::Prepared prepared = flow::prepare(job);
  CHECK(prepared.clip.rings == flow::prepare(test::line_job()).clip.rings);
  CHECK(prepared.mask.clip.rings == layout::grow(prepared.clip, 2).rings);
}

TEST_CASE("prepare: masks that cannot be solved are refused before the run, coarse ones get a warning",
          "[unit][flow]") {
  job::Job job = test::line_job();
  job.mask.model = mask::Model::multislice;
  job.mask.defects = {{.x_nm = 18, .y_nm = 36, .height_nm = 1, .width_nm = 20}};
  CHECK(flow::prepare(job).warnings.empty());
  job.mask.defects.front().width_nm = 3;
  CHECK_THROWS_WITH(flow::prepare(job), Contains("a width of 3 nm") && Contains("a pixel of 6 nm"));
  job.mask.defect_smoothing_nm = 20;  // seen by the light, it is wide
  CHECK_NOTHROW(flow::prepare(job));
  job.mask.defects.front().y_nm = 37;
  CHECK_THROWS_WITH(flow::prepare(job),
                    Contains("mask.defect.y_nm = 37 (must be within the cell, 0 to 36 nm"));
  job.mask.defects.front().y_nm = 0;
  job.mask.solver.direction_step_deg = 15;
  const flow::Prepared prepared = flow::prepare(job);
  REQUIRE(prepared.warnings.size() == 1);
  CHECK_THAT(prepared.warnings.front(), Contains("mask.solver.direction_step_deg = 15 is coarse"));
}

TEST_CASE("prepare: the job it holds is the one that is computed", "[unit][flow]") {
  job::Job job = test::line_job();
  job.flare.model = job::FlareModel::constant;
  job.flare.tis = 0.04;
  job.stochastics.given_dose_noise = 0.01;
  const flow::Prepared prepared = flow::prepare(job);
  CHECK(prepared.job.imaging.flare.tis == 0.04);
  CHECK(prepared.job.stochastics.dose_noise == 0.01);
  CHECK(prepared.job.stochastics.speckle_contrast == 0);  // of a monochromatic source
  // What other stages add is no key of the job.
  CHECK(job::job_hash(prepared.job) == job::job_hash(job));
  CHECK(job::resolved_job(prepared.job, ".") == job::resolved_job(job, "."));
  // To prepare it again changes nothing.
  const flow::Prepared again = flow::prepare(prepared.job);
  CHECK(again.job.imaging.flare.tis == 0.04);
  CHECK(again.job.stochastics.dose_noise == 0.01);
}

TEST_CASE("with_job: another resist keeps the scatter and gets the noise of the light", "[unit][flow]") {
  job::Job job = test::line_job();
  job.flare.model = job::FlareModel::constant;
  const flow::Prepared prepared = flow::prepare(job);
  job::Job other = job;
  other.resist.blur.sigma_nm = 3.5;
  other.stochastics.given_speckle_contrast = 0.02;
  const flow::Prepared changed = flow::with_job(prepared, other);
  CHECK(changed.job.resist.blur.sigma_nm == 3.5);
  CHECK(changed.job.imaging.flare.tis == prepared.job.imaging.flare.tis);
  CHECK(changed.job.stochastics.speckle_contrast == 0.02);
  CHECK(changed.pupil_fill.points.size() == prepared.pupil_fill.points.size());
}

TEST_CASE("prepare: what a later stage would refuse is refused before it computes", "[unit][flow]") {
  CHECK_NOTHROW(flow::prepare(test::line_job()));
  SECTION("a gauge outside of the window") {
    job::Job job = test::line_job();
    job.metrology.gauges = {{.name = "far", .x_nm = 1000, .y_nm = 18}};
    CHECK_THROWS_WITH(flow::prepare(job), Contains("'far'") && Contains("leaves the window"));
  }
  SECTION("a bias larger than the cell") {
    job::Job job = test::line_job();
    job.mask.edge_bias_nm = -40;
    CHECK_THROWS_WITH(flow::prepare(job), Contains("mask.edge_bias_nm = -40"));
  }
  SECTION("a wavelength outside of the tables of the film stack") {
    job::Job job = test::line_job();
    job.source.wavelength_nm = 6.7;
    CHECK_THROWS_WITH(flow::prepare(job), Contains("6.7 nm") && Contains("mask.amplitudes = \"given\""));
    job.mask.amplitudes = mask::Amplitudes::given;
    CHECK_NOTHROW(flow::prepare(job));
  }
  SECTION("a lit area too small for any point") {
    job::Job job = test::line_job();
    job.illuminator.shape = illuminator::Shape::conventional;
    job.illuminator.sigma_outer = 1e-6;
    CHECK_THROWS_WITH(flow::prepare(job), Contains("too small for its grid"));
    job.illuminator.sigma_outer = 1e-3;  // as good as coherent
    CHECK_NOTHROW(flow::prepare(job));
  }
  SECTION("a mask that reflects nothing") {
    job::Job job = test::line_job();
    job.mask.stack.n_bilayers = 0;
    job.mask.stack.cap_material = job.mask.stack.substrate_material = "vacuum";
    CHECK_THROWS_WITH(flow::prepare(job), Contains("reflects nothing"));
  }
  SECTION("more samples than can be counted, or none") {
    job::Job job = test::line_job();
    job.imaging.output_pitch_nm = 1e-300;
    CHECK_THROWS_WITH(flow::prepare(job), Contains("make it larger"));
  }
  SECTION("an image that no memory holds") {
    job::Job job = test::line_job();
    job.imaging.output_pitch_nm = 1e-6;
    CHECK_THROWS_WITH(flow::prepare(job), Contains("of memory") && Contains("output_pitch_nm larger"));
  }
}

TEST_CASE("memory: a plan is held against what there is", "[unit][flow]") {
  const imaging::ImagingPlan plan{.memory_mb = 500};
  CHECK_NOTHROW(flow::require_memory(plan, {}, {}, 501));
  CHECK_THROWS_WITH(flow::require_memory(plan, {}, {}, 499),
                    Contains("imaging.output_pitch_nm: the image needs"));
  CHECK_THROWS_WITH(flow::require_memory({.memory_mb = 500, .kernels_memory_mb = 400}, {}, {}, 499),
                    Contains("illuminator.grid_points: the kernels need about 0.4 GB"));
  CHECK_THROWS_WITH(flow::require_memory(plan, {.memory_mb = 600}, {}, 1000),
                    Contains("resist.film.lateral_step_nm: the resist needs"));
  CHECK_THROWS_WITH(flow::require_memory(plan, {}, {.memory_mb = 600}, 1000),
                    Contains("mask.model: the mask needs"));
}

TEST_CASE("prepare: light that is not at the design wavelength is a warning", "[unit][flow]") {
  job::Job job = test::line_job();
  job.source.kind = source::SourceKind::undulator;
  CHECK(flow::prepare(job).warnings.empty());
  job.source.undulator.n_periods = 1;
  CHECK(flow::prepare(job).warnings.empty());
  job.source.undulator.n_periods = 100;
  job.source.undulator.deflection_k = 1.3;  // the harmonic lies at 10.5 nm
  const auto warnings = flow::prepare(job).warnings;
  REQUIRE(warnings.size() == 1);
  CHECK_THAT(warnings[0], Contains("source.wavelength_nm = 13.5") && Contains("deflection_k = 0"));
}

TEST_CASE("compute: a layout without a gauge is a warning", "[unit][flow]") {
  job::Job job = test::line_job();
  CHECK(flow::compute(job, {}).prepared.warnings.empty());
  job.mask.rectangles = {{.x0_nm = 10, .y0_nm = 10, .x1_nm = 26, .y1_nm = 26}};
  CHECK(flow::compute(job, {}).measurement.gauges.size() == 2);
  job.metrology.min_edge_nm = 20;
  const auto results = flow::compute(job, {});
  REQUIRE(results.prepared.warnings.size() == 1);
  CHECK_THAT(results.prepared.warnings[0],
             Contains("4 edges are shorter than metrology.min_edge_nm = 20") && Contains("0 too near"));
  CHECK(results.measurement.skipped.too_short == 4);
  job.mask.rectangles = {};
  CHECK_THAT(flow::compute(job, {}).prepared.warnings.at(0), Contains("the cell has no shapes"));
  job.mask.rectangles = {{.x0_nm = 10, .y0_nm = 10, .x1_nm = 26, .y1_nm = 26}};
  job.metrology.placement = metrology::GaugePlacement::given;
  CHECK(flow::compute(job, {}).prepared.warnings.empty());
}

TEST_CASE("prepare: a source grid too coarse for its cell is warned about", "[unit][flow]") {
  job::Job job;
  job.layout.file = UNDULITH_SOURCE_DIR "/masks/elbow_p36.gds";
  job.layout.window_nm = {-500, -500, 500, 500};
  job.layout.boundary = layout::Boundary::guard;
  job.layout.guard_nm = 200;
  job.source.kind = source::SourceKind::monochromatic;
  // Light is coherent again lambda / (NA step) apart: 614 nm with 31 points, 2 um with 101.
  job.illuminator.grid_points = 31;
  const auto warnings = flow::prepare(job).warnings;
  REQUIRE(warnings.size() == 1);
  CHECK_THAT(warnings[0], Contains("grid_points = 31 is too coarse for a cell of 1400 nm"));
  job.illuminator.grid_points = 101;
  CHECK(flow::prepare(job).warnings.empty());
}

TEST_CASE("prepare: cones of light to and from the mask that overlap are refused", "[validation][flow]") {
  const auto refusal = [](const auto& change) -> std::string {
    job::Job job = test::line_job();
    job.illuminator = {};
    job.illuminator.shape = illuminator::Shape::conventional;
    job.illuminator.sigma_outer = 0.8;
    job.illuminator.grid_points = 41;
    change(job);
    try {
      static_cast<void>(flow::prepare(job));
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  // 6 deg against half angles of 4.7 deg at NA 0.33 and 7.9 deg at NA 0.55.
  CHECK(refusal([](job::Job&) {}).empty());
  const auto high_na = [](job::Job& job) { job.imaging.na = 0.55; };
  const std::string text = refusal(high_na);
  CHECK_THAT(text,
             Catch::StartsWith("imaging.na = 0.55 with imaging.magnification_x = 4, magnification_y = 4 "
                               "and mask.stack.incidence_deg = 6 (the cones of light"));
  CHECK_THAT(text, Contains("set imaging.magnification_y = 5") && Contains("mask.stack.incidence_deg = ") &&
                       Contains("imaging.na = 0."));
  // What the message says helps.
  CHECK(refusal([](job::Job& job) {
          job.imaging.na = 0.55;
          job.imaging.magnification_y = 5;
        }).empty());
  CHECK(refusal([](job::Job& job) {
          job.imaging.na = 0.55;
          job.imaging.magnification_y = 8;
          job.mask.stack.incidence_deg = 5.355;
        }).empty());
  CHECK(refusal([](job::Job& job) {
          job.imaging.na = 0.55;
          job.illuminator.sigma_outer = 0.5;  // 2 sin 6 deg / (0.55 / 4) = 1.52 = 1 + 0.52
        }).empty());
  // The chief ray towards x: the reduction along x counts.
  CHECK_THAT(refusal([](job::Job& job) {
               job.imaging.na = 0.55;
               job.imaging.magnification_y = 8;
               job.imaging.chief_ray_azimuth_deg = 90;
             }),
             Contains("at an azimuth of 90 deg"));
  CHECK(!refusal([](job::Job& job) { job.mask.stack.incidence_deg = 0; }).empty());
  CHECK(
      !refusal([](job::Job& job) { job.imaging.magnification_x = job.imaging.magnification_y = 2; }).empty());
  // Only light that comes in through the cone of the pupil: poles beside it do not.
  CHECK(refusal([](job::Job& job) {
          job.imaging.na = 0.55;
          job.illuminator.shape = illuminator::Shape::points;
          job.illuminator.points = {{.sigma_x = 0.9}, {.sigma_x = -0.9}};
        }).empty());
  CHECK(!refusal([](job::Job& job) {
           job.imaging.na = 0.55;
           job.illuminator.shape = illuminator::Shape::points;
           job.illuminator.points = {{.sigma_x = 0.9}, {.sigma_y = 0.9}};
         }).empty());
  // A transmissive mask has its light on two sides.
  CHECK(refusal([](job::Job& job) {
          job.source.wavelength_nm = 193;
          job.imaging.na = 0.85;
          job.mask.amplitudes = mask::Amplitudes::given;
          job.mask.period_x_nm = job.mask.period_y_nm = 260;
        }).empty());
}

TEST_CASE("prepare: light whose zero order is lost in the obscuration is a warning", "[unit][flow]") {
  job::Job job = test::line_job();
  job.imaging.na = 0.55;
  job.imaging.magnification_y = 8;
  job.imaging.obscuration.radius = 0.2;
  job.illuminator.shape = illuminator::Shape::conventional;
  job.illuminator.sigma_outer = 0.8;
  job.illuminator.grid_points = 101;
  job.illuminator.rim_levels = 4;
  const flow::Prepared prepared = flow::prepare(job);
  REQUIRE(prepared.warnings.size() == 1);
  // (0.2 / 0.8)^2 of the light: cells are cut along the rim of the obscuration.
  CHECK_THAT(prepared.warnings[0],
             Contains("6.25 %") && Contains("obscuration_radius = 0.2") && Contains("sigma_inner = 0.2"));
  CHECK(imaging::hidden_share(prepared.job.imaging, prepared.pupil_fill) == Approx(0.0625).margin(1e-5));
  job.illuminator.shape = illuminator::Shape::annular;
  job.illuminator.sigma_inner = 0.2;
  CHECK(flow::prepare(job).warnings.empty());
}

TEST_CASE("prepare: a guard band narrow for its wavelength and aperture is a warning", "[unit][flow]") {
  job::Job job;
  job.layout.file = UNDULITH_SOURCE_DIR "/masks/elbow_p36.gds";
  job.layout.window_nm = {-100, -100, 100, 100};
  job.source.kind = source::SourceKind::monochromatic;
  job.layout.guard_nm = 50;
  const auto warnings = flow::prepare(job).warnings;
  REQUIRE(warnings.size() == 1);
  CHECK_THAT(warnings[0],
             Contains("layout.guard_nm = 50 is only 1.2 wavelength / NA") && Contains("use 210"));
  job.layout.guard_nm = 100;
  CHECK(flow::prepare(job).warnings.empty());
}
