// SPDX-License-Identifier: MIT
#include "image_crop.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "undulith/layout/clip.hpp"

namespace undulith::report {

namespace {

using imaging::AerialImage;

constexpr double kCropWidth_nm = 160;  // crop of a window that is larger or periodic

/// Bilinear interpolation between samples of the cell, about as fine as the pixels of a crop.
class CellSampler {
 public:
  explicit CellSampler(const AerialImage& image)
      : field_(image.series.sample_cell(samples(image.series.cell().width()),
                                        samples(image.series.cell().height()))) {}
  [[nodiscard]] double operator()(double x, double y) const {
    const Place px = place(x, field_.grid().x0, field_.grid().dx, field_.nx()),
                py = place(y, field_.grid().y0, field_.grid().dy, field_.ny());
    const auto row = [&](int iy) { return std::lerp(field_(iy, px.low), field_(iy, px.high), px.share); };
    return std::lerp(row(py.low), row(py.high), py.share);
  }

 private:
  struct Place {
    int low, high;
    double share;
  };
  [[nodiscard]] static int samples(double length_nm) {
    return std::max(1, static_cast<int>(std::ceil(length_nm)));
  }
  [[nodiscard]] static Place place(double value, double start, double step, int n) {
    const double s = (value - start) / step, floor = std::floor(s);
    const int low = static_cast<int>(((static_cast<long long>(floor) % n) + n) % n);
    return {low, (low + 1) % n, s - floor};
  }
  Field2D<double> field_;
};

/// Calls draw(dx, dy) for each copy of a periodic cell that the range touches; once, with 0, for any other.
template <class F>
void for_each_copy(const Box& cell, const Box& window, const Box& range, F draw) {
  const layout::PeriodicAxes periodic = layout::periodic_axes(cell, window);
  const auto copies = [](double low, double high, double start, double period, bool repeats) {
    if (!repeats) return std::pair{0, 0};
    return std::pair{static_cast<int>(std::floor((low - start) / period)),
                     static_cast<int>(std::floor((high - start) / period))};
  };
  const auto [first_x, last_x] = copies(range.x0, range.x1, cell.x0, cell.width(), periodic.x);
  const auto [first_y, last_y] = copies(range.y0, range.y1, cell.y0, cell.height(), periodic.y);
  for (int j = first_y; j <= last_y; ++j)
    for (int i = first_x; i <= last_x; ++i) draw(i * cell.width(), j * cell.height());
}

}  // namespace

Box crop_of(const AerialImage& image, const metrology::Gauge* about) {
  const Box& window = image.window;
  const layout::PeriodicAxes periodic = layout::periodic_axes(image.series.cell(), window);
  const auto side = [](double low, double high, bool repeats, double centre) {
    const double length = repeats ? kCropWidth_nm : std::min(kCropWidth_nm, high - low);
    const double start = centre - length / 2;
    return repeats ? start : std::clamp(start, low, high - length);
  };
  const double x = about ? about->x_nm : (window.x0 + window.x1) / 2,
               y = about ? about->y_nm : (window.y0 + window.y1) / 2;
  const double x0 = side(window.x0, window.x1, periodic.x, x), y0 = side(window.y0, window.y1, periodic.y, y);
  return {x0, y0, x0 + (periodic.x ? kCropWidth_nm : std::min(kCropWidth_nm, window.width())),
          y0 + (periodic.y ? kCropWidth_nm : std::min(kCropWidth_nm, window.height()))};
}

void draw_crop(Canvas& canvas, const AerialImage& image, const DataArea& area, const ColourTable& colours) {
  const CellSampler intensity(image);
  canvas.raster(area.left, area.top, area.width, area.height, [&](int row, int column) {
    return colours(intensity(area.value_x(column), area.value_y(row)));
  });
  canvas.rectangle(area.x0() - 0.5, area.y0() - 0.5, area.w() + 1, area.h() + 1, {{40, 40, 40}, 1});
}

void draw_printed_edge(Canvas& canvas, const AerialImage& image, const metrology::Measurement& measurement,
                       const DataArea& area, const Stroke& stroke) {
  canvas.clip(area.x0(), area.y0(), area.w(), area.h());
  for_each_copy(image.series.cell(), image.window, area.range, [&](double dx, double dy) {
    for (const math::Contour& contour : measurement.contours) {
      std::vector<Position> points;
      for (std::size_t k = 0; k < contour.x.size(); ++k)
        points.push_back(area.at(contour.x[k] + dx, contour.y[k] + dy));
      canvas.polyline(points, contour.closed, stroke);
    }
  });
  canvas.unclip();
}

void draw_target(Canvas& canvas, const layout::Clip& clip, const DataArea& area, const Stroke& stroke) {
  canvas.clip(area.x0(), area.y0(), area.w(), area.h());
  for_each_copy(clip.cell, clip.window, area.range, [&](double dx, double dy) {
    for (const layout::Polygon& ring : clip.rings) {
      for (std::size_t i = 0; i < ring.size(); ++i) {
        const layout::Point &a = ring[i], &b = ring[(i + 1) % ring.size()];
        // On the border of a periodic cell the polygon continues in the next copy.
        const bool on_border_x = a.x == b.x && (a.x == clip.cell.x0 || a.x == clip.cell.x1),
                   on_border_y = a.y == b.y && (a.y == clip.cell.y0 || a.y == clip.cell.y1);
        if (on_border_x || on_border_y) continue;
        canvas.line(area.at(a.x + dx, a.y + dy), area.at(b.x + dx, b.y + dy), stroke);
      }
    }
  });
  canvas.unclip();
}

}  // namespace undulith::report
