// SPDX-License-Identifier: MIT
#include "metrology/cut.hpp"

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstdint>

#include "undulith/math/direction.hpp"

namespace undulith::metrology {
namespace {

constexpr double kLargestStepNm = 0.5;
/// Samples per period of the finest term of the image.
constexpr double kSamplesPerPeriod = 8;
constexpr double kEdgeToleranceNm = 1e-10;
/// The value at an extremum errs by half the curvature times the square of this.
constexpr double kExtremumToleranceNm = 1e-7;

/// Zero, to `tolerance`, of a function that has the values fa and fb of opposite sign at a and b.
/// Source: [AlefeldPotraShi1995].
template <class Function>
double find_root(const Function& f, double a, double fa, double b, double fb, double tolerance) {
  const auto close = [tolerance](double low, double high) { return high - low <= tolerance; };
  std::uintmax_t max_iterations = 100;  // bisection alone needs 40
  const auto [low, high] = boost::math::tools::toms748_solve(f, a, b, fa, fb, close, max_iterations);
  return low + (high - low) / 2;
}

Line line_of(const Gauge& gauge) {
  const math::Direction along = math::direction_of(gauge.angle_deg);
  return {{gauge.x_nm, gauge.y_nm}, {along.x, along.y}};
}

}  // namespace

Cut::Cut(const math::FourierSeries2D& series, const Gauge& gauge)
    : series_(series), line_(line_of(gauge)), half_length_nm_(gauge.length_nm / 2) {
  const double frequency =
      std::max(series.max_order_x() / series.cell().width(), series.max_order_y() / series.cell().height());
  double step = kLargestStepNm;
  if (frequency > 0) step = std::min(step, 1 / (kSamplesPerPeriod * frequency));
  const int half_count = std::max(1, static_cast<int>(std::ceil(half_length_nm_ / step)));
  step_nm_ = half_length_nm_ / half_count;
  const auto a = line_.at(-half_length_nm_), b = line_.at(half_length_nm_);
  samples_ = series.sample_line(a.x, a.y, b.x, b.y, 2 * half_count + 1);
}

double Cut::value(double s) const {
  const auto p = line_.at(s);
  return series_.value(p.x, p.y);
}

double Cut::slope(double s) const {
  const auto p = line_.at(s);
  const auto at = series_.value_and_gradient(p.x, p.y);
  return at.d_dx * line_.direction.x + at.d_dy * line_.direction.y;
}

double Cut::crossing(int i, double threshold) const {
  return find_root([&](double position) { return value(position) - threshold; }, s(i), sample(i) - threshold,
                   s(i + 1), sample(i + 1) - threshold, kEdgeToleranceNm);
}

double Cut::refined(int i) const {
  const double a = s(std::max(i - 1, 0)), b = s(std::min(i + 1, n_samples() - 1));
  const double slope_a = slope(a), slope_b = slope(b);
  if ((slope_a > 0) == (slope_b > 0)) return sample(i);  // the extremum is the end of the cut
  return value(find_root([this](double position) { return slope(position); }, a, slope_a, b, slope_b,
                         kExtremumToleranceNm));
}

Cut::Extremes Cut::extremes() const {
  const auto [low, high] = std::minmax_element(samples_.begin(), samples_.end());
  return {std::min(*low, refined(static_cast<int>(low - samples_.begin()))),
          std::max(*high, refined(static_cast<int>(high - samples_.begin())))};
}

}  // namespace undulith::metrology
