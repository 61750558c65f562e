// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "undulith/results/result_writer.hpp"
#include "undulith/study/mask_optimisation.hpp"

namespace undulith::results {

/// Figures before and after, findings and cost, for a terminal.
[[nodiscard]] std::string optimise_text(const study::MaskOptimisation& found);
/// The same for programs.
[[nodiscard]] std::string optimise_json(const study::MaskOptimisation& found);

/// mask.gds and mask_findings.lyrdb.
void write_mask(ResultWriter& writer, const study::MaskOptimisation& found);

/// The drawing (layer 1) and a mask (layer 2) as GDSII.
[[nodiscard]] std::vector<std::byte> mask_gds(const flow::Prepared& prepared,
                                              const std::vector<layout::Polygon>& rings);

/// mask.gds, mask_findings.lyrdb, convergence.csv, epe.csv, mask.npy and the pictures. Formats: docs/formats/results.md
void write_optimisation(ResultWriter& writer, const study::MaskOptimisation& found);

}  // namespace undulith::results
