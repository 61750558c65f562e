// SPDX-License-Identifier: MIT
#include "undulith/program/pattern_file.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "undulith/core/error.hpp"
#include "undulith/io/files.hpp"
#include "undulith/layout/layout_file.hpp"

namespace undulith::program {
namespace {

using layout::PatternKind;

constexpr std::array<std::pair<std::string_view, PatternKind>, 5> kPatterns{{
    {"line_space", PatternKind::line_space},
    {"contact_array", PatternKind::contact_array},
    {"tip_to_tip", PatternKind::tip_to_tip},
    {"elbow", PatternKind::elbow},
    {"siemens_star", PatternKind::siemens_star},
}};

}  // namespace

std::vector<std::string> pattern_names() {
  std::vector<std::string> names;
  for (const auto& [name, kind] : kPatterns) names.emplace_back(name);
  return names;
}

PatternKind pattern_kind(std::string_view name) {
  std::string names;
  for (const auto& [known, kind] : kPatterns) {
    if (known == name) return kind;
    names += fmt::format("{}{}", names.empty() ? "" : ", ", known);
  }
  throw InputError(
      fmt::format("there is no pattern '{}' (the patterns are {}); choose one of them", name, names));
}

std::string write_pattern(const layout::PatternParameters& parameters, const std::filesystem::path& file,
                          ExistingFile existing) {
  const layout::Layout layout = layout::make_pattern(parameters);
  const std::vector<std::byte> bytes = layout::write_layout(layout, file);
  std::error_code ignored;
  if (existing == ExistingFile::refuse && std::filesystem::exists(file, ignored)) {
    throw InputError(
        fmt::format("{}: the file exists (files are not replaced by default); choose another name or ask "
                    "to replace it",
                    file.string()));
  }
  io::write_atomic(file, bytes);
  const layout::Cell& cell = layout.cells.begin()->second;
  const std::optional<Box> box = layout::bounding_box(layout, cell.name);
  return fmt::format("{}: cell {}, {} polygons on layer {}/{}, {:g} x {:g} nm, database unit {:g} nm",
                     file.string(), cell.name, cell.shapes.size(), parameters.layer, parameters.datatype,
                     box ? box->width() : 0, box ? box->height() : 0, layout.dbu_nm);
}

}  // namespace undulith::program
