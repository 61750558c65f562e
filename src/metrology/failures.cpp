#include "undulith/metrology/failures.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "metrology/drawn_shapes.hpp"

namespace undulith::metrology {
namespace {

// Union-find over the nodes of a periodic grid.
class Pieces {
 public:
  Pieces(const Grid2D& grid, const std::vector<char>& inside) : parent_(grid.size()) {
    std::iota(parent_.begin(), parent_.end(), 0U);
    const auto at = [&](int ix, int iy) {
      return static_cast<std::size_t>(iy) * static_cast<std::size_t>(grid.nx) + static_cast<std::size_t>(ix);
    };
    for (int iy = 0; iy < grid.ny; ++iy)
      for (int ix = 0; ix < grid.nx; ++ix) {
        const std::size_t here = at(ix, iy), right = at((ix + 1) % grid.nx, iy),
                          above = at(ix, (iy + 1) % grid.ny);
        if (!inside[here]) continue;
        if (inside[right]) join(here, right);
        if (inside[above]) join(here, above);
      }
  }
  [[nodiscard]] std::size_t piece(std::size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }

 private:
  void join(std::size_t a, std::size_t b) {
    const std::size_t pa = piece(a), pb = piece(b);
    parent_[std::max(pa, pb)] = std::min(pa, pb);
  }
  std::vector<std::size_t> parent_;
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

  Pieces intended(grid, drawn), found(grid, printed);
  std::map<std::size_t, double> area_nm2;                        // of each printed piece
  std::map<std::size_t, std::set<std::size_t>> covers, holders;  // printed -> intended it touches, and back
  std::set<std::size_t> wanted;
  for (std::size_t i = 0; i < printed.size(); ++i) {
    if (drawn[i]) wanted.insert(intended.piece(i));
    if (!printed[i]) continue;
    const std::size_t p = found.piece(i);
    area_nm2[p] += node_nm2;
    if (drawn[i]) {
      covers[p].insert(intended.piece(i));
      holders[intended.piece(i)].insert(p);
    }
  }
  FailureCount count{.n_intended = static_cast<int>(wanted.size())};
  const auto matters = [&](std::size_t p) { return area_nm2[p] >= min_area_nm2; };
  for (const std::size_t piece : wanted) {
    const auto n = std::ranges::count_if(holders[piece], matters);
    if (n == 0) ++count.missing;
    if (n > 1) ++count.broken;
  }
  for (const auto& [piece, area] : area_nm2) {
    if (!matters(piece)) continue;
    const std::size_t n = covers.contains(piece) ? covers[piece].size() : 0;
    if (n == 0) ++count.extra;
    if (n > 1) count.merged += static_cast<int>(n) - 1;
  }
  return count;
}

}  // namespace undulith::metrology
