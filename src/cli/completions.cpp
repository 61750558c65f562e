// SPDX-License-Identifier: MIT
#include <memory>
#include <string>

#include "cli/command.hpp"

namespace undulith::cli {

Command make_completions_command(const Program& program) {
  const auto shell = std::make_shared<std::string>();
  return {.name = "completions",
          .summary = "print the completion script of a shell, or the man page",
          .details =
              "bash: eval \"$(undulith completions bash)\" in ~/.bashrc; zsh: save as _undulith in $fpath.",
          .options = {{.names = "SHELL",
                       .value = "",
                       .help = "bash, zsh or man",
                       .target = shell.get(),
                       .required = true,
                       .completion = Completion::nothing,
                       .choices = {"bash", "zsh", "man"}}},
          .run = [&program, shell] {
            print(*shell == "bash"  ? bash_completion(program)
                  : *shell == "zsh" ? zsh_completion(program)
                                    : man_page(program));
            return 0;
          }};
}

}  // namespace undulith::cli
