#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "undulith/flow/job.hpp"

/// Kernels of the fast imaging mode as files: to take them elsewhere, and to bring one's own.
namespace undulith::flow {

/// undulith: kernels.npy (K, ny, nx), eigenvalues.npy (K), left_out.npy (ny, nx), probes.npy (P, ny, nx) and
/// kernels.json; iccad13: kernels.npy (K, n, n) and scales.npy (K), with the zero order in the middle.
enum class KernelLayout { undulith, iccad13 };

/// Reads kernels: the .npy with K kernels in the frequency domain, and what lies beside it (kernels.json,
/// eigenvalues.npy or scales.npy, left_out.npy, probes.npy).
/// @param period_nm    of a square cell; 0 = as kernels.json says, or 2048 without it
/// @throws InputError  shapes that do not belong together, even or no sizes, values that are not finite
/// Format: docs/formats/kernels.md
[[nodiscard]] imaging::SocsKernels read_kernels(const std::filesystem::path& file, double period_nm = 0);

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
[[nodiscard]] KernelReport write_kernels(const ReadJob& read, const KernelOptions& options);

}  // namespace undulith::flow
