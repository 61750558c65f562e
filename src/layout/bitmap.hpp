// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "undulith/layout/picture.hpp"

namespace undulith::layout {

/// A PNG as read_picture() reads it, of at most so many rectangles.
[[nodiscard]] Layout read_png_layout(std::span<const std::byte> bytes, const std::filesystem::path& path,
                                     const PictureScale& scale, std::size_t max_rectangles);

/// An array of numpy (.npy) as a layout, like a picture: a[iy, ix] with y upward, as Undulith writes images.
///
/// Values in [0, 1] or, if one is above 1, in [0, 255]. Axes of length 1 are left out.
/// @throws InputError  as read_picture(); not two axes, a value out of range
[[nodiscard]] Layout read_npy_layout(std::span<const std::byte> bytes, const std::filesystem::path& path,
                                     const PictureScale& scale, std::size_t max_rectangles);

}  // namespace undulith::layout
