// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "undulith/io/store.hpp"

namespace undulith::flow {

/// From now on images are taken from this store, and those that are not in it are computed and kept. An image is named by
/// all that it depends on: the tables of the job from the layout to the imaging with the content of their files, the
/// clip, the pupil, the spectrum, the planes, and the version of the program. The resist, its measurement and the dose
/// are not among them. Results have the same bytes as without a store. nullptr: every image is computed (the default).
/// For the whole process; not while something is computed.
void use_store(std::shared_ptr<io::Store> store);

/// The store in use, or nullptr.
[[nodiscard]] io::Store* store_in_use();

/// While it lives no store is in use, for what measures the time of a computation. Not while something is computed.
class WithoutStore {
 public:
  WithoutStore();
  WithoutStore(const WithoutStore&) = delete;
  WithoutStore& operator=(const WithoutStore&) = delete;
  ~WithoutStore();

 private:
  std::shared_ptr<io::Store> store_;
};

}  // namespace undulith::flow
