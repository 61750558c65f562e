// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <vector>

#include "undulith/imaging/imaging.hpp"

namespace undulith::job {

/// Reads kernels: the .npy with K kernels in the frequency domain, and what lies beside it (kernels.json,
/// eigenvalues.npy or scales.npy, left_out.npy, probes.npy).
/// @param period_nm    of a square cell; 0 = as kernels.json says, or 2048 without it
/// @throws InputError  shapes that do not belong together, even or no sizes, values that are not finite
/// Format: docs/formats/kernels.md
[[nodiscard]] imaging::SocsKernels read_kernels(const std::filesystem::path& file, double period_nm = 0);

/// The files beside a file of kernels that read_kernels() reads as well, where they are there.
[[nodiscard]] std::vector<std::filesystem::path> files_beside_kernels(const std::filesystem::path& file);

}  // namespace undulith::job
