// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <string>
#include <vector>

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

/// A name for a file, which is gone at the end.
class Scratch {
 public:
  explicit Scratch(const std::string& name)
      : path_(fs::temp_directory_path() / (std::to_string(::getpid()) + "-undulith-" + name)) {}
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { fs::remove(path_); }
  [[nodiscard]] const fs::path& path() const { return path_; }
  void write(const std::string& bytes) const { std::ofstream(path_, std::ios::binary) << bytes; }

 private:
  fs::path path_;
};

}  // namespace

#ifndef UNDULITH_HAVE_HDF5

TEST_CASE("import: Genesis without HDF5 is refused", "[unit][source]") {
  const Scratch file("g.out.h5");
  file.write("\x89HDF\r\n\x1a\n....");
  CHECK_FALSE(reads_hdf5());
  CHECK_THROWS_WITH(read_light(file.path(), {}), Contains("does not read them") && Contains("libhdf5-dev"));
  WARN("this build reads no HDF5 files: only the refusal was tested");
}

#else

namespace {

constexpr int kSlices = 129;  // no power of two, and odd: the middle of the spectrum is lambdaref
constexpr double kWavelengthM = 13.5e-9, kSample = 4;
constexpr double kStepS = kSample * kWavelengthM / 299792458.0;
constexpr double kRmsSlices = 5;
constexpr int kShift = 3;  // of the photon energy, in steps of the spectrum

/// The file that Genesis would write: two places along the undulator, of which the last counts.
struct Genesis {
  std::vector<double> lambdaref{kWavelengthM}, sample{kSample}, time{1}, scan{0}, power, phase;
  hsize_t rows = 2, phase_slices = kSlices;
  bool scalars = false;  ///< single numbers without dimensions
  std::string phase_name = "/Field/phase-farfield";
  bool dump = false;

  /// A Gaussian pulse of 1 GW, its phase rising by kShift turns from tail to head.
  Genesis() : power(2 * kSlices, 7.0), phase(2 * kSlices, 1.0) {
    for (int i = 0; i < kSlices; ++i) {
      power[kSlices + i] = 1e9 * std::exp(-0.5 * std::pow((i - 64) / kRmsSlices, 2));
      phase[kSlices + i] = std::remainder(2 * std::numbers::pi * kShift * i / kSlices, 2 * std::numbers::pi);
    }
  }
  [[nodiscard]] double energy_j() const {
    double sum = 0;
    for (int i = 0; i < kSlices; ++i) sum += power[kSlices + i] * kStepS;
    return sum;
  }
  void write(const fs::path& path) const {
    const hid_t h5 = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    for (const char* group : {"/Global", "/Field"})
      H5Gclose(H5Gcreate2(h5, group, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    const auto set = [&](const std::string& name, std::vector<hsize_t> shape, const std::vector<double>& v) {
      if (v.empty()) return;
      const hid_t space = scalars && v.size() == 1
                              ? H5Screate(H5S_SCALAR)
                              : H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr);
      const hid_t id =
          H5Dcreate2(h5, name.c_str(), H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
      H5Dwrite(id, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, v.data());
      H5Dclose(id);
      H5Sclose(space);
    };
    set("/Global/lambdaref", {1}, lambdaref);
    set("/Global/sample", {1}, sample);
    set("/Global/time", {1}, time);
    set("/Global/scan", {1}, scan);
    // Genesis' own, wrong: the reader must not look at it.
    set("/Global/frequency", {kSlices}, std::vector<double>(kSlices, 75.84));
    set("/Field/power", {rows, power.size() / rows}, power);
    set(phase_name, {phase.size() / phase_slices, phase_slices}, phase);
    if (dump) set("/slicecount", {1}, {1});
    H5Fclose(h5);
  }
};

const ImportOptions kOneMhz{.repetition_rate_mhz = 1};

}  // namespace

TEST_CASE("import: Genesis' power and phase give the spectrum", "[validation][source]") {
  const Scratch file("g.out.h5");
  const Genesis genesis;
  genesis.write(file.path());
  CHECK(reads_hdf5());
  CHECK_THROWS_WITH(read_light(file.path(), {}), Contains("repetition_rate_mhz is missing"));
  CHECK_THROWS_WITH(read_light(file.path(), {.format = LightFormat::srw}), Contains("is an HDF5 file"));
  const ImportedLight light = read_light(file.path(), kOneMhz);
  CHECK(light.format == LightFormat::genesis);
  CHECK(light.pulse_energy_j == Approx(genesis.energy_j()).epsilon(1e-12));
  CHECK(light.pulse_length_fs == Approx(1e15 * kRmsSlices * kStepS).epsilon(1e-6));
  CHECK(light.spectral_stokes.empty());

  // Closed form: a Gaussian of rms r slices has a spectrum of rms n/(4 pi r) steps, kShift above lambdaref,
  // and its integral is the pulse energy a million times a second. The samples cut the Gaussian at 13 rms.
  REQUIRE(light.photon_energy_ev.size() == kSlices);
  const double step_ev = light.photon_energy_ev[1] - light.photon_energy_ev[0];
  const double reference_ev = 1239.8419843320026 / 13.5;
  CHECK(light.photon_energy_ev[kSlices / 2] == Approx(reference_ev).epsilon(1e-14));
  CHECK(step_ev == Approx(reference_ev / (kSample * kSlices)).epsilon(1e-12));
  const double rms = kSlices / (4 * std::numbers::pi * kRmsSlices);
  const double peak =
      1e6 * genesis.energy_j() / (1e3 * 1.602176634e-19 * step_ev) / (std::sqrt(2 * std::numbers::pi) * rms);
  constexpr double kRounding = 1e-12;  // of the peak
  for (int k = 0; k < kSlices; ++k) {
    const double expected = peak * std::exp(-0.5 * std::pow((k - kSlices / 2 - kShift) / rms, 2));
    CHECK(std::abs(light.spectral_flux[k] - expected) < kRounding * peak);
  }

  SourceParameters p;
  p.kind = SourceKind::file;
  p.wavelength_nm = 13.5 / (1 + kShift / (kSample * kSlices));
  p.file.light = light;
  CHECK(compute_source(p).total_power_w == Approx(genesis.energy_j() * 1e6).epsilon(1e-9));
}

TEST_CASE("import: Genesis' near field and power alone", "[unit][source]") {
  const Scratch file("g.out.h5");
  Genesis genesis;
  const auto peak_of = [&] {
    genesis.write(file.path());
    const ImportedLight light = read_light(file.path(), kOneMhz);
    return std::max_element(light.spectral_flux.begin(), light.spectral_flux.end()) -
           light.spectral_flux.begin() - kSlices / 2;
  };
  genesis.phase_name = "/Field/phase-nearfield";
  CHECK(peak_of() == kShift);
  genesis.phase.clear();
  CHECK(peak_of() == 0);
  CHECK_THAT(read_light(file.path(), kOneMhz).notes.at(0), Contains("no phase"));
  genesis.scan.clear();
  genesis.time.clear();
  CHECK(peak_of() == 0);
}

TEST_CASE("import: Genesis' numbers may have no dimensions", "[unit][source]") {
  const Scratch file("g.out.h5");
  Genesis genesis;
  genesis.write(file.path());
  const ImportedLight arrays = read_light(file.path(), kOneMhz);
  genesis.scalars = true;
  genesis.write(file.path());
  CHECK(read_light(file.path(), kOneMhz).spectral_flux == arrays.spectral_flux);
  genesis.lambdaref[0] = NAN;
  genesis.write(file.path());
  CHECK_THROWS_WITH(read_light(file.path(), kOneMhz), Contains("not a number"));
}

TEST_CASE("import: what of Genesis is refused", "[unit][source]") {
  const Scratch file("g.out.h5");
  const auto refused = [&](const auto& change, const std::string& words) {
    Genesis genesis;
    change(genesis);
    genesis.write(file.path());
    CAPTURE(words);
    CHECK_THROWS_AS(read_light(file.path(), kOneMhz), InputError);
    CHECK_THROWS_WITH(read_light(file.path(), kOneMhz), Contains(words));
  };
  refused([](Genesis& g) { g.dump = true; }, "a dump of the field");
  refused([](Genesis& g) { g.lambdaref.clear(); }, "no dataset /Global/lambdaref");
  refused([](Genesis& g) { g.power.clear(); }, "no dataset /Field/power");
  refused([](Genesis& g) { g.lambdaref[0] = -1; }, "lambdaref = -1 m");
  refused([](Genesis& g) { g.lambdaref[0] = NAN; }, "not a number");
  refused([](Genesis& g) { g.sample[0] = 0; }, "sample = 0");
  refused([](Genesis& g) { g.time[0] = 0; }, "a steady-state run");
  refused([](Genesis& g) { g.scan[0] = 1; }, "or a scan");
  refused([](Genesis& g) { g.rows = 2 * kSlices; }, "a steady-state run");
  refused([](Genesis& g) { g.power.back() = -1; }, "a power of -1 W");
  refused([](Genesis& g) { g.power.back() = INFINITY; }, "not a number");
  refused([](Genesis& g) { std::fill(g.power.begin(), g.power.end(), 0.0); }, "no light");
  refused([](Genesis& g) { g.phase_slices = 3; }, "has 3 slices and /Field/power 129");
  refused([](Genesis& g) { g.phase.back() = NAN; }, "not a number");
  file.write("\x89HDF\r\n\x1a\n");
  CHECK_THROWS_WITH(read_light(file.path(), kOneMhz), Contains("damaged HDF5"));
  file.write("no light at all");
  CHECK_THROWS_WITH(read_light(file.path(), {.format = LightFormat::genesis}),
                    Contains("is not an HDF5 file"));
}

TEST_CASE("import: a Genesis file cut anywhere is refused", "[property][source]") {
  const Scratch file("g.out.h5");
  Genesis().write(file.path());
  std::ifstream stream(file.path(), std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(stream), {}};
  const Scratch cut("cut.out.h5");
  for (std::size_t n = 0; n < whole.size(); n += 97) {
    cut.write(whole.substr(0, n));
    CAPTURE(n);
    CHECK_THROWS_AS(read_light(cut.path(), kOneMhz), InputError);
  }
}

#endif
