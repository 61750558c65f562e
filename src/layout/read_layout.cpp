#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "layout/gunzip.hpp"
#include "undulith/core/error.hpp"
#include "undulith/io/files.hpp"
#include "undulith/layout/gdsii.hpp"

namespace undulith::layout {

Layout read_layout(const std::filesystem::path& path) {
  const std::string name = path.string();
  std::vector<std::byte> bytes = io::read_bytes(path);
  if (is_gzip(bytes)) bytes = gunzip(bytes, name);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  // The content decides, so that a file with another extension is read too; the extension settles what is
  // left.
  if (text.starts_with(std::string_view("\0\x06\0\x02", 4))) return read_gdsii(bytes, name);
  if (text.starts_with("%SEMI-OASIS")) {
    throw InputError(fmt::format(
        "{}: OASIS (not read by this version); convert it to GDSII, for example with KLayout", name));
  }
  if (text.starts_with("BEGIN") || path.extension() == ".glp") return read_glp(text, name);
  if (path.extension() == ".gds" || path.extension() == ".gz") return read_gdsii(bytes, name);
  throw InputError(
      fmt::format("{}: not a known layout format (.gds, .gds.gz and .glp are); convert it to GDSII", name));
}

}  // namespace undulith::layout
