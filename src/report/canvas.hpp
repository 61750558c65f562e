// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "undulith/io/png.hpp"
#include "undulith/report/colour_map.hpp"

struct _cairo;
struct _cairo_surface;

namespace undulith::report {

/// Device pixels per canvas unit: pictures have twice the resolution of their layout.
inline constexpr int kPixelsPerUnit = 2;

/// Colours of text, axes and everything else that carries no data.
inline constexpr Rgb kInk{40, 40, 40}, kSoftInk{95, 95, 95};

struct Position {
  double x = 0, y = 0;
};

struct Stroke {
  Rgb colour;
  double width = 1;
  std::vector<double> dash = {};
  double opacity = 1;
};

enum class Anchor { start, middle, end };

struct TextStyle {
  double size = 12;
  Rgb colour = kInk;
  Anchor anchor = Anchor::start;  ///< which part of the text is at x; y is the baseline
  bool bold = false;
  bool upwards = false;  ///< rotated by 90 degrees, reads from bottom to top
  bool halo = false;     ///< white outline
};

/// Width of a text in canvas units.
[[nodiscard]] double text_width(const std::string& text, double size, bool bold = false);

/// Valid UTF-8 without control characters: every other byte becomes '?', because Cairo refuses it.
[[nodiscard]] std::string printable(const std::string& text);

/// The text, shortened with an ellipsis if it is wider than max_width.
[[nodiscard]] std::string shortened(const std::string& text, double size, bool bold, double max_width);

/// A white drawing area; x to the right, y down, in canvas units. Deterministic for one set of fonts.
/// Floating-point traps are disabled while the drawing library runs.
class Canvas {
 public:
  /// @throws IoError  no memory
  Canvas(int pixel_width, int pixel_height);

  [[nodiscard]] double width() const;
  [[nodiscard]] double height() const;

  void text(double x, double y, const std::string& text, const TextStyle& style);
  void line(Position from, Position to, const Stroke& stroke);
  void polyline(std::span<const Position> points, bool closed, const Stroke& stroke);
  void fill(std::span<const std::vector<Position>> rings, Rgb colour, double opacity = 1);
  void fill_rectangle(double x, double y, double width, double height, Rgb colour, double opacity = 1);
  void rectangle(double x, double y, double width, double height, const Stroke& stroke);
  void circle(Position centre, double radius, const Stroke& stroke);
  void disc(Position centre, double radius, Rgb colour, double opacity = 1);
  /// A tilted ellipse; angle_rad turns the first axis counter-clockwise as seen on the sheet.
  void ellipse(Position centre, double first_axis, double second_axis, double angle_rad,
               const Stroke& stroke);

  /// Clips all further drawing to a rectangle, until unclip().
  void clip(double x, double y, double width, double height);
  void unclip();

  /// Sets pixels [left, left+width) x [top, top+height), all in device pixels; colour(row, column) from the
  /// top left.
  void raster(int left, int top, int width, int height,
              const std::function<Rgb(int row, int column)>& colour);

  /// The finished sheet. @throws IoError  the drawing library failed
  [[nodiscard]] io::RgbImage image() const;

 private:
  void stroke_path(const Stroke& stroke);

  std::shared_ptr<_cairo_surface> surface_;
  std::shared_ptr<_cairo> context_;
  int pixel_width_, pixel_height_;
};

}  // namespace undulith::report
