// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "undulith/report/pictures.hpp"

/// Pictures of 3-D mask effects. What each one shows: docs/theory/report.md. The same rules as in
/// pictures.hpp.
namespace undulith::report {

/// A quantity of vertical or horizontal lines on a thin or a thick mask.
struct MaskCurve {
  bool vertical = true, thick = true;
  std::vector<double> x;
  std::vector<std::optional<double>> y;
};

/// One order of vertical and of horizontal lines, for unpolarised light along the chief ray.
struct OrderPair {
  int order = 0;
  double vertical_efficiency = 0, horizontal_efficiency = 0, thin_efficiency = 0;
  double vertical_phase_deg = 0, horizontal_phase_deg = 0, thin_phase_deg = 0;
};

/// Efficiencies as bars, phases as points; dots: the thin mask. Phases of orders below 1e-4 of the light are
/// left out.
[[nodiscard]] Picture draw_mask_orders(const std::vector<OrderPair>& orders, const PictureOptions& options);

struct MaskThroughFocus {
  std::vector<MaskCurve> cd_nm, shift_nm, nils;
  double target_cd_nm = 0;
};
[[nodiscard]] Picture draw_mask_through_focus(const MaskThroughFocus& series, const PictureOptions& options);

struct MaskThroughPitch {
  std::vector<MaskCurve> cd_nm, best_focus_nils_nm;
  double target_cd_nm = 0;
};
[[nodiscard]] Picture draw_mask_through_pitch(const MaskThroughPitch& series, const PictureOptions& options);

struct MaskSwing {
  std::vector<MaskCurve> nils, cd_nm;
  std::vector<double> thickness_nm, reflectance_percent;  ///< of the absorber
  double nominal_nm = 0, target_cd_nm = 0;
};
[[nodiscard]] Picture draw_mask_swing(const MaskSwing& series, const PictureOptions& options);

}  // namespace undulith::report
