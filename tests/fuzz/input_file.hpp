// SPDX-License-Identifier: MIT
#pragma once

#include <unistd.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>

/// A file with the bytes of an input, for readers that take a path; gone at the end of the scope. It has a folder of
/// its own, so that nothing lies beside it but other files of the same input.
class InputFile {
 public:
  InputFile(std::span<const std::byte> bytes, const std::string& name) : path_(folder() / name) {
    std::ofstream out(path_, std::ios::binary);
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  ~InputFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// The folder of all files of this process; it goes when the process ends.
  [[nodiscard]] static const std::filesystem::path& folder() {
    static const Folder own;
    return own.path;
  }

 private:
  struct Folder {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("undulith_fuzz_" + std::to_string(getpid()));
    Folder() { std::filesystem::create_directories(path); }
    ~Folder() {
      std::error_code ignored;
      std::filesystem::remove_all(path, ignored);
    }
  };
  std::filesystem::path path_;
};
