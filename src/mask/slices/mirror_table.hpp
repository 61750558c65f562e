// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <span>
#include <vector>

#include "undulith/optics/multilayer.hpp"

namespace undulith::mask {

/// The tensor of a flat mirror for tangential fields, r_s and r_p its reflection for both polarisations. A wave of tangential
/// direction d, q = d.x^2 + d.y^2, keeps its field times mean + difference [[d.x^2 - d.y^2, 2 d.x d.y], [2 d.x d.y,
/// d.y^2 - d.x^2]]; `twice` after two reflections. All four are smooth functions of q, also at 0.
struct MirrorParts {
  std::complex<double> mean;              ///< (r_s + r_p)/2
  std::complex<double> difference;        ///< (r_p - r_s)/(2 q)
  std::complex<double> mean_twice;        ///< (r_s^2 + r_p^2)/2
  std::complex<double> difference_twice;  ///< (r_p^2 - r_s^2)/(2 q)
};

/// The parts of a mirror, tabulated once against the sine of the angle and interpolated between six of 2049 nodes. Against q
/// the nodes would be too far apart where the mirror changes most, 10 to 30 degrees from the normal.
///
/// Accuracy of reflections: 1e-10 up to 30 degrees from the normal for 40 bilayers, 1e-6 up to 75 degrees. Cost O(1).
class MirrorTable {
 public:
  explicit MirrorTable(const optics::FlatStack& mirror);

  /// @param squares  q, [0, 1]
  /// @param parts    of each one, as many
  void interpolate(std::span<const double> squares, std::span<MirrorParts> parts) const;

 private:
  std::vector<MirrorParts> nodes_;  ///< at equal steps of the sine from 0 to 1
};

}  // namespace undulith::mask
