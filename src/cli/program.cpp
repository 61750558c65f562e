// SPDX-License-Identifier: MIT
#include "cli/command.hpp"

namespace undulith::cli {

Program make_program(GlobalOptions& global) {
  Program program;
  program.global = {
      {"-j,--threads", "N", "number of threads, 0 = all processors; the results do not depend on it",
       &global.threads},
      {.names = "--cache",
       .value = "DIR",
       .help = "folder of kept results; default $UNDULITH_CACHE, then ~/.cache/undulith",
       .target = &global.cache,
       .completion = Completion::folder},
      {"--no-cache", "", "compute everything, keep nothing; the results are the same", &global.no_cache},
      {"--cache-size", "SIZE", "most that the folder may hold: 20GB; default $UNDULITH_CACHE_SIZE, then 5GB",
       &global.cache_size},
      {"--json", "", "print one JSON document instead of text", &global.json},
      {"-q,--quiet", "", "print no warnings and no progress", &global.quiet},
      {"-v,--verbose", "", "print each step", &global.verbose},
      {.names = "--color",
       .value = "WHEN",
       .help = "colour in messages: auto, always or never",
       .target = &global.color,
       .choices = {"auto", "always", "never"}},
      {"--version", "", "print the version", &global.version},
  };
  for (const auto make :
       {make_run_command,       make_check_command,      make_source_command,  make_compare_command,
        make_window_command,    make_sweep_command,      make_mask_command,    make_calibrate_command,
        make_optimise_command,  make_converge_command,   make_kernels_command, make_keygen_command,
        make_attest_command,    make_reveal_command,     make_audit_command,   make_ledger_command,
        make_init_command,      make_explain_command,    make_layout_command,  make_pattern_command,
        make_materials_command, make_multilayer_command, make_verify_command,  make_doctor_command})
    program.commands.push_back(make(global));
  return program;
}

}  // namespace undulith::cli
