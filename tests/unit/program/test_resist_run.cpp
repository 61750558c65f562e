// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/job_folder.hpp"
#include "support/resist_jobs.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/program/run.hpp"

using namespace undulith;
using Catch::Matchers::Contains;
using nlohmann::json;

namespace {

namespace fs = std::filesystem;

// Where nothing is exposed: a line that does not open.
const std::string kNeverPrints =
    "[[metrology.gauge]]\nname = \"never\"\nx_nm = 0\ny_nm = 22\nlength_nm = 20\n";

// The message of a job that is refused when it is read, checked or run.
std::string refused(const JobFolder& folder, const std::string& text) {
  try {
    const job::ReadJob read = folder.read(text);
    static_cast<void>(program::check_job(read));
    static_cast<void>(program::run_job(read, {.out = folder.path() / "out"}));
  } catch (const InputError& error) {
    CHECK_FALSE(fs::exists(folder.path() / "out"));
    return folder.without_folder(error.what());
  }
  return "no error";
}

}  // namespace

TEST_CASE("resist run: bad keys are refused with their place", "[unit][program]") {
  const JobFolder folder;
  const std::string film = "[resist]\nmodel = \"chemically_amplified\"\n";
  // A key that is not written is found at its table.
  const auto check = [&](const std::string& table, const std::string& line, const std::string& key,
                         bool written = true) {
    const std::string text = kSpaces + film + "[" + table + "]\n" + line + "\n";
    INFO(text);
    const std::string place = "job.toml:" + std::to_string(count(text, "\n") - (written ? 0 : 1)) + ":";
    CHECK_THAT(refused(folder, text), Contains(place) && Contains(key) && Contains(";"));
  };
  check("resist.bake", "quencher = -0.1", "resist.bake.quencher = -0.1");
  check("resist.bake", "time_s = 0", "resist.bake.time_s = 0");
  check("resist.bake", "reaction_order = 0.5", "resist.bake.reaction_order = 0.5");
  check("resist.exposure", "dill_c_cm2_mj = 0", "resist.exposure.dill_c_cm2_mj = 0");
  check("resist.development", "r_min_nm_s = 0", "resist.development.r_min_nm_s = 0");
  check("resist.development", "r_min_nm_s = 100", "resist.development.r_min_nm_s = 100");
  check("resist.development", "r_max_nm_s = 0.01", "resist.development.r_min_nm_s = 0.02", false);
  check("resist.development", "model = \"enhanced_mack\"\nr_resin_nm_s = 200",
        "resist.development.r_resin_nm_s = 200");
  check("resist.film", "thickness_nm = 1.5", "resist.film.thickness_nm = 1.5");
  check("resist.film", "thickness_nm = 0", "resist.film.thickness_nm = 0");
  check("stochastics", "n_realisations = -1", "stochastics.n_realisations = -1");
  check("resist.blur", "kernel = \"table\"", "resist.blur.table_file", false);
}

TEST_CASE("resist run: a film without dose and noise without blur are refused", "[unit][program]") {
  const JobFolder folder;
  std::string text = kSpaces + kFilm;
  const std::string dose = "dose_mj_cm2 = 20";
  text.replace(text.find(dose), dose.size(), "dose_mj_cm2 = 0");
  CHECK_THAT(refused(folder, text), Contains("job.toml:") && Contains("throughput.dose_mj_cm2 = 0"));
  CHECK_THAT(
      refused(folder, kSpaces + kFilm + "[resist.blur]\nsigma_nm = 0\n[stochastics]\nn_realisations = 1\n"),
      Contains("job.toml:") && Contains("resist.blur.sigma_nm = 0"));
  // Nothing to find fault with in a film without noise.
  CHECK_NOTHROW(program::check_job(folder.read(kSpaces + kFilm + "[resist.blur]\nsigma_nm = 0\n")));
}

TEST_CASE("resist run: a gauge that never prints has a status and no number", "[unit][program]") {
  for (const std::string& resist : {kBlurred, kFilm}) {
    const bool film = resist == kFilm;
    const JobFolder folder;
    const auto report =
        program::run_job(folder.read(kSpaces + kNeverPrints + resist), {.out = folder.path() / "out"});
    CHECK_FALSE(report.all_printed);
    CHECK_THAT(report.table, Contains("not_printed"));
    const auto rows = csv_rows(folder.path() / "out" / (film ? "resist_profile.csv" : "measurements.csv"));
    REQUIRE(rows.size() == 3);
    CHECK(rows[2].size() == rows[0].size());
    for (std::size_t c = 0; c < rows[0].size(); ++c) {
      if (rows[0][c] == "status") CHECK(rows[2][c] == "not_printed");
      if (rows[0][c] == "cd_nm") CHECK_FALSE(rows[1][c].empty());
      for (const char* absent : {"cd_nm", "cd_error_nm", "epe_left_nm", "shift_nm", "nils", "cd_top_nm",
                                 "side_wall_left_deg", "footing_nm"})
        if (rows[0][c] == absent) {
          INFO(absent);
          CHECK(rows[2][c].empty());
        }
    }
    if (film) {
      const json gauges = json::parse(report.json).at("resist").at("gauges");
      CHECK(gauges[1].at("status") == "not_printed");
      CHECK(gauges[1].at("cd_nm").is_null());
      CHECK(gauges[1].at("side_wall_left_deg").is_null());
      CHECK(gauges[0].at("cd_nm").is_number());
    }
    CHECK(words_for_no_number(folder.path() / "out") == "");
  }
}

TEST_CASE("resist run: files of a film with noise, the same bytes for any number of threads",
          "[property][program]") {
  const JobFolder folder;
  const job::ReadJob read = folder.read(
      kSpaces + kFilm +
      "[stochastics]\nn_realisations = 2\nlength_nm = 64\ndose_noise = 0.01\nspeckle_contrast = 0.05\n");
  set_thread_count(1);
  const auto one = program::run_job(read, {.out = folder.path() / "one"});
  set_thread_count(2);
  const auto two = program::run_job(read, {.out = folder.path() / "two"});
  set_thread_count(0);
  REQUIRE(one.files.size() == two.files.size());
  for (const auto& file : one.files) {
    INFO(file);
    if (file.filename() == "manifest.json") continue;  // holds times
    CHECK(text_of(file) == text_of(folder.path() / "two" / file.filename()));
  }
  for (const char* name :
       {"resist_profile.csv", "film_sections.png", "profile.png", "top_down.png", "resist_film.vti",
        "resist_inhibitor.npy", "resist_arrival_time_s.npy", "stochastics.csv", "roughness_psd.csv",
        "stochastic_film.vti", "stochastic_profile.vtp", "roughness.png"}) {
    INFO(name);
    CHECK(fs::file_size(folder.path() / "one" / name) > 50);
  }
  const json noise = json::parse(one.json).at("stochastics");
  CHECK(noise.at("n_realisations") == 2);
  CHECK(noise.at("dose_noise").get<double>() == Approx(0.01));
  const json& gauge = noise.at("gauges").at(0);
  CHECK(gauge.at("ler").at("biased").at("sigma_nm").get<double>() > 0);
  CHECK(gauge.at("ler").at("biased").at("three_sigma_nm").get<double>() ==
        Approx(3 * gauge.at("ler").at("biased").at("sigma_nm").get<double>()));
  CHECK(gauge.at("ler").at("n_edges") == 4);
  // Whole cells that come nearest to the length.
  CHECK(gauge.at("ler").at("length_nm").get<double>() == Approx(44));
  CHECK(words_for_no_number(folder.path() / "one") == "");
}

TEST_CASE("resist run: metal oxide keeps what was exposed", "[unit][program]") {
  const JobFolder folder;
  const std::string oxide =
      "[resist]\nmodel = \"metal_oxide\"\n[resist.film]\nthickness_nm = 20\ndill_b_per_um = 13\n"
      "lateral_step_nm = 2\ndepth_step_nm = 2\nn_planes = 1\n";
  std::vector<double> cd_nm;
  for (const char* dose : {"60", "90"}) {
    const auto report = program::run_job(folder.read(kSpaces + oxide, {{"throughput.dose_mj_cm2", dose}}),
                                         {.out = folder.path() / "out", .force = true});
    const json gauge = json::parse(report.json).at("resist").at("gauges").at(0);
    REQUIRE(gauge.at("status") == "printed");
    cd_nm.push_back(gauge.at("cd_nm").get<double>());
  }
  CHECK(cd_nm[1] > cd_nm[0] + 1);  // the exposed line of resist grows with dose
  CHECK(fs::exists(folder.path() / "out" / "resist_conversion.npy"));
  CHECK_FALSE(fs::exists(folder.path() / "out" / "resist_quencher_baked.npy"));
}
