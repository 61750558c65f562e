// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "mask/modal_system.hpp"
#include "mask/order_set.hpp"
#include "mask/polygons/pattern_coefficients.hpp"

namespace undulith::mask {

/// A combination of one field component of a few orders; unit length.
struct BasisFunction {
  int component;  ///< 0: E_x, J_x; 1: E_y, J_y
  int order;      ///< the order of it whose direction is not negative
  struct Term {
    int order;
    double weight;
  };
  std::vector<Term> terms;
};
/// Unknowns that couple with one another alone.
using UnknownClass = std::vector<BasisFunction>;

/// Lines x = const and y = const, from the corner of the cell, in which all patterns are mirrored.
struct MirrorLines {
  std::optional<double> x, y;
};
[[nodiscard]] MirrorLines find_mirror_lines(const std::vector<PatternCoefficients>& patterns, double period_x,
                                            double period_y);

/// Splits the unknowns by the mirror lines that the Bloch vector respects as well; one class if there are
/// none. In one dimension with no wave vector along the lines, the two components separate too.
[[nodiscard]] std::vector<UnknownClass> split_unknowns(const OrderSet& set, MirrorLines lines,
                                                       bool components_part);

/// t_rows^T m t_columns of a matrix between orders, for basis functions of any component.
[[nodiscard]] Matrix between(const UnknownClass& rows, const Matrix& m, const UnknownClass& columns);
/// The functions of one component.
[[nodiscard]] UnknownClass of_component(const UnknownClass& all, int component);

}  // namespace undulith::mask
