// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

/// The vector instructions that the transforms of images and of masks use. Results are the same bytes with each.
namespace undulith::math {

/// Names that this build and this processor support, from the narrowest to the widest: of scalar, sse4, avx2,
/// avx512 and neon.
[[nodiscard]] std::vector<std::string> supported_vector_widths();

/// The width in use: the widest one, or that which the environment variable UNDULITH_SIMD names.
/// @throws InputError  UNDULITH_SIMD names none of supported_vector_widths()
[[nodiscard]] std::string vector_width();

/// Uses this width from now on. Not while other threads compute.
/// @throws InputError  none of supported_vector_widths()
void set_vector_width(const std::string& name);

}  // namespace undulith::math
