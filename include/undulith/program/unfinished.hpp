// SPDX-License-Identifier: MIT
#pragma once

namespace undulith::program {

/// Removes all results that are not complete yet. Only for the end of the process.
void discard_unfinished() noexcept;

}  // namespace undulith::program
