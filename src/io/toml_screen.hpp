#pragma once

#include <optional>
#include <string>
#include <string_view>

/// What must be refused before toml++ sees it, and what its author probably meant.
namespace undulith::io {

struct TomlFault {
  int line = 1, column = 1;  ///< column in characters
  std::string message;       ///< what is wrong and what to do
};

/// First place where toml++ 3.3 would fail one of its assertions or reach what it calls unreachable: a
/// heading that does not begin with a name ("[}a]"), a bracket that closes another kind ("[}"), and
/// characters beyond ASCII outside of quotes and comments. TOML 1.0 forbids all three.
[[nodiscard]] std::optional<TomlFault> screen_toml(std::string_view text);

/// What the author of a line that is not TOML probably meant: a unit behind a number, a decimal comma, a word
/// without quotes; empty when that is not clear.
[[nodiscard]] std::string toml_hint(std::string_view line);

}  // namespace undulith::io
