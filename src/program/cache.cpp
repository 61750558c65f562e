// SPDX-License-Identifier: MIT
#include "undulith/program/cache.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "undulith/core/decimal.hpp"
#include "undulith/core/error.hpp"
#include "undulith/flow/store.hpp"

namespace undulith::program {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
}

/// Of the base directory specification of freedesktop.org: a relative $XDG_CACHE_HOME does not count.
fs::path usual_folder() {
  if (const fs::path base = from_environment("XDG_CACHE_HOME").value_or(""); base.is_absolute())
    return base / "undulith";
  if (const fs::path home = from_environment("HOME").value_or(""); home.is_absolute())
    return home / ".cache" / "undulith";
  return {};
}

std::uint64_t bytes_of(const std::string& name, const std::string& text) {
  constexpr std::array<std::pair<std::string_view, double>, 4> kUnits{
      {{"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"kB", 1e3}}};
  constexpr double kMost = 1e18;
  for (const auto& [unit, factor] : kUnits)
    if (text.ends_with(unit)) {
      const auto number =
          decimal_of(without_blanks(std::string_view(text).substr(0, text.size() - unit.size())));
      if (number && *number > 0 && *number * factor <= kMost)
        return static_cast<std::uint64_t>(*number * factor);
    }
  throw InputError(fmt::format(
      "{} = {} (must be a number above 0 with a unit); write kB, MB, GB or TB behind it: 5GB", name, text));
}

}  // namespace

void use_cache(const CacheOptions& options) {
  if (options.use == CacheOptions::Use::none) {
    if (!options.folder.empty())
      throw InputError("--cache and --no-cache exclude each other; give one of them");
    return;
  }
  std::uint64_t most_bytes = io::Store::kUsualLimit;
  if (!options.size.empty())
    most_bytes = bytes_of("--cache-size", options.size);
  else if (const auto size = from_environment("UNDULITH_CACHE_SIZE"); size && !size->empty())
    most_bytes = bytes_of("UNDULITH_CACHE_SIZE", *size);
  if (!options.folder.empty())
    return flow::use_store(std::make_shared<io::Store>(options.folder, most_bytes));
  if (const auto folder = from_environment("UNDULITH_CACHE")) {
    if (!folder->empty()) flow::use_store(std::make_shared<io::Store>(*folder, most_bytes));
  } else if (const fs::path usual = usual_folder(); !usual.empty()) {
    flow::use_store(std::make_shared<io::Store>(usual, most_bytes, io::Store::Folder::usual));
  }
}

void use_no_cache() {
  flow::use_store(nullptr);
}

}  // namespace undulith::program
