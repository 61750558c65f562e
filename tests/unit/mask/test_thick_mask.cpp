// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>
#include <complex>

#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/layout/make_clip.hpp"
#include "undulith/mask/mask.hpp"

namespace {

using namespace undulith;
using mask::Diffraction;
using mask::JonesSpectrum;
using mask::MaskParameters;
using mask::Model;
using Complex = std::complex<double>;

constexpr double kWavelengthNm = 13.5;
// (1 + 0.9) NA / lambda at NA 0.33.
constexpr double kCutoffPerNm = 1.9 * 0.33 / 13.5;

illuminator::PupilFill source_of(std::vector<illuminator::SourcePoint> points) {
  return illuminator::make_pupil_fill(std::move(points));
}

// Spaces of 16 nm in a pitch of 32 that vary along x, or along y.
layout::Clip vertical_lines() {
  return layout::make_clip(Box{0, 0, 32, 32}, {{{8, 0}, {24, 0}, {24, 32}, {8, 32}}});
}
layout::Clip horizontal_lines() {
  return layout::make_clip(Box{0, 0, 32, 32}, {{{0, 8}, {32, 8}, {32, 24}, {0, 24}}});
}

Diffraction solve(const layout::Clip& clip, const MaskParameters& parameters,
                  const illuminator::PupilFill& source, const mask::MaskOptics& optics = {}) {
  MaskParameters exact = parameters;
  exact.solver.precision = Precision::float64;  // symmetries hold to rounding
  return mask::compute_diffraction(mask::make_mask(clip, parameters, optics), exact, optics, source,
                                   kWavelengthNm, kCutoffPerNm);
}

double largest_difference(const JonesSpectrum& a, const JonesSpectrum& b) {
  double largest = 0;
  for (std::size_t element = 0; element < 4; ++element)
    for (std::size_t i = 0; i < a.orders[element].size(); ++i)
      largest = std::max(largest, std::abs(a.orders[element][i] - b.orders[element][i]));
  return largest;
}

constexpr Model kThickModels[] = {Model::multislice, Model::rigorous};

}  // namespace

TEST_CASE("thick mask: a mask that is open everywhere is its own open frame", "[validation][mask]") {
  const layout::Clip nothing{{0, 0, 32, 40}, {0, 0, 32, 40}, {}};
  for (const Model model : kThickModels) {
    const Diffraction open = solve(nothing, {.model = model, .tone = mask::Tone::bright_field},
                                   source_of({{.sigma_x = 0.3, .sigma_y = -0.6}}));
    REQUIRE(open.thick);
    for (const JonesSpectrum& spectrum : open.thick->spectra)
      for (std::size_t element = 0; element < 4; ++element)
        for (int n = -open.max_order_y; n <= open.max_order_y; ++n)
          for (int m = -open.max_order_x; m <= open.max_order_x; ++m) {
            const Complex expected = m == 0 && n == 0 ? spectrum.open[element] : 0.0;
            // The multi-slice mirror is a table, good to 1e-10.
            CHECK(std::abs(spectrum.orders[element][open.index(m, n)] - expected) < 1e-9);
          }
    // Along the chief ray the open frame is 1 but for its phase; s and p differ by half a per cent.
    CHECK(std::abs(open.thick->spectra.front().open[0]) == Approx(1).epsilon(0.01));
  }
}

TEST_CASE("thick mask: a thin weak absorber is Kirchhoff's", "[validation][mask]") {
  MaskParameters parameters{.model = Model::rigorous};
  parameters.stack.absorber = {{.thickness_nm = 0.5, .index = Complex(0.999, 0.001)}};
  parameters.solver.max_error = 1e-5;
  // Wide lines, so that all orders meet the mirror at about one angle.
  const layout::Clip clip = layout::make_clip(Box{0, 0, 256, 32}, {{{64, 0}, {192, 0}, {192, 32}, {64, 32}}});
  const auto source = source_of({{}});
  const Diffraction thick = solve(clip, parameters, source);
  parameters.model = Model::thin;
  const Diffraction thin = solve(clip, parameters, source);
  for (const int m : {-3, -1, 0, 1, 3}) {
    CAPTURE(m);
    // Second order in the absorber, and the turn of the standing wave within 0.8 degrees.
    CHECK(std::abs(thick(m, 0)) == Approx(std::abs(thin(m, 0))).epsilon(0.02));
  }
}

TEST_CASE("thick mask: lines along the plane of incidence are symmetric", "[property][mask]") {
  for (const Model model : kThickModels) {
    const Diffraction lines = solve(vertical_lines(), {.model = model}, source_of({{.sigma_y = 0.4}}));
    const JonesSpectrum& spectrum = lines.thick->spectra.back();
    CHECK(spectrum.sigma_y == 0.4);
    // The cell is symmetric about its middle, and orders refer to its corner: (m) and (-m) differ in nothing.
    for (int m = 1; m <= lines.max_order_x; ++m)
      for (const std::size_t diagonal : {0U, 3U})
        CHECK(std::abs(spectrum.orders[diagonal][lines.index(m, 0)] -
                       spectrum.orders[diagonal][lines.index(-m, 0)]) < 1e-9);
  }
}

TEST_CASE("thick mask: turning mask and light together changes nothing", "[property][mask]") {
  for (const Model model : kThickModels) {
    // x and y change places: the chief ray of azimuth 90 comes in against x as that of azimuth 0 against y.
    const Diffraction a =
        solve(vertical_lines(), {.model = model}, source_of({{.sigma_x = 0.5, .sigma_y = 0.2}}));
    const Diffraction b = solve(horizontal_lines(), {.model = model},
                                source_of({{.sigma_x = 0.2, .sigma_y = 0.5}}), {.chief_ray_azimuth_deg = 90});
    const JonesSpectrum &u = a.thick->spectra.back(), &v = b.thick->spectra.back();
    for (int n = -a.max_order_y; n <= a.max_order_y; ++n)
      for (int m = -a.max_order_x; m <= a.max_order_x; ++m)
        for (std::size_t element = 0; element < 4; ++element)
          CHECK(std::abs(u.orders[element][a.index(m, n)] - v.orders[3 - element][b.index(n, m)]) < 1e-8);
  }
}

TEST_CASE("thick mask: the fast model is near the rigorous one", "[validation][mask]") {
  for (const layout::Clip& clip : {vertical_lines(), horizontal_lines()}) {
    const auto source = source_of({{.sigma_x = 0.5, .sigma_y = 0.3}});
    const Diffraction fast = solve(clip, {.model = Model::multislice}, source),
                      exact = solve(clip, {.model = Model::rigorous}, source);
    double largest = 0;
    for (const Complex order : exact.amplitudes) largest = std::max(largest, std::abs(order));
    CHECK(largest_difference(fast.thick->spectra.front(), exact.thick->spectra.front()) < 0.04 * largest);
    CHECK(exact.thick->report.converged);
    CHECK(exact.thick->report.change <= 1e-3);
    CHECK(exact.thick->report.energy_error.value() < 1e-9);
  }
}

TEST_CASE("thick mask: directions between those that are solved", "[validation][mask]") {
  // More points than directions: a ring of 60 in a cell of one Bloch vector and more.
  std::vector<illuminator::SourcePoint> ring;
  for (int i = 0; i < 60; ++i)
    ring.push_back(
        {.sigma_x = 0.7 * std::cos(0.1 + i * 0.1047), .sigma_y = 0.7 * std::sin(0.1 + i * 0.1047)});
  const auto source = source_of(ring);
  for (const Model model : kThickModels) {
    const Diffraction mask = solve(vertical_lines(), {.model = model}, source);
    const mask::ThickMask& thick = *mask.thick;
    REQUIRE(thick.spectra.size() < ring.size());
    REQUIRE(thick.shares.size() == ring.size());
    const auto& shares = thick.shares[7];
    double sum = 0, sigma_x = 0, sigma_y = 0;
    Complex order = 0;
    for (const mask::SpectrumShare& share : shares) {
      const JonesSpectrum& spectrum = thick.spectra[static_cast<std::size_t>(share.spectrum)];
      sum += share.weight;
      sigma_x += share.weight * spectrum.sigma_x;
      sigma_y += share.weight * spectrum.sigma_y;
      order += share.weight * spectrum.orders[3][mask.index(1, 0)];
    }
    CHECK(sum == Approx(1));
    CHECK(sigma_x == Approx(source.points[7].sigma_x));
    CHECK(sigma_y == Approx(source.points[7].sigma_y));
    const Diffraction one = solve(vertical_lines(), {.model = model}, source_of({source.points[7]}));
    // Third order in steps of half of NA.
    CHECK(std::abs(order - one.thick->spectra.back().orders[3][one.index(1, 0)]) < 3e-3);
    if (model == Model::rigorous) {
      CHECK(thick.report.on_lattice_x);
      CHECK_FALSE(thick.report.on_lattice_y);
      CHECK(thick.report.n_solutions < thick.report.n_directions);
    }
  }
}

TEST_CASE("thick mask: wavelengths between those that are solved", "[validation][mask]") {
  const auto source = source_of({{.sigma_x = 0.5, .sigma_y = 0.3}});
  MaskParameters parameters{.reference_depth_nm = 106};
  std::vector<Diffraction> solved;
  for (const double wavelength_nm : {13.4, 13.5, 13.6})
    solved.push_back(
        mask::compute_diffraction({vertical_lines()}, parameters, {}, source, wavelength_nm, kCutoffPerNm));
  const Diffraction between = mask::interpolate(solved, 13.46),
                    direct = mask::compute_diffraction({vertical_lines()}, parameters, {}, source, 13.46,
                                                       kCutoffPerNm);
  CHECK(between.wavelength_nm == 13.46);
  CHECK(between.open_reflectance == Approx(direct.open_reflectance).epsilon(2e-3));
  // Orders that the pupil takes; the mirror turns steeply beyond.
  double error = 0;
  for (int m = -1; m <= 0; ++m)
    error = std::max(error, std::abs(between.thick->spectra.back().orders[3][between.index(m, 0)] -
                                     direct.thick->spectra.back().orders[3][direct.index(m, 0)]));
  CHECK(error < 1e-3);
  CHECK(largest_difference(mask::interpolate(solved, 13.5).thick->spectra.back(),
                           solved[1].thick->spectra.back()) == 0);
}

TEST_CASE("thick mask: coarse slices and their correction are near fine slices", "[validation][mask]") {
  const layout::Clip tracks = layout::make_clip(
      Box{0, 0, 72, 72}, {{{0, 9}, {50, 9}, {50, 27}, {0, 27}}, {{20, 45}, {60, 45}, {60, 63}, {20, 63}}});
  std::vector<illuminator::SourcePoint> points;
  for (int j = -7; j <= 7; ++j)
    for (int i = -7; i <= 7; ++i) points.push_back({.sigma_x = 0.115 * i, .sigma_y = 0.115 * j});
  const MaskParameters parameters{.model = Model::multislice};
  const Diffraction mask = solve(tracks, parameters, source_of(points));
  CHECK(mask.thick->report.n_solutions == 9);
  CHECK(mask.thick->spectra.size() > 49);
  const double unit = kWavelengthNm / (0.33 * 72);  // an order, in sigma
  double error = 0, largest = 0;
  for (const std::size_t k :
       {std::size_t{0}, std::size_t{37}, std::size_t{112}, std::size_t{150}, std::size_t{217}}) {
    const Diffraction direct =
        solve(tracks, parameters, source_of({points[k]}));  // one direction: fine slices
    const JonesSpectrum& exact =
        direct.thick->spectra.at(static_cast<std::size_t>(direct.thick->shares.front().front().spectrum));
    for (int n = -3; n <= 3; ++n)
      for (int m = -3; m <= 3; ++m) {
        if (std::hypot(points[k].sigma_x + m * unit, points[k].sigma_y + n * unit) > 1) continue;
        for (std::size_t element = 0; element < 4; ++element) {
          Complex sum = 0;
          for (const mask::SpectrumShare& share : mask.thick->shares[k])
            sum += share.weight * mask.thick->spectra[static_cast<std::size_t>(share.spectrum)]
                                      .orders[element][mask.index(m, n)];
          error = std::max(error, std::abs(sum - exact.orders[element][direct.index(m, n)]));
          largest = std::max(largest, std::abs(sum));
        }
      }
  }
  CHECK(error < 5e-3 * largest);  // 4e-2 for 25 directions with fine slices alone

  // Corrections of three wavelengths serve those between them.
  const auto at = [&](double wavelength_nm, std::span<const mask::SliceCorrection> corrections) {
    return mask::compute_diffraction(mask::make_mask(tracks, parameters), parameters, {}, source_of(points),
                                     wavelength_nm, kCutoffPerNm, {}, corrections);
  };
  std::vector<mask::SliceCorrection> corrections;
  for (const double wavelength_nm : {13.35, 13.5, 13.65})
    corrections.push_back(mask::compute_correction(mask::make_mask(tracks, parameters), parameters, {},
                                                   source_of(points), wavelength_nm, kCutoffPerNm));
  const Diffraction own = at(13.43, {}), between = at(13.43, corrections);
  // A fifth of the error of the model itself.
  CHECK(largest_difference(own.thick->spectra.front(), between.thick->spectra.front()) < 2e-3 * largest);
}

TEST_CASE("thick mask: the same bytes on one thread and on two", "[property][mask]") {
  const auto source = source_of({{.sigma_x = 0.5}, {.sigma_x = -0.5}, {.sigma_y = 0.3}});
  for (const Model model : kThickModels) {
    set_thread_count(1);
    const Diffraction one = solve(vertical_lines(), {.model = model}, source);
    set_thread_count(2);
    const Diffraction two = solve(vertical_lines(), {.model = model}, source);
    set_thread_count(0);
    for (std::size_t i = 0; i < one.thick->spectra.size(); ++i)
      CHECK(largest_difference(one.thick->spectra[i], two.thick->spectra[i]) == 0);
  }
}

TEST_CASE("thick mask: walls, undercut and defects move light as they should", "[unit][mask]") {
  const auto source = source_of({{}});
  const auto zero_order = [&](const MaskParameters& parameters) {
    return std::abs(solve(vertical_lines(), parameters, source)(0, 0));
  };
  for (const Model model : kThickModels) {
    MaskParameters parameters{.model = model};
    const double plain = zero_order(parameters);
    parameters.stack.absorber.front().undercut_nm = 4;  // less absorber: more light
    CHECK(zero_order(parameters) > plain * 1.02);
    parameters.stack.absorber.front().undercut_nm = 0;
    parameters.side_wall_deg = 85;  // as much absorber as before, elsewhere
    CHECK(zero_order(parameters) == Approx(plain).epsilon(0.05));
    CHECK(zero_order(parameters) != Approx(plain).epsilon(1e-6));
    parameters.side_wall_deg = 90;
    parameters.defects = {{.kind = mask::DefectKind::extra_absorber, .x_nm = 16, .y_nm = 16, .width_nm = 24}};
    CHECK(zero_order(parameters) < plain);
    parameters.defects.front().kind = mask::DefectKind::missing_absorber;
    parameters.defects.front().x_nm = 0;
    CHECK(zero_order(parameters) > plain);
  }
}

TEST_CASE("thick mask: a buried bump turns the phase of an open mask", "[validation][mask]") {
  const layout::Clip nothing{{0, 0, 64, 64}, {0, 0, 64, 64}, {}};
  MaskParameters parameters{.model = Model::multislice, .tone = mask::Tone::bright_field};
  parameters.defects = {{.x_nm = 32, .y_nm = 32, .height_nm = 1, .width_nm = 100}};
  const auto source = source_of({{}});
  const Diffraction bump = solve(nothing, parameters, source);
  CHECK(std::abs(bump(0, 0)) < 0.98);  // light is scattered out of the zero order
  double power = 0;
  for (const Complex order : bump.amplitudes) power += std::norm(order);
  CHECK(power == Approx(1).epsilon(0.01));  // and none is lost
  parameters.model = Model::rigorous;
  CHECK_THROWS_AS(solve(nothing, parameters, source), InputError);
}

TEST_CASE("mask: a mirror etched to its substrate hardly reflects", "[validation][mask]") {
  MaskParameters parameters{.model = Model::rigorous};
  parameters.stack.absorber.clear();
  parameters.etch_depth_nm = 1000;
  // Fresnel reflectance of silica, physics by hand: |(1-n)/(1+n)|^2 = 1.5e-4.
  CHECK(std::norm(mask::region_amplitudes(parameters, kWavelengthNm).absorber) ==
        Approx(1.5e-4).epsilon(0.03));
  const Diffraction etched = solve(vertical_lines(), parameters, source_of({{}}));
  // Half open, and nothing from the other half: about half the amplitude.
  CHECK(std::abs(etched(0, 0)) == Approx(0.5).epsilon(0.2));
  parameters.model = Model::multislice;
  CHECK_THROWS_AS(solve(vertical_lines(), parameters, source_of({{}})), InputError);
}

TEST_CASE("mask: pellicles absorb", "[validation][mask]") {
  // 50 nm of polysilicon: 0.918 in one pass, k = 0.00183.
  CHECK(mask::pellicle_transmission({.material = "Si", .thickness_nm = 50}, kWavelengthNm, 0) ==
        Approx(0.918).epsilon(1e-3));
  CHECK(mask::pellicle_transmission({}, kWavelengthNm, 6) == 1);
}
