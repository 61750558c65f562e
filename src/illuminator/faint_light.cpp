// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "undulith/illuminator/illuminator.hpp"

namespace undulith::illuminator {
namespace {

// A change of one point, and the power that it leaves out.
struct Omission {
  std::size_t point = 0;
  double power = 0;
};

// Makes the smallest changes first, equal ones together, while their sum is at most `left`; returns the sum.
// Makes none where only few of the n_points change: that saves no time.
template <class Change>
double omit_smallest(std::vector<Omission> omissions, std::size_t n_points, double left, Change change) {
  constexpr double kEqual = 1 + 1e-9;
  constexpr std::size_t kFew = 20;  // less than one of so many
  std::ranges::stable_sort(omissions, {}, &Omission::power);
  double sum = 0;
  std::size_t begin = 0;
  for (std::size_t end = 0; begin < omissions.size(); begin = end) {
    double group = 0;
    for (end = begin; end < omissions.size() && omissions[end].power <= omissions[begin].power * kEqual;
         ++end)
      group += omissions[end].power;
    if (sum + group > left) break;
    sum += group;
  }
  if (begin * kFew < n_points) return 0;
  for (std::size_t i = 0; i < begin; ++i) change(omissions[i].point);
  return sum;
}

double degree_of(const optics::Stokes& stokes) {
  return std::min(1.0, std::hypot(stokes.s1, stokes.s2, stokes.s3) / stokes.s0);
}

// Below this degree of polarisation it is cheaper to take the light as unpolarised than as two states.
constexpr double kHalfPolarised = 0.5;

double omit_weak_states(std::vector<SourcePoint>& points, double left) {
  std::vector<Omission> weak;
  for (std::size_t i = 0; i < points.size(); ++i)
    if (const double degree = degree_of(points[i].stokes); degree > kHalfPolarised && degree < 1)
      weak.push_back({i, points[i].weight * (1 - degree) / 2});
  return omit_smallest(std::move(weak), points.size(), left, [&](std::size_t i) {
    optics::Stokes& stokes = points[i].stokes;
    const double scale = stokes.s0 / std::hypot(stokes.s1, stokes.s2, stokes.s3);
    stokes = {stokes.s0, stokes.s1 * scale, stokes.s2 * scale, stokes.s3 * scale};
  });
}

double omit_weak_polarisation(std::vector<SourcePoint>& points, double left) {
  std::vector<Omission> polarised;
  for (std::size_t i = 0; i < points.size(); ++i)
    if (const double degree = degree_of(points[i].stokes); degree > 0 && degree <= kHalfPolarised)
      polarised.push_back({i, points[i].weight * degree / 2});
  return omit_smallest(std::move(polarised), points.size(), left,
                       [&](std::size_t i) { points[i].stokes = {.s0 = points[i].stokes.s0}; });
}

double omit_faint_points(std::vector<SourcePoint>& points, double left) {
  std::vector<Omission> faint;
  for (std::size_t i = 0; i < points.size(); ++i) faint.push_back({i, points[i].weight});
  const double omitted =
      omit_smallest(std::move(faint), points.size(), left, [&](std::size_t i) { points[i].weight = 0; });
  std::erase_if(points, [](const SourcePoint& point) { return point.weight == 0; });
  for (SourcePoint& point : points) point.weight /= 1 - omitted;
  return omitted;
}

}  // namespace

PupilFill omit_faint_light(PupilFill fill, double max_share) {
  if (!(max_share >= 0 && max_share < 1))
    throw std::invalid_argument("omit_faint_light: the share is not in [0, 1)");
  double& omitted = fill.omitted_light;
  omitted += omit_weak_states(fill.points, max_share - omitted);
  omitted += omit_weak_polarisation(fill.points, max_share - omitted);
  omitted += omit_faint_points(fill.points, max_share - omitted);
  return fill;
}

}  // namespace undulith::illuminator
