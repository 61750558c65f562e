#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "undulith/flow/job.hpp"

/// The mirror of a mask alone: its numbers, files and pictures, and thicknesses for a wanted peak.
namespace undulith::flow {

/// What the mirror shall do at the chief ray, for the mean of s and p. At most one of peak and centroid; the
/// others come beside one of them, and at most one.
struct MultilayerTargets {
  std::optional<double> peak_nm,
      centroid_nm;  ///< wavelength of the peak, or of the centroid of its half-maximum band
  std::optional<double> reflectance, fwhm_nm;  ///< of the peak
  [[nodiscard]] bool empty() const { return !peak_nm && !centroid_nm && !reflectance && !fwhm_nm; }
};

struct MultilayerOptions {
  std::filesystem::path out;  ///< empty: no files
  bool force = false;
  MultilayerTargets
      targets;  ///< not empty: thicknesses are sought first, and all else is that of the mirror found
};

struct MultilayerReport {
  std::string text, json;
  std::vector<std::filesystem::path> files;
  bool reached = true;  ///< every target; true without targets
};

/// Computes reflectance and phase against wavelength and angle, the standing wave, the depth of reflection,
/// what each material absorbs, and the swing curve of the absorber; writes multilayer.json, tables and
/// pictures.
/// @param read  JobScope::mirror is enough
/// @throws InputError, IoError
/// Files: docs/formats/results.md. Theory: docs/theory/optics.md
[[nodiscard]] MultilayerReport report_multilayer(const ReadJob& read, const MultilayerOptions& options);

}  // namespace undulith::flow
