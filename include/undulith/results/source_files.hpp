// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "undulith/results/result_writer.hpp"
#include "undulith/study/source_optimisation.hpp"

/// Results of an optimised source, alone or with the mask.
namespace undulith::results {

/// Figures before and after, and the front, for a terminal.
[[nodiscard]] std::string source_text(const study::SourceOptimisation& found);
/// The same for programs.
[[nodiscard]] std::string source_json(const study::SourceOptimisation& found);

/// The file with the source that a job names: "source.npy", or "source.csv" for facets.
[[nodiscard]] std::string source_file_name(const study::SourceOptimisation& found);

/// source.npy, or source.csv and facets.csv; edges.csv, convergence.csv, front.csv and the pictures; with a mask mask.gds and
/// mask_findings.lyrdb. Formats: docs/formats/results.md
void write_source(ResultWriter& writer, const study::SourceOptimisation& found);

}  // namespace undulith::results
