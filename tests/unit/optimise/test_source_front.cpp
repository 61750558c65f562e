// SPDX-License-Identifier: MIT
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "undulith/core/error.hpp"
#include "undulith/illuminator/beamline.hpp"
#include "undulith/optimise/source_front.hpp"
#include "unit/optimise/source_cases.hpp"

namespace {

using namespace undulith;
using optimise::FrontLight;
using optimise::FrontRow;
using optimise::FrontSettings;

// The plasma of examples/sources/lpp_nxe3800e.toml and the ring of ssmb_tsinghua.toml behind the mirrors that each has
// by default.
FrontLight plasma() {
  const source::SourceParameters parameters{.kind = source::SourceKind::lpp,
                                            .lpp = {.power_if_w = 500, .repetition_rate_khz = 62}};
  const source::SourceOutput light = source::compute_source(parameters);
  return {.name = "plasma",
          .light = light,
          .wafer_power_w = illuminator::trace_beamline({}, light).wafer_power_w,
          .lossless_fill = 0.2};
}
FrontLight ring() {
  const source::SourceParameters parameters{
      .kind = source::SourceKind::ssmb,
      .beam = {.beam_energy_gev = 0.6, .beam_current_a = 1, .beam_size_x_um = 30, .beam_size_y_um = 30},
      .ssmb = {.period_mm = 18, .n_periods = 316, .microbunch_length_nm = 4.2}};
  const source::SourceOutput light = source::compute_source(parameters);
  return {
      .name = "ring", .light = light, .wafer_power_w = illuminator::trace_beamline({}, light).wafer_power_w};
}

struct DenseLines {
  mask::Diffraction mask = test::line_mask(32, 16);
  illuminator::PupilFill candidates = optimise::make_candidates(31);
  optimise::SourceResponses responses = test::in_two_planes(mask, candidates, test::edges_of_opening(32, 16));
};

}  // namespace

TEST_CASE("source front: contrast against wafers per hour of a plasma and a ring", "[validation][optimise]") {
  const DenseLines lines;
  const FrontSettings front{.pupil_fill = {0.05, 0.1, 0.2, 0.3, 0.5}};
  const std::vector<FrontLight> lights = {plasma(), ring()};
  const auto rows = optimise::compute_source_front(lines.responses, lines.candidates, {}, front, lights);
  REQUIRE(rows.size() == 10);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const FrontRow& row = rows[i];
    const FrontLight& light = lights[i % 2];
    CHECK(row.light == light.name);
    CHECK(row.pupil_fill >= row.min_pupil_fill * (1 - 1e-6));
    CHECK(row.dose_mj_cm2 == Approx(10 / row.threshold));
    const double kept = row.light == "plasma" ? std::min(1.0, row.pupil_fill / 0.2) : 1;
    CHECK(row.facet_transmission == Approx(kept));
    CHECK(row.etendue_transmission ==
          illuminator::compare_etendue(light.light, front.slit, 0.33, row.pupil_fill).geometric_transmission);
    CHECK(row.wafer_power_w == Approx(light.wafer_power_w * row.etendue_transmission * kept));
    throughput::ScannerParameters scanner{.dose_mj_cm2 = row.dose_mj_cm2};
    CHECK(row.wafers_per_hour == throughput::compute_throughput(scanner, row.wafer_power_w).wafers_per_hour);
    CAPTURE(row.light, row.min_pupil_fill, row.min_nils, row.threshold, row.wafers_per_hour);
    if (i >= 2) CHECK(row.min_nils <= rows[i - 2].min_nils + 1e-9);
    // A ring loses nothing in a small pupil.
    if (row.light == "ring") CHECK(row.etendue_transmission == 1);
  }
  // The plasma pays for a small pupil with wafers, and the ring does not.
  CHECK(rows[0].wafers_per_hour < 0.5 * rows[4].wafers_per_hour);
  CHECK(rows[1].wafers_per_hour > 0.9 * rows[5].wafers_per_hour);
}

TEST_CASE("source front: equal roughness takes the square of the contrast", "[unit][optimise]") {
  const DenseLines lines;
  FrontSettings front{.pupil_fill = {0.2, 0.5}, .edge_dose_mj_cm2 = 12, .reference_nils = 2.5};
  front.dose_rule = optimise::DoseRule::roughness;
  const auto rows = optimise::compute_source_front(lines.responses, lines.candidates, {}, front, {ring()});
  for (const FrontRow& row : rows)
    CHECK(row.dose_mj_cm2 == Approx(12 * std::pow(2.5 / row.min_nils, 2) / row.threshold));
  CHECK(rows[0].min_nils > rows[1].min_nils);
}

TEST_CASE("source front: less contrast for more wafers", "[property][optimise]") {
  const mask::Diffraction mask = test::two_openings();
  const auto candidates = optimise::make_candidates(31);
  const auto responses = test::in_two_planes(mask, candidates, test::edges_of_two_openings());
  const FrontSettings front{.pupil_fill = {0.1, 0.3}, .nils_shares = {1, 0.995, 0.99}};
  const auto rows = optimise::compute_source_front(responses, candidates, {}, front, {plasma()});
  REQUIRE(rows.size() == 6);
  for (const std::size_t first : {std::size_t{0}, std::size_t{3}})
    for (std::size_t i = first + 1; i < first + 3; ++i) {
      CAPTURE(i, rows[i].min_nils, rows[i].threshold);
      CHECK(rows[i].min_nils >= rows[i].nils_share * rows[first].min_nils * (1 - 1e-7));
      CHECK(rows[i].threshold >= rows[i - 1].threshold * (1 - 1e-9));
      CHECK(rows[i].wafers_per_hour >= rows[i - 1].wafers_per_hour * (1 - 1e-9));
    }
  // A wide pupil soon has the brightest source of all.
  CHECK(rows[2].wafers_per_hour > rows[1].wafers_per_hour);
  CHECK(rows[1].wafers_per_hour > rows[0].wafers_per_hour);
}

TEST_CASE("source front: only rows that nothing beats are on the front", "[property][optimise]") {
  const DenseLines lines;
  const FrontSettings front{.pupil_fill = {0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.8}};
  const auto rows = optimise::compute_source_front(lines.responses, lines.candidates, {}, front, {plasma()});
  int n_front = 0;
  for (const FrontRow& row : rows) {
    const bool beaten = std::ranges::any_of(rows, [&](const FrontRow& other) {
      return other.min_nils > row.min_nils && other.wafers_per_hour > row.wafers_per_hour;
    });
    CHECK(row.on_front != beaten);
    n_front += row.on_front ? 1 : 0;
  }
  CHECK(n_front >= 2);
}

TEST_CASE("source front: bad settings are refused", "[unit][optimise]") {
  const DenseLines lines;
  const auto refused = [&](const FrontSettings& front, const std::vector<FrontLight>& lights) {
    CHECK_THROWS_AS(optimise::compute_source_front(lines.responses, lines.candidates, {}, front, lights),
                    InputError);
  };
  refused({}, {ring()});
  refused({.pupil_fill = {0.2}}, {});
  refused({.pupil_fill = {2}}, {ring()});
  refused({.pupil_fill = {0.2}, .nils_shares = {}}, {ring()});
  refused({.pupil_fill = {0.2}, .nils_shares = {1.5}}, {ring()});
  refused({.pupil_fill = {0.2}, .edge_dose_mj_cm2 = 0}, {ring()});
  FrontLight dark = ring();
  dark.wafer_power_w = 0;
  refused({.pupil_fill = {0.2}}, {dark});
}
