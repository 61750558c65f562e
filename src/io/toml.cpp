#include "undulith/io/toml.hpp"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <regex>
#include <sstream>

#include "undulith/core/error.hpp"
#include "undulith/io/files.hpp"

namespace undulith::io {
namespace {

using Source = std::shared_ptr<const TomlSource>;

/// A job is a page of text; a megabyte of it is a wrong file.
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
    // toml++ keeps tables in alphabetical order; the author's order is that of the keys' places.
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

/// What the author of a line that is not TOML probably meant; empty when that is not clear.
std::string syntax_hint(const std::string& line, const std::string& description) {
  static const std::regex unit(R"(=\s*([-+]?\d[\d_.]*(?:[eE][-+]?\d+)?)\s*[A-Za-z\xc2\xc3\xce%][^"']*$)");
  static const std::regex comma(R"(=\s*([-+]?\d+),(\d+)\s*(?:#.*)?$)");
  static const std::regex bare_point(R"(=\s*[-+]?(?:\.\d|\d+\.\s*(?:#.*)?$))");
  static const std::regex word(R"(=\s*([A-Za-z][\w./-]*)\s*(?:#.*)?$)");
  static const std::regex nothing(R"(=\s*(?:#.*)?$)");
  std::smatch found;
  if (description.find("escape sequence") != std::string::npos)
    return "write / in file names, or put the text between single quotes";
  if (std::regex_search(line, found, comma))
    return fmt::format("write a decimal point: {}.{}", found[1].str(), found[2].str());
  if (std::regex_search(line, bare_point))
    return "write a digit on both sides of the decimal point: 0.5, 5.0";
  if (std::regex_search(line, found, unit))
    return fmt::format("the name of the key tells the unit; write the number alone: {}", found[1].str());
  if (std::regex_search(line, found, word))
    return fmt::format("put text between quotes: \"{}\"", found[1].str());
  if (std::regex_search(line, nothing)) return "write a value, or remove the key to get its default";
  return {};
}

[[noreturn]] void throw_syntax_error(const toml::parse_error& error, const Source& source) {
  TomlLocation where = locate(source, error.source());
  const std::string line = line_of(source->text, where.line);
  std::string what(error.description());
  static const std::regex redefined(R"(cannot redefine existing (.*)'([^']*)')");
  static const std::regex context(R"(^Error while parsing ([^:]*): )");
  std::smatch found;
  std::string message;
  if (std::regex_search(what, found, redefined)) {
    // toml++ points behind the second mention; the reader looks for its beginning.
    where.column = static_cast<int>(std::min(line.find_first_not_of(" \t"), line.size())) + 1;
    message = line.find('[') == static_cast<std::size_t>(where.column - 1)
                  ? fmt::format("the table [{}] is opened a second time; put all its keys under one heading",
                                found[2].str())
                  : fmt::format("{} is given a second time; keep one of the two", found[2].str());
  } else {
    const std::string hint = syntax_hint(line, what);
    const std::string reason = std::regex_replace(what, context, "");
    message = fmt::format("this is not TOML ({})", reason);
    if (!hint.empty()) message += "; " + hint;
  }
  std::erase(message, '\n');
  throw InputError(toml_diagnostic(where, message));
}

toml::table parse(const Source& source) {
  try {
    return toml::parse(std::string_view(source->text), std::string_view(source->name));
  } catch (const toml::parse_error& error) {
    throw_syntax_error(error, source);
  }
}

/// Sends a whole tree to one place: a value from the command line has no lines.
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
  return parse_toml(read_text(path, kMaxBytes), path.string(), path.parent_path());
}

TomlNode parse_toml_argument(std::string_view key, std::string_view value, const std::string& name,
                             const std::filesystem::path& folder) {
  const auto source = std::make_shared<const TomlSource>(TomlSource{name, folder, std::string(value)});
  const TomlLocation where{source, 0, 0};
  static const std::regex dotted(R"([A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*)");
  if (!std::regex_match(std::string(key), dotted))
    throw InputError(toml_diagnostic(
        where, fmt::format("\"{}\" is not the name of a key; write --set table.key=value", key)));

  TomlNode leaf;
  const bool one_line = value.find_first_of("\r\n") == std::string_view::npos;
  try {
    const toml::table table = toml::parse(fmt::format("value = {}", value));
    if (table.size() != 1 || !one_line)
      throw InputError(toml_diagnostic(where, "give one value on one line"));
    leaf = convert(*table.get("value"), source);
  } catch (const toml::parse_error& error) {
    const std::size_t first = value.find_first_not_of(" \t");
    if (first == std::string_view::npos)
      throw InputError(toml_diagnostic(where, "there is no value; write --set table.key=value"));
    if (!one_line || std::string_view("[{\"'").find(value[first]) != std::string_view::npos)
      throw InputError(toml_diagnostic(
          where, fmt::format("the value is not TOML ({}); check quotes and brackets", error.description())));
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
  for (const TomlNode& over : top.children) {
    if (TomlNode* under = base.find(over.key))
      *under = merge_toml(std::move(*under), over);
    else
      base.children.push_back(over);
  }
  // The table stands where its top part does, unless that has no lines (an argument).
  if (top.location.line > 0) base.location = top.location;
  if (top.key_location.line > 0) base.key_location = top.key_location;
  return base;
}

std::string toml_diagnostic(const TomlLocation& where, std::string_view message, std::string_view severity) {
  const std::string name = where.source ? where.source->name : "";
  if (where.line <= 0) return fmt::format("{}: {}: {}", name, severity, message);
  std::string out = fmt::format("{}:{}:{}: {}: {}", name, where.line, where.column, severity, message);
  const std::string line = line_of(where.source->text, where.line);
  if (line.empty()) return out;
  // The caret's line repeats the tabs of the source line, so that both are indented alike.
  std::string lead;
  int column = 1;
  for (const char c : line) {
    if (column >= where.column) break;
    if ((static_cast<unsigned char>(c) & 0xc0) == 0x80) continue;  // inside a UTF-8 character
    lead += c == '\t' ? '\t' : ' ';
    ++column;
  }
  return fmt::format("{}\n{:5} | {}\n      | {}^", out, where.line, line, lead);
}

std::string toml_number(double value) {
  std::array<char, 64> digits{};
  // Plain digits where people would write them so; to_chars alone prefers 1e+05 to 100000.
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

std::string toml_text(std::string_view text) {
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
