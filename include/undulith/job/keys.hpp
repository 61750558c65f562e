// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "undulith/core/key.hpp"

/// The tables of the job file. Their keys are those that the stages declare (core/key.hpp); reading, messages,
/// `undulith explain`, the resolved job, the JSON Schema and the guide's tables all come from here.
namespace undulith::job {

struct Job;

/// A table of the job file, or (array) the kind of table of an array: [[mask.absorber]].
struct TableInfo {
  std::string name;  ///< "mask.stack"; empty for keys above the first table
  bool array = false;
  std::string doc;
  std::vector<KeyInfo> keys;
};

/// All tables, in the order in which a resolved job writes them.
[[nodiscard]] const std::vector<TableInfo>& job_tables();

/// Whether the job looks at a table: [source.undulator] is used where source.kind says so.
[[nodiscard]] bool is_table_used(const Job& job, std::string_view table);

/// "imaging.na" -> its entry; nullptr when there is none.
[[nodiscard]] const KeyInfo* find_key(std::string_view full_name);

/// The default of a key as TOML: "0.33", "\"vector\""; empty when the key is required or absent by default.
[[nodiscard]] std::string default_text(const KeyInfo& key);

/// What `undulith explain` says of the values: "in (0, 1]", "one of 1, 7, 19"; empty when all are taken.
[[nodiscard]] std::string range_text(const KeyInfo& key);

[[nodiscard]] std::string_view name_of(KeyType type);
[[nodiscard]] std::string_view name_of(Origin origin);

}  // namespace undulith::job
