// SPDX-License-Identifier: MIT
// Completion scripts and the man page, from the table of commands.
#include <algorithm>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "cli/command.hpp"
#include "undulith/core/version.hpp"

namespace undulith::cli {
namespace {

/// Puts `prefix` before every character that is in `special`.
std::string escaped(const std::string& text, std::string_view special, std::string_view prefix) {
  std::string result;
  for (const char c : text) {
    if (special.find(c) != std::string_view::npos) result += prefix;
    result += c;
  }
  return result;
}

std::string command_names(const Program& program, std::string_view separator) {
  std::vector<std::string> names;
  for (const Command& command : program.commands) names.push_back(command.name);
  return fmt::format("{}", fmt::join(names, separator));
}

// --- bash

void add_names(std::string& words, const std::vector<Option>& options) {
  for (const Option& option : options)
    if (!option.argument())
      for (const std::string& name : option.spellings()) words += " " + name;
}

/// Lines that complete the value of an option after its name has been typed.
std::string bash_values(const std::string& command, const std::vector<Option>& options) {
  std::string text;
  for (const Option& option : options) {
    if (option.flag() || option.argument()) continue;
    std::string pattern;
    for (const std::string& name : option.spellings())
      pattern += fmt::format("{}'{} {}'", pattern.empty() ? "" : "|", command, name);
    std::string action = "return";  // no words from here: readline offers files
    if (!option.choices.empty())
      action = fmt::format("COMPREPLY=($(compgen -W '{}' -- \"$current\")); return",
                           fmt::join(option.choices, " "));
    else if (option.completion == Completion::folder)
      action = "mapfile -t COMPREPLY < <(compgen -d -- \"$current\"); return";
    text += fmt::format("    {}) {} ;;\n", pattern, action);
  }
  return text;
}

// --- zsh

std::string zsh_text(const std::string& text) {
  return escaped(escaped(text, "[]:\\", "\\"), "'", "'\\'");
}

std::string zsh_action(const Option& option) {
  if (!option.choices.empty()) return fmt::format("({})", fmt::join(option.choices, " "));
  switch (option.completion) {
    case Completion::file:
      return "_files";
    case Completion::folder:
      return "_files -/";
    case Completion::nothing:
      break;
  }
  return " ";
}

std::string zsh_option(const Option& option) {
  if (option.argument())
    return fmt::format("'{}:{}:{}'", option.required ? "1" : "1:", zsh_text(option.names),
                       zsh_action(option));
  const std::vector<std::string> names = option.spellings();
  const bool repeatable = std::holds_alternative<std::vector<std::string>*>(option.target);
  const std::string help = fmt::format("[{}]", zsh_text(option.help));
  const std::string value =
      option.flag() ? "" : fmt::format(":{}:{}", zsh_text(option.value), zsh_action(option));
  const std::string exclusion = repeatable ? "*" : fmt::format("({})", fmt::join(names, " "));
  if (names.size() == 1) return fmt::format("'{}{}{}{}'", exclusion, names[0], help, value);
  return fmt::format("'{}'{{{}}}'{}{}'", exclusion, fmt::join(names, ","), help, value);
}

// --- man

std::string roff(const std::string& text) {
  std::string result = escaped(text, "\\", "\\");
  result = escaped(result, "-", "\\");
  if (!result.empty() && (result[0] == '.' || result[0] == '\'')) result.insert(0, "\\&");
  return result;
}

std::string roff_options(const std::vector<Option>& options) {
  std::string text;
  for (const Option& option : options) {
    std::string names;
    for (const std::string& name : option.spellings())
      names += fmt::format("{}\\fB{}\\fR", names.empty() ? "" : ", ", roff(name));
    if (!option.value.empty()) names += fmt::format(" \\fI{}\\fR", roff(option.value));
    std::string help = option.help;
    if (!option.choices.empty() && option.argument())
      help += fmt::format(": {}", fmt::join(option.choices, ", "));
    text += fmt::format(".TP\n{}\n{}\n", names, roff(help));
  }
  return text;
}

std::string roff_synopsis(const Command& command) {
  std::string text;
  for (const Option& option : command.options) {
    if (!option.argument()) continue;
    text += option.required ? fmt::format(" \\fI{}\\fR", option.names)
                            : fmt::format(" [\\fI{}\\fR]", option.names);
  }
  return text;
}

}  // namespace

std::vector<std::string> Option::spellings() const {
  std::vector<std::string> result;
  for (std::size_t start = 0; start <= names.size();) {
    const std::size_t comma = std::min(names.find(',', start), names.size());
    result.push_back(names.substr(start, comma - start));
    start = comma + 1;
  }
  return result;
}

std::string bash_completion(const Program& program) {
  std::string global_words = " --help", words;
  add_names(global_words, program.global);
  std::string values = bash_values("*", program.global);
  std::string commands;
  for (const Command& command : program.commands) {
    values += bash_values(command.name, command.options);
    std::string names = "--help", choices;
    add_names(names, program.global);
    add_names(names, command.options);
    for (const Option& option : command.options)
      if (option.argument()) choices += fmt::format("{}", fmt::join(option.choices, " "));
    commands += fmt::format("    {}) options='{}'; words='{}' ;;\n", command.name, names, choices);
  }
  // The value patterns of the global options begin with "*" outside of the quotes.
  for (std::size_t at = 0; (at = values.find("'* ", at)) != std::string::npos; at += 3)
    values.replace(at, 3, "*' ");
  return fmt::format(R"(# bash completion of undulith {version}; made by `undulith completions bash`
_undulith() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}} command= word options words
  COMPREPLY=()
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case $word in {names}) command=$word; break ;; esac
  done
  case "$command $previous" in
{values}  esac
  case $command in
    '') options='{global}'; words='{words}' ;;
{commands}  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  elif [[ $words ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  fi
}}
complete -o default -F _undulith undulith
)",
                     fmt::arg("version", kVersion), fmt::arg("names", command_names(program, "|")),
                     fmt::arg("values", values), fmt::arg("global", global_words.substr(1)),
                     fmt::arg("words", command_names(program, " ")), fmt::arg("commands", commands));
}

std::string zsh_completion(const Program& program) {
  std::string text = fmt::format(
      "#compdef undulith\n# zsh completion of undulith {}; made by `undulith completions zsh`\n_undulith() "
      "{{\n"
      "  local state line\n  local -a commands global\n  commands=(\n",
      kVersion);
  for (const Command& command : program.commands)
    text += fmt::format("    '{}:{}'\n", command.name, zsh_text(command.summary));
  text += "  )\n  global=(\n    '(- *)--help[print help]'\n";
  for (const Option& option : program.global) text += fmt::format("    {}\n", zsh_option(option));
  text +=
      "  )\n  _arguments -C $global '1: :->command' '*:: :->rest'\n  case $state in\n"
      "    command) _describe command commands ;;\n    rest)\n      case $words[1] in\n";
  for (const Command& command : program.commands) {
    text += fmt::format("        {})\n          _arguments $global", command.name);
    for (const Option& option : command.options)
      text += fmt::format(" \\\n            {}", zsh_option(option));
    text += " ;;\n";
  }
  text +=
      "      esac ;;\n  esac\n}\n"
      "if [ \"$funcstack[1]\" = _undulith ]; then _undulith \"$@\"; else compdef _undulith undulith; fi\n";
  return text;
}

std::string man_page(const Program& program) {
  std::string text = fmt::format(
      ".TH UNDULITH 1 \"\" \"undulith {}\" \"User commands\"\n.SH NAME\n"
      "undulith \\- EUV lithography from the electron beam to the printed critical dimension\n"
      ".SH SYNOPSIS\n.B undulith\n[\\fIoption\\fR ...] \\fIcommand\\fR [\\fIargument\\fR ...]\n"
      ".SH DESCRIPTION\nSimulates the printing of a layout with extreme ultraviolet light: light source, "
      "illuminator,\n"
      "mask, projection optics, resist and metrology, as described by a job file in TOML.\n"
      "Results go to standard output and to files, messages to standard error.\n"
      ".SH OPTIONS\nBefore or after the command.\n",
      kVersion);
  text += roff_options(program.global);
  text += ".TP\n\\fB\\-h\\fR, \\fB\\-\\-help\\fR\nprint help, of the command if one is given\n.SH COMMANDS\n";
  for (const Command& command : program.commands) {
    text += fmt::format(".SS undulith {}{}\n{}.\n", roff(command.name), roff_synopsis(command),
                        roff(command.summary));
    if (!command.details.empty()) text += roff(command.details) + "\n";
    text += roff_options(command.options);
  }
  text += ".SH EXIT STATUS\n";
  for (const auto& [code, meaning] : {std::pair{"0", "success"},
                                      {"1", "a check or self-test failed, or an internal error"},
                                      {"2", "bad usage or a bad job"},
                                      {"3", "a computation gave no reliable number"},
                                      {"4", "input/output, or not enough memory"},
                                      {"130", "interrupted"}})
    text += fmt::format(".TP\n{}\n{}\n", code, meaning);
  text +=
      ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nno colour unless \\-\\-color=always\n"
      ".TP\n.B OPENBLAS_CORETYPE\nprocessor kernel of the linear algebra library; set it if "
      "`undulith doctor` reports a fault of the chosen one\n";
  return text;
}

}  // namespace undulith::cli
