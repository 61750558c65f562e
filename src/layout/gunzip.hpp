// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "layout/byte_source.hpp"

namespace undulith::layout {

/// Whether the content begins like a gzip file.
[[nodiscard]] bool is_gzip(std::span<const std::byte> bytes);

/// Inflates a gzip file of one or more members, piece by piece.
///
/// The size in the file is not trusted: memory does not grow with it.
class Gunzip {
 public:
  /// @param packed     the compressed bytes in order; 0 at their end
  /// @param max_bytes  of the inflated data
  /// @param advice     what to do about more than that
  Gunzip(ByteSource::Refill packed, std::string name, std::size_t max_bytes, std::string advice);
  ~Gunzip();
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;

  /// The next inflated bytes; 0 at the end.
  /// @throws InputError  damaged or truncated data, more than max_bytes
  [[nodiscard]] std::size_t read(std::span<std::byte> out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Inflates a whole gzip file.
/// @throws InputError  as Gunzip
[[nodiscard]] std::vector<std::byte> gunzip(std::span<const std::byte> bytes, const std::string& name,
                                            std::size_t max_bytes = std::size_t{4} << 30);

}  // namespace undulith::layout
