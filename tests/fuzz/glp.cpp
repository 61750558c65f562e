// SPDX-License-Identifier: MIT
// The reader of ICCAD-2013 clips.
#include "undulith/layout/glp.hpp"
#include "fuzz_input.hpp"
#include "undulith/core/error.hpp"

using namespace undulith;

void read_input(std::span<const std::byte> bytes) {
  try {
    const std::string_view text = text_of(bytes);
    (void)layout::read_glp(text, "input");
  } catch (const InputError&) {
  }
}
