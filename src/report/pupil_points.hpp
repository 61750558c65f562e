// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "frame.hpp"
#include "undulith/illuminator/illuminator.hpp"
#include "undulith/report/pictures.hpp"

/// The illuminated pupil as discs, and marks of its polarisation.
namespace undulith::report {

/// One disc per point, coloured by weight (the heaviest has the last colour); the range of the area is in
/// sigma.
void draw_source_points(Canvas& canvas, const std::vector<illuminator::SourcePoint>& points,
                        const DataArea& area, ColourMap colour_map);

/// Number of source points of the image.
[[nodiscard]] std::size_t count_source_points(const illuminator::PupilFill& pupil_fill,
                                              const PictureOptions& options);

/// "3126 source points"
[[nodiscard]] std::string source_points_text(const illuminator::PupilFill& pupil_fill,
                                             const PictureOptions& options);

/// Whether a Stokes vector is polarised enough for a mark.
[[nodiscard]] bool is_polarised(const optics::Stokes& s);

/// Ellipse of the field: a line for linear, a circle for circular light, smaller for partly polarised light.
void draw_glyph(Canvas& canvas, Position at, double size, const optics::Stokes& s);

}  // namespace undulith::report
