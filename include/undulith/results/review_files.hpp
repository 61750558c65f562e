// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/flow/stages.hpp"
#include "undulith/results/result_writer.hpp"

namespace undulith::results {

/// Writes contours.gds with contours.lyp, and cd_findings.lyrdb: what prints, for a layout viewer.
void write_review(ResultWriter& writer, const flow::Results& results);

}  // namespace undulith::results
