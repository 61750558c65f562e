// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "undulith/imaging/imaging.hpp"

/// Files that describe projection optics as they were measured.
namespace undulith::job {

/// Map of the pupil: npy of n x n samples whose cells tile [-1, 1], row 0 at the lowest y; a table with the
/// columns pupil_x, pupil_y and `column`, the same samples or samples from rim to rim in any order; an
/// interferogram of Code V or a grid phase of Zemax. Outside of the disc samples may be missing.
/// @param wavelength_nm  in whose waves phases are returned
/// @throws InputError  not square, samples off the grid, no number within the pupil
[[nodiscard]] Field2D<double> read_pupil_map(const std::string& file, const std::string& column,
                                             double wavelength_nm);

/// Aberrations at positions of the slit, linear between the rows of a table: CSV with position_mm, columns
/// <set>_<index> in waves, and azimuth_deg.
/// @throws InputError  unknown columns, positions that do not ascend or lie outside the table
[[nodiscard]] std::vector<imaging::FieldPosition> read_field_positions(
    const std::string& file, const std::vector<double>& position_mm);

}  // namespace undulith::job
