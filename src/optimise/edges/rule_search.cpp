// SPDX-License-Identifier: MIT
#include "optimise/edges/rule_search.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace undulith::optimise {
namespace {

using layout::Point;

constexpr double kRoundingNm = 1e-6;
constexpr std::size_t kNone = static_cast<std::size_t>(-1);

// A horizontal or vertical piece of the outline, with the fragment that moves it (kNone for a jog).
struct Piece {
  Point from, to;
  double tangent_x = 0, tangent_y = 0;
  std::size_t owner = kNone;
  [[nodiscard]] double normal_x() const { return tangent_y; }
  [[nodiscard]] double normal_y() const { return -tangent_x; }
};

Piece piece_of(Point from, Point to, std::size_t owner) {
  const double length = std::hypot(to.x - from.x, to.y - from.y);
  return {from, to, std::round((to.x - from.x) / length), std::round((to.y - from.y) / length), owner};
}

// Two pieces that face each other: the gap between their lines (> 0 on the outside of both, < 0 through the inside) and
// the distance of their projections on the line, < 0 where they overlap.
struct Facing {
  double gap = 0, lateral = 0;
  bool b_is_ahead = false;  // along the tangent of a, when lateral > 0
};

std::optional<Facing> facing(const Piece& a, const Piece& b) {
  if (a.tangent_x != -b.tangent_x || a.tangent_y != -b.tangent_y) return {};
  Facing result;
  result.gap = (b.from.x - a.from.x) * a.normal_x() + (b.from.y - a.from.y) * a.normal_y();
  const auto along = [&](const Point& p) { return p.x * a.tangent_x + p.y * a.tangent_y; };
  const double ahead = along(b.to) - along(a.to), behind = along(a.from) - along(b.from);
  result.b_is_ahead = ahead > behind;
  result.lateral = std::max(ahead, behind);
  return result;
}

// Whether rings cover a point: their windings add up. Edges by bands of y.
class Cover {
 public:
  explicit Cover(const std::vector<layout::Polygon>& rings) {
    double low = 1e300, high = -1e300;
    std::size_t n = 0;
    for (const layout::Polygon& ring : rings)
      for (const Point& p : ring) {
        low = std::min(low, p.y);
        high = std::max(high, p.y);
        ++n;
      }
    if (n == 0) return;
    low_ = low;
    bands_.resize(std::clamp<std::size_t>(n / 8, 1, 4096));
    height_ = std::max(1e-9, high - low) / static_cast<double>(bands_.size());
    for (const layout::Polygon& ring : rings)
      for (std::size_t i = 0; i < ring.size(); ++i) {
        const Point &a = ring[i], &b = ring[(i + 1) % ring.size()];
        if (a.y == b.y) continue;
        for (std::size_t k = band(std::min(a.y, b.y)); k <= band(std::max(a.y, b.y)); ++k)
          bands_[k].push_back({a, b});
      }
  }
  [[nodiscard]] bool operator()(const Point& p) const {
    if (bands_.empty()) return false;
    int winding = 0;
    for (const auto& [a, b] : bands_[band(p.y)]) {
      if ((a.y > p.y) == (b.y > p.y)) continue;
      const double x = a.x + (b.x - a.x) * (p.y - a.y) / (b.y - a.y);
      if (x > p.x) winding += b.y > a.y ? 1 : -1;
    }
    return winding > 0;
  }

 private:
  [[nodiscard]] std::size_t band(double y) const {
    const double place = std::floor((y - low_) / height_);
    return static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(bands_.size() - 1)));
  }
  double low_ = 0, height_ = 1;
  std::vector<std::vector<std::pair<Point, Point>>> bands_;
};

// Pairs i < j of pieces whose boxes are nearer than `reach` along both axes, in rising order.
std::vector<std::pair<std::size_t, std::size_t>> near_pairs(const std::vector<Piece>& pieces, double reach) {
  struct Span {
    double x0, x1, y0, y1;
    std::size_t piece;
  };
  std::vector<Span> spans;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const Point &a = pieces[i].from, &b = pieces[i].to;
    spans.push_back({std::min(a.x, b.x), std::max(a.x, b.x), std::min(a.y, b.y), std::max(a.y, b.y), i});
  }
  std::ranges::sort(spans, {}, [](const Span& s) { return std::pair(s.x0, s.piece); });
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  std::vector<const Span*> open;  // that reach the place of the sweep along x
  for (const Span& span : spans) {
    std::erase_if(open, [&](const Span* other) { return other->x1 + reach < span.x0; });
    for (const Span* other : open)
      if (other->y0 <= span.y1 + reach && span.y0 <= other->y1 + reach)
        pairs.push_back(std::minmax(other->piece, span.piece));
    open.push_back(&span);
  }
  std::ranges::sort(pairs);
  return pairs;
}

// The ends of two facing pieces that are closest to each other.
std::pair<Point, Point> closest_ends(const Piece& a, const Piece& b, const Facing& pair) {
  return pair.b_is_ahead ? std::pair{a.to, b.to} : std::pair{a.from, b.from};
}

Point middle_of(const Piece& a, const Piece& b, const Facing& pair) {
  if (pair.lateral >= 0) {
    const auto [p, q] = closest_ends(a, b, pair);
    return {(p.x + q.x) / 2, (p.y + q.y) / 2};
  }
  // Middle of the overlap: the inner two of the four ends along the tangent.
  const auto along = [&](const Point& p) { return p.x * a.tangent_x + p.y * a.tangent_y; };
  const double from = std::max(along(a.from), along(b.to)), to = std::min(along(a.to), along(b.from));
  const double t = (from + to) / 2 - along(a.from);
  return {a.from.x + t * a.tangent_x + pair.gap / 2 * a.normal_x(),
          a.from.y + t * a.tangent_y + pair.gap / 2 * a.normal_y()};
}

double least_of(const MaskRules& rules, bool space) {
  return space ? rules.min_space_nm : rules.min_width_nm;
}

std::vector<Piece> pieces_of(const FragmentedTarget& target, std::span<const double> offsets) {
  std::vector<Piece> pieces;
  const auto& fragments = target.fragments();
  for (std::size_t i = 0; i < fragments.size(); ++i) {
    const Fragment moved = target.moved(i, offsets);
    pieces.push_back({moved.from, moved.to, moved.tangent_x, moved.tangent_y, i});
    if (moved.corner_after) continue;
    const Fragment next = target.moved(moved.after, offsets);
    if (std::hypot(next.from.x - moved.to.x, next.from.y - moved.to.y) > kRoundingNm)
      pieces.push_back(piece_of(moved.to, next.from, kNone));
  }
  return pieces;
}

// How the place of an end of a piece along its tangent depends on offsets.
void add_end(LinearRule& rule, const FragmentedTarget& target, const Piece& piece, bool at_end,
             double factor) {
  if (piece.owner == kNone) return;
  const Fragment& fragment = target.fragments()[piece.owner];
  if (!(at_end ? fragment.corner_after : fragment.corner_before)) return;
  const std::size_t neighbour = at_end ? fragment.after : fragment.before;
  const Fragment& other = target.fragments()[neighbour];
  const double along = fragment.tangent_x * other.normal_x() + fragment.tangent_y * other.normal_y();
  rule.terms.push_back({neighbour, factor * along});
}

// The rule that the distance of two facing pieces, linear about its value, is at least `least`.
LinearRule distance_rule(const FragmentedTarget& target, const Piece& a, const Piece& b, const Facing& pair,
                         bool space, double least, std::span<const double> offsets) {
  const double lateral = std::max(0.0, pair.lateral), gap = space ? pair.gap : -pair.gap;
  const double distance = lateral > 0 ? std::hypot(gap, lateral) : gap;
  LinearRule rule;
  const double of_gap = lateral > 0 ? gap / distance : 1, side = space ? -1 : 1;
  for (const Piece* piece : {&a, &b})
    if (piece->owner != kNone) rule.terms.push_back({piece->owner, side * of_gap});
  if (lateral > 0) {
    // b ahead: lateral = along_a(b.to - a.to); b runs against a, so its tangent counts negative.
    const double of_lateral = lateral / distance * (pair.b_is_ahead ? 1 : -1);
    add_end(rule, target, a, pair.b_is_ahead, -of_lateral);
    add_end(rule, target, b, pair.b_is_ahead, -of_lateral);
  }
  rule.least = least - distance;
  for (const LinearRule::Term& term : rule.terms) rule.least += term.factor * offsets[term.fragment];
  return rule;
}

}  // namespace

std::vector<LinearRule> facing_rules(const FragmentedTarget& target, const MaskRules& rules,
                                     double max_move_nm) {
  const auto& fragments = target.fragments();
  const std::vector<double> drawn(fragments.size());
  const std::vector<Piece> pieces = pieces_of(target, drawn);
  std::vector<LinearRule> result;
  const double reach = std::max(rules.min_space_nm, rules.min_width_nm) + 2 * max_move_nm;
  for (const auto& [i, j] : near_pairs(pieces, reach)) {
    const auto pair = facing(pieces[i], pieces[j]);
    if (!pair || pair->lateral >= 0 || pair->gap == 0) continue;
    const bool space = pair->gap > 0;
    const double least = least_of(rules, space);
    if (std::abs(pair->gap) >= least + 2 * max_move_nm) continue;
    result.push_back(distance_rule(target, pieces[i], pieces[j], *pair, space, least, drawn));
  }
  const double least = std::max({rules.min_jog_nm, rules.min_width_nm, rules.min_space_nm});
  for (std::size_t i = 0; i < fragments.size(); ++i) {
    LinearRule rule{{}, std::min(least, fragments[i].length()) - fragments[i].length()};
    add_end(rule, target, Piece{.owner = i}, false, -1);
    add_end(rule, target, Piece{.owner = i}, true, 1);
    if (!rule.terms.empty()) result.push_back(std::move(rule));
  }
  return result;
}

std::vector<LinearRule> broken_rules(const FragmentedTarget& target, std::span<const double> offsets,
                                     const MaskRules& rules) {
  const std::vector<Piece> pieces = pieces_of(target, offsets);
  const Cover covers(target.rings(offsets));
  const double reach = std::max(rules.min_space_nm, rules.min_width_nm);
  std::vector<LinearRule> result;
  for (const auto& [i, j] : near_pairs(pieces, reach)) {
    const Piece &a = pieces[i], &b = pieces[j];
    if (a.owner == kNone && b.owner == kNone) continue;  // both stay where they are
    const auto pair = facing(a, b);
    if (!pair || std::abs(pair->gap) >= reach) continue;
    // Whether they faced each other from outside when they were drawn.
    bool space = pair->gap > 0;
    if (a.owner != kNone && b.owner != kNone) {
      const Fragment &drawn_a = target.fragments()[a.owner], &drawn_b = target.fragments()[b.owner];
      const double gap =
          (drawn_b.from.x - drawn_a.from.x) * a.normal_x() + (drawn_b.from.y - drawn_a.from.y) * a.normal_y();
      if (gap != 0) space = gap > 0;
    }
    const double least = least_of(rules, space), gap = space ? pair->gap : -pair->gap;
    const double lateral = std::max(0.0, pair->lateral);
    if (lateral > 0 && gap <= 0) continue;
    if ((lateral > 0 ? std::hypot(gap, lateral) : gap) >= least - kRoundingNm) continue;
    if (pair->lateral >= 0 && covers(middle_of(a, b, *pair)) == space) continue;
    result.push_back(distance_rule(target, a, b, *pair, space, least, offsets));
  }
  return result;
}

std::vector<RuleFinding> check_mask_rules(const std::vector<layout::Polygon>& drawn, const MaskRules& rules) {
  std::vector<layout::Polygon> rings;
  std::vector<Piece> pieces;
  std::vector<RuleFinding> findings;
  for (const layout::Polygon& ring : drawn) {
    rings.push_back(without_spare_vertices(ring));
    const layout::Polygon& clean = rings.back();
    const std::size_t n = clean.size();
    const auto turn = [&](std::size_t i) {
      const Point &before = clean[(i + n - 1) % n], &at = clean[i % n], &after = clean[(i + 1) % n];
      return (at.x - before.x) * (after.y - at.y) - (at.y - before.y) * (after.x - at.x);
    };
    for (std::size_t i = 0; i < n; ++i) {
      const Piece& piece = pieces.emplace_back(piece_of(clean[i], clean[(i + 1) % n], kNone));
      const double length = std::hypot(piece.to.x - piece.from.x, piece.to.y - piece.from.y);
      // A line end turns the same way at both of its corners: its length is a width.
      if (length < rules.min_jog_nm - kRoundingNm && turn(i) * turn(i + 1) < 0)
        findings.push_back({RuleKind::jog, (piece.from.x + piece.to.x) / 2, (piece.from.y + piece.to.y) / 2,
                            length, rules.min_jog_nm});
    }
  }
  const Cover covers(rings);
  const auto pairs = near_pairs(pieces, std::max(rules.min_space_nm, rules.min_width_nm));
  for (const auto& [i, j] : pairs) {
    const Piece &a = pieces[i], &b = pieces[j];
    const auto pair = facing(a, b);
    if (!pair) continue;
    const bool space = pair->gap > 0;
    const double least = least_of(rules, space), gap = std::abs(pair->gap);
    const double distance = pair->lateral > 0 ? std::hypot(gap, pair->lateral) : gap;
    if (distance >= least - kRoundingNm) continue;
    const Point middle = middle_of(a, b, *pair);
    if (pair->lateral >= 0 && covers(middle) == space) continue;
    findings.push_back({space ? RuleKind::space : RuleKind::width, middle.x, middle.y, distance, least});
  }
  // Edges that cross: shapes that overlap, or a ring that cuts itself.
  for (const auto& [i, j] : pairs) {
    const bool along_x = pieces[i].tangent_x != 0;
    const Piece &a = along_x ? pieces[i] : pieces[j], &b = along_x ? pieces[j] : pieces[i];
    if (a.tangent_x == 0 || b.tangent_y == 0) continue;
    const double y0 = std::min(b.from.y, b.to.y), y1 = std::max(b.from.y, b.to.y);
    const double x0 = std::min(a.from.x, a.to.x), x1 = std::max(a.from.x, a.to.x);
    if (a.from.y > y0 + kRoundingNm && a.from.y < y1 - kRoundingNm && b.from.x > x0 + kRoundingNm &&
        b.from.x < x1 - kRoundingNm)
      findings.push_back({RuleKind::overlap, b.from.x, a.from.y, 0, rules.min_space_nm});
  }
  return findings;
}

}  // namespace undulith::optimise
