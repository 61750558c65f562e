// SPDX-License-Identifier: MIT
#include "cli/terminal.hpp"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "undulith/core/error.hpp"

namespace undulith::cli {
namespace {

// A signal handler can reach only global objects.
std::atomic<bool> stop_asked = false;
static_assert(std::atomic<bool>::is_always_lock_free);
std::atomic<bool> line_open = false;

extern "C" void ask_to_stop(int) {
  stop_asked = true;
}

bool smart_terminal() {
  const char* term = std::getenv("TERM");
  return isatty(STDERR_FILENO) == 1 && (term == nullptr || std::string_view(term) != "dumb");
}

std::string remaining_text(double seconds) {
  if (seconds < 60) return fmt::format("about {:.0f} s left", std::ceil(seconds));
  if (seconds < 3600) return fmt::format("about {:.0f} min left", std::ceil(seconds / 60));
  return fmt::format("about {:.1f} h left", seconds / 3600);
}

}  // namespace

bool use_colour(std::string_view choice) {
  if (choice == "always") return true;
  if (choice == "never") return false;
  const char* no_color = std::getenv("NO_COLOR");
  return smart_terminal() && (no_color == nullptr || *no_color == '\0');
}

void catch_signals() {
  struct sigaction action = {};
  action.sa_handler = ask_to_stop;
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // a second signal has its usual effect
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

void clear_progress() {
  if (line_open.exchange(false)) std::fputs("\r\x1b[K", stderr);
}

Progress make_progress(std::string label, bool show) {
  using Clock = std::chrono::steady_clock;
  struct State {
    std::string label;
    bool show;
    Clock::time_point start = Clock::now(), shown{};
  };
  const auto state =
      std::make_shared<State>(State{.label = std::move(label), .show = show && smart_terminal()});
  return [state](double fraction) {
    if (stop_asked) throw Interrupted("stopped on request (signal); no results were written");
    if (!state->show) return;
    const auto now = Clock::now();
    constexpr auto kRefresh = std::chrono::milliseconds(200);
    if (now - state->shown < kRefresh) return;
    state->shown = now;
    const double elapsed = std::chrono::duration<double>(now - state->start).count();
    std::string text = fmt::format("\r\x1b[K{} {:3.0f} %", state->label, 100 * fraction);
    // An estimate from the first second would be too rough.
    if (elapsed > 1 && fraction > 0.02) text += ", " + remaining_text(elapsed / fraction * (1 - fraction));
    std::fputs(text.c_str(), stderr);
    std::fflush(stderr);
    line_open = true;
  };
}

}  // namespace undulith::cli
