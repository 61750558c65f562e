// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "layout/byte_source.hpp"
#include "layout/readers.hpp"
#include "undulith/io/file_content.hpp"

namespace undulith::layout {

/// Formats of layout files; other: those that are small and read as a whole.
enum class FileFormat { gdsii, oasis, other };

/// The bytes of a file, inflated if it is a gzip file, and its format by its first bytes and its extension.
struct OpenedFile {
  ByteSource source;
  FileFormat format;
};

/// @param file   must live as long as the source
/// @param limit  of a gzip file
/// @throws InputError  a file that cannot be opened, or that changed since its content was read
[[nodiscard]] OpenedFile open_file(const io::FileContent& file, const UnfoldLimit& limit);

/// All bytes of a file, inflated.
[[nodiscard]] std::vector<std::byte> whole_file(const io::FileContent& file, const UnfoldLimit& limit);

}  // namespace undulith::layout
