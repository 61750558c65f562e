// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "frame.hpp"
#include "undulith/illuminator/illuminator.hpp"

/// The illuminated pupil as discs, and marks of its polarisation.
namespace undulith::report {

/// One disc per point, coloured by weight (the heaviest has the last colour); the range of the area is in
/// sigma.
void draw_source_points(Canvas& canvas, const std::vector<illuminator::SourcePoint>& points,
                        const DataArea& area, ColourMap colour_map);

/// Whether a Stokes vector is polarised enough for a mark.
[[nodiscard]] bool is_polarised(const optics::Stokes& s);

/// Ellipse of the field: a line for linear, a circle for circular light, smaller for partly polarised light.
void draw_glyph(Canvas& canvas, Position at, double size, const optics::Stokes& s);

}  // namespace undulith::report
