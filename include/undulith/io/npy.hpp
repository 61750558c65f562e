// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "undulith/core/precision.hpp"

namespace undulith::io {

/// An array as numpy stores it, converted to double on reading; C order.
struct NpyArray {
  std::vector<std::size_t> shape;
  std::vector<double> values;
};

/// The same for complex numbers.
struct NpyComplexArray {
  std::vector<std::size_t> shape;
  std::vector<std::complex<double>> values;
};

/// Writes a .npy file (format 1.0, little-endian, C order, float64 or complex128). The values are not copied.
/// @throws std::invalid_argument  shape and values disagree;  IoError
void write_npy(const std::filesystem::path& path, std::span<const double> values,
               const std::vector<std::size_t>& shape);

void write_npy(const std::filesystem::path& path, std::span<const std::complex<double>> values,
               const std::vector<std::size_t>& shape);

/// Takes the next values of an array.
using TakeValues = std::function<void(std::span<const double>)>;

/// The same for values that are made a part at a time: make(take) calls take() with all of them in order.
/// @param precision  of the numbers in the file
void write_npy(const std::filesystem::path& path, const std::function<void(const TakeValues& take)>& make,
               const std::vector<std::size_t>& shape, Precision precision = Precision::float64);

/// The same for an array in several pieces, one after the other.
void write_npy(const std::filesystem::path& path, std::span<const std::span<const double>> pieces,
               const std::vector<std::size_t>& shape);

/// Reads a .npy file of bool, integers or floats (little-endian; C or Fortran order, returned in C order).
/// @throws InputError  missing, malformed, truncated or of another type; sizes are bounded before memory is
///                     allocated
[[nodiscard]] NpyArray read_npy(const std::filesystem::path& path);
/// The same from memory. @param path  for messages
[[nodiscard]] NpyArray read_npy(std::span<const std::byte> bytes, const std::filesystem::path& path);
/// The same, and also complex64 and complex128; real numbers become complex.
[[nodiscard]] NpyComplexArray read_npy_complex(const std::filesystem::path& path);

}  // namespace undulith::io
