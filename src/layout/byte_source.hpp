// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace undulith::layout {

/// The bytes of a file from its beginning to its end, of which a window that moves forward is in memory.
class ByteSource {
 public:
  /// Fills a part of the span from its beginning and returns how much; 0 at the end of the data.
  using Refill = std::function<std::size_t(std::span<std::byte>)>;

  /// All bytes are in memory already.
  explicit ByteSource(std::span<const std::byte> all);
  /// @param size  of the data, or an upper bound of it
  ByteSource(Refill refill, std::size_t size);

  /// At least n bytes from offset, fewer only at the end of the data; valid until the next call. An offset
  /// must not be before that of an earlier call.
  [[nodiscard]] std::span<const std::byte> view(std::size_t offset, std::size_t n) {
    if (offset - begin_ + n <= window_.size()) return window_.subspan(offset - begin_);
    return next_view(offset, n);
  }
  /// Size of the data; before the end has been seen perhaps an upper bound.
  [[nodiscard]] std::size_t size() const { return size_; }

  /// Checks of the bytes before an offset, which must not be before that of the last view.
  struct Sums {
    std::uint32_t crc32 = 0, bytes = 0;
  };
  [[nodiscard]] Sums sums_before(std::size_t offset);

 private:
  std::span<const std::byte> next_view(std::size_t offset, std::size_t n);
  void add_to_sums(std::size_t end);

  std::span<const std::byte> window_;  // of the data from begin_ on
  std::size_t begin_ = 0, size_ = 0;
  Refill refill_;
  bool ended_ = false;
  std::vector<std::byte> buffer_;
  std::size_t summed_ = 0;
  Sums sums_;
};

/// Refills from bytes in memory.
[[nodiscard]] ByteSource::Refill memory_refill(std::span<const std::byte> bytes);

}  // namespace undulith::layout
