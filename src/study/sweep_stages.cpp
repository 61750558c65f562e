// SPDX-License-Identifier: MIT
#include "study/sweep_stages.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace undulith::study {
namespace {

using Names = std::span<const std::string_view>;

bool starts_with_one_of(std::string_view key, Names starts) {
  return std::ranges::any_of(starts, [key](std::string_view start) { return key.starts_with(start); });
}

}  // namespace

bool changes(SweepStage stage, std::string_view key) {
  // Tables behind a stage; of [imaging] what the waves meet behind the mask.
  static constexpr std::array<std::string_view, 3> kBehindFilm{"metrology.", "stochastics.", "factory."};
  static constexpr std::array<std::string_view, 2> kBehindImage{"resist.", "throughput."};
  static constexpr std::array<std::string_view, 6> kBehindMask{"imaging.focus_nm", "imaging.aberration",
                                                               "imaging.flare.",   "imaging.output_",
                                                               "imaging.method",   "imaging.n_kernels"};
  if (key.find('.') == std::string_view::npos) return false;  // title, outputs
  if (stage == SweepStage::light) return key.starts_with("source.");
  if (starts_with_one_of(key, kBehindFilm)) return false;
  if (stage == SweepStage::film) return true;
  if (starts_with_one_of(key, kBehindImage)) return false;
  return stage == SweepStage::image || !starts_with_one_of(key, kBehindMask);
}

std::vector<std::vector<std::size_t>> points_by_stage(const SweepPlan& plan, SweepStage stage,
                                                      std::span<const std::size_t> points) {
  std::vector<std::size_t> keys;
  for (std::size_t k = 0; k < plan.keys.size(); ++k)
    if (changes(stage, plan.keys[k].name)) keys.push_back(k);
  std::map<std::string, std::size_t> group_of;
  std::vector<std::vector<std::size_t>> groups;
  for (const std::size_t point : points) {
    std::string values;
    for (const std::size_t key : keys) values += value_text(plan.value(point, key)) + '\n';
    const auto [found, is_new] = group_of.try_emplace(std::move(values), groups.size());
    if (is_new) groups.emplace_back();
    groups[found->second].push_back(point);
  }
  return groups;
}

}  // namespace undulith::study
