// SPDX-License-Identifier: MIT
#include "undulith/core/large_buffer.hpp"

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace undulith {
namespace {

constexpr std::size_t kLine = 64, kHugePage = std::size_t{1} << 21;

}  // namespace

void prefer_huge_pages(void* memory, std::size_t bytes) {
#ifdef __linux__
  // Only whole pages can be asked for. A refusal costs time, nothing else.
  const std::size_t address = reinterpret_cast<std::size_t>(memory);
  const std::size_t begin = (address + kHugePage - 1) / kHugePage * kHugePage,
                    end = (address + bytes) / kHugePage * kHugePage;
  if (begin < end) madvise(static_cast<char*>(memory) + (begin - address), end - begin, MADV_HUGEPAGE);
#else
  static_cast<void>(memory);
  static_cast<void>(bytes);
#endif
}

void* allocate_large(std::size_t bytes) {
  const std::size_t unit = bytes >= kHugePage ? kHugePage : kLine;
  const std::size_t whole = (bytes + unit - 1) / unit * unit;
  void* memory = std::aligned_alloc(unit, whole);
  if (memory == nullptr) throw std::bad_alloc();
  prefer_huge_pages(memory, whole);
  return memory;
}

}  // namespace undulith
