// SPDX-License-Identifier: MIT
// Kernels of the coherent systems. An input has up to five files, one after another with a line "====" between them:
// kernels.npy, eigenvalues.npy, kernels.json, left_out.npy, probes.npy.
#include <algorithm>
#include <array>
#include <cmath>
#include <deque>

#include "fuzz_input.hpp"
#include "input_file.hpp"
#include "undulith/core/error.hpp"
#include "undulith/job/imaging_kernels.hpp"

using namespace undulith;

namespace {

constexpr std::string_view kBetween = "\n====\n";
constexpr std::array kNames{"kernels.npy", "eigenvalues.npy", "kernels.json", "left_out.npy", "probes.npy"};

void check(const imaging::SocsKernels& kernels) {
  require(!kernels.empty() && kernels.values.size() == kernels.eigenvalues.size() * kernels.size(),
          "each eigenvalue has its kernel");
  require(kernels.period_x_nm > 0 && std::isfinite(kernels.period_x_nm) && kernels.period_y_nm > 0 &&
              std::isfinite(kernels.period_y_nm),
          "the cell has a period");
  for (const double value : kernels.eigenvalues)
    require(std::isfinite(value) && value >= 0, "eigenvalues are finite and not negative");
  const auto finite = [](const auto& value) { return std::isfinite(std::abs(value)); };
  require(std::ranges::all_of(kernels.values, finite) && std::ranges::all_of(kernels.left_out, finite) &&
              std::ranges::all_of(kernels.probes, finite),
          "kernels are finite");
  require(kernels.left_out.empty() || kernels.left_out.size() == kernels.size(),
          "the rest has the same orders");
  require(kernels.probes.size() % kernels.size() == 0, "probes have the same orders");
  require(!kernels.next_eigenvalue || std::isfinite(*kernels.next_eigenvalue),
          "the next eigenvalue is finite");
}

}  // namespace

void read_input(std::span<const std::byte> bytes) {
  std::deque<InputFile> files;
  for (std::string_view text = text_of(bytes); files.size() < kNames.size();) {
    const std::size_t end = text.find(kBetween);
    files.emplace_back(std::as_bytes(std::span(text.substr(0, end))), kNames[files.size()]);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + kBetween.size());
  }
  for (const double period_nm : {0.0, 100.0}) {
    try {
      check(job::read_kernels(files.front().path(), period_nm));
    } catch (const InputError&) {
    }
  }
}
