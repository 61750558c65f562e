// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "undulith/core/volume.hpp"

namespace undulith::io {

struct NamedField {
  std::string name;  ///< with its unit as suffix
  const Field3D<double>* field = nullptr;
};

/// VTK XML ImageData (.vti), appended raw little-endian Float32, all fields on one grid. z is the height
/// above the bottom of the film: the planes are in the reverse order of the field.
/// @throws std::invalid_argument  no field, or fields of different grids
[[nodiscard]] std::string vti_text(std::span<const NamedField> fields);

/// VTK XML PolyData (.vtp) of triangles, appended raw.
[[nodiscard]] std::string vtp_text(std::span<const std::array<double, 3>> points,
                                   std::span<const std::array<int, 3>> triangles);

}  // namespace undulith::io
