// SPDX-License-Identifier: MIT
#include "undulith/job/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "undulith/core/error.hpp"
#include "undulith/core/spelling.hpp"
#include "undulith/job/keys.hpp"
#include "undulith/job/terms.hpp"

namespace undulith::job {
namespace {

std::string full(const TableInfo& table, const KeyInfo& key) {
  return table.name.empty() ? key.name : table.name + "." + key.name;
}

std::string heading(const TableInfo& table) {
  if (table.name.empty()) return "(top of the file)";
  return table.array ? "[[" + table.name + "]]" : "[" + table.name + "]";
}

std::string type_text(const KeyInfo& key) {
  std::string out(name_of(key.type));
  if (!key.unit.empty()) out += ", " + key.unit;
  return out;
}

std::string values_text(const KeyInfo& key) {
  if (key.type == KeyType::complex) return "modulus " + range_text(key);
  if (key.type != KeyType::choice && key.type != KeyType::words) return range_text(key);
  std::string out;
  for (const std::string& name : key.choices) out += (out.empty() ? "" : ", ") + name;
  return out;
}

/// "0.33  (convention: the EUV scanners in production)"
std::string default_line(const KeyInfo& key) {
  if (key.required) return "none: must be given";
  return fmt::format("{}  ({}: {})", default_text(key).empty() ? "absent" : default_text(key),
                     name_of(key.origin), key.why);
}

std::string key_text(const TableInfo& table, const KeyInfo& key) {
  std::string out = fmt::format("{}\n  {}.\n  type     {}\n", full(table, key), key.doc, type_text(key));
  if (!values_text(key).empty()) out += fmt::format("  values   {}\n", values_text(key));
  return out + fmt::format("  default  {}\n", default_line(key));
}

std::string table_text(const TableInfo& table) {
  std::size_t width = 0;
  for (const KeyInfo& key : table.keys) width = std::max(width, key.name.size());
  std::string out = fmt::format("{}\n  {}\n", heading(table), table.doc);
  for (const KeyInfo& key : table.keys) {
    const std::string value = key.required                ? "must be given"
                              : default_text(key).empty() ? "absent"
                                                          : default_text(key);
    out += fmt::format("  {:{}}  {}; {}\n", key.name, width, key.doc, value);
  }
  return out;
}

std::string overview() {
  std::size_t width = 0;
  for (const TableInfo& table : job_tables()) width = std::max(width, heading(table).size());
  std::string out;
  for (const TableInfo& table : job_tables())
    out += fmt::format("{:{}}  {}\n", heading(table), width, table.doc);
  return out +
         "\nundulith explain TABLE lists its keys; undulith explain TABLE.KEY describes one; undulith explain TERM "
         "a term of the field, such as NILS or k1.\n";
}

/// The term that a name means; null where it means a key or a table, or nothing.
const Term* term_meant(const std::string& name) {
  const bool is_table = std::ranges::any_of(job_tables(), [&](const TableInfo& table) {
    return table.name == name || table.name.starts_with(name + ".");
  });
  return is_table || find_key(name) ? nullptr : find_term(name);
}

/// Tables with the keys that a name means. A table brings those below it along.
std::vector<TableInfo> select(const std::string& name) {
  if (name.empty()) return job_tables();
  std::vector<TableInfo> out;
  std::vector<std::string> known;
  for (const TableInfo& table : job_tables()) {
    if (table.name == name || table.name.starts_with(name + ".")) out.push_back(table);
    if (!table.name.empty()) known.push_back(table.name);
    for (const KeyInfo& key : table.keys) {
      known.push_back(full(table, key));
      if (full(table, key) == name) out.push_back({table.name, table.array, table.doc, {key}});
    }
  }
  if (!out.empty()) return out;
  // A key by its last name alone: "na" for imaging.na.
  std::optional<std::string> near = closest(name, known);
  for (const std::string& candidate : known)
    if (candidate.ends_with("." + name)) near = candidate;
  if (!near) {
    std::vector<std::string> names;
    for (const Term& term : terms()) names.insert(names.end(), term.names.begin(), term.names.end());
    near = closest(name, names);
  }
  throw InputError(fmt::format("there is no key, table or term {}; {}", name,
                               near ? fmt::format("did you mean {}?", *near)
                                    : "undulith explain lists the tables, docs/glossary.md the terms"));
}

nlohmann::ordered_json bound(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr);
}

}  // namespace

std::string explain(const std::string& name) {
  if (name.empty()) return overview();
  if (const Term* term = term_meant(name))
    return fmt::format("{}\n  {}.\n  in Undulith  {}\n", term->heading, term->meaning, term->where);
  const std::vector<TableInfo> found = select(name);
  if (find_key(name)) return key_text(found.front(), found.front().keys.front());
  std::string out;
  for (const TableInfo& table : found) out += (out.empty() ? "" : "\n") + table_text(table);
  return out;
}

std::string explain_json(const std::string& name) {
  using nlohmann::ordered_json;
  ordered_json out;
  if (const Term* term = term_meant(name)) {
    out["terms"] = {{{"name", term->heading}, {"meaning", term->meaning}, {"where", term->where}}};
    return out.dump(2) + "\n";
  }
  out["tables"] = ordered_json::array();
  for (const TableInfo& table : select(name)) {
    ordered_json t = {{"name", table.name}, {"array", table.array}, {"doc", table.doc}};
    t["keys"] = ordered_json::array();
    for (const KeyInfo& key : table.keys) {
      ordered_json k = {{"name", full(table, key)}, {"type", name_of(key.type)}, {"unit", key.unit}};
      if (key.type == KeyType::choice || key.type == KeyType::words)
        k["choices"] = key.choices;
      else if (!key.only.empty())
        k["only"] = key.only;
      else if (!range_text(key).empty())
        k["range"] = {{"low", bound(key.range.low)},
                      {"high", bound(key.range.high)},
                      {"low_open", key.range.low_open},
                      {"high_open", key.range.high_open}};
      k["required"] = key.required;
      if (!key.required) {
        k["default"] = default_text(key);
        k["origin"] = name_of(key.origin);
        k["why"] = key.why;
      }
      k["doc"] = key.doc;
      t["keys"].push_back(k);
    }
    out["tables"].push_back(t);
  }
  return out.dump(2) + "\n";
}

std::string job_key_guide() {
  const auto cell = [](std::string text) {
    for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, "\\");
    return text;
  };
  std::string out =
      "# Keys of the job file\n\n"
      "This page is written by the program from its table of keys (`undulith explain` shows the same); a "
      "test checks "
      "that it is current. How a job is written: [the job format](../formats/job.md).\n\n"
      "A default is *measured* (published), *derived* (follows from other numbers), *assumed* (plausible; "
      "change it if "
      "you know better) or a *convention*.\n";
  for (const TableInfo& table : job_tables()) {
    out +=
        fmt::format("\n## {}\n\n{}\n\n| Key | Type | Values | Default | Meaning |\n|---|---|---|---|---|\n",
                    table.name.empty() ? heading(table) : "`" + heading(table) + "`", table.doc);
    for (const KeyInfo& key : table.keys) {
      const std::string value =
          key.required ? "must be given"
          : default_text(key).empty()
              ? fmt::format("absent ({}: {})", name_of(key.origin), key.why)
              : fmt::format("`{}` ({}: {})", default_text(key), name_of(key.origin), key.why);
      out += fmt::format("| `{}` | {} | {} | {} | {} |\n", key.name, type_text(key), cell(values_text(key)),
                         cell(value), cell(key.doc));
    }
  }
  return out;
}

}  // namespace undulith::job
