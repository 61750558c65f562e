// SPDX-License-Identifier: MIT
#pragma once

namespace undulith::layout {

/// Bounds for a layout file, so that a small file cannot take all memory or time of a machine.
struct ReadLimits {
  /// For the shapes in the window (of a summary: in the file); 0: 64 MB, or 16 times the file if that is
  /// more.
  double memory_mb = 0;
  /// Inflated data and copies made by repetitions; 0: 64 MB, or 64 times the file if that is more.
  double unfold_mb = 0;
};

}  // namespace undulith::layout
