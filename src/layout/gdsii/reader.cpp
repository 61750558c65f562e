// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "layout/gdsii/records.hpp"
#include "layout/gdsii/stream.hpp"
#include "layout/gunzip.hpp"
#include "layout/metadata_cells.hpp"
#include "layout/readers.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/printable.hpp"
#include "undulith/layout/gdsii.hpp"

namespace undulith::layout {
namespace gdsii {
namespace {

constexpr std::size_t kMaxItems = 65535;
constexpr int kMaxSignedArray = 32767;
// Bounds that no real layout reaches and that protect the arithmetic of nested placements from overflow.
constexpr double kMinDbuNm = 1e-6, kMaxDbuNm = 1e6;
constexpr double kMinMagnification = 1e-6, kMaxMagnification = 1e6;
constexpr double kMaxAngleDeg = 1e6;

/// Data of the records between the first record of an element and ENDEL.
struct Element {
  RecordView start;
  std::optional<int> layer, datatype;
  Outline outline;
  int path_type = 0;
  std::int64_t width = 0, begin = 0, end = 0;
  std::string name;
  bool mirrored = false;
  double magnification = 1, angle_deg = 0;
  std::optional<std::pair<int, int>> columns_rows;

  /// Forgets everything but the memory of its points.
  void restart(const RecordView& first) {
    std::vector<DbuPoint> points = std::move(outline.vertices);
    points.clear();
    *this = {.start = first, .outline = {.vertices = std::move(points)}};
  }
};

/// A length given in metres, as nm. A database unit is a short decimal (0.25 nm); the conversion from metres
/// loses its last bit, which is restored here so that coordinates are exact decimals.
double clean_dbu_nm(long double metres) {
  const auto nm = static_cast<double>(metres * 1e9L);
  const double decimal = std::stod(fmt::format("{:.12g}", nm));
  return std::abs(decimal - nm) <= 1e-15 * nm ? decimal : nm;
}

class Reader {
 public:
  Reader(ByteSource& source, const std::string& name, Collector& collector)
      : stream_(source, name), collector_(collector) {}

  ReadFile read() {
    read_library_header();
    while (true) {
      const RecordView r = stream_.next();
      if (r.type == ENDLIB) break;
      if (r.type == BGNSTR) {
        read_cell(r);
      } else if (is_element(r.type)) {
        stream_.fail(r, "an element outside a cell; the file is damaged: fetch or write it again");
      } else if (r.type == ENDSTR || r.type == ENDEL) {
        stream_.fail(r, "there is no beginning for this end; the file is damaged: fetch or write it again");
      } else {
        note_unknown(r);
      }
    }
    note_trailing_bytes();
    for (const std::string& text : leave_out_metadata(layout_)) note(text);
    note_missing_cells();
    note_absolute_widths();
    for (const auto& [text, count] : notes_) {
      layout_.warnings.push_back(printable(count == 1 ? text : fmt::format("{} ({} times)", text, count)));
    }
    return {.layout = std::move(layout_), .names = std::move(names_)};
  }

 private:
  static bool is_element(std::uint8_t type) {
    return type == BOUNDARY || type == PATH || type == SREF || type == AREF || type == TEXT || type == NODE ||
           type == BOX;
  }

  void note(const std::string& text) { ++notes_[text]; }

  void note_unknown(const RecordView& r) {
    if (record_name(r.type) == "unknown")
      note(fmt::format("record type {:#04x} is unknown and was skipped", r.type));
  }

  void read_library_header() {
    const RecordView header = stream_.next();
    if (header.type != HEADER)
      stream_.fail(header,
                   "a GDSII file begins with HEADER (this is not GDSII); check the file and its extension");
    stream_.require(header, INT2, 1, 1);
    bool has_name = false, has_units = false;
    while (!has_units) {
      const RecordView r = stream_.next();
      if (r.type == LIBNAME) {
        stream_.require(r, ASCII, 0, kMaxItems);
        layout_.name = r.text();
        has_name = true;
      } else if (r.type == UNITS) {
        stream_.require(r, REAL8, 2, 2);
        const long double nm = r.real8(1) * 1e9L;
        if (!(nm >= kMinDbuNm && nm <= kMaxDbuNm)) {
          stream_.fail(
              r, fmt::format("a database unit of {:g} nm (must be in [{:g}, {:g}]); the file is damaged: "
                             "fetch or write it again",
                             static_cast<double>(nm), kMinDbuNm, kMaxDbuNm));
        }
        layout_.dbu_nm = clean_dbu_nm(r.real8(1));
        collector_.set_dbu_nm(layout_.dbu_nm);
        has_units = true;
      } else if (r.type == BGNSTR || r.type == ENDLIB || is_element(r.type)) {
        stream_.fail(r, "UNITS must come before it; the file is damaged: fetch or write it again");
      } else {
        note_unknown(r);
      }
    }
    if (!has_name) note("the library has no name");
  }

  void read_cell(const RecordView& begin) {
    const RecordView name = stream_.next();
    if (name.type != STRNAME)
      stream_.fail(name, "STRNAME must follow BGNSTR; the file is damaged: fetch or write it again");
    stream_.require(name, ASCII, 1, kMaxItems);
    const std::string cell_name = name.text();
    if (cell_name.empty())
      stream_.fail(name, "a cell without a name; the file is damaged: fetch or write it again");
    if (layout_.cells.contains(cell_name)) {
      stream_.fail(begin, fmt::format("cell '{}' is defined twice; rename one of the two", cell_name));
    }
    stream_.set_cell(cell_name);
    collector_.begin_cell();
    names_.push_back(cell_name);
    while (true) {
      const RecordView r = stream_.next();
      if (r.type == ENDSTR) break;
      if (is_element(r.type)) {
        read_element(r);
        finish_element();
      } else if (r.type == BGNSTR || r.type == ENDLIB || r.type == ENDEL) {
        stream_.fail(r, "the previous cell has no ENDSTR; the file is damaged: fetch or write it again");
      } else {
        note_unknown(r);
      }
    }
    stream_.set_cell("");
    Cell collected = collector_.end_cell().cell;
    collected.name = cell_name;
    layout_.cells.emplace(cell_name, std::move(collected));
  }

  /// Into element_, whose memory serves for all elements.
  void read_element(const RecordView& start) {
    element_.restart(start);
    while (true) {
      const RecordView r = stream_.next();
      if (r.type == ENDEL) return;
      if (is_element(r.type) || r.type == BGNSTR || r.type == ENDSTR || r.type == ENDLIB)
        stream_.fail(r, "the previous element has no ENDEL; the file is damaged: fetch or write it again");
      read_part(r, element_);
    }
  }

  void read_part(const RecordView& r, Element& e) {
    switch (r.type) {
      case LAYER:
        stream_.require(r, INT2, 1, 1);
        e.layer = r.u16(0);
        break;
      case DATATYPE:
      case BOXTYPE:
        stream_.require(r, INT2, 1, 1);
        e.datatype = r.u16(0);
        break;
      case XY:
        read_points(r, e);
        break;
      case PATHTYPE:
        e.path_type = path_type(r);
        break;
      case WIDTH:
        e.width = one_integer(r);
        break;
      case BGNEXTN:
        e.begin = one_integer(r);
        break;
      case ENDEXTN:
        e.end = one_integer(r);
        break;
      case SNAME:
        stream_.require(r, ASCII, 1, kMaxItems);
        e.name = r.text();
        break;
      case STRANS:
        read_strans(r, e);
        break;
      case MAG:
        e.magnification = magnification(r);
        break;
      case ANGLE:
        e.angle_deg = one_real(r, kMaxAngleDeg);
        break;
      case COLROW:
        e.columns_rows = columns_rows(r);
        break;
      default:
        note_unknown(r);
    }
  }

  /// Some writers continue a long polygon in further XY records.
  void read_points(const RecordView& r, Element& e) const {
    stream_.require(r, INT4, 2, kMaxItems);
    if (r.data.size() % 8 != 0) stream_.fail(r, "half a point; the file is damaged: fetch or write it again");
    for (std::size_t i = 0; i < r.data.size() / 8; ++i)
      e.outline.vertices.push_back({r.i32(2 * i), r.i32(2 * i + 1)});
  }

  int path_type(const RecordView& r) const {
    stream_.require(r, INT2, 1, 1);
    const int type = r.i16(0);
    if (type != 0 && type != 1 && type != 2 && type != 4)
      stream_.fail(
          r, fmt::format("path type {} (must be 0, 1, 2 or 4); the file is damaged: fetch or write it again",
                         type));
    return type;
  }

  double magnification(const RecordView& r) const {
    const double value = one_real(r, kMaxMagnification);
    if (!(value >= kMinMagnification))
      stream_.fail(
          r, fmt::format(
                 "magnification {:g} (must be in [{:g}, {:g}]); the file is damaged: fetch or write it again",
                 value, kMinMagnification, kMaxMagnification));
    return value;
  }

  /// Signed in GDSII; writers that know no limit use all 16 bits.
  std::pair<int, int> columns_rows(const RecordView& r) {
    stream_.require(r, INT2, 2, 2);
    const int columns = r.u16(0), rows = r.u16(1);
    if (columns < 1 || rows < 1)
      stream_.fail(r, fmt::format("an array of {} columns and {} rows (both must be at least 1); the file is "
                                  "damaged: fetch or write it again",
                                  columns, rows));
    if (columns > kMaxSignedArray || rows > kMaxSignedArray) {
      note(
          fmt::format("cell '{}': an array of {} columns and {} rows is beyond the limit of GDSII ({} each); "
                      "it is read as written, but other readers may refuse it: split it",
                      stream_.cell(), columns, rows, kMaxSignedArray));
    }
    return {columns, rows};
  }

  std::int32_t one_integer(const RecordView& r) const {
    stream_.require(r, INT4, 1, 1);
    return r.i32(0);
  }

  double one_real(const RecordView& r, double limit) const {
    stream_.require(r, REAL8, 1, 1);
    const long double value = r.real8(0);
    if (std::fabs(value) > limit) {
      stream_.fail(r, fmt::format("{:g} (beyond {:g}); the file is damaged: fetch or write it again",
                                  static_cast<double>(value), limit));
    }
    return static_cast<double>(value);
  }

  void read_strans(const RecordView& r, Element& e) {
    if (r.data_type != BIT_ARRAY || r.data.size() != 2)
      stream_.fail(r, "not two bytes of flags; the file is damaged: fetch or write it again");
    const unsigned flags = r.u16(0);
    e.mirrored = (flags & 0x8000U) != 0;
    if ((flags & 0x0006U) != 0) {
      note(
          fmt::format("cell '{}': an absolute magnification or angle is treated as relative to the placing "
                      "cell",
                      stream_.cell()));
    }
  }

  void finish_element() {
    Element& e = element_;
    switch (e.start.type) {
      case TEXT:
        return;
      case NODE:
        note("NODE elements are skipped (they draw nothing)");
        return;
      case SREF:
      case AREF:
        add_reference(e);
        return;
      case PATH:
        add_path(e);
        return;
      default:
        add_polygon(e);
    }
  }

  LayerId layer_of(const Element& e) const {
    if (!e.layer)
      stream_.fail(e.start, "the element has no LAYER; the file is damaged: fetch or write it again");
    if (!e.datatype)
      stream_.fail(e.start, "the element has no DATATYPE; the file is damaged: fetch or write it again");
    if (e.outline.vertices.empty())
      stream_.fail(e.start, "the element has no XY; the file is damaged: fetch or write it again");
    return {*e.layer, *e.datatype};
  }

  void add_polygon(Element& e) {
    const LayerId layer = layer_of(e);
    std::vector<DbuPoint>& xy = e.outline.vertices;
    if (xy.size() > 1 && xy.back() == xy.front()) {
      xy.pop_back();
    } else {
      note(fmt::format("cell '{}': a polygon whose last point is not its first was closed", stream_.cell()));
    }
    if (xy.size() < 3) {
      note(fmt::format("cell '{}': a polygon of fewer than three points was skipped", stream_.cell()));
      return;
    }
    collector_.add_shape(layer, e.outline);
  }

  void add_path(Element& e) {
    const LayerId layer = layer_of(e);
    if (e.width < 0) absolute_widths_.insert(stream_.cell());
    Path path{.spine = std::move(e.outline.vertices),
              .width = std::abs(e.width),
              .type = e.path_type,
              .begin = e.begin,
              .end = e.end};
    std::optional<Outline> polygon = outline(path, outline_parts(layout_.dbu_nm));
    if (!polygon) {
      note(fmt::format("cell '{}': a path without area (no width or no length) was skipped", stream_.cell()));
      return;
    }
    collector_.add_shape(layer, *polygon);
  }

  void add_reference(const Element& e) {
    if (e.name.empty())
      stream_.fail(e.start, "the reference names no cell; the file is damaged: fetch or write it again");
    const bool array = e.start.type == AREF;
    const std::size_t points = array ? 3 : 1;
    const std::vector<DbuPoint>& xy = e.outline.vertices;
    if (xy.size() != points) {
      stream_.fail(e.start,
                   fmt::format("{} points (a reference has {}); the file is damaged: fetch or write it again",
                               xy.size(), points));
    }
    Reference reference{.cell = e.name,
                        .origin = xy[0],
                        .mirrored = e.mirrored,
                        .magnification = e.magnification,
                        .angle_deg = e.angle_deg};
    if (array) {
      if (!e.columns_rows)
        stream_.fail(e.start, "the array has no COLROW; the file is damaged: fetch or write it again");
      std::tie(reference.columns, reference.rows) = *e.columns_rows;
      // The second and third point are one step beyond the last column and row.
      const auto step = [&](const DbuPoint& far, int count) {
        return std::pair{static_cast<double>(far.x - xy[0].x) / count,
                         static_cast<double>(far.y - xy[0].y) / count};
      };
      std::tie(reference.column_step_x, reference.column_step_y) = step(xy[1], reference.columns);
      std::tie(reference.row_step_x, reference.row_step_y) = step(xy[2], reference.rows);
    }
    collector_.add_reference(reference);
  }

  void note_trailing_bytes() {
    if (const std::size_t n = stream_.trailing_bytes(); n > 0)
      note(fmt::format("{} bytes after ENDLIB were ignored", n));
  }

  void note_missing_cells() {
    for (const auto& [name, cell] : layout_.cells) {
      for (const Reference& r : cell.references) {
        if (!layout_.cells.contains(r.cell)) {
          note(fmt::format("cell '{}' (placed by '{}') is not in the file and stays empty", r.cell, name));
        }
      }
    }
  }

  /// A negative WIDTH must not grow with the magnification of a placement. Polygons cannot express that: warn
  /// where it matters.
  void note_absolute_widths() {
    if (absolute_widths_.empty()) return;
    std::set<std::string> magnified;
    std::vector<std::string> pending;
    const auto visit = [&](const std::string& name) {
      if (magnified.insert(name).second) pending.push_back(name);
    };
    for (const auto& [name, cell] : layout_.cells) {
      for (const Reference& r : cell.references) {
        if (r.magnification != 1) visit(r.cell);
      }
    }
    while (!pending.empty()) {
      const auto found = layout_.cells.find(pending.back());
      pending.pop_back();
      if (found == layout_.cells.end()) continue;
      for (const Reference& r : found->second.references) visit(r.cell);
    }
    for (const std::string& name : absolute_widths_) {
      if (magnified.contains(name)) {
        note(fmt::format(
            "cell '{}' has paths of absolute width and is placed with a magnification; their width is "
            "magnified too",
            name));
      }
    }
  }

  RecordStream stream_;
  Collector& collector_;
  Element element_;
  Layout layout_;
  std::vector<std::string> names_;
  std::map<std::string, int> notes_;
  std::set<std::string> absolute_widths_;
};

}  // namespace
}  // namespace gdsii

ReadFile read_gdsii(ByteSource& source, const std::string& name, Collector& collector) {
  return gdsii::Reader(source, name, collector).read();
}

Layout read_gdsii(std::span<const std::byte> bytes, const std::string& name) {
  std::vector<std::byte> inflated;
  if (is_gzip(bytes)) bytes = inflated = gunzip(bytes, name);
  ByteSource source(bytes);
  Collector collector(Collector::Keep::everything, std::numeric_limits<std::size_t>::max(), {});
  return read_gdsii(source, name, collector).layout;
}

}  // namespace undulith::layout
