// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "sweep_sheet.hpp"
#include "undulith/math/contour.hpp"
#include "undulith/report/sweep_pictures.hpp"

namespace undulith::report {
namespace {

constexpr Rgb kNothing{226, 226, 226};
const Stroke kLevel{{255, 255, 255}, 1, {}, 0.75}, kTarget{{0, 0, 0}, 2.2}, kTolerance{{0, 0, 0}, 1.1};

struct MapScale {
  double low = std::numeric_limits<double>::infinity(), high = -low;
};

MapScale scale_of(const SweepMap& map) {
  MapScale scale;
  for (const SweepMapPanel& panel : map.panels)
    for (const std::optional<double>& value : panel.values)
      if (value) scale.low = std::min(scale.low, *value), scale.high = std::max(scale.high, *value);
  if (!(scale.low <= scale.high)) throw std::invalid_argument("draw_sweep_map: nothing finite to draw");
  if (scale.low == scale.high) {
    const double room = std::max(1e-6, 1e-3 * std::abs(scale.low));
    scale.low -= room, scale.high += room;
  }
  return scale;
}

// The four points around a place, where all of them have a value.
struct MapCell {
  double x0, y0, x1, y1, v00, v01, v10, v11;  ///< v(iy, ix)

  [[nodiscard]] double at(double x, double y) const {
    const double u = (x - x0) / (x1 - x0), v = (y - y0) / (y1 - y0);
    return std::lerp(std::lerp(v00, v01, u), std::lerp(v10, v11, u), v);
  }
};

std::optional<MapCell> cell_of(const SweepMap& map, const SweepMapPanel& panel, std::size_t ix,
                               std::size_t iy) {
  const auto value = [&](std::size_t dy, std::size_t dx) {
    return panel.values[(iy + dy) * map.x.size() + ix + dx];
  };
  const auto v00 = value(0, 0), v01 = value(0, 1), v10 = value(1, 0), v11 = value(1, 1);
  if (!v00 || !v01 || !v10 || !v11) return std::nullopt;
  return MapCell{map.x[ix], map.y[iy], map.x[ix + 1], map.y[iy + 1], *v00, *v01, *v10, *v11};
}

std::size_t interval_of(const std::vector<double>& values, double value) {
  const auto above = static_cast<std::size_t>(std::ranges::upper_bound(values, value) - values.begin());
  return std::clamp<std::size_t>(above, 1, values.size() - 1) - 1;
}

void fill_panel(Canvas& canvas, const DataArea& area, const SweepMap& map, const SweepMapPanel& panel,
                const ColourTable& colours) {
  canvas.raster(area.left, area.top, area.width, area.height, [&](int row, int column) {
    const double x = area.value_x(column), y = area.value_y(row);
    const auto cell = cell_of(map, panel, interval_of(map.x, x), interval_of(map.y, y));
    return cell ? colours(cell->at(x, y)) : kNothing;
  });
}

// The pieces of a level line, one or two in each cell.
std::vector<math::Contour> level_line(const SweepMap& map, const SweepMapPanel& panel, double level) {
  std::vector<math::Contour> pieces;
  // Bilinear values between four points make a smoother line than its chord; among many points it is not seen.
  const int n_parts = std::clamp(200 / static_cast<int>(std::max(map.x.size(), map.y.size())), 1, 8);
  for (std::size_t iy = 0; iy + 1 < map.y.size(); ++iy)
    for (std::size_t ix = 0; ix + 1 < map.x.size(); ++ix) {
      const auto cell = cell_of(map, panel, ix, iy);
      if (!cell) continue;
      const Grid2D grid{.plane = Plane::wafer,
                        .nx = n_parts + 1,
                        .ny = n_parts + 1,
                        .x0 = cell->x0,
                        .y0 = cell->y0,
                        .dx = (cell->x1 - cell->x0) / n_parts,
                        .dy = (cell->y1 - cell->y0) / n_parts};
      Field2D<double> field(grid);
      for (int j = 0; j < grid.ny; ++j)
        for (int i = 0; i < grid.nx; ++i) field(j, i) = cell->at(grid.x(i), grid.y(j));
      for (math::Contour& piece : math::find_contours(field, level)) pieces.push_back(std::move(piece));
    }
  return pieces;
}

void draw_level(Canvas& canvas, const DataArea& area, const std::vector<math::Contour>& pieces,
                const Stroke& stroke) {
  for (const math::Contour& piece : pieces) {
    std::vector<Position> line;
    for (std::size_t i = 0; i < piece.x.size(); ++i) line.push_back(area.at(piece.x[i], piece.y[i]));
    canvas.polyline(line, piece.closed, stroke);
  }
}

// The label of a level line, near the middle of it and away from other labels.
void draw_label(Canvas& canvas, const DataArea& area, const std::vector<math::Contour>& pieces,
                const std::string& text, std::vector<Position>& taken) {
  constexpr double kApart = 34, kFromEdge = 26;
  const auto is_free = [&](Position p) {
    return p.x > area.x0() + kFromEdge && p.x < area.x0() + area.w() - kFromEdge && p.y > area.y0() + 12 &&
           p.y < area.y0() + area.h() - 12 && std::ranges::none_of(taken, [p](Position other) {
             return std::abs(p.x - other.x) < kApart && std::abs(p.y - other.y) < kApart / 2;
           });
  };
  std::vector<std::size_t> outwards(pieces.size());
  std::iota(outwards.begin(), outwards.end(), std::size_t{0});
  std::ranges::stable_sort(
      outwards, {}, [half = pieces.size() / 2](std::size_t i) { return i > half ? i - half : half - i; });
  for (const std::size_t i : outwards) {
    const math::Contour& piece = pieces[i];
    const Position middle = area.at(piece.x[piece.x.size() / 2], piece.y[piece.y.size() / 2]);
    if (!is_free(middle)) continue;
    taken.push_back(middle);
    return canvas.text(middle.x, middle.y + 4, text,
                       {.size = 11, .colour = kInk, .anchor = Anchor::middle, .halo = true});
  }
}

}  // namespace

Picture draw_sweep_map(const SweepMap& map, const PictureOptions& options) {
  const MapScale scale = scale_of(map);
  constexpr int kLevels = 8;
  std::vector<LegendItem> legend;
  struct Level {
    double value;
    std::string label;
    Stroke stroke;
  };
  std::vector<Level> levels;
  // Two lines so close would be read as one.
  constexpr double kTenPercent = 0.1, kTooClose = 0.02;
  const auto is_near_target = [&](double level) {
    if (!map.target) return false;
    const auto is_near = [&](double share) {
      return std::abs(level - *map.target * share) < kTooClose * (scale.high - scale.low);
    };
    return is_near(1) || is_near(1 - kTenPercent) || is_near(1 + kTenPercent);
  };
  for (const Tick& tick : nice_ticks(scale.low, scale.high, kLevels))
    if (!is_near_target(tick.value)) levels.push_back({tick.value, tick.label, kLevel});
  if (map.target) {
    for (const double share : {-kTenPercent, kTenPercent})
      levels.push_back({*map.target * (1 + share), number_text(*map.target * (1 + share)), kTolerance});
    levels.push_back({*map.target, number_text(*map.target), kTarget});
    legend.push_back({.label = fmt::format("target {} nm", number_text(*map.target)), .stroke = kTarget});
    legend.push_back({.label = "target ± 10 %", .stroke = kTolerance});
  }
  const bool gaps = std::ranges::any_of(map.panels, [](const SweepMapPanel& panel) {
    return std::ranges::any_of(panel.values, [](const auto& value) { return !value; });
  });
  if (gaps)
    legend.push_back({.kind = LegendItem::Kind::patch,
                      .label = "not printed at a corner",
                      .stroke = {kNothing, 1},
                      .background = kNothing});
  std::vector<std::string> labels;
  for (const SweepMapPanel& panel : map.panels) labels.push_back(panel.label);
  const std::string title = full_title(map.title, options.title);
  SweepSheet sheet(
      {.title = title,
       .details = options.details,
       .range = {map.x.front(), map.y.front(), map.x.back(), map.y.back()},
       .x_label = map.x_label,
       .y_label = map.y_label,
       .panels = labels,
       .legend = legend,
       .colour_bar = ColourBar{options.colour_map, scale.low, scale.high, map.quantity, {}, {}}});
  const ColourTable colours(options.colour_map, scale.low, scale.high);
  for (std::size_t i = 0; i < map.panels.size(); ++i)
    sheet.draw(i, [&](Canvas& canvas, const DataArea& area) {
      fill_panel(canvas, area, map, map.panels[i], colours);
      std::vector<std::vector<math::Contour>> lines;
      for (const Level& level : levels) {
        lines.push_back(level_line(map, map.panels[i], level.value));
        draw_level(canvas, area, lines.back(), level.stroke);
      }
      std::vector<Position> taken;
      for (std::size_t l = levels.size(); l-- > 0;)  // that of the target first
        draw_label(canvas, area, lines[l], levels[l].label, taken);
    });
  return sheet.picture(title, fmt::format("{} over {} and {}", map.quantity, map.x_label, map.y_label));
}

}  // namespace undulith::report
