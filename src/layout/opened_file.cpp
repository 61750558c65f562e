// SPDX-License-Identifier: MIT
#include "layout/opened_file.hpp"

#include <fmt/format.h>

#include <fstream>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>

#include "layout/gunzip.hpp"
#include "layout/oasis/records.hpp"
#include "undulith/core/error.hpp"

namespace undulith::layout {
namespace {

ByteSource::Refill disk_refill(const io::FileContent& file) {
  std::error_code error;
  if (std::filesystem::file_size(file.path, error) != file.size || error)
    throw InputError(
        fmt::format("{} changed while it was read; run again when it is complete", file.path.string()));
  const auto in = std::make_shared<std::ifstream>(file.path, std::ios::binary);
  if (!*in) throw InputError(fmt::format("cannot read {}; check its permissions", file.path.string()));
  return [in](std::span<std::byte> out) {
    in->read(reinterpret_cast<char*>(out.data()), static_cast<std::streamsize>(out.size()));
    return static_cast<std::size_t>(in->gcount());
  };
}

ByteSource packed_source(const io::FileContent& file) {
  return file.is_kept() ? ByteSource(file.bytes) : ByteSource(disk_refill(file), file.size);
}

FileFormat format_of(std::span<const std::byte> bytes, const std::filesystem::path& path) {
  // The content decides, so that a file with another extension is read too; the extension decides the
  // remaining cases.
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text.starts_with(std::string_view("\0\x06\0\x02", 4))) return FileFormat::gdsii;
  if (text.starts_with(oasis::kMagic)) return FileFormat::oasis;
  if (text.starts_with("\x89PNG") || text.starts_with("\x93NUMPY") || text.starts_with("BEGIN") ||
      path.extension() == ".glp")
    return FileFormat::other;
  const std::filesystem::path plain = path.extension() == ".gz" ? path.stem() : path;
  if (plain.extension() == ".oas") return FileFormat::oasis;
  if (plain.extension() == ".gds" || path.extension() == ".gz") return FileFormat::gdsii;
  return FileFormat::other;
}

}  // namespace

OpenedFile open_file(const io::FileContent& file, const UnfoldLimit& limit) {
  constexpr std::size_t kFirst = 16;  // bytes that tell the format
  ByteSource source = packed_source(file);
  if (is_gzip(source.view(0, kFirst))) {
    const auto packed = file.is_kept() ? memory_refill(file.bytes) : disk_refill(file);
    const auto stream = std::make_shared<Gunzip>(packed, file.path.string(), limit.bytes, limit.advice);
    source = ByteSource([stream](std::span<std::byte> out) { return stream->read(out); }, limit.bytes);
  }
  const FileFormat format = format_of(source.view(0, kFirst), file.path);
  return {std::move(source), format};
}

std::vector<std::byte> whole_file(const io::FileContent& file, const UnfoldLimit& limit) {
  OpenedFile opened = open_file(file, limit);
  std::vector<std::byte> all;
  while (true) {
    const auto part = opened.source.view(all.size(), 1);
    if (part.empty()) return all;
    all.insert(all.end(), part.begin(), part.end());
  }
}

}  // namespace undulith::layout
