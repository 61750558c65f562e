// SPDX-License-Identifier: MIT
#include "imaging/opposite_points.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace undulith::imaging {

bool is_real(const mask::Diffraction& mask) {
  constexpr double kRounding = 1e-14;
  if (mask.thick) return false;
  const auto& values = mask.amplitudes;
  double largest = 0, difference = 0;
  // Rows and columns run from -max to max: the opposite order is as far from the end.
  for (std::size_t i = 0, j = values.size(); i < j--; ++i) {
    largest = std::max({largest, std::norm(values[i]), std::norm(values[j])});
    difference = std::max(difference, std::norm(values[i] - std::conj(values[j])));
  }
  return difference <= kRounding * kRounding * largest;
}

illuminator::PupilFill without_opposites(const illuminator::PupilFill& fill) {
  constexpr double kSteps = 1e11;  // places are compared to 1e-11 of the aperture
  using Place = std::pair<long long, long long>;
  const auto place_of = [](double x, double y) {
    return Place(std::llround(x * kSteps), std::llround(y * kSteps));
  };
  std::map<Place, std::size_t> kept;
  illuminator::PupilFill result = fill;
  result.points.clear();
  for (const illuminator::SourcePoint& point : fill.points) {
    const auto opposite = kept.find(place_of(-point.sigma_x, -point.sigma_y));
    if (opposite != kept.end() && point.stokes.s3 == 0 &&
        point.stokes == result.points[opposite->second].stokes) {
      result.points[opposite->second].weight += point.weight;
      kept.erase(opposite);
      continue;
    }
    kept[place_of(point.sigma_x, point.sigma_y)] = result.points.size();
    result.points.push_back(point);
  }
  return result;
}

}  // namespace undulith::imaging
