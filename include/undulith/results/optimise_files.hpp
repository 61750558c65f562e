// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "undulith/results/result_writer.hpp"
#include "undulith/study/mask_optimisation.hpp"

namespace undulith::results {

/// Figures before and after, findings and cost, for a terminal.
[[nodiscard]] std::string optimise_text(const study::MaskOptimisation& found);
/// The same for programs.
[[nodiscard]] std::string optimise_json(const study::MaskOptimisation& found);

/// Layer of the optimised shapes in mask.gds; the drawing is on layer 1.
inline constexpr int kMaskLayer = 2;

/// mask.gds and mask_findings.lyrdb.
void write_mask(ResultWriter& writer, const study::MaskOptimisation& found);

/// mask.gds, mask_findings.lyrdb, convergence.csv, mask.npy and the pictures. Formats: docs/formats/results.md
void write_optimisation(ResultWriter& writer, const study::MaskOptimisation& found);

}  // namespace undulith::results
