#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>

#include "layout/gunzip.hpp"
#include "layout/inflate.hpp"
#include "layout/oasis_geometry.hpp"
#include "layout/oasis_modal.hpp"
#include "layout/oasis_names.hpp"
#include "layout/oasis_records.hpp"
#include "layout/path_outline.hpp"
#include "undulith/core/error.hpp"
#include "undulith/layout/oasis.hpp"

namespace undulith::layout {
namespace oasis {
namespace {

// The same bounds as for GDSII: no real layout meets them.
constexpr double kMinDbuNm = 1e-6, kMaxDbuNm = 1e6;
constexpr double kMinMagnification = 1e-6, kMaxMagnification = 1e6;
constexpr double kMaxAngleDeg = 1e6;
// A lattice of more copies of a shape becomes a cell of its own, placed as an array.
constexpr std::int64_t kMaxCopies = 100;
constexpr int kTables = 6;

/// 1000 nm over the grid points of a micron; short decimals come out exactly.
double dbu_nm_of(long double points_per_micron) {
  const auto nm = static_cast<double>(1000 / points_per_micron);
  const double decimal = std::stod(fmt::format("{:.12g}", nm));
  return std::abs(decimal - nm) <= 1e-15 * nm ? decimal : nm;
}

class Reader {
 public:
  Reader(std::span<const std::byte> bytes, const std::string& name, std::size_t max_bytes)
      : bytes_(bytes), stream_(bytes, name, max_bytes), memory_left_(max_bytes) {}

  Layout read() {
    read_start();
    for (bool more = true; more;) more = read_record();
    name_cells();
    note_missing_cells();
    for (const auto& [text, count] : notes_) {
      layout_.warnings.push_back(count == 1 ? text : fmt::format("{} ({} times)", text, count));
    }
    return std::move(layout_);
  }

 private:
  struct ShapeArray {
    Shape shape;
    Reference lattice;
  };
  /// A cell whose name, and whose references' names, may still be numbers.
  struct OpenCell {
    CellKey key;
    Cell cell;
    std::vector<std::pair<std::size_t, std::uint64_t>> numbered_references;
    std::vector<ShapeArray> arrays;
  };

  void note(const std::string& text) { ++notes_[text]; }

  /// Counts memory before it is taken.
  void take(std::size_t bytes) {
    if (bytes > memory_left_) {
      stream_.fail(
          "the repetitions and shapes up to here need more memory than the limit for a layout; cut it "
          "into smaller layouts");
    }
    memory_left_ -= bytes;
  }

  // ---- the file ----

  void read_start() {
    const auto magic = stream_.bytes(std::min(kMagic.size(), stream_.left()));
    if (std::string_view(reinterpret_cast<const char*>(magic.data()), magic.size()) != kMagic) {
      stream_.fail("an OASIS file begins with '%SEMI-OASIS'; this is not OASIS");
    }
    if (stream_.next_record() != START) stream_.fail("START must come first; the file is damaged");
    const std::string version = stream_.string();
    if (version != "1.0") stream_.fail(fmt::format("version '{}' (only 1.0 is known)", version));
    const long double points = stream_.real();
    if (!(points > 0) || 1000 / points < kMinDbuNm || 1000 / points > kMaxDbuNm) {
      stream_.fail(
          fmt::format("{:g} grid points a micron (a database unit must be in [{:g}, {:g}] nm); the file is "
                      "damaged",
                      static_cast<double>(points), kMinDbuNm, kMaxDbuNm));
    }
    layout_.dbu_nm = dbu_nm_of(points);
    const std::uint64_t flag = stream_.unsigned_integer();
    if (flag > 1)
      stream_.fail(fmt::format("an offset flag of {} (must be 0 or 1); the file is damaged", flag));
    offsets_at_end_ = flag == 1;
    if (!offsets_at_end_) skip_offsets();
  }

  /// Where the tables of names lie; the whole file is read anyway.
  void skip_offsets() {
    for (int i = 0; i < 2 * kTables; ++i) (void)stream_.unsigned_integer();
  }

  /// @return  false after END
  bool read_record() {
    const std::uint8_t record = stream_.next_record();
    switch (record) {
      case PAD:
        return true;
      case START:
        stream_.fail("START comes once; the file is damaged");
      case END:
        read_end();
        return false;
      case CELLNAME:
      case CELLNAME_NUMBERED:
        leave_cell();
        names_.read(stream_, record == CELLNAME_NUMBERED);
        return true;
      case CELL:
      case CELL_NUMBERED:
        begin_cell(record);
        return true;
      case CBLOCK:
        stream_.enter_block();
        return true;
      case PROPERTY:
      case PROPERTY_AGAIN:
      case XELEMENT:
        (void)skip_record(stream_, record);
        return true;
      default:
        break;
    }
    if (record > CBLOCK)
      stream_.fail(fmt::format("record type {} is not known; the file is damaged", record));
    if (skip_record(stream_, record)) {  // a table of names ends the cell
      leave_cell();
      return true;
    }
    if (!in_cell_) stream_.fail("an element outside a cell; the file is damaged");
    read_element(record);
    return true;
  }

  void read_end() {
    leave_cell();
    if (stream_.in_block()) stream_.fail("it lies in a compressed block; the file is damaged");
    if (offsets_at_end_) skip_offsets();
    stream_.skip_string();  // padding
    const std::uint64_t scheme = stream_.unsigned_integer();
    if (scheme > CHECKSUM32)
      stream_.fail(fmt::format("validation scheme {} (0 to 2 are known); the file is damaged", scheme));
    if (scheme != NO_VALIDATION) {
      const auto covered = bytes_.first(stream_.position());
      std::uint32_t written = 0;
      int shift = 0;
      for (const std::byte b : stream_.bytes(4)) {
        written |= std::to_integer<std::uint32_t>(b) << shift;
        shift += 8;
      }
      const std::uint32_t found = scheme == CRC32
                                      ? crc32_of(covered)
                                      : std::accumulate(covered.begin(), covered.end(), std::uint32_t{0},
                                                        [](std::uint32_t sum, std::byte b) {
                                                          return sum + std::to_integer<std::uint32_t>(b);
                                                        });
      if (found != written) {
        stream_.fail(fmt::format(
            "the file's checksum is {:#010x}, not {:#010x} as written; the file is damaged", found, written));
      }
    }
    const auto rest = stream_.bytes(stream_.left());
    if (std::any_of(rest.begin(), rest.end(), [](std::byte b) { return b != std::byte{0}; })) {
      note(fmt::format("{} bytes after END were ignored", rest.size()));
    }
  }

  // ---- cells ----

  void begin_cell(std::uint8_t record) {
    leave_cell();
    OpenCell cell;
    if (record == CELL_NUMBERED) {
      cell.key.number = stream_.unsigned_integer();
      cell.key.name = names_.find(*cell.key.number).value_or(fmt::format("number {}", *cell.key.number));
    } else {
      cell.key.name = stream_.string();
      if (cell.key.name.empty()) stream_.fail("a cell without a name; the file is damaged");
    }
    stream_.set_cell(cell.key.name);
    cells_.push_back(std::move(cell));
    modal_ = Modal{};
    in_cell_ = true;
  }

  void leave_cell() {
    in_cell_ = false;
    stream_.set_cell("");
  }

  std::string name_of(const CellKey& key) const {
    if (!key.number) return key.name;
    const std::optional<std::string> name = names_.find(*key.number);
    if (!name) {
      stream_.fail(fmt::format("cell number {} is used and no CELLNAME gives its name; the file is damaged",
                               *key.number));
    }
    return *name;
  }

  /// All tables are known: numbers become names, arrays of shapes cells.
  void name_cells() {
    for (OpenCell& open : cells_) {
      open.cell.name = name_of(open.key);
      for (const auto& [index, number] : open.numbered_references) {
        open.cell.references[index].cell = name_of({.number = number});
      }
      if (layout_.cells.contains(open.cell.name)) {
        stream_.fail(fmt::format("cell '{}' is defined a second time; rename one of them", open.cell.name));
      }
      const std::string name = open.cell.name;
      layout_.cells.emplace(name, std::move(open.cell));
    }
    for (OpenCell& open : cells_) {
      if (open.arrays.empty()) continue;
      const std::string owner = name_of(open.key);
      int number = 0;
      for (ShapeArray& array : open.arrays) {
        std::string name;
        do {
          name = fmt::format("{}$array{}", owner, ++number);
        } while (layout_.cells.contains(name));
        array.lattice.cell = name;
        layout_.cells.at(owner).references.push_back(std::move(array.lattice));
        layout_.cells.emplace(name, Cell{.name = name, .shapes = {std::move(array.shape)}});
      }
    }
  }

  void note_missing_cells() {
    for (const auto& [name, cell] : layout_.cells) {
      for (const Reference& r : cell.references) {
        if (!layout_.cells.contains(r.cell)) {
          note(fmt::format("cell '{}', which '{}' places, is not in the file and stays empty", r.cell, name));
        }
      }
    }
  }

  // ---- elements ----

  void read_element(std::uint8_t record) {
    switch (record) {
      case XYABSOLUTE:
        modal_.relative = false;
        return;
      case XYRELATIVE:
        modal_.relative = true;
        return;
      case PLACEMENT:
      case PLACEMENT_TURNED:
        read_placement(record == PLACEMENT_TURNED);
        return;
      case TEXT:
        skip_text();
        return;
      case XGEOMETRY:
        skip_extension();
        return;
      default:
        read_shape(record);
    }
  }

  static bool has(unsigned info, unsigned bit) { return (info & bit) != 0; }

  int small_number(const char* what) {
    const std::uint64_t n = stream_.unsigned_integer();
    if (n > static_cast<std::uint64_t>(std::numeric_limits<int>::max())) {
      stream_.fail(fmt::format("{} {} (at most {}); renumber it", what, n, std::numeric_limits<int>::max()));
    }
    return static_cast<int>(n);
  }

  void read_layer(unsigned info) {
    if (has(info, 0x01)) modal_.layer = small_number("layer");
    if (has(info, 0x02)) modal_.datatype = small_number("datatype");
  }
  void read_size(unsigned info) {
    if (has(info, 0x40)) modal_.width = stream_.length();
    if (has(info, 0x20)) modal_.height = stream_.length();
  }
  void read_position(DbuPoint& position, bool x, bool y) {
    const auto read = [&](std::int64_t& at) {
      const std::int64_t v = stream_.coordinate();
      at = modal_.relative ? stream_.checked(at + v) : v;
    };
    if (x) read(position.x);
    if (y) read(position.y);
  }
  void read_position(DbuPoint& position, unsigned info) {
    read_position(position, has(info, 0x10), has(info, 0x08));
  }

  Repetition next_repetition(bool present) {
    if (!present) return {};
    const std::uint64_t type = stream_.unsigned_integer();
    if (type != 0) modal_.repetition = read_repetition(stream_, type);
    return modal_.repetition.get(stream_);
  }

  void read_shape(std::uint8_t record) {
    const unsigned info = stream_.byte();
    read_layer(info);
    std::vector<DbuPoint> corners;
    switch (record) {
      case RECTANGLE: {
        read_size(info);
        if (has(info, 0x80)) {
          if (has(info, 0x20)) stream_.fail("a square with a height of its own; the file is damaged");
          modal_.height = modal_.width.get(stream_);
        }
        const std::int64_t width = modal_.width.get(stream_);
        corners = compact_trapezoid(24, width, modal_.height.get(stream_));
        break;
      }
      case POLYGON:
        if (has(info, 0x20)) modal_.polygon_points = read_points(stream_, PointsOf::polygon);
        corners = modal_.polygon_points.get(stream_);
        break;
      case PATH:
        corners = read_path(info);
        break;
      case TRAPEZOID:
      case TRAPEZOID_A:
      case TRAPEZOID_B: {
        read_size(info);
        const std::int64_t a = record == TRAPEZOID_B ? 0 : stream_.coordinate();
        const std::int64_t b = record == TRAPEZOID_A ? 0 : stream_.coordinate();
        corners = trapezoid(has(info, 0x80) ? Orientation::vertical : Orientation::horizontal,
                            modal_.width.get(stream_), modal_.height.get(stream_), a, b);
        break;
      }
      case CTRAPEZOID:
        corners = read_compact_trapezoid(info);
        break;
      case CIRCLE: {
        if (has(info, 0x20)) modal_.radius = stream_.length();
        // A path of one point with round ends.
        corners = outline({.spine = {{0, 0}}, .width = 2 * modal_.radius.get(stream_), .type = 1})
                      .value_or(std::vector<DbuPoint>{});
        break;
      }
      default:
        stream_.fail("it does not belong in a cell; the file is damaged");
    }
    read_position(modal_.geometry, info);
    const Repetition repetition = next_repetition(has(info, 0x04));
    add_shape(std::move(corners), repetition);
  }

  Extension read_extension(unsigned scheme, const ModalVariable<Extension>& last) {
    switch (scheme) {
      case 0:
        return last.get(stream_);
      case 1:
        return {};
      case 2:
        return {.half_width = true};
      default:
        return {.length = stream_.coordinate()};
    }
  }

  std::vector<DbuPoint> read_path(unsigned info) {
    if (has(info, 0x40)) modal_.path_half_width = stream_.length();
    if (has(info, 0x80)) {
      const std::uint64_t scheme = stream_.unsigned_integer();
      if (scheme > 15)
        stream_.fail(fmt::format("a path extension scheme of {} (at most 15); the file is damaged", scheme));
      modal_.path_begin = read_extension(static_cast<unsigned>(scheme) >> 2, modal_.path_begin);
      modal_.path_end = read_extension(static_cast<unsigned>(scheme) & 3U, modal_.path_end);
    }
    if (has(info, 0x20)) modal_.path_points = read_points(stream_, PointsOf::path);
    const std::int64_t half = modal_.path_half_width.get(stream_);
    const auto reach = [&](const Extension& e) { return e.half_width ? half : e.length; };
    return outline({.spine = modal_.path_points.get(stream_),
                    .width = 2 * half,
                    .type = 4,
                    .begin = reach(modal_.path_begin.get(stream_)),
                    .end = reach(modal_.path_end.get(stream_))})
        .value_or(std::vector<DbuPoint>{});
  }

  std::vector<DbuPoint> read_compact_trapezoid(unsigned info) {
    if (has(info, 0x80)) modal_.compact_type = small_number("type");
    read_size(info);
    const int type = modal_.compact_type.get(stream_);
    if (type >= kCompactTrapezoids) {
      stream_.fail(fmt::format("a trapezoid of type {} (0 to {} are known); the file is damaged", type,
                               kCompactTrapezoids - 1));
    }
    std::vector<DbuPoint> corners = compact_trapezoid(type, needs_width(type) ? modal_.width.get(stream_) : 0,
                                                      needs_height(type) ? modal_.height.get(stream_) : 0);
    DbuPoint far{0, 0};
    for (const DbuPoint& p : corners) far = {std::max(far.x, p.x), std::max(far.y, p.y)};
    // Both lengths stay behind, also the one that follows from the other.
    modal_.width = far.x;
    modal_.height = far.y;
    return corners;
  }

  void add_shape(std::vector<DbuPoint> corners, const Repetition& repetition) {
    OpenCell& open = cells_.back();
    if (corners.size() > 1 && corners.front() == corners.back()) corners.pop_back();
    const auto [x0, x1] =
        std::minmax_element(corners.begin(), corners.end(), [](auto& a, auto& b) { return a.x < b.x; });
    const auto [y0, y1] =
        std::minmax_element(corners.begin(), corners.end(), [](auto& a, auto& b) { return a.y < b.y; });
    const LayerId layer{modal_.layer.get(stream_), modal_.datatype.get(stream_)};
    if (corners.size() < 3 || x0->x == x1->x || y0->y == y1->y) {
      note(fmt::format("cell '{}': a shape without area was skipped", open.key.name));
      return;
    }
    for (DbuPoint& p : corners)
      p = {stream_.checked(p.x + modal_.geometry.x), stream_.checked(p.y + modal_.geometry.y)};
    const std::size_t memory = sizeof(Shape) + corners.size() * sizeof(DbuPoint);
    if (repetition.is_lattice() && repetition.size() > kMaxCopies) {
      take(memory + sizeof(Reference) + sizeof(Cell));
      open.arrays.push_back({{layer, std::move(corners)}, lattice_of(repetition)});
      return;
    }
    const auto copies = static_cast<std::size_t>(repetition.size());
    if (copies > memory_left_ / memory) take(memory_left_ + 1);
    take(copies * memory);
    for (std::size_t i = 0; i < copies; ++i) {
      const DbuPoint by = repetition.place(static_cast<std::int64_t>(i));
      Shape shape{layer, corners};
      for (DbuPoint& p : shape.vertices) p = {stream_.checked(p.x + by.x), stream_.checked(p.y + by.y)};
      open.cell.shapes.push_back(std::move(shape));
    }
  }

  static Reference lattice_of(const Repetition& r) {
    return {.columns = r.columns,
            .rows = r.rows,
            .column_step_x = static_cast<double>(r.column_step.x),
            .column_step_y = static_cast<double>(r.column_step.y),
            .row_step_x = static_cast<double>(r.row_step.x),
            .row_step_y = static_cast<double>(r.row_step.y)};
  }

  void read_placement(bool turned) {
    const unsigned info = stream_.byte();
    if (has(info, 0x80)) {
      CellKey key;
      if (has(info, 0x40)) {
        key.number = stream_.unsigned_integer();
      } else {
        key.name = stream_.string();
        if (key.name.empty()) stream_.fail("the placement names no cell; the file is damaged");
      }
      modal_.placement_cell = std::move(key);
    }
    const CellKey key = modal_.placement_cell.get(stream_);
    double magnification = 1, angle_deg = 0;
    if (turned) {
      if (has(info, 0x04))
        magnification = bounded_real("magnification", kMinMagnification, kMaxMagnification);
      if (has(info, 0x02)) angle_deg = bounded_real("angle", -kMaxAngleDeg, kMaxAngleDeg);
    } else {
      angle_deg = 90.0 * (info >> 1 & 3U);
    }
    read_position(modal_.placement, has(info, 0x20), has(info, 0x10));
    const Repetition repetition = next_repetition(has(info, 0x08));
    Reference reference = lattice_of(repetition);
    reference.cell = key.name;
    reference.mirrored = has(info, 0x01);
    reference.magnification = magnification;
    reference.angle_deg = angle_deg;
    OpenCell& open = cells_.back();
    const std::size_t memory = sizeof(Reference) + reference.cell.size() + 16;
    const std::int64_t copies = repetition.is_lattice() ? 1 : repetition.size();
    if (static_cast<std::size_t>(copies) > memory_left_ / memory) take(memory_left_ + 1);
    take(static_cast<std::size_t>(copies) * memory);
    for (std::int64_t i = 0; i < copies; ++i) {
      const DbuPoint by = repetition.place(i);
      reference.origin = {stream_.checked(modal_.placement.x + by.x),
                          stream_.checked(modal_.placement.y + by.y)};
      if (key.number) open.numbered_references.emplace_back(open.cell.references.size(), *key.number);
      open.cell.references.push_back(reference);
    }
  }

  double bounded_real(const char* what, double min, double max) {
    const long double v = stream_.real();
    if (!(v >= min && v <= max)) {
      stream_.fail(fmt::format("{} {:g} (must be in [{:g}, {:g}]); the file is damaged", what,
                               static_cast<double>(v), min, max));
    }
    return static_cast<double>(v);
  }

  void skip_text() {
    const unsigned info = stream_.byte();
    if (has(info, 0x40)) {
      if (has(info, 0x20)) {
        (void)stream_.unsigned_integer();
      } else {
        stream_.skip_string();
      }
    }
    if (has(info, 0x01)) (void)stream_.unsigned_integer();
    if (has(info, 0x02)) (void)stream_.unsigned_integer();
    if (has(info, 0x10)) (void)stream_.signed_integer();
    if (has(info, 0x08)) (void)stream_.signed_integer();
    (void)next_repetition(has(info, 0x04));
  }

  void skip_extension() {
    const unsigned info = stream_.byte();
    (void)stream_.unsigned_integer();
    read_layer(info);
    stream_.skip_string();
    read_position(modal_.geometry, info);
    (void)next_repetition(has(info, 0x04));
    note(fmt::format("cell '{}': a shape of a private kind (XGEOMETRY) was skipped", cells_.back().key.name));
  }

  std::span<const std::byte> bytes_;
  OasisStream stream_;
  std::size_t memory_left_;
  Layout layout_;
  CellNames names_;
  std::vector<OpenCell> cells_;
  Modal modal_;
  bool in_cell_ = false, offsets_at_end_ = false;
  std::map<std::string, int> notes_;
};

}  // namespace
}  // namespace oasis

Layout read_oasis(std::span<const std::byte> bytes, const std::string& name, std::size_t max_bytes) {
  if (is_gzip(bytes)) {
    const std::vector<std::byte> inflated = gunzip(bytes, name, max_bytes);
    return oasis::Reader(inflated, name, max_bytes).read();
  }
  return oasis::Reader(bytes, name, max_bytes).read();
}

}  // namespace undulith::layout
