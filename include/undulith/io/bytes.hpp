// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "undulith/core/error.hpp"

/// Values as bytes and back: little-endian, arrays behind their length. For results that Undulith keeps for itself, and
/// for what is hashed; nobody else should read them.
namespace undulith::io {

static_assert(std::endian::native == std::endian::little, "bytes are written as they lie in memory");

/// A text as the bytes that it is made of.
[[nodiscard]] inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

template <class T>
inline constexpr bool kIsPlain = std::is_arithmetic_v<T> || std::is_same_v<T, std::complex<double>>;

class ByteWriter {
 public:
  template <class T>
  requires kIsPlain<T>
  void add(const T& value) { append(&value, sizeof value); }
  template <class T>
  requires kIsPlain<T>
  void add(std::span<const T> values) {
    add(static_cast<std::uint64_t>(values.size()));
    append(values.data(), values.size_bytes());
  }
  template <class T>
  void add(const std::vector<T>& values) {
    add(std::span<const T>(values));
  }
  void add(std::string_view text) { add(std::span<const char>(text)); }

  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }

 private:
  void append(const void* from, std::size_t size) {
    const auto* first = static_cast<const std::byte*>(from);
    bytes_.insert(bytes_.end(), first, first + size);
  }
  std::vector<std::byte> bytes_;
};

/// Reads what a ByteWriter wrote, in the same order.
/// @throws InputError  the bytes end before the value does
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) : rest_(bytes) {}

  template <class T>
  requires kIsPlain<T>
  [[nodiscard]] T read() {
    T value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  template <class T>
  requires kIsPlain<T>
  [[nodiscard]] std::vector<T> read_vector() {
    const auto size = read<std::uint64_t>();
    if (size > rest_.size() / sizeof(T)) throw_short();
    std::vector<T> values(size);
    if (size > 0) std::memcpy(values.data(), take(size * sizeof(T)).data(), size * sizeof(T));
    return values;
  }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  [[noreturn]] static void throw_short() {
    throw InputError("a kept result ends too early (it was damaged or cut); remove it");
  }
  std::span<const std::byte> take(std::size_t size) {
    if (size > rest_.size()) throw_short();
    const auto taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  std::span<const std::byte> rest_;
};

}  // namespace undulith::io
