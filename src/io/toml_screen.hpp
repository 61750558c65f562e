// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Faults that must be refused before toml++ reads the text, and hints for common mistakes.
namespace undulith::io {

struct TomlFault {
  int line = 1, column = 1;  ///< column in characters
  std::string message;       ///< what is wrong and what to do
};

/// The first place where toml++ 3.3 would fail an assertion or reach code that it calls unreachable: a
/// heading that does not begin with a name ("[}a]"), a bracket that closes another kind ("[}"), and
/// characters beyond ASCII outside of quotes and comments. TOML 1.0 forbids all three.
[[nodiscard]] std::optional<TomlFault> screen_toml(std::string_view text);

/// A hint for a line that is not TOML: a unit after a number, a decimal comma, a word without quotes; empty
/// if the intention is not clear.
[[nodiscard]] std::string toml_hint(std::string_view line);

}  // namespace undulith::io
