// SPDX-License-Identifier: MIT
#include "undulith/program/cache.hpp"

#include <memory>

#include "undulith/flow/store.hpp"

namespace undulith::program {

void use_cache(const std::filesystem::path& folder) {
  flow::use_store(std::make_shared<io::Store>(folder));
}

}  // namespace undulith::program
