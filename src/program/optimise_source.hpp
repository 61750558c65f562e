// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "undulith/program/optimise.hpp"

namespace undulith::program {

/// optimise() of a job whose method seeks a source.
[[nodiscard]] OptimiseReport optimise_source(const job::ReadJob& read, const std::filesystem::path& job_file,
                                             const OptimiseOptions& options);

}  // namespace undulith::program
