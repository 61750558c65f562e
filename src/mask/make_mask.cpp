// SPDX-License-Identifier: MIT
#include "undulith/layout/make_clip.hpp"
#include "undulith/mask/mask.hpp"

namespace undulith::mask {

MaskAsMade make_mask(const layout::Clip& drawn, const MaskParameters& parameters, const MaskOptics& optics) {
  layout::Clip made = layout::as_made(drawn, parameters.edge_bias_nm, parameters.corner_rounding_nm);
  for (const MaskDefect& defect : parameters.defects) {
    if (defect.kind == DefectKind::buried) continue;
    const double half_x = defect.width_nm / optics.magnification_x / 2,
                 half_y = defect.width_nm / optics.magnification_y / 2;
    const layout::Polygon square{{defect.x_nm - half_x, defect.y_nm - half_y},
                                 {defect.x_nm + half_x, defect.y_nm - half_y},
                                 {defect.x_nm + half_x, defect.y_nm + half_y},
                                 {defect.x_nm - half_x, defect.y_nm + half_y}};
    const bool drawn_grows =
        (defect.kind == DefectKind::missing_absorber) == (parameters.tone == Tone::dark_field);
    made = layout::edit(made, drawn_grows ? layout::LayerOperation::add : layout::LayerOperation::subtract,
                        {square});
  }
  return {std::move(made)};
}

}  // namespace undulith::mask
