// SPDX-License-Identifier: MIT
#include "undulith/io/toml.hpp"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <functional>
#include <map>
#include <sstream>

#include "io/toml_screen.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/printable.hpp"
#include "undulith/io/file_kind.hpp"
#include "undulith/io/files.hpp"

namespace undulith::io {
namespace {

using Source = std::shared_ptr<const TomlSource>;

/// A job is a page of text; a file of more than a megabyte is not a job.
constexpr std::size_t kMaxBytes = std::size_t{1} << 20;

TomlLocation locate(const Source& source, const toml::source_region& region) {
  return {source, static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)};
}

bool before(const TomlLocation& a, const TomlLocation& b) {
  return a.line != b.line ? a.line < b.line : a.column < b.column;
}

TomlNode convert(const toml::node& from, const Source& source) {
  TomlNode node;
  node.location = locate(source, from.source());
  if (const auto* table = from.as_table()) {
    node.kind = TomlKind::table;
    for (auto&& [key, value] : *table) {
      TomlNode child = convert(value, source);
      child.key = std::string(key.str());
      child.key_location = locate(source, key.source());
      node.children.push_back(std::move(child));
    }
    // toml++ keeps tables in alphabetical order; the locations of the keys give the order of the text.
    std::stable_sort(node.children.begin(), node.children.end(), [](const TomlNode& a, const TomlNode& b) {
      return before(a.key_location, b.key_location);
    });
  } else if (const auto* array = from.as_array()) {
    node.kind = TomlKind::array;
    for (auto&& value : *array) node.children.push_back(convert(value, source));
  } else if (const auto* text = from.as_string()) {
    node.kind = TomlKind::text;
    node.value = text->get();
  } else if (const auto* integer = from.as_integer()) {
    node.kind = TomlKind::integer;
    node.value = integer->get();
  } else if (const auto* number = from.as_floating_point()) {
    node.kind = TomlKind::number;
    node.value = number->get();
  } else if (const auto* boolean = from.as_boolean()) {
    node.kind = TomlKind::boolean;
    node.value = boolean->get();
  } else {
    node.kind = TomlKind::date;
    std::ostringstream date;
    from.visit([&](const auto& value) {
      if constexpr (toml::is_chronological<decltype(value)>) date << value.get();
    });
    node.value = date.str();
  }
  return node;
}

std::string line_of(const std::string& text, int line) {
  std::size_t begin = 0;
  for (int i = 1; i < line; ++i) {
    begin = text.find('\n', begin);
    if (begin == std::string::npos) return {};
    ++begin;
  }
  std::string found = text.substr(begin, text.find('\n', begin) - begin);
  if (!found.empty() && found.back() == '\r') found.pop_back();
  return found;
}

// The part of a source line that fits on a screen, and the indent of the caret below it.
struct LineExcerpt {
  std::string text, lead;
};

LineExcerpt excerpt_about(const std::string& line, int column) {
  constexpr int kBefore = 70, kAfter = 50;
  LineExcerpt excerpt;
  const int first = column > kBefore + 1 ? column - kBefore : 1, last = column + kAfter;
  if (first > 1) excerpt.text = excerpt.lead = "...";
  int at = 0;  // column of the character of this byte
  for (const char c : line) {
    const bool begins = (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    if (begins) ++at;
    if (at < first) continue;
    if (at > last) {
      excerpt.text += "...";
      break;
    }
    excerpt.text += c;
    // Tabs are repeated, so that both lines have the same indent.
    if (begins && at < column) excerpt.lead += c == '\t' ? '\t' : ' ';
  }
  std::ranges::replace(excerpt.lead, '.', ' ');
  return excerpt;
}

[[noreturn]] void throw_syntax_error(const toml::parse_error& error, const Source& source) {
  TomlLocation where = locate(source, error.source());
  const std::string line = line_of(source->text, where.line);
  std::string what(error.description());
  std::erase(what, '\n');
  // toml++ names its own function; that does not help the author.
  if (what.starts_with("Error while parsing ") && what.find(": ") != std::string::npos)
    what.erase(0, what.find(": ") + 2);

  const std::size_t name = what.find('\'');
  if (what.starts_with("cannot redefine existing") && name != std::string::npos) {
    const std::string key = what.substr(name + 1, what.find('\'', name + 1) - name - 1);
    // toml++ points behind the second occurrence; the reader looks for its beginning.
    const std::size_t first = std::min(line.find_first_not_of(" \t"), line.size());
    where.column = static_cast<int>(first) + 1;
    const bool heading = first < line.size() && line[first] == '[';
    throw InputError(toml_diagnostic(
        where, heading
                   ? fmt::format("the table [{}] has two headings; put all its keys under one heading", key)
                   : fmt::format("{} is given twice; keep one of the two", key)));
  }
  const std::string hint = what.find("escape sequence") != std::string::npos
                               ? "write / in file names, or put the text in single quotes"
                               : toml_hint(line);
  throw InputError(
      toml_diagnostic(where, fmt::format("this is not TOML ({}){}{}", what, hint.empty() ? "" : "; ", hint)));
}

toml::table parse(const Source& source) {
  if (const auto fault = screen_toml(source->text)) {
    const TomlLocation where{source, fault->line, fault->column};
    const std::string hint = toml_hint(line_of(source->text, fault->line));
    throw InputError(toml_diagnostic(where, fault->message + (hint.empty() ? "" : "; " + hint)));
  }
  try {
    return toml::parse(std::string_view(source->text), std::string_view(source->name));
  } catch (const toml::parse_error& error) {
    throw_syntax_error(error, source);
  }
}

/// "a.b-c.d": names of letters, digits, _ and -, joined by points.
bool is_dotted_name(std::string_view key) {
  bool fresh = true;
  for (const char c : key) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (c == '.' && fresh) return false;
    if (c != '.' && !letter && c != '_' && c != '-') return false;
    fresh = c == '.';
  }
  return !fresh;
}

/// Gives all nodes of a tree one location: a value from the command line has no lines.
void relocate(TomlNode& node, const TomlLocation& where) {
  node.location = node.key_location = where;
  for (TomlNode& child : node.children) relocate(child, where);
}

}  // namespace

const TomlNode* TomlNode::find(std::string_view name) const {
  if (kind != TomlKind::table) return nullptr;
  const auto found =
      std::find_if(children.begin(), children.end(), [&](const TomlNode& c) { return c.key == name; });
  return found == children.end() ? nullptr : &*found;
}

TomlNode* TomlNode::find(std::string_view name) {
  return const_cast<TomlNode*>(std::as_const(*this).find(name));
}

TomlNode parse_toml(std::string_view text, const std::string& name, const std::filesystem::path& folder) {
  const auto source = std::make_shared<const TomlSource>(TomlSource{name, folder, std::string(text)});
  return convert(parse(source), source);
}

TomlNode read_toml(const std::filesystem::path& path) {
  const FileKind kind = kind_of_file(path);
  if (kind != FileKind::unknown && kind != FileKind::job)
    throw InputError(wrong_kind(path.string(), kind, "a job"));
  return parse_toml(read_text(path, kMaxBytes), path.string(), path.parent_path());
}

TomlNode parse_toml_argument(std::string_view key, std::string_view value, const std::string& name,
                             const std::filesystem::path& folder) {
  const auto source = std::make_shared<const TomlSource>(TomlSource{name, folder, std::string(value)});
  const TomlLocation where{source, 0, 0};
  if (!is_dotted_name(key))
    throw InputError(toml_diagnostic(
        where, fmt::format("\"{}\" is not the name of a key; write --set table.key=value", key)));

  const std::size_t first = value.find_first_not_of(" \t");
  if (first == std::string_view::npos)
    throw InputError(toml_diagnostic(where, "the value is missing; write --set table.key=value"));
  if (!is_utf8(value)) throw InputError(toml_diagnostic(where, "the value is not UTF-8; write it in UTF-8"));
  if (value.find_first_of("\r\n") != std::string_view::npos)
    throw InputError(toml_diagnostic(where, "the value has several lines; write one value on one line"));

  TomlNode leaf;
  try {
    const std::string statement = fmt::format("value = {}", value);
    if (const auto fault = screen_toml(statement)) throw InputError(fault->message);
    leaf = convert(*toml::parse(statement).get("value"), source);
  } catch (const std::runtime_error& error) {  // from toml++ or from the screening
    if (std::string_view("[{\"'").find(value[first]) != std::string_view::npos)
      throw InputError(toml_diagnostic(
          where, fmt::format("the value is not TOML ({}); check quotes and brackets", error.what())));
    leaf.kind = TomlKind::text;
    leaf.value = std::string(value);
  }

  TomlNode root;
  TomlNode* at = &root;
  std::size_t begin = 0;
  while (true) {
    const std::size_t dot = key.find('.', begin);
    const bool last = dot == std::string_view::npos;
    TomlNode& child = at->children.emplace_back(last ? leaf : TomlNode{});
    child.key = std::string(key.substr(begin, last ? dot : dot - begin));
    if (last) break;
    at = &child;
    begin = dot + 1;
  }
  relocate(root, where);
  return root;
}

TomlNode merge_toml(TomlNode base, const TomlNode& top) {
  if (base.kind != TomlKind::table || top.kind != TomlKind::table) return top;
  std::map<std::string, std::size_t, std::less<>> places;  // a search per key would take n^2 in a long table
  for (std::size_t i = 0; i < base.children.size(); ++i) places.emplace(base.children[i].key, i);
  for (const TomlNode& over : top.children) {
    if (const auto place = places.find(over.key); place != places.end()) {
      TomlNode& under = base.children[place->second];
      under = merge_toml(std::move(under), over);
    } else {
      base.children.push_back(over);
    }
  }
  // The table has the location of `top`, unless that has no lines (an argument).
  if (top.location.line > 0) base.location = top.location;
  if (top.key_location.line > 0) base.key_location = top.key_location;
  return base;
}

std::string toml_diagnostic(const TomlLocation& where, std::string_view message, std::string_view severity) {
  const std::string name = where.source ? where.source->name : "";
  if (where.line <= 0)
    return name.empty() ? std::string(message) : fmt::format("{}: {}: {}", name, severity, message);
  std::string out = fmt::format("{}:{}:{}: {}: {}", name, where.line, where.column, severity, message);
  const std::string line = line_of(where.source->text, where.line);
  if (line.empty()) return out;
  const LineExcerpt excerpt = excerpt_about(line, where.column);
  return fmt::format("{}\n{:5} | {}\n      | {}^", out, where.line, excerpt.text, excerpt.lead);
}

std::string toml_number(double value) {
  std::array<char, 64> digits{};
  // Plain digits where people would write them; to_chars alone prefers 1e+05 to 100000.
  const double size = std::abs(value);
  const bool plain = size == 0 || (size >= 1e-5 && size < 1e9);
  char* const begin = digits.data();
  char* const limit = begin + digits.size();
  const auto written = plain ? std::to_chars(begin, limit, value, std::chars_format::fixed)
                             : std::to_chars(begin, limit, value);
  std::string text(begin, written.ptr);
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

std::string toml_text(std::string_view given) {
  // A TOML file is UTF-8: of a name that is not, it can only say so.
  const std::string text = is_utf8(given) ? std::string(given) : printable(given);
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out += {'\\', c};
    else if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else if (byte < 0x20 || byte == 0x7f)
      out += fmt::format("\\u{:04X}", byte);
    else
      out += c;
  }
  return out + '"';
}

}  // namespace undulith::io
