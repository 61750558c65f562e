// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "undulith/job/job.hpp"

/// The discretisations that imaging.accuracy sets.
namespace undulith::job {

/// One key that imaging.accuracy sets, with its value at each level.
struct AccuracyKey {
  std::string name;  ///< "illuminator.grid_points"
  double draft, standard, reference;
  /// A length that grows with wavelength / NA, in whole nm: the values hold at 41 nm (13.5 nm, NA 0.33) and
  /// below
  bool grows_with_resolution = false;

  /// @param resolution_nm  wavelength / NA; 0: not known
  [[nodiscard]] double at(Accuracy level, double resolution_nm = 0) const;
};

[[nodiscard]] const std::vector<AccuracyKey>& accuracy_keys();

/// "illuminator.grid_points (41, 101, 1201), ...": for the documentation of the key.
[[nodiscard]] std::string accuracy_text();

/// The same as a Markdown table: docs/guide/accuracy.md and docs/formats/job.md.
[[nodiscard]] std::string accuracy_guide();

}  // namespace undulith::job
