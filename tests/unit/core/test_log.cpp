// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <string>

#include "undulith/core/log.hpp"

using namespace undulith;

namespace {

/// What body writes to standard error, caught at the file descriptor.
template <class Body>
std::string standard_error_of(Body body) {
  std::fflush(stderr);
  std::FILE* file = std::tmpfile();
  REQUIRE(file != nullptr);
  const int saved = dup(STDERR_FILENO);
  dup2(fileno(file), STDERR_FILENO);
  body();
  std::fflush(stderr);
  dup2(saved, STDERR_FILENO);
  close(saved);
  std::string text(4096, '\0');
  std::rewind(file);
  text.resize(std::fread(text.data(), 1, text.size(), file));
  std::fclose(file);
  return text;
}

}  // namespace

TEST_CASE("log: messages go to standard error, with their level and nothing else", "[unit][core]") {
  log::set_level(log::Level::warning);
  const std::string text = standard_error_of([] {
    log::warning("field {} is 100 % dark");  // braces and percent signs are text
    log::info("not shown");
  });
  CHECK(text == "undulith: warning: field {} is 100 % dark\n");
}

TEST_CASE("log: a warning about a place begins with it and has one level", "[unit][core]") {
  log::set_level(log::Level::warning);
  CHECK(standard_error_of([] { log::warning("job.toml:3:1: warning: no effect\n    3 | x"); }) ==
        "job.toml:3:1: warning: no effect\n    3 | x\n");
}

TEST_CASE("log: each level shows what is above it", "[unit][core]") {
  const auto say_all = [] {
    log::debug("d");
    log::info("i");
    log::warning("w");
  };
  log::set_level(log::Level::quiet);
  CHECK(standard_error_of(say_all).empty());
  log::set_level(log::Level::info);
  CHECK(standard_error_of(say_all) == "undulith: info: i\nundulith: warning: w\n");
  log::set_level(log::Level::debug);
  CHECK(standard_error_of(say_all) == "undulith: debug: d\nundulith: info: i\nundulith: warning: w\n");
  log::set_level(log::Level::warning);
}

TEST_CASE("log: colour only when asked for", "[unit][core]") {
  log::set_level(log::Level::warning);
  log::set_colour(true);
  CHECK(standard_error_of([] { log::warning("x"); }).find("\x1b[") != std::string::npos);
  log::set_colour(false);
  CHECK(standard_error_of([] { log::warning("x"); }).find('\x1b') == std::string::npos);
}
