// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

/// Kinds of files by their content, for a file that is given where another kind is expected.
namespace undulith::io {

enum class FileKind { unknown, gdsii, oasis, glp, png, npy, hdf5, gzip, zip, pdf, json, srw, job, table };

/// The kind of a file from its first bytes; texts by their first lines.
[[nodiscard]] FileKind kind_of(std::string_view content);

/// The first bytes of a file as text, for kind_of().
[[nodiscard]] std::string_view head_of(std::span<const std::byte> bytes);

/// The same of a file; unknown where it is no plain file or cannot be read. Reads a few kilobytes.
[[nodiscard]] FileKind kind_of_file(const std::filesystem::path& file);

/// "clip.gds: this is a GDSII file, not a job; start with `undulith init own_layout`"; empty for an unknown
/// kind.
/// @param expected  "a job", "a table"
[[nodiscard]] std::string wrong_kind(std::string_view file, FileKind kind, std::string_view expected);

}  // namespace undulith::io
