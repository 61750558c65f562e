// SPDX-License-Identifier: MIT
#include "undulith/math/contour.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace undulith::math {
namespace {

constexpr int kNone = -1;

/// All level crossings of a grid as a graph: every grid edge carries at most one vertex, which the cell on
/// one of its sides leaves and the cell on the other enters.
///
/// Grid edges are numbered: edge (iy, ix)-(iy, ix+1) is iy nx + ix; edge (iy, ix)-(iy+1, ix) follows after nx
/// ny.
class LevelGraph {
 public:
  LevelGraph(const Field2D<double>& field, double level)
      : field_(field),
        level_(level),
        n_nodes_(static_cast<int>(field.grid().size())),
        next_(2 * field.grid().size(), kNone),
        entered_(2 * field.grid().size(), 0) {
    for (int iy = 0; iy + 1 < field.ny(); ++iy)
      for (int ix = 0; ix + 1 < field.nx(); ++ix) add_cell(iy, ix);
  }

  [[nodiscard]] std::vector<Contour> trace() {
    std::vector<Contour> contours;
    const int n_edges = static_cast<int>(next_.size());
    // Lines that come in over the border first; what remains is closed.
    for (int edge = 0; edge < n_edges; ++edge)
      if (next_[edge] != kNone && !entered_[edge]) follow(edge, false, contours);
    for (int edge = 0; edge < n_edges; ++edge)
      if (next_[edge] != kNone) follow(edge, true, contours);
    return contours;
  }

 private:
  [[nodiscard]] bool high(double value) const { return value > level_; }

  void link(int from, int to) {
    next_[from] = to;
    entered_[to] = 1;
  }

  /// Joins the crossings of one cell. Corners and edges are counted counter-clockwise from the lower left,
  /// edge k between corners k and k+1. A segment leads from an edge high -> low to an edge low -> high: the
  /// high side is then on its left.
  void add_cell(int iy, int ix) {
    const std::array<double, 4> v = {field_(iy, ix), field_(iy, ix + 1), field_(iy + 1, ix + 1),
                                     field_(iy + 1, ix)};
    const int node = iy * field_.nx() + ix;
    const std::array<int, 4> edges = {node, n_nodes_ + node + 1, node + field_.nx(), n_nodes_ + node};
    int leaving = kNone, entering = kNone, n_leaving = 0;
    for (int k = 0; k < 4; ++k) {
      const bool here = high(v[k]), there = high(v[(k + 1) % 4]);
      if (here && !there) leaving = k, ++n_leaving;
      if (!here && there) entering = k;
    }
    if (n_leaving == 0) return;
    if (n_leaving == 1) {
      link(edges[leaving], edges[entering]);
      return;
    }
    // Two high corners face each other. The bilinear surface decides by its value at the saddle point; the
    // divisor is not zero, since both terms of (high pair) - (low pair) have the same sign.
    const double saddle = (v[0] * v[2] - v[1] * v[3]) / (v[0] + v[2] - v[1] - v[3]);
    const bool joined = high(saddle);
    for (int k = 0; k < 4; ++k)
      if (high(v[k]) && !high(v[(k + 1) % 4])) link(edges[k], edges[joined ? (k + 1) % 4 : (k + 3) % 4]);
  }

  /// Appends the vertex of a grid edge unless the line ends there already (the level passes through a
  /// node).
  void append(int edge, Contour& contour) const {
    const bool horizontal = edge < n_nodes_;
    const int node = horizontal ? edge : edge - n_nodes_;
    const int iy = node / field_.nx(), ix = node % field_.nx();
    const double a = field_(iy, ix), b = horizontal ? field_(iy, ix + 1) : field_(iy + 1, ix);
    const double t = (level_ - a) / (b - a);
    const Grid2D& grid = field_.grid();
    const double x = grid.x(ix) + (horizontal ? t * grid.dx : 0),
                 y = grid.y(iy) + (horizontal ? 0 : t * grid.dy);
    if (!contour.x.empty() && contour.x.back() == x && contour.y.back() == y) return;
    contour.x.push_back(x);
    contour.y.push_back(y);
  }

  void follow(int edge, bool closed, std::vector<Contour>& contours) {
    Contour contour;
    contour.closed = closed;
    while (edge != kNone) {
      const int next = next_[edge];
      if (closed && next == kNone) break;  // back at the start
      append(edge, contour);
      next_[edge] = kNone;
      edge = next;
    }
    if (closed && contour.x.size() > 1 && contour.x.front() == contour.x.back() &&
        contour.y.front() == contour.y.back()) {
      contour.x.pop_back();
      contour.y.pop_back();
    }
    // A single node that equals the level makes a loop of no extent.
    if (contour.x.size() >= (closed ? 3u : 2u)) contours.push_back(std::move(contour));
  }

  const Field2D<double>& field_;
  double level_;
  int n_nodes_;
  std::vector<int> next_;      ///< the edge to which the line goes on, by edge
  std::vector<char> entered_;  ///< whether a line arrives, by edge
};

}  // namespace

std::vector<Contour> find_contours(const Field2D<double>& field, double level) {
  if (field.nx() < 2 || field.ny() < 2) return {};
  return LevelGraph(field, level).trace();
}

std::vector<Contour> close_contours(const std::vector<Contour>& contours, const Box& box) {
  // A point of the border by its way from the lower left corner, counter-clockwise, one unit per side.
  const auto place = [&](double x, double y) {
    const double left = std::abs(x - box.x0), right = std::abs(x - box.x1), low = std::abs(y - box.y0),
                 high = std::abs(y - box.y1);
    const double u = std::clamp((x - box.x0) / box.width(), 0.0, 1.0),
                 v = std::clamp((y - box.y0) / box.height(), 0.0, 1.0);
    const double nearest = std::min({left, right, low, high});
    if (low == nearest) return u;
    if (right == nearest) return 1 + v;
    if (high == nearest) return 3 - u;
    return 4 - v;
  };
  std::vector<Contour> rings;
  std::vector<const Contour*> open;
  for (const Contour& c : contours) {
    if (c.closed) {
      rings.push_back(c);
    } else if (c.x.size() > 1) {
      open.push_back(&c);
    }
  }
  std::vector<bool> used(open.size());
  for (std::size_t first = 0; first < open.size(); ++first) {
    if (used[first]) continue;
    Contour ring{.closed = true};
    std::size_t line = first;
    do {
      used[line] = true;
      ring.x.insert(ring.x.end(), open[line]->x.begin(), open[line]->x.end());
      ring.y.insert(ring.y.end(), open[line]->y.begin(), open[line]->y.end());
      const double end = place(open[line]->x.back(), open[line]->y.back());
      // The higher side lies to the left: on along the border to where the next line begins.
      double shortest = 5;
      std::size_t next = first;
      for (std::size_t i = 0; i < open.size(); ++i) {
        if (used[i] && i != first) continue;
        double way = place(open[i]->x.front(), open[i]->y.front()) - end;
        if (way < -1e-9) way += 4;  // less is rounding: it begins where the other ends
        if (way < shortest) shortest = way, next = i;
      }
      for (int corner = static_cast<int>(std::floor(end)) + 1; corner <= end + shortest; ++corner) {
        const int k = corner % 4;
        ring.x.push_back(k == 1 || k == 2 ? box.x1 : box.x0);
        ring.y.push_back(k == 2 || k == 3 ? box.y1 : box.y0);
      }
      line = next;
    } while (line != first);
    rings.push_back(std::move(ring));
  }
  return rings;
}

double contour_area(const Contour& contour) {
  if (contour.x.empty()) return 0;
  // Relative to the first point: coordinates far from the origin must not cost digits.
  const double x0 = contour.x.front(), y0 = contour.y.front();
  double twice = 0;
  for (std::size_t i = 0, j = contour.x.size() - 1; i < contour.x.size(); j = i++)
    twice += (contour.x[j] - x0) * (contour.y[i] - y0) - (contour.x[i] - x0) * (contour.y[j] - y0);
  return twice / 2;
}

}  // namespace undulith::math
