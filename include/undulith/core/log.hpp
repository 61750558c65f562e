// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

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

/// A message that was given, shown or not.
struct Message {
  Level level = Level::info;
  double wall_s = 0;  ///< process_wall_s()
  std::string text;
};

/// The warnings and steps so far, the first 10 000 of them: a record of results keeps them.
[[nodiscard]] std::vector<Message> history();

}  // namespace undulith::log
