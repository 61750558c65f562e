// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace undulith {

/// Text of unknown origin (a name in a file), safe on a terminal: control characters and bytes that are not
/// UTF-8 become a backslash, an x and two hexadecimal digits. All else is kept.
[[nodiscard]] std::string printable(std::string_view text);

/// The same for a text of several lines: line ends and tabs are kept too.
[[nodiscard]] std::string printable_lines(std::string_view text);

/// Whether all of the text is UTF-8.
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace undulith
