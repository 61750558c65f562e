// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <vector>

#include "undulith/io/npy.hpp"

/// Writes an array that may hold NaN, which Undulith itself does not write.
inline void write_any_npy(const std::filesystem::path& path, const std::vector<double>& values,
                          const std::vector<std::size_t>& shape) {
  undulith::io::write_npy(path, std::vector<double>(values.size(), 0.0), shape);
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  const auto n_bytes = static_cast<std::streamoff>(values.size() * sizeof(double));
  file.seekp(-n_bytes, std::ios::end);
  file.write(reinterpret_cast<const char*>(values.data()), n_bytes);
}
