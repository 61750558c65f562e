// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/source/source.hpp"

namespace undulith::source {

/// A source for planning a run.
struct SourceEstimate {
  SourceOutput
      light;         ///< compute_source, or where that takes long a coarse version, with a note that says so
  double cpu_s = 0;  ///< expected time of compute_source on one processor, to a factor of about 3
  bool is_coarse = false;
};

/// The light within a fraction of a second. Coarse: power, polarisation and spectrum of the band from three photon
/// energies of a filament beam in a short undulator, scaled to its length; no map, sizes or coherence.
/// @throws InputError  as compute_source
[[nodiscard]] SourceEstimate estimate_source(const SourceParameters& parameters);

}  // namespace undulith::source
