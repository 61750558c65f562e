// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "undulith/core/grid.hpp"

/// Wavefronts as lens design programs write them. Format: docs/formats/wavefront.md
namespace undulith::job {

enum class PupilQuantity { phase_waves, amplitude };

/// Grid of an interferogram of Code V (.int: GRD, WFR or FIL) or of a grid phase of Zemax (.dat), the first and
/// last samples on the rim of the pupil; NaN where the file has no data.
/// @param wavelength_nm  in whose waves phases are returned
/// @return  absent if the text is neither
/// @throws InputError  with file and line: a damaged file, a surface (SUR) or the wrong quantity
[[nodiscard]] std::optional<Field2D<double>> read_design_grid(std::string_view text, const std::string& name,
                                                              PupilQuantity quantity, double wavelength_nm);

}  // namespace undulith::job
