// SPDX-License-Identifier: MIT
#include "undulith/core/version.hpp"
#include "undulith/io/png.hpp"
#include "undulith/report/pictures.hpp"

namespace undulith::report {

void write_picture(const std::filesystem::path& path, const Picture& picture,
                   const std::map<std::string, std::string>& metadata) {
  std::map<std::string, std::string> text = metadata;
  text.insert({"undulith:version", kVersion});
  text.insert(picture.text.begin(), picture.text.end());
  io::write_png(path, picture.image, text);
}

}  // namespace undulith::report
