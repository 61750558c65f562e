// SPDX-License-Identifier: MIT
#include "undulith/layout/patterns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "undulith/core/error.hpp"

namespace undulith::layout {
namespace {

constexpr double kDbuNm = 0.25;
constexpr double kMaxSizeNm = 1e6;
constexpr int kMaxSpokes = 10000;
constexpr std::int64_t kMaxFeatures = 1'000'000;

/// Lengths in database units, and the shapes drawn so far.
class Drawing {
 public:
  explicit Drawing(const PatternParameters& p) : p_(p) {
    // Features are centred on their position, so half of each length must be a whole number of units too.
    fine_ = odd(p.width_nm) || odd(p.pitch_nm) || odd(p.size_nm) || odd(p.gap_nm);
    layout_.dbu_nm = fine_ ? kDbuNm / 2 : kDbuNm;
  }

  [[nodiscard]] std::int64_t dbu(double nm) const { return std::llround(nm / layout_.dbu_nm); }

  void rectangle(std::int64_t x0, std::int64_t y0, std::int64_t x1, std::int64_t y1) {
    polygon({{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}});
  }
  void polygon(std::vector<DbuPoint> vertices) {
    cell_.shapes.push_back({LayerId{p_.layer, p_.datatype}, std::move(vertices)});
  }
  Layout finish(const char* name) {
    layout_.name = cell_.name = name;
    layout_.cells.emplace(cell_.name, std::move(cell_));
    return std::move(layout_);
  }

 private:
  static bool odd(double nm) { return std::fmod(std::round(nm / kDbuNm), 2) != 0; }

  const PatternParameters& p_;
  bool fine_ = false;
  Layout layout_;
  Cell cell_;
};

void require_length(const char* name, double nm, double above, double below) {
  if (!std::isfinite(nm) || nm <= above || nm >= below) {
    throw InputError(
        fmt::format("pattern: {} = {} (must be above {:g} and below {:g}); choose a length that fits", name,
                    nm, above, below));
  }
  const double units = nm / kDbuNm;
  if (std::abs(units - std::round(units)) > 1e-6) {
    throw InputError(fmt::format(
        "pattern: {} = {} (must be a multiple of the database unit, {} nm); round it", name, nm, kDbuNm));
  }
}

/// Centres i * pitch, from the negative to the positive side, of features of this width that fit into the
/// field.
std::vector<std::int64_t> centres(std::int64_t pitch, std::int64_t width, std::int64_t size) {
  std::vector<std::int64_t> out;
  const std::int64_t last = (size - width) / 2 / pitch;
  for (std::int64_t i = -last; i <= last; ++i) out.push_back(i * pitch);
  return out;
}

/// Lines along y or along x; each line consists of pieces [from, to] along its length.
void draw_lines(Drawing& d, const PatternParameters& p,
                const std::vector<std::pair<std::int64_t, std::int64_t>>& pieces) {
  const std::int64_t half = d.dbu(p.width_nm) / 2;
  for (const std::int64_t c : centres(d.dbu(p.pitch_nm), d.dbu(p.width_nm), d.dbu(p.size_nm))) {
    for (const auto& [from, to] : pieces) {
      if (p.horizontal) {
        d.rectangle(from, c - half, to, c + half);
      } else {
        d.rectangle(c - half, from, c + half, to);
      }
    }
  }
}

Layout line_space(Drawing d, const PatternParameters& p) {
  const std::int64_t end = d.dbu(p.size_nm) / 2;
  draw_lines(d, p, {{-end, end}});
  return d.finish("LINE_SPACE");
}

Layout tip_to_tip(Drawing d, const PatternParameters& p) {
  require_length("gap_nm", p.gap_nm, 0, p.size_nm);
  const std::int64_t end = d.dbu(p.size_nm) / 2, gap = d.dbu(p.gap_nm) / 2;
  draw_lines(d, p, {{-end, -gap}, {gap, end}});
  return d.finish("TIP_TO_TIP");
}

Layout contact_array(Drawing d, const PatternParameters& p) {
  const auto places = centres(d.dbu(p.pitch_nm), d.dbu(p.width_nm), d.dbu(p.size_nm));
  const auto n = static_cast<std::int64_t>(places.size());
  if (n * n > kMaxFeatures) {
    throw InputError(fmt::format("pattern: {} contacts (at most {}); reduce size_nm", n * n, kMaxFeatures));
  }
  const std::int64_t half = d.dbu(p.width_nm) / 2;
  for (const std::int64_t y : places) {
    for (const std::int64_t x : places) d.rectangle(x - half, y - half, x + half, y + half);
  }
  return d.finish("CONTACT_ARRAY");
}

/// Nested right angles: each line starts on the left, turns on the diagonal and ends at the bottom.
Layout elbow(Drawing d, const PatternParameters& p) {
  const std::int64_t half = d.dbu(p.width_nm) / 2, end = d.dbu(p.size_nm) / 2;
  for (const std::int64_t c : centres(d.dbu(p.pitch_nm), d.dbu(p.width_nm), d.dbu(p.size_nm))) {
    if (c - half <= -end) continue;  // no arm left
    d.polygon({{-end, c - half},
               {c - half, c - half},
               {c - half, -end},
               {c + half, -end},
               {c + half, c + half},
               {-end, c + half}});
  }
  return d.finish("ELBOW");
}

/// Sectors of half a period, the first centred on the x axis; the arcs follow the circle to half a database
/// unit.
Layout siemens_star(Drawing d, const PatternParameters& p) {
  if (p.spokes < 2 || p.spokes > kMaxSpokes) {
    throw InputError(
        fmt::format("pattern: spokes = {} (must be in [2, {}]); 36 is usual", p.spokes, kMaxSpokes));
  }
  const double radius = static_cast<double>(d.dbu(p.size_nm)) / 2;
  const double opening = std::numbers::pi / p.spokes;
  const int sides =
      std::max(1, static_cast<int>(std::ceil(opening / (2 * std::acos(1 - 0.5 / std::max(1.0, radius))))));
  for (int k = 0; k < p.spokes; ++k) {
    std::vector<DbuPoint> sector{{0, 0}};
    for (int i = 0; i <= sides; ++i) {
      const double angle = opening * (2 * k - 0.5 + static_cast<double>(i) / sides);
      const DbuPoint q{std::llround(radius * std::cos(angle)), std::llround(radius * std::sin(angle))};
      if (q != sector.back()) sector.push_back(q);
    }
    if (sector.size() < 3) {
      throw InputError(fmt::format("pattern: {} spokes (too many for a star of {} nm); reduce spokes",
                                   p.spokes, p.size_nm));
    }
    d.polygon(std::move(sector));
  }
  return d.finish("SIEMENS_STAR");
}

}  // namespace

Layout make_pattern(const PatternParameters& p) {
  require_length("size_nm", p.size_nm, 0, kMaxSizeNm);
  if (p.kind == PatternKind::siemens_star) return siemens_star(Drawing(p), p);
  require_length("pitch_nm", p.pitch_nm, 0, kMaxSizeNm);
  require_length("width_nm", p.width_nm, 0, p.pitch_nm);
  if (p.width_nm > p.size_nm) {
    throw InputError(fmt::format("pattern: width_nm = {} (wider than the field of {} nm); enlarge size_nm",
                                 p.width_nm, p.size_nm));
  }
  switch (p.kind) {
    case PatternKind::line_space:
      return line_space(Drawing(p), p);
    case PatternKind::contact_array:
      return contact_array(Drawing(p), p);
    case PatternKind::tip_to_tip:
      return tip_to_tip(Drawing(p), p);
    case PatternKind::elbow:
      return elbow(Drawing(p), p);
    case PatternKind::siemens_star:
      break;
  }
  throw InputError("pattern: unknown kind; choose one of layout::PatternKind");
}

}  // namespace undulith::layout
