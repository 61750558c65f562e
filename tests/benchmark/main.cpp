// SPDX-License-Identifier: MIT
// Timings on one thread: undulith_benchmark [imaging] [source] [mask] [resist]; all tables without an
// argument.

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "benchmark_case.hpp"
#include "undulith/core/parallel.hpp"

int main(int argc, char** argv) {
  using namespace undulith::benchmark;
  undulith::set_thread_count(1);
  const std::vector<std::pair<std::string, std::function<std::vector<Requirement>()>>> tables = {
      {"imaging", imaging_rows}, {"source", source_rows}, {"mask", mask_rows}, {"resist", resist_rows}};
  const std::vector<std::string> wanted(argv + 1, argv + argc);
  for (const std::string& name : wanted)
    if (std::ranges::none_of(tables, [&](const auto& table) { return table.first == name; })) {
      fmt::print(stderr, "there is no table {}; use imaging, source, mask or resist\n", name);
      return 2;
    }
  std::vector<Requirement> requirements;
  for (const auto& [name, rows] : tables)
    if (wanted.empty() || std::ranges::find(wanted, name) != wanted.end())
      for (Requirement& requirement : rows()) requirements.push_back(std::move(requirement));
  bool all_met = true;
  for (const Requirement& requirement : requirements) {
    fmt::print("required: {}: {}\n", requirement.text, requirement.met ? "met" : "NOT MET");
    all_met = all_met && requirement.met;
  }
  return all_met ? 0 : 1;
}
