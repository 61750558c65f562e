// SPDX-License-Identifier: MIT
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "samples.hpp"
#include "undulith/core/error.hpp"
#include "undulith/io/files.hpp"
#include "undulith/provenance/manifest.hpp"
#include "unit/io/scratch.hpp"

using namespace undulith;
using Catch::Contains;

namespace {

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

std::string error_of(const std::string& text) {
  try {
    static_cast<void>(provenance::parse_manifest(text, "m.json"));
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("provenance: a manifest is read as it was written", "[unit][provenance]") {
  const provenance::Manifest manifest = test::sample_manifest();
  const std::string text = provenance::manifest_text(manifest);
  const provenance::Manifest read = provenance::parse_manifest(text, "m.json");
  CHECK(provenance::manifest_text(read) == text);
  CHECK(read.title == manifest.title);
  CHECK(read.stages == manifest.stages);
  CHECK(read.outputs[1].withheld);
  CHECK(read.seeds.front().second == 7);

  provenance::Manifest concealed = manifest;
  concealed.layout = provenance::LayoutCommitment{
      .x0_nm = -0.1, .y0_nm = 2, .tile_nm = 500, .n_x = 3, .n_y = 4, .root = test::hash_of("root")};
  CHECK(provenance::parse_manifest(provenance::manifest_text(concealed), "m.json").layout ==
        concealed.layout);
}

TEST_CASE("provenance: every malformed manifest is refused at its line", "[unit][provenance]") {
  const std::string good = provenance::manifest_text(test::sample_manifest());
  const std::string hash = test::hash_of("clip").hex();
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "m.json:1: error: no JSON"},
      {"[]", "m.json:1: error: the document must be an object"},
      {"{}", "a manifest with \"format\""},
      {"null", "must be an object"},
      {good.substr(0, good.size() / 2), "error: no JSON"},
      {good + "x", "error: no JSON"},
      {replaced(good, "undulith manifest 1", "undulith manifest 2"), "a manifest with \"format\""},
      {replaced(good, "\"command\": \"run\",", "\"command\": \"run\", \"command\": \"run\","),
       "m.json:3: error: \"command\" is given twice"},
      {replaced(good, "\"command\": \"run\"", "\"command\": 3"), "m.json:3: error: command must be a text"},
      {replaced(good, "\"title\"", "\"titel\""), "without \"titel\""},
      {replaced(good, "  \"seeds\": {\n    \"stochastics.seed\": 7\n  },\n", ""), "an object with \"seeds\""},
      {replaced(good, hash, hash.substr(1)),
       "error: inputs[1].sha256 must be hexadecimal digits, 64 of them"},
      {replaced(good, hash, "g" + hash.substr(1)), "inputs[1].sha256"},
      {replaced(good, "\"bytes\": 12", "\"bytes\": -12"), "inputs[1].bytes must be a whole number"},
      {replaced(good, "\"bytes\": 12", "\"bytes\": 1.5"), "inputs[1].bytes must be a whole number"},
      {replaced(good, "\"file\": \"measurements.csv\"", "\"file\": \"../../etc/x\""),
       "outputs[1].file must be the name of a file in this folder"},
      {replaced(good, "\"file\": \"measurements.csv\"", "\"file\": \"/etc/x\""), "outputs[1].file must be"},
      {replaced(good, "\"file\": \"measurements.csv\"", "\"file\": \"\""), "outputs[1].file must be"},
      {replaced(good, "\"file\": \"measurements.csv\"", "\"file\": \"sub/image.npy\""),
       "outputs[2] must be a file that is listed once"},
      {replaced(good, "\"reads\": [\n        \"light\"\n      ]", "\"reads\": [\"resist\"]"),
       "stages[2].reads[1] must be the name of an earlier stage"},
      {replaced(good, "\"stochastics.seed\": 7", "\"stochastics.seed\": \"7\""), "must be a whole number"},
      {replaced(good, "\"warnings\": [", "\"warnings\": [1,"), "warnings[1] must be a text"},
      {replaced(good, "\"time_utc\": \"2026-01-01T00:00:00Z\"", "\"time_utc\": null"),
       "made.time_utc must be a text"},
      {good + std::string("\0{}", 3), "error: no JSON (a byte 0)"},
      {std::string(70, '[') + std::string(70, ']'), "more than 64 levels"}};
  for (const auto& [text, message] : cases) CHECK_THAT(error_of(text), Contains(message));
}

TEST_CASE("provenance: the errors of a manifest name its line", "[unit][provenance]") {
  const std::string good = provenance::manifest_text(test::sample_manifest());
  const std::string text = replaced(good, "\"made\": {", "\"made\": {\n\n    \"threads\": 2,");
  const std::size_t at = text.find("\"threads\"");
  const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
  CHECK_THAT(error_of(text),
             Contains("m.json:" + std::to_string(line) + ": error: made.threads must be a text"));
}

TEST_CASE("provenance: a manifest is known by its beginning", "[unit][provenance]") {
  const test::Scratch scratch;
  const std::string good = provenance::manifest_text(test::sample_manifest());
  const auto is_manifest = [&](const std::string& text) {
    io::write_atomic(scratch / "m", std::string_view(text));
    return provenance::is_manifest(scratch / "m");
  };
  CHECK(is_manifest(good));
  CHECK(is_manifest("{\"format\":\"undulith manifest 1\"}"));
  CHECK(is_manifest("\r\n{ \"format\" : \"undulith manifest 1\"}"));
  CHECK_FALSE(is_manifest("{\"format\":\"undulith ledger 1\"}"));
  CHECK_FALSE(is_manifest("[imaging]\n"));
  CHECK_FALSE(is_manifest(""));
  CHECK_FALSE(provenance::is_manifest(scratch / "none"));
}
