// SPDX-License-Identifier: MIT
#include "undulith/job/keys.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "job/reading.hpp"
#include "job/table.hpp"
#include "undulith/core/spelling.hpp"

namespace undulith::job {

bool is_table_name(std::string_view name) {
  return std::any_of(tables().begin(), tables().end(), [&](const Table& t) { return t.info.name == name; });
}

bool is_table_used(const Job& job, std::string_view name) {
  return std::any_of(tables().begin(), tables().end(),
                     [&](const Table& t) { return t.info.name == name && t.active(job); });
}

const std::vector<TableInfo>& job_tables() {
  static const std::vector<TableInfo> infos = [] {
    std::vector<TableInfo> out;
    for (const Table& t : tables()) out.push_back(t.info);
    return out;
  }();
  return infos;
}

const KeyInfo* find_key(std::string_view name) {
  for (const TableInfo& t : job_tables())
    for (const KeyInfo& key : t.keys)
      if (full_name(t.name, key.name) == name) return &key;
  return nullptr;
}

void report_unknown_key(const std::string& table, const io::TomlNode& member, Faults& faults) {
  const std::string name = full_name(table, member.key);
  std::vector<std::string> here, elsewhere;
  for (const TableInfo& t : job_tables()) {
    const std::size_t dot = t.name.rfind('.');
    const std::string parent = dot == std::string::npos ? "" : t.name.substr(0, dot);
    if (!t.name.empty() && parent == table) here.push_back(t.name.substr(dot + 1));  // npos + 1 = 0
    for (const KeyInfo& key : t.keys) {
      if (t.name == table) here.push_back(key.name);
      if (key.name == member.key) elsewhere.push_back(full_name(t.name, key.name));
    }
  }
  std::string advice = table.empty() ? "undulith explain lists the tables"
                                     : fmt::format("undulith explain {} lists its keys", table);
  if (const auto near = closest(member.key, here))
    advice = fmt::format("did you mean {}?", full_name(table, *near));
  else if (!elsewhere.empty())
    advice = fmt::format("did you mean {}?", elsewhere.front());
  const bool looks_like_table = member.kind == io::TomlKind::table || table.empty();
  faults.error(name, member.key_location,
               fmt::format("unknown {} {}; {}", looks_like_table ? "key or table" : "key", name, advice));
}

std::string default_text(const KeyInfo& key) {
  return write_value(key, key.default_value, [](const std::string& name) { return name; }).value_or("");
}

std::string range_text(const KeyInfo& key) {
  return key.only.empty() ? key.range.text() : demand_of(key);
}

std::string_view name_of(KeyType type) {
  switch (type) {
    case KeyType::number:
      return "number";
    case KeyType::integer:
      return "integer";
    case KeyType::text:
      return "text";
    case KeyType::choice:
      return "choice";
    case KeyType::words:
      return "words";
    case KeyType::numbers:
      return "numbers";
    case KeyType::complex:
      return "complex";
    case KeyType::file:
      return "file";
    case KeyType::material:
      return "material";
  }
  return {};
}

std::string_view name_of(Origin origin) {
  switch (origin) {
    case Origin::measured:
      return "measured";
    case Origin::derived:
      return "derived";
    case Origin::assumed:
      return "assumed";
    case Origin::convention:
      return "convention";
  }
  return {};
}

}  // namespace undulith::job
