// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>
#include <complex>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "support/job_folder.hpp"
#include "undulith/mask/mirror_curves.hpp"
#include "undulith/mask/mirror_fit.hpp"
#include "undulith/program/multilayer_report.hpp"

using namespace undulith;
using Catch::Matchers::Contains;
using mask::MirrorInLight;
using mask::MultilayerTargets;

namespace {

/// The reference took its peaks from samples 0.02 nm apart: the peak itself lies within half a step, and
/// higher by what the curve bends on it, 3 / nm^2 at the most. Its widths are interpolated between these
/// samples.
constexpr double kWavelength = 0.011, kPeak = 1.5e-4 + 5e-5, kWidth = 1e-3;
/// Other numbers are printed with as many digits.
constexpr double kReflectance = 6e-5, kPhaseDeg = 0.06;

mask::FilmStack bare(int n_bilayers) {
  mask::FilmStack stack;
  stack.cap_thickness_nm = 0;
  stack.n_bilayers = n_bilayers;
  stack.spacer_thickness_nm = 4.14;
  stack.reflector_thickness_nm = 2.76;
  stack.incidence_deg = 0;
  return stack;
}

optics::Peak peak_s(const mask::FilmStack& stack) {
  const auto curves = mask::compute_multilayer({.stack = stack});
  REQUIRE(curves.peak_s);
  REQUIRE(curves.peak_s->band);
  return *curves.peak_s;
}

double at(const mask::ReflectionCurve& curve, const std::vector<double>& values, double x) {
  for (std::size_t i = 0; i < curve.x.size(); ++i)
    if (std::abs(curve.x[i] - x) < 1e-9) return values[i];
  FAIL("no sample at " << x);
  return 0;
}

}  // namespace

TEST_CASE("multilayer: peaks and widths of the reference mirrors", "[validation][program]") {
  const optics::Peak m01 = peak_s(bare(40));
  CHECK(std::abs(m01.wavelength_nm - 13.48) < kWavelength);
  CHECK(std::abs(m01.reflectance - 0.7300) < kPeak);
  CHECK(std::abs(m01.band->fwhm_nm - 0.628) < kWidth);
  const optics::Peak m08 = peak_s(bare(60));
  CHECK(std::abs(m08.reflectance - 0.7388) < kPeak);
  CHECK(std::abs(m08.band->fwhm_nm - 0.584) < kWidth);
  const optics::Peak m02 = peak_s({});
  CHECK(std::abs(m02.wavelength_nm - 13.52) < kWavelength);
  CHECK(std::abs(m02.reflectance - 0.7383) < kPeak);
  CHECK(std::abs(m02.band->fwhm_nm - 0.629) < kWidth);
  mask::FilmStack rough;
  rough.roughness_nm = 0.7;
  const optics::Peak m05 = peak_s(rough);
  CHECK(std::abs(m05.wavelength_nm - 13.48) < kWavelength);
  CHECK(std::abs(m05.reflectance - 0.6740) < kPeak);
  CHECK(std::abs(m05.band->fwhm_nm - 0.537) < kWidth);
}

TEST_CASE("multilayer: roll-off, phase and depth of the reference mirror", "[validation][program]") {
  const auto c = mask::compute_multilayer({});
  const auto& a = c.angular;
  struct Row {
    double degrees, s, p;
  };
  for (const Row& row : {Row{0, 0.7250, 0.7250}, Row{9, 0.7274, 0.7006}, Row{10, 0.7059, 0.6616},
                         Row{11, 0.6574, 0.5782}, Row{12, 0.5468, 0.4032}, Row{13, 0.3151, 0.1456}}) {
    CAPTURE(row.degrees);
    CHECK(std::abs(at(a, a.reflectance_s, row.degrees) - row.s) < kReflectance);
    CHECK(std::abs(at(a, a.reflectance_p, row.degrees) - row.p) < kReflectance);
  }
  CHECK(std::abs(at(a, a.phase_s_deg, 0) + 43.3) < kPhaseDeg);
  CHECK(std::abs(at(a, a.phase_s_deg, 6) + 56.3) < kPhaseDeg);
  CHECK(std::abs(at(a, a.phase_s_deg, 11) + 93.8) < kPhaseDeg);
  CHECK(std::abs(c.effective_depth_nm.s - 45.6) < 0.06);
  CHECK(c.directions[0].reflectance_s == Approx(0.738021).epsilon(2e-6));
  CHECK(c.directions[0].reflectance_p == Approx(0.730336).epsilon(2e-6));
  // By the sine condition: asin(sin 6 deg -+ 0.33 / 4).
  CHECK(c.directions[1].incidence_deg == Approx(1.262).margin(1e-3));
  CHECK(c.directions[2].incidence_deg == Approx(10.780).margin(1e-3));
  CHECK(c.substrate_reflectance.mean() == Approx(1.5e-4).margin(5e-6));
}

TEST_CASE("multilayer: absorber swing of nickel against an independent code", "[validation][program]") {
  MirrorInLight mirror;
  mirror.stack.absorber = {{.material = "Ni", .thickness_nm = 35}};
  const auto c = mask::compute_multilayer(mirror);
  std::ifstream file(UNDULITH_SOURCE_DIR "/tests/reference/mask/swing_absorber_R_phase_6deg_s.csv");
  std::string line;
  int n = 0;
  while (std::getline(file, line)) {
    if (!line.starts_with("Ni,")) continue;
    std::istringstream cells(line.substr(3));
    double thickness_nm = 0, reflectance = 0, ratio = 0, phase_deg = 0;
    char comma = 0;
    cells >> thickness_nm >> comma >> reflectance >> comma >> ratio >> comma >> phase_deg;
    CHECK(std::abs(at(c.swing, c.swing.reflectance_s, thickness_nm) - ratio) < 1e-6);
    // The phase of next to nothing turns at once: 1e-6 of the amplitude of the opening.
    CHECK(std::abs(std::remainder(at(c.swing, c.swing.phase_s_deg, thickness_nm) - phase_deg, 360)) <
          1e-3 + 6e-5 / std::sqrt(ratio));
    ++n;
  }
  CHECK(n > 100);
  REQUIRE(c.absorber);
  CHECK(c.absorber->ratio.s == Approx(0.0172).margin(5e-5));
}

TEST_CASE("multilayer: shares of the light add up by material", "[property][program]") {
  MirrorInLight mirror;
  mirror.stack.reflector_on_spacer_thickness_nm = 0.5;
  const auto c = mask::compute_multilayer(mirror);
  REQUIRE(c.absorbed_by.size() == 4);
  double sum = c.shares_s.reflected + c.shares_s.transmitted;
  for (const auto& [material, share] : c.absorbed_by) sum += share.s;
  CHECK(sum == Approx(1).epsilon(1e-11));
  CHECK(c.shares_s.reflected == Approx(c.directions[0].reflectance_s).epsilon(1e-11));
  CHECK(c.standing_wave.layers.front().material == "Ru");
}

TEST_CASE("multilayer fit: finds a mirror again", "[property][program]") {
  // The thicknesses are written to 1e-5 nm; a flat peak is met to 1e-6 of its height, and the share of the
  // reflector enters it in the second order near its best.
  mask::FilmStack wanted;
  wanted.reflector_on_spacer_thickness_nm = 0.6;
  wanted.spacer_on_reflector_thickness_nm = 0.9;
  wanted.spacer_thickness_nm = 3.9;
  wanted.reflector_thickness_nm = 1.7;
  wanted.roughness_nm = 0.2;
  const auto curves = mask::compute_multilayer({.stack = wanted});
  REQUIRE(curves.peak);
  REQUIRE(curves.peak->band);
  mask::FilmStack start = wanted;
  start.spacer_thickness_nm = 3.4;
  start.reflector_thickness_nm = 2.0;

  // The peak of the flat top moves by 1e-7 where its height does by 1e-16.
  mask::FilmStack proportional = wanted;
  proportional.spacer_thickness_nm *= 1.03;
  proportional.reflector_thickness_nm *= 1.03;
  const auto period = mask::fit_mirror(proportional, {.peak_nm = curves.peak->wavelength_nm});
  CHECK(period.reached);
  CHECK(period.stack.spacer_thickness_nm == Approx(wanted.spacer_thickness_nm).margin(2e-5));

  const auto by_height = mask::fit_mirror(
      start, {.peak_nm = curves.peak->wavelength_nm, .reflectance = curves.peak->reflectance});
  CHECK(by_height.reached);
  CHECK(by_height.stack.spacer_thickness_nm == Approx(wanted.spacer_thickness_nm).margin(1e-4));
  CHECK(by_height.stack.reflector_thickness_nm == Approx(wanted.reflector_thickness_nm).margin(1e-4));

  const auto by_width = mask::fit_mirror(
      start, {.centroid_nm = curves.peak->band->centroid_nm, .fwhm_nm = curves.peak->band->fwhm_nm});
  CHECK(by_width.reached);
  CHECK(by_width.stack.spacer_thickness_nm == Approx(wanted.spacer_thickness_nm).margin(1e-4));
  CHECK(by_width.stack.reflector_thickness_nm == Approx(wanted.reflector_thickness_nm).margin(1e-4));
}

TEST_CASE("multilayer fit: says what cannot be reached", "[unit][program]") {
  const auto too_bright = mask::fit_mirror({}, {.peak_nm = 13.5, .reflectance = 0.8});
  CHECK_FALSE(too_bright.reached);
  CHECK_THAT(too_bright.why, Contains("closest to 0.8 is 0.7"));
  CHECK(too_bright.wavelength_nm == Approx(13.5).epsilon(1e-6));
  mask::FilmStack full;
  full.spacer_on_reflector_thickness_nm = 8;
  const auto no_room = mask::fit_mirror(full, {.peak_nm = 13.5});
  CHECK_FALSE(no_room.reached);
  CHECK_THAT(no_room.why, Contains("no period has its peak at 13.5 nm"));
}

TEST_CASE("multilayer fit: refuses targets that make no sense", "[unit][program]") {
  const auto refusal = [](const MultilayerTargets& targets, const mask::FilmStack& stack = {}) {
    try {
      static_cast<void>(mask::fit_mirror(stack, targets));
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK_THAT(refusal({.peak_nm = 13.5, .centroid_nm = 13.5}), Contains("give one"));
  CHECK_THAT(refusal({.reflectance = 0.6}), Contains("add --fit-peak-nm"));
  CHECK_THAT(refusal({.peak_nm = 13.5, .reflectance = 0.6, .fwhm_nm = 0.5}), Contains("two targets"));
  CHECK_THAT(refusal({.peak_nm = -1}), Contains("--fit-peak-nm = -1"));
  CHECK_THAT(refusal({.peak_nm = 1e4}),
             Contains("--fit-peak-nm = 10000 (the films of the mirror are known from 9.446 to 20.73 nm)"));
  CHECK_THAT(refusal({.centroid_nm = 5}), Contains("--fit-centroid-nm = 5 (the films"));
  CHECK_THAT(refusal({.peak_nm = 13.5, .reflectance = 1.2}), Contains("--fit-reflectance = 1.2"));
  CHECK_THAT(refusal({.peak_nm = 13.5, .fwhm_nm = 0.0}), Contains("--fit-fwhm-nm = 0"));
  mask::FilmStack listed;
  listed.films = {{.material = "Si", .thickness_nm = 4}};
  CHECK_THAT(refusal({.peak_nm = 13.5}, listed), Contains("mask.film"));
  mask::FilmStack none;
  none.n_bilayers = 0;
  CHECK_THAT(refusal({.peak_nm = 13.5}, none), Contains("no pairs"));
}

TEST_CASE("multilayer: report, tables and pictures of a job without shapes", "[unit][program]") {
  const JobFolder folder;
  const auto file =
      folder.write("job.toml",
                   "title = \"films\"\n[mask.stack]\nperiod_grade_percent = 1\nroughness_nm = 0.3\n"
                   "[[mask.absorber]]\nmaterial = \"TaBO\"\nthickness_nm = 2\n"
                   "[[mask.absorber]]\nmaterial = \"TaBN\"\nthickness_nm = 58\n");
  const auto read = job::read_job(file, {}, job::JobScope::mirror);
  const auto report = program::report_multilayer(read, {.out = folder.path() / "out"});
  CHECK_THAT(report.text, Contains("period 6.95 nm, graded by 1 %, roughness 0.3 nm, 81 films"));
  CHECK_THAT(report.text, Contains("absorber, 58 nm of TaBN"));
  CHECK(report.files.size() == 11);
  for (const auto& path : report.files) CHECK(std::filesystem::file_size(path) > 100);
  const auto json = nlohmann::json::parse(report.json);
  CHECK(json["directions"].size() == 4);
  CHECK(json["fit"].is_null());
  CHECK_THROWS_AS(program::report_multilayer(read, {.out = folder.path() / "out"}), InputError);

  // No job, no absorber, no mirror: what is left is the substrate.
  const auto nothing = job::read_job(
      {}, {{"mask.stack.n_bilayers", "0"}, {"mask.stack.cap_thickness_nm", "0"}, {"mask.absorber", "[]"}},
      job::JobScope::mirror);
  const auto bare_substrate = program::report_multilayer(nothing, {.out = folder.path() / "bare"});
  CHECK(bare_substrate.files.size() == 9);
  CHECK_THAT(bare_substrate.text, Contains("0 films"));
}

TEST_CASE("multilayer: mistakes of a job have their place", "[unit][program]") {
  const JobFolder folder;
  const auto refusal = [&](const std::string& text) {
    try {
      const auto read = job::read_job(folder.write("job.toml", text), {}, job::JobScope::mirror);
      static_cast<void>(program::report_multilayer(read, {}));
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK_THAT(refusal("[mask.stack]\nspacer_on_reflector_material = \"MoSi\"\n"),
             Contains("job.toml:2") && Contains("mask.stack.spacer_on_reflector_material"));
  CHECK_THAT(refusal("[mask.stack]\nperiod_grade_percent = 300\n"), Contains("job.toml:2"));
  CHECK_THAT(refusal("[[mask.film]]\nthickness_nm = 3\n"), Contains("neither material nor index"));
  CHECK_THAT(refusal("[[mask.film]]\nthickness_nm = 3\nindex = [0.9, -0.1]\n"), Contains("cannot amplify"));
  CHECK_THAT(refusal("[mask.stack]\nincidence_deg = 80\n[imaging]\nmagnification_y = 1\nna = 0.5\n"),
             Contains("mask.stack.incidence_deg"));
  CHECK_THAT(refusal("[source]\nwavelength_nm = 100\n"), Contains("wavelength"));
}

TEST_CASE("multilayer: a resolved job keeps the films", "[property][program]") {
  const JobFolder folder;
  const auto read = [&](const std::string& text) {
    return job::read_job(folder.write("job.toml", text), {}, job::JobScope::mirror);
  };
  const auto first = read(
      "[mask.stack]\nreflector_on_spacer_thickness_nm = 0.4\nperiod_grade_percent = 2\n"
      "[[mask.film]]\nthickness_nm = 2.5\nindex = [0.8863, 0.01706]\n"
      "[[mask.film]]\nthickness_nm = 4\nmaterial = \"Si\"\n");
  // Keys of the pairs have no effect beside a list of films; the scope of a mirror does not warn.
  const auto again = read(job::resolved_job(first.job, folder.path()));
  CHECK(job::job_hash(first.job) == job::job_hash(again.job));
  const mask::FilmStack& stack = again.job.mask.stack;
  REQUIRE(stack.films.size() == 2);
  CHECK(stack.films[0].index == std::complex<double>(0.8863, 0.01706));
  CHECK(stack.films[1].material == "Si");
  CHECK(stack.reflector_on_spacer_thickness_nm == 0.4);
  CHECK(stack.period_grade_percent == 2);
  CHECK_THAT(program::report_multilayer(again, {}).text, Contains("films one by one, SiO2; 2 films, 6.5 nm"));
}

TEST_CASE("multilayer: a mirror of an independent code, written with the keys of a job",
          "[validation][program]") {
  const JobFolder folder;
  const auto constant = [&](const std::string& name, const std::string& index) {
    folder.write(name, "wavelength_nm,n,k\n13," + index + "\n14," + index + "\n");
  };
  constant("Ru.csv", "0.8863,0.01706");
  constant("RuSi.csv", "0.9099,0.01547");
  constant("Si.csv", "0.999,0.001826");
  constant("MoSi2.csv", "0.9693,0.004333");
  constant("Mo.csv", "0.9238,0.006435");
  constant("SiO2.csv", "0.978,0.01083");
  const std::string text =
      "[mask.stack]\n"
      "cap_material = \"Ru.csv\"\ncap_thickness_nm = 2.5\n"
      "cap_interlayer_material = \"RuSi.csv\"\ncap_interlayer_thickness_nm = 0.8\n"
      "spacer_material = \"Si.csv\"\nspacer_thickness_nm = 2.283\n"
      "spacer_on_reflector_material = \"MoSi2.csv\"\nspacer_on_reflector_thickness_nm = 1.661\n"
      "reflector_material = \"Mo.csv\"\nreflector_thickness_nm = 2.052\n"
      "reflector_on_spacer_material = \"MoSi2.csv\"\nreflector_on_spacer_thickness_nm = 1.045\n"
      "substrate_material = \"SiO2.csv\"\n";
  const auto read = job::read_job(folder.write("job.toml", text), {}, job::JobScope::mirror);
  // The job holds the numbers of the tables: nothing reads the files again.
  for (const char* name : {"Ru.csv", "RuSi.csv", "Si.csv", "MoSi2.csv", "Mo.csv", "SiO2.csv"})
    REQUIRE(std::filesystem::remove(folder.path() / name));
  const auto curves = mask::compute_multilayer(program::mirror_of(read.job));
  CHECK(std::abs(curves.directions[0].reflectance_s - 0.644533) < 6e-7);
  CHECK_THAT(program::report_multilayer(read, {}).text,
             Contains("Ru.csv 2.5, RuSi.csv 0.8, 40 x (Si.csv 2.283, MoSi2.csv 1.661, Mo.csv 2.052, "
                      "MoSi2.csv 1.045), SiO2.csv; period 7.041 nm, 161 films"));
}
