// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "undulith/metrology/metrology.hpp"
#include "undulith/optimise/control_sites.hpp"

/// What an optimised mask shall print.
namespace undulith::optimise {

/// One image of a window: a plane of the model and a dose relative to the nominal one.
struct Condition {
  int plane = 0;    ///< of ImageModel
  double dose = 1;  ///< > 0
};

/// Two conditions between whose edges the printed edge moves.
struct Band {
  Condition outer, inner;
};

struct PrintGoal {
  double threshold = 0.3;  ///< intensity relative to the open frame at which an edge prints, > 0
  metrology::Feature drawn =
      metrology::Feature::bright;  ///< the side of the threshold on which drawn shapes print
  Condition nominal;
  std::vector<Band> bands;   ///< of the process window; the mean of their areas counts
  SiteParameters sites;      ///< where the edge placement is judged
  double tolerance_nm = 15;  ///< of the edge placement at a site, > 0
};

/// How a mask prints.
struct PrintFigures {
  double error_area_nm2 =
      0;  ///< printed and not drawn, or drawn and not printed, in the nominal condition (L2)
  double band_area_nm2 =
      0;  ///< printed in one condition of a band and not in the other, mean over the bands (PV band)
  int n_sites = 0;
  int violations = 0;  ///< sites whose edge is farther from the drawn one than the tolerance
};

}  // namespace undulith::optimise
