// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "support/job_folder.hpp"

using namespace undulith;

namespace {

/// The block of docs/formats/job.md whose fence carries this mark.
std::string block(const std::string& mark) {
  std::ifstream in(UNDULITH_SOURCE_DIR "/docs/formats/job.md");
  std::ostringstream page;
  page << in.rdbuf();
  const std::string text = page.str(), fence = "```" + mark + "\n";
  const std::size_t begin = text.find(fence);
  REQUIRE(begin != std::string::npos);
  const std::size_t first = begin + fence.size();
  return text.substr(first, text.find("```", first) - first);
}

}  // namespace

TEST_CASE("job page: its examples do what it says", "[unit][job]") {
  const JobFolder folder;
  CHECK(folder.read(block("toml job")).job.title == "18 nm spaces at 36 nm pitch");
  folder.write("base.toml", block("toml base"));
  const auto job = folder.read(block("toml extending")).job;
  CHECK(job.imaging.focus_nm == 30);
  CHECK(job.mask.rectangles.size() == 1);
  CHECK(folder.error(block("toml faulty")) + "\n" == block("text message"));
}
