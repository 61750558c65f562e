// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>
#include <optional>
#include <vector>

#include "picture_inputs.hpp"
#include "undulith/report/resist_pictures.hpp"
#include "undulith/resist/resist.hpp"

using namespace undulith;
using namespace undulith::report;
using namespace undulith::test;

namespace {

constexpr double kPi = std::numbers::pi;

const PictureOptions kOptions{.title = "spaces", .details = {"NA 0.33 · 13.5 nm"}};

// A film of 24 nm in which a space is exposed about the middle of a cell of 36 nm: along x, along y, as a
// hole, or everywhere.
resist::ResistResult film(int nx, int ny,
                          resist::ResistModel model = resist::ResistModel::chemically_amplified) {
  const Grid3D grid{.nx = nx, .ny = ny, .nz = 9, .dx = 36.0 / nx, .dy = 36.0 / ny, .dz = 3};
  resist::ImageInResist image{.intensity = Field3D<double>(grid)};
  for (int iz = 0; iz < grid.nz; ++iz)
    for (int iy = 0; iy < ny; ++iy)
      for (int ix = 0; ix < nx; ++ix)
        image.intensity(iz, iy, ix) = 0.5 - (nx > 1 ? 0.22 * std::cos(2 * kPi * ix / nx) : 0.0) -
                                      (ny > 1 ? 0.22 * std::cos(2 * kPi * iy / ny) : 0.0);
  resist::ResistParameters p{.model = model};
  p.film.thickness_nm = 24;
  p.film.depth_step_nm = 3;
  p.bake.n_steps = 5;
  return resist::develop(image, p, model == resist::ResistModel::metal_oxide ? 45 : 18);
}

const layout::Clip kTarget = clip_of({0, 0, 36, 36}, {0, 0, 36, 36}, {rectangle(9, 0, 27, 36)});

metrology::ProfileMeasurement measured(const resist::ResistResult& result, bool gauges) {
  std::vector<metrology::Gauge> cuts;
  if (gauges) cuts = {{.name = "space", .x_nm = 18, .y_nm = 18, .length_nm = 34}};
  return metrology::measure_profile(result.profile, kTarget, metrology::Feature::bright, cuts, 0.5);
}

void check_picture(const Picture& picture, const std::string& title) {
  CHECK(picture.text.at("Title") == title + " — spaces");
  CHECK_FALSE(picture.text.at("undulith:quantity").empty());
  CHECK(picture.image.width >= 400);
  CHECK(picture.image.height >= 300);
  CHECK(picture.image.width < 4000);
  CHECK(picture.image.height < 4000);
  CHECK(picture.image.pixels.size() ==
        3 * static_cast<std::size_t>(picture.image.width) * static_cast<std::size_t>(picture.image.height));
}

int count_colour(const io::RgbImage& image, Rgb colour) {
  int n = 0;
  for (std::size_t i = 0; i < image.pixels.size(); i += 3)
    n += Rgb{image.pixels[i], image.pixels[i + 1], image.pixels[i + 2]} == colour;
  return n;
}

// Two features whose window closes away from focus, or never opens.
metrology::WindowResult windows(bool open) {
  std::vector<metrology::FocusExposureMatrix> matrices;
  for (const char* name : {"dense", "isolated"}) {
    metrology::FocusExposureMatrix& m = matrices.emplace_back();
    m.name = name;
    m.target_cd_nm = open ? 20 : 90;
    for (int f = -2; f <= 2; ++f) m.focus_nm.push_back(25 * f);
    for (int d = 0; d < 7; ++d) m.dose_mj_cm2.push_back(22 + 2 * d);
    for (const double f : m.focus_nm)
      for (const double d : m.dose_mj_cm2)
        m.cd_nm.push_back(f == -50 && d < 26 ? std::optional<double>()
                                             : 20 + 14 * std::log(d / 28) - 6e-4 * f * f);
  }
  return metrology::find_windows(matrices, {});
}

metrology::RoughnessResult roughness(bool smooth, int samples) {
  std::vector<std::vector<double>> edges;
  for (unsigned i = 0; i < 6; ++i)
    edges.push_back(smooth ? std::vector<double>(static_cast<std::size_t>(samples), 3.0)
                           : metrology::make_edge({.sigma_nm = 1.2, .correlation_nm = 8}, samples, 1, 3, i));
  return metrology::analyse_roughness(edges, 1, false);
}

}  // namespace

TEST_CASE("film pictures: of lines along either axis, of holes, of an open frame", "[unit][report]") {
  for (const auto& [nx, ny] : {std::pair{24, 1}, {1, 24}, {20, 24}, {1, 1}}) {
    INFO(nx << " by " << ny << " nodes");
    const resist::ResistResult result = film(nx, ny);
    for (const bool along_x : {true, false})
      check_picture(draw_film_sections(result, {.along_x = along_x, .at_nm = 18}, kOptions),
                    "Resist film, exposure to profile");
    check_picture(draw_profile(result.profile, kOptions), "Resist profile");
    for (const bool gauges : {true, false}) {
      const Picture top = draw_top_down(result.profile, kTarget, measured(result, gauges), kOptions);
      check_picture(top, "Resist, top-down view");
      CHECK(numbers_of(top, "undulith:data_area_nm").size() == 4);
    }
  }
}

TEST_CASE("film pictures: the colour from above is the resist of the column", "[unit][report]") {
  const resist::ResistResult result = film(24, 1);
  const Picture picture = draw_top_down(result.profile, kTarget, measured(result, false), kOptions);
  const DataBox box(picture);
  const Field2D<double> height = resist::resist_thickness(result.profile);
  const auto colour = [&](double x) { return pixel(picture.image, box.row(31), box.column(x)); };
  // Cleared in the middle of the space, almost whole on the line.
  CHECK(height(0, 12) == Approx(0).margin(1e-9));
  CHECK(height(0, 0) > 15);
  CHECK(difference(colour(18), colour_of(ColourMap::violet_yellow, 0)) <= 2);
  CHECK(difference(colour(3), colour_of(ColourMap::violet_yellow, height(0, 2) / 24)) <= 4);
}

TEST_CASE("film pictures: metal oxide has one panel less, and no base", "[unit][report]") {
  const resist::ResistResult amplified = film(24, 1), oxide = film(24, 1, resist::ResistModel::metal_oxide);
  const Picture five = draw_film_sections(amplified, {}, kOptions),
                four = draw_film_sections(oxide, {}, kOptions);
  check_picture(four, "Resist film, exposure to profile");
  CHECK(four.image.width == five.image.width);
  CHECK(four.image.height < five.image.height);
  check_picture(draw_profile(oxide.profile, kOptions), "Resist profile");
}

TEST_CASE("film pictures: the same pixels each time, others for another film", "[property][report]") {
  const resist::ResistResult lines = film(24, 1), holes = film(20, 24);
  CHECK(draw_profile(lines.profile, kOptions).image.pixels ==
        draw_profile(lines.profile, kOptions).image.pixels);
  CHECK(draw_profile(lines.profile, kOptions).image.pixels !=
        draw_profile(holes.profile, kOptions).image.pixels);
  CHECK(draw_film_sections(holes, {.at_nm = 18}, kOptions).image.pixels !=
        draw_film_sections(holes, {.at_nm = 0}, kOptions).image.pixels);
}

TEST_CASE("film pictures: nothing left, and nothing removed", "[unit][report]") {
  resist::ResistResult result = film(24, 1);
  for (const double factor : {1e-6, 1e6}) {
    resist::ResistResult extreme = result;
    for (double& time : extreme.profile.arrival_time_s.values()) time *= factor;
    check_picture(draw_film_sections(extreme, {}, kOptions), "Resist film, exposure to profile");
    check_picture(draw_profile(extreme.profile, kOptions), "Resist profile");
    check_picture(draw_top_down(extreme.profile, kTarget, measured(extreme, true), kOptions),
                  "Resist, top-down view");
  }
}

TEST_CASE("window pictures: with a window and without", "[unit][report]") {
  for (const bool open : {true, false}) {
    const metrology::WindowResult result = windows(open);
    CHECK(result.common.best.has_value() == open);
    const Picture bossung = draw_bossung(result.features[0], {}, kOptions);
    check_picture(bossung, "Bossung curves of dense");
    check_picture(draw_ed_window(result, kOptions), "Exposure-defocus window");
    check_picture(draw_el_dof(result, kOptions), "Exposure latitude against depth of focus");
    CHECK(draw_ed_window(result, kOptions).image.pixels == draw_ed_window(result, kOptions).image.pixels);
  }
  // The curves of the features are there.
  const Picture both = draw_ed_window(windows(true), kOptions);
  CHECK(count_colour(both.image, okabe_ito::kBlue) + count_colour(both.image, okabe_ito::kOrange) > 50);
}

TEST_CASE("roughness picture: with a fit, without, of straight and of short edges", "[unit][report]") {
  const metrology::RoughnessResult rough = roughness(false, 128);
  CHECK(rough.unbiased.has_value());
  const Picture plain = draw_roughness(rough, {}, kOptions),
                estimated =
                    draw_roughness(rough, resist::LerEstimate{.slice_nm = 0.9, .film_nm = 0.5}, kOptions);
  check_picture(plain, "Roughness spectrum");
  check_picture(estimated, "Roughness spectrum");
  CHECK(estimated.image.pixels != plain.image.pixels);
  CHECK(count_colour(plain.image, okabe_ito::kVermillion) > 100);  // the fit
  check_picture(draw_roughness(roughness(false, 10), {}, kOptions), "Roughness spectrum");
  const Picture straight = draw_roughness(roughness(true, 64), {}, kOptions);
  check_picture(straight, "Roughness spectrum");
  CHECK(count_colour(straight.image, okabe_ito::kVermillion) == 0);
}

TEST_CASE("curve pictures: contrast, calibration and failures", "[unit][report]") {
  const std::vector<double> dose{1, 2, 4, 8, 16}, remaining{24, 24, 20, 6, 0};
  check_picture(draw_contrast_curve({.dose_mj_cm2 = dose,
                                     .remaining_nm = remaining,
                                     .thickness_nm = 24,
                                     .dose_to_clear_mj_cm2 = 12,
                                     .gamma = 2.5},
                                    kOptions),
                "Contrast curve");
  // A resist that never clears has no such dose.
  check_picture(
      draw_contrast_curve({.dose_mj_cm2 = dose, .remaining_nm = remaining, .thickness_nm = 24}, kOptions),
      "Contrast curve");

  const std::vector<double> cd{18, 20, 22}, before{19, 0, 24}, after{18.1, 19.9, 22};
  const Picture fit = draw_calibration({.measured_nm = cd, .before_nm = before, .after_nm = after}, kOptions);
  check_picture(fit, "Calibration");
  CHECK(count_colour(fit.image, okabe_ito::kBlue) > 20);
  CHECK(count_colour(fit.image, okabe_ito::kOrange) > 20);
  // One datum, met exactly.
  const std::vector<double> one{20};
  check_picture(draw_calibration({.measured_nm = one, .before_nm = one, .after_nm = one}, kOptions),
                "Calibration");

  check_picture(draw_failure_curve({.dose_mj_cm2 = {18, 20, 22},
                                    .mean_cd_nm = {16, 18, 0},
                                    .estimate = {0, 0.01, 1},
                                    .low = {0, 0.001, 0.96},
                                    .high = {0.036, 0.05, 1}},
                                   kOptions),
                "Probability of failure");
}
