// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include "undulith/core/memory.hpp"

TEST_CASE("available memory: more than this test needs, less than any machine has", "[unit][core]") {
  const double available_mb = undulith::available_memory_mb();
  CHECK(available_mb > 1);
  CHECK(available_mb < 1e9);
}
