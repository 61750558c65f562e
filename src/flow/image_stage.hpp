// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/flow/prepared.hpp"

namespace undulith::flow {

/// No more are taken for a spectrum.
inline constexpr int kMaxWavelengths = 32;

/// Whether the image takes one wavelength.
[[nodiscard]] bool is_line(const Prepared& prepared);

/// How many wavelengths an image takes, unless its error asks for more.
[[nodiscard]] int expected_wavelengths(const Prepared& prepared);

/// At how many wavelengths a thick mask is solved, at most.
[[nodiscard]] int mask_wavelengths(const Prepared& prepared);

}  // namespace undulith::flow
