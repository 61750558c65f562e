// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include "support/job_folder.hpp"
#include "undulith/job/templates.hpp"

using namespace undulith;

TEST_CASE("templates: each is a job that can be read", "[unit][job]") {
  for (const auto& start : job::job_templates()) {
    CAPTURE(start.name);
    const JobFolder folder;
    folder.write("masks/logic_clip.gds", "a layout");
    folder.write("my_layout.gds", "a layout");
    const auto read = folder.read(start.text);
    CHECK(read.warnings.empty());
    CHECK(!read.job.title.empty());
    CHECK(!start.description.empty());
    CHECK(start.text.ends_with("\n"));
    CHECK(start.text.starts_with("#"));
  }
}

TEST_CASE("templates: those without a layout run as they are", "[unit][job]") {
  const JobFolder folder;
  for (const std::string name : {"line_space", "contact_array"}) {
    const auto job = folder.read(job::job_template(name).text).job;
    CHECK(job.layout.file.empty());
    CHECK(!job.mask.rectangles.empty());
    CHECK(!job.metrology.gauges.empty());
  }
  CHECK(contains(folder.error(job::job_template("own_layout").text), "there is no file my_layout.gds"));
}

TEST_CASE("templates: an unknown name gets its neighbour or the list", "[unit][job]") {
  CHECK_THROWS_WITH(job::job_template("line_spaces"), Catch::Contains("did you mean line_space?"));
  CHECK_THROWS_WITH(job::job_template("nothing"), Catch::Contains("use line_space, contact_array"));
}
