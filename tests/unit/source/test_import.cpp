#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

#include "undulith/core/error.hpp"
#include "undulith/source/source.hpp"

#ifdef UNDULITH_HAVE_HDF5
#include <hdf5.h>
#endif

using namespace undulith;
using namespace undulith::source;
using Catch::Matchers::Contains;

namespace {

namespace fs = std::filesystem;

/// A file with this content, gone at the end.
class Scratch {
 public:
  explicit Scratch(const std::string& name, const std::string& text = "")
      : path_(fs::temp_directory_path() / ("undulith-light-" + name)) {
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
  CHECK(light.s0.empty());
  CHECK_THROWS_WITH(read_light(sample, {}), Contains("observation_distance_m is missing"));
}

TEST_CASE("import: SRW maps keep the order of energy, x, y, Stokes", "[unit][source]") {
  const ImportedLight light = read(srw(3, 5, 3, 4), {.observation_distance_m = 10});
  REQUIRE(light.s0.nx() == 5);
  REQUIRE(light.s0.ny() == 3);
  CHECK(light.s0.grid().plane == Plane::angle);
  CHECK(light.s0.grid().x0 == Approx(-0.2));  // 2 mm at 10 m
  CHECK(light.s0.grid().dy == Approx(0.1));
  CHECK(light.map_energy_ev == Approx(92));
  CHECK(light.s0(2, 4) == Approx(100 * (1000 + 200 + 40 + 1)));
  CHECK(light.s1(2, 4) == Approx(100 * 500));
  CHECK(light.spectral_density[2] == Approx(100 * (1000 + 100 + 20 + 2)));
  CHECK(light.spectral_stokes[0].s1 == Approx(500.0 / 1120));
  // A spectrum of flux needs no distance.
  CHECK(read(srw(3, 1, 1, 1, "ph/s/.1%bw")).spectral_flux == std::vector<double>{1000, 1001, 1002});
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
  refused(with("#Intensity", "#Mutual Intensity"), "mutual or complex");
  refused(with("#Intensity", "#Complex Mutual Intensity"), "mutual or complex");
  refused(with("ph/s/.1%bw/mm^2", "W/mm^2"), "[W/mm^2] is not read");
  refused(with("#2 #Number", "#2.5 #Number"), "a.dat:4:");
  refused(with("#2 #Number", "#1000000000 #Number"), "from 1 to");
  refused(with(" 1000.000000\n", ""), "after 1 of 2 values; it is truncated");
  refused(good + " 7\n", "more values than the header's 2");
  refused(with(" 1000.000000", " nan"), "is no number");
  refused(with(" 1000.000000", " -1"), "must be >= 0");
  refused(with("#93.000000", "#90.0"), "must ascend");
  refused(with("#Initial Vertical", "x"), "");
  refused(srw(2, 5, 1, 1), "one line of directions");
}

TEST_CASE("import: a file cut anywhere is refused or whole, never worse", "[property][source]") {
  for (const std::string& whole : {srw(2, 3, 3, 4), kSpectra}) {
    int refused = 0;
    for (std::size_t n = 0; n < whole.size(); n += 3) {
      try {
        const ImportedLight light = read(whole.substr(0, n), {.observation_distance_m = 10});
        CHECK(light.photon_energy_ev.size() == light.spectral_density.size() + light.spectral_flux.size());
      } catch (const InputError&) {
        ++refused;
      }
    }
    CHECK(refused > static_cast<int>(whole.size() / 3 - 10));
  }
}

TEST_CASE("import: SPECTRA by title and unit", "[unit][source]") {
  const ImportedLight light = read(kSpectra);
  CHECK(light.format == LightFormat::spectra);
  CHECK(light.spectral_density == std::vector<double>{1e14, 2e14, 1e14});
  CHECK(light.spectral_stokes[1].s1 == Approx(0.8));
  CHECK(light.spectral_stokes[1].s2 == Approx(0.1));
  CHECK(light.spectral_stokes[1].s3 == Approx(0.2));
  const ImportedLight map = read(R"({"Output": {"dimension": 2, "titles": ["x", "y", "Spatial Flux Density"],
    "units": ["mm", "mm", "ph/s/mm^2/0.1%B.W."], "data": [[-1, 0, 1], [-2, 2], [1, 2, 3, 4, 5, 6]]}})",
                                 {.observation_distance_m = 10});
  CHECK(map.s0(1, 0) == Approx(400));
  CHECK(map.s0.grid().dx == Approx(0.1));
  const auto refused = [](const std::string& text, const std::string& words) {
    CHECK_THROWS_WITH(read(text), Contains(words));
  };
  refused("{\"Input\": {}}", "\"Output\" is missing");
  refused("{\"Output\": {\n\"dimension\": 1,,}}", "a.dat:2: this is no JSON");
  refused(R"({"Output": {"dimension": 1, "titles": ["Energy", "Flux"], "units": ["eV", "ph/s/0.1%B.W."],
    "data": [[90, 91], [1]]}})",
          "the axes make 2");
  refused(R"({"Output": {"dimension": 1, "titles": ["Energy", "Heat"], "units": ["eV", "W"],
    "data": [[90, 91], [1, 2]]}})",
          "no flux or flux density");
}

TEST_CASE("import: CSV spectra and maps", "[unit][source]") {
  const ImportedLight spectrum = read("E_eV,flux,s1,s2,s3\n91,1e15,1,0,0\n92,2e15,0.5,0,0.5\n");
  CHECK(spectrum.format == LightFormat::csv);
  CHECK(spectrum.spectral_flux[1] == 2e15);
  CHECK(spectrum.spectral_stokes[1].s3 == 0.5);
  const ImportedLight map =
      read("thx_urad,thy_urad,S0\n-100,-50,1\n0,-50,2\n100,-50,3\n-100,50,4\n0,50,5\n100,50,6\n");
  CHECK(map.s0(1, 2) == 6);
  CHECK(map.s0.grid().dx == Approx(0.1));
  CHECK_THROWS_WITH(read("a,b\n1,2\n"), Contains("no spectrum and no map"));
  CHECK_THROWS_WITH(read("E_eV,flux\n92,1\n91,1\n"), Contains(":3:") && Contains("must ascend"));
  CHECK_THROWS_WITH(read("E_eV,flux\n92,-1\n"), Contains(":2:") && Contains(">= 0"));
  CHECK_THROWS_WITH(read("E_eV,flux,s1,s2,s3\n92,1,1,1,0\n"), Contains("sum to 1 at most"));
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
  p.file.light = read(kSpectra);
  CHECK_THROWS_WITH(compute_source(p), Contains("density in one direction"));
}

TEST_CASE("import: Genesis", "[validation][source]") {
#ifndef UNDULITH_HAVE_HDF5
  const Scratch file("g.h5", "\x89HDF\r\n\x1a\n....");
  CHECK_FALSE(reads_hdf5());
  CHECK_THROWS_WITH(read_light(file.path(), {}), Contains("does not read them") && Contains("libhdf5-dev"));
  WARN("this build reads no HDF5 files: only the refusal was tested");
#else
  const Scratch file("g.h5");
  // A Gaussian pulse of 1 GW at 13.5 nm, shifted by phase to a photon energy three steps up.
  constexpr int kSlices = 128;
  constexpr double kWavelength = 13.5e-9;
  std::vector<double> power(2 * kSlices), phase(2 * kSlices);
  double energy_j = 0;
  const double step_s = 4 * kWavelength / 299792458.0;
  for (int i = 0; i < kSlices; ++i) {
    power[kSlices + i] = 1e9 * std::exp(-0.5 * std::pow((i - 64) / 10.0, 2));
    phase[kSlices + i] = -2 * 3.14159265358979 * 3 * i / kSlices;
    energy_j += power[kSlices + i] * step_s;
  }
  {
    const hid_t h5 = H5Fcreate(file.path().c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    for (const char* group : {"/Global", "/Field"})
      H5Gclose(H5Gcreate2(h5, group, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    const auto write = [&](const char* name, std::vector<hsize_t> shape, const double* values) {
      const hid_t space = H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr);
      const hid_t set = H5Dcreate2(h5, name, H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
      H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
      H5Dclose(set);
      H5Sclose(space);
    };
    const double sample = 4;
    write("/Global/lambdaref", {1}, &kWavelength);
    write("/Global/sample", {1}, &sample);
    write("/Field/power", {2, kSlices}, power.data());
    write("/Field/phase-farfield", {2, kSlices}, phase.data());
    H5Fclose(h5);
  }
  CHECK_THROWS_WITH(read_light(file.path(), {}), Contains("repetition_rate_mhz is missing"));
  const ImportedLight light = read_light(file.path(), {.repetition_rate_mhz = 1});
  CHECK(light.pulse_energy_j == Approx(energy_j).epsilon(1e-12));
  CHECK(light.pulse_length_fs == Approx(1e15 * 10 * step_s).epsilon(1e-6));
  SourceParameters p;
  p.kind = SourceKind::file;
  p.wavelength_nm = 13.5 / (1 + 3.0 / (4 * kSlices));
  p.file.light = light;
  const SourceOutput source = compute_source(p);
  // Parseval: all of the pulse's energy, a million times a second.
  CHECK(source.total_power_w == Approx(energy_j * 1e6).epsilon(1e-3));
  CHECK(source.peak_wavelength_nm == Approx(p.wavelength_nm).epsilon(1e-4));
  CHECK_THROWS_WITH(read_light(file.path(), {.format = LightFormat::srw}), Contains("is an HDF5 file"));
#endif
}
