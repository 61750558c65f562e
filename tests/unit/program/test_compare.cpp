// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "support/job_folder.hpp"
#include "undulith/core/error.hpp"
#include "undulith/job/job.hpp"
#include "undulith/program/compare.hpp"
#include "undulith/program/solve.hpp"
#include "undulith/program/source_report.hpp"

using namespace undulith;
using Catch::Matchers::Contains;
using nlohmann::json;

namespace {

namespace fs = std::filesystem;

// Cheap to image: a grating of few orders, few source points, one wavelength.
const std::string kGrating = R"(
[illuminator]
shape = "conventional"
sigma_outer = 0.5
grid_points = 9
rim_levels = 0
[mask]
period_x_nm = 36
period_y_nm = 36
[[mask.rectangle]]
x0_nm = 9
x1_nm = 27
y0_nm = 0
y1_nm = 36
[imaging]
n_wavelengths = 1
through_focus_nm = [-40, 40]
)";
const std::string kPlasma =
    "[source]\nkind = \"lpp\"\nname = \"plasma\"\nstatus = \"production\"\ncitation = \"a paper\"\n";
const std::string kMicrobunches =
    "[source]\nkind = \"ssmb\"\nname = \"ring\"\nstatus = \"design\"\ncitation = \"another\"\n"
    "[source.beam]\nbeam_energy_gev = 0.6\nbeam_current_a = 1\n[source.ssmb]\nbunching_factor = 0.1\n";

std::string text_of(const fs::path& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

double number(const json& report, int source, const std::string& row) {
  return report.at("sources").at(source).at(row).get<double>();
}

}  // namespace

TEST_CASE("compare: two sources, one table, one picture", "[unit][program]") {
  const JobFolder folder;
  folder.write("job.toml", kGrating);
  folder.write("a.toml", kPlasma);
  folder.write("b.toml", kMicrobunches);
  const auto report = program::compare_sources(
      folder.path() / "job.toml",
      {.sources = {folder.path() / "a.toml", folder.path() / "b.toml"}, .out = folder.path() / "out"});
  const json result = json::parse(report.json);
  CHECK(result.at("sources").size() == 2);
  CHECK(result.at("sources")[0].at("status") == "production");
  CHECK(number(result, 0, "intermediate_focus_power_w") == Approx(250));
  // The same mirrors for both, but for the two of the front end.
  CHECK(number(result, 1, "wafer_power_w") < number(result, 1, "mask_power_w"));
  CHECK(number(result, 0, "polarisation_percent") < 5);
  CHECK(number(result, 1, "polarisation_percent") == Approx(100).epsilon(1e-6));
  CHECK(result.at("sources")[1].at("energy_per_wafer_kwh").is_null());  // n/a, never 0
  CHECK(result.at("verdicts").size() >= 1);
  for (const char* name : {"comparison.csv", "comparison.json", "comparison.txt", "comparison.png"})
    CHECK(fs::file_size(folder.path() / "out" / name) > 100);
  CHECK_THAT(text_of(folder.path() / "out" / "comparison.csv"), Contains("wafers_per_hour,"));
  CHECK_THAT(report.text, Contains("[1] plasma (production): a paper"));
}

TEST_CASE("compare: unpolarised sources of the same line give the same image, and it is said",
          "[property][program]") {
  const JobFolder folder;
  folder.write("job.toml", kGrating);
  folder.write("a.toml", kPlasma);
  folder.write("b.toml", kPlasma + "[source.lpp]\npower_if_w = 600\n");
  const auto report = program::compare_sources(
      folder.path() / "job.toml",
      {.sources = {folder.path() / "a.toml", folder.path() / "b.toml"}, .out = folder.path() / "out"});
  const json result = json::parse(report.json);
  CHECK(result.at("image_differences")[0].at("largest_difference").get<double>() < 1e-9);
  CHECK_THAT(result.at("verdicts")[0].get<std::string>(), Contains("the same image at equal dose and pupil"));
  CHECK(number(result, 1, "wafer_power_w") == Approx(2.4 * number(result, 0, "wafer_power_w")));
  CHECK(number(result, 1, "cd_nm") == Approx(number(result, 0, "cd_nm")).epsilon(1e-9));
  // More light affords more dose, and fewer photons of noise.
  CHECK(number(result, 1, "photon_noise_ler_nm") ==
        Approx(number(result, 0, "photon_noise_ler_nm") / std::sqrt(2.4)).epsilon(1e-6));
}

TEST_CASE("compare: what it refuses", "[unit][program]") {
  const JobFolder folder;
  folder.write("job.toml", kGrating);
  folder.write("good.toml", kPlasma);
  folder.write("unstated.toml", "[source]\nkind = \"lpp\"\ncitation = \"x\"\n");
  folder.write("uncited.toml", "[source]\nkind = \"lpp\"\nstatus = \"design\"\n");
  folder.write("mixed.toml", kPlasma + "[imaging]\nna = 0.5\n");
  folder.write("empty.toml", "[beamline]\nn_scanners = 2\n");
  const auto compare = [&](const char* other) {
    static_cast<void>(program::compare_sources(
        folder.path() / "job.toml",
        {.sources = {folder.path() / "good.toml", folder.path() / other}, .out = folder.path() / "out"}));
  };
  CHECK_THROWS_WITH(compare("unstated.toml"), Contains("source.status is missing"));
  CHECK_THROWS_WITH(compare("uncited.toml"), Contains("source.citation is missing"));
  CHECK_THROWS_WITH(compare("mixed.toml"), Contains("mixed.toml") && Contains("imaging does not belong"));
  CHECK_THROWS_WITH(compare("empty.toml"), Contains("no table [source]"));
  CHECK_THROWS_WITH(program::compare_sources(folder.path() / "job.toml", {.out = folder.path() / "out"}),
                    Contains("needs 2 to 12"));
  CHECK_FALSE(fs::exists(folder.path() / "out"));
}

TEST_CASE("solve: a current for a power, and none where there is none", "[validation][program]") {
  const JobFolder folder;
  folder.write("job.toml", kGrating);
  folder.write("ring.toml", kMicrobunches);
  study::SolveOptions options{.sources = {folder.path() / "ring.toml"},
                              .parameter = "beam_current_a",
                              .result = "source_power_w",
                              .target = 500};
  const json answer =
      json::parse(program::solve_source(folder.path() / "job.toml", options).json).at("answers")[0];
  const double present_w =
      json::parse(
          program::report_source(job::read_job(folder.path() / "ring.toml", {}, job::JobScope::light), {})
              .json)
          .at("source_power_w")
          .get<double>();
  // Power grows with the square of the current.
  CHECK(answer.at("value").get<double>() == Approx(std::sqrt(500 / present_w)).epsilon(1e-5));
  CHECK(answer.at("parameter") == "source.beam.beam_current_a");

  options.result = "wafers_per_hour";
  options.target = 1e4;
  const program::SolveReport none = program::solve_source(folder.path() / "job.toml", options);
  CHECK_FALSE(none.all_solved);
  CHECK_THAT(none.text,
             Contains("no source.beam.beam_current_a gives wafers_per_hour") && Contains("stays between"));
  // The range is that of the row, however large the target is.
  const auto range_of = [&](double target) {
    options.target = target;
    const json found =
        json::parse(program::solve_source(folder.path() / "job.toml", options).json).at("answers")[0];
    return std::pair{found.at("result_min").get<double>(), found.at("result_max").get<double>()};
  };
  const auto range = range_of(1e4);
  CHECK(range.second > 0);
  CHECK(range_of(1e308) == range);
  for (const double target : {-5.0, std::nan(""), HUGE_VAL}) {
    options.target = target;
    CHECK_THROWS_WITH(program::solve_source(folder.path() / "job.toml", options),
                      Contains("--for wafers_per_hour"));
  }

  options.parameter = "n_periods";
  options.result = "source_power_w";
  options.target = 500;
  const json periods =
      json::parse(program::solve_source(folder.path() / "job.toml", options).json).at("answers")[0];
  // A whole number, the first that reaches the target.
  const double n = periods.at("value").get<double>();
  CHECK(n == std::round(n));

  options.parameter = "beam_curent_a";
  CHECK_THROWS_WITH(program::solve_source(folder.path() / "job.toml", options),
                    Contains("did you mean beam_current_a?"));
  options.parameter = "beam_current_a";
  options.result = "status";
  CHECK_THROWS_AS(program::solve_source(folder.path() / "job.toml", options), InputError);
  options.result = "wafer_per_hour";
  CHECK_THROWS_WITH(program::solve_source(folder.path() / "job.toml", options),
                    Contains("did you mean wafers_per_hour?"));
}

TEST_CASE("source report: files, and photon energy by photon energy", "[unit][program]") {
  const JobFolder folder;
  folder.write(
      "ring.toml",
      "[source.beam]\nenergy_spread = 5e-4\nbeam_divergence_x_urad = 20\nbeam_divergence_y_urad = 8\n"
      "[source.undulator]\nfield = \"helical\"\nn_periods = 20\n[facets]\npupil = \"facets\"\n");
  const auto read = job::read_job(folder.path() / "ring.toml", {}, job::JobScope::light);
  const auto report = program::report_source(read, {.out = folder.path() / "out"});
  const json result = json::parse(report.json);
  CHECK(result.at("stokes")[3].get<double>() > 0.99);
  CHECK(result.at("facets").at("n_used_field_facets").get<int>() > 0);
  CHECK(result.at("beamline").size() >= 4);
  for (const char* name : {"source.json", "spectrum.csv", "beamline.csv", "angular_flux.npy", "spectrum.png",
                           "angular_map.png", "stokes.png", "pupil_fill.png"})
    CHECK(fs::file_size(folder.path() / "out" / name) > 50);
  CHECK_THROWS_AS(program::report_source(read, {.out = folder.path() / "out"}), InputError);
}

TEST_CASE("compare: the shipped plasmas keep their published wafers per hour", "[validation][program]") {
  // Every rate of the calibration in docs/theory/throughput.md.
  const auto rates = [](double dose_mj_cm2, const std::string& a, const std::string& b) {
    const JobFolder folder;
    folder.write("job.toml", kGrating + "[throughput]\ndose_mj_cm2 = " + std::to_string(dose_mj_cm2) + "\n");
    const fs::path sources = UNDULITH_SOURCE_DIR "/examples/sources";
    const json result = json::parse(
        program::compare_sources(folder.path() / "job.toml",
                                 {.sources = {sources / a, sources / b}, .out = folder.path() / "out"})
            .json);
    return std::pair{number(result, 0, "wafers_per_hour"), number(result, 1, "wafers_per_hour")};
  };
  constexpr double kPublished = 0.03;  // power, dose and rate are quoted to two or three digits
  const auto [nxe3400b, exe5000] = rates(20, "lpp_nxe3400b.toml", "lpp_exe.toml");
  CHECK(nxe3400b == Approx(140).epsilon(kPublished));
  CHECK(nxe3400b > 125);  // published as at least
  CHECK(exe5000 > 185);   // published as more than
  const auto [nxe3600d, nxe3800e] = rates(30, "lpp_nxe3600d.toml", "lpp_nxe3800e.toml");
  CHECK(nxe3600d == Approx(160).epsilon(kPublished));
  CHECK(nxe3800e == Approx(220).epsilon(kPublished));
  const auto [exe5200b, other] = rates(50, "lpp_exe5200b.toml", "lpp_nxe3800e.toml");
  CHECK(exe5200b == Approx(175).epsilon(kPublished));
  CHECK(other < exe5200b);
}

TEST_CASE("compare: a source file carries its scanner, and the job the dose", "[unit][program]") {
  const JobFolder folder;
  folder.write("job.toml",
               kGrating + "[throughput]\nwafer_overhead_s = 5\nn_fields = 80\ndose_mj_cm2 = 40\n");
  folder.write("a.toml", kPlasma + "[throughput]\nwafer_overhead_s = 9\n");
  folder.write("b.toml", kPlasma);
  const auto scanner = [&](const char* name) {
    return job::read_job_with_source(folder.path() / "job.toml", folder.path() / name).job.throughput;
  };
  CHECK(scanner("a.toml").wafer_overhead_s == 9);
  CHECK(scanner("a.toml").n_fields == 80);
  CHECK(scanner("a.toml").dose_mj_cm2 == 40);
  CHECK(scanner("b.toml").wafer_overhead_s == 5);
  folder.write("c.toml", kPlasma + "[throughput]\ndose_mj_cm2 = 20\n");
  CHECK_THROWS_WITH(scanner("c.toml"), Contains("c.toml:7") && Contains("a comparison has one dose"));
  folder.write("d.toml", kPlasma + "[imaging]\nna = 0.3\n");
  CHECK_THROWS_WITH(scanner("d.toml"), Contains("imaging does not belong into the file of a source"));
}
