// SPDX-License-Identifier: MIT
#include "undulith/study/sweep.hpp"

#include <algorithm>
#include <memory>
#include <mutex>

#include "study/sweep_stages.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/memory.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/core/stop.hpp"
#include "undulith/flow/light_chain.hpp"

namespace undulith::study {

std::vector<std::vector<std::size_t>> points_by_image(const SweepPlan& plan,
                                                      std::span<const std::size_t> points) {
  return points_by_stage(plan, SweepStage::image, points);
}

namespace {

// Adds up the progress of points that are computed side by side.
class WatchedPoints {
 public:
  WatchedPoints(const SweepWatch& watch, std::size_t n_points)
      : watch_(watch), progress_{.n_points = n_points} {}

  // The progress of one point.
  [[nodiscard]] Progress begin() {
    if (!watch_) return {};
    return [this, seen = std::make_shared<double>(0)](double fraction) {
      const std::scoped_lock lock(mutex_);
      add(fraction - std::exchange(*seen, fraction));
    };
  }
  void finish(const Progress& of_point) {
    if (!watch_) return;
    {
      const std::scoped_lock lock(mutex_);
      ++progress_.n_finished;
    }
    of_point(1);
  }

 private:
  void add(double of_one_point) {
    const double n = static_cast<double>(progress_.n_points);
    progress_.fraction = std::min(1.0, progress_.fraction + std::max(0.0, of_one_point) / n);
    watch_(progress_);
  }

  const SweepWatch& watch_;
  SweepProgress progress_;
  std::mutex mutex_;
};

// Computes the points of a sweep and hands them on, one at a time.
class Points {
 public:
  Points(const SweepPlan& plan, const SweepWatch& watch, std::size_t n_points,
         const std::function<void(SweepResult)>& done)
      : plan_(plan), done_(done), watched_(watch, n_points) {}

  // Points of one light, mask or image: the first part of them computes the stage that the others take from the store.
  void compute_stage(const std::vector<std::size_t>& points, SweepStage stage, bool side_by_side) {
    if (stage == SweepStage::image) return compute_image(points, side_by_side);
    const SweepStage next = stage == SweepStage::light ? SweepStage::mask : SweepStage::image;
    const auto parts = points_by_stage(plan_, next, points);
    compute_stage(parts.front(), next, side_by_side);
    for_each(parts.size() - 1, side_by_side,
             [&](std::size_t i) { compute_stage(parts[i + 1], next, side_by_side); });
  }

  template <class Compute>
  static void for_each(std::size_t n, bool side_by_side, const Compute& compute) {
    if (side_by_side)
      parallel_for(static_cast<int>(n), [&](int i) { compute(static_cast<std::size_t>(i)); });
    else
      for (std::size_t i = 0; i < n; ++i) compute(i);
  }

  [[nodiscard]] std::size_t n_done() const { return n_done_; }

 private:
  // Points of one image. What lies before the image is prepared once.
  void compute_image(const std::vector<std::size_t>& group, bool side_by_side) {
    std::optional<flow::Prepared> prepared;
    compute(group.front(), [&](job::Job job) {
      prepared = flow::prepare(std::move(job));
      return *prepared;
    });
    const auto compute_other = [&](std::size_t point) {
      compute(point, [&](job::Job job) {
        return prepared ? behind(*prepared, std::move(job)) : flow::prepare(std::move(job));
      });
    };
    for_each(group.size() - 1, side_by_side, [&](std::size_t i) { compute_other(group[i + 1]); });
  }

  // The same light, pupil and mask for a job that differs behind the image.
  [[nodiscard]] flow::Prepared behind(const flow::Prepared& first, job::Job job) const {
    flow::Prepared prepared = first;
    if (varies_scanner_) prepared.chain = flow::with_scanner(std::move(prepared.chain), job, prepared.light);
    prepared = flow::with_job(std::move(prepared), std::move(job));
    metrology::check_parameters(prepared.clip.cell, prepared.clip.window, prepared.job.metrology);
    resist::check_parameters(prepared.job.resist, prepared.job.stochastics);
    return prepared;
  }

  template <class Prepare>
  void compute(std::size_t point, const Prepare& prepare) {
    if (finish_requested()) return;
    SweepResult result{.point = point, .results = {}, .error = {}};
    const Progress progress = watched_.begin();
    try {
      result.results = flow::compute(prepare(job_at(plan_, point)), progress);
    } catch (const Interrupted&) {
      throw;
    } catch (const Error& error) {
      result.error = error.what();
    }
    {
      const std::scoped_lock lock(mutex_);
      done_(std::move(result));
      ++n_done_;
    }
    watched_.finish(progress);
  }

  const SweepPlan& plan_;
  const std::function<void(SweepResult)>& done_;
  const bool varies_scanner_ = std::ranges::any_of(plan_.keys, [](const VariedKey& key) {
    return key.name.starts_with("throughput.") || key.name.starts_with("factory.");
  });
  WatchedPoints watched_;
  std::mutex mutex_;
  std::size_t n_done_ = 0;
};

// Whether as many points as there are threads fit into memory at a time, as the first one needs it.
bool fit_side_by_side(const SweepPlan& plan, std::size_t first) {
  try {
    const double memory_mb = flow::prepare(job_at(plan, first), flow::LightDetail::estimated).memory_mb();
    return memory_mb * thread_count() < available_memory_mb() / 2;
  } catch (const Error&) {
    return true;  // it will be in its line
  }
}

}  // namespace

void run_sweep(const SweepPlan& plan, std::span<const std::size_t> points, const SweepWatch& watch,
               const std::function<void(SweepResult)>& done) {
  if (points.empty()) return;
  const auto lights = points_by_stage(plan, SweepStage::light, points);
  const bool side_by_side = fit_side_by_side(plan, points.front());
  Points all(plan, watch, points.size(), done);
  Points::for_each(lights.size(), side_by_side,
                   [&](std::size_t i) { all.compute_stage(lights[i], SweepStage::light, side_by_side); });
  if (all.n_done() < points.size())
    throw Interrupted("stopped on request (signal); the points that had begun are finished");
}

}  // namespace undulith::study
