// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <unistd.h>

#include "undulith/core/error.hpp"
#include "undulith/job/job.hpp"

/// A folder of its own for one test, gone when the test ends.
class JobFolder {
 public:
  JobFolder() {
    static std::atomic<int> count = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("undulith_job_" + std::to_string(::getpid()) + "_" + std::to_string(count++));
    std::filesystem::create_directories(path_);
  }
  JobFolder(const JobFolder&) = delete;
  JobFolder& operator=(const JobFolder&) = delete;
  ~JobFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  std::filesystem::path write(const std::string& name, const std::string& text) const {
    const std::filesystem::path file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file;
  }

  /// The job in job.toml.
  [[nodiscard]] undulith::job::ReadJob read(
      const std::string& text, const std::vector<undulith::job::Override>& overrides = {}) const {
    return undulith::job::read_job(write("job.toml", text), overrides);
  }

  /// The message of the InputError, the folder's own name cut out.
  [[nodiscard]] std::string error(const std::string& text,
                                  const std::vector<undulith::job::Override>& overrides = {}) const {
    try {
      static_cast<void>(read(text, overrides));
    } catch (const undulith::InputError& error) {
      return without_folder(error.what());
    }
    return "no error";
  }

  [[nodiscard]] std::string without_folder(std::string text) const {
    const std::string prefix = path_.string() + "/";
    for (std::size_t at = 0; (at = text.find(prefix, at)) != std::string::npos;)
      text.erase(at, prefix.size());
    return text;
  }

 private:
  std::filesystem::path path_;
};

/// Shapes for a job that is about something else.
inline const std::string kShapes =
    "[mask]\nperiod_x_nm = 36\nperiod_y_nm = 36\n"
    "[[mask.rectangle]]\nx0_nm = 9\ny0_nm = 0\nx1_nm = 27\ny1_nm = 36\n";

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

inline int count(const std::string& text, const std::string& part) {
  int n = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++n;
  return n;
}
