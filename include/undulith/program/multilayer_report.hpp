// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "undulith/job/job.hpp"
#include "undulith/mask/mirror_curves.hpp"
#include "undulith/mask/mirror_fit.hpp"

/// The mirror of a mask alone: its numbers, files and pictures, and thicknesses for a target peak.
namespace undulith::program {

struct MultilayerOptions {
  std::filesystem::path out;  ///< empty: no files
  bool force = false;
  mask::MultilayerTargets
      targets;  ///< not empty: thicknesses are fitted first, and all results are those of the fitted mirror
};

struct MultilayerReport {
  std::string text, json;
  std::vector<std::filesystem::path> files;
  bool reached = true;  ///< every target; true without targets
};

/// The mirror of a job in its light.
[[nodiscard]] mask::MirrorInLight mirror_of(const job::Job& job);

/// Computes reflectance and phase against wavelength and angle, the standing wave, the depth of reflection,
/// what each material absorbs, and the swing curve of the absorber; writes multilayer.json, tables and
/// pictures.
/// @param read  JobScope::mirror is enough
/// @throws InputError, IoError
/// Files: docs/formats/results.md. Theory: docs/theory/optics.md
[[nodiscard]] MultilayerReport report_multilayer(const job::ReadJob& read, const MultilayerOptions& options);

}  // namespace undulith::program
