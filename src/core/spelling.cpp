// SPDX-License-Identifier: MIT
#include "undulith/core/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace undulith {
namespace {

bool same_letter(char a, char b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return lower(a) == lower(b);
}

}  // namespace

int edit_distance(std::string_view a, std::string_view b) {
  const std::size_t width = b.size() + 1;
  // Row i holds the distances of the first i letters of a to every prefix of b.
  std::vector<int> d((a.size() + 1) * width);
  const auto at = [&](std::size_t i, std::size_t j) -> int& { return d[i * width + j]; };
  for (std::size_t i = 0; i <= a.size(); ++i) at(i, 0) = static_cast<int>(i);
  for (std::size_t j = 0; j <= b.size(); ++j) at(0, j) = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i)
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const int replaced = at(i - 1, j - 1) + (same_letter(a[i - 1], b[j - 1]) ? 0 : 1);
      at(i, j) = std::min({replaced, at(i - 1, j) + 1, at(i, j - 1) + 1});
      if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) && same_letter(a[i - 2], b[j - 1]))
        at(i, j) = std::min(at(i, j), at(i - 2, j - 2) + 1);
    }
  return at(a.size(), b.size());
}

std::optional<std::string> closest(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string* best = nullptr;
  int least = std::max(1, static_cast<int>(word.size()) / 3);
  for (const std::string& candidate : candidates) {
    const int distance = edit_distance(word, candidate);
    if (distance < least || (distance == least && !best)) {
      best = &candidate;
      least = distance;
    }
  }
  if (best) return *best;
  // A name without its unit or its first half: "focus" for focus_nm, "outer" for sigma_outer.
  const auto part = std::find_if(candidates.begin(), candidates.end(), [&](const std::string& candidate) {
    return candidate.starts_with(std::string(word) + "_") || candidate.ends_with("_" + std::string(word));
  });
  if (part != candidates.end() && !word.empty()) return *part;
  return std::nullopt;
}

std::string counted(std::size_t n, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", n, n == 1 ? one : many);
}

}  // namespace undulith
