// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <numeric>
#include <random>
#include <string>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/source/source.hpp"
#include "undulith/source/undulator.hpp"

// Light of the layouts that SRW and SPECTRA write, made here from the description of the formats
// (docs/formats/light.md), with powers that are known in closed form.

using namespace undulith;
using namespace undulith::source;
using Catch::Matchers::Contains;

namespace {

namespace fs = std::filesystem;

ImportedLight read(const std::string& text, const ImportOptions& options = {}) {
  const fs::path path = fs::temp_directory_path() / (std::to_string(::getpid()) + "-undulith-imported-light");
  std::ofstream(path, std::ios::binary) << text;
  struct Gone {
    const fs::path& path;
    ~Gone() { fs::remove(path); }
  } gone{path};
  return read_light(path, options);
}

/// A file as SRW's Python interface writes it.
struct SrwFile {
  double from_ev = 90, to_ev = 94;
  int ne = 5;
  double half_x_m = 1e-3, half_y_m = 1e-3;
  int nx = 3, ny = 3, components = 1;
  std::string quantity = "Intensity [ph/s/.1%bw/mm^2]";
  std::string x_label = "Horizontal Position", y_label = "Vertical Position", unit = "m";
  /// Of component, photon energy, x and y
  std::function<double(int, double, double, double)> value = [](int, double, double, double) { return 1e12; };

  [[nodiscard]] std::string text() const {
    std::string out =
        "#" + quantity + " (C-aligned, inner loop is vs Photon Energy, outer loop vs " + y_label + ")\n";
    const auto axis = [&](double from, double to, int n, const std::string& label, const std::string& in) {
      out += "#" + std::to_string(from) + " #Initial " + label + " [" + in + "]\n";
      out += "#" + std::to_string(to) + " #Final " + label + " [" + in + "]\n";
      out += "#" + std::to_string(n) + " #Number of points vs " + label + "\n";
    };
    axis(from_ev, to_ev, ne, "Photon Energy", "eV");
    axis(-half_x_m, half_x_m, nx, x_label, x_label.empty() ? "" : unit);
    axis(-half_y_m, half_y_m, ny, y_label, y_label.empty() ? "" : unit);
    if (components > 1) out += "#" + std::to_string(components) + " #Number of components\n";
    const auto at = [](double from, double to, int i, int n) {
      return n > 1 ? from + (to - from) * i / (n - 1) : from;
    };
    for (int c = 0; c < components; ++c)
      for (int y = 0; y < ny; ++y)
        for (int x = 0; x < nx; ++x)
          for (int e = 0; e < ne; ++e) {
            char number[40];
            std::snprintf(number, sizeof number, " %.17g\n",
                          value(c, at(from_ev, to_ev, e, ne), at(-half_x_m, half_x_m, x, nx),
                                at(-half_y_m, half_y_m, y, ny)));
            out += number;
          }
    return out;
  }
};

/// A ring whose light moves from the axis outwards as the photon energy falls, as that of an undulator does.
double ring(double energy_ev, double x_m, double y_m) {
  if (x_m == 0 && y_m == 0) return energy_ev == 93 ? 1e13 : 1e11;
  return energy_ev == 91 || energy_ev == 92 ? 8e12 : 1e12;
}

SourceOutput light_of(const ImportedLight& light, double acceptance_half_angle_urad = 0,
                      double wavelength_nm = 13.5) {
  SourceParameters p;
  p.kind = SourceKind::file;
  p.wavelength_nm = wavelength_nm;
  p.file.light = light;
  p.file.file = "light.dat";
  p.file.acceptance_half_angle_urad = acceptance_half_angle_urad;
  return compute_source(p);
}

std::string all_notes(const SourceOutput& light) {
  return std::accumulate(light.notes.begin(), light.notes.end(), std::string());
}

const ImportOptions kTenMetres{.observation_distance_m = 10};

/// 10^3 e times the 2 % band about 13.5 nm in eV: watts of a flux that is flat over the band.
constexpr double kWattsOfFlatFlux = 1e3 * 1.602176634e-19 * 1.8369866;
constexpr double kDigits = 1e-4;  // of the values in words

}  // namespace

TEST_CASE("imported light: each photon energy has the flux of its own map", "[validation][source]") {
  SrwFile file;
  file.value = [](int, double e, double x, double y) { return ring(e, x, y); };
  const SourceOutput light = light_of(read(file.text(), kTenMetres));
  // Trapezoids of a 3 x 3 map: the centre once, the edges a half, the corners a quarter.
  const double expected[] = {3.1e12, 24.1e12, 24.1e12, 13e12, 3.1e12};
  REQUIRE(light.spectral_flux.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) CHECK(light.spectral_flux[i] == Approx(expected[i]).epsilon(1e-12));
  CHECK(light.in_band_power_w == Approx(0.006561).epsilon(kDigits));
  // The map at 92 eV is the nearest to 91.84 eV.
  CHECK(light.angular_flux.s0(0, 0) == Approx(8e14));
  CHECK_THAT(all_notes(light), Contains("the map at 92 eV") && Contains("covers 100 %"));
  file.to_ev = 96;
  file.ne = 7;
  CHECK(light_of(read(file.text(), kTenMetres)).in_band_power_w ==
        Approx(light.in_band_power_w).epsilon(1e-14));
}

TEST_CASE("imported light: what a file holds outside the band changes nothing in it", "[property][source]") {
  std::mt19937 random(15);
  std::uniform_real_distribution<double> uniform(0.1, 1);
  // Values on whole energies, fixed for all files; the band lies between 90 and 93 eV.
  std::vector<double> table(40 * 4 * 5 * 5);
  for (double& v : table) v = uniform(random);
  const auto of = [&](int c, double e, double x, double y) {
    const auto index = [](double v, double half) {
      return static_cast<std::size_t>(std::lround(2 * (v / half + 1)));
    };
    const auto at = [&](int component) {
      return table
          [((static_cast<std::size_t>(std::lround(e) - 70) * 4 + static_cast<std::size_t>(component)) * 5 +
            index(y, 1e-3)) *
               5 +
           index(x, 1e-3)];
    };
    return c == 0 ? 1e12 * at(0) : 0.5e12 * at(0) * (2 * at(c) - 1);
  };
  SrwFile file;
  file.components = 4;
  file.nx = file.ny = 5;
  file.value = of;
  file.from_ev = 90;
  file.to_ev = 93;
  file.ne = 4;
  for (const double half_angle_urad : {0.0, 70.0}) {
    const SourceOutput tight = light_of(read(file.text(), kTenMetres), half_angle_urad);
    for (const auto& [from, to] : {std::pair{89, 93}, {90, 100}, {70, 109}, {85, 94}}) {
      SrwFile wide = file;
      wide.from_ev = from;
      wide.to_ev = to;
      wide.ne = to - from + 1;
      CAPTURE(from, to, half_angle_urad);
      const SourceOutput light = light_of(read(wide.text(), kTenMetres), half_angle_urad);
      constexpr double kRounding = 1e-12;
      CHECK(light.in_band_power_w == Approx(tight.in_band_power_w).epsilon(kRounding));
      CHECK(light.stokes.s1 == Approx(tight.stokes.s1).margin(kRounding));
      CHECK(light.stokes.s2 == Approx(tight.stokes.s2).margin(kRounding));
      CHECK(light.stokes.s3 == Approx(tight.stokes.s3).margin(kRounding));
      const auto a = light.angular_flux.s0.values(), b = tight.angular_flux.s0.values();
      CHECK(std::equal(a.begin(), a.end(), b.begin(), b.end()));
    }
  }
}

TEST_CASE("imported light: polarisation is weighted by flux over map and band", "[validation][source]") {
  // Left half: s1 = 1, three times as bright at the right: s1 = -1. At 90 and 91 eV the light is circular.
  SrwFile file;
  file.from_ev = 90;
  file.to_ev = 93;
  file.ne = 4;
  file.components = 4;
  file.value = [](int c, double e, double x, double) {
    const double s0 = x < 0 ? 1e12 : x > 0 ? 3e12 : 2e12;
    if (c == 0) return s0;
    if (e < 91.5) return c == 3 ? s0 : 0.0;
    return c == 1 ? (x < 0 ? 1e12 : x > 0 ? -3e12 : 0.0) : 0.0;
  };
  const SourceOutput light = light_of(read(file.text(), kTenMetres));
  // Trapezoids: s0 (1 + 2*2 + 3)/4, s1 (1 + 0 - 3)/4.
  CHECK(light.spectral_stokes[2].s1 == Approx(-0.25));
  CHECK(light.spectral_stokes[0].s3 == Approx(1));
  // Circular below 91 eV, falling to none at 92: of the band that starts at 90.9308 and ends at 92.7678 eV.
  const double low = constants::energy_ev_of(1.01 * 13.5), high = constants::energy_ev_of(0.99 * 13.5);
  CHECK(light.stokes.s3 == Approx((91 - low + 0.5) / (high - low)));
  CHECK(light.stokes.s1 == Approx(-0.25 * (high - 92 + 0.5) / (high - low)));
}

TEST_CASE("imported light: an undulator's cube gives its flux through the aperture", "[validation][source]") {
  SourceParameters p;
  p.undulator.n_periods = 10;
  p.undulator.acceptance_half_angle_urad = 300;
  const SourceOutput direct = compute_source(p);
  const Undulator undulator = undulator_of(p);
  SrwFile file;
  file.from_ev = 85;
  file.to_ev = 99;
  file.ne = 15;
  file.half_x_m = file.half_y_m = 4e-3;  // 400 urad at 10 m
  file.nx = file.ny = 41;
  file.components = 4;
  // 1 mrad at 10 m is 10 mm.
  file.value = [&](int c, double e, double x, double y) {
    const optics::Stokes s = flux_density(undulator, e, 100 * x, 100 * y);
    return 0.01 * (c == 0 ? s.s0 : c == 1 ? s.s1 : c == 2 ? s.s2 : s.s3);
  };
  const SourceOutput cube = light_of(read(file.text(), kTenMetres), 300);
  constexpr double kBilinear = 3e-3;  // steps of 20 urad in angle, of 1 eV in energy
  CHECK(cube.in_band_power_w == Approx(direct.in_band_power_w).epsilon(kBilinear));
  CHECK(cube.stokes.s1 == Approx(direct.stokes.s1).margin(kBilinear));
  // The same file without its upper half of energies: the power in the band stays.
  file.to_ev = 93;
  file.ne = 9;
  CHECK(light_of(read(file.text(), kTenMetres), 300).in_band_power_w ==
        Approx(cube.in_band_power_w).epsilon(1e-12));
}

TEST_CASE("imported light: all layouts that SRW writes", "[validation][source]") {
  // A spectrum through an aperture: SRW leaves the labels of the axes blank.
  SrwFile flux;
  flux.quantity = "Flux [ph/s/.1%bw]";
  flux.nx = flux.ny = 1;
  flux.x_label = flux.y_label = "";
  flux.value = [](int c, double, double, double) { return c == 0 ? 1e15 : c == 1 ? 0.8e15 : 0; };
  CHECK(light_of(read(flux.text())).in_band_power_w == Approx(1e15 * kWattsOfFlatFlux).epsilon(kDigits));
  CHECK(light_of(read(flux.text())).in_band_power_w == Approx(0.2943).epsilon(kDigits));
  flux.components = 4;
  CHECK(light_of(read(flux.text())).stokes.s1 == Approx(0.8));
  flux.x_label = "Horizontal Position";
  flux.y_label = "Vertical Position";
  CHECK(light_of(read(flux.text())).in_band_power_w == Approx(0.2943).epsilon(kDigits));
  flux.x_label = flux.y_label = "";
  flux.nx = 2;
  CHECK_THROWS_WITH(read(flux.text()), Contains("axis without a label has 2 points"));

  // A spectrum in one direction has no flux.
  SrwFile direction;
  direction.nx = direction.ny = 1;
  direction.half_x_m = direction.half_y_m = 0;
  for (const int components : {1, 4}) {
    direction.components = components;
    direction.value = [](int c, double, double, double) { return c == 0 ? 1e12 : 0.0; };
    const ImportedLight light = read(direction.text(), kTenMetres);
    CHECK(light.spectral_density == std::vector<double>(5, 1e14));
    CHECK_THROWS_WITH(light_of(light), Contains("density in one direction"));
  }

  // Maps and cubes, of one electron or of many (which have the same layout), with 1 and 4 components.
  for (const int ne : {1, 5})
    for (const int components : {1, 4}) {
      CAPTURE(ne, components);
      SrwFile map;
      map.ne = ne;
      map.from_ev = ne == 1 ? 92 : 90;
      map.to_ev = ne == 1 ? 92 : 94;
      map.components = components;
      map.value = [](int c, double, double, double) { return c == 0 ? 1e12 : c == 3 ? -0.5e12 : 0.0; };
      const SourceOutput light = light_of(read(map.text(), kTenMetres));
      // 0.2 mrad squared of 1e14 photons/s/mrad^2/0.1%bw.
      CHECK(light.in_band_power_w == Approx(4e12 * kWattsOfFlatFlux).epsilon(kDigits));
      CHECK(light.stokes.s3 == Approx(components == 4 ? -0.5 : 0));
      CHECK(light.angular_flux.s0.nx() == 3);
    }

  // In the angular representation: rad and per mrad^2, which need no distance.
  SrwFile angles;
  angles.quantity = "Intensity [ph/s/.1%bw/mrad^2]";
  angles.x_label = "Horizontal Angle";
  angles.y_label = "Vertical Angle";
  angles.unit = "rad";
  angles.half_x_m = angles.half_y_m = 1e-4;
  angles.value = [](int, double, double, double) { return 1e14; };
  CHECK(light_of(read(angles.text())).in_band_power_w == Approx(4e12 * kWattsOfFlatFlux).epsilon(kDigits));
}

TEST_CASE("imported light: one photon energy has no width, and lies in the band", "[validation][source]") {
  SrwFile map;
  map.ne = 1;
  map.from_ev = map.to_ev = 92;
  map.value = [](int, double, double, double) { return 1e13; };
  const SourceOutput light = light_of(read(map.text(), kTenMetres));
  CHECK(light.spectrum_width == SpectrumWidth::assumed);
  CHECK(light.bandwidth_fwhm_percent == 0);
  CHECK(light.coherence.coherence_length_um == 0);
  CHECK(light.peak_wavelength_nm == Approx(constants::wavelength_nm_of(92)));
  CHECK_THAT(all_notes(light), Contains("one photon energy, 92 eV") && Contains("not known"));
  map.from_ev = map.to_ev = 1000;
  CHECK_THROWS_WITH(light_of(read(map.text(), kTenMetres)),
                    Contains("its photon energy of 1000 eV lies outside the 2 % band") &&
                        Contains("set source.wavelength_nm = 1.23984"));
  CHECK(light_of(read(map.text(), kTenMetres), 0, 1.23984).in_band_power_w > 0);
  // Every reader: a line of a CSV spectrum, a map without its energy.
  CHECK(light_of(read("E_eV,flux\n92,1e15\n")).in_band_power_w ==
        Approx(1e15 * kWattsOfFlatFlux).epsilon(kDigits));
  CHECK_THROWS_WITH(light_of(read("E_eV,flux\n95,1e15\n")), Contains("lies outside the 2 % band"));
  CHECK_THAT(all_notes(light_of(read("thx_urad,thy_urad,S0\n-1,-1,1\n1,-1,1\n-1,1,1\n1,1,1\n"))),
             Contains("does not say the photon energy"));
}

TEST_CASE("imported light: SPECTRA's distance and target energy", "[validation][source]") {
  const auto map = [](const std::string& configurations) {
    return R"json({"Input": {"Accelerator": {"Energy (GeV)": 0.6}, "Configurations": {)json" +
           configurations + R"json(}}, "Output": {"dimension": 2, "titles": ["x", "y", "Flux Density"],
 "units": ["mm", "mm", "ph/s/mm^2/0.1%B.W."], "data": [[-3, 0, 3], [-3, 0, 3],
 [1e13, 1e13, 1e13, 1e13, 1e13, 1e13, 1e13, 1e13, 1e13]]}})json";
  };
  const std::string distance = R"json("Distance from the Source (m)": )json",
                    target = R"json("Target Energy (eV)": )json";
  const std::string both = map(distance + "30, " + target + "91.84");
  // 9e15 photons/s/mrad^2/0.1%bw through a disc of 0.09 mrad; 32^2 samples per cell at its rim.
  constexpr double kRim = 1e-3;
  CHECK(light_of(read(both), 90).in_band_power_w ==
        Approx(9e15 * 3.14159265 * 0.0081 * kWattsOfFlatFlux).epsilon(kRim));
  CHECK(light_of(read(both), 90).in_band_power_w == Approx(0.0674).epsilon(kRim));
  CHECK_THROWS_WITH(read(both, {.observation_distance_m = 20}),
                    Contains("observation_distance_m = 20") && Contains("30"));
  CHECK_NOTHROW(read(both, {.observation_distance_m = 30}));
  CHECK_THROWS_WITH(light_of(read(map(distance + "30, " + target + "200"))),
                    Contains("its photon energy of 200 eV lies outside"));
  CHECK_THROWS_WITH(read(map(target + "91.84")), Contains("observation_distance_m is missing"));
  CHECK_THROWS_WITH(read(map(distance + "-30")), Contains("is -30 (must be > 0)"));
}

TEST_CASE("imported light: the share of the band that a file covers", "[validation][source]") {
  const SourceOutput end = light_of(read("E_eV,flux\n92.7,1e15\n95,1e15\n"));
  CHECK(end.in_band_power_w == Approx(0.01087).epsilon(1e-3));
  CHECK_THAT(all_notes(end), Contains("covers 3.69 % of the 2 % band"));
  CHECK(end.spectrum_width == SpectrumWidth::cut);
  CHECK(end.bandwidth_fwhm_percent == 0);
  // The peak outside the band.
  const SourceOutput beside = light_of(read("E_eV,flux\n88,0\n89.5,0\n90,1e18\n90.5,0\n95,1e3\n"));
  CHECK(beside.total_power_w == Approx(80.1).epsilon(1e-3));
  CHECK(beside.in_band_power_w == Approx(8.8e-14).epsilon(1e-2));
  CHECK_THAT(all_notes(beside), Contains("The peak of the file, 90 eV") && Contains("outside the 2 % band"));
  // A flat top that reaches into the band is no such case, and a line within has a width.
  CHECK_THAT(all_notes(light_of(read("E_eV,flux\n60,1e15\n120,1e15\n"))), !Contains("The peak of the file"));
  const SourceOutput line = light_of(read("E_eV,flux\n91,0\n91.5,1\n92,2\n92.5,1\n93,0\n"));
  CHECK(line.spectrum_width == SpectrumWidth::known);
  CHECK(line.bandwidth_fwhm_percent == Approx(100 * 1 / 92.0).epsilon(1e-6));
}

TEST_CASE("imported light: cubes in CSV", "[unit][source]") {
  std::string text = "E_eV,thx_urad,thy_urad,S0,S1,S2,S3\n";
  for (const int e : {93, 90, 91, 92})
    for (const int y : {-100, 0, 100})
      for (const int x : {-100, 0, 100})
        text += std::to_string(e) + "," + std::to_string(x) + "," + std::to_string(y) + "," +
                std::to_string(e - 89) + "e14,0,0," + std::to_string(e - 89) + "e14\n";
  const ImportedLight light = read(text);
  CHECK(light.photon_energy_ev == std::vector<double>{90, 91, 92, 93});
  const SourceOutput output = light_of(light);
  CHECK(output.spectral_flux[2] == Approx(3e14 * 0.04));
  CHECK(output.stokes.s3 == Approx(1));
  CHECK_THROWS_WITH(read(text.substr(0, text.rfind("92,100"))), Contains("at 4 photon energies has 36"));
}

TEST_CASE("imported light: spectra between blanks", "[unit][source]") {
  const double flat_w = 1e15 * kWattsOfFlatFlux;
  // SPEC, as XOPPY writes it: labels hold single blanks, and other scans come first.
  const std::string spec =
      "#F undulator.spec\n#D today\n\n#S 1 power density\n#N 3\n#L H[mm]  V[mm]  PowerDensity[W/mm^2]\n0 0 1\n"
      "\n#S 2 flux\n#UD current = 0.3\n#N 4 \n"
      "#L PhotonEnergy[eV]  PhotonWavelength[A]  Flux[phot/sec/0.1%bw]  Spectral Power[W/eV]\n"
      " 90.0   137.8    1.0e+15  0.1602\n 92.0   134.8    1.0e+15  0.1602\n 94.0   131.9    1.0e+15  0.1602\n";
  const SourceOutput light = light_of(read(spec));
  CHECK(light.in_band_power_w == Approx(flat_w).epsilon(kDigits));
  CHECK_THAT(all_notes(light), Contains("\"Flux[phot/sec/0.1%bw]\""));
  // Without the flux its power per eV, or the flux per eV: 1e15 of 0.1 % at 92 eV are 1.087e16 per eV.
  CHECK(
      light_of(read("#L Energy [eV]  Spectral Power [W/eV]\n90 0.1602177\n95 0.1602177\n")).in_band_power_w ==
      Approx(flat_w).epsilon(kDigits));
  CHECK(light_of(read("#L PhotonEnergy[eV]  Flux[Phot/s/eV]\n90 1.1111111e16\n95 1.0526316e16\n"))
            .spectral_flux[1] == Approx(1e15));
  // Labels in a comment, in a line of their own, or none; tabs and semicolons; keV; against wavelength.
  for (const std::string text :
       {"# E_eV flux\n90 1e15\n95 1e15\n", "E_eV\tflux\n90\t1e15\n95\t1e15\n", "90 1e15\n95 1.0D+15\n",
        "% spectrum\n90;1e15\n95;1e15\n", "energy(keV) flux(ph/s/0.1%bw)\n0.09 1e15\n0.095 1e15\n",
        "E_eV flux\n95 1e15\n90 1e15\n"}) {
    CAPTURE(text);
    CHECK(light_of(read(text)).in_band_power_w == Approx(flat_w).epsilon(kDigits));
  }
  CHECK_THAT(all_notes(light_of(read("90 1e15\n95 1e15\n"))), Contains("have no labels"));
  CHECK(read("E_eV flux s1 s2 s3\n90 1 1 0 0\n95 1 0 0 1\n").spectral_stokes[1].s3 == 1);
  CHECK(read("thx_urad thy_urad S0\n-1 -1 1\n1 -1 1\n-1 1 1\n1 1 1\n").maps.size() == 1);
  // Labels after rows begin another table: these three columns are not those of the rows above.
  CHECK(
      read("#L Energy[eV]  Flux\n92 2\n94 1\n#L a  PhotonEnergy[eV]  Flux\n1 90 5\n1 92 6\n").spectral_flux ==
      std::vector<double>{2, 1});
  CHECK_THROWS_WITH(read("90 1e15 3\n95 1e15 3\n"), Contains("no columns of photon energy and flux"));
  CHECK_THROWS_WITH(read("90 1e15\n95\n"), Contains(":2:") && Contains("1 numbers"));
  CHECK_THROWS_WITH(read("90 1e15\n95 x\n"), Contains(":2:") && Contains("not a number"));
  CHECK_THROWS_WITH(read("90 1e15\n95 -1\n"), Contains(":2:") && Contains("must be >= 0"));
  CHECK_THROWS_WITH(read("#L Energy[eV]  FluxDensity[phot/s/mm^2/0.1%bw]\n90 1\n"),
                    Contains("no columns of photon energy and flux"));
}
