#pragma once

#include "frame.hpp"
#include "undulith/imaging/imaging.hpp"
#include "undulith/metrology/metrology.hpp"

/// Small pieces of an aerial image, side by side with others.
namespace undulith::report {

/// What a crop shows: 160 nm about the gauge (or the middle of the window), or the whole window where that is
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
