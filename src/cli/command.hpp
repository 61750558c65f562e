// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// The command line as tables: parsing, help, completions and the man page all come from them.
namespace undulith::cli {

/// What the shell completes a value with.
enum class Completion { nothing, file, folder };

/// Where the value of an option goes. bool: a flag; vector: may be repeated, an argument takes all that are there.
using Target =
    std::variant<bool*, int*, double*, std::string*, std::optional<double>*, std::vector<std::string>*>;

/// One option, or one argument when its name does not begin with a dash.
struct Option {
  std::string names;  ///< "-o,--out", "--json" or "JOB"
  std::string value;  ///< placeholder of the value in the help: "DIR"; empty for flags and arguments
  std::string help;   ///< one line
  Target target;
  bool required = false;
  Completion completion = Completion::nothing;
  std::vector<std::string> choices{};  ///< offered by the shell; every other value is refused

  [[nodiscard]] bool argument() const { return names.empty() || names.front() != '-'; }
  [[nodiscard]] bool flag() const { return std::holds_alternative<bool*>(target); }
  /// "-o,--out" -> {"-o", "--out"}.
  [[nodiscard]] std::vector<std::string> spellings() const;
};

struct Command {
  std::string name;
  std::string summary;  ///< one line
  std::string details;  ///< more text for `--help` and the man page; may be empty
  std::vector<Option> options;
  std::function<int()> run;  ///< returns the exit code
};

/// Options before or after any command.
struct GlobalOptions {
  int threads = 0;
  bool json = false, quiet = false, verbose = false, version = false;
  std::string color = "auto";
  std::string cache, cache_size;  ///< as program::CacheOptions
  bool no_cache = false;
};

/// What the program offers.
struct Program {
  std::vector<Option> global;
  std::vector<Command> commands;
};

// One file per command. The options of a command live as long as its `run`.
[[nodiscard]] Command make_run_command(const GlobalOptions& global);
[[nodiscard]] Command make_check_command(const GlobalOptions& global);
[[nodiscard]] Command make_source_command(const GlobalOptions& global);
[[nodiscard]] Command make_compare_command(const GlobalOptions& global);
[[nodiscard]] Command make_window_command(const GlobalOptions& global);
[[nodiscard]] Command make_sweep_command(const GlobalOptions& global);
[[nodiscard]] Command make_mask_command(const GlobalOptions& global);
[[nodiscard]] Command make_calibrate_command(const GlobalOptions& global);
[[nodiscard]] Command make_optimise_command(const GlobalOptions& global);
[[nodiscard]] Command make_converge_command(const GlobalOptions& global);
[[nodiscard]] Command make_kernels_command(const GlobalOptions& global);
[[nodiscard]] Command make_keygen_command(const GlobalOptions& global);
[[nodiscard]] Command make_attest_command(const GlobalOptions& global);
[[nodiscard]] Command make_reveal_command(const GlobalOptions& global);
[[nodiscard]] Command make_audit_command(const GlobalOptions& global);
[[nodiscard]] Command make_ledger_command(const GlobalOptions& global);
[[nodiscard]] Command make_init_command(const GlobalOptions& global);
[[nodiscard]] Command make_explain_command(const GlobalOptions& global);
[[nodiscard]] Command make_layout_command(const GlobalOptions& global);
[[nodiscard]] Command make_pattern_command(const GlobalOptions& global);
[[nodiscard]] Command make_multilayer_command(const GlobalOptions& global);
[[nodiscard]] Command make_materials_command(const GlobalOptions& global);
[[nodiscard]] Command make_doctor_command(const GlobalOptions& global);
[[nodiscard]] Command make_verify_command(const GlobalOptions& global);
/// @param program  described by the completions; must outlive the command
[[nodiscard]] Command make_completions_command(const Program& program);

/// Every command except `completions`, which needs the program itself.
/// @param global  filled by parse; must outlive the program
[[nodiscard]] Program make_program(GlobalOptions& global);

/// What parse decided: a command to run, or an exit code (help and version were printed).
struct Parsed {
  const Command* command = nullptr;
  int exit_code = 0;
};

/// Fills the targets of the options from the arguments.
/// @throws InputError  what is wrong with the command line, with "did you mean"
[[nodiscard]] Parsed parse(const Program& program, int argc, const char* const* argv);

/// Completion scripts and the man page, from the tables.
[[nodiscard]] std::string bash_completion(const Program& program);
[[nodiscard]] std::string zsh_completion(const Program& program);
[[nodiscard]] std::string man_page(const Program& program);

/// Writes to standard output, without control characters of names in files.
/// @throws IoError  standard output cannot be written: the disk is full or the reader has closed it
void print(std::string_view output);

}  // namespace undulith::cli
