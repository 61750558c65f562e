// SPDX-License-Identifier: MIT
// The PNG reader, and the layout that a picture gives. The reader of text takes a path, so the input becomes a file.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "fuzz_input.hpp"
#include "undulith/core/error.hpp"
#include "undulith/io/png.hpp"
#include "undulith/layout/picture.hpp"

using namespace undulith;

void read_input(std::span<const std::byte> bytes) {
  static const std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("undulith_fuzz_" + std::to_string(getpid()) + ".png");
  {
    std::ofstream out(file, std::ios::binary);
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  }
  try {
    (void)layout::read_picture(bytes, file, {.pixel_nm = 1});
  } catch (const InputError&) {
  }
  try {
    (void)io::read_png_text(file);
  } catch (const InputError&) {
  }
  std::filesystem::remove(file);
}
