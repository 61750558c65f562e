// SPDX-License-Identifier: MIT
#include "layout/oasis/elements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "layout/oasis/geometry.hpp"
#include "layout/oasis/records.hpp"

namespace undulith::layout::oasis {
namespace {

// The same bounds as for GDSII: no real layout reaches them.
constexpr double kMinMagnification = 1e-6, kMaxMagnification = 1e6;
constexpr double kMaxAngleDeg = 1e6;
// The first byte of a reference name that holds a number: no name has it.
constexpr char kNumberMark = '\0';

}  // namespace

std::string reference_name(const CellKey& key) {
  return key.number ? std::string(1, kNumberMark) + std::to_string(*key.number) : key.name;
}

std::optional<std::uint64_t> number_in(const std::string& reference_name) {
  std::uint64_t number = 0;
  if (reference_name.size() < 2 || reference_name.front() != kNumberMark) return {};
  const auto [end, error] =
      std::from_chars(reference_name.data() + 1, reference_name.data() + reference_name.size(), number);
  if (error != std::errc{} || end != reference_name.data() + reference_name.size()) return {};
  return number;
}

void ElementReader::read(std::uint8_t record) {
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

bool ElementReader::has(unsigned info, unsigned bit) {
  return (info & bit) != 0;
}

int ElementReader::small_number(const char* what) {
  const std::uint64_t n = stream_.unsigned_integer();
  if (n > static_cast<std::uint64_t>(std::numeric_limits<int>::max())) {
    stream_.fail(
        fmt::format("{} {} (at most {}); use another number", what, n, std::numeric_limits<int>::max()));
  }
  return static_cast<int>(n);
}

void ElementReader::read_layer(unsigned info) {
  if (has(info, 0x01)) modal_.layer = small_number("layer");
  if (has(info, 0x02)) modal_.datatype = small_number("datatype");
}

void ElementReader::read_size(unsigned info) {
  if (has(info, 0x40)) modal_.width = stream_.length();
  if (has(info, 0x20)) modal_.height = stream_.length();
}

void ElementReader::read_position(DbuPoint& position, bool x, bool y) {
  const auto read = [&](std::int64_t& at) {
    const std::int64_t v = stream_.coordinate();
    at = modal_.relative ? stream_.checked(at + v) : v;
  };
  if (x) read(position.x);
  if (y) read(position.y);
}

void ElementReader::read_position(DbuPoint& position, unsigned info) {
  read_position(position, has(info, 0x10), has(info, 0x08));
}

Repetition ElementReader::next_repetition(bool present) {
  if (!present) return {};
  const std::uint64_t type = stream_.unsigned_integer();
  if (type != 0) modal_.repetition = read_repetition(stream_, type);
  return modal_.repetition.get(stream_);
}

void ElementReader::read_shape(std::uint8_t record) {
  const unsigned info = stream_.byte();
  read_layer(info);
  Outline shape;
  std::vector<DbuPoint>& corners = shape.vertices;
  switch (record) {
    case RECTANGLE: {
      read_size(info);
      if (has(info, 0x80)) {
        if (has(info, 0x20))
          stream_.fail("a square with a height; the file is damaged: fetch or write it again");
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
      shape = read_path(info);
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
      shape = outline({.spine = {{0, 0}}, .width = 2 * modal_.radius.get(stream_), .type = 1}, 1)
                  .value_or(Outline{});
      break;
    }
    default:
      stream_.fail("it is not allowed in a cell; the file is damaged: fetch or write it again");
  }
  read_position(modal_.geometry, info);
  const Repetition repetition = next_repetition(has(info, 0x04));
  add_shape(std::move(shape), repetition);
}

std::int64_t ElementReader::read_extension(unsigned scheme, const ModalVariable<std::int64_t>& last) {
  switch (scheme) {
    case 0:
      return last.get(stream_);
    case 1:
      return 0;
    case 2:
      return modal_.path_half_width.get(stream_);
    default:
      return stream_.coordinate();
  }
}

Outline ElementReader::read_path(unsigned info) {
  if (has(info, 0x40)) modal_.path_half_width = stream_.length();
  if (has(info, 0x80)) {
    const std::uint64_t scheme = stream_.unsigned_integer();
    if (scheme > 15)
      stream_.fail(
          fmt::format("a path extension scheme of {} (at most 15); the file is damaged: fetch or write it "
                      "again",
                      scheme));
    modal_.path_begin = read_extension(static_cast<unsigned>(scheme) >> 2, modal_.path_begin);
    modal_.path_end = read_extension(static_cast<unsigned>(scheme) & 3U, modal_.path_end);
  }
  if (has(info, 0x20)) modal_.path_points = read_points(stream_, PointsOf::path);
  const std::int64_t half = modal_.path_half_width.get(stream_);
  return outline({.spine = modal_.path_points.get(stream_),
                  .width = 2 * half,
                  .type = 4,
                  .begin = modal_.path_begin.get(stream_),
                  .end = modal_.path_end.get(stream_)},
                 path_parts_)
      .value_or(Outline{});
}

std::vector<DbuPoint> ElementReader::read_compact_trapezoid(unsigned info) {
  if (has(info, 0x80)) modal_.compact_type = small_number("type");
  read_size(info);
  const int type = modal_.compact_type.get(stream_);
  if (type >= kCompactTrapezoids) {
    stream_.fail(fmt::format(
        "a trapezoid of type {} (0 to {} are known); the file is damaged: fetch or write it again", type,
        kCompactTrapezoids - 1));
  }
  std::vector<DbuPoint> corners = compact_trapezoid(type, needs_width(type) ? modal_.width.get(stream_) : 0,
                                                    needs_height(type) ? modal_.height.get(stream_) : 0);
  DbuPoint far{0, 0};
  for (const DbuPoint& p : corners) far = {std::max(far.x, p.x), std::max(far.y, p.y)};
  // Both lengths become modal values, also the one that follows from the other.
  modal_.width = far.x;
  modal_.height = far.y;
  return corners;
}

void ElementReader::add_shape(Outline outline, const Repetition& repetition) {
  std::vector<DbuPoint>& corners = outline.vertices;
  if (corners.size() > 1 && corners.front() == corners.back()) corners.pop_back();
  const auto [x0, x1] =
      std::minmax_element(corners.begin(), corners.end(), [](auto& a, auto& b) { return a.x < b.x; });
  const auto [y0, y1] =
      std::minmax_element(corners.begin(), corners.end(), [](auto& a, auto& b) { return a.y < b.y; });
  const LayerId layer{modal_.layer.get(stream_), modal_.datatype.get(stream_)};
  const bool empty = corners.size() < 3 || x0->x == x1->x || y0->y == y1->y;
  const std::int64_t x_min = empty ? 0 : x0->x, x_max = empty ? 0 : x1->x;
  const std::int64_t y_min = empty ? 0 : y0->y, y_max = empty ? 0 : y1->y;
  if (empty) {
    ++notes_[fmt::format("cell '{}': a shape without area was skipped", stream_.cell())];
    return;
  }
  const std::int64_t parts = outline.parts;
  for (DbuPoint& p : corners) p = {p.x + parts * modal_.geometry.x, p.y + parts * modal_.geometry.y};
  const auto in_units = [&](std::int64_t v, std::int64_t at) { return static_cast<double>(v / parts + at); };
  check_reach({in_units(x_min, modal_.geometry.x), in_units(y_min, modal_.geometry.y),
               in_units(x_max, modal_.geometry.x), in_units(y_max, modal_.geometry.y)},
              repetition);
  if (!repetition.is_lattice()) {
    stream_.unfold(static_cast<std::size_t>(repetition.size()));
    if (repetition.list->hull().size() > 4) stream_.unfold(repetition.list->hull().size() * corners.size());
  }
  collector_.add_shape(layer, outline, repetition);
}

void ElementReader::check_reach(const Box& box, const Repetition& repetition) const {
  // The hull of a lattice of many copies may reach further than 64 bits count.
  const Box at = repetition.size() == 1 ? Box{} : box_of(repetition.hull());
  for (const double v : {box.x0 + at.x0, box.y0 + at.y0, box.x1 + at.x1, box.y1 + at.y1}) {
    if (std::abs(v) > static_cast<double>(kMaxCoordinate)) {
      stream_.fail(fmt::format(
          "a coordinate of {:g} (beyond {:g} database units); the file is damaged: fetch or write it "
          "again",
          v, static_cast<double>(kMaxCoordinate)));
    }
  }
}

void ElementReader::read_placement(bool turned) {
  const unsigned info = stream_.byte();
  if (has(info, 0x80)) {
    CellKey key;
    if (has(info, 0x40)) {
      key.number = stream_.unsigned_integer();
    } else {
      key.name = stream_.string();
      if (key.name.empty())
        stream_.fail("the placement names no cell; the file is damaged: fetch or write it again");
    }
    modal_.placement_cell = reference_name(key);
  }
  const std::string& name = modal_.placement_cell.get(stream_);
  double magnification = 1, angle_deg = 0;
  if (turned) {
    if (has(info, 0x04)) magnification = bounded_real("magnification", kMinMagnification, kMaxMagnification);
    if (has(info, 0x02)) angle_deg = bounded_real("angle", -kMaxAngleDeg, kMaxAngleDeg);
  } else {
    angle_deg = 90.0 * (info >> 1 & 3U);
  }
  read_position(modal_.placement, has(info, 0x20), has(info, 0x10));
  const Repetition repetition = next_repetition(has(info, 0x08));
  Reference reference = lattice_of(repetition);
  reference.cell = name;
  reference.origin = modal_.placement;
  reference.mirrored = has(info, 0x01);
  reference.magnification = magnification;
  reference.angle_deg = angle_deg;
  if (!repetition.is_lattice()) {
    const auto x = static_cast<double>(modal_.placement.x), y = static_cast<double>(modal_.placement.y);
    check_reach({x, y, x, y}, repetition);
    stream_.unfold(static_cast<std::size_t>(repetition.size()));
  }
  collector_.add_reference(reference, repetition);
}

double ElementReader::bounded_real(const char* what, double min, double max) {
  const long double v = stream_.real();
  if (!(v >= min && v <= max)) {
    stream_.fail(
        fmt::format("{} {:g} (must be in [{:g}, {:g}]); the file is damaged: fetch or write it again", what,
                    static_cast<double>(v), min, max));
  }
  return static_cast<double>(v);
}

void ElementReader::skip_text() {
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

void ElementReader::skip_extension() {
  const unsigned info = stream_.byte();
  (void)stream_.unsigned_integer();
  read_layer(info);
  stream_.skip_string();
  read_position(modal_.geometry, info);
  (void)next_repetition(has(info, 0x04));
  ++notes_[fmt::format("cell '{}': a shape of a private type (XGEOMETRY) was skipped", stream_.cell())];
}

}  // namespace undulith::layout::oasis
