// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "undulith/layout/layout.hpp"

namespace undulith::layout {

enum class PatternKind { line_space, contact_array, tip_to_tip, elbow, siemens_star };

/// A textbook test pattern; lengths in nm at wafer scale, multiples of the database unit (0.25 nm).
///
/// Every pattern is symmetric about the origin, which is the centre of one of its features (tip_to_tip: of
/// one of its gaps). The square of one pitch about the origin is a period of line_space and contact_array.
/// Features that do not fit into the field completely are left out.
struct PatternParameters {
  PatternKind kind = PatternKind::line_space;
  double pitch_nm = 36;     ///< line_space, contact_array, tip_to_tip, elbow
  double width_nm = 18;     ///< of the line or contact, (0, pitch)
  double gap_nm = 20;       ///< tip_to_tip: between the line ends
  double size_nm = 1000;    ///< side of the square field, or diameter of the star
  bool horizontal = false;  ///< line_space, tip_to_tip: lines run along x instead of y
  int spokes = 36;          ///< siemens_star
  int layer = 1, datatype = 0;
};

/// The pattern as a layout with one cell named after it (LINE_SPACE, ...), centred on the origin.
///
/// The database unit is 0.25 nm, or 0.125 nm if half of a length would not be whole otherwise: features
/// then stay centred. The star's arcs follow the circle within half a database unit; its spokes meet in the
/// origin.
/// @throws InputError  a length that does not fit or is not a multiple of 0.25 nm, over a million contacts
[[nodiscard]] Layout make_pattern(const PatternParameters& parameters);

}  // namespace undulith::layout
