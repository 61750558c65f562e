// SPDX-License-Identifier: MIT
// The OASIS reader within 64 MiB, the tree that it gives, and what the writer makes of it.
#include <stdexcept>
#include <vector>

#include "fuzz_input.hpp"
#include "undulith/core/error.hpp"
#include "undulith/layout/oasis.hpp"

using namespace undulith;

void read_input(std::span<const std::byte> bytes) {
  try {
    const layout::Layout read = layout::read_oasis(bytes, "input", std::size_t{64} << 20);
    for (const std::string& top : read.top_cells()) (void)layout::bounding_box(read, top);
    const std::vector<std::byte> written = layout::write_oasis(read);
    // What was written must be read: no error is caught here.
    try {
      (void)layout::read_oasis(written, "written");
    } catch (const InputError& error) {
      throw std::logic_error(error.what());
    }
  } catch (const InputError&) {
  }
}
