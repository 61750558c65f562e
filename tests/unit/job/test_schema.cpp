// SPDX-License-Identifier: MIT
#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "support/job_folder.hpp"
#include "undulith/io/toml.hpp"
#include "undulith/job/explain.hpp"
#include "undulith/job/templates.hpp"

using namespace undulith;
using nlohmann::json;

namespace {

json json_of(const io::TomlNode& node) {
  if (const auto* text = std::get_if<std::string>(&node.value)) return *text;
  if (const auto* integer = std::get_if<std::int64_t>(&node.value)) return *integer;
  if (const auto* number = std::get_if<double>(&node.value)) return *number;
  if (node.kind == io::TomlKind::array) {
    json out = json::array();
    for (const auto& item : node.children) out.push_back(json_of(item));
    return out;
  }
  json out = json::object();
  for (const auto& member : node.children) out[member.key] = json_of(member);
  return out;
}

bool is_type(const json& value, const std::string& type) {
  return (type == "number" && value.is_number()) || (type == "integer" && value.is_number_integer()) ||
         (type == "string" && value.is_string()) || (type == "array" && value.is_array()) ||
         (type == "object" && value.is_object());
}

/// The part of JSON Schema that the job's schema uses.
bool valid(const json& value, const json& schema) {
  if (schema.contains("enum") &&
      std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end())
    return false;
  if (schema.contains("type")) {
    const json types = schema["type"].is_array() ? schema["type"] : json::array({schema["type"]});
    if (std::none_of(types.begin(), types.end(), [&](const json& type) { return is_type(value, type); }))
      return false;
  }
  if (value.is_number()) {
    const double x = value;
    if (schema.contains("minimum") && x < schema["minimum"]) return false;
    if (schema.contains("maximum") && x > schema["maximum"]) return false;
    if (schema.contains("exclusiveMinimum") && x <= schema["exclusiveMinimum"]) return false;
    if (schema.contains("exclusiveMaximum") && x >= schema["exclusiveMaximum"]) return false;
  }
  if (value.is_array()) {
    if (value.size() < schema.value("minItems", 0U)) return false;
    if (value.size() > schema.value("maxItems", 100000U)) return false;
    return std::all_of(value.begin(), value.end(),
                       [&](const json& item) { return valid(item, schema["items"]); });
  }
  if (value.is_object()) {
    for (const auto& name : schema.value("required", json::array()))
      if (!value.contains(name)) return false;
    for (const auto& [name, member] : value.items()) {
      if (!schema["properties"].contains(name)) return schema.value("additionalProperties", true);
      if (!valid(member, schema["properties"][name])) return false;
    }
  }
  return true;
}

}  // namespace

TEST_CASE("schema: accepts what the program accepts", "[unit][job]") {
  const json schema = json::parse(job::job_schema());
  CHECK(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema");
  for (const auto& start : job::job_templates()) {
    CAPTURE(start.name);
    CHECK(valid(json_of(io::parse_toml(start.text, start.name)), schema));
  }
  const JobFolder folder;
  const std::string resolved = job::resolved_job(folder.read(kShapes).job, folder.path());
  CHECK(valid(json_of(io::parse_toml(resolved, "resolved")), schema));
}

TEST_CASE("schema: refuses what the program refuses", "[unit][job]") {
  const json schema = json::parse(job::job_schema());
  const JobFolder folder;
  for (const std::string& text : {
           std::string("[imaging]\nna = 4\n"),
           std::string("[imaging]\nna = \"0.33\"\n"),
           std::string("[imaging]\nfocus = 1\n"),
           std::string("[imagin]\nna = 0.33\n"),
           std::string("[illuminator]\nshape = \"ring\"\n"),
           std::string("[mask.stack]\nn_bilayers = 40.5\n"),
           std::string("[[metrology.gauge]]\nname = \"no place\"\n"),
           std::string("[source.lpp]\nconversion_efficiency = 6\n"),
       }) {
    CAPTURE(text);
    CHECK(!valid(json_of(io::parse_toml(text + kShapes, "job")), schema));
    CHECK(folder.error(text + kShapes) != "no error");
  }
}
