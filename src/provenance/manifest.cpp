// SPDX-License-Identifier: MIT
#include "undulith/provenance/manifest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "provenance/json_document.hpp"
#include "provenance/layout_json.hpp"
#include "undulith/core/error.hpp"
#include "undulith/io/files.hpp"

namespace undulith::provenance {
namespace {

constexpr const char* kFormat = "undulith manifest 1";

Json facts_json(const Facts& facts) {
  Json out = Json::object();
  for (const auto& [name, value] : facts) out[name] = value;
  return out;
}

Facts facts_of(const JsonValue& value) {
  Facts facts;
  for (const std::string& key : value.keys()) facts.emplace_back(key, value.at(key).text());
  return facts;
}

Json output_json(const OutputFile& file) {
  if (file.withheld) return {{"file", file.name}, {"commitment_sha256", file.sha256.hex()}};
  return {{"file", file.name}, {"bytes", file.n_bytes}, {"sha256", file.sha256.hex()}};
}

// A name that stays in the folder.
std::string output_name(const JsonValue& value) {
  const std::string name = value.text();
  const std::filesystem::path path(name);
  const bool leaves = std::ranges::any_of(path, [](const auto& part) { return part == ".."; });
  if (name.empty() || path.is_absolute() || leaves || name.find('\0') != std::string::npos)
    value.refuse("the name of a file in this folder");
  return name;
}

OutputFile output_of(const JsonValue& value) {
  value.require_keys({"file", "bytes", "sha256", "commitment_sha256"});
  OutputFile file{
      .name = output_name(value.at("file")), .sha256 = {}, .withheld = value.has("commitment_sha256")};
  if (file.withheld) {
    if (value.has("sha256")) value.refuse("an object with either \"sha256\" or \"commitment_sha256\"");
    file.sha256 = value.at("commitment_sha256").hash();
  } else {
    file.n_bytes = value.at("bytes").count();
    file.sha256 = value.at("sha256").hash();
  }
  return file;
}

InputFile input_of(const JsonValue& value) {
  value.require_keys({"file", "bytes", "sha256", "beside"});
  return {.name = value.at("file").text(),
          .n_bytes = value.at("bytes").count(),
          .sha256 = value.at("sha256").hash(),
          .beside = value.has("beside") ? value.at("beside").text() : std::string()};
}

Stage stage_of(const JsonValue& value, const std::vector<Stage>& earlier) {
  value.require_keys({"stage", "reads", "id_sha256"});
  Stage stage{.name = value.at("stage").text(), .reads = {}, .id = value.at("id_sha256").hash()};
  for (const JsonValue& item : value.at("reads").items()) {
    stage.reads.push_back(item.text());
    if (std::ranges::find(earlier, stage.reads.back(), &Stage::name) == earlier.end())
      item.refuse("the name of an earlier stage");
  }
  return stage;
}

}  // namespace

std::string manifest_text(const Manifest& manifest) {
  Json json{{"format", kFormat},
            {"command", manifest.command},
            {"title", manifest.title},
            {"undulith", manifest.version},
            {"build", facts_json(manifest.build)},
            {"arguments", manifest.arguments},
            {"job", manifest.job}};
  json["inputs"] = Json::array();
  for (const InputFile& file : manifest.inputs) {
    json["inputs"].push_back({{"file", file.name}, {"bytes", file.n_bytes}, {"sha256", file.sha256.hex()}});
    if (!file.beside.empty()) json["inputs"].back()["beside"] = file.beside;
  }
  if (manifest.layout) json["concealed_layout"] = layout_json(*manifest.layout);
  json["stages"] = Json::array();
  for (const Stage& stage : manifest.stages)
    json["stages"].push_back({{"stage", stage.name}, {"reads", stage.reads}, {"id_sha256", stage.id.hex()}});
  json["outputs"] = Json::array();
  for (const OutputFile& file : manifest.outputs) json["outputs"].push_back(output_json(file));
  json["seeds"] = Json::object();
  for (const auto& [key, seed] : manifest.seeds) json["seeds"][key] = seed;
  json["warnings"] = manifest.warnings;
  json["made"] = facts_json(manifest.made);
  json["steps"] = manifest.steps;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Manifest parse_manifest(std::string_view text, const std::string& name) {
  const JsonValue root = JsonValue::parse(text, name);
  if (!root.has("format") || root.at("format").text() != kFormat)
    root.refuse(fmt::format("a manifest with \"format\": \"{}\"", kFormat));
  root.require_keys({"format", "command", "title", "undulith", "build", "arguments", "job", "inputs",
                     "concealed_layout", "stages", "outputs", "seeds", "warnings", "made", "steps"});
  Manifest out{.command = root.at("command").text(),
               .title = root.at("title").text(),
               .version = root.at("undulith").text(),
               .build = facts_of(root.at("build")),
               .job = root.at("job").text(),
               .made = facts_of(root.at("made"))};
  for (const JsonValue& word : root.at("arguments").items()) out.arguments.push_back(word.text());
  for (const JsonValue& file : root.at("inputs").items()) out.inputs.push_back(input_of(file));
  if (root.has("concealed_layout")) out.layout = layout_of(root.at("concealed_layout"));
  for (const JsonValue& stage : root.at("stages").items()) out.stages.push_back(stage_of(stage, out.stages));
  std::set<std::string> names;
  for (const JsonValue& file : root.at("outputs").items()) {
    out.outputs.push_back(output_of(file));
    if (!names.insert(out.outputs.back().name).second) file.refuse("a file that is listed once");
  }
  const JsonValue seeds = root.at("seeds");
  for (const std::string& key : seeds.keys()) out.seeds.emplace_back(key, seeds.at(key).count());
  for (const JsonValue& warning : root.at("warnings").items()) out.warnings.push_back(warning.text());
  for (const JsonValue& step : root.at("steps").items()) out.steps.push_back(step.text());
  return out;
}

Manifest read_manifest(const std::filesystem::path& path) {
  return parse_manifest(io::read_text(path), path.string());
}

bool is_manifest(const std::filesystem::path& path) {
  constexpr std::string_view kHead = R"({"format":"undulithmanifest)";
  constexpr std::size_t kMostBytes = 4096;
  std::ifstream file(path, std::ios::binary);
  std::string begin;
  char c = 0;
  for (std::size_t i = 0; i < kMostBytes && begin.size() < kHead.size() && file.get(c); ++i)
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') begin.push_back(c);
  return begin == kHead;
}

}  // namespace undulith::provenance
