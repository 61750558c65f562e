// SPDX-License-Identifier: MIT
#include "undulith/study/sweep_cost.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "undulith/core/memory.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/core/random.hpp"
#include "undulith/flow/prepared.hpp"
#include "undulith/study/sweep.hpp"

namespace undulith::study {
namespace {

using Names = std::span<const std::string_view>;

// Measured: the program with its libraries and pictures.
constexpr double kProgramMb = 48;
// Measured: metrology, the line of the journal and its part of the table; reading and keeping an image.
constexpr double kPointS = 3e-4, kImageS = 1e-3;

bool starts_with_one_of(const std::string& key, Names starts) {
  return std::ranges::any_of(starts, [&key](std::string_view start) { return key.starts_with(start); });
}

// How many different values the keys have that `matters` chooses.
template <class Matters>
std::size_t n_different(const SweepPlan& plan, std::span<const std::size_t> points, const Matters& matters) {
  std::vector<std::size_t> keys;
  for (std::size_t k = 0; k < plan.keys.size(); ++k)
    if (matters(plan.keys[k].name)) keys.push_back(k);
  if (keys.empty()) return 1;
  std::set<std::string> different;
  for (const std::size_t point : points) {
    std::string values;
    for (const std::size_t key : keys) values += value_text(plan.value(point, key)) + '\n';
    different.insert(std::move(values));
  }
  return different.size();
}

void count_stages(SweepCost& cost, const SweepPlan& plan, std::span<const std::size_t> points) {
  static constexpr std::array<std::string_view, 1> kLight{"source."};
  // The tables behind the mask, and of [imaging] what the waves meet behind it.
  static constexpr std::array<std::string_view, 11> kBehindMask{
      "resist.",         "metrology.",       "stochastics.",       "throughput.",
      "factory.",        "imaging.focus_nm", "imaging.aberration", "imaging.flare.",
      "imaging.output_", "imaging.method",   "imaging.n_kernels"};
  static constexpr std::array<std::string_view, 3> kBehindFilm{"metrology.", "stochastics.", "factory."};
  const auto is_table_key = [](const std::string& key) { return key.find('.') != std::string::npos; };
  cost.n_lights =
      n_different(plan, points, [](const std::string& key) { return starts_with_one_of(key, kLight); });
  cost.n_masks = n_different(plan, points, [&](const std::string& key) {
    return is_table_key(key) && !starts_with_one_of(key, kBehindMask);
  });
  cost.n_films = n_different(plan, points, [&](const std::string& key) {
    return is_table_key(key) && !starts_with_one_of(key, kBehindFilm);
  });
}

// Numbers below n: all of them, or one in each of n_most equal parts.
std::vector<std::size_t> sample_of(std::size_t n, std::size_t n_most) {
  constexpr std::uint32_t kSeed = 1, kStream = 0x5343;
  VoxelRandom random(kSeed, kStream, 0, 0);
  std::vector<std::size_t> sample;
  for (std::size_t i = 0; i < std::min(n, n_most); ++i) {
    const double part = static_cast<double>(n) / static_cast<double>(std::min(n, n_most));
    sample.push_back(
        n <= n_most ? i : static_cast<std::size_t>((static_cast<double>(i) + random.uniform()) * part));
  }
  return sample;
}

}  // namespace

SweepCost estimate_sweep(const SweepPlan& plan, std::span<const std::size_t> points) {
  SweepCost cost{.n_points = points.size(), .n_threads = thread_count()};
  count_stages(cost, plan, points);
  const std::vector<std::vector<std::size_t>> groups = points_by_image(plan, points);
  cost.n_images = groups.size();

  constexpr std::size_t kMostPrepared = 24;
  const std::vector<std::size_t> sample = sample_of(groups.size(), kMostPrepared);
  double light_s = 0, mask_s = 0, image_s = 0, film_s = 0, noise_s = 0, most_mb = 0;
  bool has_film = false;
  const std::clock_t start = std::clock();
  for (const std::size_t group : sample) {
    const flow::Prepared prepared =
        flow::prepare(job_at(plan, groups[group].front()), flow::LightDetail::estimated);
    light_s += prepared.light_cpu_s;
    mask_s += prepared.mask_plan.cpu_s;
    image_s += prepared.plan.cpu_s;
    film_s += prepared.film.smooth_cpu_s;
    noise_s += prepared.film.cpu_s - prepared.film.smooth_cpu_s;
    most_mb = std::max(most_mb, prepared.memory_mb());
    has_film = has_film || prepared.film.n_nodes > 0;
  }
  const double prepare_s = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;

  if (!has_film) cost.n_films = 0;
  const auto total = [n = static_cast<double>(sample.size())](std::size_t n_stages, double of_sample_s) {
    return static_cast<double>(n_stages) * of_sample_s / n;
  };
  cost.cpu_s = total(cost.n_lights, light_s) + total(cost.n_masks, mask_s) +
               total(cost.n_images, image_s + prepare_s) + total(cost.n_films, film_s) +
               total(cost.n_points, noise_s) + kPointS * static_cast<double>(cost.n_points) +
               kImageS * static_cast<double>(cost.n_images);
  cost.wall_s = cost.cpu_s / cost.n_threads;
  const bool side_by_side = most_mb * cost.n_threads < available_memory_mb() / 2;
  cost.n_at_a_time =
      side_by_side
          ? static_cast<int>(std::min<std::size_t>(points.size(), static_cast<std::size_t>(cost.n_threads)))
          : 1;
  cost.memory_mb = kProgramMb + most_mb * cost.n_at_a_time;
  return cost;
}

}  // namespace undulith::study
