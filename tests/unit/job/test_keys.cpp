// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "support/job_folder.hpp"
#include "undulith/core/spelling.hpp"
#include "undulith/job/keys.hpp"

using namespace undulith;
using job::default_text;

TEST_CASE("keys: only a slip of the pen is corrected", "[unit][job]") {
  const std::vector<std::string> names = {"sigma_inner", "sigma_outer", "focus_nm", "na"};
  CHECK(undulith::closest("sigma_iner", names) == "sigma_inner");
  CHECK(undulith::closest("focus", names) == "focus_nm");
  CHECK(undulith::closest("outer", names) == "sigma_outer");
  CHECK(undulith::closest("nna", names) == "na");
  CHECK(!undulith::closest("temperature", names));
  CHECK(!undulith::closest("", names));
}

TEST_CASE("keys: ranges", "[unit][job]") {
  const Range half_open{0, 1, false, true};
  CHECK(half_open.contains(0));
  CHECK(!half_open.contains(1));
  CHECK(half_open.text() == "in [0, 1)");
  Range positive;
  positive.low = 0;
  positive.low_open = true;
  CHECK(positive.text() == "> 0");
  CHECK(!positive.contains(0));
  CHECK(positive.contains(1e300));
  Range most;
  most.high = 5;
  CHECK(most.text() == "<= 5");
  CHECK(Range{}.text().empty());
}

TEST_CASE("keys: every entry is complete and keeps the naming law", "[unit][job]") {
  // The unit of a key is the end of its name.
  const std::map<std::string, std::string> suffix = {
      {"nm", "_nm"},         {"nm2", "_nm2"},      {"mm", "_mm"},         {"GeV", "_gev"},
      {"A", "_a"},           {"W", "_w"},          {"kHz", "_khz"},       {"um", "_um"},
      {"urad", "_urad"},     {"deg", "_deg"},      {"waves", "waves"},    {"kW", "_kw"},
      {"T", "_t"},           {"mrad", "_mrad"},    {"MHz", "_mhz"},       {"m", "_m"},
      {"fs", "_fs"},         {"sr", "_sr"},        {"mJ/cm2", "_mj_cm2"}, {"mm/s", "_mm_s"},
      {"s", "_s"},           {"1/h", "_per_hour"}, {"1/um", "_per_um"},   {"cm2/mJ", "_cm2_mj"},
      {"1/nm3", "_per_nm3"}, {"nm2/s", "_nm2_s"},  {"1/s", "_per_s"},     {"nm/s", "_nm_s"},
      {"kJ/mol", "_kj_mol"}, {"C", "_c"},          {"%", "_percent"},     {"MB", "_mb"}};
  std::set<std::string> names;
  for (const auto& table : job::job_tables()) {
    CHECK(!table.doc.empty());
    for (const auto& key : table.keys) {
      const std::string name = table.name + "." + key.name;
      CAPTURE(name);
      CHECK(names.insert(name).second);
      CHECK(!key.doc.empty());
      CHECK(key.doc.back() != '.');
      CHECK(key.required == key.why.empty());
      if (key.required) CHECK(default_text(key).empty());
      if (key.required && key.type != KeyType::text) CHECK(!key.advice.empty());
      if (!key.unit.empty()) CHECK(key.name.ends_with(suffix.at(key.unit)));
      if (key.type == KeyType::choice) CHECK(key.choices.size() >= 2);
      if (key.type == KeyType::number || key.type == KeyType::integer) CHECK(!job::range_text(key).empty());
      if (!default_text(key).empty() && (key.type == KeyType::number || key.type == KeyType::integer))
        CHECK(key.range.contains(std::stod(default_text(key))));
    }
  }
  CHECK(job::find_key("imaging.na") != nullptr);
  CHECK(job::find_key("title") != nullptr);
  CHECK(job::find_key("imaging") == nullptr);
  CHECK(job::find_key("na") == nullptr);
}

TEST_CASE("keys: writing out a default changes nothing", "[property][job]") {
  const JobFolder folder;
  const std::string hash = job::job_hash(folder.read(kShapes).job);
  for (const auto& table : job::job_tables()) {
    if (table.array) continue;
    for (const auto& key : table.keys) {
      const std::string name = table.name.empty() ? key.name : table.name + "." + key.name;
      if (name.starts_with("mask.period")) continue;  // given by the shapes of this job
      if (default_text(key).empty()) continue;        // absent unless given
      CAPTURE(name);
      const auto read = folder.read(kShapes, {{name, default_text(key)}});
      CHECK(job::job_hash(read.job) == hash);
    }
  }
}
