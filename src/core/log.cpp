// SPDX-License-Identifier: MIT
#include "undulith/core/log.hpp"

#include <spdlog/sinks/ansicolor_sink.h>
#include <spdlog/spdlog.h>

#include <memory>

namespace undulith::log {
namespace {

using Sink = spdlog::sinks::ansicolor_stderr_sink_mt;

// One logger for the program: standard error is one stream. No time stamps, so that the output is
// reproducible.
struct Output {
  std::shared_ptr<Sink> sink = std::make_shared<Sink>(spdlog::color_mode::never);
  spdlog::logger logger{"undulith", sink};
  Output() {
    sink->set_pattern("undulith: %^%l:%$ %v");
    sink->set_color(spdlog::level::info, sink->cyan);
    logger.set_level(spdlog::level::warn);
  }
};

Output& output() {
  static Output instance;
  return instance;
}

}  // namespace

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
}

void set_colour(bool on) {
  output().sink->set_color_mode(on ? spdlog::color_mode::always : spdlog::color_mode::never);
}

// The text is an argument, never a format string: it may contain braces.
void debug(std::string_view message) {
  output().logger.debug("{}", message);
}
void info(std::string_view message) {
  output().logger.info("{}", message);
}
void warning(std::string_view message) {
  output().logger.warn("{}", message);
}

}  // namespace undulith::log
