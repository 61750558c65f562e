// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "optimise/source_program.hpp"
#include "undulith/core/error.hpp"

namespace undulith::optimise {
namespace {

using illuminator::SourcePoint;

// Positions and areas of mirror images agree to rounding.
constexpr double kSamePlace = 1e-9;

// Candidates by position, for finding mirror images.
class PlaceIndex {
 public:
  explicit PlaceIndex(const std::vector<SourcePoint>& points) : points_(points), order_(points.size()) {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::ranges::sort(order_, {}, [&](std::size_t i) { return points[i].sigma_x; });
  }
  // @return the number of points if there is none
  [[nodiscard]] std::size_t find(double x, double y) const {
    auto at = std::ranges::lower_bound(order_, x - kSamePlace, {},
                                       [&](std::size_t i) { return points_[i].sigma_x; });
    for (; at != order_.end() && points_[*at].sigma_x <= x + kSamePlace; ++at)
      if (std::abs(points_[*at].sigma_y - y) <= kSamePlace) return *at;
    return points_.size();
  }

 private:
  const std::vector<SourcePoint>& points_;
  std::vector<std::size_t> order_;
};

struct Mirror {
  double x, y;
};
std::vector<Mirror> mirrors_of(SourceSymmetry symmetry) {
  switch (symmetry) {
    case SourceSymmetry::none:
      return {};
    case SourceSymmetry::x_axis:
      return {{1, -1}};
    case SourceSymmetry::y_axis:
      return {{-1, 1}};
    case SourceSymmetry::both_axes:
      return {{1, -1}, {-1, 1}, {-1, -1}};
    case SourceSymmetry::opposite:
      return {{-1, -1}};
  }
  return {};
}

}  // namespace

double inner_product(std::span<const double> a, std::span<const double> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

void require_light(const SourceResponses& responses) {
  for (std::size_t c = 0; c < responses.conditions.size(); ++c)
    for (std::size_t s = 0; s < responses.sites.size(); ++s)
      if (!(std::ranges::max(responses.intensities(c, s)) > 0))
        throw InputError(fmt::format(
            "the edge at ({:.2f}, {:.2f}) nm gets no light from any candidate of the source (its mask is dark there); move "
            "the gauge, or open the mask",
            responses.sites[s].x_nm, responses.sites[s].y_nm));
}

std::vector<Orbit> orbits_of(const illuminator::PupilFill& candidates, SourceSymmetry symmetry) {
  const std::vector<SourcePoint>& points = candidates.points;
  double area = 0;
  for (const SourcePoint& point : points) area += point.weight;
  const PlaceIndex index(points);
  std::vector<bool> taken(points.size(), false);
  std::vector<Orbit> orbits;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (taken[i]) continue;
    Orbit orbit{.members = {i}};
    taken[i] = true;
    for (const Mirror& mirror : mirrors_of(symmetry)) {
      const double x = mirror.x * points[i].sigma_x, y = mirror.y * points[i].sigma_y;
      const std::size_t image = index.find(x, y);
      if (image == points.size() || std::abs(points[image].weight - points[i].weight) > kSamePlace)
        throw InputError(fmt::format(
            "the source cannot have this symmetry (the candidate at sigma ({:.4f}, {:.4f}) has no equal partner at "
            "({:.4f}, {:.4f})); use another symmetry, or candidates on a symmetric grid",
            points[i].sigma_x, points[i].sigma_y, x, y));
      if (taken[image]) continue;
      taken[image] = true;
      orbit.members.push_back(image);
    }
    for (const std::size_t member : orbit.members) {
      orbit.area += points[member].weight / area;
      orbit.sigma_x += points[member].weight / area * points[member].sigma_x;
      orbit.sigma_y += points[member].weight / area * points[member].sigma_y;
    }
    orbit.sigma_x /= orbit.area;
    orbit.sigma_y /= orbit.area;
    orbits.push_back(std::move(orbit));
  }
  return orbits;
}

OrbitResponses::OrbitResponses(const SourceResponses& responses, const illuminator::PupilFill& candidates,
                               const SourceSettings& settings)
    : responses_(responses), candidates_(candidates), orbits_(orbits_of(candidates, settings.symmetry)) {
  for (std::size_t c = 0; c < responses.conditions.size(); ++c) {
    gather(responses.clear_of(c), clear_);
    for (std::size_t s = 0; s < responses.sites.size(); ++s) {
      gather(responses.intensities(c, s), intensity_);
      gather(responses.slopes(c, s), slope_);
    }
  }
  const double covered = candidates.fill_ratio > 0 ? candidates.fill_ratio : 1;
  for (const Orbit& orbit : orbits_)
    cap_.push_back(std::min(1.0, orbit.area * covered / settings.min_pupil_fill));
}

void OrbitResponses::gather(std::span<const double> of_points, std::vector<double>& of_orbits) const {
  for (const Orbit& orbit : orbits_) {
    double sum = 0, area = 0;
    for (const std::size_t member : orbit.members) {
      const double weight = candidates_.points[member].weight;
      sum += weight * of_points[member];
      area += weight;
    }
    of_orbits.push_back(sum / area);
  }
}

std::vector<double> OrbitResponses::spread(std::span<const double> weights) const {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<double> of_points(candidates_.points.size());
  for (std::size_t o = 0; o < orbits_.size(); ++o) {
    double area = 0;
    for (const std::size_t member : orbits_[o].members) area += candidates_.points[member].weight;
    for (const std::size_t member : orbits_[o].members)
      of_points[member] = weights[o] / sum * candidates_.points[member].weight / area;
  }
  return of_points;
}

std::vector<double> OrbitResponses::dose_factors(std::span<const double> weights) const {
  const double first = inner_product(weights, clear(0));
  std::vector<double> factors;
  for (std::size_t row = 0; row < n_rows(); ++row)
    factors.push_back(dose(row) * first / inner_product(weights, clear(condition(row))));
  return factors;
}

void OrbitResponses::add_balance(LinearProgram& program, int first, SourceSettings::Balance balance) const {
  if (balance == SourceSettings::Balance::free) return;
  for (const auto axis : {&Orbit::sigma_x, &Orbit::sigma_y}) {
    std::vector<LinearProgram::Term> terms;
    for (std::size_t o = 0; o < orbits_.size(); ++o) {
      const double centre = orbits_[o].*axis;
      if (std::abs(centre) > kSamePlace) terms.push_back({first + static_cast<int>(o), centre});
    }
    if (!terms.empty()) program.add_row(terms, 0, 0);
  }
}

}  // namespace undulith::optimise
