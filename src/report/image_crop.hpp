// SPDX-License-Identifier: MIT
#pragma once

#include "frame.hpp"
#include "undulith/imaging/imaging.hpp"
#include "undulith/metrology/metrology.hpp"

/// Small crops of an aerial image, for pictures that show several.
namespace undulith::report {

/// The range of a crop: 160 nm about the gauge (or the centre of the window), or the whole window if that is
/// smaller; a periodic cell is continued.
[[nodiscard]] Box crop_of(const imaging::AerialImage& image, const metrology::Gauge* about);

/// The image in the range of the area, and a frame.
void draw_crop(Canvas& canvas, const imaging::AerialImage& image, const DataArea& area,
               const ColourTable& colours);

/// Contours of the measurement in the same area, with the copies of a periodic cell.
void draw_printed_edge(Canvas& canvas, const imaging::AerialImage& image,
                       const metrology::Measurement& measurement, const DataArea& area, const Stroke& stroke);

/// Rings of a layout in the same area, with the copies of a periodic cell.
void draw_target(Canvas& canvas, const layout::Clip& clip, const DataArea& area, const Stroke& stroke);

}  // namespace undulith::report
