// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace undulith::program {

/// Where results of stages are kept between commands.
struct CacheOptions {
  /// Empty: the folder of the environment variable UNDULITH_CACHE (set but empty: none), else undulith in
  /// $XDG_CACHE_HOME or in ~/.cache, else none
  std::string folder;
  /// Such as 20GB. Empty: that of UNDULITH_CACHE_SIZE, else io::Store::kUsualLimit
  std::string size;
  enum class Use { kept, none } use = Use::kept;
};

/// From now on the stages of this process take results from there where nothing that they depend on has changed, and keep
/// what they compute; see flow::use_store().
/// @throws InputError  a size that is none, a folder together with Use::none
void use_cache(const CacheOptions& options);

/// From now on all is computed, for a command that shows that results can be computed again.
void use_no_cache();

}  // namespace undulith::program
