// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>

#include "undulith/flow/store.hpp"

namespace undulith::test {

/// While it lives, stages take their results from a store in this folder.
struct WithStore {
  explicit WithStore(const std::filesystem::path& folder) : store(std::make_shared<io::Store>(folder)) {
    flow::use_store(store);
  }
  WithStore(const WithStore&) = delete;
  WithStore& operator=(const WithStore&) = delete;
  ~WithStore() { flow::use_store(nullptr); }

  std::shared_ptr<io::Store> store;
};

}  // namespace undulith::test
