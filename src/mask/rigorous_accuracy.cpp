// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "mask/order_set.hpp"
#include "mask/polygons/pattern_coefficients.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/layout/make_clip.hpp"
#include "undulith/mask/rigorous.hpp"

namespace undulith::mask {
namespace {

using optics::Polarisation;

constexpr double kGrowth = 1.3;

Truncation scaled(const Truncation& truncation, double factor) {
  const auto scale = [factor](int order) {
    return std::max(1, static_cast<int>(std::lround(order * factor)));
  };
  return {scale(truncation.max_order_x), scale(truncation.max_order_y), truncation.shape};
}

// Both polarisations of one incident order.
struct Pair {
  Reflection s, p;
};
Pair both(const RigorousSolver& solver, Order incident) {
  return {solver.reflect(incident, Polarisation::s), solver.reflect(incident, Polarisation::p)};
}

double size_of(const ReflectedOrder& wave) {
  return std::sqrt(std::norm(wave.ex) + std::norm(wave.ey) + std::norm(wave.ez));
}

// Largest change of an order that leaves the mask within reach, over the largest order.
double change_of(const Reflection& small, const Reflection& large, Order incident, double reach) {
  const TangentialVector centre = large(incident.m, incident.n).direction;
  double change = 0, largest = 0;
  for (const ReflectedOrder& wave : large.orders) {
    const bool leaves = std::hypot(wave.direction.x, wave.direction.y) < 1;
    if (!leaves || std::hypot(wave.direction.x - centre.x, wave.direction.y - centre.y) > reach) continue;
    ReflectedOrder difference = wave;
    if (const auto before = std::ranges::find(small.orders, wave.order, &ReflectedOrder::order);
        before != small.orders.end()) {
      difference.ex -= before->ex;
      difference.ey -= before->ey;
      difference.ez -= before->ez;
    }
    change = std::max(change, size_of(difference));
    largest = std::max(largest, size_of(wave));
  }
  return largest > 0 ? change / largest : 0;
}

}  // namespace

std::vector<PatternedLayer> slice_side_walls(const PatternedLayer& layer, const Box& cell,
                                             double side_wall_deg, int n_slices) {
  if (!(side_wall_deg > 0 && side_wall_deg < 180))
    throw InputError(
        fmt::format("side_wall_deg = {} (must be in (0, 180)); a vertical wall has 90", side_wall_deg));
  if (n_slices < 1) throw InputError(fmt::format("n_slices = {} (must be >= 1); use 8", n_slices));
  const double per_depth = 1 / std::tan(side_wall_deg * constants::kPi / 180);
  std::vector<PatternedLayer> slices;
  for (int i = 0; i < n_slices; ++i) {
    PatternedLayer slice = layer;
    slice.thickness_nm = layer.thickness_nm / n_slices;
    const double below_middle_nm = ((i + 0.5) / n_slices - 0.5) * layer.thickness_nm;
    if (const double bias_nm = below_middle_nm * per_depth; std::abs(bias_nm) > 1e-9)
      slice.polygons = layout::grow({cell, cell, layer.polygons}, bias_nm).rings;
    slices.push_back(std::move(slice));
  }
  return slices;
}

Truncation suggested_truncation(const MaskGeometry& geometry, double wavelength_nm, double error) {
  if (!(error >= 1e-6 && error <= 0.1))
    throw InputError(fmt::format("error = {} (must be in [1e-6, 0.1]); use 1e-3", error));
  const auto orders = [&](double period_nm) {
    return static_cast<int>(
        std::ceil(3 + 3.7 * std::pow(period_nm / wavelength_nm, 0.75) * std::cbrt(1e-4 / error)));
  };
  return {orders(geometry.cell.width()), orders(geometry.cell.height())};
}

ConvergedSolver solve_to_accuracy(const MaskGeometry& geometry, double wavelength_nm, TangentialVector bloch,
                                  Order incident, const AccuracyGoal& goal) {
  if (!(goal.error > 0 && goal.error < 1))
    throw InputError(fmt::format("error = {} (must be in (0, 1)); use 1e-3", goal.error));
  if (!(goal.reach > 0)) throw InputError(fmt::format("reach = {} (must be > 0); use 1", goal.reach));
  const TangentialVector step{wavelength_nm / geometry.cell.width(), wavelength_nm / geometry.cell.height()};
  const Variation variation = variation_of(geometry);
  const auto count = [&](const Truncation& t) { return keep_orders(variation, bloch, step, t).size(); };
  Truncation truncation =
      scaled(suggested_truncation(geometry, wavelength_nm, std::clamp(goal.error, 1e-6, 0.1)), 1 / kGrowth);
  while (truncation.max_order_x > 1 && count(scaled(truncation, kGrowth)) > goal.max_orders)
    truncation = scaled(truncation, 1 / kGrowth);
  RigorousSolver solver(geometry, wavelength_nm, bloch, truncation);
  Pair before = both(solver, incident);
  SolverReport report{
      .converged = false, .change = 1, .n_orders = solver.n_orders(), .truncation = truncation};
  if (variation == Variation::none) report = {true, 0, solver.n_orders(), truncation};
  while (!report.converged) {
    const Truncation next = scaled(truncation, kGrowth);
    if (next.max_order_x == truncation.max_order_x || count(next) > goal.max_orders) break;
    truncation = next;
    solver = RigorousSolver(geometry, wavelength_nm, bloch, truncation);
    Pair now = both(solver, incident);
    report.change = std::max(change_of(before.s, now.s, incident, goal.reach),
                             change_of(before.p, now.p, incident, goal.reach));
    report.converged = report.change <= goal.error;
    report.n_orders = solver.n_orders();
    report.truncation = truncation;
    before = std::move(now);
  }
  return {std::move(solver), report};
}

}  // namespace undulith::mask
