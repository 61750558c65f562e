#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "job/keys_table.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/spelling.hpp"

namespace undulith::job {
namespace {

std::string end_text(double value) {
  return fmt::format("{}", value);
}

}  // namespace

bool Range::contains(double value) const {
  const bool above = low_open ? value > low : value >= low;
  const bool below = high_open ? value < high : value <= high;
  return above && below;
}

std::string Range::text() const {
  const bool bounded_below = std::isfinite(low), bounded_above = std::isfinite(high);
  if (bounded_below && bounded_above)
    return fmt::format("in {}{}, {}{}", low_open ? '(' : '[', end_text(low), end_text(high),
                       high_open ? ')' : ']');
  if (bounded_below) return fmt::format("{} {}", low_open ? ">" : ">=", end_text(low));
  if (bounded_above) return fmt::format("{} {}", high_open ? "<" : "<=", end_text(high));
  return {};
}

std::string full_name(std::string_view table, std::string_view key) {
  return table.empty() ? std::string(key) : fmt::format("{}.{}", table, key);
}

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
    case KeyType::numbers:
      return "numbers";
    case KeyType::complex:
      return "complex";
    case KeyType::file:
      return "file";
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

void Faults::error(const std::string& key, const io::TomlLocation& where, const std::string& message) {
  errors_.push_back({where, io::toml_diagnostic(where, message)});
  keys_.insert(key);
}

void Faults::warning(const io::TomlLocation& where, const std::string& message) {
  warnings_.push_back({where, io::toml_diagnostic(where, message, "warning")});
}

bool Faults::has(std::string_view key) const {
  const auto found = keys_.lower_bound(key);
  if (found == keys_.end() || !found->starts_with(key)) return false;
  return found->size() == key.size() || (*found)[key.size()] == '.' || (*found)[key.size()] == '[';
}

std::vector<std::string> Faults::warnings() const {
  std::vector<Entry> sorted = warnings_;
  sort(sorted);
  std::vector<std::string> out;
  for (const Entry& entry : sorted) out.push_back(entry.text);
  return out;
}

void Faults::throw_if_any() const {
  if (errors_.empty()) return;
  std::vector<Entry> sorted = errors_;
  sort(sorted);
  std::string text;
  for (const Entry& entry : sorted) text += (text.empty() ? "" : "\n") + entry.text;
  throw InputError(text);
}

/// One text after another in the order of their names, each from its top; the command line, which has no
/// lines, last.
void Faults::sort(std::vector<Entry>& entries) {
  const auto rank = [](const Entry& e) {
    return std::tuple(e.where.line <= 0, e.where.source ? e.where.source->name : "", e.where.line,
                      e.where.column);
  };
  std::stable_sort(entries.begin(), entries.end(),
                   [&](const Entry& a, const Entry& b) { return rank(a) < rank(b); });
}

}  // namespace undulith::job
