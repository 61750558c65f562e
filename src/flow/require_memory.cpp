// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "undulith/core/error.hpp"
#include "undulith/flow/prepared.hpp"

namespace undulith::flow {

void require_memory(const imaging::ImagingPlan& plan, const FilmPlan& film, const mask::MaskPlan& mask,
                    double available_mb) {
  if (plan.memory_mb + film.memory_mb + mask.memory_mb <= available_mb) return;
  if (mask.memory_mb > std::max(plan.memory_mb, film.memory_mb))
    throw InputError(fmt::format(
        "mask.model: the mask needs about {:.3g} GB of memory ({:.3g} GB are available; {} directions of "
        "incidence); make mask.solver.direction_step_deg or pixel_nm larger, mask.solver.max_orders or the "
        "window smaller, or set mask.model = \"thin\"",
        mask.memory_mb / 1e3, available_mb / 1e3, mask.n_directions));
  if (film.memory_mb > plan.memory_mb)
    throw InputError(fmt::format(
        "resist.film.lateral_step_nm: the resist needs about {:.3g} GB of memory ({:.3g} GB are available; its film "
        "has {:.3g} nodes, a realisation of its noise {:.3g}); make resist.film.lateral_step_nm, depth_step_nm or "
        "front_step_nm larger, or stochastics.length_nm or the window smaller",
        film.memory_mb / 1e3, available_mb / 1e3, film.n_nodes, film.n_noise_nodes));
  if (plan.kernels_memory_mb > 0.5 * plan.memory_mb)
    throw InputError(fmt::format(
        "illuminator.grid_points: the kernels need about {:.3g} GB of memory ({:.3g} GB are available; the {} source "
        "points are that many coherent systems or more); make illuminator.grid_points, illuminator.rim_levels, "
        "imaging.n_kernels or the window smaller, or compute the image with imaging.method = \"abbe\"",
        plan.kernels_memory_mb / 1e3, available_mb / 1e3, plan.n_points));
  throw InputError(fmt::format(
      "imaging.output_pitch_nm: the image needs about {:.3g} GB of memory ({:.3g} GB are available; it has {} x {} "
      "samples and {} x {} are written); make imaging.output_pitch_nm larger, or the window or the guard smaller",
      plan.memory_mb / 1e3, available_mb / 1e3, plan.n_x, plan.n_y, plan.output_nx, plan.output_ny));
}

}  // namespace undulith::flow
