// SPDX-License-Identifier: MIT
#include "cli/terminal.hpp"

#include <semaphore.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include <fmt/core.h>

#include "undulith/core/stop.hpp"
#include "undulith/program/unfinished.hpp"

namespace undulith::cli {
namespace {

std::atomic<bool> line_open = false;

// What a step that polls no request may take before the program ends without it, so that every command stops
// within a second.
constexpr auto kPatience = std::chrono::milliseconds(700);

sem_t stop_signal;

extern "C" void ask_to_stop(int) {
  request_stop();
  sem_post(&stop_signal);
}

// The computation stops at its next poll; a step that does not come to one (an eigenproblem, say) ends with
// the process, after its unfinished files are removed.
void end_after_signal() {
  while (sem_wait(&stop_signal) != 0) {
  }
  std::this_thread::sleep_for(kPatience);
  program::discard_unfinished();
  clear_progress();
  std::fputs("undulith: error: stopped on request (signal); no results were written\n", stderr);
  std::_Exit(130);
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
  sem_init(&stop_signal, 0, 0);
  std::thread(end_after_signal).detach();
  struct sigaction action = {};
  action.sa_handler = ask_to_stop;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction present = {};
    sigaction(signal, nullptr, &present);
    const bool stays_ignored = signal == SIGHUP && present.sa_handler == SIG_IGN;  // under nohup
    if (!stays_ignored) sigaction(signal, &action, nullptr);
  }
  // A file that passes the limit of `ulimit -f` is then an error of write(), with a message.
  std::signal(SIGXFSZ, SIG_IGN);
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
    stop_if_requested();
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
