// SPDX-License-Identifier: MIT
#include "undulith/metrology/gauge_noise.hpp"

#include <boost/math/statistics/univariate_statistics.hpp>
#include <cmath>

#include "undulith/math/direction.hpp"

namespace undulith::metrology {
namespace {

double mean_of(const std::vector<double>& values) {
  return values.empty() ? 0 : boost::math::statistics::mean(values);
}

double standard_deviation(const std::vector<double>& values) {
  return values.size() < 2 ? 0 : std::sqrt(boost::math::statistics::sample_variance(values));
}

// Pearson's coefficient of all samples about the mean of their own edge: the placement of whole lines does
// not count.
double correlation(const std::vector<std::vector<double>>& a, const std::vector<std::vector<double>>& b) {
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    const double mean_a = mean_of(a[k]), mean_b = mean_of(b[k]);
    for (std::size_t i = 0; i < a[k].size(); ++i) {
      ab += (a[k][i] - mean_a) * (b[k][i] - mean_b);
      aa += (a[k][i] - mean_a) * (a[k][i] - mean_a);
      bb += (b[k][i] - mean_b) * (b[k][i] - mean_b);
    }
  }
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

}  // namespace

Repeat choose_repeat(const Gauge& gauge, const Field2D<double>& level) {
  constexpr double kRound = 2;  // ratio of axes
  const HoleResult hole = measure_hole(level, true, gauge.x_nm, gauge.y_nm);
  return hole.status == PrintStatus::printed && hole.ellipticity < kRound ? Repeat::hole : Repeat::cut;
}

Field2D<double> level_of_feature(Feature feature, Feature drawn, Field2D<double> level) {
  if (feature != drawn)
    for (double& value : level.values()) value = -value;
  return level;
}

bool is_perpendicular(const Gauge& gauge, double lines_angle_deg) {
  constexpr double kRightAngle = 1e-6;  // of the cosine
  const math::Direction cut = math::direction_of(gauge.angle_deg), line = math::direction_of(lines_angle_deg);
  return std::abs(cut.x * line.x + cut.y * line.y) < kRightAngle;
}

std::vector<Gauge> repeat_gauge(const Gauge& gauge, const Box& cell, int n_x, int n_y) {
  std::vector<Gauge> copies;
  for (int jy = 0; jy < n_y; ++jy)
    for (int jx = 0; jx < n_x; ++jx) {
      Gauge& copy = copies.emplace_back(gauge);
      copy.x_nm += jx * cell.width();
      copy.y_nm += jy * cell.height();
    }
  return copies;
}

void EdgeTraces::add(const EdgeTrace& trace) {
  constexpr double kMaxMissing = 0.1;
  const auto n = trace.left_nm.size();
  if (n == 0 || trace.n_missing > kMaxMissing * static_cast<double>(n)) return;
  step_nm = trace.step_nm;
  left_nm.push_back(trace.left_nm);
  right_nm.push_back(trace.right_nm);
  std::vector<double>& width = width_nm.emplace_back(n);
  for (std::size_t i = 0; i < n; ++i) width[i] = trace.right_nm[i] - trace.left_nm[i];
}

void GaugeNoise::add_cut(const std::optional<double>& cut_cd_nm) {
  if (cut_cd_nm)
    cd_nm.push_back(*cut_cd_nm);
  else
    ++n_not_printed;
}

void GaugeNoise::add_hole(const Field2D<double>& level, const Gauge& at, int realisation) {
  const HoleResult hole = measure_hole(level, true, at.x_nm, at.y_nm);
  if (hole.status != PrintStatus::printed) {
    ++n_not_printed;
    return;
  }
  holes.push_back({.realisation = realisation,
                   .hole = hole,
                   .shift_x_nm = hole.centre_x_nm - at.x_nm,
                   .shift_y_nm = hole.centre_y_nm - at.y_nm});
  cd_nm.push_back(hole.cd_nm);
}

void GaugeNoise::add_lines(const EdgeTraces& traces, int n_realisations) {
  for (const std::vector<double>& width : traces.width_nm) cd_nm.push_back(mean_of(width));
  n_not_printed = n_realisations - static_cast<int>(traces.width_nm.size());
  constexpr std::size_t kMinSamples = 8;
  if (traces.left_nm.empty() || traces.left_nm.front().size() < kMinSamples) return;
  std::vector<std::vector<double>> edges = traces.left_nm;
  edges.insert(edges.end(), traces.right_nm.begin(), traces.right_nm.end());
  ler = analyse_roughness(edges, traces.step_nm, false);
  lwr = analyse_roughness(traces.width_nm, traces.step_nm, false);
  edge_correlation = correlation(traces.left_nm, traces.right_nm);
}

double GaugeNoise::mean_nm() const {
  return mean_of(cd_nm);
}

double GaugeNoise::sigma_nm() const {
  return standard_deviation(cd_nm);
}

std::optional<GaugeNoise::Placement> GaugeNoise::placement() const {
  if (holes.size() < 2) return {};
  std::vector<double> x, y, ellipticity;
  for (const HoleSample& sample : holes) {
    x.push_back(sample.shift_x_nm);
    y.push_back(sample.shift_y_nm);
    ellipticity.push_back(sample.hole.ellipticity);
  }
  return Placement{standard_deviation(x), standard_deviation(y), mean_of(ellipticity)};
}

}  // namespace undulith::metrology
