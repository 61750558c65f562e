// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <cmath>

#include "undulith/core/error.hpp"
#include "undulith/results/mask_tables.hpp"
#include "undulith/study/mask_effects.hpp"

using namespace undulith;
using Catch::Contains;
using mask::Model;
using study::Orientation;

namespace {

job::Job lines() {
  job::Job job;
  job.mask.period_x_nm = job.mask.period_y_nm = 36;
  job.mask.rectangles = {{.x0_nm = 9, .y0_nm = 0, .x1_nm = 27, .y1_nm = 36}};
  job.source.kind = source::SourceKind::monochromatic;
  job.illuminator.sigma_inner = 0.4;
  job.illuminator.sigma_outer = 0.8;
  job.illuminator.grid_points = 11;
  job.illuminator.rim_levels = 0;
  job.metrology.gauges = {{.name = "space", .x_nm = 18, .y_nm = 18, .length_nm = 34}};
  job.metrology.placement = metrology::GaugePlacement::given;
  return job;
}

}  // namespace

TEST_CASE("mask effects: the light is turned only where it favours one orientation", "[unit][study]") {
  job::Job job = lines();
  const flow::Prepared ring = flow::prepare(job);
  CHECK_FALSE(study::LineOptics(ring).turned(Orientation::vertical));
  CHECK_FALSE(study::LineOptics(ring).turned(Orientation::horizontal));
  job.illuminator.shape = illuminator::Shape::dipole;
  const flow::Prepared dipole = flow::prepare(job);
  CHECK_FALSE(study::LineOptics(dipole).turned(Orientation::vertical));
  CHECK(study::LineOptics(dipole).turned(Orientation::horizontal));
  job.illuminator.rotation_deg = 90;
  const flow::Prepared upright = flow::prepare(job);
  CHECK(study::LineOptics(upright).turned(Orientation::vertical));
}

TEST_CASE("mask effects: a thin mask has none, a thick one casts its shadow on horizontal lines",
          "[unit][study]") {
  const study::MaskEffects effects = study::compute_mask_effects(lines(), {});
  REQUIRE(effects.n_pitches() == 9);
  CHECK(effects.cd_nm == Approx(18).margin(1e-6));
  CHECK(effects.pitch_nm == Approx(36).margin(1e-6));
  CHECK_FALSE(effects.turned);
  // Obliquity of the chief ray is all that a thin mask knows of the plane of incidence.
  constexpr double kThinNm = 0.02, kSymmetryNm = 1e-6;
  for (std::size_t p = 0; p < effects.n_pitches(); ++p) {
    INFO("pitch " << p);
    CHECK(std::abs(study::hv_bias_nm(effects, p, Model::thin).value()) < kThinNm);
    const auto &v = effects.at(p, Orientation::vertical, Model::rigorous),
               &h = effects.at(p, Orientation::horizontal, Model::rigorous);
    // x -> -x is a symmetry of vertical lines on any mask.
    CHECK(std::abs(v.shift_nm.value()) < kSymmetryNm);
    CHECK(std::abs(v.telecentricity_nm_per_um.value()) < 1e3 * kSymmetryNm);
    CHECK(std::abs(h.telecentricity_nm_per_um.value()) > 0.5);
    // A shadow narrows the openings that lie across it.
    CHECK(study::hv_bias_nm(effects, p, Model::rigorous).value() < -2);
    CHECK(study::hv_bias_nm(effects, p, Model::rigorous).value() > -12);
  }
  CHECK(*study::cd_in_focus_nm(effects.at(0, Orientation::vertical, Model::rigorous)) ==
        Approx(18).margin(1e-3));

  double low = 1e9, high = -1e9;
  for (const auto& series : effects.series)
    if (series.model == Model::rigorous && series.best_focus_nils_nm) {
      low = std::min(low, *series.best_focus_nils_nm);
      high = std::max(high, *series.best_focus_nils_nm);
    }
  CHECK(high - low > 8);
  CHECK(high - low < 50);

  SECTION("tables hold every number once") {
    CHECK_THAT(results::through_pitch_csv(effects), Contains("\n36,horizontal,rigorous,"));
    CHECK(effects.gauges.size() == 1);
    CHECK(effects.swing.size() == 41);
    for (const study::OrderRow& o : effects.orders) {
      CHECK(o.x.efficiency >= 0);
      CHECK(o.x.efficiency < effects.open_reflectance);
    }
  }
}

TEST_CASE("mask effects: the reference plane moves the shift of horizontal lines", "[unit][study]") {
  // A plane d higher shifts the image by about 2 d tan(theta)/M at most: geometry of the chief ray there and
  // back is shared by the orders, so d tan(theta)/M of each way counts once.
  job::Job job = lines();
  const study::LineFeature h{.pitch_nm = 36, .cd_nm = 18, .orientation = Orientation::horizontal};
  const auto shift = [&](std::optional<double> depth_nm) {
    job.mask.reference_depth_nm = depth_nm;
    job.mask.model = Model::rigorous;
    const flow::Prepared prepared = flow::prepare(job);
    const study::LineOptics optics(prepared);
    const study::LineMask line = optics.make(h, job.mask);
    const auto image = optics.images(line, {0}).front();
    return optics.measure(line, image, optics.threshold_to_size(line, image).value()).shift_nm.value();
  };
  const double at_top = shift(0.0), at_mirror = shift({});
  // (60 + 46) nm tan(6 deg)/4 = 2.8 nm for a mirror 46 nm below its top.
  CHECK(std::abs(at_top) == Approx(2.9).margin(0.5));
  CHECK(std::abs(at_mirror) < 1);
}

TEST_CASE("mask effects: what has no thickness is refused", "[unit][study]") {
  job::Job job = lines();
  job.mask.amplitudes = mask::Amplitudes::given;
  CHECK_THROWS_WITH(study::compute_mask_effects(job, {}), Contains("mask.amplitudes = given"));
  job = lines();
  CHECK_THROWS_WITH(study::compute_mask_effects(job, {.cd_nm = 18, .pitch_nm = 10}), Contains("--pitch 10"));
  CHECK_THROWS_WITH(study::compute_mask_effects(job, {.cd_nm = 5}), Contains("do not print"));
}
