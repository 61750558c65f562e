// SPDX-License-Identifier: MIT
#include "undulith/provenance/stages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "undulith/io/bytes.hpp"
#include "undulith/io/toml.hpp"

namespace undulith::provenance {
namespace {

struct StageTables {
  const char* name;
  std::vector<std::string_view> reads;
  std::vector<std::string_view> tables;  ///< with those within them, unless an earlier stage has them
};

constexpr std::string_view kLayoutStage = "layout";

const std::vector<StageTables>& stage_tables() {
  static const std::vector<StageTables> all{
      {"light", {}, {"source", "beamline"}},
      {"pupil", {"light"}, {"facets", "illuminator"}},
      {"layout", {}, {"layout", "mask.rectangle", "mask.polygon", "mask.defect"}},
      {"mask", {"pupil", kLayoutStage}, {"mask"}},
      {"image", {"light", "pupil", "mask"}, {"imaging"}},
      {"resist", {"light", "image"}, {"resist", "stochastics"}},
      {"measurements",
       {"resist"},
       {"metrology", "window", "calibrate", "throughput", "factory", "compare", "sweep", "optimise"}}};
  return all;
}

bool is_within(std::string_view table, std::string_view parent) {
  return table == parent || (table.starts_with(parent) && table[parent.size()] == '.');
}

const StageTables* stage_with(std::string_view table) {
  for (const StageTables& stage : stage_tables())
    for (const std::string_view parent : stage.tables)
      if (is_within(table, parent)) return &stage;
  return nullptr;
}

struct Section {
  std::string_view table;  ///< "" above the first
  std::string_view text;   ///< with its head
};

// Tables of a text that has one head per line, as job.resolved.toml.
std::vector<Section> sections_of(std::string_view job) {
  std::vector<Section> out;
  std::size_t begin = 0;
  std::string_view table;
  for (std::size_t at = 0; at < job.size();) {
    const std::size_t end = std::min(job.find('\n', at), job.size() - 1) + 1;
    std::string_view line = job.substr(at, end - at);
    if (line.front() == '[') {
      if (at > begin) out.push_back({table, job.substr(begin, at - begin)});
      begin = at;
      const std::size_t first = line.find_first_not_of('['), last = line.find(']');
      table = first < last && last != std::string_view::npos ? line.substr(first, last - first) : "";
    }
    at = end;
  }
  if (begin < job.size()) out.push_back({table, job.substr(begin)});
  return out;
}

// Where a text names a file: in quotes, a density may follow behind an @.
std::size_t find_name(std::string_view text, std::string_view quoted, std::size_t at) {
  quoted.remove_suffix(1);
  while ((at = text.find(quoted, at)) != std::string_view::npos) {
    const std::size_t behind = at + quoted.size();
    if (behind < text.size() && (text[behind] == '"' || text[behind] == '@')) return at;
    ++at;
  }
  return at;
}

}  // namespace

std::vector<Stage> stages_of(std::string_view version, std::string_view job,
                             const std::vector<InputFile>& inputs,
                             const std::optional<LayoutCommitment>& layout) {
  std::map<std::string_view, std::string> texts;
  for (const Section& section : sections_of(job))
    if (const StageTables* stage = stage_with(section.table)) texts[stage->name] += section.text;
  if (layout) texts[kLayoutStage] = "committed to " + layout->root.hex() + "\n";
  std::vector<Stage> out;
  for (const StageTables& tables : stage_tables()) {
    Stage stage{.name = tables.name, .reads = {}, .id = {}};
    std::string text = fmt::format("undulith stage {}\nversion {}\n", tables.name, version);
    for (const std::string_view name : tables.reads) {
      stage.reads.emplace_back(name);
      text += fmt::format("reads {}\n", std::ranges::find(out, name, &Stage::name)->id.hex());
    }
    std::string values = texts[tables.name];
    for (const InputFile& file : inputs)
      values = with_other_name(std::move(values), file.name, "sha256:" + file.sha256.hex());
    text += values;
    for (const InputFile& file : inputs)
      if (!names_file(job, file.name) && stage_of(job, file) == tables.name)
        text += fmt::format("with {}\n", file.sha256.hex());
    stage.id = io::sha256(io::bytes_of(text));
    out.push_back(std::move(stage));
  }
  return out;
}

std::string without_layout(std::string_view job) {
  std::string text;
  for (const Section& section : sections_of(job)) {
    const StageTables* stage = stage_with(section.table);
    if (stage == nullptr || !(stage->name == kLayoutStage || is_within(section.table, "sweep")))
      text += section.text;
  }
  return text;
}

bool names_file(std::string_view job, const std::string& file) {
  return find_name(job, io::toml_text(file), 0) != std::string_view::npos;
}

std::string with_other_name(std::string job, const std::string& file, const std::string& name) {
  const std::string quoted = io::toml_text(file), other = io::toml_text(name);
  const std::string_view begin = std::string_view(other).substr(0, other.size() - 1);
  for (std::size_t at = 0; (at = find_name(job, quoted, at)) != std::string::npos; at += begin.size())
    job.replace(at, quoted.size() - 1, begin);
  return job;
}

std::string stage_of(std::string_view job, const InputFile& file) {
  const std::string& name = file.beside.empty() ? file.name : file.beside;
  for (const Section& section : sections_of(job))
    if (const StageTables* stage = stage_with(section.table);
        stage != nullptr && names_file(section.text, name))
      return stage->name;
  return stage_tables().back().name;
}

bool belongs_to_a_stage(std::string_view table) {
  return stage_with(table) != nullptr;
}

}  // namespace undulith::provenance
