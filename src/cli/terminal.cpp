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
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include <fmt/core.h>

#include "undulith/core/decimal.hpp"
#include "undulith/core/stop.hpp"
#include "undulith/program/unfinished.hpp"

namespace undulith::cli {
namespace {

std::atomic<bool> line_open = false;

// What a step that polls no request may take before the program ends without it, so that every command stops
// within a second.
constexpr auto kPatience = std::chrono::milliseconds(700);

sem_t stop_signal;

std::atomic<const char*> finish_notice = nullptr;  // nullptr: every signal is a request to stop

void write_notice(const char* text) {
  const auto put = [](const char* part) { return ::write(STDERR_FILENO, part, std::strlen(part)); };
  if (put(line_open.exchange(false) ? "\r\x1b[K" : "") < 0 || put(text) < 0 || put("\n") < 0)
    return;  // nobody reads it
}

extern "C" void ask_to_stop(int signal) {
  if (const char* notice = finish_notice; notice != nullptr && signal == SIGINT && !finish_requested()) {
    request_finish();
    return write_notice(notice);
  }
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

void finish_at_first_interrupt(const char* notice) {
  finish_notice = notice;
}

void clear_progress() {
  if (line_open.exchange(false)) std::fputs("\r\x1b[K", stderr);
}

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// ", about 12 s left"; empty at the beginning, when an estimate would be too rough.
std::string estimate_of(double elapsed_s, double fraction, double least_fraction) {
  return elapsed_s > 1 && fraction > least_fraction
             ? ", " + remaining_text(elapsed_s / fraction * (1 - fraction))
             : std::string();
}

void show_line(const std::string& text) {
  std::fputs(("\r\x1b[K" + text).c_str(), stderr);
  std::fflush(stderr);
  line_open = true;
}

// Seconds between lines of progress where no terminal shows it.
double line_interval_s() {
  constexpr double kUsual = 60;
  const char* text = std::getenv("UNDULITH_PROGRESS_S");
  return text == nullptr ? kUsual : decimal_of(text).value_or(kUsual);
}

constexpr double kRefreshS = 0.2;

}  // namespace

Progress make_progress(std::string label, bool show) {
  struct State {
    std::string label;
    bool show;
    Clock::time_point start = Clock::now(), shown{};
  };
  const auto state =
      std::make_shared<State>(State{.label = std::move(label), .show = show && smart_terminal()});
  return [state](double fraction) {
    stop_if_requested();
    if (!state->show || seconds_since(state->shown) < kRefreshS) return;
    state->shown = Clock::now();
    show_line(fmt::format("{} {:3.0f} %{}", state->label, 100 * fraction,
                          estimate_of(seconds_since(state->start), fraction, 0.02)));
  };
}

CountedProgress make_counted_progress(std::string label, std::string parts, bool show) {
  struct State {
    std::string label, parts;
    bool show, terminal = smart_terminal();
    double interval_s = terminal ? kRefreshS : line_interval_s();
    Clock::time_point start = Clock::now(), shown = start;
  };
  const auto state =
      std::make_shared<State>(State{.label = std::move(label), .parts = std::move(parts), .show = show});
  return [state](std::size_t n_done, std::size_t n_parts, double fraction) {
    stop_if_requested();
    if (!state->show || seconds_since(state->shown) < state->interval_s) return;
    state->shown = Clock::now();
    const std::string text = fmt::format("{}: {} of {} {}{}", state->label, n_done, n_parts, state->parts,
                                         estimate_of(seconds_since(state->start), fraction, 1e-4));
    if (state->terminal)
      show_line(text);
    else
      std::fputs((text + "\n").c_str(), stderr);
  };
}

}  // namespace undulith::cli
