// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

/// Messages for people, on standard error. Results go to standard output and to files, never here.
namespace undulith::log {

enum class Level { quiet, warning, info, debug };

/// Sets what is shown from now on: by default warnings only; info adds the steps of a run.
void set_level(Level level);
/// Colour on or off (off by default).
void set_colour(bool on);

void debug(std::string_view message);
void info(std::string_view message);
void warning(std::string_view message);

}  // namespace undulith::log
