// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <vector>

#include "frame.hpp"
#include "undulith/report/source_pictures.hpp"

namespace undulith::report {

/// Cuts of several images along one gauge on one axis, their differences from the first image, and the size
/// of the differences in words.
class ComparisonCuts {
 public:
  /// The gauge is the first one of the first source that has an image and a gauge. Otherwise there are no
  /// cuts.
  explicit ComparisonCuts(std::span<const ComparedSource> sources);

  [[nodiscard]] double height() const;
  void draw(Canvas& canvas, double top, double width) const;

  /// The gauge of all cuts; null: there is none.
  [[nodiscard]] const metrology::Gauge* gauge() const { return gauge_; }

 private:
  struct Cut {
    std::size_t source = 0;
    std::vector<double> intensity;
    double largest_difference = 0;
  };
  void draw_curves(Canvas& canvas, double top) const;
  void draw_differences(Canvas& canvas, double top) const;
  void draw_list(Canvas& canvas, double left, double top, double width) const;

  std::span<const ComparedSource> sources_;
  const metrology::Gauge* gauge_ = nullptr;
  double threshold_ = 0;
  std::vector<Cut> cuts_;
};

/// "same to 10⁻⁴" for small differences of intensity, the size of the difference otherwise.
[[nodiscard]] std::string difference_text(double largest_difference);

}  // namespace undulith::report
