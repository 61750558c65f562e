// SPDX-License-Identifier: MIT
#include "unit/optimise/source_cases.hpp"

#include <cmath>
#include <numbers>

#include "undulith/imaging/imaging.hpp"

namespace undulith::test {

mask::Diffraction line_mask(double pitch_nm, double opening_nm) {
  const Box cell{0, 0, pitch_nm, 20};
  mask::Diffraction mask{.cell = cell, .window = cell, .open_area_fraction = opening_nm / pitch_nm};
  mask.max_order_x = static_cast<int>(pitch_nm * imaging::max_mask_frequency_per_nm(0.33, 13.5, 1));
  mask.max_order_y = static_cast<int>(20 * imaging::max_mask_frequency_per_nm(0.33, 13.5, 1));
  mask.amplitudes.resize(static_cast<std::size_t>((2 * mask.max_order_x + 1) * (2 * mask.max_order_y + 1)));
  for (int m = -mask.max_order_x; m <= mask.max_order_x; ++m) {
    const double a = std::numbers::pi * m * opening_nm / pitch_nm;
    mask.amplitudes[mask.index(m, 0)] =
        (m % 2 == 0 ? 1 : -1) * opening_nm / pitch_nm * (m == 0 ? 1 : std::sin(a) / a);
  }
  return mask;
}

std::vector<optimise::EdgeSite> edges_of_opening(double pitch_nm, double printed_nm) {
  return {{(pitch_nm - printed_nm) / 2, 10, 1, 0, printed_nm},
          {(pitch_nm + printed_nm) / 2, 10, -1, 0, printed_nm}};
}

mask::Diffraction two_openings() {
  mask::Diffraction mask = line_mask(84, 16);
  for (int m = -mask.max_order_x; m <= mask.max_order_x; ++m)
    mask.amplitudes[mask.index(m, 0)] *= 2 * std::cos(2 * std::numbers::pi * m * 16 / 84);
  return mask;
}

std::vector<optimise::EdgeSite> edges_of_two_openings() {
  return {{18, 10, 1, 0, 16}, {34, 10, -1, 0, 16}, {50, 10, 1, 0, 16}, {66, 10, -1, 0, 16}};
}

imaging::ImagingParameters scalar_optics() {
  return {.field_model = imaging::FieldModel::scalar, .obliquity = imaging::Obliquity::none};
}

optimise::SourceResponses in_two_planes(const mask::Diffraction& mask,
                                        const illuminator::PupilFill& candidates,
                                        const std::vector<optimise::EdgeSite>& sites) {
  const std::vector<optimise::WindowCondition> conditions = {{.focus_nm = 0}, {.focus_nm = 40}};
  return optimise::compute_source_responses(std::span(&mask, 1), candidates, scalar_optics(), sites,
                                            conditions);
}

}  // namespace undulith::test
