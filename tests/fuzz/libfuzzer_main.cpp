// SPDX-License-Identifier: MIT
// Entry of libFuzzer.
#include "fuzz_input.hpp"

// libhdf5 1.10 keeps memory of damaged files that it refused.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libhdf5\n";
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  read_input({reinterpret_cast<const std::byte*>(data), size});
  return 0;
}
