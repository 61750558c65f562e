// SPDX-License-Identifier: MIT
// The GDSII reader, and the tree that it gives.
#include "undulith/layout/gdsii.hpp"
#include "fuzz_input.hpp"
#include "undulith/core/error.hpp"

using namespace undulith;

void read_input(std::span<const std::byte> bytes) {
  try {
    const layout::Layout read = layout::read_gdsii(bytes, "input");
    for (const std::string& top : read.top_cells()) (void)layout::bounding_box(read, top);
  } catch (const InputError&) {
  }
}
