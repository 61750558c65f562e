// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "undulith/layout/layout.hpp"

namespace undulith::layout {

/// The scale and threshold of a picture, which the file does not contain.
struct PictureScale {
  double pixel_nm = 0;          ///< side of a pixel at wafer scale, > 0
  double grey_threshold = 0.5;  ///< a pixel of at least this brightness is drawn; 0 is black, 1 is white
};

/// A PNG as a layout: drawn pixels are squares, joined to rectangles, on layer 1/0 of a cell PICTURE.
///
/// The lower left corner of the picture is the origin. A pixel is drawn or not: grey does not mean partly
/// covered. Colours count by their luminance, transparency over black.
/// @param path       for messages and the name of the layout
/// @throws InputError  not a PNG, a pixel or threshold out of range, more than ten million rectangles
[[nodiscard]] Layout read_picture(std::span<const std::byte> bytes, const std::filesystem::path& path,
                                  const PictureScale& scale);

}  // namespace undulith::layout
