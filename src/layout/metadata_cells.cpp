// SPDX-License-Identifier: MIT
#include "layout/metadata_cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

namespace undulith::layout {
namespace {

constexpr std::string_view kContext = "$$$CONTEXT_INFO$$$", kMark = "$$$";

/// The cell of KLayout, or a copy that a merge of files renamed: with a number behind $ or _.
bool is_context(std::string_view name) {
  if (!name.starts_with(kContext)) return false;
  const std::string_view rest = name.substr(kContext.size());
  if (rest.empty()) return true;
  return (rest.front() == '$' || rest.front() == '_') && rest.size() > 1 &&
         rest.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

bool is_marked(std::string_view name) {
  return name.size() > 2 * kMark.size() && name.starts_with(kMark) && name.ends_with(kMark);
}

}  // namespace

std::vector<std::string> leave_out_metadata(Layout& layout) {
  std::set<std::string> placed, metadata;
  for (const auto& [name, cell] : layout.cells) {
    for (const Reference& r : cell.references) placed.insert(r.cell);
  }
  for (const auto& [name, cell] : layout.cells) {
    if (is_context(name) || (is_marked(name) && cell.shapes.empty() && !placed.contains(name)))
      metadata.insert(name);
  }
  std::vector<std::string> notes;
  for (const std::string& name : metadata) {
    layout.cells.erase(name);
    notes.push_back(fmt::format(
        "cell '{}' holds metadata of the tool that wrote the file, not layout; it is left out", name));
  }
  if (metadata.empty()) return notes;
  for (auto& [name, cell] : layout.cells) {
    std::erase_if(cell.references, [&](const Reference& r) { return metadata.contains(r.cell); });
  }
  return notes;
}

}  // namespace undulith::layout
