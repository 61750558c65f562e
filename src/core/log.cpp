// SPDX-License-Identifier: MIT
#include "undulith/core/log.hpp"

#include <spdlog/sinks/ansicolor_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <mutex>

#include "undulith/core/printable.hpp"
#include "undulith/core/process.hpp"

namespace undulith::log {
namespace {

using Sink = spdlog::sinks::ansicolor_stderr_sink_mt;

// One logger for the program: standard error is one stream. No time stamps, so that the output is
// reproducible.
struct Output {
  std::shared_ptr<Sink> sink = std::make_shared<Sink>(spdlog::color_mode::never);
  std::shared_ptr<Sink> plain_sink = std::make_shared<Sink>(spdlog::color_mode::never);
  spdlog::logger logger{"undulith", sink};
  spdlog::logger plain_logger{"places", plain_sink};  // of messages that begin with their place and level
  Output() {
    sink->set_pattern("undulith: %^%l:%$ %v");
    sink->set_color(spdlog::level::info, sink->cyan);
    logger.set_level(spdlog::level::warn);
    plain_sink->set_pattern("%v");
    plain_logger.set_level(spdlog::level::warn);
  }
};

Output& output() {
  static Output instance;
  return instance;
}

class History {
 public:
  void add(Level level, std::string_view message) {
    constexpr std::size_t kMost = 10'000;
    const std::scoped_lock lock(mutex_);
    if (messages_.size() < kMost) messages_.push_back({level, process_wall_s(), std::string(message)});
  }
  [[nodiscard]] std::vector<Message> messages() const {
    const std::scoped_lock lock(mutex_);
    return messages_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Message> messages_;
};

History& kept() {
  static History instance;
  return instance;
}

}  // namespace

std::vector<Message> history() {
  return kept().messages();
}

void set_level(Level level) {
  spdlog::level::level_enum threshold = spdlog::level::warn;
  switch (level) {
    case Level::quiet:
      threshold = spdlog::level::off;
      break;
    case Level::warning:
      threshold = spdlog::level::warn;
      break;
    case Level::info:
      threshold = spdlog::level::info;
      break;
    case Level::debug:
      threshold = spdlog::level::debug;
      break;
  }
  output().logger.set_level(threshold);
  output().plain_logger.set_level(threshold);
}

void set_colour(bool on) {
  output().sink->set_color_mode(on ? spdlog::color_mode::always : spdlog::color_mode::never);
}

// The text is an argument, never a format string: it may contain braces.
void debug(std::string_view message) {
  output().logger.debug("{}", printable_lines(message));
}
void info(std::string_view message) {
  kept().add(Level::info, message);
  output().logger.info("{}", printable_lines(message));
}
void warning(std::string_view message) {
  kept().add(Level::warning, message);
  // "job.toml:3:1: warning: ..." says already what it is.
  const bool has_place = message.substr(0, message.find('\n')).find(": warning: ") != std::string_view::npos;
  (has_place ? output().plain_logger : output().logger).warn("{}", printable_lines(message));
}

}  // namespace undulith::log
