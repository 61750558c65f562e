// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "support/job_folder.hpp"
#include "undulith/io/files.hpp"
#include "undulith/layout/layout_file.hpp"
#include "undulith/layout/patterns.hpp"
#include "undulith/program/run.hpp"

using namespace undulith;
using nlohmann::json;

namespace {

namespace fs = std::filesystem;

// Power-law flare needs the whole layer, gauges its edges, the results the hash of the file.
const std::string kJob = R"(
[layout]
file = "lines.gds"
window_nm = [-100, -100, 100, 100]
guard_nm = 20
[mask]
model = "thin"
[illuminator]
grid_points = 11
rim_levels = 0
[imaging]
spectrum = "line"
[imaging.flare]
model = "power_law"
tis = 0.05
)";

void write_lines(const JobFolder& folder, const std::string& name) {
  const layout::Layout lines =
      layout::make_pattern({.kind = layout::PatternKind::line_space, .size_nm = 2000});
  io::write_atomic(folder.path() / name, layout::write_layout(lines, name));
}

// A reader that counts how often each file is opened.
struct CountingReader {
  std::map<std::string, int>& opened;
  std::vector<std::byte> operator()(const fs::path& path) const {
    ++opened[path.filename().string()];
    return io::read_bytes(path);
  }
};

}  // namespace

TEST_CASE("run: the layout file is opened once", "[unit][program]") {
  const JobFolder folder;
  write_lines(folder, "lines.gds");
  std::map<std::string, int> opened;
  const job::ReadJob read =
      job::read_job(folder.write("job.toml", kJob), {}, job::JobScope::whole, CountingReader{opened});
  CHECK(opened == std::map<std::string, int>{{"lines.gds", 1}});
  const std::string hash = job::job_hash(read.job);

  // Whatever opened it again now would fail, or would find another content.
  fs::remove(folder.path() / "lines.gds");
  CHECK(contains(program::check_job(read).text, hash));
  const program::RunReport gone = program::run_job(read, {.out = folder.path() / "gone"});
  folder.write("lines.gds", "no layout");
  const program::RunReport other = program::run_job(read, {.out = folder.path() / "other"});
  CHECK(other.json == gone.json);
  CHECK(opened == std::map<std::string, int>{{"lines.gds", 1}});

  const json summary = json::parse(gone.json);
  CHECK(summary.at("job_hash") == hash);
  CHECK(summary.at("imaging").at("flare").at("clear_density").get<double>() > 0);
  CHECK(io::read_text(folder.path() / "gone/measurements.csv") ==
        io::read_text(folder.path() / "other/measurements.csv"));
}

TEST_CASE("run: a job that names another layout than it was read with opens that one", "[unit][program]") {
  const JobFolder folder;
  write_lines(folder, "lines.gds");
  write_lines(folder, "same.gds");
  folder.write("other.gds", "no layout");
  job::ReadJob read = folder.read(kJob);
  const std::string hash = job::job_hash(read.job);
  const std::string json_of_lines = program::check_job(read).json;
  read.job.layout.file = (folder.path() / "same.gds").string();
  CHECK(job::job_hash(read.job) != hash);  // its name is another one
  CHECK(json::parse(program::check_job(read).json).at("clip") == json::parse(json_of_lines).at("clip"));
  read.job.layout.file = (folder.path() / "other.gds").string();
  CHECK_THROWS_AS(program::check_job(read), InputError);
}
