// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/metrology/metrology.hpp"
#include "unit/metrology/closed_form_images.hpp"

using namespace undulith;
using namespace undulith::metrology;
using metrology::test::image_of;
using metrology::test::rectangle;

namespace {

/// Edges are found to 1e-10 nm; the closed forms are printed with 15 digits.
constexpr double kExact = 1e-9;

std::vector<nlohmann::json> reference_rows(const std::string& file) {
  std::ifstream stream(UNDULITH_SOURCE_DIR "/tests/reference/resist/" + file);
  REQUIRE(stream.good());
  const auto document = nlohmann::json::parse(stream);
  const auto& rows = document.at("rows");
  REQUIRE(rows.size() > 3);
  return {rows.begin(), rows.end()};
}

Gauge gauge_at(double x, double y, double angle_deg, double length_nm, Feature feature) {
  Gauge gauge;
  gauge.name = "g";
  gauge.x_nm = x;
  gauge.y_nm = y;
  gauge.angle_deg = angle_deg;
  gauge.length_nm = length_nm;
  gauge.feature = feature;
  return gauge;
}

MetrologyParameters with(double threshold, std::vector<Gauge> gauges) {
  MetrologyParameters parameters;
  parameters.threshold = threshold;
  parameters.placement = GaugePlacement::given;
  parameters.gauges = std::move(gauges);
  return parameters;
}

/// 1 + V cos: bright line at x = 0 (and every pitch) in a square cell of one pitch.
imaging::AerialImage two_beam(double pitch_nm, double visibility, double output_pitch_nm = 1,
                              double shift_nm = 0) {
  const Box cell{0, 0, pitch_nm, pitch_nm};
  return image_of(cell, cell, 2, output_pitch_nm, [=](double x, double) {
    return 1 + visibility * std::cos(2 * constants::kPi * (x - shift_nm) / pitch_nm);
  });
}

/// Intensity of an isolated-looking hole array of case A09, hole at the origin, cell centred on it.
imaging::AerialImage contact(double pitch_nm, double output_pitch_nm) {
  const Box cell{-pitch_nm / 2, -pitch_nm / 2, pitch_nm / 2, pitch_nm / 2};
  return image_of(cell, cell, 2, output_pitch_nm, [=](double x, double y) {
    const double k = 2 * constants::kPi / pitch_nm;
    return (2 + std::cos(k * x) + std::cos(k * y)) / 4;
  });
}

layout::Clip clip_of(const Box& cell, std::vector<layout::Polygon> rings) {
  return {cell, cell, std::move(rings)};
}

}  // namespace

TEST_CASE("measure: CD, log-slopes and contrast of two-beam images", "[validation][metrology]") {
  for (const auto& row : reference_rows("A07_two_beam_metrics.json")) {
    const double pitch = row["pitch_nm"], threshold = row["threshold"];
    CAPTURE(pitch, threshold);
    const auto image = two_beam(pitch, row["effective_visibility"]);
    const auto measured = measure(image, clip_of(image.window, {}), Feature::bright,
                                  with(threshold, {gauge_at(0, 3, 0, pitch, Feature::bright),
                                                   gauge_at(pitch / 2, 3, 180, pitch, Feature::dark)}));
    REQUIRE(measured.gauges.size() == 2);
    const GaugeResult &bright = measured.gauges[0], &dark = measured.gauges[1];
    REQUIRE(bright.status == PrintStatus::printed);
    REQUIRE(dark.status == PrintStatus::printed);
    CHECK(std::abs(*bright.cd_nm - row["bright_cd_nm"].get<double>()) < kExact);
    CHECK(std::abs(*dark.cd_nm - row["dark_cd_nm"].get<double>()) < kExact);
    CHECK(std::abs(*bright.nils - row["NILS_bright"].get<double>()) < kExact);
    CHECK(std::abs(*dark.nils - row["NILS_dark"].get<double>()) < kExact);
    CHECK(std::abs(*dark.ils_left_per_nm - row["ILS_per_nm"].get<double>()) < kExact);
    CHECK(std::abs(*dark.ils_right_per_nm - row["ILS_per_nm"].get<double>()) < kExact);
    CHECK(std::abs(bright.contrast - row["contrast"].get<double>()) < kExact);
    CHECK(bright.i_min >= 0);
    // Nothing is drawn, so there is no target to miss.
    CHECK_FALSE(bright.target_cd_nm);
    CHECK_FALSE(bright.cd_error_nm);
    CHECK_FALSE(bright.epe_left_nm);
    CHECK_FALSE(bright.shift_nm);
    // The area between straight edges is exact but for the interpolation of two edges: (k step)^2 / 8 of a
    // step each.
    CHECK(std::abs(measured.printed_area_fraction - row["bright_cd_nm"].get<double>() / pitch) < 5e-3);
  }
}

TEST_CASE("measure: the edge of a three-beam image does not depend on the output grid",
          "[validation][metrology]") {
  for (const auto& row : reference_rows("A11_edge_interpolation.json")) {
    const Box cell{0, 0, 64, 64};
    const auto image = image_of(cell, cell, 3, row["dx_nm"], [](double x, double) {
      return std::pow(0.5 + 2 / constants::kPi * std::cos(2 * constants::kPi * x / 64), 2);
    });
    const auto measured = measure(image, clip_of(cell, {}), Feature::bright,
                                  with(row["threshold"], {gauge_at(0, 0, 0, 50, Feature::bright)}));
    REQUIRE(measured.gauges[0].cd_nm);
    CHECK(std::abs(*measured.gauges[0].cd_nm / 2 - row["exact_edge_nm"].get<double>()) < kExact);
  }
}

TEST_CASE("measure: contact hole, across, along the diagonal, and its contour", "[validation][metrology]") {
  for (const auto& row : reference_rows("A09_contact_hole_area.json")) {
    const double pitch = row["pitch_nm"], threshold = row["threshold"], area = row["area_nm2"];
    if (threshold <= 0.5) continue;  // there the holes touch: no closed contour
    CAPTURE(pitch, threshold);
    std::vector<double> area_errors;
    for (const double step : {1.0, 0.5, 0.25}) {
      const auto image = contact(pitch, step);
      const auto measured = measure(image, clip_of(image.window, {}), Feature::bright,
                                    with(threshold, {gauge_at(0, 0, 0, pitch, Feature::bright),
                                                     gauge_at(0, 0, 90, pitch, Feature::bright),
                                                     gauge_at(0, 0, 45, pitch, Feature::bright)}));
      CHECK(std::abs(*measured.gauges[0].cd_nm - row["cd_x_nm"].get<double>()) < kExact);
      CHECK(std::abs(*measured.gauges[1].cd_nm - row["cd_x_nm"].get<double>()) < kExact);
      CHECK(std::abs(*measured.gauges[2].cd_nm - row["cd_45deg_nm"].get<double>()) < kExact);
      CHECK(std::abs(*measured.gauges[0].ils_right_per_nm - row["ILS_x_per_nm"].get<double>()) < kExact);
      REQUIRE(measured.contours.size() == 1);
      CHECK(measured.contours[0].closed);
      const double found = math::contour_area(measured.contours[0]);
      area_errors.push_back(found - area);
      CHECK(measured.printed_area_fraction * pitch * pitch == Approx(found).epsilon(1e-12));
      // 0.05 nm in the equivalent diameter at a step of 1 nm.
      CHECK(std::abs(2 * std::sqrt(found / constants::kPi) - row["cd_area_equiv_nm"].get<double>()) <
            0.05 * step);
    }
    // Second order: a quarter of the error at half the step.
    CHECK(area_errors[0] / area_errors[1] == Approx(4).epsilon(0.2));
    CHECK(area_errors[1] / area_errors[2] == Approx(4).epsilon(0.2));
  }
}

TEST_CASE("measure: edge placement against the layout", "[validation][metrology]") {
  // Drawn opening from 6 to 24, image of pitch 64 centred at 16: shift +1, and CD by the closed form.
  const double pitch = 64, threshold = 1.2;
  const auto image = two_beam(pitch, 0.8, 1, 16);
  const auto clip = clip_of(image.window, {rectangle(6, 0, 24, 64)});
  const auto measured = measure(
      image, clip, Feature::bright,
      with(threshold, {gauge_at(15, 20, 0, 60, Feature::bright), gauge_at(15, 20, 180, 60, Feature::bright),
                       gauge_at(47, 20, 0, 60, Feature::dark)}));
  const double half = pitch / (2 * constants::kPi) * std::acos((threshold - 1) / 0.8);
  const GaugeResult& line = measured.gauges[0];
  CHECK(std::abs(*line.cd_nm - 2 * half) < kExact);
  CHECK(std::abs(*line.edge_left_nm - (16 - half - 15)) < kExact);
  CHECK(std::abs(*line.edge_right_nm - (16 + half - 15)) < kExact);
  CHECK(*line.target_cd_nm == Approx(18));
  CHECK(*line.target_left_nm == Approx(-9));
  CHECK(*line.target_right_nm == Approx(9));
  CHECK(std::abs(*line.cd_error_nm - (2 * half - 18)) < kExact);
  CHECK(std::abs(*line.shift_nm - 1) < kExact);
  CHECK(std::abs(*line.epe_left_nm - (6 - (16 - half))) < kExact);
  CHECK(std::abs(*line.epe_right_nm - (16 + half - 24)) < kExact);
  CHECK(*line.epe_left_nm + *line.epe_right_nm == Approx(*line.cd_error_nm));
  // A cut the other way round: left and right change places and the shift its sign.
  const GaugeResult& turned = measured.gauges[1];
  CHECK(std::abs(*turned.epe_left_nm - *line.epe_right_nm) < kExact);
  CHECK(std::abs(*turned.shift_nm + *line.shift_nm) < kExact);
  // The dark space reaches over the border of the cell: drawn from 24 to 70.
  const GaugeResult& space = measured.gauges[2];
  CHECK(*space.target_cd_nm == Approx(46));
  CHECK(std::abs(*space.cd_nm - (pitch - 2 * half)) < kExact);
  CHECK(std::abs(*space.shift_nm - 1) < kExact);
}

TEST_CASE("measure: the end of a line alone", "[validation][metrology]") {
  // Bright around y = 0; the line ends at y = 100 and starts outside the window.
  const Box cell{0, 0, 400, 400}, window{50, 50, 350, 350};
  const auto image = metrology::test::image_of(
      cell, window, 2, 2, [](double, double y) { return 1 + 0.8 * std::cos(2 * constants::kPi * y / 400); });
  const layout::Clip clip{cell, window, {rectangle(192, 0, 208, 100)}};
  for (const double threshold : {1.1, 1.2}) {
    MetrologyParameters parameters{.threshold = threshold, .placement = GaugePlacement::layout_edges};
    const auto measured = measure(image, clip, Feature::bright, parameters);
    const auto end = std::ranges::find(measured.gauges, GaugeEdges::right,
                                       [](const GaugeResult& r) { return r.gauge.edges; });
    REQUIRE(end != measured.gauges.end());
    CHECK(end->status == PrintStatus::printed);
    const double edge = 400 / (2 * constants::kPi) * std::acos((threshold - 1) / 0.8);
    REQUIRE(end->epe_right_nm);
    CHECK(std::abs(*end->epe_right_nm - (edge - 100)) < kExact);  // 8 and 16 nm of pull-back
    CHECK(end->ils_right_per_nm);
    CHECK((!end->cd_nm && !end->target_cd_nm && !end->edge_left_nm && !end->epe_left_nm && !end->nils));
  }
}

TEST_CASE("measure: a target that is asked for replaces the drawn width about its centre",
          "[unit][metrology]") {
  const auto image = two_beam(64, 0.8, 1, 16);
  auto gauge = gauge_at(15, 20, 0, 60, Feature::bright);
  gauge.target_cd_nm = 20;
  const auto drawn =
      measure(image, clip_of(image.window, {rectangle(6, 0, 24, 64)}), Feature::bright, with(1.2, {gauge}))
          .gauges[0];
  CHECK(*drawn.target_cd_nm == 20);
  CHECK(std::abs(*drawn.shift_nm - 1) < kExact);
  CHECK(*drawn.epe_left_nm + *drawn.epe_right_nm == Approx(*drawn.cd_nm - 20));
  const auto not_drawn =
      measure(image, clip_of(image.window, {}), Feature::bright, with(1.2, {gauge})).gauges[0];
  CHECK(*not_drawn.cd_error_nm == Approx(*not_drawn.cd_nm - 20));
  CHECK_FALSE(not_drawn.epe_left_nm);
  CHECK_FALSE(not_drawn.shift_nm);
}

TEST_CASE("measure: a feature that does not print or merges is said to, never 0", "[unit][metrology]") {
  const auto image = two_beam(32, 0.5, 1, 16);  // from 0.5 to 1.5
  const auto clip = clip_of(image.window, {rectangle(8, 0, 24, 32)});
  const auto at = [&](double threshold, Feature feature, double x, double length = 32) {
    return measure(image, clip, Feature::bright, with(threshold, {gauge_at(x, 16, 0, length, feature)}))
        .gauges[0];
  };
  for (const GaugeResult& missing : {at(1.6, Feature::bright, 16), at(0.4, Feature::dark, 0)}) {
    CHECK(missing.status == PrintStatus::not_printed);
    CHECK_FALSE(missing.cd_nm);
    CHECK_FALSE(missing.nils);
    CHECK_FALSE(missing.edge_left_nm);
    CHECK_FALSE(missing.epe_left_nm);
    CHECK_FALSE(missing.cd_error_nm);
    CHECK(*missing.target_cd_nm == Approx(16));
    CHECK(missing.i_max == Approx(1.5));
    CHECK(missing.i_min == Approx(0.5));
  }
  for (const GaugeResult& joined : {at(0.4, Feature::bright, 16), at(1.6, Feature::dark, 0)}) {
    CHECK(joined.status == PrintStatus::merged);
    CHECK_FALSE(joined.cd_nm);
    CHECK_FALSE(joined.ils_left_per_nm);
  }
  // One edge within the cut, the other beyond its end.
  const GaugeResult half = at(1.0, Feature::bright, 17, 15);
  CHECK(half.status == PrintStatus::merged);
  CHECK_FALSE(half.cd_nm);
  CHECK_FALSE(half.epe_left_nm);
  REQUIRE(half.ils_right_per_nm);
  CHECK(*half.ils_right_per_nm == Approx(0.5 * 2 * constants::kPi / 32));
  // A bright feature sought in the dark is not printed, however near a bright one is.
  CHECK(at(1.0, Feature::bright, 0).status == PrintStatus::not_printed);
}

TEST_CASE("measure: a narrow feature that printed beside the centre of its drawing is found",
          "[unit][metrology]") {
  const auto image = two_beam(64, 0.5, 1, 20);
  const auto clip = clip_of(image.window, {rectangle(6, 0, 26, 64)});
  const double threshold =
      1 + 0.5 * std::cos(2 * constants::kPi * 2 / 64);  // 4 nm wide, at 18..22; drawn centre 16
  const auto narrow =
      measure(image, clip, Feature::bright, with(threshold, {gauge_at(16, 9, 0, 60, Feature::bright)}))
          .gauges[0];
  REQUIRE(narrow.status == PrintStatus::printed);
  CHECK(std::abs(*narrow.cd_nm - 4) < kExact);
  CHECK(std::abs(*narrow.shift_nm - 4) < kExact);
}

TEST_CASE("measure: CD of a bright line falls with the threshold, of a dark line rises",
          "[property][metrology]") {
  const auto image = two_beam(36, 0.9, 1, 18);
  double last_bright = 36, last_dark = 0;
  for (double threshold = 0.2; threshold < 1.85; threshold += 0.05) {
    const auto measured = measure(
        image, clip_of(image.window, {}), Feature::bright,
        with(threshold, {gauge_at(18, 1, 0, 36, Feature::bright), gauge_at(0, 1, 0, 36, Feature::dark)}));
    REQUIRE(measured.gauges[0].cd_nm);
    REQUIRE(measured.gauges[1].cd_nm);
    CHECK(*measured.gauges[0].cd_nm < last_bright);
    CHECK(*measured.gauges[1].cd_nm > last_dark);
    CHECK(std::abs(*measured.gauges[0].cd_nm + *measured.gauges[1].cd_nm - 36) < kExact);
    last_bright = *measured.gauges[0].cd_nm;
    last_dark = *measured.gauges[1].cd_nm;
  }
}

TEST_CASE("measure: moved or mirrored image and layout give moved or mirrored numbers",
          "[property][metrology]") {
  const Box cell{-40, -40, 40, 40};
  const auto intensity = [](double x, double y) {
    const double k = 2 * constants::kPi / 80;
    return 0.5 + 0.2 * std::cos(k * x - 0.3) + 0.1 * std::cos(2 * k * x + 0.2) +
           0.15 * std::sin(k * (x + 2 * y));
  };
  const auto result = [&](double sign, double dx, double dy) {
    const auto image =
        image_of(cell, cell, 4, 1, [&](double x, double y) { return intensity(sign * (x - dx), y - dy); });
    auto ring = rectangle(-9 + dx, -30 + dy, 11 + dx, 30 + dy);
    if (sign < 0) ring = rectangle(-11 + dx, -30 + dy, 9 + dx, 30 + dy);
    // The gauge leans, so that both coordinates matter.
    const double angle = sign > 0 ? 10 : 170;
    return measure(image, clip_of(cell, {ring}), Feature::bright,
                   with(0.5, {gauge_at(sign * 1 + dx, 2 + dy, angle, 70, Feature::bright)}))
        .gauges[0];
  };
  const GaugeResult home = result(1, 0, 0), moved = result(1, 13.7, -8.25), mirrored = result(-1, 0, 0);
  REQUIRE(home.cd_nm);
  for (const GaugeResult& other : {moved, mirrored}) {
    REQUIRE(other.cd_nm);
    CHECK(std::abs(*other.cd_nm - *home.cd_nm) < kExact);
    CHECK(std::abs(*other.nils - *home.nils) < kExact);
    CHECK(std::abs(*other.epe_left_nm - *home.epe_left_nm) < kExact);
    CHECK(std::abs(*other.epe_right_nm - *home.epe_right_nm) < kExact);
    CHECK(std::abs(*other.shift_nm - *home.shift_nm) < kExact);
    CHECK(std::abs(other.i_max - home.i_max) < kExact);
    CHECK(std::abs(other.i_min - home.i_min) < kExact);
  }
}

TEST_CASE("measure: dose and threshold scale together", "[property][metrology]") {
  const Box cell{0, 0, 40, 40};
  for (const double dose : {0.5, 3.0}) {
    const auto image = image_of(cell, cell, 2, 1, [=](double x, double) {
      return dose * (1 + 0.7 * std::cos(2 * constants::kPi * (x - 20) / 40));
    });
    const auto line = measure(image, clip_of(cell, {}), Feature::bright,
                              with(0.9 * dose, {gauge_at(20, 5, 0, 40, Feature::bright)}))
                          .gauges[0];
    CHECK(std::abs(*line.cd_nm - 40 / constants::kPi * std::acos(-0.1 / 0.7)) < kExact);
    CHECK(line.contrast == Approx(0.7));
  }
}

TEST_CASE("measure: area and contours of a window that is a part of the cell", "[validation][metrology]") {
  // Hole of case A09 in the middle of four periods; window borders between samples.
  const double pitch = 40, threshold = 0.7;
  const Box cell{-40, -40, 40, 40}, window{-20.3, -19.6, 19.8, 20.4};
  const auto row = [&] {
    for (const auto& r : reference_rows("A09_contact_hole_area.json"))
      if (r["pitch_nm"].get<double>() == pitch && r["threshold"].get<double>() == threshold) return r;
    throw std::runtime_error("case missing");
  }();
  const auto intensity = [=](double x, double y) {
    const double k = 2 * constants::kPi / pitch;
    return (2 + std::cos(k * x) + std::cos(k * y)) / 4;
  };
  std::vector<double> errors;
  for (const double step : {1.0, 0.5}) {
    const auto image = image_of(cell, window, 3, step, intensity);
    const auto measured = measure(image, {cell, window, {}}, Feature::bright, with(threshold, {}));
    REQUIRE(measured.contours.size() == 1);
    for (const double x : measured.contours[0].x) CHECK((x >= window.x0 && x <= window.x1));
    errors.push_back(measured.printed_area_fraction * window.width() * window.height() -
                     row["area_nm2"].get<double>());
    CHECK(std::abs(errors.back()) < 4 * step * step);
  }
  CHECK(errors[0] / errors[1] == Approx(4).epsilon(0.2));
}

TEST_CASE("measure: extremes between samples and at the end of a cut", "[validation][metrology]") {
  const double pitch = 37, k = 2 * constants::kPi / pitch;
  const auto image = two_beam(pitch, 0.6);
  const auto extremes = [&](double x, double length) {
    return measure(image, clip_of(image.window, {}), Feature::bright,
                   with(1, {gauge_at(x, 3, 0, length, Feature::bright)}))
        .gauges[0];
  };
  const GaugeResult whole = extremes(0.1234, 41.7);
  CHECK(std::abs(whole.i_max - 1.6) < kExact);
  CHECK(std::abs(whole.i_min - 0.4) < kExact);
  const GaugeResult flank = extremes(8, 9);  // falls all the way
  CHECK(std::abs(flank.i_max - (1 + 0.6 * std::cos(k * 3.5))) < kExact);
  CHECK(std::abs(flank.i_min - (1 + 0.6 * std::cos(k * 12.5))) < kExact);
}

TEST_CASE("measure: contours of a periodic window reach its border", "[unit][metrology]") {
  const Box cell{0, 0, 36, 36};
  const double k = 2 * constants::kPi / 36;
  for (const bool along_x : {false, true}) {
    const auto image = image_of(
        cell, cell, 2, 1, [=](double x, double y) { return 1 + std::cos(k * ((along_x ? y : x) - 18)); });
    const auto measured = measure(image, clip_of(cell, {}), Feature::bright, with(1, {}));
    REQUIRE(measured.contours.size() == 2);
    for (const auto& contour : measured.contours) {
      const auto& run = along_x ? contour.x : contour.y;
      CHECK_FALSE(contour.closed);
      CHECK(*std::min_element(run.begin(), run.end()) == Approx(0).margin(kExact));
      CHECK(*std::max_element(run.begin(), run.end()) == Approx(36));
    }
  }
}

TEST_CASE("measure: gauges given, placed, or both", "[unit][metrology]") {
  const auto image = two_beam(64, 0.8, 1, 32);
  const auto clip = clip_of(image.window, {rectangle(16, 0, 48, 64)});
  auto parameters = with(1.0, {gauge_at(32, 10, 0, 50, Feature::bright)});
  CHECK(measure(image, clip, Feature::bright, parameters).gauges.size() == 1);
  parameters.placement = GaugePlacement::layout_edges;
  const auto placed = measure(image, clip, Feature::bright, parameters);
  REQUIRE(placed.gauges.size() == 1);
  CHECK(placed.gauges[0].gauge.name == "g001");
  CHECK(std::abs(*placed.gauges[0].cd_nm - 32) < kExact);
  CHECK(std::abs(*placed.gauges[0].cd_error_nm) < kExact);
  parameters.placement = GaugePlacement::both;
  CHECK(measure(image, clip, Feature::bright, parameters).gauges.size() == 2);
  // A gauge of the job where one would be placed takes its place.
  parameters.gauges = {gauge_at(32, 32, 180, 40, Feature::bright)};
  const auto once = measure(image, clip, Feature::bright, parameters);
  REQUIRE(once.gauges.size() == 1);
  CHECK(once.gauges[0].gauge.length_nm == 40);
}

TEST_CASE("measure: arguments out of range", "[unit][metrology]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Box cell{0, 0, 64, 64}, window{8, 8, 56, 56};
  const auto image =
      image_of(cell, window, 2, 1, [](double x, double) { return 1 + 0.5 * std::cos(x / 64); });
  const layout::Clip clip{cell, window, {}};
  const auto call = [&](double threshold, const Gauge& gauge) {
    return measure(image, clip, Feature::bright, with(threshold, {gauge}));
  };
  const auto good = gauge_at(32, 32, 0, 40, Feature::bright);
  CHECK_NOTHROW(call(1, good));
  for (const double threshold : {0.0, -0.3, nan}) CHECK_THROWS_AS(call(threshold, good), InputError);
  CHECK_THROWS_WITH(call(1, gauge_at(32, 32, 0, 50, Feature::bright)), Catch::Contains("leaves the window"));
  CHECK_THROWS_AS(call(1, gauge_at(40, 32, 0, 40, Feature::bright)), InputError);
  CHECK_NOTHROW(call(1, gauge_at(40, 32, 90, 40, Feature::bright)));
  CHECK_THROWS_AS(call(1, gauge_at(32, 32, 0, 0, Feature::bright)), InputError);
  CHECK_THROWS_AS(call(1, gauge_at(nan, 32, 0, 40, Feature::bright)), InputError);
  CHECK_THROWS_AS(call(1, gauge_at(32, 32, nan, 40, Feature::bright)), InputError);
  CHECK_THROWS_AS((void)place_gauges(clip, Feature::bright, {.min_edge_nm = 0.0}), InputError);
  CHECK_THROWS_AS((void)place_gauges(clip, Feature::bright, {.max_gauges = -1}), InputError);
}
