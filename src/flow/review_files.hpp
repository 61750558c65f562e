#pragma once

#include "flow/result_writer.hpp"
#include "flow/stages.hpp"

namespace undulith::flow {

/// Writes contours.gds with contours.lyp, and cd_findings.lyrdb: what prints, for a layout viewer.
void write_review(ResultWriter& writer, const Job& job, const Results& results);

}  // namespace undulith::flow
