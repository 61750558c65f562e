// SPDX-License-Identifier: MIT
#include <cstdio>
#include <exception>
#include <new>
#include <string>

#include <fmt/core.h>

#include "cli/command.hpp"
#include "cli/terminal.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/log.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/core/printable.hpp"
#include "undulith/program/cache.hpp"
#include "undulith/program/provenance.hpp"

namespace undulith::cli {
namespace {

int report_error(const std::string& message, int exit_code) {
  clear_progress();
  // A message about a place in a file begins with that place, like the message of a compiler.
  const bool has_place = message.substr(0, message.find('\n')).find(": error: ") != std::string::npos;
  std::fputs(fmt::format("{}{}\n", has_place ? "" : "undulith: error: ", printable_lines(message)).c_str(),
             stderr);
  return exit_code;
}

int run_program(int argc, const char* const* argv) {
  GlobalOptions global;
  Program program = make_program(global);
  program.commands.push_back(make_completions_command(program));
  const Parsed parsed = parse(program, argc, argv);
  if (parsed.command == nullptr) return parsed.exit_code;
  log::set_colour(use_colour(global.color));
  log::set_level(global.quiet ? log::Level::quiet : global.verbose ? log::Level::info : log::Level::warning);
  catch_signals();
  program::record_command_line({argv + 1, argv + argc});
  set_thread_count(global.threads);
  using Use = program::CacheOptions::Use;
  program::use_cache(
      {.folder = global.cache, .size = global.cache_size, .use = global.no_cache ? Use::none : Use::kept});
  return parsed.command->run();
}

}  // namespace
}  // namespace undulith::cli

int main(int argc, char** argv) {
  using namespace undulith;
  try {
    return cli::run_program(argc, argv);
  } catch (const InputError& error) {
    return cli::report_error(error.what(), 2);
  } catch (const NumericalError& error) {
    return cli::report_error(error.what(), 3);
  } catch (const IoError& error) {
    return cli::report_error(error.what(), 4);
  } catch (const Interrupted& error) {
    return cli::report_error(error.what(), 130);
  } catch (const std::bad_alloc&) {
    return cli::report_error(
        "this job does not fit into memory (an allocation failed); use a coarser grid, a smaller cell or "
        "fewer orders",
        4);
  } catch (const std::exception& error) {
    return cli::report_error(
        fmt::format("internal error: {} (this is a fault of Undulith); please report it with the job",
                    error.what()),
        1);
  }
}
