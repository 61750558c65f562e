// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include <fmt/format.h>

#include "support/job_folder.hpp"
#include "support/npy_file.hpp"
#include "undulith/io/npy.hpp"
#include "undulith/io/png.hpp"
#include "undulith/job/keys.hpp"
#include "undulith/job/templates.hpp"

using namespace undulith;
using job::Job;

namespace {

/// Jobs compared member by member, with no help from what writes or reads them.
bool same(const Job& a, const Job& b) {
  const auto& u = a.source.undulator;
  const auto& v = b.source.undulator;
  const auto& l = a.source.lpp;
  const auto& m = b.source.lpp;
  const auto& i = a.illuminator;
  const auto& j = b.illuminator;
  const auto& s = a.mask.stack;
  const auto& t = b.mask.stack;
  const auto all = [](const auto& x, const auto& y, auto equal) {
    return std::equal(x.begin(), x.end(), y.begin(), y.end(), equal);
  };
  return a.title == b.title && a.layout.file == b.layout.file && a.layout.cell == b.layout.cell &&
         a.layout.layer == b.layout.layer && a.layout.datatype == b.layout.datatype &&
         a.layout.window_nm == b.layout.window_nm && a.layout.boundary == b.layout.boundary &&
         a.layout.guard_nm == b.layout.guard_nm && a.source.kind == b.source.kind &&
         a.source.wavelength_nm == b.source.wavelength_nm &&
         a.source.beam.beam_energy_gev == b.source.beam.beam_energy_gev &&
         a.source.beam.beam_current_a == b.source.beam.beam_current_a && u.period_mm == v.period_mm &&
         u.n_periods == v.n_periods && u.deflection_k == v.deflection_k && u.harmonic == v.harmonic &&
         u.acceptance_half_angle_urad == v.acceptance_half_angle_urad && l.power_if_w == m.power_if_w &&
         l.repetition_rate_khz == m.repetition_rate_khz &&
         l.conversion_efficiency == m.conversion_efficiency &&
         l.collector_transmission == m.collector_transmission && l.n_mirrors == m.n_mirrors &&
         a.source.monochromatic.power_w == b.source.monochromatic.power_w && i.shape == j.shape &&
         i.sigma_inner == j.sigma_inner && i.sigma_outer == j.sigma_outer && i.opening_deg == j.opening_deg &&
         i.rotation_deg == j.rotation_deg && i.leaf_offset_sigma == j.leaf_offset_sigma &&
         i.grid_points == j.grid_points && a.illuminator.points_file == b.illuminator.points_file &&
         a.illuminator.map_file == b.illuminator.map_file && a.mask.tone == b.mask.tone &&
         a.mask.edge_bias_nm == b.mask.edge_bias_nm && a.mask.amplitudes == b.mask.amplitudes &&
         a.mask.open_amplitude == b.mask.open_amplitude &&
         a.mask.absorber_amplitude == b.mask.absorber_amplitude && s.cap_material == t.cap_material &&
         s.cap_thickness_nm == t.cap_thickness_nm && s.n_bilayers == t.n_bilayers &&
         s.spacer_material == t.spacer_material && s.spacer_thickness_nm == t.spacer_thickness_nm &&
         s.reflector_material == t.reflector_material &&
         s.reflector_thickness_nm == t.reflector_thickness_nm &&
         s.substrate_material == t.substrate_material && s.roughness_nm == t.roughness_nm &&
         s.incidence_deg == t.incidence_deg &&
         all(s.absorber, t.absorber,
             [](const auto& x, const auto& y) {
               return x.material == y.material && x.thickness_nm == y.thickness_nm;
             }) &&
         all(a.mask.rectangles, b.mask.rectangles,
             [](const auto& x, const auto& y) {
               return x.x0_nm == y.x0_nm && x.y0_nm == y.y0_nm && x.x1_nm == y.x1_nm && x.y1_nm == y.y1_nm;
             }) &&
         all(a.mask.polygons, b.mask.polygons,
             [](const auto& x, const auto& y) { return x.x_nm == y.x_nm && x.y_nm == y.y_nm; }) &&
         a.mask.period_x_nm == b.mask.period_x_nm && a.mask.period_y_nm == b.mask.period_y_nm &&
         a.imaging.na == b.imaging.na && a.imaging.focus_nm == b.imaging.focus_nm &&
         a.imaging.output_pitch_nm == b.imaging.output_pitch_nm &&
         all(a.imaging.aberrations, b.imaging.aberrations,
             [](const auto& x, const auto& y) { return x.index == y.index && x.waves == y.waves; }) &&
         a.metrology.threshold == b.metrology.threshold && a.metrology.placement == b.metrology.placement &&
         a.metrology.min_edge_nm == b.metrology.min_edge_nm &&
         a.metrology.max_gauges == b.metrology.max_gauges &&
         all(a.metrology.gauges, b.metrology.gauges, [](const auto& x, const auto& y) {
           return x.name == y.name && x.x_nm == y.x_nm && x.y_nm == y.y_nm && x.angle_deg == y.angle_deg &&
                  x.length_nm == y.length_nm && x.feature == y.feature && x.target_cd_nm == y.target_cd_nm;
         });
}

/// A job with every number drawn at random within its range.
class RandomJob {
 public:
  explicit RandomJob(std::uint64_t seed) : random_(seed) {}

  Job operator()(const std::string& layout_file) {
    Job job;
    job.title = text();
    if (coin()) {
      job.layout.file = layout_file;
      job.layout.cell = text();
      job.layout.layer = integer(0, 65535);
      job.layout.datatype = integer(0, 65535);
      if (coin()) job.layout.window_nm = {number(-100, 0), number(-1e6, 0), number(1, 100), number(1, 1e6)};
      job.layout.boundary = static_cast<layout::Boundary>(integer(0, 1));
      job.layout.guard_nm = number(0, 1e4);
    } else {
      job.mask.period_x_nm = number(1, 1000);
      job.mask.period_y_nm = number(1, 1000);
      for (int n = integer(1, 3); n > 0; --n)
        job.mask.rectangles.push_back({number(-10, 0), number(-10, 0), number(1, 10), number(1, 10)});
      for (int n = integer(0, 2); n > 0; --n)
        job.mask.polygons.push_back(
            {{number(-9, 9), number(-9, 9), number(-9, 9)}, {number(-9, 9), 0, -0.0}});
    }
    auto& source = job.source;
    constexpr std::array kKinds{source::SourceKind::undulator, source::SourceKind::lpp,
                                source::SourceKind::monochromatic};
    source.kind = kKinds[static_cast<std::size_t>(integer(0, 2))];
    source.wavelength_nm = number(1, 200);
    if (source.kind == source::SourceKind::undulator) {
      source.beam = {.beam_energy_gev = number(0.1, 10), .beam_current_a = number(0.1, 1)};
      source.undulator = {.period_mm = number(1, 100),
                          .n_periods = integer(1, 1000),
                          .deflection_k = number(0, 5),
                          .harmonic = 2 * integer(0, 5) + 1,
                          .acceptance_half_angle_urad = number(1, 1000)};
    }
    if (source.kind == source::SourceKind::lpp)
      source.lpp = {.power_if_w = number(1, 1e4),
                    .repetition_rate_khz = number(1, 1e3),
                    .conversion_efficiency = number(0.01, 1),
                    .collector_transmission = number(0.01, 1),
                    .n_mirrors = integer(0, 20)};
    if (source.kind == source::SourceKind::monochromatic) source.monochromatic.power_w = number(0.1, 1e5);
    auto& light = job.illuminator;
    light.shape = static_cast<illuminator::Shape>(integer(0, 4));
    light.sigma_inner = number(0, 0.5);
    light.sigma_outer = number(0.51, 1);
    light.opening_deg = number(1, 180);
    light.rotation_deg = number(-360, 360);
    light.leaf_offset_sigma = number(0.1, 1);  // leaves remain with every sigma_outer above
    light.grid_points = integer(3, 1001);
    auto& mask = job.mask;
    mask.tone = static_cast<mask::Tone>(integer(0, 1));
    mask.edge_bias_nm = number(-10, 10);
    mask.amplitudes = static_cast<mask::Amplitudes>(integer(0, 1));
    mask.open_amplitude = {number(0.1, 0.7), coin() ? 0 : number(-0.7, 0.7)};
    mask.absorber_amplitude = {number(-0.7, 0.7), number(-0.7, 0.7)};
    mask.stack.absorber.clear();
    for (int n = integer(0, 3); n > 0; --n)
      mask.stack.absorber.push_back({.material = "TaBN", .thickness_nm = number(0, 100)});
    mask.stack.cap_material = "Si";
    mask.stack.cap_thickness_nm = number(0, 5);
    mask.stack.n_bilayers = integer(0, 60);
    mask.stack.spacer_material = "Mo";
    mask.stack.spacer_thickness_nm = number(0, 5);
    mask.stack.reflector_material = "Si";
    mask.stack.reflector_thickness_nm = number(0, 5);
    mask.stack.substrate_material = "Si";
    mask.stack.roughness_nm = number(0, 1);
    mask.stack.incidence_deg = number(0, 89);
    job.imaging.na = number(0.05, 0.95);
    job.imaging.focus_nm = number(-500, 500);
    job.imaging.output_pitch_nm = number(0.01, 10);
    for (int n = integer(0, 3); n > 0; --n)
      job.imaging.aberrations.push_back({integer(1, 37), number(-1, 1)});
    job.metrology.threshold = number(0.01, 1);
    job.metrology.placement = static_cast<metrology::GaugePlacement>(integer(0, 2));
    job.metrology.min_edge_nm = number(0, 100);
    job.metrology.max_gauges = integer(0, 1000);
    for (int n = integer(0, 3); n > 0; --n) {
      metrology::Gauge gauge;
      gauge.name = "gauge " + std::to_string(n) + text();
      gauge.x_nm = number(-1e6, 1e6);
      gauge.y_nm = number(-1e6, 1e6);
      gauge.angle_deg = number(-360, 360);
      gauge.length_nm = number(1, 1000);
      gauge.feature = static_cast<metrology::Feature>(integer(0, 1));
      if (coin()) gauge.target_cd_nm = number(1, 100);
      job.metrology.gauges.push_back(gauge);
    }
    return job;
  }

 private:
  double number(double low, double high) {
    const double value = std::uniform_real_distribution<double>(low, high)(random_);
    const double round = std::round(value * 4) / 4;  // short numbers too
    return coin() || round <= low || round >= high ? value : round;
  }
  int integer(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  bool coin() { return (random_() & 1U) != 0; }
  std::string text() {
    static const std::vector<std::string> letters = {"a",  "Z",  "9", " ", "\"", "\\",
                                                     "\n", "\t", "#", "µ", "=",  "'"};
    std::string out;
    for (int n = integer(0, 8); n > 0; --n) out += letters[static_cast<std::size_t>(integer(0, 11))];
    return out;
  }
  std::mt19937_64 random_;
};

}  // namespace

TEST_CASE("job: what is not written has its default", "[unit][job]") {
  const JobFolder folder;
  const Job job = folder.read(kShapes).job;
  Job expected;
  expected.mask.period_x_nm = expected.mask.period_y_nm = 36;
  expected.mask.rectangles = {{9, 0, 27, 36}};
  CHECK(same(job, expected));
  CHECK(job.mask.stack.absorber.size() == 1);
}

TEST_CASE("job: values of every type reach their members", "[unit][job]") {
  const JobFolder folder;
  folder.write("masks/a.gds", "x");
  const auto read = folder.read(
      "title = \"a title\"\n"
      "[layout]\nfile = \"masks/a.gds\"\ncell = \"TOP\"\nlayer = 17\nwindow_nm = [0, 0, 100.5, 200]\n"
      "boundary = \"periodic\"\n"
      "[source]\nkind = \"lpp\"\n[source.lpp]\nn_mirrors = 12.0\n"
      "[illuminator]\nshape = \"quasar\"\nopening_deg = 40\n"
      "[mask]\ntone = \"bright_field\"\namplitudes = \"given\"\nopen_amplitude = 0.8\nabsorber_amplitude = "
      "[-0.1, 0.05]\n"
      "[[mask.absorber]]\nmaterial = \"TaBN\"\nthickness_nm = 2\n[[mask.absorber]]\nmaterial = "
      "\"Ru\"\nthickness_nm = 33\n"
      "[imaging]\nna = 0.55\nfocus_nm = 20\n[[imaging.aberration]]\nindex = 9\nwaves = 0.02\n"
      "[metrology]\nplacement = \"given\"\n"
      "[[metrology.gauge]]\nname = \"one\"\nx_nm = 1\ny_nm = 2\nfeature = \"dark\"\ntarget_cd_nm = 16\n");
  const Job& job = read.job;
  CHECK(job.title == "a title");
  CHECK(job.layout.file == (folder.path() / "masks/a.gds").string());
  CHECK(job.layout.layer == 17);
  CHECK(job.layout.window_nm == std::vector<double>{0, 0, 100.5, 200});
  CHECK(job.layout.boundary == layout::Boundary::periodic);
  CHECK(job.source.kind == source::SourceKind::lpp);
  CHECK(job.source.lpp.n_mirrors == 12);
  CHECK(job.illuminator.shape == illuminator::Shape::quasar);
  CHECK(job.mask.tone == mask::Tone::bright_field);
  CHECK(job.mask.open_amplitude == std::complex<double>(0.8, 0));
  CHECK(job.mask.absorber_amplitude == std::complex<double>(-0.1, 0.05));
  REQUIRE(job.mask.stack.absorber.size() == 2);
  CHECK(job.mask.stack.absorber[1].material == "Ru");
  CHECK(job.mask.stack.absorber[1].thickness_nm == 33);
  CHECK(job.imaging.na == 0.55);
  REQUIRE(job.imaging.aberrations.size() == 1);
  CHECK(job.imaging.aberrations[0].waves == 0.02);
  REQUIRE(job.metrology.gauges.size() == 1);
  CHECK(job.metrology.gauges[0].feature == metrology::Feature::dark);
  CHECK(job.metrology.gauges[0].target_cd_nm == 16.0);
  CHECK(job.metrology.gauges[0].length_nm == 100);
  CHECK(read.warnings.empty());
}

TEST_CASE("job: a base is merged below, the names in it are relative to it", "[unit][job]") {
  const JobFolder folder;
  folder.write("base/masks/a.gds", "x");
  folder.write(
      "base/base.toml",
      "[layout]\nfile = \"masks/a.gds\"\nlayer = 5\n[imaging]\nna = 0.33\nfocus_nm = 10\n"
      "[[imaging.aberration]]\nindex = 9\nwaves = 0.1\n[[imaging.aberration]]\nindex = 7\nwaves = 0.1\n");
  folder.write("middle.toml", "extends = \"base/base.toml\"\n[imaging]\nna = 0.55\n");
  const Job job =
      folder
          .read(
              "extends = \"middle.toml\"\n[imaging]\nfocus_nm = 30\n[[imaging.aberration]]\nindex = 5\n"
              "waves = 0.2\n")
          .job;
  CHECK(job.layout.file == (folder.path() / "base/masks/a.gds").string());
  CHECK(job.layout.layer == 5);
  CHECK(job.imaging.na == 0.55);
  CHECK(job.imaging.focus_nm == 30);
  REQUIRE(job.imaging.aberrations.size() == 1);
  CHECK(job.imaging.aberrations[0].index == 5);
}

TEST_CASE("job: a file that others extend twice each is read once", "[unit][job]") {
  const JobFolder folder;
  constexpr int kLevels = 40;  // 2^40 reads otherwise
  for (int i = 0; i < kLevels; ++i)
    folder.write(fmt::format("{}.toml", i), fmt::format("extends = [\"{0}.toml\", \"{0}.toml\"]\n", i + 1));
  folder.write(fmt::format("{}.toml", kLevels), "[imaging]\nna = 0.55\n");
  CHECK(folder.read("extends = \"0.toml\"\n" + kShapes).job.imaging.na == 0.55);
}

TEST_CASE("job: arguments lie on top of the file", "[unit][job]") {
  const JobFolder folder;
  const Job job = folder
                      .read(kShapes + "[imaging]\nna = 0.33\n", {{"imaging.na", "0.55"},
                                                                 {"illuminator.shape", "dipole"},
                                                                 {"source.kind", "\"lpp\""},
                                                                 {"title", "by hand"},
                                                                 {"mask.absorber", "[]"},
                                                                 {"imaging.na", "0.5"}})
                      .job;
  CHECK(job.imaging.na == 0.5);
  CHECK(job.illuminator.shape == illuminator::Shape::dipole);
  CHECK(job.source.kind == source::SourceKind::lpp);
  CHECK(job.title == "by hand");
  CHECK(job.mask.stack.absorber.empty());
  CHECK(job.mask.rectangles.size() == 1);
}

TEST_CASE("job: keys without effect are warned about", "[unit][job]") {
  const JobFolder folder;
  const auto warnings = folder
                            .read(
                                "[source]\nkind = \"lpp\"\n[source.undulator]\nperiod_mm = "
                                "20\n[illuminator]\nshape = \"annular\"\n"
                                "opening_deg = 30\n[layout]\nlayer = 7\n" +
                                kShapes)
                            .warnings;
  REQUIRE(warnings.size() == 3);
  CHECK(contains(warnings[0], "job.toml:3:1: warning: [source.undulator] has no effect"));
  CHECK(contains(warnings[1], "job.toml:7:15: warning: illuminator.opening_deg has no effect"));
  CHECK(contains(warnings[2], "job.toml:9:9: warning: layout.layer has no effect (there is no layout.file)"));
  // What a resolved job holds anyway is not worth a word.
  CHECK(folder.read("[illuminator]\nopening_deg = 45\n[layout]\nfile = \"\"\nlayer = 1\n" + kShapes)
            .warnings.empty());
}

TEST_CASE("job: poles so wide that they make a ring are warned about", "[unit][job]") {
  const JobFolder folder;
  const auto warnings =
      folder.read("[illuminator]\nshape = \"quasar\"\nopening_deg = 90\n" + kShapes).warnings;
  REQUIRE(warnings.size() == 1);
  CHECK(contains(warnings[0], "job.toml:3:15: warning: illuminator.opening_deg = 90 makes a full ring"));
  CHECK(folder.read("[illuminator]\nshape = \"quasar\"\nopening_deg = 89\n" + kShapes).warnings.empty());
  CHECK(folder.read("[illuminator]\nshape = \"dipole\"\n" + kShapes).warnings.empty());
  CHECK(folder.read("[illuminator]\nshape = \"quasar\"\n" + kShapes).warnings.empty());
  CHECK(folder.read("[illuminator]\nshape = \"dipole\"\nopening_deg = 180\n" + kShapes).warnings.size() == 1);
}

TEST_CASE("job: points of the illuminator come from a table", "[unit][job]") {
  const JobFolder folder;
  folder.write("points.csv",
               "# two poles\nsigma_x, sigma_y, weight, s1, s2, s3\n0.7,0,1,0,0,1\n-0.7,0.1,0.5,0,0,0\n");
  const std::string text = "[illuminator]\nshape = \"points\"\npoints_file = \"points.csv\"\n" + kShapes;
  const Job job = folder.read(text).job;
  REQUIRE(job.illuminator.points.size() == 2);
  CHECK(job.illuminator.points[0].sigma_x == 0.7);
  CHECK(job.illuminator.points[0].stokes.s3 == 1);
  CHECK(job.illuminator.points[1].sigma_y == 0.1);
  CHECK(job.illuminator.points[1].weight == 0.5);
  folder.write("points.csv", "sigma_x,sigma_y,weight\n0.1,0,1\n0.9,0.9,1\n");
  CHECK(contains(
      folder.error(text),
      "job.toml:3:15: error: illuminator.points_file: line 3 of points.csv: the point lies outside"));
  folder.write("points.csv", "sigma_x,weight\n0.1,1\n");
  CHECK(contains(folder.error(text), "sigma_y"));
  folder.write("points.csv", "sigma_x,sigma_y,weight\n0.1,0,0\n");
  CHECK(contains(folder.error(text), "line 2 of points.csv: weight = 0 (must be in (0"));
  folder.write("points.csv", "sigma_x,sigma_y,weight\n0.1,0,1e308\n");
  CHECK(contains(folder.error(text), "weight = 1e+308"));
  folder.write("points.csv", "sigma_x,sigma_y,weight,s1,s2,s3\n0.1,0,1,0.9,0.9,0\n");
  CHECK(contains(folder.error(text), "must not exceed 1"));
}

TEST_CASE("job: points in columns of blanks, without a header, on the rim", "[unit][job]") {
  const JobFolder folder;
  const std::string text = "[illuminator]\nshape = \"points\"\npoints_file = \"points.txt\"\n" + kShapes;
  folder.write("points.txt", "0.7 0 1\n-0.7 0 1\n");
  const auto points = folder.read(text).job.illuminator.points;
  REQUIRE(points.size() == 2);
  CHECK(points[0].sigma_x == 0.7);
  CHECK(points[1].sigma_x == -0.7);
  CHECK(points[1].weight == 1);
  // Six digits of a point on the rim, and of fully polarised light, round outwards.
  folder.write("points.txt", "0.707107 0.707107 1 0.707107 0.707107 0\n");
  const auto rim = folder.read(text).job.illuminator.points.at(0);
  CHECK(std::hypot(rim.sigma_x, rim.sigma_y) <= 1 + 1e-12);
  CHECK(std::hypot(rim.stokes.s1, rim.stokes.s2) <= 1 + 1e-12);
  folder.write("points.txt", "0.7 0\n");
  CHECK(
      contains(folder.error(text), "no header (the first line is a row of numbers, 2 of them, not 3 or 6)"));
}

TEST_CASE("job: values of tables have the ranges of their keys", "[unit][job]") {
  const JobFolder folder;
  const std::string slit =
      "[imaging]\naberration_table_file = \"slit.csv\"\nslit_position_mm = [0]\n" + kShapes;
  folder.write("slit.csv", "position_mm,fringe_9\n-13,0.01\n13,1e308\n");
  CHECK(contains(folder.error(slit), "line 3 of slit.csv: fringe_9 = 1e+308 (must be in [-10, 10])"));
  folder.write("slit.csv", "position_mm,azimuth_deg\n-13,0\n13,500\n");
  CHECK(contains(folder.error(slit), "line 3 of slit.csv: azimuth_deg = 500 (must be in [-180, 180])"));
  folder.write("slit.csv", "position_mm,fringe_9\n-1e300,0.01\n13,0.01\n");
  CHECK(contains(folder.error(slit), "line 2 of slit.csv: position_mm = -1e+300"));
  const std::string map = "[imaging]\nphase_map_file = \"map.csv\"\n" + kShapes;
  folder.write("map.csv",
               "pupil_x,pupil_y,phase_waves\n-0.5,-0.5,0\n0.5,-0.5,0\n-0.5,0.5,0\n0.5,0.5,1e300\n");
  CHECK(contains(folder.error(map), "phase_waves = 1e+300 (must be in [-1000, 1000])"));
}

TEST_CASE("job: wavefronts of design programs, and maps of the disc alone", "[unit][job]") {
  const JobFolder folder;
  const auto map_of = [&](const std::string& key, const std::string& file, const std::string& text) {
    folder.write(file, text);
    return folder.read("[imaging]\n" + key + " = \"" + file + "\"\n" + kShapes).job.imaging;
  };
  constexpr int kSide = 9;
  // A tilt of 0.05 waves along x and 0.01 along y at the rim.
  const auto waves = [](double x, double y) { return 0.05 * x + 0.01 * y; };
  const auto at = [](int i) { return -1 + 2.0 * i / (kSide - 1); };
  const auto check = [&](const Field2D<double>& map, double rounding) {
    REQUIRE(map.nx() == kSide);
    for (int iy = 0; iy < kSide; ++iy)
      for (int ix = 0; ix < kSide; ++ix)
        if (std::hypot(at(ix), at(iy)) <= 0.9)
          CHECK(map(iy, ix) == Approx(waves(map.grid().x(ix), map.grid().y(iy))).margin(rounding));
  };
  // Code V: from the top to the bottom, 10000 per wave of 13.5 nm, no data outside of the disc.
  std::string code_v = "! measured\ntilt of 50 mwaves\nGRD 9 9 WFR WVL 0.0135 SSZ 10000 NDA -32768\n";
  std::string zemax = "! nx ny delx dely unitflag xdec ydec\n9 9 0.5 0.5 0 0 0\n",
              disc = "pupil_x,pupil_y,phase_waves\n", blanks;
  for (int row = 0; row < kSide; ++row) {
    for (int ix = 0; ix < kSide; ++ix) {
      const double x = at(ix), y = at(kSide - 1 - row);
      const bool inside = std::hypot(x, y) <= 1;
      code_v +=
          fmt::format(" {}", inside && std::hypot(x, y) < 0.99 ? std::lround(1e4 * waves(x, y)) : -32768);
      zemax += fmt::format("{:.9E} 0 0 0 {}\n", 2 * 3.14159265358979 * waves(x, y), inside ? 0 : 1);
      if (inside) disc += fmt::format("{},{},{}\n", x, y, waves(x, y));
      blanks += fmt::format("{} {} {}\n", x, y, inside ? fmt::format("{}", waves(x, y)) : "nan");
    }
    code_v += "\n";
  }
  check(map_of("phase_map_file", "tilt.int", code_v).phase_map, 1e-4);
  check(map_of("phase_map_file", "tilt.dat", zemax).phase_map, 1e-8);
  check(map_of("phase_map_file", "disc.csv", disc).phase_map, 1e-12);
  check(map_of("phase_map_file", "blanks.txt", "pupil_x pupil_y phase_waves\n" + blanks).phase_map, 1e-12);
  // A wavelength of its own; a filter of intensity gives the amplitude.
  std::string helium = code_v;
  helium.replace(helium.find("0.0135"), 6, "0.6328");
  CHECK(map_of("phase_map_file", "tilt.int", helium).phase_map(4, 6) == Approx(0.025 * 632.8 / 13.5));
  std::string filter = "filter\nGRD 4 4 FIL SSZ 1000\n";
  for (int i = 0; i < 16; ++i) filter += "640 ";
  CHECK(map_of("amplitude_map_file", "filter.int", filter).amplitude_map(1, 2) == Approx(0.8));

  const auto refusal = [&](const std::string& text) {
    folder.write("bad.int", text);
    return folder.error("[imaging]\nphase_map_file = \"bad.int\"\n" + kShapes);
  };
  CHECK(contains(refusal(filter), "the grid is FIL (must be a wavefront, WFR)"));
  CHECK(contains(refusal("t\nGRD 4 4 SUR WVL 0.0135 SSZ 1\n"), "export the wavefront (WFR)"));
  CHECK(contains(refusal("t\nGRD 4 5 WFR WVL 0.0135 SSZ 1\n"), "must be square"));
  CHECK(contains(refusal("t\nGRD 4 4 WFR WVL 0.0135 SSZ 1\n1 2 3\n"), "3 samples (a grid of 4 x 4 has 16)"));
  CHECK(contains(refusal("t\nGRD 4 4 WFR WVL 0.0135 SSZ 0\n"), "SSZ = 0 (must be > 0)"));
  CHECK(contains(refusal("t\nZFR 37 WFR WVL 0.0135\n"), "Zernike coefficients"));
  CHECK(contains(refusal("pupil_x,pupil_y,phase_waves\n-0.5,-0.5,0\n0.5,-0.5,0\n-0.5,0.5,0\n-0.5,0.5,0\n"),
                 "is given twice"));
}

TEST_CASE("job: numbers of the command line are decimal", "[unit][job]") {
  const JobFolder folder;
  const auto na = [&](const std::string& value) {
    return folder.read(kShapes, {{"imaging.na", value}}).job.imaging.na;
  };
  CHECK(na("00.33") == 0.33);
  CHECK(na(".33") == 0.33);
  CHECK(folder.read(kShapes, {{"illuminator.grid_points", "021"}}).job.illuminator.grid_points == 21);
  CHECK(contains(folder.error(kShapes, {{"imaging.na", "1e400"}}),
                 "imaging.na = \"1e400\" (must be below 1.8e308, as every number)"));
  CHECK(contains(folder.error(kShapes, {{"imaging.na", "99999999999999999999"}}), "must be in (0, 4)"));
  CHECK(contains(folder.error(kShapes, {{"mask.absorber.thickness_nm", "30"}}),
                 "--set 'mask.absorber=[{material = \"NAME\", thickness_nm = 30}]'"));
  CHECK(folder.read(kShapes, {{"mask.absorber", "[{material = \"TaBN\", thickness_nm = 30}]"}})
            .job.mask.stack.absorber.at(0)
            .thickness_nm == 30);
  CHECK(contains(folder.error("[imaging]\nna = 1e400\n" + kShapes), "a number is at most 1.8e308"));
  CHECK(contains(folder.error("[imaging]\nna = 99999999999999999999\n" + kShapes), "with an exponent: 1.0"));
  CHECK(
      contains(folder.error("[imaging]\nna = 010\n" + kShapes), "leave out the zeros before the number: 10"));
}

TEST_CASE("job: the map of the illuminator is a picture with its top at the largest y", "[unit][job]") {
  const JobFolder folder;
  const auto text = [](const std::string& file) {
    return "[illuminator]\nshape = \"map\"\nmap_file = \"" + file + "\"\n" + kShapes;
  };
  // One bright pixel in the upper left corner of a 2 by 2 picture.
  io::write_png(folder.path() / "pupil.png", {2, 2, {255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0}});
  const Field2D<double> map = folder.read(text("pupil.png")).job.illuminator.map;
  CHECK(map.grid() == Grid2D{Plane::pupil, 2, 2, -0.5, -0.5, 1, 1});  // cells that tile [-1, 1]
  CHECK(map(1, 0) == 1);
  CHECK(map(0, 0) == 0);
  CHECK(map(1, 1) == 0);

  const std::vector<double> values = {0, 3, 0, 0};  // row 0 of an array is the smallest y
  io::write_npy(folder.path() / "pupil.npy", values, {2, 2});
  CHECK(folder.read(text("pupil.npy")).job.illuminator.map(0, 1) == 3);
  io::write_npy(folder.path() / "pupil.npy", values, {1, 4});
  CHECK(contains(folder.error(text("pupil.npy")), "4 by 1 (the pupil from -1 to 1 must be square)"));
  io::write_npy(folder.path() / "pupil.npy", values, {4});
  CHECK(contains(folder.error(text("pupil.npy")), "has 1 axes (must be 2)"));
  io::write_npy(folder.path() / "pupil.npy", std::vector<double>{0, -1, 1, 1}, {2, 2});
  CHECK(contains(folder.error(text("pupil.npy")), "finite values >= 0"));
  io::write_npy(folder.path() / "pupil.npy", std::vector<double>(4, 0.0), {2, 2});
  CHECK(contains(folder.error(text("pupil.npy")), "at least one of them > 0"));
  // NaN outside of the disc is darkness; within it is a gap.
  const double nan = std::nan("");
  std::vector<double> disc(16, 1.0);
  for (const std::size_t corner : {0, 3, 12, 15}) disc[corner] = nan;
  write_any_npy(folder.path() / "pupil.npy", disc, {4, 4});
  CHECK(folder.read(text("pupil.npy")).job.illuminator.map(0, 0) == 0);
  disc[5] = nan;
  write_any_npy(folder.path() / "pupil.npy", disc, {4, 4});
  CHECK(contains(folder.error(text("pupil.npy")), "finite values >= 0"));
}

TEST_CASE("job: a damaged job is refused or read, never worse", "[property][job]") {
  const JobFolder folder;
  std::mt19937_64 random(11);
  const std::string letters = "\n\t =[]{}\"'.#-+0123456789eaxn_\\,\xc3\xff";
  int refused = 0;
  for (int i = 0; i < 600; ++i) {
    const auto& starts = job::job_templates();
    std::string text = starts[random() % starts.size()].text;
    for (auto n = random() % 4 + 1; n > 0; --n) {
      const std::size_t at = random() % text.size();
      switch (random() % 3) {
        case 0:
          text[at] = letters[random() % letters.size()];
          break;
        case 1:
          text.erase(at, random() % 30);
          break;
        default:
          text.insert(at, 1, letters[random() % letters.size()]);
      }
    }
    CAPTURE(text);
    try {
      const Job job = folder.read(text).job;
      CHECK(same(job, folder.read(job::resolved_job(job, folder.path())).job));
    } catch (const InputError& error) {
      ++refused;
      CHECK(contains(error.what(), "job.toml"));
    }
  }
  CHECK(refused > 100);
}

TEST_CASE("job: the resolved text is complete and stable", "[unit][job]") {
  const JobFolder folder;
  folder.write("masks/a.gds", "x");
  const Job job = folder.read("[layout]\nfile = \"masks/a.gds\"\n[mask]\nabsorber = []\n").job;
  const std::string text = job::resolved_job(job, folder.path() / "out" / "run");
  CHECK(contains(text, "file = \"../../masks/a.gds\"\n"));
  CHECK(contains(text, "absorber = []\n"));
  CHECK(contains(text, "na = 0.33\n"));
  CHECK(contains(text, "[source.undulator]\n"));
  CHECK(!contains(text, "[source.lpp]"));
  for (const auto& table : job::job_tables()) {
    // Of the kinds of source and of resist only the one in use is written.
    const bool other_kind =
        table.name.starts_with("source.") && table.name != "source.beam" && table.name != "source.undulator";
    const bool other_resist = table.name.starts_with("resist.") || table.name == "stochastics";
    if (table.array || other_kind || other_resist || table.name == "sweep") continue;
    for (const auto& key : table.keys)
      if (!job::default_text(key).empty()) CHECK(contains(text, "\n" + key.name + " = "));
  }
}

TEST_CASE("job: the points of a sweep are written, and are no part of what identifies a job", "[unit][job]") {
  const JobFolder folder;
  const auto with = [&folder](const std::string& sweep) {
    return folder.read(
        "[mask]\nperiod_x_nm = 16\nperiod_y_nm = 16\n[[mask.rectangle]]\nx0_nm = 0\nx1_nm = 8\ny0_nm = 0\ny1_nm = 8\n" +
        sweep);
  };
  const Job plain = with("").job;
  CHECK(!contains(job::resolved_job(plain, folder.path()), "[sweep]"));
  const Job job = with(
                      "[sweep]\npoints = \"in_step\"\n[[sweep.vary]]\nkey = \"imaging.na\"\n"
                      "values = \"0.3,0.33\"\n")
                      .job;
  const std::string text = job::resolved_job(job, folder.path());
  CHECK(contains(text, "[sweep]\npoints = \"in_step\"\n"));
  CHECK(contains(text, "[[sweep.vary]]\nkey = \"imaging.na\"\nvalues = \"0.3,0.33\"\n"));
  CHECK(folder.read(text).job.sweep.vary.size() == 1);
  CHECK(job::job_hash(job) == job::job_hash(plain));
  // A table that varies nothing is of no use.
  const auto warnings = with("[sweep]\nn_samples = 3\n").warnings;
  REQUIRE(warnings.size() == 1);
  CHECK(contains(warnings[0], "[sweep] has no effect (it varies nothing"));
}

TEST_CASE("job: resolved jobs read back equal and write the same bytes", "[property][job]") {
  const JobFolder folder;
  const std::string layout = folder.write("masks/some layout.gds", "x").string();
  RandomJob random_job(20240607);
  for (int i = 0; i < 200; ++i) {
    const Job job = random_job(layout);
    const std::string text = job::resolved_job(job, folder.path());
    CAPTURE(text);
    const Job back = folder.read(text).job;
    REQUIRE(same(job, back));
    REQUIRE(job::resolved_job(back, folder.path()) == text);
    REQUIRE(job::job_hash(back) == job::job_hash(job));
  }
}

TEST_CASE("job: the hash follows the values, not the folder", "[unit][job]") {
  const JobFolder here, there;
  for (const auto* folder : {&here, &there}) folder->write("a.gds", "x");
  const std::string text = "[layout]\nfile = \"a.gds\"\n";
  const std::string hash = job::job_hash(here.read(text).job);
  CHECK(hash.size() == 16);
  CHECK(hash.find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(job::job_hash(there.read(text).job) == hash);
  CHECK(job::job_hash(here.read(text, {{"imaging.na", "0.33"}}).job) == hash);
  CHECK(job::job_hash(here.read(text, {{"imaging.na", "0.34"}}).job) != hash);
}

TEST_CASE("job: a material may be a table or a formula", "[unit][job]") {
  const JobFolder folder;
  const std::string job = kShapes + "[[mask.absorber]]\nthickness_nm = 60\nmaterial = ";
  folder.write("films/tabn.csv", "wavelength_nm,n,k\n13,0.957,0.03\n14,0.955,0.03\n");
  const job::Job read = folder.read(job + "\"films/tabn.csv\"\n").job;
  const std::string file = (folder.path() / "films/tabn.csv").string();
  CHECK(read.mask.stack.absorber.at(0).material == file);
  CHECK(folder.read(job + "\"Ta2O5@8.2\"\n").job.mask.stack.absorber.at(0).material == "Ta2O5@8.2");

  // The resolved job names the table from where it lies, and means the same.
  const std::string resolved = job::resolved_job(read, folder.path() / "results");
  CHECK(contains(resolved, "material = \"../films/tabn.csv\""));
  folder.write("results/job.toml", resolved);
  const job::Job again = job::read_job(folder.path() / "results/job.toml").job;
  CHECK(again.mask.stack.absorber.at(0).material == file);
  CHECK(job::job_hash(again) == job::job_hash(read));
  // The content of the table is part of the hash.
  folder.write("films/tabn.csv", "wavelength_nm,n,k\n13,0.957,0.031\n14,0.955,0.031\n");
  CHECK(job::job_hash(again) != job::job_hash(folder.read(job + "\"Ta2O5@8.2\"\n").job));
  const std::string changed = job::job_hash(read);
  folder.write("films/tabn.csv", "wavelength_nm,n,k\n13,0.957,0.032\n14,0.955,0.032\n");
  CHECK(job::job_hash(read) != changed);

  // Errors stand at the key.
  folder.write("bad.csv", "wavelength_nm,n,k\n13,0.957,0.03\n12,0.955,0.03\n");
  CHECK(contains(folder.error(job + "\"bad.csv\"\n"), "mask.absorber[1].material = "));
  CHECK(contains(folder.error(job + "\"bad.csv\"\n"), "bad.csv:3: wavelength_nm = 12 (must ascend"));
  CHECK(contains(folder.error(job + "\"none.csv\"\n"), "no such file"));
  CHECK(contains(folder.error(job + "\"Ta2Oo5@8\"\n"), "character 4"));
  CHECK(contains(
      folder.error(kShapes +
                   "[[beamline.mirror]]\nname = \"M\"\ncoating = \"grazing\"\nmaterial = \"Ru@99\"\n"),
      "beamline.mirror[1].material = \"Ru@99\" (density '99' of Ru"));
}
