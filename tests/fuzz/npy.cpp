// SPDX-License-Identifier: MIT
// The readers of arrays of numpy, and what the writer makes of them.
#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "fuzz_input.hpp"
#include "input_file.hpp"
#include "undulith/core/error.hpp"
#include "undulith/io/npy.hpp"

using namespace undulith;

namespace {

bool is_finite(const std::complex<double>& value) {
  return std::isfinite(value.real()) && std::isfinite(value.imag());
}

/// As many values as the shape says; written and read again, they are the same.
template <class Array, class Read>
void check(const Array& array, Read read) {
  const std::size_t n =
      std::accumulate(array.shape.begin(), array.shape.end(), std::size_t{1}, std::multiplies<>());
  require(array.values.size() == n, "the shape has as many values as there are");
  if (!std::ranges::all_of(array.values, [](const auto& value) { return is_finite(value); })) return;
  const InputFile file({}, "again.npy");
  io::write_npy(file.path(), std::span(array.values), array.shape);
  const Array again = read(file.path());
  require(again.shape == array.shape && again.values == array.values, "what was written is read again");
}

}  // namespace

void read_input(std::span<const std::byte> bytes) {
  const InputFile file(bytes, "input.npy");
  try {
    check(io::read_npy(bytes, file.path()), [](const auto& path) { return io::read_npy(path); });
  } catch (const InputError&) {
  }
  try {
    check(io::read_npy_complex(file.path()), [](const auto& path) { return io::read_npy_complex(path); });
  } catch (const InputError&) {
  }
}
