// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/job/job.hpp"

namespace undulith::test {

/// Spaces of 18 nm at a pitch of 36 nm in monochromatic light with few source points: it images in a moment.
inline job::Job line_job() {
  job::Job job;
  job.mask.period_x_nm = job.mask.period_y_nm = 36;
  job.mask.rectangles = {{.x0_nm = 9, .y0_nm = 0, .x1_nm = 27, .y1_nm = 36}};
  job.source.kind = source::SourceKind::monochromatic;
  job.illuminator.grid_points = 5;
  return job;
}

/// The same with a thin mask.
inline job::Job thin_line_job() {
  job::Job job = line_job();
  job.mask.model = mask::Model::thin;
  return job;
}

}  // namespace undulith::test
