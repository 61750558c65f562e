// SPDX-License-Identifier: MIT
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/flow/stages.hpp"
#include "undulith/study/source_optimisation.hpp"

using namespace undulith;
using Catch::Contains;

namespace {

constexpr double kPitchNm = 32, kNa = 0.33, kWavelengthNm = 13.5;

// Opaque lines and spaces of equal width, for scalar fields and a source without polarisation.
job::Job lines() {
  job::Job job;
  job.mask.period_x_nm = job.mask.period_y_nm = kPitchNm;
  job.mask.rectangles = {{.x0_nm = 8, .y0_nm = 0, .x1_nm = 24, .y1_nm = kPitchNm}};
  job.mask.amplitudes = mask::Amplitudes::given;
  job.source.kind = source::SourceKind::monochromatic;
  job.illuminator.sigma_inner = 0.4;
  job.illuminator.sigma_outer = 0.8;
  job.illuminator.grid_points = 21;
  job.imaging.na = kNa;
  job.imaging.field_model = imaging::FieldModel::scalar;
  job.optimise.method = job::OptimiseMethod::source;
  job.optimise.bands = {{.inner_focus_nm = 40}};
  job.optimise.source.front_pupil_fill = {0.1, 0.4};
  return job;
}

}  // namespace

// Two plane waves of 1/2 and 1/pi, that of the mask and its first order, have the NILS
//   (p/2) I'/I = 2 pi a0 a1/(a0^2 + a1^2) = 1/(1/4 + 1/pi^2) = 2.846
// at the edge. Where both lie symmetrically about the axis, sigma = lambda/(2 p NA), defocus gives both the same phase: no plane
// has less [Mack2007].
TEST_CASE("source study: a small source for lines is the dipole of two-beam imaging", "[validation][study]") {
  job::Job job = lines();
  job.optimise.source.min_pupil_fill = 0.02;
  job.optimise.source.grid_points = 61;
  const study::SourceOptimisation found = study::optimise_source(job);
  REQUIRE(found.conditions.size() == 2);
  const double two_beams = 1 / (0.25 + 1 / (constants::kPi * constants::kPi));
  CHECK(found.after.min_nils <= two_beams * (1 + 1e-9));
  CHECK(found.after.min_nils == Approx(two_beams).epsilon(2e-3));  // of the fill: poles are not points
  CHECK(found.after.min_nils > found.before.min_nils + 0.5);
  double centre = 0, spread = 0;
  for (const illuminator::SourcePoint& point : found.fill_after.points)
    centre += point.weight * std::abs(point.sigma_x);
  for (const illuminator::SourcePoint& point : found.fill_after.points)
    spread = std::max(spread, std::abs(std::abs(point.sigma_x) - centre));
  // To half a pixel.
  CHECK(centre == Approx(kWavelengthNm / (2 * kPitchNm * kNa)).margin(1.0 / 61));
  CHECK(spread < 0.05);
}

TEST_CASE("source study: the job with the source has its light, its threshold and its image",
          "[unit][study]") {
  const job::Job job = lines();
  const study::SourceOptimisation found = study::optimise_source(job);
  const job::Job verified = study::job_with_source(job, found, "source.npy", "mask.gds", 2);
  CHECK(verified.illuminator.map_file == "source.npy");
  CHECK(verified.metrology.threshold == found.after.threshold);
  CHECK(verified.optimise == job::OptimiseTable{});
  CHECK(verified.throughput.dose_mj_cm2 ==
        Approx(job.throughput.dose_mj_cm2 * job.metrology.threshold / found.after.threshold));
  const flow::Results results = flow::compute(verified, {});
  const auto& points = results.prepared.pupil_fill.points;
  REQUIRE(points.size() == found.fill_after.points.size());
  for (std::size_t s = 0; s < points.size(); ++s) {
    CHECK(points[s].sigma_x == Approx(found.fill_after.points[s].sigma_x).margin(1e-12));
    CHECK(points[s].weight == Approx(found.fill_after.points[s].weight).epsilon(1e-6));
  }
  // The space prints at its width: the lines have no other error than that of one threshold.
  const auto& gauge = results.measurement.gauges.front();
  REQUIRE(gauge.cd_nm);
  CHECK(*gauge.cd_nm == Approx(kPitchNm / 2).margin(1e-6));
  double nominal = 1e9;
  for (const optimise::EdgeRow& row : found.after.rows)
    if (row.condition == 0) nominal = std::min(nominal, row.nils);
  CHECK(gauge.nils.value() == Approx(nominal).epsilon(1e-9));
}

TEST_CASE("source study: dose and wafers per hour belong to the threshold of each source", "[unit][study]") {
  const job::Job job = lines();
  job::Job other = job;
  other.source.name = "another";
  const study::SourceOptimisation found = study::optimise_source(job, std::span(&other, 1));
  REQUIRE(found.after.lights.size() == 2);
  CHECK(found.front.size() == 4);
  for (const study::SourceFigures* figures : {&found.before, &found.after})
    CHECK(figures->lights.front().dose_mj_cm2 * figures->threshold ==
          Approx(job.throughput.dose_mj_cm2 * job.metrology.threshold));
  // A larger fill has no more contrast.
  CHECK(found.front.back().min_nils <= found.front.front().min_nils);
  CHECK_THROWS_WITH(study::optimise_source(job, std::span(&job, 1)), Contains("occurs twice"));
}

TEST_CASE("source study: facets are pointed within their reach", "[unit][study]") {
  job::Job job = lines();
  job.facets.pupil = job::PupilModel::facets;
  job.facets.n_field_facets = 30;
  job.facets.n_pupil_facets = 160;
  const study::SourceOptimisation found = study::optimise_source(job);
  std::vector<std::size_t> facets = found.facets;
  REQUIRE(facets.size() == 30);
  std::ranges::sort(facets);
  CHECK(std::ranges::adjacent_find(facets) == facets.end());
  CHECK(found.after.min_nils > found.before.min_nils);
  CHECK(found.after.min_nils <= found.bound_nils + 1e-6);
  const job::Job verified = study::job_with_source(job, found, "source.csv", "", 0);
  const flow::Prepared prepared = flow::prepare(verified);
  REQUIRE(prepared.chain.facets);
  CHECK(prepared.chain.facets->n_used_field_facets == 30);
  CHECK(prepared.chain.facets->n_illuminated_pupil_facets == 30);
}

TEST_CASE("source study: what no source can serve is refused", "[unit][study]") {
  job::Job job = lines();
  job.optimise.source.max_sigma = 0.4;
  job.optimise.source.min_pupil_fill = 0.3;
  CHECK_THROWS_WITH(study::optimise_source(job), Contains("optimise.source.min_pupil_fill = 0.3"));
  job = lines();
  job.optimise.bands.front().inner_kernel_file = "kernels.npy";
  CHECK_THROWS_WITH(study::optimise_source(job), Contains("kernel"));
  job = lines();
  job.mask.absorber_amplitude = 1;
  job.mask.open_amplitude = 1;
  job.optimise.source.dose_rule = job::OptimiseDoseRule::roughness;
  CHECK_THROWS_AS(study::optimise_source(job), InputError);
}
