// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "metrology/drawn_shapes.hpp"
#include "undulith/math/fourier_series.hpp"
#include "undulith/metrology/metrology.hpp"

namespace undulith::metrology {

/// The image along a gauge, s from -length/2 to +length/2: samples that bracket what is sought, and the exact
/// series to find it between them.
class Cut {
 public:
  Cut(const math::FourierSeries2D& series, const Gauge& gauge);

  [[nodiscard]] const Line& line() const { return line_; }
  [[nodiscard]] double half_length_nm() const { return half_length_nm_; }
  [[nodiscard]] int n_samples() const { return static_cast<int>(samples_.size()); }
  [[nodiscard]] double s(int i) const { return -half_length_nm_ + i * step_nm_; }
  [[nodiscard]] double sample(int i) const { return samples_[static_cast<std::size_t>(i)]; }
  /// The sample at s = 0.
  [[nodiscard]] int centre() const { return n_samples() / 2; }

  [[nodiscard]] double value(double s) const;
  /// dI/ds.
  [[nodiscard]] double slope(double s) const;

  /// Where the image crosses the threshold between samples i and i + 1, to 1e-10 nm.
  [[nodiscard]] double crossing(int i, double threshold) const;

  struct Extremes {
    double min = 0, max = 0;
  };
  /// Least and greatest value on the cut, its ends included.
  [[nodiscard]] Extremes extremes() const;

 private:
  /// The extremum next to sample i, of which sample i is the best.
  [[nodiscard]] double refined(int i) const;

  const math::FourierSeries2D& series_;
  Line line_;
  double half_length_nm_ = 0, step_nm_ = 0;
  std::vector<double> samples_;
};

}  // namespace undulith::metrology
