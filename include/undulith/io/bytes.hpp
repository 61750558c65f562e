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
#include <utility>
#include <vector>

#include "undulith/core/error.hpp"
#include "undulith/core/large_buffer.hpp"

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

/// Counts the bytes that a ByteWriter would write.
class ByteCounter {
 public:
  template <class T>
  requires kIsPlain<T>
  void add(const T& value) { n_bytes_ += sizeof value; }
  template <class T>
  requires kIsPlain<T>
  void add(std::span<const T> values) { n_bytes_ += sizeof(std::uint64_t) + values.size_bytes(); }
  void add(std::string_view text) { add(std::span<const char>(text)); }
  [[nodiscard]] std::size_t n_bytes() const { return n_bytes_; }

 private:
  std::size_t n_bytes_ = 0;
};

class ByteWriter {
 public:
  ByteWriter() = default;
  /// @param n_bytes  that are expected
  explicit ByteWriter(std::size_t n_bytes) { bytes_.reserve(n_bytes); }
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
  [[nodiscard]] LargeVector<std::byte> take() { return std::move(bytes_); }

 private:
  void append(const void* from, std::size_t size) {
    const auto* first = static_cast<const std::byte*>(from);
    bytes_.insert(bytes_.end(), first, first + size);
  }
  LargeVector<std::byte> bytes_;
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
  /// A length, of values that take at least so many bytes each.
  [[nodiscard]] std::size_t read_length(std::size_t least_bytes) {
    const auto length = read<std::uint64_t>();
    if (length > rest_.size() / least_bytes) throw_short();
    return length;
  }
  /// An array of plain values behind its length.
  template <class Vector>
  requires kIsPlain<typename Vector::value_type>
  [[nodiscard]] Vector read_array() {
    const std::size_t length = read_length(sizeof(typename Vector::value_type));
    Vector values;
    values.resize(length);
    const auto bytes = take(length * sizeof(typename Vector::value_type));
    if (length > 0) std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
  }
  template <class T>
  [[nodiscard]] std::vector<T> read_vector() {
    return read_array<std::vector<T>>();
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
