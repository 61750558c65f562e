// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "frame.hpp"
#include "undulith/report/resist_pictures.hpp"

namespace undulith::report {
namespace {

constexpr int kViewWidth = 760, kViewHeight = 470;  // canvas units of the view
using Vector = std::array<double, 3>;

double dot(const Vector& a, const Vector& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

Vector unit(Vector v) {
  const double length = std::sqrt(dot(v, v));
  if (length > 0)
    for (double& c : v) c /= length;
  return v;
}

Vector cross(const Vector& a, const Vector& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

// The level on the body to show: a uniform axis is extended, a narrow cell is repeated, height upwards.
struct Body {
  Field3D<double> level;  ///< plane 0 is the substrate
  double copies = 1;
};

Body body_of(const resist::ResistProfile& profile) {
  const Field3D<double> level = resist::resist_level(profile);
  const Grid3D& from = level.grid();
  constexpr double kLeastNm = 90, kMostNm = 260;
  const auto nodes = [&](int n, double step, int& every) {
    every = 1;
    if (n == 1) return std::max(2, static_cast<int>(std::lround(kLeastNm / std::max(from.dz, 1.0))));
    const double side = n * step;
    const double shown = std::clamp(side * std::ceil(kLeastNm / side), 0.0, std::max(kMostNm, step * 8));
    every = std::max(1, static_cast<int>(std::lround(0.8 / step)));
    return static_cast<int>(std::lround(shown / (step * every))) + 1;
  };
  int every_x = 1, every_y = 1;
  Grid3D to = from;
  to.nx = nodes(from.nx, from.dx, every_x);
  to.ny = nodes(from.ny, from.dy, every_y);
  to.dx = from.nx == 1 ? std::max(from.dz, 1.0) : from.dx * every_x;
  to.dy = from.ny == 1 ? std::max(from.dz, 1.0) : from.dy * every_y;
  Body body{Field3D<double>(to)};
  for (int iz = 0; iz < to.nz; ++iz)
    for (int iy = 0; iy < to.ny; ++iy)
      for (int ix = 0; ix < to.nx; ++ix)
        body.level(iz, iy, ix) = level(to.nz - 1 - iz, from.ny == 1 ? 0 : iy * every_y % from.ny,
                                       from.nx == 1 ? 0 : ix * every_x % from.nx);
  return body;
}

// Parallel projection from the front, the left and above.
struct View {
  Vector right, up, towards;  ///< of the sheet, in the body's axes
  double scale = 1, x = 0, y = 0;
  [[nodiscard]] Vector project(const Vector& p) const {
    return {x + scale * dot(p, right), y - scale * dot(p, up), dot(p, towards)};
  }
};

View view_of_body(const Grid3D& grid) {
  const double turn = -28 * std::numbers::pi / 180, tilt = 32 * std::numbers::pi / 180;
  View view;
  view.right = {std::cos(turn), -std::sin(turn), 0};
  const Vector back{std::sin(turn), std::cos(turn), 0};
  view.up = {back[0] * std::sin(tilt), back[1] * std::sin(tilt), std::cos(tilt)};
  view.towards = {-back[0] * std::cos(tilt), -back[1] * std::cos(tilt), std::sin(tilt)};
  double x0 = 1e300, x1 = -1e300, y0 = 1e300, y1 = -1e300;
  for (int k = 0; k < 8; ++k) {
    const Vector corner{grid.x((k & 1) * (grid.nx - 1)), grid.y((k >> 1 & 1) * (grid.ny - 1)),
                        (k >> 2) * grid.thickness()};
    const Vector p = view.project(corner);
    x0 = std::min(x0, p[0]), x1 = std::max(x1, p[0]);
    y0 = std::min(y0, p[1]), y1 = std::max(y1, p[1]);
  }
  constexpr double kMargin = 0.06;
  const double pixels_x = kViewWidth * kPixelsPerUnit, pixels_y = kViewHeight * kPixelsPerUnit;
  view.scale = (1 - 2 * kMargin) * std::min(pixels_x / (x1 - x0), pixels_y / (y1 - y0));
  view.x = pixels_x / 2 - view.scale * (x0 + x1) / 2;
  view.y = pixels_y / 2 - view.scale * (y0 + y1) / 2;
  return view;
}

// Pixels with the depth of the visible point.
class Raster {
 public:
  Raster(int width, int height)
      : width_(width),
        height_(height),
        depth_(static_cast<std::size_t>(width) * height, -std::numeric_limits<double>::infinity()),
        colour_(depth_.size(), Rgb{255, 255, 255}) {}

  void triangle(const Vector& a, const Vector& b, const Vector& c, Rgb colour) {
    const double area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
    if (std::abs(area) < 1e-12) return;
    const int x0 = std::max(0, static_cast<int>(std::floor(std::min({a[0], b[0], c[0]})))),
              x1 = std::min(width_ - 1, static_cast<int>(std::ceil(std::max({a[0], b[0], c[0]})))),
              y0 = std::max(0, static_cast<int>(std::floor(std::min({a[1], b[1], c[1]})))),
              y1 = std::min(height_ - 1, static_cast<int>(std::ceil(std::max({a[1], b[1], c[1]}))));
    for (int y = y0; y <= y1; ++y)
      for (int x = x0; x <= x1; ++x) {
        const double px = x + 0.5, py = y + 0.5;
        const double u = ((b[0] - px) * (c[1] - py) - (b[1] - py) * (c[0] - px)) / area,
                     v = ((c[0] - px) * (a[1] - py) - (c[1] - py) * (a[0] - px)) / area, w = 1 - u - v;
        constexpr double kSeam = -1e-9;
        if (u < kSeam || v < kSeam || w < kSeam) continue;
        const double depth = u * a[2] + v * b[2] + w * c[2];
        const std::size_t i =
            static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x);
        if (depth <= depth_[i]) continue;
        depth_[i] = depth;
        colour_[i] = colour;
      }
  }
  [[nodiscard]] Rgb at(int row, int column) const {
    return colour_[static_cast<std::size_t>(row) * static_cast<std::size_t>(width_) +
                   static_cast<std::size_t>(column)];
  }

 private:
  int width_, height_;
  std::vector<double> depth_;
  std::vector<Rgb> colour_;
};

Rgb shaded(Rgb base, double light) {
  const auto dim = [&](std::uint8_t c) {
    return static_cast<std::uint8_t>(std::clamp(light * c, 0.0, 255.0));
  };
  return {dim(base.red), dim(base.green), dim(base.blue)};
}

}  // namespace

Picture draw_profile(const resist::ResistProfile& profile, const PictureOptions& options) {
  const Body body = body_of(profile);
  const Grid3D& grid = body.level.grid();
  const math::Surface surface = math::find_surface(body.level, 0, true);
  const View view = view_of_body(grid);
  Raster raster(kViewWidth * kPixelsPerUnit, kViewHeight * kPixelsPerUnit);
  constexpr Rgb kResist{222, 176, 106}, kSubstrate{176, 184, 196};
  const Vector light = unit({-0.35, -0.75, 1.1});
  const double x0 = grid.x(0), x1 = grid.x(grid.nx - 1), y0 = grid.y(0), y1 = grid.y(grid.ny - 1);
  const double slab_nm = 0.12 * grid.thickness();
  const auto quad = [&](const Vector& a, const Vector& b, const Vector& c, const Vector& d,
                        const Vector& normal) {
    const Rgb colour = shaded(kSubstrate, 0.45 + 0.55 * std::max(0.0, dot(normal, light)));
    raster.triangle(view.project(a), view.project(b), view.project(c), colour);
    raster.triangle(view.project(a), view.project(c), view.project(d), colour);
  };
  // The top of the substrate is a little below the resist, so that the depth test is unambiguous.
  const double top = -1e-3;
  quad({x0, y0, top}, {x1, y0, top}, {x1, y1, top}, {x0, y1, top}, {0, 0, 1});
  quad({x0, y0, top}, {x1, y0, top}, {x1, y0, -slab_nm}, {x0, y0, -slab_nm}, {0, -1, 0});
  quad({x0, y0, top}, {x0, y1, top}, {x0, y1, -slab_nm}, {x0, y0, -slab_nm}, {-1, 0, 0});
  quad({x1, y0, top}, {x1, y1, top}, {x1, y1, -slab_nm}, {x1, y0, -slab_nm}, {1, 0, 0});
  for (const auto& t : surface.triangles) {
    const Vector &a = surface.points[t[0]], &b = surface.points[t[1]], &c = surface.points[t[2]];
    const Vector normal =
        unit(cross({b[0] - a[0], b[1] - a[1], b[2] - a[2]}, {c[0] - a[0], c[1] - a[1], c[2] - a[2]}));
    raster.triangle(view.project(a), view.project(b), view.project(c),
                    shaded(kResist, 0.38 + 0.62 * std::max(0.0, dot(normal, light))));
  }

  const std::string title = full_title("Resist profile", options.title);
  const Header header(title, options.details, kViewWidth);
  const double bar_nm = nice_length((x1 - x0) / 3), bar_units = bar_nm * view.scale / kPixelsPerUnit;
  const Legend legend(
      {{.kind = LegendItem::Kind::patch,
        .label = "resist",
        .stroke = {{120, 90, 40}, 1},
        .background = kResist},
       {.kind = LegendItem::Kind::patch,
        .label = "substrate",
        .stroke = {{90, 90, 100}, 1},
        .background = kSubstrate},
       {.kind = LegendItem::Kind::scale_bar,
        .label = fmt::format("{} nm in the plane of the sheet", number_text(bar_nm)),
        .stroke = {{40, 40, 40}, 1.6},
        .length = bar_units},
       {.kind = LegendItem::Kind::note,
        .label = fmt::format("{} × {} nm, film {} nm; parallel view, to scale", number_text(x1 - x0, 3),
                             number_text(y1 - y0, 3), number_text(grid.thickness(), 3))}},
      kViewWidth);
  const double view_top = std::ceil(header.height());
  const double sheet_height = std::ceil(view_top + kViewHeight + legend.height() + 16);
  Canvas canvas((kViewWidth + 32) * kPixelsPerUnit, static_cast<int>(sheet_height) * kPixelsPerUnit);
  header.draw(canvas);
  canvas.raster(16 * kPixelsPerUnit, static_cast<int>(view_top) * kPixelsPerUnit, kViewWidth * kPixelsPerUnit,
                kViewHeight * kPixelsPerUnit, [&](int row, int column) { return raster.at(row, column); });
  // The directions of the axes.
  const auto arrow = [&](const Vector& axis, const std::string& name) {
    const double length = 34;
    const Position from{58, view_top + kViewHeight - 30};
    const Position to{from.x + length * dot(axis, view.right), from.y - length * dot(axis, view.up)};
    canvas.line(from, to, {{40, 40, 40}, 1.8});
    canvas.text(to.x + 3, to.y - 3, name, {.size = 12, .bold = true});
  };
  arrow({1, 0, 0}, "x");
  arrow({0, 1, 0}, "y");
  arrow({0, 0, 1}, "z");
  legend.draw(canvas, 16, view_top + kViewHeight + 6);
  Picture picture{canvas.image(), {}};
  picture.text["Title"] = printable(title);
  picture.text["undulith:quantity"] = "rendering of the resist that is left, lengths in nm";
  return picture;
}

}  // namespace undulith::report
