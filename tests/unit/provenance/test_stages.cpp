// SPDX-License-Identifier: MIT
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "samples.hpp"
#include "undulith/job/keys.hpp"
#include "undulith/provenance/stages.hpp"

using namespace undulith;

namespace {

using Inputs = std::vector<provenance::InputFile>;

Inputs inputs() {
  return test::sample_manifest().inputs;
}

/// Stages whose id differs from that of the sample.
std::set<std::string> changed(const std::string& job, const Inputs& files,
                              const std::string& version = "1.2.3") {
  const std::vector<provenance::Stage> before = provenance::stages_of("1.2.3", test::kJob, inputs()),
                                       after = provenance::stages_of(version, job, files);
  std::set<std::string> names;
  for (std::size_t i = 0; i < before.size(); ++i)
    if (before[i].id != after[i].id) names.insert(before[i].name);
  return names;
}

std::string with(const std::string& what, const std::string& value) {
  std::string job = test::kJob;
  return job.replace(job.find(what), what.size(), value);
}

}  // namespace

TEST_CASE("provenance: a stage is named by its tables and all before it", "[unit][provenance]") {
  using Names = std::set<std::string>;
  const Names from_image{"image", "resist", "measurements"},
      from_mask{"mask", "image", "resist", "measurements"};
  Names from_pupil = from_mask, from_layout = from_mask, all = from_mask;
  from_pupil.insert("pupil");
  from_layout.insert("layout");
  all.insert({"light", "pupil", "layout"});
  Names from_light = from_pupil;
  from_light.insert("light");

  CHECK(changed(test::kJob, inputs()).empty());
  CHECK(changed(with("lines", "spaces"), inputs()).empty());
  CHECK(changed(with("0.3\n", "0.31\n"), inputs()) == Names{"measurements"});
  CHECK(changed(with("model = \"threshold\"", "model = \"lumped\""), inputs()) ==
        Names{"resist", "measurements"});
  CHECK(changed(with("0.33", "0.55"), inputs()) == from_image);
  CHECK(changed(with("dark_field", "bright_field"), inputs()) == from_mask);
  CHECK(changed(with("layer = 1", "layer = 2"), inputs()) == from_layout);
  CHECK(changed(with("sigma_outer = 0.8", "sigma_outer = 0.9"), inputs()) == from_pupil);
  CHECK(changed(with("energy_gev = 0.8", "energy_gev = 0.9"), inputs()) == from_light);
  CHECK(changed(test::kJob, inputs(), "1.2.4") == all);
}

TEST_CASE("provenance: files count by their content, not by their place", "[unit][provenance]") {
  Inputs moved = inputs();
  moved[0].name = "elsewhere/other.gds";
  CHECK(changed(with("../clip.gds", "elsewhere/other.gds"), moved).empty());
  Inputs other = inputs();
  other[0].sha256 = test::hash_of("another clip");
  CHECK(changed(test::kJob, other).contains("layout"));
  CHECK_FALSE(changed(test::kJob, other).contains("pupil"));
  // A density behind the name.
  Inputs material = inputs();
  material[1].sha256 = test::hash_of("other constants");
  CHECK(changed(test::kJob, material) == std::set<std::string>{"mask", "image", "resist", "measurements"});
  const auto stage = [](const std::string& name, const std::string& beside = "") {
    return provenance::stage_of(test::kJob, {.name = name, .sha256 = {}, .beside = beside});
  };
  CHECK(stage("Ta.nff") == "mask");
  CHECK(stage("../clip.gds") == "layout");
  CHECK(stage("Ta.json", "Ta.nff") == "mask");
  CHECK(stage("data.csv") == "measurements");
  // Files that the text does not name count as well.
  Inputs more = inputs();
  more.push_back({.name = "Ta.json", .n_bytes = 1, .sha256 = test::hash_of("beside"), .beside = "Ta.nff"});
  CHECK(changed(test::kJob, more) == std::set<std::string>{"mask", "image", "resist", "measurements"});
  more.back() = {.name = "data.csv", .n_bytes = 1, .sha256 = test::hash_of("data")};
  CHECK(changed(test::kJob, more) == std::set<std::string>{"measurements"});
}

TEST_CASE("provenance: a commitment takes the place of the layout", "[unit][provenance]") {
  const std::string job = provenance::without_layout(test::kJob);
  CHECK(job.find("clip.gds") == std::string::npos);
  CHECK(job.find("[mask]") != std::string::npos);
  CHECK(provenance::without_layout(
            "[[mask.defect]]\nx_nm = 1\n\n[sweep]\nseed = 1\n\n[[sweep.vary]]\nkey = \"a\"\n")
            .empty());
  CHECK(provenance::with_other_name("a = \"x/y.csv\"\nb = \"x/y.csv@3\"\nc = \"x/y.csv2\"\n", "x/y.csv",
                                    "z") == "a = \"z\"\nb = \"z@3\"\nc = \"x/y.csv2\"\n");
  provenance::LayoutCommitment layout{.tile_nm = 1, .n_x = 1, .n_y = 1, .root = test::hash_of("root")};
  const auto one = provenance::stages_of("1", job, {}, layout);
  CHECK(one == provenance::stages_of("1", test::kJob, {}, layout));
  layout.root = test::hash_of("another root");
  CHECK(one != provenance::stages_of("1", job, {}, layout));
}

TEST_CASE("provenance: every table of a job belongs to a stage", "[unit][provenance]") {
  for (const job::TableInfo& table : job::job_tables()) {
    INFO(table.name);
    CHECK(provenance::belongs_to_a_stage(table.name) == !table.name.empty());
  }
}
