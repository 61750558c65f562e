// SPDX-License-Identifier: MIT
#include "layout/byte_source.hpp"

#include <zlib.h>

#include <algorithm>
#include <utility>

namespace undulith::layout {
namespace {

constexpr std::size_t kWindowBytes = std::size_t{1} << 20;

}  // namespace

ByteSource::ByteSource(std::span<const std::byte> all) : window_(all), size_(all.size()), ended_(true) {}

ByteSource::ByteSource(Refill refill, std::size_t size) : size_(size), refill_(std::move(refill)) {}

std::span<const std::byte> ByteSource::next_view(std::size_t offset, std::size_t n) {
  if (!ended_) {
    add_to_sums(offset);
    // What is left of the window moves to the front; the rest of the buffer is filled.
    const std::size_t kept = begin_ + window_.size() - offset;
    std::move(buffer_.begin() + static_cast<std::ptrdiff_t>(offset - begin_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(window_.size()), buffer_.begin());
    std::size_t filled = kept;
    begin_ = offset;
    // The size that the data claim may be wrong: memory grows with what is really there.
    while (filled < n && !ended_) {
      buffer_.resize(std::max(buffer_.size(), std::min(std::max(n, kWindowBytes), filled + kWindowBytes)));
      const std::size_t got = refill_(std::span(buffer_).subspan(filled));
      ended_ = got == 0;
      filled += got;
    }
    window_ = std::span(buffer_).first(filled);
    if (ended_) size_ = begin_ + filled;
  }
  return window_.subspan(std::min(offset - begin_, window_.size()));
}

void ByteSource::add_to_sums(std::size_t end) {
  const auto part = window_.subspan(summed_ - begin_, end - summed_);
  sums_.crc32 = static_cast<std::uint32_t>(
      crc32_z(sums_.crc32, reinterpret_cast<const Bytef*>(part.data()), part.size()));
  for (const std::byte b : part) sums_.bytes += std::to_integer<std::uint32_t>(b);
  summed_ = end;
}

ByteSource::Sums ByteSource::sums_before(std::size_t offset) {
  add_to_sums(offset);
  return sums_;
}

ByteSource::Refill memory_refill(std::span<const std::byte> bytes) {
  return [bytes](std::span<std::byte> out) mutable {
    const std::size_t n = std::min(out.size(), bytes.size());
    std::copy_n(bytes.begin(), n, out.begin());
    bytes = bytes.subspan(n);
    return n;
  };
}

}  // namespace undulith::layout
