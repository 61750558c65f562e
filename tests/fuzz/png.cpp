// SPDX-License-Identifier: MIT
// The PNG reader, and the layout that a picture gives. The reader of text takes a path, so the input becomes a file.
#include "undulith/io/png.hpp"
#include "fuzz_input.hpp"
#include "input_file.hpp"
#include "undulith/core/error.hpp"
#include "undulith/layout/picture.hpp"

using namespace undulith;

void read_input(std::span<const std::byte> bytes) {
  const InputFile file(bytes, "input.png");
  try {
    (void)layout::read_picture(bytes, file.path(), {.pixel_nm = 1});
  } catch (const InputError&) {
  }
  try {
    (void)io::read_png_text(file.path());
  } catch (const InputError&) {
  }
}
