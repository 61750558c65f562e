// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "undulith/report/pictures.hpp"

/// Pictures of a sweep: curves, maps over two keys, fronts of two quantities. Several panels have the same axes.
namespace undulith::report {

/// A result over a varied key.
struct SweepCurve {
  std::string label;
  std::vector<double> x;                 ///< rising
  std::vector<std::optional<double>> y;  ///< absent where it did not print
};

/// How the curves of a picture belong together. family: values of a second number, coloured in their order; kinds: different
/// gauges, words or files; points: other keys change from point to point as well, so that no line joins them.
enum class SweepCurves { family, kinds, points };

struct SweepPanel {
  std::string label;  ///< of the value of a third key; empty where there is one panel
  std::vector<SweepCurve> curves;
};

struct SweepPlot {
  std::string title, x_label, y_label;
  SweepCurves kind = SweepCurves::kinds;
  std::vector<SweepPanel> panels;  ///< with the same curves, in the same order
  std::optional<double> target;    ///< drawn as a dotted line
};

/// @throws std::invalid_argument  nothing finite to draw
[[nodiscard]] Picture draw_sweep(const SweepPlot& sweep, const PictureOptions& options);

struct SweepMapPanel {
  std::string label;                          ///< as of SweepPanel
  std::vector<std::optional<double>> values;  ///< row by row: value(iy, ix) at iy * x.size() + ix
};

/// A result over two varied numbers.
struct SweepMap {
  std::string title, x_label, y_label, quantity;
  std::vector<double> x, y;  ///< rising, at least two of each
  std::vector<SweepMapPanel> panels;
  std::optional<double> target;  ///< its level line is drawn, with those of 10 % more and less
};

/// Colours by bilinear interpolation between the points, grey where a corner did not print; level lines at the ticks of the
/// colour bar.
/// @throws std::invalid_argument  nothing finite to draw
[[nodiscard]] Picture draw_sweep_map(const SweepMap& map, const PictureOptions& options);

/// Points of two quantities, and those of them that no other one surpasses in both.
struct SweepFront {
  struct Series {
    std::string label;
    std::vector<double> x, y;              ///< all points
    std::vector<double> front_x, front_y;  ///< along the front
  };
  std::string title, x_label, y_label;
  std::vector<Series> series;
};

/// @throws std::invalid_argument  nothing finite to draw
[[nodiscard]] Picture draw_sweep_front(const SweepFront& front, const PictureOptions& options);

}  // namespace undulith::report
