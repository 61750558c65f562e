#pragma once

#include <string>
#include <string_view>

#include "undulith/core/progress.hpp"

/// The terminal: colour, the progress line and the wish to stop.
namespace undulith::cli {

/// Whether messages on standard error may be coloured. auto: on a terminal, unless NO_COLOR is set or
/// TERM=dumb.
[[nodiscard]] bool use_colour(std::string_view choice);

/// From now on SIGINT and SIGTERM ask the computation to stop; a second one ends the program at once.
void catch_signals();

/// Shows "label 42 %, about 12 s left" on standard error when it is a terminal and show is true, and in any
/// case throws Interrupted once a signal has come.
[[nodiscard]] Progress make_progress(std::string label, bool show);

/// Ends the line of a progress, so that what follows starts on a line of its own.
void clear_progress();

}  // namespace undulith::cli
