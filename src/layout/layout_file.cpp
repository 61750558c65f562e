// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "layout/gunzip.hpp"
#include "layout/oasis/records.hpp"
#include "undulith/core/error.hpp"
#include "undulith/layout/gdsii.hpp"
#include "undulith/layout/glp.hpp"
#include "undulith/layout/layout_file.hpp"
#include "undulith/layout/oasis.hpp"

namespace undulith::layout {

Layout read_layout(const std::filesystem::path& path, const PictureScale& picture) {
  return read_layout(*io::read_content(path), picture);
}

Layout read_layout(const io::FileContent& file, const PictureScale& picture) {
  const std::filesystem::path& path = file.path;
  const std::string name = path.string();
  std::span<const std::byte> bytes = file.bytes;
  std::vector<std::byte> inflated;
  if (is_gzip(bytes)) bytes = inflated = gunzip(bytes, name);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  // The content decides, so that a file with another extension is read too; the extension decides the
  // remaining cases.
  if (text.starts_with(std::string_view("\0\x06\0\x02", 4))) return read_gdsii(bytes, name);
  if (text.starts_with(oasis::kMagic)) return read_oasis(bytes, name);
  if (text.starts_with("\x89PNG")) return read_picture(bytes, path, picture);
  if (text.starts_with("BEGIN") || path.extension() == ".glp") return read_glp(text, name);
  const std::filesystem::path plain = path.extension() == ".gz" ? path.stem() : path;
  if (plain.extension() == ".oas") return read_oasis(bytes, name);
  if (plain.extension() == ".gds" || path.extension() == ".gz") return read_gdsii(bytes, name);
  throw InputError(fmt::format(
      "{}: unknown layout format (.gds, .oas, both also as .gz, .glp and .png are read); convert it to GDSII "
      "or OASIS",
      name));
}

std::vector<std::byte> write_layout(const Layout& layout, const std::filesystem::path& path) {
  if (path.extension() == ".gds") return write_gdsii(layout);
  if (path.extension() == ".oas") return write_oasis(layout, OasisCells::compressed);
  throw InputError(
      fmt::format("{}: unknown layout format (layouts are written as GDSII or OASIS); the name must end in "
                  ".gds or .oas",
                  path.string()));
}

}  // namespace undulith::layout
