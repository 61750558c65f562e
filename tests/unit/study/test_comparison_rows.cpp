// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "support/pages.hpp"
#include "undulith/study/comparison_rows.hpp"

using namespace undulith;

TEST_CASE("comparison rows: the table of the guide is current", "[unit][study]") {
  test::check_block("guide/comparing-sources.md", "comparison rows", study::figure_guide());
}

TEST_CASE("comparison rows: every row has one name, and the guide explains it", "[unit][study]") {
  const auto& names = study::figure_names();
  CHECK(std::set<std::string>(names.begin(), names.end()).size() == names.size());
  const std::string guide = study::figure_guide();
  for (const std::string& name : names) {
    INFO(name);
    CHECK(guide.find("`" + name + "`") != std::string::npos);
  }
  CHECK(study::needs_image("cd_nm"));
  CHECK_FALSE(study::needs_image("wafers_per_hour"));
  CHECK(study::is_word("throughput_limit"));
  CHECK_FALSE(study::is_word("mask_s1"));
}
