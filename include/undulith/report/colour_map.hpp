// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

/// Colours of the pictures. Theory: docs/theory/report.md
namespace undulith::report {

struct Rgb {
  std::uint8_t red = 0, green = 0, blue = 0;
  friend bool operator==(const Rgb&, const Rgb&) = default;
};

/// Maps from a number to a colour. Equal steps of the number are equal steps of lightness.
enum class ColourMap {
  violet_yellow,  ///< dark violet, teal, green, yellow: for intensities
  blue_yellow,    ///< dark blue, grey, yellow: the same for every kind of colour vision
  blue_orange     ///< blue, white, orange: for differences; white is the middle
};

/// Colour of a value already scaled to [0, 1]; values outside take the colour of the end, NaN is grey.
///
/// A path in CIE 1976 L*a*b* (D65) whose lightness L* is linear in t (blue_orange: linear on either side of
/// the white middle), written in sRGB. Source: [CIE15].
[[nodiscard]] Rgb colour_of(ColourMap map, double t);

/// Lightness L* of an sRGB colour, 0 (black) to 100 (white). Source: [CIE15].
[[nodiscard]] double lightness(Rgb colour);

/// Colours for lines and areas, distinguishable with every kind of colour vision. Source: [OkabeIto2008].
namespace okabe_ito {
inline constexpr Rgb kBlack{0, 0, 0}, kOrange{230, 159, 0}, kSkyBlue{86, 180, 233}, kGreen{0, 158, 115},
    kYellow{240, 228, 66}, kBlue{0, 114, 178}, kVermillion{213, 94, 0}, kPurple{204, 121, 167};
}  // namespace okabe_ito

}  // namespace undulith::report
