// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string_view>

#include "layout/inflate.hpp"
#include "layout/oasis/records.hpp"
#include "layout/path_outline.hpp"
#include "undulith/core/error.hpp"
#include "undulith/layout/oasis.hpp"

namespace undulith::layout {
namespace oasis {
namespace {

constexpr std::size_t kEndBytes = 256;
constexpr std::int64_t kMaxSinglePlacements = 1'000'000;
constexpr std::uint64_t kExactDouble = std::uint64_t{1} << 53;

/// Writes numbers and strings in order.
class Bytes {
 public:
  void byte(unsigned v) { out_.push_back(static_cast<std::byte>(v & 0xFFU)); }
  void unsigned_integer(std::uint64_t v) {
    for (; v > 0x7F; v >>= 7) byte(0x80U | static_cast<unsigned>(v & 0x7FU));
    byte(static_cast<unsigned>(v));
  }
  void signed_integer(std::int64_t v) {
    unsigned_integer(v < 0 ? static_cast<std::uint64_t>(-v) << 1 | 1U : static_cast<std::uint64_t>(v) << 1);
  }
  void any_step(DbuPoint d) {
    const std::uint64_t x = static_cast<std::uint64_t>(std::abs(d.x));
    unsigned_integer(x << 2 | (d.x < 0 ? 2U : 0U) | 1U);
    signed_integer(d.y);
  }
  void string(std::string_view s) {
    unsigned_integer(s.size());
    for (const char c : s) byte(static_cast<unsigned char>(c));
  }
  void ratio(std::uint64_t numerator, std::uint64_t denominator) {
    unsigned_integer(4);
    unsigned_integer(numerator);
    unsigned_integer(denominator);
  }
  /// A whole number in one or two bytes, any other number as an IEEE double.
  void real(double v) {
    if (v == std::floor(v) && std::abs(v) < static_cast<double>(kExactDouble)) {
      unsigned_integer(v < 0 ? 1 : 0);
      unsigned_integer(static_cast<std::uint64_t>(std::abs(v)));
      return;
    }
    unsigned_integer(7);
    const auto bits = std::bit_cast<std::uint64_t>(v);
    for (int shift = 0; shift < 64; shift += 8) byte(static_cast<unsigned>(bits >> shift & 0xFFU));
  }
  void append(std::span<const std::byte> bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
  [[nodiscard]] const std::vector<std::byte>& get() const { return out_; }
  [[nodiscard]] std::vector<std::byte> take() { return std::move(out_); }
  [[nodiscard]] std::size_t size() const { return out_.size(); }

 private:
  std::vector<std::byte> out_;
};

/// Lower left, lower right, upper right, upper left: the order in which the reader returns a RECTANGLE.
bool is_rectangle(const std::vector<DbuPoint>& v) {
  return v.size() == 4 && v[0].y == v[1].y && v[1].x == v[2].x && v[2].y == v[3].y && v[3].x == v[0].x &&
         v[0].x < v[1].x && v[1].y < v[2].y;
}

/// The type of point list whose steps alternate between x and y (0: first along x, 1: along y), if it fits.
std::optional<unsigned> alternating_type(const std::vector<DbuPoint>& v) {
  if (v.size() < 4 || v.size() % 2 != 0) return {};
  const bool along_x = v[0].y == v[1].y;
  for (std::size_t i = 0; i < v.size(); ++i) {
    const DbuPoint &a = v[i], &b = v[(i + 1) % v.size()];
    const bool x = along_x == (i % 2 == 0);
    if (x ? a.y != b.y || a.x == b.x : a.x != b.x || a.y == b.y) return {};
  }
  return along_x ? 0U : 1U;
}

class Writer {
 public:
  explicit Writer(OasisCells mode) : mode_(mode) {}

  std::vector<std::byte> write(const Layout& layout) {
    file_.append(std::as_bytes(std::span(kMagic)));
    file_.byte(START);
    file_.string("1.0");
    write_unit(layout.dbu_nm);
    file_.unsigned_integer(1);  // the positions of the tables follow in END
    collect_names(layout);
    for (const auto& [name, cell] : layout.cells) write_cell(name, cell);
    const std::size_t names_at = names_.empty() ? 0 : file_.size();
    for (const std::string_view name : names_in_order_) {
      file_.byte(CELLNAME);
      file_.string(name);
    }
    write_end(names_at);
    return file_.take();
  }

 private:
  [[noreturn]] void fail(const std::string& problem) const {
    throw InputError(fmt::format("OASIS: cell '{}': {}", cell_, problem));
  }

  void write_unit(double dbu_nm) {
    if (!std::isfinite(dbu_nm) || dbu_nm <= 0) {
      throw InputError(fmt::format(
          "OASIS: a database unit of {} nm (must be positive); set dbu_nm, for example to 0.25", dbu_nm));
    }
    // Grid points per micrometre: a whole number, or a ratio of whole numbers if the unit is a decimal.
    std::uint64_t scale = 1;
    for (int digits = 0; digits <= 12; ++digits, scale *= 10) {
      const double scaled = std::round(dbu_nm * static_cast<double>(scale));
      if (scaled >= 1e15) break;
      if (scaled < 1 || static_cast<double>(static_cast<long double>(scaled) / scale) != dbu_nm) continue;
      const auto units = static_cast<std::uint64_t>(scaled);
      if (1000 * scale % units == 0) {
        file_.unsigned_integer(0);
        file_.unsigned_integer(1000 * scale / units);
      } else {
        file_.ratio(1000 * scale, units);
      }
      return;
    }
    file_.real(1000 / dbu_nm);
  }

  void collect_names(const Layout& layout) {
    const auto add = [&](const std::string& name) {
      if (!names_.emplace(name, names_in_order_.size()).second) return;
      cell_ = name;
      if (name.empty()) fail("an empty name (OASIS needs names); give a name");
      if (std::any_of(name.begin(), name.end(), [](char c) { return c <= ' ' || c > '~'; })) {
        fail(
            "a name with spaces or characters other than printable ASCII (OASIS does not allow them); rename "
            "the cell");
      }
      names_in_order_.push_back(name);
    };
    for (const auto& [name, cell] : layout.cells) add(name);
    for (const auto& [name, cell] : layout.cells) {
      for (const Reference& r : cell.references) add(r.cell);
    }
  }

  void write_cell(const std::string& name, const Cell& cell) {
    cell_ = name;
    file_.byte(CELL_NUMBERED);
    file_.unsigned_integer(names_.at(name));
    layer_.reset(), datatype_.reset(), width_.reset(), height_.reset(), placed_.reset();
    at_ = placed_at_ = {0, 0};
    body_ = Bytes();
    for (const Shape& shape : cell.shapes)
      if (const Shape drawn = on_units(shape); !drawn.vertices.empty()) write_shape(drawn);
    for (const Reference& reference : cell.references) write_reference(reference);
    if (mode_ == OasisCells::compressed) {
      const std::vector<std::byte> packed = deflate_raw(body_.get());
      if (packed.size() + 12 < body_.size()) {
        file_.byte(CBLOCK);
        file_.unsigned_integer(0);
        file_.unsigned_integer(body_.size());
        file_.unsigned_integer(packed.size());
        file_.append(packed);
        return;
      }
    }
    file_.append(body_.get());
  }

  void check(const DbuPoint& p) const {
    for (const std::int64_t v : {p.x, p.y}) {
      if (v > kMaxCoordinate || v < -kMaxCoordinate) {
        fail(fmt::format("coordinate {} (beyond {:g}); use a coarser database unit", v,
                         static_cast<double>(kMaxCoordinate)));
      }
    }
  }

  /// Sets a modal value; returns true if it must be written.
  template <class T>
  static bool changes(std::optional<T>& modal, const T& value) {
    const bool changed = modal != value;
    modal = value;
    return changed;
  }

  void write_shape(const Shape& shape) {
    const std::vector<DbuPoint>& v = shape.vertices;
    if (shape.layer.layer < 0 || shape.layer.datatype < 0) {
      fail(fmt::format("layer {}/{} (must not be negative); use another number", shape.layer.layer,
                       shape.layer.datatype));
    }
    if (v.size() < 3) fail(fmt::format("a polygon of {} vertices (at least 3); remove it", v.size()));
    if (v.front() == v.back())
      fail("a polygon whose last vertex repeats its first (OASIS closes it itself); leave the last one out");
    for (const DbuPoint& p : v) check(p);
    const bool rectangle = is_rectangle(v);
    const std::int64_t width = v[1].x - v[0].x, height = v[2].y - v[1].y;
    unsigned info = 0;
    if (changes(layer_, shape.layer.layer)) info |= 0x01;
    if (changes(datatype_, shape.layer.datatype)) info |= 0x02;
    if (rectangle) {
      // A square gives only its width, and sets both modal values.
      const bool square = width == height;
      if (changes(width_, width)) info |= 0x40;
      if (square) info |= 0x80;
      if (changes(height_, height) && !square) info |= 0x20;
    } else {
      info |= 0x20;
    }
    if (v[0].x != at_.x) info |= 0x10;
    if (v[0].y != at_.y) info |= 0x08;
    at_ = v[0];
    body_.byte(rectangle ? RECTANGLE : POLYGON);
    body_.byte(info);
    if ((info & 0x01U) != 0) body_.unsigned_integer(static_cast<std::uint64_t>(shape.layer.layer));
    if ((info & 0x02U) != 0) body_.unsigned_integer(static_cast<std::uint64_t>(shape.layer.datatype));
    if (rectangle) {
      if ((info & 0x40U) != 0) body_.unsigned_integer(static_cast<std::uint64_t>(width));
      if ((info & 0x20U) != 0) body_.unsigned_integer(static_cast<std::uint64_t>(height));
    } else {
      write_points(v);
    }
    if ((info & 0x10U) != 0) body_.signed_integer(at_.x);
    if ((info & 0x08U) != 0) body_.signed_integer(at_.y);
  }

  void write_points(const std::vector<DbuPoint>& v) {
    const std::optional<unsigned> alternating = alternating_type(v);
    body_.unsigned_integer(alternating.value_or(4));
    // The last vertex of an alternating list follows from the others.
    const std::size_t steps = alternating ? v.size() - 2 : v.size() - 1;
    body_.unsigned_integer(steps);
    for (std::size_t i = 0; i < steps; ++i) {
      const DbuPoint d{v[i + 1].x - v[i].x, v[i + 1].y - v[i].y};
      if (alternating) {
        body_.signed_integer(d.x != 0 ? d.x : d.y);
      } else {
        body_.any_step(d);
      }
    }
  }

  void write_reference(const Reference& r) {
    if (r.columns < 1 || r.rows < 1) {
      fail(
          fmt::format("an array of {} x {} instances (at least 1 each); give at least one column and one row",
                      r.columns, r.rows));
    }
    if (!std::isfinite(r.magnification) || r.magnification <= 0 || !std::isfinite(r.angle_deg)) {
      fail(fmt::format(
          "'{}' is placed with magnification {} and angle {} (finite numbers, magnification > 0); correct "
          "them",
          r.cell, r.magnification, r.angle_deg));
    }
    check(r.origin);
    const double quarter = r.angle_deg / 90;
    const bool turned =
        r.magnification != 1 || (quarter != 0 && quarter != 1 && quarter != 2 && quarter != 3);
    const bool repeated = r.columns > 1 || r.rows > 1;
    unsigned info = r.mirrored ? 0x01U : 0U;
    if (changes(placed_, names_.at(r.cell))) info |= 0xC0;
    if (turned) {
      if (r.magnification != 1) info |= 0x04;
      if (r.angle_deg != 0) info |= 0x02;
    } else {
      info |= static_cast<unsigned>(quarter) << 1;
    }
    if (r.origin.x != placed_at_.x) info |= 0x20;
    if (r.origin.y != placed_at_.y) info |= 0x10;
    placed_at_ = r.origin;
    if (repeated) info |= 0x08;
    body_.byte(turned ? PLACEMENT_TURNED : PLACEMENT);
    body_.byte(info);
    if ((info & 0x80U) != 0) body_.unsigned_integer(names_.at(r.cell));
    if (turned && r.magnification != 1) body_.real(r.magnification);
    if (turned && r.angle_deg != 0) body_.real(r.angle_deg);
    if ((info & 0x20U) != 0) body_.signed_integer(r.origin.x);
    if ((info & 0x10U) != 0) body_.signed_integer(r.origin.y);
    if (repeated) write_lattice(r);
  }

  std::int64_t whole(double v) const {
    if (!(std::abs(v) <= static_cast<double>(kMaxCoordinate))) {
      fail(fmt::format("an array step of {} (beyond {:g}); use a coarser database unit", v,
                       static_cast<double>(kMaxCoordinate)));
    }
    return std::llround(v);
  }

  void write_lattice(const Reference& r) {
    const DbuPoint column{whole(r.column_step_x), whole(r.column_step_y)};
    const DbuPoint row{whole(r.row_step_x), whole(r.row_step_y)};
    const auto same = [](double v, std::int64_t w) { return v == static_cast<double>(w); };
    const bool columns_whole =
        r.columns == 1 || (same(r.column_step_x, column.x) && same(r.column_step_y, column.y));
    const bool rows_whole = r.rows == 1 || (same(r.row_step_x, row.x) && same(r.row_step_y, row.y));
    const auto n = [](int count) { return static_cast<std::uint64_t>(count - 2); };
    if (!columns_whole || !rows_whole) {
      write_places(r);
    } else if (r.columns > 1 && r.rows > 1) {
      const bool upright = column.y == 0 && row.x == 0 && column.x >= 0 && row.y >= 0;
      body_.unsigned_integer(upright ? 1 : 8);
      body_.unsigned_integer(n(r.columns));
      body_.unsigned_integer(n(r.rows));
      if (upright) {
        body_.unsigned_integer(static_cast<std::uint64_t>(column.x));
        body_.unsigned_integer(static_cast<std::uint64_t>(row.y));
      } else {
        body_.any_step(column);
        body_.any_step(row);
      }
    } else if (r.rows > 1 && row.x == 0 && row.y >= 0) {
      body_.unsigned_integer(3);
      body_.unsigned_integer(n(r.rows));
      body_.unsigned_integer(static_cast<std::uint64_t>(row.y));
    } else {
      body_.unsigned_integer(9);
      body_.unsigned_integer(n(std::max(r.columns, r.rows)));
      body_.any_step(r.columns > 1 ? column : row);
    }
  }

  /// Every position of an array, rounded.
  void write_places(const Reference& r) {
    const std::int64_t places = std::int64_t{r.columns} * r.rows;
    if (places > kMaxSinglePlacements) {
      fail(fmt::format(
          "an array of {} x {} instances whose steps are not whole database units (at most {} can be written "
          "one by one); use a finer database unit",
          r.columns, r.rows, kMaxSinglePlacements));
    }
    body_.unsigned_integer(10);
    body_.unsigned_integer(static_cast<std::uint64_t>(places - 2));
    DbuPoint last{0, 0};
    for (std::int64_t i = 1; i < places; ++i) {
      const auto column = static_cast<double>(i % r.columns), row = static_cast<double>(i / r.columns);
      const DbuPoint place{whole(column * r.column_step_x + row * r.row_step_x),
                           whole(column * r.column_step_y + row * r.row_step_y)};
      body_.any_step({place.x - last.x, place.y - last.y});
      last = place;
    }
  }

  void write_end(std::size_t names_at) {
    const std::size_t begin = file_.size();
    file_.byte(END);
    // For each table: 1 (all names are in it) and its position. Only the table of cells exists.
    for (int table = 0; table < 6; ++table) {
      file_.unsigned_integer(1);
      file_.unsigned_integer(table == 0 ? names_at : 0);
    }
    const std::size_t used = file_.size() - begin;
    // Padding to 256 bytes; the length of the padding takes two of them, the validation five.
    const std::size_t padding = kEndBytes - used - 2 - 5;
    file_.unsigned_integer(padding);
    for (std::size_t i = 0; i < padding; ++i) file_.byte(0);
    file_.unsigned_integer(CRC32);
    const std::uint32_t sum = crc32_of(file_.get());
    for (int shift = 0; shift < 32; shift += 8) file_.byte(sum >> shift);
  }

  OasisCells mode_;
  Bytes file_, body_;
  std::map<std::string, std::uint64_t, std::less<>> names_;
  std::vector<std::string_view> names_in_order_;
  std::string cell_;
  std::optional<int> layer_, datatype_;
  std::optional<std::int64_t> width_, height_;
  std::optional<std::uint64_t> placed_;
  DbuPoint at_{}, placed_at_{};
};

}  // namespace
}  // namespace oasis

std::vector<std::byte> write_oasis(const Layout& layout, OasisCells cells) {
  return oasis::Writer(cells).write(layout);
}

}  // namespace undulith::layout
