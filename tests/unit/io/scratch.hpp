// SPDX-License-Identifier: MIT
#pragma once

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "undulith/core/error.hpp"

namespace undulith::test {

/// A folder that is there for one test.
class Scratch {
 public:
  Scratch() {
    std::string pattern = (std::filesystem::temp_directory_path() / "undulith-test-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  /// Number of entries in the folder, hidden ones too, not going down.
  [[nodiscard]] std::size_t count() const {
    std::size_t n = 0;
    for (auto it = std::filesystem::directory_iterator(folder_); it != std::filesystem::directory_iterator();
         ++it)
      ++n;
    return n;
  }

 private:
  std::filesystem::path folder_;
};

inline void write_plain(const std::filesystem::path& path, std::string_view content) {
  std::ofstream file(path, std::ios::binary);
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  REQUIRE(file.good());
}

/// Message of the exception of type E that `call` throws; empty when it throws none.
template <class E, class Call>
[[nodiscard]] std::string message_of(Call&& call) {
  try {
    (void)call();
  } catch (const E& error) {
    return error.what();
  }
  return {};
}

}  // namespace undulith::test
