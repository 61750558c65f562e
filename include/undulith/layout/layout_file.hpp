#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "undulith/layout/layout.hpp"

namespace undulith::layout {

/// Reads any layout file by its content and extension (.gds, .oas, both also .gz, .glp).
/// @throws InputError  missing or unreadable file, unknown format, see the readers
[[nodiscard]] Layout read_layout(const std::filesystem::path& path);

/// The layout in the format that the extension of a file names, .gds or .oas (compressed); writes nothing.
/// @throws InputError  another extension, see write_gdsii() and write_oasis()
[[nodiscard]] std::vector<std::byte> write_layout(const Layout& layout, const std::filesystem::path& path);

}  // namespace undulith::layout
