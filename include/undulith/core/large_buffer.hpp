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

/// Allocates by allocate_large(). A number that is given no value is not initialised.
template <class T>
struct LargeAllocator {
  using value_type = T;
  LargeAllocator() = default;
  template <class U>
  explicit LargeAllocator(const LargeAllocator<U>&) {}

  [[nodiscard]] T* allocate(std::size_t size) {
    if (size > std::numeric_limits<std::size_t>::max() / 2 / sizeof(T)) throw std::bad_alloc();
    return static_cast<T*>(allocate_large(size * sizeof(T)));
  }
  void deallocate(T* memory, std::size_t) { std::free(memory); }
  template <class U>
  void construct(U* place) {
    ::new (static_cast<void*>(place)) U;
  }
  template <class U>
  bool operator==(const LargeAllocator<U>&) const {
    return true;
  }
};

/// A vector on huge pages where the system grants them. LargeVector<double>(n) is not initialised: the thread that
/// writes a page first is the one that waits for it.
template <class T>
using LargeVector = std::vector<T, LargeAllocator<T>>;

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
