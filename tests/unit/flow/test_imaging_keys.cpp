// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include "support/job_folder.hpp"
#include "support/npy_file.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/flow/stages.hpp"
#include "undulith/io/npy.hpp"
#include "undulith/optics/zernike.hpp"

using namespace undulith;
using Catch::Contains;

namespace {

// The image of one point of the source is found in milliseconds.
const std::string kQuick =
    "[source]\nkind = \"monochromatic\"\n"
    "[illuminator]\nshape = \"conventional\"\nsigma_outer = 0.5\ngrid_points = 5\n" +
    kShapes;

std::string optics_job(const std::string& keys) {
  return kQuick + "[imaging]\n" + keys;
}

}  // namespace

TEST_CASE("imaging keys: every term in the numbering of its own set", "[unit][flow]") {
  const JobFolder folder;
  const auto aberration = [](const std::string& keys) {
    return optics_job("") + "[[imaging.aberration]]\nwaves = 0.02\n" + keys;
  };
  CHECK_THAT(folder.error(aberration("index = 0\nset = \"noll\"\n")),
             Contains("imaging.aberration[1].index = 0 (this set goes from 1 to 91)"));
  CHECK_THAT(folder.error(aberration("index = 38\n")), Contains("goes from 1 to 37"));
  CHECK_THAT(folder.error(aberration("index = 91\nset = \"osa\"\n")), Contains("goes from 0 to 90"));
  CHECK(folder.read(aberration("index = 0\nset = \"osa\"\n")).job.imaging.aberrations.at(0).set ==
        optics::ZernikeSet::osa);
  CHECK_THAT(folder.error(optics_job("") + "[[imaging.jones]]\npauli = 1\nindex = 0\ncoefficient = 0.1\n"),
             Contains("imaging.jones[1].index = 0"));
}

TEST_CASE("imaging keys: light that cannot be imaged is refused at its key", "[unit][flow]") {
  const JobFolder folder;
  CHECK_THAT(folder.error(optics_job("na = 1.35\nmedium_index = 1.3\n")),
             Contains("imaging.na = 1.35 (must be below imaging.medium_index = 1.3)"));
  CHECK_NOTHROW(
      flow::prepare(folder.read(optics_job("na = 1.35\nmedium_index = 1.44\nmagnification_y = 16\n")).job));
  CHECK_THROWS_WITH(flow::prepare(folder.read(optics_job("obscuration_radius = 0.6\n")).job),
                    Contains("imaging.obscuration_radius = 0.6") && Contains("zero order"));
  folder.write("points.csv", "sigma_x,sigma_y,weight\n0.8,0.7,1\n");
  CHECK_THAT(folder.error(kShapes + "[illuminator]\nshape = \"points\"\npoints_file = \"points.csv\"\n"),
             Contains("job.toml:11:15: error: illuminator.points_file") && Contains("outside the pupil"));
}

TEST_CASE("imaging keys: films on the wafer", "[unit][flow]") {
  const JobFolder folder;
  const auto film = [](const std::string& keys, const std::string& more = "") {
    return optics_job(more) + "[[imaging.film]]\nthickness_nm = 20\n" + keys;
  };
  CHECK_THAT(folder.error(film("")), Contains("imaging.film[1] has neither material nor index"));
  CHECK_THAT(folder.error(film("index = [0.97, -0.01]\n")), Contains("cannot amplify light"));
  CHECK_THAT(folder.error(film("material = \"Unobtainium\"\n")), Contains("imaging.film[1].material"));
  CHECK_THAT(folder.error(optics_job("depth_nm = 5\n")), Contains("there are no films on the wafer"));
  CHECK_THAT(folder.error(film("index = 0.97\n") + "[mask.stack]\n", {{"source.wavelength_nm", "193.4"}}),
             Contains("imaging.substrate_material = \"Si\" (known from") && Contains("give its index"));
  CHECK(folder.read(film("index = 0.97\n", "depth_nm = 10\n")).warnings.empty());
  const auto warnings = folder.read(film("index = 0.97\n", "depth_nm = 30\n")).warnings;
  REQUIRE(warnings.size() == 1);
  CHECK_THAT(warnings[0], Contains("imaging.depth_nm = 30 lies below the films"));
}

TEST_CASE("imaging keys: measured maps of the pupil", "[unit][flow]") {
  const JobFolder folder;
  constexpr std::size_t kSide = 8;
  const auto write = [&](std::size_t bad_row, std::size_t bad_column) {
    std::vector<double> waves(kSide * kSide, 0.01);
    waves[bad_row * kSide + bad_column] = std::numeric_limits<double>::quiet_NaN();
    write_any_npy(folder.path() / "phase.npy", waves, {kSide, kSide});
  };
  const std::string job = optics_job("phase_map_file = \"phase.npy\"\n");
  write(0, 0);  // the corner lies outside of the pupil
  const Field2D<double> map = folder.read(job).job.imaging.phase_map;
  CHECK(map.nx() == kSide);
  CHECK(map(3, 3) == 0.01);
  write(2, 5);
  CHECK_THAT(folder.error(job), Contains("imaging.phase_map_file") && Contains("row 2") && Contains("5"));
  folder.write("amplitude.csv", "pupil_x,pupil_y,amplitude\n0,0,1\n0.5,0,1\n");
  CHECK_THAT(folder.error(optics_job("amplitude_map_file = \"amplitude.csv\"\n")), Contains("n x n"));
}

TEST_CASE("imaging keys: aberrations through the slit", "[unit][flow]") {
  const JobFolder folder;
  folder.write("slit.csv", "position_mm,fringe_7,noll_11,azimuth_deg\n-10,0.01,0.02,-8\n10,0.03,0,8\n");
  const std::string table = "aberration_table_file = \"slit.csv\"\n";
  const auto positions =
      folder.read(optics_job(table + "slit_position_mm = [5, -10]\nslit_weight = [1, 3]\n"))
          .job.imaging.field_positions;
  REQUIRE(positions.size() == 2);
  // Three quarters of the way, linear: exact but for rounding.
  CHECK(positions[0].aberrations.at(0).waves == Approx(0.025));
  CHECK(positions[0].aberrations.at(1).waves == Approx(0.005));
  CHECK(positions[0].aberrations.at(1).set == optics::ZernikeSet::noll);
  CHECK(positions[0].chief_ray_azimuth_deg == Approx(4));
  CHECK(positions[1].aberrations.at(0).waves == 0.01);
  CHECK(positions[1].weight == 3);
  CHECK_THAT(folder.error(optics_job(table)), Contains("where on the slit is not said"));
  CHECK_THAT(folder.error(optics_job("slit_position_mm = [0]\n")), Contains("there is no table"));
  CHECK_THAT(folder.error(optics_job(table + "slit_position_mm = [11]\n")), Contains("from -10 to 10 mm"));
  CHECK_THAT(folder.error(optics_job(table + "slit_position_mm = [0]\nslit_weight = [1, 2]\n")),
             Contains("imaging.slit_weight has 2 numbers"));
  folder.write("slit.csv", "position_mm,noll_0\n0,0.1\n");
  CHECK_THAT(folder.error(optics_job(table + "slit_position_mm = [0]\n")), Contains("a column noll_0"));
}

TEST_CASE("imaging keys: kernels of another size are refused", "[unit][flow]") {
  const JobFolder folder;
  io::write_npy(folder.path() / "kernels.npy", std::vector<double>(2 * 3 * 4, 0.1),
                std::vector<std::size_t>{2, 3, 4});
  CHECK_THAT(folder.error(optics_job("method = \"socs\"\nkernel_file = \"kernels.npy\"\n")),
             Contains("imaging.kernel_file"));
  CHECK_THAT(folder.error(optics_job("kernel_file = \"kernels.npy\"\n")),
             Contains("imaging.method is \"abbe\""));
}

TEST_CASE("imaging keys: accuracy sets what the job does not", "[unit][flow]") {
  const JobFolder folder;
  const auto job = [&](const std::string& level, const std::string& more = "") {
    return folder.read(kShapes + "[imaging]\naccuracy = \"" + level + "\"\n" + more).job;
  };
  CHECK(job("draft").illuminator.grid_points == 41);
  CHECK(job("draft").illuminator.rim_levels == 0);
  CHECK(job("standard").illuminator.grid_points == 101);
  CHECK(job("reference").layout.guard_nm == 800);
  CHECK(job("reference").imaging.omitted_light == 1e-6);
  // The guard band follows wavelength / NA: 227 nm at 193 nm and NA 0.85 instead of 40.9 nm.
  const std::string arf = "[source]\nkind = \"monochromatic\"\nwavelength_nm = 193\n";
  const auto arf_job = [&](const std::string& keys) { return folder.read(arf + kShapes + keys).job; };
  CHECK(arf_job("[imaging]\nna = 0.85\n").layout.guard_nm == 1111);
  CHECK(arf_job("[layout]\nguard_nm = 300\n[imaging]\nna = 0.85\n").layout.guard_nm == 300);
  CHECK(job("standard", "na = 0.55\n").layout.guard_nm == 200);
  CHECK(job("reference", "spectral_error = 0.5\n").imaging.spectral_error == 0.5);
  // The resolved job says the numbers, and is the same job.
  const job::Job draft = job("draft");
  const job::Job back = folder.read(job::resolved_job(draft, folder.path())).job;
  CHECK(back.illuminator.grid_points == 41);
  CHECK(job::job_hash(back) == job::job_hash(draft));
}

TEST_CASE("imaging keys: the hash follows the content of the files", "[unit][flow]") {
  const JobFolder folder;
  const std::string text = optics_job("aberration_table_file = \"slit.csv\"\nslit_position_mm = [0]\n");
  const auto hash_with = [&](const std::string& table) {
    folder.write("slit.csv", table);
    return job::job_hash(folder.read(text).job);
  };
  const std::string hash = hash_with("position_mm,fringe_7\n0,0.01\n");
  CHECK(hash_with("position_mm,fringe_7\n0,0.01\n") == hash);
  CHECK(hash_with("position_mm,fringe_7\n0,0.02\n") != hash);
}

TEST_CASE("compute: planes of one call are those of single runs", "[property][flow]") {
  const JobFolder folder;
  const flow::Results all = flow::compute(folder.read(optics_job("through_focus_nm = [-40, 25]\n")).job, {});
  REQUIRE(all.through_focus.size() == 2);
  for (const flow::PlaneResult& plane : all.through_focus) {
    job::Job job = folder.read(optics_job("")).job;
    job.imaging.focus_nm = plane.focus_nm;
    const flow::Results one = flow::compute(job, {});
    constexpr double kRounding = 1e-12;  // the same sums in another order
    const auto a = one.image.intensity.values(), b = plane.image.intensity.values();
    REQUIRE(a.size() == b.size());
    double error = 0;
    for (std::size_t i = 0; i < a.size(); ++i) error = std::max(error, std::abs(a[i] - b[i]));
    CHECK(error < kRounding);
    REQUIRE(one.measurement.gauges.size() == 1);
    CHECK(one.measurement.gauges[0].cd_nm.value() ==
          Approx(plane.measurement.gauges.at(0).cd_nm.value()).epsilon(1e-9));
  }
}

TEST_CASE("compute: wavelengths are added until the error of their sum is small", "[unit][flow]") {
  const JobFolder folder;
  // Orders at 0.68 and 1.36 of NA, sigma up to 0.1: none comes to the rim within the spectrum.
  const std::string text =
      "[illuminator]\nshape = \"conventional\"\nsigma_outer = 0.1\ngrid_points = 5\n"
      "[mask]\nmodel = \"thin\"\nperiod_x_nm = 60\nperiod_y_nm = 36\n"
      "[[mask.rectangle]]\nx0_nm = 15\ny0_nm = 0\nx1_nm = 45\ny1_nm = 36\n";
  const flow::Results rough = flow::compute(folder.read(text, {{"imaging.spectral_error", "1e-2"}}).job, {});
  const flow::Results fine = flow::compute(folder.read(text, {{"imaging.spectral_error", "1e-6"}}).job, {});
  CHECK(fine.spectrum.converged);
  REQUIRE(fine.spectrum.change);
  CHECK(*fine.spectrum.change <= 1e-6);
  REQUIRE(rough.spectrum.change);
  CHECK(rough.spectrum.nodes.size() < fine.spectrum.nodes.size());
  double share = 0, difference = 0;
  for (const imaging::SpectralNode& node : fine.spectrum.nodes) share += node.share;
  CHECK(share == Approx(1).epsilon(1e-12));
  const auto a = rough.image.intensity.values(), b = fine.image.intensity.values();
  for (std::size_t i = 0; i < a.size(); ++i) difference = std::max(difference, std::abs(a[i] - b[i]));
  CHECK(difference <= *rough.spectrum.change);  // the error bar holds
  const flow::Results line = flow::compute(folder.read(text, {{"imaging.spectrum", "line"}}).job, {});
  CHECK(line.spectrum.nodes.size() == 1);
  CHECK(!line.spectrum.change);
}

TEST_CASE("compute: light that is left out changes the image by less than its share", "[property][flow]") {
  const JobFolder folder;
  const auto image = [&](const std::string& degree, const char* omitted) {
    std::string rows = "sigma_x,sigma_y,weight,s1,s2,s3\n";
    for (int i = -4; i <= 4; ++i)
      rows += fmt::format("{},{},{},{},0,0\n", 0.2 * i, 0.1 * i, i == 4 ? 1e-3 : 1.0, degree);
    folder.write("points.csv", rows);
    const std::string text =
        "[source]\nkind = \"monochromatic\"\n[illuminator]\nshape = \"points\"\npoints_file = \"points.csv\"\n" +
        kShapes;
    return flow::compute(folder.read(text, {{"imaging.omitted_light", omitted}}).job, {});
  };
  // A weak second state, weak polarisation, and neither: then the faintest points alone.
  for (const std::string degree : {"0.999", "0.002", "0.5"}) {
    CAPTURE(degree);
    const flow::Results whole = image(degree, "0"), part = image(degree, "2e-3");
    CHECK(whole.spectrum.omitted_light == 0);
    CHECK(part.spectrum.omitted_light > 0);
    CHECK(part.spectrum.omitted_light <= 2e-3);
    const auto a = whole.image.intensity.values(), b = part.image.intensity.values();
    double difference = 0, peak = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      difference = std::max(difference, std::abs(a[i] - b[i]));
      peak = std::max(peak, a[i]);
    }
    CHECK(difference > 0);
    CHECK(difference <= part.spectrum.omitted_light * peak);
  }
}

TEST_CASE("compute: flare of rough mirrors adds the clear share of the clip", "[unit][flow]") {
  const JobFolder folder;
  const std::string smooth = optics_job("field_model = \"scalar\"\nobliquity = \"none\"\n");
  const flow::Results without = flow::compute(folder.read(smooth).job, {});
  const flow::Results with = flow::compute(
      folder.read(smooth + "[imaging.flare]\nmodel = \"constant\"\nroughness_nm = 0.1\n").job, {});
  const double tis = 1 - std::exp(-6 * std::pow(4 * constants::kPi * 0.1 / 13.5, 2));
  CHECK(with.prepared.job.imaging.flare.tis == Approx(tis).epsilon(1e-12));
  const double low = without.image.intensity(0, 0);
  CHECK(with.image.intensity(0, 0) ==
        Approx((1 - tis) * low + tis * without.diffraction.open_area_fraction).epsilon(1e-9));
  CHECK_THAT(folder.error(smooth + "[imaging.flare]\nmodel = \"power_law\"\n"),
             Contains("imaging.flare.model = \"power_law\" (there is no layout.file"));
}
