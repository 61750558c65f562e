#pragma once

#include <string>

#include "undulith/layout/layout.hpp"

namespace undulith::layout {

enum class PatternKind { line_space, contact_array, tip_to_tip, elbow, siemens_star };

/// A textbook test pattern; lengths in nm at wafer scale, multiples of the database unit (0.25 nm).
struct PatternParameters {
  PatternKind kind = PatternKind::line_space;
  double pitch_nm = 36;     ///< line_space, contact_array, tip_to_tip, elbow
  double width_nm = 18;     ///< of the line or contact, (0, pitch)
  double gap_nm = 20;       ///< tip_to_tip: between the line ends
  double size_nm = 1000;    ///< side of the square field, or diameter of the star
  bool horizontal = false;  ///< lines run along x instead of y
  int spokes = 36;          ///< siemens_star
  int layer = 1, datatype = 0;
};

/// The pattern as a layout with one cell named after it, centred on the origin.
/// @throws InputError  a length that does not fit
[[nodiscard]] Layout make_pattern(const PatternParameters& parameters);

}  // namespace undulith::layout
