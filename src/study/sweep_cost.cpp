// SPDX-License-Identifier: MIT
#include "undulith/study/sweep_cost.hpp"

#include <algorithm>
#include <ctime>
#include <vector>

#include "study/sweep_stages.hpp"
#include "undulith/core/memory.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/core/random.hpp"
#include "undulith/flow/prepared.hpp"
#include "undulith/study/sweep.hpp"

namespace undulith::study {
namespace {

// Measured: the program with its libraries and pictures.
constexpr double kProgramMb = 48;
// Measured: metrology, the line of the journal and its part of the table; reading and keeping an image.
constexpr double kPointS = 3e-4, kImageS = 1e-3;

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
  cost.n_lights = points_by_stage(plan, SweepStage::light, points).size();
  cost.n_masks = points_by_stage(plan, SweepStage::mask, points).size();
  cost.n_films = points_by_stage(plan, SweepStage::film, points).size();
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
