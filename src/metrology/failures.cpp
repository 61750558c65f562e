// SPDX-License-Identifier: MIT
#include "undulith/metrology/failures.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "metrology/drawn_shapes.hpp"

namespace undulith::metrology {
namespace {

// Which way around the periodic cell a piece goes until it meets itself.
struct Winding {
  bool x = false, y = false;
};

// Union-find over the nodes of a periodic grid; each node knows how often the way from its root crosses the
// borders, so that a way back to where it began by other crossings is seen to wind.
class Pieces {
 public:
  Pieces(const Grid2D& grid, const std::vector<char>& inside) : nodes_(grid.size()), winding_(grid.size()) {
    for (std::size_t i = 0; i < nodes_.size(); ++i) nodes_[i].parent = i;
    const auto at = [&](int ix, int iy) {
      return static_cast<std::size_t>(iy) * static_cast<std::size_t>(grid.nx) + static_cast<std::size_t>(ix);
    };
    for (int iy = 0; iy < grid.ny; ++iy)
      for (int ix = 0; ix < grid.nx; ++ix) {
        const std::size_t here = at(ix, iy), right = at((ix + 1) % grid.nx, iy),
                          above = at(ix, (iy + 1) % grid.ny);
        if (!inside[here]) continue;
        if (inside[right]) join(here, right, ix + 1 == grid.nx ? 1 : 0, 0);
        if (inside[above]) join(here, above, 0, iy + 1 == grid.ny ? 1 : 0);
      }
  }
  [[nodiscard]] std::size_t piece(std::size_t i) const {
    while (nodes_[i].parent != i) i = nodes_[i].parent;
    return i;
  }
  [[nodiscard]] Winding winding(std::size_t piece) const { return winding_[piece]; }

 private:
  struct Node {
    std::size_t parent = 0;
    int x = 0, y = 0;  // crossings on the way from the parent
  };
  // The root of a node and the crossings from there to the node; the way is made short.
  Node root_of(std::size_t i) {
    Node sum{i, 0, 0};
    while (nodes_[sum.parent].parent != sum.parent) {
      const Node& up = nodes_[sum.parent];
      sum = {up.parent, sum.x + up.x, sum.y + up.y};
    }
    if (sum.parent != i) nodes_[i] = sum;
    return sum;
  }
  // b is beside a, `x` and `y` crossings further.
  void join(std::size_t a, std::size_t b, int x, int y) {
    const Node from = root_of(a), to = root_of(b);
    const int around_x = from.x + x - to.x, around_y = from.y + y - to.y;
    if (from.parent == to.parent) {
      winding_[from.parent].x |= around_x != 0;
      winding_[from.parent].y |= around_y != 0;
      return;
    }
    const bool first = from.parent < to.parent;  // the root is the first node, whatever the order of joining
    const std::size_t root = first ? from.parent : to.parent, other = first ? to.parent : from.parent;
    nodes_[other] = first ? Node{root, around_x, around_y} : Node{root, -around_x, -around_y};
    winding_[root].x |= winding_[other].x;
    winding_[root].y |= winding_[other].y;
  }

  std::vector<Node> nodes_;
  std::vector<Winding> winding_;
};

}  // namespace

FailureCount count_failures(const Field2D<double>& level, const layout::Clip& clip, double min_area_nm2) {
  const Grid2D& grid = level.grid();
  const double node_nm2 = grid.dx * grid.dy;
  // What was drawn, on the same nodes: each row of nodes is a line through the shapes.
  const DrawnShapes shapes(clip);
  std::vector<char> drawn(grid.size(), 0), printed(grid.size(), 0);
  const double x1 = grid.x0 + grid.nx * grid.dx;
  for (int iy = 0; iy < grid.ny; ++iy) {
    const double over = std::floor((grid.y(iy) - clip.cell.y0) / clip.cell.height());
    const Line line{{0, grid.y(iy) - over * clip.cell.height()}, {1, 0}};
    for (const DrawnInterval& interval : shapes.along(line, clip.cell.x0, x1))
      for (int ix = 0; ix < grid.nx; ++ix)
        if (grid.x(ix) >= interval.from.s && grid.x(ix) <= interval.to.s)
          drawn[static_cast<std::size_t>(iy) * static_cast<std::size_t>(grid.nx) +
                static_cast<std::size_t>(ix)] = 1;
  }
  for (std::size_t i = 0; i < printed.size(); ++i) printed[i] = level.values()[i] > 0;

  const Pieces intended(grid, drawn), found(grid, printed);
  std::map<std::size_t, double> area_nm2, wanted_nm2;            // of each printed and each intended piece
  std::map<std::size_t, std::set<std::size_t>> covers, holders;  // printed -> intended it touches, and back
  for (std::size_t i = 0; i < printed.size(); ++i) {
    if (drawn[i]) wanted_nm2[intended.piece(i)] += node_nm2;
    if (!printed[i]) continue;
    const std::size_t p = found.piece(i);
    area_nm2[p] += node_nm2;
    if (drawn[i]) {
      covers[p].insert(intended.piece(i));
      holders[intended.piece(i)].insert(p);
    }
  }
  FailureCount count{.n_intended = static_cast<int>(wanted_nm2.size())};
  const auto matters = [&](std::size_t p) { return area_nm2[p] >= min_area_nm2; };
  for (const auto& [piece, wanted] : wanted_nm2) {
    constexpr double kPart = 0.1;  // of the piece: less is a speck at its border
    const auto& parts = holders[piece];
    const auto large = [&, share = kPart * wanted](std::size_t p) {
      return matters(p) && area_nm2[p] >= share;
    };
    const Winding winding = intended.winding(piece);
    const auto goes_around = [&](std::size_t p) {
      const Winding of_part = found.winding(p);
      return (!winding.x || of_part.x) && (!winding.y || of_part.y);
    };
    if (std::ranges::none_of(parts, matters))
      ++count.missing;
    else if (winding.x || winding.y ? std::ranges::none_of(parts, goes_around)
                                    : std::ranges::count_if(parts, large) > 1)
      ++count.broken;
  }
  for (const auto& [piece, area] : area_nm2) {
    if (!matters(piece)) continue;
    if (!covers.contains(piece)) {
      ++count.extra;
      continue;
    }
    Winding allowed;
    for (const std::size_t one : covers[piece]) {
      allowed.x |= intended.winding(one).x;
      allowed.y |= intended.winding(one).y;
    }
    const Winding winding = found.winding(piece);
    count.merged += static_cast<int>(covers[piece].size()) - 1;
    // A piece that meets its own copy in the next cell.
    if (covers[piece].size() == 1 && ((winding.x && !allowed.x) || (winding.y && !allowed.y))) ++count.merged;
  }
  return count;
}

}  // namespace undulith::metrology
