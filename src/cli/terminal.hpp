// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "undulith/core/progress.hpp"

/// The terminal: colour, the progress line and the request to stop.
namespace undulith::cli {

/// Whether messages on standard error may be coloured. auto: on a terminal, unless NO_COLOR is set or
/// TERM=dumb.
[[nodiscard]] bool use_colour(std::string_view choice);

/// From now on SIGINT, SIGTERM and SIGHUP (unless ignored) request a stop (core/stop.hpp). The program ends
/// with code 130 within a second, also inside a step that does not poll; unfinished files are removed.
/// Call once.
void catch_signals();

/// Shows "label 42 %, about 12 s left" on standard error if that is a terminal and show is true. Throws
/// Interrupted after a signal, whether it shows anything or not.
[[nodiscard]] Progress make_progress(std::string label, bool show);

/// Clears the progress line, so that further output starts on a line of its own.
void clear_progress();

}  // namespace undulith::cli
