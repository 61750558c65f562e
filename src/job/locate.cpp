// SPDX-License-Identifier: MIT
#include "undulith/job/locate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "undulith/job/keys.hpp"

namespace undulith::job {
namespace {

using io::TomlLocation;
using io::TomlNode;

constexpr std::string_view kShape = "shape ";

// "shape 3 ..." -> "mask.polygon[1] ...", as the job writes it.
std::string with_shape_name(const Job& job, const std::string& message) {
  if (!message.starts_with(kShape)) return message;
  std::size_t number = 0;
  const char* begin = message.data() + kShape.size();
  const auto [end, error] = std::from_chars(begin, message.data() + message.size(), number);
  if (error != std::errc() || number == 0) return message;
  const bool rectangle = number <= job.mask.rectangles.size();
  return fmt::format("mask.{}[{}]{}", rectangle ? "rectangle" : "polygon",
                     rectangle ? number : number - job.mask.rectangles.size(), end);
}

bool part_of_key(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '[' || c == ']';
}

bool begins_with_key(std::string_view text) {
  const std::string_view key =
      text.substr(0, static_cast<std::size_t>(std::ranges::find_if_not(text, part_of_key) - text.begin()));
  const std::string_view table = key.substr(0, key.find('.'));
  return key.find('.') != std::string_view::npos &&
         std::ranges::any_of(job_tables(), [&](const TableInfo& t) {
           return t.name == table || t.name.starts_with(std::string(table) + ".");
         });
}

// "metrology.gauge 'left': ..." -> the element of that name.
const TomlNode* named_element(const TomlNode* array, std::string_view after_key) {
  if (array == nullptr || array->kind != io::TomlKind::array || !after_key.starts_with(" '")) return nullptr;
  const std::string_view name = after_key.substr(2, after_key.find('\'', 2) - 2);
  for (const TomlNode& element : array->children) {
    const TomlNode* node = element.find("name");
    const auto* text = node != nullptr ? std::get_if<std::string>(&node->value) : nullptr;
    if (text != nullptr && *text == name) return &element;
  }
  return nullptr;
}

// "data.csv:3: ..." or "job.toml:3:1: error: ...": the message begins with its place.
bool begins_with_place(std::string_view message) {
  const std::string_view line = message.substr(0, message.find('\n'));
  if (line.find(": error: ") != std::string_view::npos) return true;
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return false;
  const std::size_t end = line.find_first_not_of("0123456789", colon + 1);
  return end != std::string_view::npos && end > colon + 1 && line[end] == ':';
}

// One fault with the place of its key, or else with the name of the job.
std::string locate_one(const ReadJob& read, const std::string& message) {
  const std::string named = with_shape_name(read.job, message);
  const bool has_job = read.tree.location.source != nullptr && !read.file.empty();
  if (begins_with_place(named) || !has_job || named.starts_with("--")) return named;
  const std::string key(named.begin(), std::ranges::find_if_not(named, part_of_key));
  if (begins_with_key(named) && find_node(read.tree, key.substr(0, key.find('.'))) != nullptr) {
    const TomlNode* element =
        named_element(find_node(read.tree, key), std::string_view(named).substr(key.size()));
    return io::toml_diagnostic(element != nullptr ? element->location : where_is(read.tree, key), named);
  }
  return io::toml_diagnostic({read.tree.location.source, 0, 0}, named);
}

}  // namespace

const TomlNode* find_node(const TomlNode& root, std::string_view path) {
  const TomlNode* node = &root;
  while (!path.empty() && node) {
    const std::size_t dot = path.find('.');
    std::string_view part = path.substr(0, dot);
    path = dot == std::string_view::npos ? "" : path.substr(dot + 1);
    const std::size_t bracket = part.find('[');
    node = node->find(part.substr(0, bracket));
    if (!node || bracket == std::string_view::npos) continue;
    std::size_t index = 0;
    std::from_chars(part.data() + bracket + 1, part.data() + part.size(), index);
    node = index >= 1 && index <= node->children.size() ? &node->children[index - 1] : nullptr;
  }
  return node;
}

TomlLocation where_is(const TomlNode& root, std::string_view path) {
  while (!path.empty()) {
    if (const TomlNode* node = find_node(root, path)) return node->location;
    const std::size_t dot = path.rfind('.');
    path = dot == std::string_view::npos ? "" : path.substr(0, dot);
  }
  return root.location;
}

std::string locate(const ReadJob& read, const std::string& message) {
  std::string out;
  std::string_view rest = message;
  // Several faults stand on lines of their own, each with its key.
  while (!rest.empty()) {
    std::size_t end = rest.find('\n');
    while (end != std::string_view::npos && !begins_with_key(rest.substr(end + 1)))
      end = rest.find('\n', end + 1);
    out += (out.empty() ? "" : "\n") + locate_one(read, std::string(rest.substr(0, end)));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return out;
}

}  // namespace undulith::job
