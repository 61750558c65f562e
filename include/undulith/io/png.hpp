// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace undulith::io {

/// A colour picture, three bytes per pixel (red, green, blue), rows from the top.
struct RgbImage {
  int width = 0, height = 0;
  std::vector<std::uint8_t> pixels;
};

/// A grey picture with values in [0, 1], rows from the top.
struct GreyImage {
  int width = 0, height = 0;
  std::vector<double> values;
};

/// Writes a PNG with text chunks, in the order of the keys. The same input gives the same bytes.
/// @throws IoError
void write_png(const std::filesystem::path& path, const RgbImage& image,
               const std::map<std::string, std::string>& text = {});

/// Takes one row of a picture, numbered from the top, with values in [0, 1].
using GreyRow = std::function<void(int width, int height, int row, std::span<const double> values)>;

/// Reads a PNG of any kind as grey (8 or 16 bits; colour by Rec. 709 luminance; alpha over black), row by row:
/// memory does not grow with the height, except for an interlaced picture.
/// @param path         for messages
/// @throws InputError  not a PNG, damaged, over 16384 pixels per side, or interlaced with over 64 MB of pixels
void read_png_rows(std::span<const std::byte> bytes, const std::filesystem::path& path, const GreyRow& take);

/// The whole picture.
/// @throws InputError  as read_png_rows(); missing; over 16 million pixels
[[nodiscard]] GreyImage read_png_grey(const std::filesystem::path& path);
/// The same from memory. @param path  for messages
[[nodiscard]] GreyImage read_png_grey(std::span<const std::byte> bytes, const std::filesystem::path& path);

/// Text chunks of a PNG. @throws InputError
[[nodiscard]] std::map<std::string, std::string> read_png_text(const std::filesystem::path& path);

}  // namespace undulith::io
