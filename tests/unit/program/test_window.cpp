// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/job_folder.hpp"
#include "support/resist_jobs.hpp"
#include "undulith/core/error.hpp"
#include "undulith/program/run.hpp"
#include "undulith/program/window.hpp"

using namespace undulith;
using Catch::Matchers::Contains;
using nlohmann::json;

namespace {

namespace fs = std::filesystem;

struct Model {
  std::string resist;
  std::vector<std::string> more_files;  ///< beside those of every window
  std::string profile;                  ///< table of run_job that holds its CDs
  double rounding_nm;
  /// What makes run_job expose with a dose
  job::Override (*dose)(const std::string&);
};

// A threshold is meant for the dose of the job: less dose is a higher threshold, written with six digits.
job::Override as_threshold(const std::string& dose) {
  return {"metrology.threshold", std::to_string(0.3 * 20 / std::stod(dose))};
}
job::Override as_dose(const std::string& dose) {
  return {"throughput.dose_mj_cm2", dose};
}

const std::string kMatrix = "[window]\nfocus_nm = [-60, 0, 30]\ndose_mj_cm2 = [16, 18, 20, 22]\n";
constexpr std::size_t kFocuses = 3, kDoses = 4;

// CD of "gauge focus dose" as the table has it, empty where nothing printed.
std::map<std::string, std::string> matrix_of(const fs::path& folder) {
  const auto rows = csv_rows(folder / "focus_exposure.csv");
  const std::size_t cd = column_of(rows, "cd_nm");
  std::map<std::string, std::string> cells;
  for (std::size_t i = 1; i < rows.size(); ++i)
    cells[rows[i].at(0) + " " + rows[i].at(2) + " " + rows[i].at(3)] = rows[i].at(cd);
  return cells;
}

void check_files(const Model& model, const fs::path& out, const program::WindowReport& report) {
  std::vector<std::string> names{"focus_exposure.csv", "dose_limits.csv",  "el_dof.csv", "bossung.png",
                                 "bossung_2.png",      "ed_window.png",    "el_dof.png", "window.json",
                                 "window.txt",         "job.resolved.toml"};
  names.insert(names.end(), model.more_files.begin(), model.more_files.end());
  for (const std::string& name : names) {
    INFO(name);
    CHECK(fs::file_size(out / name) > 50);
  }
  CHECK(report.files.size() == names.size() + 1);
  CHECK(words_for_no_number(out) == "");
  CHECK(text_of(out / "window.json") == report.json);
  CHECK(text_of(out / "window.txt") == report.text);
}

// Every gauge at every focus and dose; spaces grow with dose and lines shrink; together they fill the pitch.
void check_matrix(const fs::path& out) {
  const auto rows = csv_rows(out / "focus_exposure.csv");
  CHECK(rows.size() == 1 + kFocuses * kDoses * 2);
  CHECK(matrix_of(out).size() == kFocuses * kDoses * 2);
  CHECK(csv_rows(out / "dose_limits.csv").size() == 1 + kFocuses * 3);  // two gauges, and both together
  const std::size_t cd = column_of(rows, "cd_nm");
  std::map<std::string, double> sum;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    REQUIRE(rows[i].size() == rows[0].size());
    REQUIRE_FALSE(rows[i][cd].empty());
    sum[rows[i][2] + " " + rows[i][3]] += std::stod(rows[i][cd]);
    if (rows[i - 1][0] != rows[i][0] || rows[i - 1][2] != rows[i][2]) continue;
    const double change = std::stod(rows[i][cd]) - std::stod(rows[i - 1][cd]);
    CHECK((rows[i][0] == "space" ? change : -change) > 0);
  }
  for (const auto& [place, cd_nm] : sum) CHECK(cd_nm == Approx(44).margin(1e-6));
}

void check_numbers(const program::WindowReport& report) {
  CHECK(report.has_window);
  const json result = json::parse(report.json);
  REQUIRE(result.at("features").size() == 2);
  const json& space = result.at("features")[0];
  CHECK(space.at("name") == "space");
  CHECK(space.at("target_cd_nm").get<double>() == Approx(22));
  CHECK(space.at("dose_to_size_mj_cm2").get<double>() > 16);
  CHECK(space.at("dose_to_size_mj_cm2").get<double>() < 18);
  CHECK(result.at("common").at("depths").size() == 3);
  CHECK(result.at("common").at("best").at("exposure_latitude_percent").get<double>() > 0);
  // The space grows with its opening in the mask, and so does the line with its absorber.
  CHECK(space.at("meef").get<double>() > 0.5);
  CHECK(result.at("features")[1].at("meef").get<double>() == Approx(space.at("meef").get<double>()));
  CHECK_THAT(report.text, Contains("all together:") && Contains("best: "));
}

// The matrix holds what a run gives at its focus and dose.
void check_run(const Model& model, const JobFolder& folder, const std::string& text, const fs::path& out,
               const std::string& focus, const std::string& dose) {
  const fs::path run = folder.path() / "run";
  static_cast<void>(program::run_job(folder.read(text, {{"imaging.focus_nm", focus}, model.dose(dose)}),
                                     {.out = run, .force = true}));
  const auto rows = csv_rows(run / model.profile);
  const std::size_t column = column_of(rows, "cd_nm");
  auto matrix = matrix_of(out);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    INFO(rows[i].at(0) << " at focus " << focus << " and dose " << dose);
    const std::string& cell = matrix[rows[i].at(0) + " " + focus + " " + dose];
    REQUIRE_FALSE(cell.empty());
    CHECK(std::stod(cell) == Approx(std::stod(rows[i].at(column))).margin(model.rounding_nm));
  }
  CHECK(rows.size() == 3);
}

void check_window(const Model& model) {
  const JobFolder folder;
  const std::string text = kSpaces + kLineGauge + model.resist + kMatrix;
  const fs::path out = folder.path() / "out";
  double told = 0;
  const program::WindowReport report =
      program::find_window(folder.read(text), {.out = out, .progress = [&](double done) {
                                                 CHECK(done >= told);
                                                 told = done;
                                               }});
  CHECK(told == 1);
  check_files(model, out, report);
  check_matrix(out);
  check_numbers(report);
  check_run(model, folder, text, out, "0", "20");
  check_run(model, folder, text, out, "-60", "22");
  CHECK_THROWS_WITH(program::find_window(folder.read(text), {.out = out}), Contains("choose another folder"));
}

}  // namespace

TEST_CASE("window: the matrix of a blurred image", "[unit][program]") {
  check_window(
      {.resist = kBlurred, .profile = "measurements.csv", .rounding_nm = 1e-4, .dose = as_threshold});
}

TEST_CASE("window: the matrix of a film", "[unit][program]") {
  check_window({.resist = kFilm,
                .more_files = {"contrast_curve.csv", "contrast_curve.png"},
                .profile = "resist_profile.csv",
                .rounding_nm = 1e-9,
                .dose = as_dose});
}

TEST_CASE("window: where a gauge does not print its cell is empty", "[unit][program]") {
  const JobFolder folder;
  // Below some dose the threshold lies above the image.
  const std::string matrix = "[window]\nfocus_nm = [-30, 0, 30]\ndose_mj_cm2 = [2, 16, 18, 20]\n";
  for (const std::string& text : {kSpaces + kBlurred + matrix, kSpaces + kFilm + matrix}) {
    const auto report =
        program::find_window(folder.read(text), {.out = folder.path() / "out", .force = true});
    int empty = 0;
    for (const auto& [place, cd_nm] : matrix_of(folder.path() / "out")) {
      CHECK(cd_nm.empty() == place.ends_with(" 2"));
      empty += cd_nm.empty();
    }
    CHECK(empty == 3);
    CHECK(words_for_no_number(folder.path() / "out") == "");
    CHECK_FALSE(json::parse(report.json).at("features")[0].at("dose_to_size_mj_cm2").is_null());
  }
}

TEST_CASE("window: features without a common window have none, and no number for it", "[unit][program]") {
  const JobFolder folder;
  const auto report = program::find_window(folder.read(kSpaces + "target_cd_nm = 40\n" + kBlurred + kMatrix),
                                           {.out = folder.path() / "out"});
  CHECK_FALSE(report.has_window);
  CHECK_THAT(report.text, Contains("no dose and focus keep all of them within tolerance"));
  const json result = json::parse(report.json);
  CHECK(result.at("common").at("best").is_null());
  CHECK(result.at("common").at("depths")[0].at("depth_of_focus_rectangle_nm").is_null());
  CHECK(result.at("features")[0].at("dose_to_size_mj_cm2").is_null());
  CHECK(words_for_no_number(folder.path() / "out") == "");
}

TEST_CASE("window: what it refuses, and leaves no folder", "[unit][program]") {
  const JobFolder folder;
  const auto refused = [&](const std::string& text) {
    try {
      static_cast<void>(program::find_window(folder.read(text), {.out = folder.path() / "out"}));
    } catch (const InputError& error) {
      CHECK_FALSE(fs::exists(folder.path() / "out"));
      return folder.without_folder(error.what());
    }
    return std::string("no error");
  };
  const std::string job = kSpaces + kBlurred;
  const std::string falling = refused(job + "[window]\ndose_mj_cm2 = [20, 22, 21]\n"),
                    standing = refused(job + "[window]\nfocus_nm = [-30, 0, 0, 30]\n"),
                    two = refused(job + "[window]\ndose_mj_cm2 = [20, 22]\n"),
                    zero = refused(job + "[window]\ndose_mj_cm2 = [0, 20, 22]\n");
  // The place of the key: the last of two lines behind the job.
  const int line = count(job, "\n") + 2;
  CHECK_THAT(falling, Contains("window.dose_mj_cm2") && Contains("job.toml:" + std::to_string(line) + ":"));
  CHECK_THAT(standing, Contains("window.focus_nm") && Contains("job.toml:" + std::to_string(line) + ":"));
  CHECK_THAT(two, Contains("window.dose_mj_cm2") && Contains("job.toml:" + std::to_string(line) + ":"));
  CHECK_THAT(zero, Contains("window.dose_mj_cm2") && Contains("job.toml:" + std::to_string(line) + ":"));
  // A gauge that prints nowhere in the matrix: its name, and what to move.
  const std::string never = refused(job + "[window]\ndose_mj_cm2 = [1, 2, 3]\n");
  CHECK_THAT(never, Contains("window.dose_mj_cm2") && Contains("'space'"));
  // Nothing to hold a CD against: no gauge at all, for edges are too short for one.
  CHECK_THAT(refused(job.substr(0, job.find("[[metrology.gauge]]")) + kBlurred),
             Contains("metrology.gauge") && Contains("target"));
}

TEST_CASE("window: noise tells how often features fail", "[unit][program]") {
  const JobFolder folder;
  const std::string text =
      kSpaces + kFilm +
      "[stochastics]\nn_realisations = 2\nlength_nm = 48\n[window]\nfocus_nm = [-30, 0, 30]\n"
      "dose_mj_cm2 = [18, 20, 22]\n";
  const auto report = program::find_window(folder.read(text), {.out = folder.path() / "out"});
  const auto rows = csv_rows(folder.path() / "out" / "failures.csv");
  REQUIRE(rows.size() == 4);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const double p = std::stod(rows[i].at(5)), low = std::stod(rows[i].at(6)),
                 high = std::stod(rows[i].at(7));
    CHECK(low <= p);
    CHECK(p <= high);
    CHECK(high <= 1);
  }
  CHECK(fs::file_size(folder.path() / "out" / "failure_curve.png") > 100);
  CHECK(json::parse(report.json).at("failures").size() == 3);
  CHECK(words_for_no_number(folder.path() / "out") == "");
}
