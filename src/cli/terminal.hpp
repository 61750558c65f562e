// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
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

/// The same for counted parts, "label: 12 of 80 points, about 12 s left". Where standard error is no terminal: a line of its
/// own every minute, or every UNDULITH_PROGRESS_S seconds of the environment.
using CountedProgress = std::function<void(std::size_t n_done, std::size_t n_parts, double fraction)>;
[[nodiscard]] CountedProgress make_counted_progress(std::string label, std::string parts, bool show);

/// From now on the first SIGINT is a request to finish (core/stop.hpp); the next one is a request to stop. After
/// catch_signals().
/// @param notice  written when the first one comes; must outlive the program
void finish_at_first_interrupt(const char* notice);

/// Clears the progress line, so that further output starts on a line of its own.
void clear_progress();

}  // namespace undulith::cli
