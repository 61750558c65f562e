// SPDX-License-Identifier: MIT
#include "metrology/profile_cut.hpp"

#include <algorithm>
#include <array>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>

namespace undulith::metrology {
namespace {

// Nodes and weights of a place on a periodic axis: four where there are four, else two or the one.
struct Stencil {
  std::array<int, 4> node{};
  std::array<double, 4> weight{};
  int count = 0;
};

Stencil stencil_of(double place, int n) {
  if (n == 1) return {{0}, {1}, 1};
  const double floor = std::floor(place), t = place - floor;
  const auto wrap = [n](double i) { return static_cast<int>(i - n * std::floor(i / n)); };
  if (n < 4) return {{wrap(floor), wrap(floor + 1)}, {1 - t, t}, 2};
  return {{wrap(floor - 1), wrap(floor), wrap(floor + 1), wrap(floor + 2)},
          {-t * (t - 1) * (t - 2) / 6, (t + 1) * (t - 1) * (t - 2) / 2, -(t + 1) * t * (t - 2) / 2,
           (t + 1) * t * (t - 1) / 6},
          4};
}

}  // namespace

BrightLevel::BrightLevel(const resist::ResistProfile& profile) : level_(resist::resist_level(profile)) {
  if (profile.tone == resist::Tone::positive)
    for (double& value : level_.values()) value = -value;
}

double BrightLevel::at(double x_nm, double y_nm, double depth_nm) const {
  const Grid3D& g = level_.grid();
  const Stencil sx = stencil_of((x_nm - g.x0) / g.dx, g.nx), sy = stencil_of((y_nm - g.y0) / g.dy, g.ny);
  const double place = std::clamp(depth_nm / g.dz, 0.0, g.nz - 1.0);
  const int iz = std::min(static_cast<int>(place), g.nz - 2);
  double sum = 0;
  for (const int below : {0, 1}) {
    const double share = below == 1 ? place - iz : 1 - (place - iz);
    if (share == 0) continue;
    for (int j = 0; j < sy.count; ++j)
      for (int i = 0; i < sx.count; ++i)
        sum += share * sy.weight[j] * sx.weight[i] * level_(iz + below, sy.node[j], sx.node[i]);
  }
  return sum;
}

BrightPlane::BrightPlane(const resist::ResistProfile& profile, double depth_nm)
    : level_(resist::resist_level(profile, depth_nm)) {
  if (profile.tone == resist::Tone::positive)
    for (double& value : level_.values()) value = -value;
}

double BrightPlane::at(double x_nm, double y_nm) const {
  const Grid2D& g = level_.grid();
  const Stencil sx = stencil_of((x_nm - g.x0) / g.dx, g.nx), sy = stencil_of((y_nm - g.y0) / g.dy, g.ny);
  double sum = 0;
  for (int j = 0; j < sy.count; ++j)
    for (int i = 0; i < sx.count; ++i) sum += sy.weight[j] * sx.weight[i] * level_(sy.node[j], sx.node[i]);
  return sum;
}

Field2D<double> BrightLevel::plane_at(double depth_nm) const {
  const Grid3D& g = level_.grid();
  const double place = std::clamp(depth_nm / g.dz, 0.0, g.nz - 1.0);
  const int iz = std::min(static_cast<int>(place), g.nz - 2);
  Field2D<double> plane(g.plane());
  const auto above = level_.plane(iz), below = level_.plane(iz + 1);
  for (std::size_t k = 0; k < above.size(); ++k)
    plane.values()[k] = std::lerp(above[k], below[k], place - iz);
  return plane;
}

CutEdges find_edges(const std::function<double(double)>& value, double half_length_nm, double step_nm,
                    Feature feature, const std::optional<Interval>& target) {
  const int half = std::max(1, static_cast<int>(std::ceil(half_length_nm / step_nm)));
  const double step = half_length_nm / half;
  const double sign = feature == Feature::bright ? 1 : -1;
  std::vector<double> samples;
  for (int i = -half; i <= half; ++i) samples.push_back(sign * value(i * step));
  const auto sample = [&](int i) { return samples[static_cast<std::size_t>(i + half)]; };
  std::optional<int> seed;
  if (sample(0) > 0) seed = 0;
  for (int distance = 1; distance <= half && !seed && target; ++distance)
    for (const int i : {-distance, distance})
      if (!seed && i * step > target->from && i * step < target->to && sample(i) > 0) seed = i;
  CutEdges edges;
  if (!seed) return edges;
  const auto crossing = [&](int outside, int inside) {
    const double a = outside * step, b = inside * step;
    if (sample(outside) == 0) return a;
    std::uintmax_t steps = 60;
    const auto [low, high] = boost::math::tools::toms748_solve(
        [&](double s) { return sign * value(s); }, std::min(a, b), std::max(a, b),
        sample(std::min(outside, inside)), sample(std::max(outside, inside)),
        boost::math::tools::eps_tolerance<double>(40), steps);
    return (low + high) / 2;
  };
  for (int i = *seed; i > -half && !edges.left; --i)
    if (sample(i - 1) <= 0) edges.left = crossing(i - 1, i);
  for (int i = *seed; i < half && !edges.right; ++i)
    if (sample(i + 1) <= 0) edges.right = crossing(i + 1, i);
  edges.status = edges.left && edges.right ? PrintStatus::printed : PrintStatus::merged;
  return edges;
}

}  // namespace undulith::metrology
