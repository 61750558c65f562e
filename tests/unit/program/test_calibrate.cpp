// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/job_folder.hpp"
#include "support/resist_jobs.hpp"
#include "undulith/core/error.hpp"
#include "undulith/program/calibrate.hpp"
#include "undulith/program/window.hpp"
#include "undulith/study/calibration_fit.hpp"

using namespace undulith;
using Catch::Matchers::Contains;
using nlohmann::json;

namespace {

namespace fs = std::filesystem;

// CDs that the model itself gives with these overrides, as somebody would have measured them.
std::string made_up_data(const JobFolder& folder, const std::string& job,
                         const std::vector<job::Override>& truth) {
  const std::string matrix = "[window]\nfocus_nm = [-60, 0, 40]\ndose_mj_cm2 = [17, 20, 23]\n";
  static_cast<void>(program::find_window(folder.read(job + matrix, truth), {.out = folder.path() / "truth"}));
  std::string data = "gauge,focus_nm,dose_mj_cm2,cd_nm\n";
  const auto rows = csv_rows(folder.path() / "truth" / "focus_exposure.csv");
  for (std::size_t i = 1; i < rows.size(); ++i)
    data += rows[i][0] + "," + rows[i][2] + "," + rows[i][3] + "," + rows[i][column_of(rows, "cd_nm")] + "\n";
  return data;
}

double found(const json& report, std::size_t parameter) {
  return report.at("parameters").at(parameter).at("found").get<double>();
}

}  // namespace

TEST_CASE("calibrate: the truth comes back from what it prints", "[validation][program]") {
  const JobFolder folder;
  const std::string job = kSpaces + kBlurred;
  folder.write("data.csv",
               made_up_data(folder, job, {{"resist.blur.sigma_nm", "3.7"}, {"metrology.threshold", "0.27"}}));
  folder.write("job.toml", job);
  const program::CalibrateReport report =
      program::calibrate(folder.path() / "job.toml", folder.path() / "data.csv",
                         {.overrides = {{"resist.blur.sigma_nm", "6"}, {"metrology.threshold", "0.33"}},
                          .keys = {{"resist.blur.sigma_nm", 1, 8}, {"metrology.threshold", 0.2, 0.4}},
                          .bands = true,
                          .out = folder.path() / "out"});
  CHECK(report.converged);
  const json result = json::parse(report.json);
  // Data without noise: what is left is the optimiser's tolerance.
  CHECK(found(result, 0) == Approx(3.7).epsilon(1e-3));
  CHECK(found(result, 1) == Approx(0.27).epsilon(1e-3));
  CHECK(result.at("rms_before_nm").get<double>() > 0.5);
  CHECK(result.at("rms_after_nm").get<double>() < 1e-3);
  CHECK(result.at("n_data") == 9);
  CHECK(result.at("n_not_printed") == 0);
  for (const json& parameter : result.at("parameters")) {
    CHECK(parameter.at("sigma").get<double>() >= 0);  // a number: decided
    CHECK(parameter.at("sigma").get<double>() < 0.01);
    CHECK_FALSE(parameter.at("at_bound").get<bool>());
    CHECK(std::abs(parameter.at("correlation")[0].get<double>()) <= 1 + 1e-12);
  }

  // The job's own model leads the choices; a sharp threshold or a wrong kernel does not fit such data.
  const json& choices = result.at("choices");
  REQUIRE(choices.size() >= 4);
  CHECK(choices[0].at("undecided") == true);
  bool constant = false;
  for (const json& choice : choices)
    if (choice.at("name") == "constant threshold") {
      constant = true;
      CHECK(choice.at("undecided") == false);
      CHECK(choice.at("rms_nm").get<double>() > result.at("rms_after_nm").get<double>());
    }
  CHECK(constant);
  REQUIRE(result.at("bands").size() == 9);
  for (const json& band : result.at("bands"))
    CHECK(band.at("low_nm").get<double>() <= band.at("high_nm").get<double>());

  for (const char* name :
       {"calibration.csv", "calibration.json", "calibration.txt", "calibration.png", "job.resolved.toml"})
    CHECK(fs::file_size(folder.path() / "out" / name) > 100);
  CHECK(report.files.size() == 6);
  CHECK(words_for_no_number(folder.path() / "out") == "");
  const auto rows = csv_rows(folder.path() / "out" / "calibration.csv");
  REQUIRE(rows.size() == 10);
  for (std::size_t i = 1; i < rows.size(); ++i) CHECK(std::abs(std::stod(rows[i].at(6))) < 1e-3);
  // The job that comes out has what was found.
  const auto job_found = job::read_job(folder.path() / "out" / "job.resolved.toml").job;
  CHECK(job_found.resist.blur.sigma_nm == Approx(found(result, 0)).epsilon(1e-12));
  CHECK(job_found.metrology.threshold == Approx(found(result, 1)).epsilon(1e-12));
}

TEST_CASE("calibrate: scale of the dose and offset of the focus", "[validation][program]") {
  const JobFolder folder;
  const std::string job = kSpaces + kBlurred;
  // The writer of the data meant 20 mJ/cm2 where there were 21, and focus 0 where it was 12 nm.
  const std::string matrix = "[window]\nfocus_nm = [-48, 12, 62]\ndose_mj_cm2 = [17.85, 21, 24.15]\n";
  static_cast<void>(program::find_window(folder.read(job + matrix), {.out = folder.path() / "truth"}));
  std::string data = "gauge,focus_nm,dose_mj_cm2,cd_nm,sigma_nm\n";
  const auto rows = csv_rows(folder.path() / "truth" / "focus_exposure.csv");
  for (std::size_t i = 1; i < rows.size(); ++i)
    data += rows[i][0] + "," + std::to_string(std::stod(rows[i][2]) - 12) + "," +
            std::to_string(std::stod(rows[i][3]) / 1.05) + "," + rows[i][column_of(rows, "cd_nm")] + ",0.5\n";
  folder.write("data.csv", data);
  folder.write("job.toml",
               job +
                   "[[calibrate.parameter]]\nkey = \"calibrate.dose_scale\"\nlow = 0.8\nhigh = 1.2\n"
                   "[[calibrate.parameter]]\nkey = \"calibrate.focus_offset_nm\"\nlow = -30\nhigh = 30\n");
  const json result = json::parse(program::calibrate(folder.path() / "job.toml", folder.path() / "data.csv",
                                                     {.out = folder.path() / "out"})
                                      .json);
  CHECK(found(result, 0) == Approx(1.05).epsilon(1e-3));
  CHECK(found(result, 1) == Approx(12).epsilon(1e-2));
  // Errors are those of the stated sigma, not of what is left over: 9 CDs of 0.5 nm with d CD / d ln E of
  // some 20 nm leave 0.5 / 20 / 3 = 0.008, up to the slope.
  CHECK(result.at("parameters")[0].at("sigma").get<double>() > 0.002);
  CHECK(result.at("parameters")[0].at("sigma").get<double>() < 0.03);
  CHECK(result.at("reduced_chi2").get<double>() < 1e-3);
}

TEST_CASE("calibrate: the film's parameters come back too", "[validation][program]") {
  const JobFolder folder;
  const std::string job = kSpaces + kFilm;
  folder.write("data.csv", made_up_data(folder, job, {{"resist.exposure.dill_c_cm2_mj", "0.034"}}));
  folder.write("job.toml", job);
  const json result = json::parse(program::calibrate(folder.path() / "job.toml", folder.path() / "data.csv",
                                                     {.keys = {{"resist.exposure.dill_c_cm2_mj", 0.02, 0.05}},
                                                      .out = folder.path() / "out"})
                                      .json);
  CHECK(found(result, 0) == Approx(0.034).epsilon(1e-3));
}

TEST_CASE("calibrate: correlated parameters are reported", "[property][program]") {
  const JobFolder folder;
  const std::string job = kSpaces + kBlurred;
  folder.write("data.csv", made_up_data(folder, job, {}));
  folder.write("job.toml", job);
  // A threshold and a scale of the dose do the same: only their ratio shows.
  const auto report =
      program::calibrate(folder.path() / "job.toml", folder.path() / "data.csv",
                         {.keys = {{"metrology.threshold", 0.2, 0.4}, {"calibrate.dose_scale", 0.7, 1.4}},
                          .out = folder.path() / "out"});
  const json result = json::parse(report.json);
  const bool blind = result.at("parameters")[0].at("sigma").is_null();
  if (blind)
    CHECK_THAT(report.text, Contains("not decided by the data"));
  else
    CHECK_THAT(report.text, Contains("metrology.threshold and calibrate.dose_scale are correlated"));
  CHECK(words_for_no_number(folder.path() / "out") == "");
  // Blur and threshold do much the same where there is one dose and one focus.
  folder.write("few.csv",
               "gauge,focus_nm,dose_mj_cm2,cd_nm\nspace,0,20,23.3\nspace,0,20.5,23.6\nspace,0,21,23.9\n");
  const auto near =
      program::calibrate(folder.path() / "job.toml", folder.path() / "few.csv",
                         {.keys = {{"metrology.threshold", 0.2, 0.4}, {"resist.blur.sigma_nm", 1, 6}},
                          .out = folder.path() / "near"});
  CHECK(std::abs(json::parse(near.json).at("parameters")[0].at("correlation")[1].get<double>()) > 0.9);
  CHECK_THAT(near.text, Contains("metrology.threshold and resist.blur.sigma_nm are correlated"));
}

TEST_CASE("calibrate: a gauge that the model does not print is counted", "[unit][program]") {
  const JobFolder folder;
  folder.write("data.csv", "gauge,focus_nm,dose_mj_cm2,cd_nm\nspace,0,20,23\nspace,0,2,5\n");
  folder.write("job.toml", kSpaces + kBlurred);
  const auto report =
      program::calibrate(folder.path() / "job.toml", folder.path() / "data.csv",
                         {.keys = {{"resist.blur.sigma_nm", 1, 6}}, .out = folder.path() / "out"});
  CHECK(json::parse(report.json).at("n_not_printed") == 1);
  CHECK_THAT(report.text, Contains("1 of the measured gauges do not print"));
  CHECK(csv_rows(folder.path() / "out" / "calibration.csv").at(2).at(5).empty());
  CHECK(words_for_no_number(folder.path() / "out") == "");
}

TEST_CASE("calibrate: rows without a CD, columns of text, and the table of window", "[unit][program]") {
  const JobFolder folder;
  folder.write("job.toml", kSpaces + kBlurred);
  const auto json_of = [&](const std::string& data) {
    folder.write("data.csv", data);
    return json::parse(
        program::calibrate(
            folder.path() / "job.toml", folder.path() / "data.csv",
            {.keys = {{"resist.blur.sigma_nm", 1, 6}}, .out = folder.path() / "out", .force = true})
            .json);
  };
  const json plain = json_of("gauge,focus_nm,dose_mj_cm2,cd_nm\nspace,0,20,23\nspace,0,22,24\n");
  CHECK(plain.at("n_rows_not_printed") == 0);
  // The same CDs in the layout of `window`, of a lot, and with gauges that did not print.
  for (
      const char* data :
      {"gauge,target_cd_nm,focus_nm,dose_mj_cm2,cd_nm,shift_nm,side_wall_deg,top_loss_percent\n"
       "space,22,0,5,,,,\nspace,22,0,20,23,0,,\nspace,22,0,22,24,0,,\n",
       "lot,name,focus_nm,dose_mj_cm2,cd_nm,comment\nA1,space,0,20,23,ok\nA1,space,0,22,24,\"re-measured, ok\"\n"
       "A2,space,0,4,not printed,\n",
       "gauge\tfocus_nm\tdose_mj_cm2\tcd_nm\nspace\t0\t20\t23\nspace\t0\t22\t24\nspace\t0\t5\t\n"}) {
    CAPTURE(data);
    const json result = json_of(data);
    CHECK(result.at("n_data") == 2);
    CHECK(result.at("n_rows_not_printed") == 1);
    CHECK(found(result, 0) == found(plain, 0));
  }
}

TEST_CASE("calibrate: what it refuses, and leaves no folder", "[unit][program]") {
  const JobFolder folder;
  folder.write("job.toml", kSpaces + kBlurred);
  const std::string head = "gauge,focus_nm,dose_mj_cm2,cd_nm\n", row = "space,0,20,22\n";
  const auto refused = [&](const std::string& data, const std::vector<program::FittedKey>& keys) {
    folder.write("data.csv", data);
    try {
      static_cast<void>(program::calibrate(folder.path() / "job.toml", folder.path() / "data.csv",
                                           {.keys = keys, .out = folder.path() / "out"}));
    } catch (const InputError& error) {
      CHECK_FALSE(fs::exists(folder.path() / "out"));
      return folder.without_folder(error.what());
    }
    return std::string("no error");
  };
  const std::vector<program::FittedKey> blur{{"resist.blur.sigma_nm", 1, 6}},
      both{{"resist.blur.sigma_nm", 1, 6}, {"metrology.threshold", 0.2, 0.4}};
  CHECK_THAT(refused(head + row, both), Contains("1 row for 2 parameters"));
  CHECK_THAT(refused(head, blur), Contains("data.csv has 0 rows for 1 parameter "));
  CHECK_THAT(refused(head + row + "lime,0,20,22\n", blur),
             Contains("data.csv:3:") && Contains("'lime'") && Contains("space"));
  CHECK_THAT(refused(head + row, {{"resist.blur.sigma_nm", 3, 6}}),
             Contains("resist.blur.sigma_nm = 3:6") && Contains("2.5 lies outside"));
  CHECK_THAT(refused(head + row, {{"resist.blur.sigma_nm", 6, 1}}), Contains("low must be below high"));
  CHECK_THAT(refused(head + row, {{"resist.blur.sigma", 1, 6}}), Contains("resist.blur.sigma (no number"));
  CHECK_THAT(refused(head + row, {{"resist.blur.kernel", 1, 6}}),
             Contains("resist.blur.kernel (is no number)"));
  CHECK_THAT(refused(head + row, {{"resist.bake.time_s", 1, 60}}),
             Contains("resist.bake.time_s (has no effect: resist.model is another)"));
  CHECK_THAT(refused(head + row, {{"source.undulator.period_mm", 1, 60}}),
             Contains("source.kind is another"));
  CHECK_THAT(refused(head + row, {{"illuminator.grid_points", 5, 9}}), Contains("is a whole number"));
  CHECK_THAT(refused(head + row, {{"metrology.treshold", 0.2, 0.4}}),
             Contains("did you mean metrology.threshold?"));
  CHECK_THAT(refused(head + row, {{"resist.blur.sigma_nm", 1, 1e9}}),
             Contains("the key must be in [0, 100]"));
  // All rows and all gauges that are wrong are named, not the first alone.
  CHECK_THAT(refused(head + "space,0,20,1e300\nspace,1e300,20,22\nspace,0,20,wide\n", blur),
             Contains("data.csv:2: cd_nm = 1e+300 (must be in (0, 100000])") &&
                 Contains("data.csv:3: focus_nm = 1e+300") && Contains("data.csv:4: cd_nm = 'wide'"));
  CHECK_THAT(refused(head + row + "lime,0,20,22\nlemon,0,20,22\n", blur),
             Contains("data.csv:3: gauge 'lime'") && Contains("data.csv:4: gauge 'lemon'"));
  CHECK_THAT(refused(head + row, {}), Contains("calibrate.parameter (there is nothing to fit)"));
  CHECK_THAT(refused(head + row + "space,0,20,0\n", blur), Contains("data.csv:3: cd_nm = 0"));
  CHECK_THAT(refused(head + row + "space,0,20,-3\n", blur), Contains("data.csv:3: cd_nm = -3"));
  CHECK_THAT(refused(head + row + "space,0,0,22\n", blur), Contains("data.csv:3: dose_mj_cm2 = 0"));
  CHECK_THAT(refused("gauge,focus_nm,dose_mj_cm2,cd_nm,sigma_nm\nspace,0,20,22,0\n", blur),
             Contains("data.csv:2: sigma_nm = 0"));
  CHECK_THAT(refused("gauge,focus_nm,cd_nm\nspace,0,22\n", blur), Contains("dose_mj_cm2"));
  CHECK_THAT(refused(head + "space,0,20\n", blur), Contains("data.csv"));
  // What a stage refuses has its place in the job.
  folder.write("job.toml",
               kSpaces + "[[metrology.gauge]]\nname = \"far\"\nx_nm = 5000\ny_nm = 22\n" + kBlurred);
  CHECK_THAT(refused(head + row, blur), Contains("job.toml:28:1: error: metrology.gauge 'far'"));
}

TEST_CASE("calibrate: least squares of a straight line", "[validation][program]") {
  // y = 2 + 3 x with residuals +1, -1, -1, +1 at x = -3, -1, 1, 3 (both parameters stay: the residuals are
  // orthogonal to 1 and x): variances 1/4 and 1/20, chi2 4 over two degrees of freedom.
  study::FitProblem problem{.start = {0, 0}, .low = {-10, -10}, .high = {10, 10}};
  problem.residuals = [](const std::vector<double>& p) {
    const std::vector<double> x{-3, -1, 1, 3}, noise{1, -1, -1, 1};
    std::vector<double> r;
    for (std::size_t i = 0; i < x.size(); ++i) r.push_back(p[0] + p[1] * x[i] - (2 + 3 * x[i] + noise[i]));
    return r;
  };
  const study::FitResult plain = study::fit(problem, false), scaled = study::fit(problem, true);
  CHECK(plain.converged);
  CHECK(plain.parameters[0] == Approx(2).epsilon(1e-4));
  CHECK(plain.parameters[1] == Approx(3).epsilon(1e-4));
  CHECK(plain.chi2 == Approx(4).epsilon(1e-6));
  CHECK(plain.reduced_chi2 == Approx(2).epsilon(1e-6));
  CHECK(plain.error[0] == Approx(0.5).epsilon(1e-6));
  CHECK(plain.error[1] == Approx(std::sqrt(0.05)).epsilon(1e-6));
  CHECK(scaled.error[0] == Approx(std::sqrt(2) * plain.error[0]).epsilon(1e-6));
  CHECK(plain.correlation[0][1] == Approx(0).margin(1e-6));
  // A parameter that nothing depends on is not decided.
  problem.start.push_back(1);
  problem.low.push_back(0);
  problem.high.push_back(2);
  const study::FitResult undecided = study::fit(problem, false);
  CHECK(std::isinf(undecided.error[2]));
  CHECK(undecided.error[0] == Approx(0.5).epsilon(1e-4));
  // One whose best value lies beyond its bound stays there and says so.
  problem.start = {0, 0};
  problem.low = {-10, -10};
  problem.high = {10, 1};
  const study::FitResult held = study::fit(problem, false);
  CHECK(held.parameters[1] == Approx(1).epsilon(1e-4));
  CHECK(held.at_bound[1]);
  CHECK_FALSE(held.at_bound[0]);
}
