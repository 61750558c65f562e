// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdlib>
#include <limits>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <vector>

namespace undulith {

/// Memory aligned to 64 bytes, not initialised. From 2 MiB on it starts on a huge page and the system is asked for
/// huge pages: the first touch of 2 MiB is then one page fault, not 512.
/// @throws std::bad_alloc
[[nodiscard]] void* allocate_large(std::size_t bytes);

/// Asks for huge pages for memory that was not touched yet.
void prefer_huge_pages(void* memory, std::size_t bytes);

/// A vector of zeros on huge pages where the system grants them.
template <class T>
[[nodiscard]] std::vector<T> large_vector(std::size_t size) {
  std::vector<T> values;
  values.reserve(size);
  prefer_huge_pages(values.data(), size * sizeof(T));
  values.resize(size);
  return values;
}

/// Room for numbers that are written before they are read. Movable; the values are not initialised.
template <class T>
class LargeBuffer {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  LargeBuffer() = default;
  explicit LargeBuffer(std::size_t size) : size_(size) {
    if (size > std::numeric_limits<std::size_t>::max() / 2 / sizeof(T)) throw std::bad_alloc();
    if (size > 0) data_.reset(static_cast<T*>(allocate_large(size * sizeof(T))));
  }
  [[nodiscard]] T* data() { return data_.get(); }
  [[nodiscard]] const T* data() const { return data_.get(); }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::span<T> values() { return {data_.get(), size_}; }
  [[nodiscard]] std::span<const T> values() const { return {data_.get(), size_}; }

 private:
  struct Free {
    void operator()(T* pointer) const { std::free(pointer); }
  };
  std::unique_ptr<T[], Free> data_;
  std::size_t size_ = 0;
};

}  // namespace undulith
