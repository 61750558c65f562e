// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "support/third_party.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/program/run.hpp"

namespace {

namespace fs = std::filesystem;
using namespace undulith;
using nlohmann::json;

const fs::path kSource = UNDULITH_SOURCE_DIR;

// A folder of its own for each case, gone at the end.
struct Scratch {
  explicit Scratch(const std::string& name)
      : path(fs::temp_directory_path() / ("undulith-regression-" + name)) {
    fs::remove_all(path);
    fs::create_directories(path);
  }
  ~Scratch() { fs::remove_all(path); }
  fs::path path;
};

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

// All but the manifest, which holds times.
std::map<std::string, std::string> files_in(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().filename() != "manifest.json") files[entry.path().filename()] = read_file(entry.path());
  return files;
}

job::ReadJob example(const std::vector<job::Override>& overrides = {}) {
  return job::read_job(kSource / "examples/01-logic-metal/job.toml", overrides);
}

// A quick version of the example: fewer source points.
job::ReadJob quick_example() {
  return example({{"illuminator.grid_points", "21"}, {"imaging.n_wavelengths", "2"}});
}

}  // namespace

TEST_CASE("run: the logic metal example keeps its numbers", "[regression][program]") {
  const Scratch scratch("golden");
  const auto report = program::run_job(example(), {.out = scratch.path / "out"});
  const json summary = json::parse(report.json);
  const json golden = json::parse(read_file(kSource / "tests/regression/logic_metal.json"));
  for (const auto& [pointer, expected] : golden.items()) {
    CAPTURE(pointer, expected.at("why").get<std::string>());
    const double found = summary.at(json::json_pointer(pointer));
    CHECK(std::abs(found - expected.at("value").get<double>()) <= expected.at("tolerance").get<double>());
  }
  CHECK(report.all_printed);
}

TEST_CASE("run: the same bytes on one thread, on two, and from the resolved job", "[regression][program]") {
  const Scratch scratch("bytes");
  const job::ReadJob job = quick_example();
  set_thread_count(1);
  (void)program::run_job(job, {.out = scratch.path / "one"});
  set_thread_count(2);
  (void)program::run_job(job, {.out = scratch.path / "two"});
  (void)program::run_job(job::read_job(scratch.path / "one/job.resolved.toml"),
                         {.out = scratch.path / "again"});
  set_thread_count(0);
  const auto one = files_in(scratch.path / "one");
  CHECK(one.size() == 15);
  CHECK(one == files_in(scratch.path / "two"));
  CHECK(one == files_in(scratch.path / "again"));
}

TEST_CASE("run: a job that fails or is stopped leaves nothing behind", "[regression][program]") {
  const Scratch scratch("nothing");
  CHECK_THROWS_AS(
      program::run_job(quick_example(), {.out = scratch.path / "out",
                                         .progress = [](double) { throw Interrupted("stopped"); }}),
      Interrupted);
  job::ReadJob bad = quick_example();
  bad.job.layout.layer = 77;
  CHECK_THROWS_AS(program::run_job(bad, {.out = scratch.path / "out"}), InputError);
  CHECK(fs::is_empty(scratch.path));
}

TEST_CASE("run: results are replaced only when asked, and other files stay", "[regression][program]") {
  const Scratch scratch("replace");
  const fs::path out = scratch.path / "out";
  fs::create_directories(out);
  std::ofstream(out / "notes.txt") << "mine";
  CHECK_THROWS_AS(program::run_job(quick_example(), {.out = out}), InputError);
  CHECK(files_in(out).size() == 1);
  (void)program::run_job(quick_example(), {.out = out, .force = true});
  CHECK(read_file(out / "notes.txt") == "mine");
  CHECK(fs::exists(out / "summary.json"));
}

TEST_CASE("run: a feature that does not print is reported, never as 0", "[regression][program]") {
  const Scratch scratch("unprinted");
  auto job = example({{"illuminator.grid_points", "21"}, {"metrology.threshold", "0.99"}});
  const auto report = program::run_job(job, {.out = scratch.path / "out"});
  CHECK_FALSE(report.all_printed);
  const json summary = json::parse(report.json);
  CHECK(summary.at("/metrology/n_not_printed"_json_pointer).get<int>() > 0);
  const std::string csv = read_file(scratch.path / "out/measurements.csv");
  CHECK(csv.find("not_printed,,") != std::string::npos);
  CHECK(csv.find("nan") == std::string::npos);
}

TEST_CASE("run: an ASAP7 cell under annular light from an undulator", "[regression][program]") {
  const auto layout = test::third_party("layouts/asap7/asap7sc7p5t_28_R_220121a.gds");
  if (!layout) return;
  const Scratch scratch("asap7");
  const auto job = example({{"layout.file", layout->string()},
                            {"layout.cell", "NAND2x1_ASAP7_75t_R"},
                            {"layout.layer", "19"},
                            {"layout.window_nm", "[]"},
                            {"layout.boundary", "guard"},
                            {"imaging.n_wavelengths", "1"},
                            {"metrology.placement", "layout_edges"},
                            {"metrology.gauge", "[]"}});
  const auto report = program::run_job(job, {.out = scratch.path / "out"});
  const json summary = json::parse(report.json);
  // Eight segments of metal 1 have their cut within the cell; the rails at its border have not. Their line ends
  // pull back.
  const std::string measured = read_file(scratch.path / "out/measurements.csv");
  int n_across = 0;
  for (std::size_t at = 0; (at = measured.find("\ng0", at)) != std::string::npos; ++at) ++n_across;
  CHECK(n_across == 8);
  CHECK(summary.at("/metrology/n_printed"_json_pointer).get<int>() == 17);
  CHECK(summary.at("/metrology/line_end_epe_nm/max"_json_pointer).get<double>() < -1);
  CHECK(summary.at("/metrology/cd_nm/min"_json_pointer).get<double>() > 6);
  CHECK(summary.at("/metrology/cd_nm/max"_json_pointer).get<double>() < 18);
  CHECK(fs::exists(scratch.path / "out/aerial_image.png"));
}

TEST_CASE("check: the plan of a job is that of its run", "[regression][program]") {
  const Scratch scratch("plan");
  const job::ReadJob job = quick_example();
  const json plan = json::parse(program::check_job(job).json);
  const json summary = json::parse(program::run_job(job, {.out = scratch.path / "out"}).json);
  CHECK(plan.at("imaging").at("output_samples") == summary.at("imaging").at("output_samples"));
  CHECK(plan.at("illuminator") == summary.at("illuminator"));
  CHECK(plan.at("job_hash") == summary.at("job_hash"));
}
