// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "undulith/job/job.hpp"

/// Kernels of the fast imaging mode as files: to take them elsewhere, and to bring one's own.
namespace undulith::program {

/// undulith: kernels.npy (K, ny, nx), eigenvalues.npy (K), left_out.npy (ny, nx), probes.npy (P, ny, nx) and
/// kernels.json; iccad13: kernels.npy (K, n, n) and scales.npy (K), with the zero order in the middle.
enum class KernelLayout { undulith, iccad13 };

struct KernelOptions {
  std::filesystem::path out;  ///< folder
  bool force = false;
  KernelLayout layout = KernelLayout::undulith;
};

struct KernelReport {
  std::string text;  ///< for people: the strongest eigenvalues
  std::string json;
  std::vector<std::filesystem::path> files;
};

/// Computes the kernels of a job's optics on its cell, in the plane of its focus, and writes them.
/// @throws InputError  as run_job; iccad13: a cell that is not square
[[nodiscard]] KernelReport write_kernels(const job::ReadJob& read, const KernelOptions& options);

}  // namespace undulith::program
