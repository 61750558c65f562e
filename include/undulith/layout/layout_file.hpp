// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "undulith/io/file_content.hpp"
#include "undulith/layout/layout.hpp"
#include "undulith/layout/picture.hpp"

namespace undulith::layout {

/// Reads any layout file by its content and extension (.gds, .oas, both also .gz, .glp, .png).
/// @param picture      scale of a PNG
/// @throws InputError  missing or unreadable file, unknown format, see the readers
[[nodiscard]] Layout read_layout(const std::filesystem::path& path, const PictureScale& picture = {});
/// The same from memory; opens no file.
[[nodiscard]] Layout read_layout(const io::FileContent& file, const PictureScale& picture = {});

/// The bytes of a layout in the format of the extension, .gds or .oas (compressed); writes no file.
/// @throws InputError  another extension, see write_gdsii() and write_oasis()
[[nodiscard]] std::vector<std::byte> write_layout(const Layout& layout, const std::filesystem::path& path);

}  // namespace undulith::layout
