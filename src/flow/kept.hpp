// SPDX-License-Identifier: MIT
#pragma once

#include <fmt/format.h>

#include <new>
#include <string_view>

#include "flow/codec.hpp"
#include "undulith/core/log.hpp"
#include "undulith/flow/store.hpp"

namespace undulith::flow {

/// A result from the store in use, or computed and kept there. Without a store it is computed and not named.
/// @param name     io::Sha256(): of all that the result depends on
/// @param compute  the result
/// @param complete  void(result&): adds what is not kept; throws InputError where it does not fit
template <class MakeName, class Compute, class Complete>
auto kept(std::string_view stage, const MakeName& name, const Compute& compute, const Complete& complete) {
  using Result = decltype(compute());
  io::Store* store = store_in_use();
  if (store == nullptr) return compute();
  const io::Sha256 key = name();
  try {
    if (const auto entry = store->find(key)) {
      auto result = decoded<Result>(*entry);
      complete(result);
      log::info(fmt::format("{}: from the store", stage));
      return result;
    }
  } catch (const InputError&) {
    store->discard(key);
  } catch (const std::bad_alloc&) {
    log::info(fmt::format("{}: not read (no memory for a copy)", stage));
  }
  Result result = compute();
  try {
    store->keep(key, encoded(result));
  } catch (const std::bad_alloc&) {
    log::info(fmt::format("{}: not kept (no memory for a copy)", stage));
  }
  return result;
}

template <class MakeName, class Compute>
auto kept(std::string_view stage, const MakeName& name, const Compute& compute) {
  return kept(stage, name, compute, [](const auto&) {});
}

}  // namespace undulith::flow
