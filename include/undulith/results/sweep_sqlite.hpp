// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "undulith/study/sweep_plan.hpp"

namespace undulith::results {

/// The table of a sweep as an SQLite database: points (point, a column for each varied key, wafers_per_hour, error) and results
/// (point, gauge, the other columns of sweep.csv), with indices over the keys, points and gauges. Empty fields are NULL.
/// @param csv  sweep.csv of this sweep, complete
/// @throws IoError  it cannot be written
/// Cost: see docs/guide/sweeps.md
void write_sweep_sqlite(const study::SweepPlan& plan, const std::filesystem::path& csv,
                        const std::filesystem::path& path);

}  // namespace undulith::results
