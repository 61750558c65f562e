// SPDX-License-Identifier: MIT
#include "undulith/job/locate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
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
  const std::string named = with_shape_name(read.job, message);
  const auto end = std::ranges::find_if_not(named, part_of_key);
  const std::string key(named.begin(), end);
  if (key.find('.') == std::string::npos || read.tree.location.source == nullptr) return named;
  const std::string table = key.substr(0, key.find('.'));
  if (find_node(read.tree, table) == nullptr) return named;
  return io::toml_diagnostic(where_is(read.tree, key), named);
}

}  // namespace undulith::job
