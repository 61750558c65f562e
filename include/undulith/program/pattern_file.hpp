// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "undulith/layout/patterns.hpp"

/// Test patterns as layout files.
namespace undulith::program {

/// What to do with a file that is already there.
enum class ExistingFile { refuse, replace };

/// Names of the patterns, in the order of layout::PatternKind: "line_space", "contact_array", ...
[[nodiscard]] std::vector<std::string> pattern_names();

/// The pattern of that name.
/// @throws InputError  no such pattern (lists those there are)
[[nodiscard]] layout::PatternKind pattern_kind(std::string_view name);

/// Writes a pattern as a GDSII or OASIS file, whole or not at all. The same parameters always give the same
/// bytes.
/// @param file         must end in .gds or .oas
/// @return             one line that says what was written: file, cell, polygons, layer, size
/// @throws InputError  a length that does not fit, another extension, a file that is there and
/// ExistingFile::refuse
/// @throws IoError     it cannot be written
std::string write_pattern(const layout::PatternParameters& parameters, const std::filesystem::path& file,
                          ExistingFile existing = ExistingFile::refuse);

}  // namespace undulith::program
