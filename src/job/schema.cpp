// SPDX-License-Identifier: MIT
#include <cmath>
#include <nlohmann/json.hpp>

#include "undulith/io/toml.hpp"
#include "undulith/job/explain.hpp"
#include "undulith/job/keys.hpp"

namespace undulith::job {
namespace {

using nlohmann::ordered_json;

ordered_json value_of(const io::TomlNode& node) {
  if (const auto* text = std::get_if<std::string>(&node.value)) return *text;
  if (const auto* integer = std::get_if<std::int64_t>(&node.value)) return *integer;
  if (const auto* number = std::get_if<double>(&node.value)) return *number;
  ordered_json out = ordered_json::array();
  for (const io::TomlNode& item : node.children) out.push_back(value_of(item));
  return out;
}

ordered_json number_schema(const KeyInfo& key, const std::string& type) {
  ordered_json out = {{"type", type}};
  const auto end = [&](double value) {
    return type == "integer" ? ordered_json(static_cast<std::int64_t>(value)) : ordered_json(value);
  };
  if (!key.only.empty()) {
    ordered_json only = ordered_json::array();
    for (const double value : key.only) only.push_back(end(value));
    return {{"enum", only}};
  }
  const Range& range = key.range;
  if (std::isfinite(range.low)) out[range.low_open ? "exclusiveMinimum" : "minimum"] = end(range.low);
  if (std::isfinite(range.high)) out[range.high_open ? "exclusiveMaximum" : "maximum"] = end(range.high);
  return out;
}

ordered_json key_schema(const KeyInfo& key) {
  ordered_json out;
  switch (key.type) {
    case KeyType::number:
      out = number_schema(key, "number");
      break;
    case KeyType::integer:
      out = number_schema(key, "integer");
      break;
    case KeyType::text:
    case KeyType::file:
    case KeyType::material:
      out = {{"type", "string"}};
      break;
    case KeyType::choice:
      out = {{"enum", key.choices}};
      break;
    case KeyType::words:
      out = {{"type", "array"}, {"items", {{"enum", key.choices}}}, {"uniqueItems", true}};
      break;
    case KeyType::numbers:
      out = {{"type", "array"}, {"items", number_schema(key, "number")}};
      break;
    case KeyType::complex:
      // The range is that of the modulus, which a schema cannot tell.
      out = {{"type", ordered_json::array({"number", "array"})},
             {"items", {{"type", "number"}}},
             {"minItems", 2},
             {"maxItems", 2}};
      break;
  }
  out["description"] = key.doc + (key.unit.empty() ? "" : " (" + key.unit + ")");
  if (!default_text(key).empty())
    out["default"] = value_of(io::parse_toml_argument("value", default_text(key), key.name).children.front());
  return out;
}

ordered_json empty_table(const std::string& description) {
  return {{"type", "object"},
          {"description", description},
          {"properties", ordered_json::object()},
          {"additionalProperties", false}};
}

/// The schema of the table that holds `name`, and the last part of the name.
std::pair<ordered_json*, std::string> holder(ordered_json& root, const std::string& name) {
  ordered_json* at = &root;
  std::size_t begin = 0;
  for (std::size_t dot; (dot = name.find('.', begin)) != std::string::npos; begin = dot + 1)
    at = &(*at)["properties"][name.substr(begin, dot - begin)];
  return {at, name.substr(begin)};
}

}  // namespace

std::string job_schema() {
  ordered_json root = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                       {"title", "Undulith job"}};
  root.update(empty_table("A simulation of EUV lithography, one table for each stage"));
  root["properties"]["extends"] = {
      {"type", {"string", "array"}},
      {"items", {{"type", "string"}}},
      {"description", "Job file below this one, relative to the folder of this one; or several"}};
  for (const TableInfo& table : job_tables()) {
    ordered_json object = empty_table(table.doc);
    ordered_json required = ordered_json::array();
    for (const KeyInfo& key : table.keys) {
      object["properties"][key.name] = key_schema(key);
      if (key.required) required.push_back(key.name);
    }
    if (!required.empty()) object["required"] = required;
    if (table.name.empty()) {
      root["properties"].update(object["properties"]);
      continue;
    }
    const auto [parent, name] = holder(root, table.name);
    (*parent)["properties"][name] =
        table.array ? ordered_json{{"type", "array"}, {"items", object}} : std::move(object);
  }
  return root.dump(2) + "\n";
}

}  // namespace undulith::job
