// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "undulith/metrology/metrology.hpp"

/// What a feature does through focus and dose: the one definition of best focus, telecentricity, H-V bias and
/// dose to size. Best focus has two names because it is two quantities: by CD and by NILS.
namespace undulith::metrology {

/// One number of a feature (CD, shift or NILS) in one plane.
struct FocusPoint {
  double focus_nm = 0, value = 0;
};

/// Vertex of CD through focus, nm: of the parabola through each point that is an extremum between its two
/// neighbours, the vertex nearest to the middle of the focus values.
///
/// @param cd_nm  focus rising, steps of any size
/// @return       absent where CD has no extremum between the planes (isofocal features, too few planes)
[[nodiscard]] std::optional<double> best_focus_cd_nm(std::span<const FocusPoint> cd_nm);

/// Focus of the largest NILS, nm: vertex of the parabola through the highest plane and its two neighbours.
///
/// It depends on planes near the maximum alone, so neither the reach nor the spacing of the others moves it.
/// Planes 10 nm apart at NA 0.33 give the maximum of a seventh-order interpolation to 0.02 nm.
/// @param nils  focus rising, steps of any size
/// @return      absent where the highest plane is the first or the last: the maximum may lie outside
[[nodiscard]] std::optional<double> best_focus_nils_nm(std::span<const FocusPoint> nils);

/// Telecentricity error, nm per um: slope of the shift through focus by least squares.
/// @return  absent for fewer than two planes
[[nodiscard]] std::optional<double> telecentricity_nm_per_um(std::span<const FocusPoint> shift_nm);

/// H-V bias, nm: mean CD of horizontal lines (along x) minus mean CD of vertical lines (along y) of the same
/// target; CD errors give the same number.
/// @return  absent where there are none of one orientation
[[nodiscard]] std::optional<double> hv_bias_nm(std::span<const double> horizontal_cd_nm,
                                               std::span<const double> vertical_cd_nm);

/// The same of the printed gauges that measure the same feature and the same target as `reference`. A gauge
/// along y cuts horizontal lines, one along x vertical lines; gauges at other angles are left out.
[[nodiscard]] std::optional<double> hv_bias_nm(const Measurement& measurement, const GaugeResult& reference);

/// Root of CD(E) = target: 32 steps of equal ratio bracket the first crossing from below, then TOMS 748.
///
/// @param cd_of_dose  absent where the feature does not print
/// @param low_mj_cm2, high_mj_cm2  0 < low < high
/// @return            absent where CD does not cross the target
/// Accuracy: 45 bits. Cost: about 40 calls.
/// Source: [AlefeldPotraShi1995]
[[nodiscard]] std::optional<double> dose_to_size(
    const std::function<std::optional<double>(double)>& cd_of_dose, double target_cd_nm, double low_mj_cm2,
    double high_mj_cm2);

}  // namespace undulith::metrology
