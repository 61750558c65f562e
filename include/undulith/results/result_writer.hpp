// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "undulith/io/files.hpp"
#include "undulith/io/npy.hpp"
#include "undulith/report/pictures.hpp"

namespace undulith::results {

/// Writes the files of a run into a folder that is not yet in its place, and remembers their names.
class ResultWriter {
 public:
  /// @param hash  of the job, kept in every picture
  ResultWriter(io::OutputFolder& folder, std::string hash) : folder_(folder), hash_(std::move(hash)) {}

  void text(const std::string& name, const std::string& content) { io::write_atomic(next(name), content); }
  void bytes(const std::string& name, std::span<const std::byte> content) {
    io::write_atomic(next(name), content);
  }
  void array(const std::string& name, std::span<const double> values, const std::vector<std::size_t>& shape) {
    io::write_npy(next(name), values, shape);
  }
  void picture(const std::string& name, const report::Picture& picture) {
    report::write_picture(next(name), picture, {{"undulith:job_hash", hash_}});
  }
  [[nodiscard]] const std::vector<std::filesystem::path>& files() const { return files_; }

 private:
  std::filesystem::path next(const std::string& name) {
    files_.push_back(folder_.target() / name);
    return folder_.file(name);
  }
  io::OutputFolder& folder_;
  std::string hash_;
  std::vector<std::filesystem::path> files_;
};

}  // namespace undulith::results
