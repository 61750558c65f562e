// SPDX-License-Identifier: MIT
// Entry of libFuzzer.
#include "fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  read_input({reinterpret_cast<const std::byte*>(data), size});
  return 0;
}
