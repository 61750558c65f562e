// SPDX-License-Identifier: MIT
#include "undulith/job/accuracy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "undulith/illuminator/illuminator.hpp"
#include "undulith/layout/keys.hpp"

namespace undulith::job {
namespace {

/// "101", "1e-3".
std::string short_text(double value) {
  if (value == 0 || value >= 0.1) return fmt::format("{:g}", value);
  const int exponent = static_cast<int>(std::floor(std::log10(value) + 1e-9));
  return fmt::format("{:g}e{}", value / std::pow(10.0, exponent), exponent);
}

double value_at(const AccuracyKey& key, Accuracy level) {
  switch (level) {
    case Accuracy::draft:
      return key.draft;
    case Accuracy::standard:
      return key.standard;
    case Accuracy::reference:
      return key.reference;
  }
  return key.standard;
}

constexpr const char* kGrowth = ", in proportion more above 41 nm of wavelength / NA";

}  // namespace

double AccuracyKey::at(Accuracy level, double resolution_nm) const {
  constexpr double kResolutionNm = 13.5 / 0.33;
  const double value = value_at(*this, level);
  if (!grows_with_resolution || resolution_nm <= kResolutionNm) return value;
  const auto& keys = layout::clip_keys();
  const auto guard = std::ranges::find_if(keys, [](const auto& key) { return key.info.name == "guard_nm"; });
  return std::min(guard->info.range.high, std::ceil(value * resolution_nm / kResolutionNm));
}

const std::vector<AccuracyKey>& accuracy_keys() {
  using illuminator::kDraftGrid, illuminator::kStandardGrid, illuminator::kReferenceGrid;
  static const std::vector<AccuracyKey> keys = {
      {"illuminator.grid_points", kDraftGrid.grid_points, kStandardGrid.grid_points,
       kReferenceGrid.grid_points},
      {"illuminator.rim_levels", kDraftGrid.rim_levels, kStandardGrid.rim_levels, kReferenceGrid.rim_levels},
      {"layout.guard_nm", 100, 200, 800, true},
      {"imaging.spectral_error", 1e-2, 1e-3, 1e-5},
      {"imaging.omitted_light", 1e-3, 1e-4, 1e-6}};
  return keys;
}

std::string accuracy_text() {
  std::string text;
  for (const AccuracyKey& key : accuracy_keys())
    text += fmt::format("{}{} ({}, {}, {}{})", text.empty() ? "" : ", ", key.name, short_text(key.draft),
                        short_text(key.standard), short_text(key.reference),
                        key.grows_with_resolution ? kGrowth : "");
  return text;
}

std::string accuracy_guide() {
  std::string text = "| key | `draft` | `standard` (default) | `reference` |\n|---|---|---|---|\n";
  for (const AccuracyKey& key : accuracy_keys())
    text += fmt::format("| `{}`{} | {} | {} | {} |\n", key.name, key.grows_with_resolution ? kGrowth : "",
                        short_text(key.draft), short_text(key.standard), short_text(key.reference));
  return text;
}

}  // namespace undulith::job
