// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cfenv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

#include "undulith/core/error.hpp"
#include "undulith/source/source.hpp"

using namespace undulith;
using namespace undulith::source;
using Catch::Matchers::Contains;

namespace {

namespace fs = std::filesystem;

/// A file with this content, gone at the end.
class Scratch {
 public:
  explicit Scratch(const std::string& name, const std::string& text = "")
      : path_(fs::temp_directory_path() / (std::to_string(::getpid()) + "-undulith-light-" + name)) {
    std::ofstream(path_, std::ios::binary) << text;
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { fs::remove(path_); }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

ImportedLight read(const std::string& text, const ImportOptions& options = {}) {
  const Scratch file("a.dat", text);
  return read_light(file.path(), options);
}

/// SRW's own layout: energy fastest, then x, then y, then the Stokes component.
std::string srw(int ne, int nx, int ny, int components, const std::string& unit = "ph/s/.1%bw/mm^2") {
  std::string text = "#Intensity [" + unit +
                     "] (C-aligned, inner loop is vs Photon Energy, outer loop vs Vertical Position)\n";
  const auto line = [&](double value, const char* what) {
    text += "#" + std::to_string(value) + " #" + what + "\n";
  };
  const auto count = [&](int value, const char* what) {
    text += "#" + std::to_string(value) + " #" + what + "\n";
  };
  line(91, "Initial Photon Energy [eV]");
  line(ne > 1 ? 93 : 91, "Final Photon Energy [eV]");
  count(ne, "Number of points vs Photon Energy");
  line(nx > 1 ? -0.002 : 0, "Initial Horizontal Position [m]");
  line(nx > 1 ? 0.002 : 0, "Final Horizontal Position [m]");
  count(nx, "Number of points vs Horizontal Position");
  line(ny > 1 ? -0.001 : 0, "Initial Vertical Position [m]");
  line(ny > 1 ? 0.001 : 0, "Final Vertical Position [m]");
  count(ny, "Number of points vs Vertical Position");
  if (components > 1) count(components, "Number of components");
  for (int c = 0; c < components; ++c)
    for (int y = 0; y < ny; ++y)
      for (int x = 0; x < nx; ++x)
        for (int e = 0; e < ne; ++e)
          text += " " + std::to_string(c == 0 ? 1000.0 + 100 * y + 10 * x + e : c == 1 ? 500.0 : 0.0) + "\n";
  return text;
}

const std::string kSpectra = R"json({"Input": {}, "Output": {"dimension": 1,
 "titles": ["Energy", "Flux Density", "GA. Brilliance", "PL(s1/s0)", "PC(s3/s0)", "PL45(s2/s0)"],
 "units": ["eV", "ph/s/mr^2/0.1%B.W.", "ph/s/mm^2/mr^2/0.1%B.W.", "", "", ""],
 "data": [[90, 91, 92], [1e14, 2e14, 1e14], [1, 1, 1], [0.9, 0.8, 0.7], [0.1, 0.2, 0.3], [0, 0.1, 0]]}})json";

}  // namespace

TEST_CASE("import: SRW's own sample", "[validation][source]") {
  const fs::path sample = UNDULITH_SOURCE_DIR "/tests/reference/source/sample_srw_spectrum.dat";
  const ImportedLight light = read_light(sample, {.observation_distance_m = 20});
  CHECK(light.format == LightFormat::srw);
  REQUIRE(light.spectral_density.size() == 3);
  CHECK(light.photon_energy_ev[1] == Approx(91.8401469875557).epsilon(1e-12));
  // mm^2 at 20 m are 1/400 mrad^2.
  CHECK(light.spectral_density[1] == Approx(48446951424.0 * 400).epsilon(1e-14));
  CHECK(light.maps.empty());
  CHECK_THROWS_WITH(read_light(sample, {}), Contains("observation_distance_m is missing"));
}

TEST_CASE("import: SRW maps keep the order of energy, x, y, Stokes", "[unit][source]") {
  const ImportedLight light = read(srw(3, 5, 3, 4), {.observation_distance_m = 10});
  REQUIRE(light.maps.size() == 3);
  const AngularMap& map = light.maps[1];
  REQUIRE(map.s0.nx() == 5);
  REQUIRE(map.s0.ny() == 3);
  CHECK(map.s0.grid().plane == Plane::angle);
  CHECK(map.s0.grid().x0 == Approx(-0.2));  // 2 mm at 10 m
  CHECK(map.s0.grid().dy == Approx(0.1));
  CHECK(light.photon_energy_ev[1] == Approx(92));
  CHECK(map.s0(2, 4) == Approx(100 * (1000 + 200 + 40 + 1)));
  CHECK(map.s1(2, 4) == Approx(100 * 500));
  CHECK(light.maps[2].s0(1, 3) == Approx(100 * (1000 + 100 + 30 + 2)));
  CHECK(light.spectral_density[2] == Approx(100 * (1000 + 100 + 20 + 2)));
  CHECK(light.spectral_stokes[0].s1 == Approx(500.0 / 1120));
  // A spectrum of flux needs no distance.
  CHECK(read(srw(3, 1, 1, 1, "ph/s/.1%bw")).spectral_flux == std::vector<double>{1000, 1001, 1002});
}

TEST_CASE("import: SRW, from one direction to a line of them", "[unit][source]") {
  // The Stokes line is optional, and line ends may be those of another system.
  std::string text = srw(2, 1, 1, 1);
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2)
    text.replace(at, 1, "\r\n");
  CHECK(read(text, {.observation_distance_m = 1}).spectral_density == std::vector<double>{1000, 1001});
  const std::string one = "#1 #Number of components\n";
  text = srw(2, 1, 1, 1);
  text.insert(text.find("#1 #Number of points vs Vertical Position\n") + 42, one);
  const ImportedLight light = read(text, {.observation_distance_m = 1});
  CHECK(light.spectral_density.size() == 2);
  CHECK(light.spectral_stokes.empty());
  // A line of directions is no map: the spectrum is that of its direction nearest to the axis.
  const ImportedLight line = read(srw(2, 5, 1, 1), {.observation_distance_m = 1});
  CHECK(line.maps.empty());
  CHECK(line.spectral_density == std::vector<double>{1020, 1021});
  REQUIRE(line.notes.size() == 3);
  CHECK_THAT(line.notes[2], Contains("not a map"));
  // Half a map, as SRW writes one of a symmetric source: the axis is its first row and the middle column.
  const ImportedLight half = read(
      "#Intensity [ph/s/.1%bw/mm^2] (C-aligned, inner loop is vs Photon Energy, outer loop vs Vertical "
      "Position)\n#91.84014698755574 #Initial Photon Energy [eV]\n#91.84014698755574 #Final Photon Energy "
      "[eV]\n#1 #Number of points vs Photon Energy\n#-0.1 #Initial Horizontal Position [m]\n#0.1 #Final "
      "Horizontal Position [m]\n#3 #Number of points vs Horizontal Position\n#0.0 #Initial Vertical Position "
      "[m]\n#0.1 #Final Vertical Position [m]\n#2 #Number of points vs Vertical Position\n 1033071488.0\n "
      "48446951424.0\n 3.0\n 4.0\n 5.0\n 6.0\n",
      {.observation_distance_m = 1000});
  CHECK(half.spectral_density == std::vector<double>{48446951424.0 * 1e6});
  CHECK(half.maps.at(0).s0(0, 0) == 1033071488.0 * 1e6);
  CHECK(half.maps.at(0).s0(1, 2) == 6e6);
  CHECK(half.maps.at(0).s0.grid().x0 == Approx(-0.1));
  CHECK(half.maps.at(0).s0.grid().dy == Approx(0.1));
  // What single precision adds to full polarisation is taken off.
  text = srw(1, 1, 1, 4);
  text.replace(text.find(" 500.0"), 6, " 1000.0001");
  CHECK(read(text, {.observation_distance_m = 1}).spectral_stokes[0].s1 == Approx(1).epsilon(1e-15));
}

TEST_CASE("import: what of SRW is refused, and where", "[unit][source]") {
  const auto refused = [](const std::string& text, const std::string& words) {
    CAPTURE(words);
    CHECK_THROWS_AS(read(text, {.observation_distance_m = 10}), InputError);
    CHECK_THROWS_WITH(read(text, {.observation_distance_m = 10}), Contains(words));
  };
  const std::string good = srw(2, 1, 1, 1);
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  refused(with("#Intensity", "#Mutual Intensity"), "a.dat:1: a mutual or complex");
  refused(with("#Intensity", "#Complex Mutual Intensity"), "mutual or complex");
  refused(with("ph/s/.1%bw/mm^2", "W/mm^2"), "[W/mm^2] is not read (power");
  refused(with("ph/s/.1%bw/mm^2", "J/eV/mm^2"), "the energy of one pulse");
  refused(with("ph/s/.1%bw/mm^2", "ph/s/.1%bw/mm^2/mrad^2"), "is not read (known are");
  refused(with("[ph/s/.1%bw/mm^2]", ""), "no unit in brackets");
  refused(with("#2 #Number", "#2.5 #Number"), "a.dat:4:");
  refused(with("#2 #Number", "#0 #Number"), "from 1 to");
  refused(with("#2 #Number", "#-2 #Number"), "from 1 to");
  refused(with("#2 #Number", "#1000000000 #Number"), "from 1 to");
  refused(with("#2 #Number", "#1e999 #Number"), "is not a number");
  refused(srw(2, 1, 1, 1).replace(0, 0, "").replace(good.find("#2 #N"), 2, "#1000000"), "it is truncated");
  refused(with(" 1000.000000\n", ""), "after 1 of 2 values; it is truncated");
  refused(good + " 7\n", "more values than the header's 2");
  refused(good.substr(0, good.size() - 1), "no line end");
  refused(with(" 1000.000000", " nan"), "a.dat:11: \"nan\" is not a number");
  refused(with(" 1000.000000", " inf"), "is not a number");
  refused(with(" 1000.000000", " 1000.0 5"), "is not a number");
  refused(with(" 1000.000000", " 1e200"), "larger than");
  refused(with(" 1000.000000", " -1"), "must be >= 0");
  refused(with("#93.000000", "#90.0"), "must ascend");
  refused(with("#93.000000", "#91.0"), "must ascend");
  refused(with("#91.000000", "#-91.0"), "must be > 0");
  refused(with("Initial Photon Energy [eV]", "Initial Photon Energy [keV]"), "must be in [eV]");
  refused(with("Initial Photon Energy [eV]", "Initial Time [s]"), "lacks \"Initial Photon Energy\"");
  refused(with("Horizontal Position [m]", "Horizontal Position [rad]"), "must be in [m]");
  refused(with("#1 #Number of points vs Vertical Position", "#1"), "lacks \"Number of points vs Vertical");
  refused(srw(2, 5, 5, 1, "ph/s/.1%bw"), "has no area");
  std::string text = srw(1, 1, 1, 4);
  refused(text.replace(text.find("#4 #Number"), 2, "#3"), "3 components");
  text = srw(1, 1, 1, 4);
  refused(text.replace(text.find(" 500.0"), 4, " 1500"), "polarisation is above 1");
  // 1e6 by 1e6 points would be 8 TB.
  text = srw(2, 3, 3, 1);
  for (int i = 0; i < 2; ++i) text.replace(text.find("#3 #Number"), 2, "#1000000");
  refused(text, "more than 2e+07");
  CHECK_THROWS_WITH(read(good, {.observation_distance_m = -1}), Contains("= -1 (must be in"));
}

TEST_CASE("import: a file cut anywhere is refused or gives the whole", "[property][source]") {
  const auto same = [](const ImportedLight& a, const ImportedLight& b) {
    const auto equal = [](const Field2D<double>& f, const Field2D<double>& g) {
      return f.grid() == g.grid() && std::equal(f.values().begin(), f.values().end(), g.values().begin());
    };
    return a.photon_energy_ev == b.photon_energy_ev && a.spectral_flux == b.spectral_flux &&
           a.spectral_density == b.spectral_density && a.spectral_stokes == b.spectral_stokes &&
           std::ranges::equal(a.maps, b.maps, [&](const AngularMap& m, const AngularMap& n) {
             return equal(m.s0, n.s0) && equal(m.s1, n.s1) && equal(m.s2, n.s2) && equal(m.s3, n.s3);
           });
  };
  const std::string csv_map =
      "thx_urad,thy_urad,S0,S1,S2,S3\n-1,0,10,1,0,0\n1,0,10,1,0,0\n-1,1,10,1,0,0\n1,1,10,1,0,9\n";
  for (const std::string& whole : {srw(2, 3, 3, 4), srw(3, 1, 1, 1), kSpectra, csv_map}) {
    const ImportOptions options{.observation_distance_m = 10};
    const ImportedLight all = read(whole, options);
    int refused = 0;
    for (std::size_t n = 0; n < whole.size(); ++n) {
      try {
        const ImportedLight light = read(whole.substr(0, n), options);
        INFO(whole.substr(0, n));
        // A CSV file cut in its last number is told by the line end that it lacks, and the user with it.
        CHECK((same(light, all) || light.notes.size() > all.notes.size()));
      } catch (const InputError&) {
        ++refused;
      }
    }
    CHECK(refused >= static_cast<int>(whole.size()) - 3);
  }
  // A spectrum in CSV cut between rows is a shorter spectrum; within a row it is refused or remarked on.
  const std::string spectrum = "E_eV,flux\n91,1000\n92,2000\n";
  CHECK(read(spectrum).notes.empty());
  CHECK_THROWS_AS(read(spectrum.substr(0, spectrum.size() - 6)), InputError);
  CHECK_THAT(read(spectrum.substr(0, spectrum.size() - 2)).notes.at(0), Contains("no line end"));
}

TEST_CASE("import: SPECTRA by title and unit", "[unit][source]") {
  const ImportedLight light = read(kSpectra);
  CHECK(light.format == LightFormat::spectra);
  CHECK(light.spectral_density == std::vector<double>{1e14, 2e14, 1e14});
  CHECK(light.spectral_flux.empty());
  CHECK(light.spectral_stokes[1].s1 == Approx(0.8));
  CHECK(light.spectral_stokes[1].s2 == Approx(0.1));
  CHECK(light.spectral_stokes[1].s3 == Approx(0.2));
  // Densities along one angle, coherent flux and brilliance are other quantities, wherever they stand.
  const ImportedLight flux = read(R"({"Output": {"dimension": 1,
    "titles": ["Energy", "Linear Flux Density", "Coherent Flux", "Brilliance", "Flux"],
    "units": ["eV", "ph/s/mr/0.1%B.W.", "ph/s/0.1%B.W.", "ph/s/mm^2/mr^2/0.1%B.W.", "ph/s/0.1%B.W."],
    "data": [[90, 91], [1, 1], [2, 2], [3, 3], [4, 5]]}})");
  CHECK(flux.spectral_flux == std::vector<double>{4, 5});
  CHECK(flux.spectral_density.empty());
  CHECK(flux.spectral_stokes.empty());
  // With details the data have one block each.
  const ImportedLight detailed = read(R"({"Output": {"dimension": 1, "titles": ["Energy", "Flux"],
    "units": ["eV", "ph/s/0.1%B.W."], "details": ["near", "far"],
    "data": [[[90, 91], [4, 5]], [[90, 91], [6, 7]]]}})");
  CHECK(detailed.spectral_flux == std::vector<double>{4, 5});
  CHECK_THAT(detailed.notes.at(0), Contains("the first, near, is taken"));
  const std::string map_text =
      R"json({"Output": {"dimension": 2, "titles": ["x", "y", "Flux Density", "PL(s1/s0)"],
    "units": ["mm", "mm", "ph/s/mm^2/0.1%B.W.", ""],
    "data": [[-1, 0, 1], [-2, 2], [1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 1, 0.5]]}})json";
  const ImportedLight map = read(map_text, {.observation_distance_m = 10});
  CHECK(map.maps.at(0).s0(1, 0) == Approx(400));
  CHECK(map.maps.at(0).s0.grid().dx == Approx(0.1));
  CHECK(map.maps.at(0).s1(1, 2) == Approx(300));
  CHECK_THROWS_WITH(read(map_text), Contains("observation_distance_m is missing"));
  // Angles need no distance; the axis named y runs along y though it comes first.
  const ImportedLight angles = read(R"({"Output": {"dimension": 2, "titles": ["y'", "x'", "Flux Density"],
    "units": ["mrad", "mrad", "ph/s/mr^2/0.1%B.W."], "data": [[-1, 0, 1], [-2, 2], [1, 2, 3, 4, 5, 6]]}})");
  CHECK(angles.maps.at(0).s0.nx() == 2);
  CHECK(angles.maps.at(0).s0(2, 0) == 3);
  CHECK(angles.maps.at(0).s0(0, 1) == 4);
  CHECK(angles.maps.at(0).s1.empty());
}

TEST_CASE("import: what of SPECTRA is refused, and where", "[unit][source]") {
  const auto refused = [](const std::string& text, const std::string& words) {
    CAPTURE(words);
    CHECK_THROWS_AS(read(text), InputError);
    CHECK_THROWS_WITH(read(text), Contains(words));
  };
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = kSpectra;
    return text.replace(text.find(from), from.size(), to);
  };
  refused("{\"Input\": {}}", "\"Output\" is missing");
  refused("{\"Output\": {\n\"dimension\": 1,,}}", "a.dat:2: this is not JSON");
  refused("{" + std::string(100000, '['), "this is not JSON");
  refused("{\"a\": " + std::string(100000, '[') + std::string(100000, ']') + "}", "\"Output\" is missing");
  refused("{\"Output\": [1]}", "\"dimension\" is missing");
  refused(with("1e14", "NaN"), "this is not JSON");
  std::fenv_t traps;
  std::feholdexcept(&traps);  // reading the number overflows
  refused(with("1e14", "1e999"), "too large");
  std::fesetenv(&traps);
  refused(with("1e14", "1e99"), "larger than");
  refused(with("1e14", "null"), "not a number");
  refused(with("1e14", "-1"), "must be >= 0");
  refused(with("[90, 91, 92]", "[90, 92, 91]"), "ascend");
  refused(with("[90, 91, 92]", "[90, 91]"), "the axes make 2");
  refused(with("[90, 91, 92]", "[]"), "is empty");
  refused(with("[90, 91, 92]", "90"), "list of numbers");
  refused(with("\"eV\"", "\"keV\""), "must be Energy in eV");
  refused(with("[\"Energy\"", "[\"Harmonic Energy\""), "must be Energy in eV");
  refused(with("\"dimension\": 1", "\"dimension\": 4294967297"), "must be 1 or 2");
  refused(with("\"dimension\": 1", "\"dimension\": \"1\""), "must be 1 or 2");
  refused(with("\"dimension\": 1", "\"dimension\": 2"), "the axes make");
  refused(with("\"eV\", ", ""), "do not fit");
  refused(with("\"titles\": [", "\"titles\": [7, "), "must hold texts");
  refused(with("\"dimension\": 1", "\"details\": [\"a\"], \"dimension\": 1"), "do not fit each other");
  refused(with("0.9, 0.8", "0.9, 1.8"), "may sum to 1");
  refused(R"({"Output": {"dimension": 1, "titles": ["Energy", "Heat"], "units": ["eV", "W"],
    "data": [[90, 91], [1, 2]]}})",
          "no flux or flux density");
  const auto map = [](const std::string& titles, const std::string& units, const std::string& axes) {
    return R"({"Output": {"dimension": 2, "titles": [)" + titles + R"(], "units": [)" + units +
           R"(], "data": [)" + axes + R"(, [1, 2, 3, 4, 5, 6]]}})";
  };
  const std::string density = R"(, "Flux Density")", mrad = R"("mrad", "mrad", "ph/s/mr^2/0.1%B.W.")";
  refused(map("\"theta\", \"phi\"" + density, mrad, "[-1, 0, 1], [0, 1]"), "must be x and y");
  refused(map("\"x'\", \"y'\"" + density, mrad, "[-1, 0, 2], [0, 1]"), "not a regular");
  refused(map("\"x'\", \"y'\"" + density, mrad, "[-1, 0, 1, 2, 3, 4], [0]"), "not a regular");
  refused(map("\"x'\", \"y'\", \"Flux\"", R"("mrad", "mrad", "ph/s/0.1%B.W.")", "[-1, 0, 1], [0, 1]"),
          "needs a flux density");
  refused(map("\"x'\", \"y\"" + density, R"("mrad", "m", "ph/s/mr^2/0.1%B.W.")", "[-1, 0, 1], [0, 1]"),
          "must be in mm or mrad");
}

TEST_CASE("import: CSV spectra and maps", "[unit][source]") {
  const ImportedLight spectrum = read("E_eV,flux,s1,s2,s3\n91,1e15,1,0,0\n92,2e15,0.5,0,0.5\n");
  CHECK(spectrum.format == LightFormat::csv);
  CHECK(spectrum.spectral_flux[1] == 2e15);
  CHECK(spectrum.spectral_stokes[1].s3 == 0.5);
  const ImportedLight map =
      read("thx_urad,thy_urad,S0\n-100,-50,1\n0,-50,2\n100,-50,3\n-100,50,4\n0,50,5\n100,50,6\n");
  CHECK(map.maps.at(0).s0(1, 2) == 6);
  CHECK(map.maps.at(0).s0.grid().dx == Approx(0.1));
  CHECK_THROWS_WITH(read("a,b\n1,2\n"), Contains("neither a spectrum nor a map"));
  CHECK_THROWS_WITH(read("E_eV,flux\n92,1\n91,1\n"), Contains(":3:") && Contains("must ascend"));
  CHECK_THROWS_WITH(read("E_eV,flux\n92,-1\n"), Contains(":2:") && Contains(">= 0"));
  CHECK_THROWS_WITH(read("E_eV,flux,s1,s2,s3\n92,1,1,1,0\n"), Contains(":2:") && Contains("may sum to"));
  CHECK_THROWS_WITH(read("E_eV,flux\n92,nan\n"), Contains(":2:") && Contains("finite number"));
  CHECK_THROWS_WITH(read("E_eV,flux\n92,1e70\n"), Contains(":2:") && Contains("at most 1e+60"));
  CHECK_THROWS_WITH(read("E_eV,flux\n0,1\n"), Contains(":2:") && Contains("must be > 0"));
  CHECK_THROWS_WITH(read("E_eV,flux\n"), Contains("has no rows"));
  CHECK_THROWS_WITH(read("E_eV,flux,S1\n92,1,1\n"), Contains("'S1' is not known"));
  CHECK_THROWS_WITH(read("E_eV,flux,s1\n92,1,1\n"), Contains("no column 's2'"));
  CHECK_THROWS_WITH(read("E_eV,flux\n92\n"), Contains(":2:"));
  CHECK_THROWS_WITH(read("thx_urad,thy_urad,S0\n0,0,1\n1,0,1\n0,1,1\n0,1,1\n"), Contains(":5:"));
  CHECK_THROWS_WITH(read("thx_urad,thy_urad,S0\n0,0,1\n1,0,1\n3,0,1\n"), Contains("regular grid"));
  CHECK_THROWS_WITH(
      read("thx_urad,thy_urad,S0,S1,S2,S3\n0,0,1,2,0,0\n1,0,1,0,0,0\n0,1,1,0,0,0\n1,1,1,0,0,0\n"),
      Contains(":2:"));
  CHECK_THROWS_WITH(read_light("no-such-light.dat", {}), Contains("no such file"));
  CHECK_THROWS_WITH(read("thx_urad,thy_urad,S0\n0,0,1\n1,0,1\n0,1,1\n"), Contains("3 rows"));
  CHECK_THROWS_WITH(read(" \n"), Contains("is empty"));
}

TEST_CASE("import: a source from a file", "[validation][source]") {
  SourceParameters p;
  p.kind = SourceKind::file;
  // A flat circle of density 1e15 within a map of 0 would be steps; a flat map is exact.
  std::string text = "thx_urad,thy_urad,S0,S1,S2,S3\n";
  for (int y = -2; y <= 2; ++y)
    for (int x = -2; x <= 2; ++x)
      text += std::to_string(100 * x) + "," + std::to_string(100 * y) + ",1e15,0,0,1e15\n";
  p.file.light = read(text);
  const SourceOutput whole = compute_source(p);
  // 0.4 mrad squared, 2 % of it: P = 1e3 e F dE.
  CHECK(whole.spectral_flux[1] == Approx(1.6e14));
  CHECK(whole.in_band_power_w == Approx(1e3 * 1.602176634e-19 * 1.6e14 * 1.8370).epsilon(1e-3));
  CHECK(whole.stokes.s3 == Approx(1));
  p.file.acceptance_half_angle_urad = 200;
  CHECK(compute_source(p).spectral_flux[1] == Approx(1e15 * 0.04 * 3.14159265).epsilon(5e-3));
  p.file.acceptance_half_angle_urad = 201;
  CHECK_THROWS_WITH(compute_source(p), Contains("larger than the map") && Contains("200 urad"));
  p.file.acceptance_half_angle_urad = 0;
  p.wavelength_nm = 6.7;
  p.file.light = read("E_eV,flux\n91,1e15\n92,1e15\n");
  CHECK_THROWS_WITH(compute_source(p), Contains("outside the 2 % band"));
  p.wavelength_nm = 13.5;
  CHECK(compute_source(p).in_band_power_w == Approx(1e3 * 1.602176634e-19 * 1e15 * 1).epsilon(1e-6));
  // A far neighbour does not move the peak by more than half of the near distance: 91 eV, and half of its height of
  // 2.483e15 is crossed at 25.25 and 93.52 eV.
  p.file.light = read("E_eV,flux\n4,1e15\n92,2e15\n94,1e15\n");
  const SourceOutput uneven = compute_source(p);
  CHECK(1239.841984 / uneven.peak_wavelength_nm == Approx(91).epsilon(1e-6));
  CHECK(uneven.bandwidth_fwhm_percent == Approx(100 * (93.517045 - 25.25) / 91).epsilon(1e-6));
  p.file.light = read(kSpectra);
  CHECK_THROWS_WITH(compute_source(p), Contains("density in one direction"));
}
