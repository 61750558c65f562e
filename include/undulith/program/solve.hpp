// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

#include "undulith/study/solve.hpp"

/// Solves for a parameter of a source: `undulith compare --solve KEY --for ROW=VALUE`.
namespace undulith::program {

struct SolveReport {
  std::string text, json;
  bool all_solved = true;
};

/// @throws InputError  as study::solve_source
[[nodiscard]] SolveReport solve_source(const std::filesystem::path& job, const study::SolveOptions& options);

}  // namespace undulith::program
