// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace undulith {

/// Text of unknown origin (a name in a file), safe on a terminal: control characters and bytes that are not
/// UTF-8 become \xNN. All else is kept.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace undulith
