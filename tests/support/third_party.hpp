// SPDX-License-Identifier: MIT
#pragma once

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <optional>

namespace undulith::test {

/// A file or folder of the third-party data that is not part of the repository: layouts/, optical/, reference/
/// in the folder that the environment variable UNDULITH_SHARED names.
///
/// Nothing if the variable is not set: the test writes a message and leaves out what needs the data. Where
/// the variable is set, the data must be there.
inline std::optional<std::filesystem::path> third_party(const std::filesystem::path& path) {
  const char* folder = std::getenv("UNDULITH_SHARED");
  if (folder == nullptr || *folder == '\0') {
    WARN("skipped: " << path.string() << " (third-party data; UNDULITH_SHARED is not set)");
    return std::nullopt;
  }
  INFO("UNDULITH_SHARED = " << folder);
  const std::filesystem::path found = std::filesystem::path(folder) / path;
  INFO(found);
  REQUIRE(std::filesystem::exists(found));
  return found;
}

}  // namespace undulith::test
