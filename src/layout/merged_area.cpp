// SPDX-License-Identifier: MIT
#include "layout/merged_area.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>
#include <utility>

namespace undulith::layout {
namespace {

__extension__ using WideArea = __int128;

constexpr std::size_t kRingsInMemory = 250'000;
// Where halving a box again and again leaves as many in each half, they lie over each other.
constexpr int kMostStuck = 5;
constexpr std::size_t kMostRings = 1'000'000, kMostVisits = 150'000'000;
// Sloping edges are merged by Boost.Polygon, which takes about 5 us and 1 kB for a polygon.
constexpr std::size_t kSlopingTogether = 50'000, kMostSloping = 1'000'000;
constexpr std::int64_t kMostInTree = 1'000'000'000;
constexpr std::size_t kMaxTestedRing = 4000;  // vertices; longer rings are resolved without it

/// Winding numbers along y: adds to an interval, and gives the length where they are not zero.
class Windings {
 public:
  explicit Windings(std::vector<std::int64_t> borders)
      : borders_(std::move(borders)), size_(std::bit_ceil(borders_.size())), nodes_(2 * size_) {
    for (std::size_t i = 0; i + 1 < borders_.size(); ++i)
      nodes_[size_ + i].at_least = borders_[i + 1] - borders_[i];
    for (std::size_t i = size_; --i > 0;) join(i);
  }
  void add(std::int64_t y0, std::int64_t y1, int winding) {
    add(1, 0, size_, index_of(y0), index_of(y1), winding);
  }
  [[nodiscard]] std::int64_t filled() const {
    const std::int64_t length = borders_.back() - borders_.front();
    return nodes_[1].least == 0 ? length - nodes_[1].at_least : length;
  }

 private:
  /// The least winding number below a node and the length that has it; `added` counts for all below.
  struct Node {
    int least = 0, added = 0;
    std::int64_t at_least = 0;
  };

  [[nodiscard]] std::size_t index_of(std::int64_t y) const {
    return static_cast<std::size_t>(std::lower_bound(borders_.begin(), borders_.end(), y) - borders_.begin());
  }
  void join(std::size_t i) {
    const Node &a = nodes_[2 * i], &b = nodes_[2 * i + 1];
    // A part without length has no winding number.
    const bool use_a = a.at_least > 0 && (b.at_least == 0 || a.least <= b.least);
    const bool use_b = b.at_least > 0 && (a.at_least == 0 || b.least <= a.least);
    nodes_[i].least = (use_a ? a.least : b.least) + nodes_[i].added;
    nodes_[i].at_least = (use_a ? a.at_least : 0) + (use_b ? b.at_least : 0);
  }
  void add(std::size_t i, std::size_t first, std::size_t last, std::size_t from, std::size_t to,
           int winding) {
    if (from >= last || to <= first) return;
    if (from <= first && last <= to) {
      nodes_[i].least += winding;
      nodes_[i].added += winding;
      return;
    }
    const std::size_t middle = (first + last) / 2;
    add(2 * i, first, middle, from, to, winding);
    add(2 * i + 1, middle, last, from, to, winding);
    join(i);
  }

  std::vector<std::int64_t> borders_;
  std::size_t size_;
  std::vector<Node> nodes_;
};

struct VerticalEdge {
  std::int64_t x, y0, y1;
  int winding;  // that a step over it to the right adds
};

GridBox box_around(const GridRing& ring) {
  GridBox box{ring[0].x, ring[0].y, ring[0].x, ring[0].y};
  for (const GridPoint& p : ring)
    box = {std::min(box.x0, p.x), std::min(box.y0, p.y), std::max(box.x1, p.x), std::max(box.y1, p.y)};
  return box;
}

bool overlaps(const GridBox& a, const GridBox& b) {
  return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
}

/// Vertical edges of a ring moved into the box: the winding numbers in the box stay.
void add_edges(const GridRing& ring, const GridBox& box, int sense, std::vector<VerticalEdge>& edges) {
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const GridPoint &a = ring[i], &b = ring[(i + 1) % ring.size()];
    if (a.y == b.y) continue;
    const std::int64_t y0 = std::clamp(std::min(a.y, b.y), box.y0, box.y1);
    const std::int64_t y1 = std::clamp(std::max(a.y, b.y), box.y0, box.y1);
    if (y0 == y1) continue;
    // The inside of a counter-clockwise ring begins at its falling edges.
    edges.push_back({std::clamp(a.x, box.x0, box.x1), y0, y1, a.y > b.y ? sense : -sense});
  }
}

/// Whether the edges of a ring add windings of one sign: rectangles do.
bool is_simple(const GridRing& ring) {
  return ring.size() == 4 || (ring.size() <= kMaxTestedRing && self_contact(ring) == SelfContact::none);
}

}  // namespace

double manhattan_area(std::span<const GridRing* const> rings, const GridBox& box) {
  std::vector<VerticalEdge> edges;
  for (const GridRing* ring : rings) {
    if (is_simple(*ring)) {
      add_edges(*ring, box, twice_area(*ring) < 0 ? -1 : 1, edges);
      continue;
    }
    // A ring that meets itself is resolved alone: its windings may have both signs. Boxes of 2.1 mm hold it.
    const GridBox around = box_around(*ring);
    constexpr std::int64_t kSide = kMaxUnionSide - 2;
    for (std::int64_t y = std::max(around.y0, box.y0); y < std::min(around.y1, box.y1); y += kSide) {
      for (std::int64_t x = std::max(around.x0, box.x0); x < std::min(around.x1, box.x1); x += kSide) {
        PolygonUnion alone(
            {x, y, std::min({x + kSide, around.x1, box.x1}), std::min({y + kSide, around.y1, box.y1})});
        alone.add(*ring);
        for (const GridRing& part : alone.rings()) add_edges(part, box, 1, edges);
      }
    }
  }
  if (edges.empty()) return 0;
  std::vector<std::int64_t> borders;
  borders.reserve(2 * edges.size());
  for (const VerticalEdge& e : edges) borders.insert(borders.end(), {e.y0, e.y1});
  std::sort(borders.begin(), borders.end());
  borders.erase(std::unique(borders.begin(), borders.end()), borders.end());
  borders.shrink_to_fit();
  std::sort(edges.begin(), edges.end(),
            [](const VerticalEdge& a, const VerticalEdge& b) { return a.x < b.x; });
  Windings windings(std::move(borders));
  WideArea area = 0;
  std::int64_t x = edges.front().x;
  for (const VerticalEdge& e : edges) {
    if (e.x != x) area += static_cast<WideArea>(windings.filled()) * (e.x - x);
    x = e.x;
    windings.add(e.y0, e.y1, e.winding);
  }
  return static_cast<double>(area);
}

namespace {

class LayerArea {
 public:
  LayerArea(const Hierarchy& tree, LayerId layer, const std::vector<std::vector<RealPoint>>& hulls,
            double dbu_pm, HugePolygons& huge)
      : tree_(tree), layer_(layer), hulls_(hulls), dbu_pm_(dbu_pm), huge_(huge) {}

  /// @param limit   of rings in memory
  /// @param before  number of polygons in the box of which this is a half
  /// @param stuck   number of halvings in a row that left the number as it was
  std::optional<double> within(const GridBox& box, std::size_t limit, std::size_t before = 0, int stuck = 0) {
    std::size_t n = 0;
    std::vector<GridRing> rings;
    if (gather(box, limit, rings, n)) {
      std::vector<const GridRing*> all;
      for (const GridRing& ring : rings) all.push_back(&ring);
      const double apart = take_apart(all, box);
      if (const double work = work_of(all, box); work > 0 && !huge_.take(work)) return {};
      const std::optional<double> rest = of(all, box);
      return rest ? std::optional(*rest + apart) : std::nullopt;
    }
    rings = {};
    visits_ += n;
    stuck = n > before / 10 * 9 ? stuck + 1 : 0;
    if (visits_ > kMostVisits || (stuck > kMostStuck && n > kMostRings)) return {};
    if (stuck > kMostStuck) return within(box, n, n, stuck);
    double sum = 0;
    const auto [first, second] = halves(box);
    for (const GridBox& half : {first, second}) {
      const std::optional<double> part = within(half, limit, n, stuck);
      if (!part) return {};
      sum += *part;
    }
    return sum;
  }

 private:
  static bool is_huge(const GridBox& box) {
    return box.x1 - box.x0 > kMaxUnionSide || box.y1 - box.y0 > kMaxUnionSide;
  }

  /// Area of the huge rings within the box that meet neither another ring nor themselves; they leave the list.
  static double take_apart(std::vector<const GridRing*>& rings, const GridBox& box) {
    constexpr std::size_t kMostCompared = 2000;
    if (!is_huge(box) || rings.size() > kMostCompared) return 0;
    std::vector<GridBox> boxes;
    for (const GridRing* ring : rings) boxes.push_back(box_around(*ring));
    double twice = 0;
    std::vector<const GridRing*> others;
    for (std::size_t i = 0; i < rings.size(); ++i) {
      const GridBox& own = boxes[i];
      const bool is_apart =
          is_huge(own) && own.x0 >= box.x0 && own.y0 >= box.y0 && own.x1 <= box.x1 && own.y1 <= box.y1 &&
          rings[i]->size() <= kMaxTestedRing &&
          std::ranges::count_if(boxes, [&](const GridBox& b) { return overlaps(own, b); }) == 1 &&
          self_contact(*rings[i]) == SelfContact::none;
      if (is_apart)
        twice += std::abs(twice_area(*rings[i]));
      else
        others.push_back(rings[i]);
    }
    rings = std::move(others);
    return twice / 2;
  }

  /// Vertices of huge sloping rings times the boxes that they cover within the box.
  static double work_of(const std::vector<const GridRing*>& rings, const GridBox& box) {
    double work = 0;
    for (const GridRing* ring : rings) {
      const GridBox own = box_around(*ring);
      if (!is_huge(own) || is_manhattan(*ring)) continue;
      const auto boxes = [](std::int64_t from, std::int64_t to) {
        return 1 + static_cast<double>(to - from) / static_cast<double>(kMaxUnionSide);
      };
      work += static_cast<double>(ring->size()) * boxes(std::max(own.x0, box.x0), std::min(own.x1, box.x1)) *
              boxes(std::max(own.y0, box.y0), std::min(own.y1, box.y1));
    }
    return work;
  }

  static std::pair<GridBox, GridBox> halves(const GridBox& box) {
    GridBox first = box, second = box;
    if (box.x1 - box.x0 >= box.y1 - box.y0) {
      first.x1 = second.x0 = box.x0 + (box.x1 - box.x0) / 2;
    } else {
      first.y1 = second.y0 = box.y0 + (box.y1 - box.y0) / 2;
    }
    return {first, second};
  }

  template <class Visit>
  void for_each(const GridBox& box, Visit visit) {
    const auto dbu = [&](std::int64_t pm) { return static_cast<double>(pm) / dbu_pm_; };
    const Box region{dbu(box.x0) - 1, dbu(box.y0) - 1, dbu(box.x1) + 1, dbu(box.y1) + 1};
    GridRing ring;
    tree_.for_each_polygon(layer_, region, hulls_, kMostInTree, [&](const Shape& shape, const Transform& t) {
      ring.clear();
      for (const DbuPoint& v : shape.vertices) {
        const RealPoint p = t(vertex(shape, v));
        ring.push_back({std::llround(p.x * dbu_pm_), std::llround(p.y * dbu_pm_)});
      }
      if (overlaps(box_around(ring), box)) visit(ring);
    });
  }

  /// @return  false if there are more than the limit; n is their number in any case
  bool gather(const GridBox& box, std::size_t limit, std::vector<GridRing>& rings, std::size_t& n) {
    for_each(box, [&](const GridRing& ring) {
      if (++n <= limit) rings.push_back(ring);
    });
    return n <= limit;
  }

  /// @return  nothing after too many sloping polygons
  std::optional<double> of(const std::vector<const GridRing*>& rings, const GridBox& box) {
    if (rings.empty()) return 0;
    if (std::ranges::all_of(rings, [](const GridRing* ring) { return is_manhattan(*ring); }))
      return manhattan_area(rings, box);
    const bool fits = box.x1 - box.x0 <= kMaxUnionSide && box.y1 - box.y0 <= kMaxUnionSide;
    if (fits && rings.size() <= kSlopingTogether) return joined(rings, box);
    const auto [first, second] = halves(box);
    const std::vector<const GridRing*> in_first = inside(rings, first), in_second = inside(rings, second);
    // Rings over each other: smaller boxes have no fewer.
    if (fits && std::min(in_first.size(), in_second.size()) > rings.size() / 4 * 3) return joined(rings, box);
    const std::optional<double> a = of(in_first, first), b = a ? of(in_second, second) : std::nullopt;
    if (!b) return {};
    return *a + *b;
  }

  static std::vector<const GridRing*> inside(const std::vector<const GridRing*>& rings, const GridBox& box) {
    std::vector<const GridRing*> out;
    std::ranges::copy_if(rings, std::back_inserter(out),
                         [&](const GridRing* ring) { return overlaps(box_around(*ring), box); });
    return out;
  }

  std::optional<double> joined(const std::vector<const GridRing*>& rings, const GridBox& box) {
    sloping_ += rings.size();
    if (sloping_ > kMostSloping) return {};
    PolygonUnion merged(box);
    for (const GridRing* ring : rings) merged.add(*ring);
    double twice = 0;
    for (const GridRing& ring : merged.rings()) twice += twice_area(ring);
    return twice / 2;
  }

  const Hierarchy& tree_;
  LayerId layer_;
  const std::vector<std::vector<RealPoint>>& hulls_;
  double dbu_pm_;
  HugePolygons& huge_;
  std::size_t visits_ = 0, sloping_ = 0;
};

}  // namespace

std::optional<double> merged_area_pm2(const Hierarchy& tree, LayerId layer,
                                      const std::vector<std::vector<RealPoint>>& hulls, const GridBox& box,
                                      double dbu_pm, HugePolygons& huge) {
  // A cell is visited as a whole for every box: one that holds very many shapes of its own is cut into few.
  return LayerArea(tree, layer, hulls, dbu_pm, huge)
      .within(box, std::max(kRingsInMemory, tree.n_shapes(layer) / 4));
}

}  // namespace undulith::layout
