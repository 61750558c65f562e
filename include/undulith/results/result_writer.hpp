// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "undulith/core/parallel.hpp"
#include "undulith/io/files.hpp"
#include "undulith/io/npy.hpp"
#include "undulith/job/job.hpp"
#include "undulith/report/pictures.hpp"

namespace undulith::results {

/// Writes the files of a run into a folder that is not yet in its place, and remembers their names. Text is always
/// written; of the other files those that the job's `outputs` names.
class ResultWriter {
 public:
  /// @param job  its hash is kept in every picture
  ResultWriter(io::OutputFolder& folder, const job::Job& job)
      : folder_(folder), hash_(job::job_hash(job)), outputs_(job.outputs) {}

  [[nodiscard]] bool wants(job::Output output) const {
    return std::ranges::find(outputs_, output) != outputs_.end();
  }

  void text(const std::string& name, const std::string& content) { io::write_atomic(next(name), content); }
  /// A file of one kind of output; `make` is called if the job wants it.
  void text(job::Output output, const std::string& name, const std::function<std::string()>& make) {
    if (wants(output)) text(name, make());
  }
  void bytes(job::Output output, const std::string& name,
             const std::function<std::vector<std::byte>()>& make) {
    if (wants(output)) io::write_atomic(next(name), make());
  }
  void bytes(const std::string& name, const std::vector<std::byte>& content) {
    io::write_atomic(next(name), content);
  }
  void array(const std::string& name, std::span<const double> values, const std::vector<std::size_t>& shape) {
    if (wants(job::Output::arrays)) io::write_npy(next(name), values, shape);
  }
  void array(const std::string& name, const std::function<void(const io::TakeValues&)>& make,
             const std::vector<std::size_t>& shape, Precision precision) {
    if (wants(job::Output::arrays)) io::write_npy(next(name), make, shape, precision);
  }
  /// An array that another result names: it is always written.
  void needed_array(const std::string& name, std::span<const double> values,
                    const std::vector<std::size_t>& shape) {
    io::write_npy(next(name), values, shape);
  }
  /// @param draw  is called by write_pictures(), on any thread
  void picture(const std::string& name, std::function<report::Picture()> draw) {
    if (wants(job::Output::pictures)) pictures_.push_back({next(name), std::move(draw)});
  }
  /// Draws and writes the pictures, side by side.
  void write_pictures() {
    const std::vector<QueuedPicture> pictures = std::exchange(pictures_, {});
    parallel_for(static_cast<int>(pictures.size()), [&](int i) {
      const QueuedPicture& one = pictures[static_cast<std::size_t>(i)];
      report::write_picture(one.path, one.draw(), {{"undulith:job_hash", hash_}});
    });
  }
  [[nodiscard]] const std::vector<std::filesystem::path>& files() const { return files_; }

 private:
  struct QueuedPicture {
    std::filesystem::path path;
    std::function<report::Picture()> draw;
  };
  std::filesystem::path next(const std::string& name) {
    files_.push_back(folder_.target() / name);
    return folder_.file(name);
  }
  io::OutputFolder& folder_;
  std::string hash_;
  std::vector<job::Output> outputs_;
  std::vector<std::filesystem::path> files_;
  std::vector<QueuedPicture> pictures_;
};

}  // namespace undulith::results
