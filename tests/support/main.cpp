// SPDX-License-Identifier: MIT
// Test runner: floating-point traps on, so that an invalid operation, a division by zero or an overflow fails
// the test in which it happens.
#define CATCH_CONFIG_RUNNER
#include <cfenv>

#include <catch2/catch.hpp>

int main(int argc, char** argv) {
#ifdef __GLIBC__
  feenableexcept(FE_INVALID | FE_DIVBYZERO | FE_OVERFLOW);
#endif
  return Catch::Session().run(argc, argv);
}
