// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "undulith/core/error.hpp"
#include "undulith/core/grid.hpp"
#include "undulith/core/version.hpp"
#include "undulith/core/volume.hpp"
#include "undulith/io/bytes.hpp"
#include "undulith/io/sha256.hpp"

/// Results as bytes and back. A type lists its members once, for both ways, in a function members(codec, value) of this
/// namespace:
///   template <class Codec, Like<Box> T> void members(Codec& codec, T& box) { codec(box.x0, box.y0, box.x1, box.y1); }
namespace undulith::flow {

template <class T, class U>
concept Like = std::is_same_v<std::remove_const_t<T>, U>;

/// @tparam Sink  io::ByteWriter or io::ByteCounter
template <class Sink>
class BasicEncoder {
 public:
  static constexpr bool kReads = false;
  explicit BasicEncoder(Sink to = {}) : to_(std::move(to)) {}
  template <class... T>
  void operator()(const T&... values) {
    (add(values), ...);
  }
  [[nodiscard]] Sink& sink() { return to_; }
  [[nodiscard]] const Sink& sink() const { return to_; }

 private:
  template <class T>
  void add(const T& value) {
    if constexpr (io::kIsPlain<T>)
      to_.add(value);
    else if constexpr (std::is_enum_v<T>)
      to_.add(static_cast<std::int32_t>(value));
    else if constexpr (std::is_convertible_v<T, std::string_view>)
      to_.add(std::string_view(value));
    else
      members(*this, value);
  }
  template <class T>
  void add(const std::optional<T>& value) {
    to_.add(value.has_value());
    if (value) add(*value);
  }
  template <class T, class Allocator>
  void add(const std::vector<T, Allocator>& values) {
    if constexpr (io::kIsPlain<T>) {
      to_.add(std::span<const T>(values));
    } else {
      to_.add(static_cast<std::uint64_t>(values.size()));
      for (const T& value : values) add(value);
    }
  }
  template <class T>
  void add(std::span<T> values) {
    to_.add(std::span<const T>(values));
  }
  template <class T, std::size_t N>
  void add(const std::array<T, N>& values) {
    for (const T& value : values) add(value);
  }
  template <class A, class B>
  void add(const std::pair<A, B>& pair) {
    (*this)(pair.first, pair.second);
  }

  Sink to_;
};
using Encoder = BasicEncoder<io::ByteWriter>;

/// @throws InputError  the bytes end too early
class Decoder {
 public:
  static constexpr bool kReads = true;
  explicit Decoder(std::span<const std::byte> bytes) : from_(bytes) {}
  template <class... T>
  void operator()(T&... values) {
    (read(values), ...);
  }
  [[nodiscard]] bool at_end() const { return from_.at_end(); }

 private:
  template <class T>
  void read(T& value) {
    if constexpr (io::kIsPlain<T>)
      value = from_.read<T>();
    else if constexpr (std::is_enum_v<T>)
      value = static_cast<T>(from_.read<std::int32_t>());
    else if constexpr (std::is_same_v<T, std::string>)
      value = from_.read_array<std::string>();
    else
      members(*this, value);
  }
  template <class T>
  void read(std::optional<T>& value) {
    value.reset();
    if (from_.read<bool>()) read(value.emplace());
  }
  template <class T, class Allocator>
  void read(std::vector<T, Allocator>& values) {
    if constexpr (io::kIsPlain<T>) {
      values = from_.read_array<std::vector<T, Allocator>>();
    } else {
      values = std::vector<T, Allocator>(from_.read_length(1));
      for (T& value : values) read(value);
    }
  }
  template <class T, std::size_t N>
  void read(std::array<T, N>& values) {
    for (T& value : values) read(value);
  }
  template <class A, class B>
  void read(std::pair<A, B>& pair) {
    (*this)(pair.first, pair.second);
  }

  io::ByteReader from_;
};

template <class T>
[[nodiscard]] LargeVector<std::byte> encoded(const T& value) {
  BasicEncoder<io::ByteCounter> counter;
  counter(value);
  Encoder to(io::ByteWriter(counter.sink().n_bytes()));
  to(value);
  return to.sink().take();
}

/// @throws InputError  these bytes are not those of a T
template <class T>
[[nodiscard]] T decoded(std::span<const std::byte> bytes) {
  Decoder from(bytes);
  T value;
  from(value);
  if (!from.at_end())
    throw InputError("a kept result is followed by other bytes (it was damaged); remove it");
  return value;
}

/// The name of a result: the hash of its stage and of all that is added.
class Name {
 public:
  /// @param numbers  to be raised by every change after which the stage gives other numbers or other bytes
  Name(std::string_view stage, int numbers) { key_(stage, numbers, std::string_view(kVersion)); }
  template <class... T>
  void add(const T&... values) {
    key_(values...);
  }
  [[nodiscard]] io::Sha256 hash() const { return io::sha256(key_.sink().bytes()); }

 private:
  Encoder key_;
};

template <class Codec, Like<Box> T>
void members(Codec& codec, T& box) {
  codec(box.x0, box.y0, box.x1, box.y1);
}
template <class Codec, Like<io::Sha256> T>
void members(Codec& codec, T& hash) {
  for (auto& byte : hash.bytes) {
    auto number = std::to_integer<std::uint8_t>(byte);
    codec(number);
    if constexpr (Codec::kReads) byte = static_cast<std::byte>(number);
  }
}
template <class Codec, Like<Grid2D> T>
void members(Codec& codec, T& grid) {
  codec(grid.plane, grid.nx, grid.ny, grid.x0, grid.y0, grid.dx, grid.dy);
}
template <class Codec, Like<Grid3D> T>
void members(Codec& codec, T& grid) {
  codec(grid.nx, grid.ny, grid.nz, grid.x0, grid.y0, grid.dx, grid.dy, grid.dz);
}

/// A field; without a grid that fits its values it is refused.
template <class Codec, class Field, class Grid, class Values>
void field_members(Codec& codec, Field& field) {
  if constexpr (Codec::kReads) {
    Grid grid;
    Values values;
    codec(grid, values);
    const bool fits = values.empty() ? field.empty() : grid.size() == values.size();
    if (!fits) throw InputError("a kept field does not fill its grid (it was damaged); remove it");
    if (!values.empty()) field = Field(grid, std::move(values));
  } else {
    codec(field.grid(), field.values());
  }
}
template <class Codec, Like<Field2D<double>> T>
void members(Codec& codec, T& field) {
  field_members<Codec, T, Grid2D, LargeVector<double>>(codec, field);
}
template <class Codec, Like<Field3D<double>> T>
void members(Codec& codec, T& field) {
  field_members<Codec, T, Grid3D, std::vector<double>>(codec, field);
}

}  // namespace undulith::flow
