// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include "cli/command.hpp"
#include "cli/number_options.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/printable.hpp"
#include "undulith/core/spelling.hpp"
#include "undulith/core/version.hpp"
#include "undulith/job/keys.hpp"

namespace undulith::cli {
namespace {

/// An option whose text becomes a number: CLI11 itself takes 010 for eight, and nan for a number.
template <class Number>
CLI::Option* add_number(CLI::App& app, const Option& option, Number* target) {
  const auto read = [name = option.spellings().back(), target](const std::string& text) {
    if constexpr (std::is_same_v<Number, int>)
      *target = whole_number(name, text);
    else
      *target = finite_number(name, text);
  };
  return app.add_option_function<std::string>(option.names, read, option.help);
}

CLI::Option* add(CLI::App& app, const Option& option) {
  CLI::Option* added = std::visit(
      [&](auto* target) -> CLI::Option* {
        using Value = std::remove_pointer_t<decltype(target)>;
        if constexpr (std::is_same_v<Value, bool>)
          return app.add_flag(option.names, *target, option.help);
        else if constexpr (std::is_same_v<Value, std::string> ||
                           std::is_same_v<Value, std::vector<std::string>>)
          return app.add_option(option.names, *target, option.help);
        else
          return add_number(app, option, target);
      },
      option.target);
  if (option.flag()) return added;
  if (!option.value.empty()) added->type_name(option.value);
  if (option.argument()) added->type_name(" ");
  if (option.required) added->required();
  if (std::holds_alternative<std::vector<std::string>*>(option.target) && option.argument()) {
    added->expected(-1);
  } else if (std::holds_alternative<std::vector<std::string>*>(option.target)) {
    // One value per occurrence: "--set a=1 job.toml" must not take the job as a second value.
    added->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->allow_extra_args(false);
  }
  return added;
}

std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates) {
  const auto closest = undulith::closest(word, candidates);
  return closest ? fmt::format(" (did you mean '{}'?)", *closest) : std::string();
}

/// The command: the first word that is neither an option nor the value of one. For a mistyped command CLI11
/// reports only that a command is required.
const char* command_word(const Program& program, int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word.empty() || word[0] != '-') return argv[i];
    for (const Option& option : program.global)
      for (const std::string& name : option.spellings())
        if (name == word && !option.flag()) ++i;
  }
  return nullptr;
}

const Command* find_command(const Program& program, const std::string& name) {
  for (const Command& command : program.commands)
    if (command.name == name) return &command;
  return nullptr;
}

/// "unexpected argument '--forse' (did you mean '--force'?)" instead of CLI11's text.
std::string usage_message(const Program& program, const Command* command, const CLI::App& app,
                          const CLI::ParseError& error) {
  const std::vector<std::string> extra = app.remaining(true);
  if (extra.empty()) return error.what();
  std::vector<std::string> known = {"--help"};
  for (const auto* options : {&program.global, command ? &command->options : nullptr})
    if (options != nullptr)
      for (const Option& option : *options)
        if (!option.argument())
          for (std::string& name : option.spellings()) known.push_back(std::move(name));
  const std::string name = extra.front().substr(0, extra.front().find('='));
  return fmt::format("unexpected argument '{}'{}", extra.front(), did_you_mean(name, known));
}

/// Refuses values outside the choices; the message names the nearest choice.
void check_choices(const std::vector<Option>& options) {
  for (const Option& option : options) {
    const auto* target = std::get_if<std::string*>(&option.target);
    if (option.choices.empty() || target == nullptr) continue;
    const std::string& value = **target;
    if (!value.empty() && std::ranges::find(option.choices, value) == option.choices.end())
      throw InputError(fmt::format("{} '{}' is not known{}; choose one of: {}", option.names, value,
                                   did_you_mean(value, option.choices), fmt::join(option.choices, ", ")));
  }
}

}  // namespace

void print(std::string_view output) {
  const std::string text = printable_lines(output);
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    throw IoError(
        "standard output cannot be written (disk full, or closed by its reader); free some disk space or "
        "keep the reader open, and run again");
}

Parsed parse(const Program& program, int argc, const char* const* argv) {
  std::vector<std::string> names;
  for (const Command& command : program.commands) names.push_back(command.name);
  const char* word = command_word(program, argc, argv);
  const Command* command = word != nullptr ? find_command(program, word) : nullptr;
  if (word != nullptr && command == nullptr)
    throw InputError(fmt::format("unknown command '{}'{}; run 'undulith --help' for the list", word,
                                 did_you_mean(word, names)));

  CLI::App app("EUV lithography from the electron beam to the printed critical dimension.", "undulith");
  app.require_subcommand(0, 1);
  app.fallthrough();
  app.get_formatter()->column_width(34);
  app.get_formatter()->label("REQUIRED", "");
  app.get_formatter()->label("Positionals", "Arguments");
  app.get_formatter()->label("SUBCOMMAND", "COMMAND");
  app.footer(
      "Exit codes: 0 ok, 1 a check failed, 2 bad usage or job, 3 numerical, 4 input/output, 130 "
      "interrupted.");
  bool* version = nullptr;
  for (const Option& option : program.global) {
    add(app, option);
    if (option.names == "--version") version = std::get<bool*>(option.target);
  }
  for (const Command& entry : program.commands) {
    CLI::App* sub = app.add_subcommand(entry.name, entry.summary);
    sub->group("Commands")->footer(entry.details);
    for (const Option& option : entry.options) add(*sub, option);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    print(command != nullptr ? app.get_subcommand(command->name)->help("undulith") : app.help());
    return {};
  } catch (const CLI::ParseError& error) {
    throw InputError(fmt::format("{}; run 'undulith {}--help'", usage_message(program, command, app, error),
                                 command != nullptr ? command->name + " " : std::string()));
  }
  if (version != nullptr && *version) {
    print(fmt::format("undulith {}\n", kVersion));
    return {};
  }
  if (command == nullptr) {
    std::fputs(app.help().c_str(), stderr);
    return {.exit_code = 2};
  }
  check_choices(program.global);
  check_choices(command->options);
  return {.command = command};
}

}  // namespace undulith::cli
