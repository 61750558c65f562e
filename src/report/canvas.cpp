// SPDX-License-Identifier: MIT
#include "canvas.hpp"

#include <cairo.h>

#include <cfenv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <numbers>

#include "undulith/core/error.hpp"

namespace undulith::report {

namespace {

/// Cairo and the font library raise harmless floating-point exceptions: disable the traps, and clear the
/// flags afterwards.
class FloatingPointPause {
 public:
  FloatingPointPause() { std::feholdexcept(&environment_); }
  FloatingPointPause(const FloatingPointPause&) = delete;
  FloatingPointPause& operator=(const FloatingPointPause&) = delete;
  ~FloatingPointPause() { std::fesetenv(&environment_); }

 private:
  std::fenv_t environment_{};
};

void select_font(cairo_t* context, double size, bool bold) {
  cairo_select_font_face(context, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                         bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(context, size);
}

void use_plain_text(cairo_t* context) {
  // The same letters on every screen: no sub-pixel colours, no hinting to the pixel grid.
  cairo_font_options_t* options = cairo_font_options_create();
  cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  cairo_set_font_options(context, options);
  cairo_font_options_destroy(options);
}

void set_colour(cairo_t* context, Rgb colour, double opacity) {
  cairo_set_source_rgba(context, colour.red / 255.0, colour.green / 255.0, colour.blue / 255.0, opacity);
}

[[nodiscard]] std::shared_ptr<cairo_surface_t> make_surface(int width, int height) {
  const FloatingPointPause pause;
  cairo_surface_t* raw = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
  std::shared_ptr<cairo_surface_t> surface(raw, cairo_surface_destroy);
  if (cairo_surface_status(raw) != CAIRO_STATUS_SUCCESS) {
    throw IoError(std::string("cannot draw a picture (") + cairo_status_to_string(cairo_surface_status(raw)) +
                  "); free some memory and run again");
  }
  return surface;
}

[[nodiscard]] std::shared_ptr<cairo_t> make_context(cairo_surface_t* surface) {
  const FloatingPointPause pause;
  std::shared_ptr<cairo_t> context(cairo_create(surface), cairo_destroy);
  use_plain_text(context.get());
  cairo_scale(context.get(), kPixelsPerUnit, kPixelsPerUnit);
  cairo_set_line_join(context.get(), CAIRO_LINE_JOIN_ROUND);
  return context;
}

/// Length of the UTF-8 sequence that starts here; 0 when it is not one.
[[nodiscard]] std::size_t sequence_length(const std::string& text, std::size_t i) {
  const auto byte = [&text](std::size_t k) { return static_cast<unsigned char>(text[k]); };
  const unsigned char lead = byte(i);
  std::size_t n = 0;
  std::uint32_t code = 0;
  if (lead < 0x80) return lead >= 0x20 && lead != 0x7f ? 1 : 0;
  if (lead >= 0xc2 && lead < 0xe0) n = 2, code = lead & 0x1fu;
  if (lead >= 0xe0 && lead < 0xf0) n = 3, code = lead & 0x0fu;
  if (lead >= 0xf0 && lead < 0xf5) n = 4, code = lead & 0x07u;
  if (n == 0 || i + n > text.size()) return 0;
  for (std::size_t k = 1; k < n; ++k) {
    if ((byte(i + k) & 0xc0) != 0x80) return 0;
    code = code << 6 | (byte(i + k) & 0x3fu);
  }
  const bool too_long = (n == 3 && code < 0x800) || (n == 4 && code < 0x10000);
  const bool not_a_character =
      (code >= 0xd800 && code < 0xe000) || code > 0x10ffff || (code >= 0x80 && code < 0xa0);
  return too_long || not_a_character ? 0 : n;
}

}  // namespace

std::string printable(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t n = sequence_length(text, i);
    if (n == 0) {
      result += text[i] == '\n' || text[i] == '\t' ? ' ' : '?';
      ++i;
    } else {
      result.append(text, i, n);
      i += n;
    }
  }
  return result;
}

double text_width(const std::string& text, double size, bool bold) {
  const std::shared_ptr<cairo_surface_t> surface = make_surface(1, 1);
  const std::shared_ptr<cairo_t> context = make_context(surface.get());
  const FloatingPointPause pause;
  select_font(context.get(), size, bold);
  cairo_text_extents_t extents{};
  cairo_text_extents(context.get(), printable(text).c_str(), &extents);
  return extents.x_advance;
}

std::string shortened(const std::string& text, double size, bool bold, double max_width) {
  std::string result = printable(text);
  if (text_width(result, size, bold) <= max_width) return result;
  while (!result.empty() && text_width(result + "…", size, bold) > max_width) {
    do {
      const bool tail = (static_cast<unsigned char>(result.back()) & 0xc0) == 0x80;
      result.pop_back();
      if (!tail) break;
    } while (!result.empty());
  }
  return result + "…";
}

Canvas::Canvas(int pixel_width, int pixel_height)
    : surface_(make_surface(pixel_width, pixel_height)),
      context_(make_context(surface_.get())),
      pixel_width_(pixel_width),
      pixel_height_(pixel_height) {
  const FloatingPointPause pause;
  cairo_set_source_rgb(context_.get(), 1, 1, 1);
  cairo_paint(context_.get());
}

double Canvas::width() const {
  return static_cast<double>(pixel_width_) / kPixelsPerUnit;
}
double Canvas::height() const {
  return static_cast<double>(pixel_height_) / kPixelsPerUnit;
}

void Canvas::text(double x, double y, const std::string& text, const TextStyle& style) {
  const std::string shown = printable(text);
  const double length = style.anchor == Anchor::start ? 0 : text_width(shown, style.size, style.bold);
  const FloatingPointPause pause;
  cairo_t* context = context_.get();
  cairo_save(context);
  select_font(context, style.size, style.bold);
  cairo_translate(context, x, y);
  if (style.upwards) cairo_rotate(context, -std::numbers::pi / 2);
  cairo_new_path(context);
  cairo_move_to(context,
                style.anchor == Anchor::start    ? 0
                : style.anchor == Anchor::middle ? -length / 2
                                                 : -length,
                0);
  if (style.halo) {
    cairo_text_path(context, shown.c_str());
    set_colour(context, {255, 255, 255}, 0.85);
    cairo_set_line_width(context, style.size / 4);
    cairo_stroke_preserve(context);
    set_colour(context, style.colour, 1);
    cairo_fill(context);
  } else {
    set_colour(context, style.colour, 1);
    cairo_show_text(context, shown.c_str());
  }
  cairo_new_path(context);  // text leaves a current point; an arc would draw a line from it
  cairo_restore(context);
}

void Canvas::stroke_path(const Stroke& stroke) {
  cairo_t* context = context_.get();
  set_colour(context, stroke.colour, stroke.opacity);
  cairo_set_line_width(context, stroke.width);
  cairo_set_dash(context, stroke.dash.data(), static_cast<int>(stroke.dash.size()), 0);
  cairo_stroke(context);
  cairo_set_dash(context, nullptr, 0, 0);
}

void Canvas::line(Position from, Position to, const Stroke& stroke) {
  const Position points[] = {from, to};
  polyline(points, false, stroke);
}

void Canvas::polyline(std::span<const Position> points, bool closed, const Stroke& stroke) {
  if (points.size() < 2) return;
  const FloatingPointPause pause;
  cairo_t* context = context_.get();
  cairo_new_path(context);
  for (const Position& point : points) cairo_line_to(context, point.x, point.y);
  if (closed) cairo_close_path(context);
  stroke_path(stroke);
}

void Canvas::fill(std::span<const std::vector<Position>> rings, Rgb colour, double opacity) {
  const FloatingPointPause pause;
  cairo_t* context = context_.get();
  cairo_new_path(context);
  for (const std::vector<Position>& ring : rings) {
    cairo_new_sub_path(context);
    for (const Position& point : ring) cairo_line_to(context, point.x, point.y);
    cairo_close_path(context);
  }
  set_colour(context, colour, opacity);
  cairo_set_fill_rule(context, CAIRO_FILL_RULE_WINDING);
  cairo_fill(context);
}

void Canvas::fill_rectangle(double x, double y, double width, double height, Rgb colour, double opacity) {
  const FloatingPointPause pause;
  cairo_t* context = context_.get();
  cairo_new_path(context);
  cairo_rectangle(context, x, y, width, height);
  set_colour(context, colour, opacity);
  cairo_fill(context);
}

void Canvas::rectangle(double x, double y, double width, double height, const Stroke& stroke) {
  const Position points[] = {{x, y}, {x + width, y}, {x + width, y + height}, {x, y + height}};
  polyline(points, true, stroke);
}

void Canvas::circle(Position centre, double radius, const Stroke& stroke) {
  const FloatingPointPause pause;
  cairo_new_path(context_.get());
  cairo_arc(context_.get(), centre.x, centre.y, radius, 0, 2 * std::numbers::pi);
  cairo_close_path(context_.get());
  stroke_path(stroke);
}

void Canvas::disc(Position centre, double radius, Rgb colour, double opacity) {
  const FloatingPointPause pause;
  cairo_new_path(context_.get());
  cairo_arc(context_.get(), centre.x, centre.y, radius, 0, 2 * std::numbers::pi);
  set_colour(context_.get(), colour, opacity);
  cairo_fill(context_.get());
}

void Canvas::ellipse(Position centre, double first_axis, double second_axis, double angle_rad,
                     const Stroke& stroke) {
  constexpr int kSides = 48;
  std::vector<Position> points;
  for (int i = 0; i < kSides; ++i) {
    const double t = 2 * std::numbers::pi * i / kSides;
    const double u = first_axis * std::cos(t), v = second_axis * std::sin(t);
    points.push_back({centre.x + u * std::cos(angle_rad) - v * std::sin(angle_rad),
                      centre.y - u * std::sin(angle_rad) - v * std::cos(angle_rad)});
  }
  polyline(points, true, stroke);
}

void Canvas::clip(double x, double y, double width, double height) {
  const FloatingPointPause pause;
  cairo_save(context_.get());
  cairo_new_path(context_.get());
  cairo_rectangle(context_.get(), x, y, width, height);
  cairo_clip(context_.get());
}

void Canvas::unclip() {
  const FloatingPointPause pause;
  cairo_restore(context_.get());
}

void Canvas::raster(int left, int top, int width, int height, const std::function<Rgb(int, int)>& colour) {
  cairo_surface_flush(surface_.get());
  unsigned char* data = cairo_image_surface_get_data(surface_.get());
  const std::ptrdiff_t stride = cairo_image_surface_get_stride(surface_.get());
  for (int row = 0; row < height; ++row) {
    for (int column = 0; column < width; ++column) {
      const Rgb c = colour(row, column);
      const std::uint32_t pixel = std::uint32_t{c.red} << 16 | std::uint32_t{c.green} << 8 | c.blue;
      std::memcpy(data + (top + row) * stride + (left + column) * std::ptrdiff_t{4}, &pixel, 4);
    }
  }
  cairo_surface_mark_dirty(surface_.get());
}

io::RgbImage Canvas::image() const {
  if (cairo_status(context_.get()) != CAIRO_STATUS_SUCCESS) {
    throw IoError(std::string("cannot draw a picture (") +
                  cairo_status_to_string(cairo_status(context_.get())) + "); report this with the job");
  }
  cairo_surface_flush(surface_.get());
  const unsigned char* data = cairo_image_surface_get_data(surface_.get());
  const std::ptrdiff_t stride = cairo_image_surface_get_stride(surface_.get());
  io::RgbImage result{pixel_width_, pixel_height_, {}};
  result.pixels.resize(std::size_t{3} * static_cast<std::size_t>(pixel_width_) *
                       static_cast<std::size_t>(pixel_height_));
  std::uint8_t* to = result.pixels.data();
  for (int row = 0; row < pixel_height_; ++row) {
    for (int column = 0; column < pixel_width_; ++column) {
      std::uint32_t pixel = 0;
      std::memcpy(&pixel, data + row * stride + column * std::ptrdiff_t{4}, 4);
      for (const int shift : {16, 8, 0}) *to++ = static_cast<std::uint8_t>(pixel >> shift);
    }
  }
  return result;
}

}  // namespace undulith::report
