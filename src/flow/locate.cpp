#include "flow/locate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "flow/job_check.hpp"

namespace undulith::flow {
namespace {

constexpr std::string_view kShape = "shape ";

// "shape 3 ..." -> "mask.polygon[1] ...", as the job writes it.
std::string with_shape_name(const Job& job, const std::string& message) {
  if (!message.starts_with(kShape)) return message;
  std::size_t number = 0;
  const char* begin = message.data() + kShape.size();
  const auto [end, error] = std::from_chars(begin, message.data() + message.size(), number);
  if (error != std::errc() || number == 0) return message;
  const bool rectangle = number <= job.rectangles.size();
  return fmt::format("mask.{}[{}]{}", rectangle ? "rectangle" : "polygon",
                     rectangle ? number : number - job.rectangles.size(), end);
}

bool part_of_key(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '[' || c == ']';
}

}  // namespace

std::string locate(const ReadJob& read, const std::string& message) {
  const std::string named = with_shape_name(read.job, message);
  const auto end = std::ranges::find_if_not(named, part_of_key);
  const std::string key(named.begin(), end);
  if (key.find('.') == std::string::npos || read.tree.location.source == nullptr) return named;
  const std::string table = key.substr(0, key.find('.'));
  if (find_node(read.tree, table) == nullptr) return named;
  return io::toml_diagnostic(where_is(read.tree, key), named);
}

}  // namespace undulith::flow
