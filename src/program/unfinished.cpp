// SPDX-License-Identifier: MIT
#include "undulith/program/unfinished.hpp"

#include "undulith/io/files.hpp"

namespace undulith::program {

void discard_unfinished() noexcept {
  io::discard_unfinished();
}

}  // namespace undulith::program
