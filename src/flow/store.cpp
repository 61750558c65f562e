// SPDX-License-Identifier: MIT
#include "undulith/flow/store.hpp"

#include <utility>

#include "undulith/io/content_hash.hpp"

namespace undulith::flow {
namespace {

std::shared_ptr<io::Store>& current_store() {
  static std::shared_ptr<io::Store> store;
  return store;
}

}  // namespace

void use_store(std::shared_ptr<io::Store> store) {
  io::remember_hashes(store);
  current_store() = std::move(store);
}

io::Store* store_in_use() {
  return current_store().get();
}

WithoutStore::WithoutStore() : store_(std::exchange(current_store(), nullptr)) {}

WithoutStore::~WithoutStore() {
  current_store() = std::move(store_);
}

}  // namespace undulith::flow
