// SPDX-License-Identifier: MIT
#include "undulith/job/accuracy.hpp"

#include <fmt/format.h>

#include <cmath>

namespace undulith::job {
namespace {

/// "101", "1e-3".
std::string short_text(double value) {
  if (value == 0 || value >= 0.1) return fmt::format("{:g}", value);
  const int exponent = static_cast<int>(std::floor(std::log10(value) + 1e-9));
  return fmt::format("{:g}e{}", value / std::pow(10.0, exponent), exponent);
}

}  // namespace

double AccuracyKey::at(Accuracy level) const {
  switch (level) {
    case Accuracy::draft:
      return draft;
    case Accuracy::standard:
      return standard;
    case Accuracy::reference:
      return reference;
  }
  return standard;
}

const std::vector<AccuracyKey>& accuracy_keys() {
  static const std::vector<AccuracyKey> keys = {{"illuminator.grid_points", 41, 101, 1201},
                                                {"illuminator.rim_levels", 0, 4, 10},
                                                {"layout.guard_nm", 100, 200, 800},
                                                {"imaging.spectral_error", 1e-2, 1e-3, 1e-5}};
  return keys;
}

std::string accuracy_text() {
  std::string text;
  for (const AccuracyKey& key : accuracy_keys())
    text += fmt::format("{}{} ({}, {}, {})", text.empty() ? "" : ", ", key.name, short_text(key.draft),
                        short_text(key.standard), short_text(key.reference));
  return text;
}

std::string accuracy_guide() {
  std::string text = "| key | `draft` | `standard` (default) | `reference` |\n|---|---|---|---|\n";
  for (const AccuracyKey& key : accuracy_keys())
    text += fmt::format("| `{}` | {} | {} | {} |\n", key.name, short_text(key.draft),
                        short_text(key.standard), short_text(key.reference));
  return text;
}

}  // namespace undulith::job
