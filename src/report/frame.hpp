// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "canvas.hpp"
#include "undulith/core/grid.hpp"
#include "undulith/report/pictures.hpp"

/// The frame around the data of a picture: title, axes, colour bar, legend.
namespace undulith::report {

struct Tick {
  double value = 0;
  std::string label;
};

/// Round numbers in [low, high] at steps of 1, 2 or 5 times a power of ten: as many as fit, at most max_count
/// (>= 2) where that is possible; none for an empty range.
[[nodiscard]] std::vector<Tick> nice_ticks(double low, double high, int max_count);

/// The largest of 1, 2, 5 times a power of ten that is not above limit > 0.
[[nodiscard]] double nice_length(double limit);

/// A readable number: `digits` significant digits, a true minus sign, large powers as 10^n with superscripts.
[[nodiscard]] std::string number_text(double value, int digits = 4);

/// The rectangle of device pixels that shows data, and the range of values it covers. y grows upwards.
///
/// Pixel (row, column) covers [value_x(column) -+ half a pixel]: range.x0 is the left edge of column 0.
struct DataArea {
  int left = 0, top = 0, width = 1, height = 1;  ///< device pixels
  Box range;

  [[nodiscard]] double x(double value) const;  ///< canvas units
  [[nodiscard]] double y(double value) const;
  [[nodiscard]] Position at(double x_value, double y_value) const { return {x(x_value), y(y_value)}; }
  [[nodiscard]] double value_x(
      int column) const;                        ///< at the centre of a pixel, from the left edge of the area
  [[nodiscard]] double value_y(int row) const;  ///< from the top edge of the area
  [[nodiscard]] double x0() const { return static_cast<double>(left) / kPixelsPerUnit; }
  [[nodiscard]] double y0() const { return static_cast<double>(top) / kPixelsPerUnit; }
  [[nodiscard]] double w() const { return static_cast<double>(width) / kPixelsPerUnit; }
  [[nodiscard]] double h() const { return static_cast<double>(height) / kPixelsPerUnit; }
};

/// The colours of a map as a table, for whole rasters.
class ColourTable {
 public:
  ColourTable(ColourMap map, double low, double high);
  [[nodiscard]] Rgb operator()(double value) const;

 private:
  double low_, high_;
  std::vector<Rgb> colours_;
};

struct ColourBar {
  ColourMap map = ColourMap::violet_yellow;
  double low = 0, high = 1;  ///< low < high
  std::string label;
  std::optional<double> mark;  ///< a marked value, for example the threshold
  Rgb mark_colour;
};

struct LegendItem {
  enum class Kind { line, patch, disc, gauge, scale_bar, note };
  Kind kind = Kind::line;
  std::string label;
  Stroke stroke = {};
  std::optional<Stroke> under = {};    ///< drawn below the line
  std::optional<Rgb> background = {};  ///< of a line; fill of a patch
  double length = 0;                   ///< of a scale bar, canvas units
};

struct FrameRequest {
  std::string title;
  std::vector<std::string> details;
  Box range;
  std::string x_label, y_label;
  int width = 0, height = 0;  ///< of the data area, device pixels
  std::optional<ColourBar> colour_bar;
  std::vector<LegendItem> legend;
  double extra_top = 0, extra_right = 0, extra_bottom = 0;  ///< canvas units kept free around the axes
  double least_left = 0;                                    ///< canvas units left of the data at least
};

struct Frame {
  Canvas canvas;
  DataArea area;
};

/// A sheet with everything except the data, sized to its content.
[[nodiscard]] Frame make_frame(const FrameRequest& request);

/// Box, ticks and labels around an area with a given position. Labels that would touch are left out.
void draw_axes(Canvas& canvas, const DataArea& area, const std::string& x_label, const std::string& y_label);
/// Space that draw_axes needs to the left of an area and below it, canvas units.
[[nodiscard]] double left_margin(const Box& range, double height, const std::string& y_label);
inline constexpr double kBottomMargin = 44;

/// Title and detail lines at the top; they use height() units.
class Header {
 public:
  Header(const std::string& title, const std::vector<std::string>& details, double width);
  [[nodiscard]] double height() const;
  void draw(Canvas& canvas) const;

 private:
  std::string title_;
  std::vector<std::string> lines_;
};

/// Legend in rows of at most `width` units.
class Legend {
 public:
  Legend(std::vector<LegendItem> items, double width);
  [[nodiscard]] double height() const;
  void draw(Canvas& canvas, double x, double y) const;

 private:
  std::vector<LegendItem> items_;
  std::vector<Position> places_;
  int n_rows_ = 0;
};

void draw_colour_bar(Canvas& canvas, const ColourBar& bar, double x, double y, double length, bool vertical);

/// "Picture - job", or only one of the two if the other is empty.
[[nodiscard]] std::string full_title(const std::string& picture, const std::string& job);

/// Text chunks with the position and the range of the data area.
void describe_area(Picture& picture, const DataArea& area, const std::string& unit);

}  // namespace undulith::report
