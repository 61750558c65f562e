// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "undulith/io/store.hpp"

namespace undulith::flow {

/// From now on stages take their results from this store, and keep there what they compute: the light of an undulator, thick
/// masks, kernels, images, films, realisations of noise. A result is named by all that it depends on: tables of the job with the
/// content of their files, what earlier stages gave, the version of the program and a number that each stage raises when its
/// results change. Results have the same bytes as without a store. nullptr: all is computed (the default).
/// For the whole process; not while something is computed. docs/guide/repeated-runs.md says what names each result.
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
