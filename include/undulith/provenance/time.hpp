// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace undulith::provenance {

/// The time of the system's clock: "2026-03-01T12:00:00Z".
[[nodiscard]] std::string utc_now();

}  // namespace undulith::provenance
