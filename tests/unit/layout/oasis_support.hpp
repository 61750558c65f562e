// SPDX-License-Identifier: MIT
#pragma once

#include <zlib.h>

#include <numeric>
#include <string_view>

#include "layout_support.hpp"

/// OASIS files written byte by byte, so that tests can make what our writer would not.
namespace layout_test {

class Oasis {
 public:
  enum Check { none = 0, crc32_sum = 1, checksum32 = 2 };

  Oasis& byte(int v) {
    bytes_.push_back(static_cast<std::byte>(v));
    return *this;
  }
  Oasis& raw(const std::vector<int>& values) {
    for (const int v : values) byte(v);
    return *this;
  }
  /// Unsigned integers.
  Oasis& u(std::initializer_list<std::uint64_t> values) {
    for (std::uint64_t v : values) {
      for (; v > 0x7F; v >>= 7) byte(static_cast<int>(v & 0x7F) | 0x80);
      byte(static_cast<int>(v));
    }
    return *this;
  }
  /// Signed integers.
  Oasis& s(std::initializer_list<std::int64_t> values) {
    for (const std::int64_t v : values)
      u({v < 0 ? (static_cast<std::uint64_t>(-v) << 1 | 1U) : static_cast<std::uint64_t>(v) << 1});
    return *this;
  }
  /// g-deltas of the second form: x and y.
  Oasis& g(std::int64_t x, std::int64_t y) {
    return u({static_cast<std::uint64_t>(std::abs(x)) << 2 | (x < 0 ? 2U : 0U) | 1U}).s({y});
  }
  Oasis& text(std::string_view t) {
    u({t.size()});
    for (const char c : t) byte(static_cast<unsigned char>(c));
    return *this;
  }
  /// Magic and START with a database unit of 1 nm (1000 points a micron) and the table offsets in END.
  Oasis& start() { return magic().byte(1).text("1.0").u({0, 1000, 1}); }
  Oasis& magic() {
    for (const char c : std::string_view("%SEMI-OASIS\r\n")) byte(c);
    return *this;
  }
  Oasis& cell(std::string_view name = "TOP") { return byte(14).text(name); }
  /// A rectangle on layer 1/0 that says everything.
  Oasis& rectangle(std::int64_t x, std::int64_t y, std::uint64_t w, std::uint64_t h) {
    return byte(20).byte(0x7B).u({1, 0, w, h}).s({x, y});
  }
  Oasis& end_of_cell() { return byte(0); }
  /// Layer 1/0, as the info bits 0x03 announce it.
  Oasis& layer() { return u({1, 0}); }
  Oasis& end(Check check = none, bool offsets = true) {
    const std::size_t begin = bytes_.size();
    byte(2);
    for (int i = 0; offsets && i < 12; ++i) byte(0);
    const std::size_t padding = 256 - (bytes_.size() - begin) - 2 - (check == none ? 1 : 5);
    u({padding});
    for (std::size_t i = 0; i < padding; ++i) byte(0);
    byte(check);
    if (check == none) return *this;
    const std::uint32_t sum = check == crc32_sum
                                  ? static_cast<std::uint32_t>(crc32_z(
                                        0, reinterpret_cast<const Bytef*>(bytes_.data()), bytes_.size()))
                                  : std::accumulate(bytes_.begin(), bytes_.end(), std::uint32_t{0},
                                                    [](std::uint32_t a, std::byte b) {
                                                      return a + std::to_integer<std::uint32_t>(b);
                                                    });
    for (int shift = 0; shift < 32; shift += 8) byte(static_cast<int>(sum >> shift & 0xFF));
    return *this;
  }
  /// Records as a CBLOCK.
  Oasis& block(const Oasis& records) {
    std::vector<std::byte> packed(records.bytes_.size() + 100);
    z_stream z{};
    deflateInit2(&z, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
    z.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(records.bytes_.data()));
    z.avail_in = static_cast<uInt>(records.bytes_.size());
    z.next_out = reinterpret_cast<Bytef*>(packed.data());
    z.avail_out = static_cast<uInt>(packed.size());
    deflate(&z, Z_FINISH);
    packed.resize(z.total_out);
    deflateEnd(&z);
    byte(34).u({0, records.bytes_.size(), packed.size()});
    bytes_.insert(bytes_.end(), packed.begin(), packed.end());
    return *this;
  }

  [[nodiscard]] const std::vector<std::byte>& bytes() const { return bytes_; }
  [[nodiscard]] Layout read(const std::string& name = "test.oas") const { return read_oasis(bytes_, name); }

 private:
  std::vector<std::byte> bytes_;
};

}  // namespace layout_test
