// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <string_view>

#include "layout/gdsii/records.hpp"
#include "layout/path_outline.hpp"
#include "undulith/core/error.hpp"
#include "undulith/layout/gdsii.hpp"

namespace undulith::layout {
namespace gdsii {
namespace {

constexpr std::size_t kMaxVertices = 8190;  // with the repeated first point 8191 points fill one record
constexpr std::size_t kMaxName = 32766;
constexpr int kMaxLayer = 65535;
constexpr int kMaxArray = 32767;

class Writer {
 public:
  std::vector<std::byte> write(const Layout& layout) {
    if (!std::isfinite(layout.dbu_nm) || layout.dbu_nm <= 0) {
      throw InputError(
          fmt::format("GDSII: a database unit of {} nm (must be positive); set dbu_nm, for example to 0.25",
                      layout.dbu_nm));
    }
    words(HEADER, {600});
    dates(BGNLIB);
    text(LIBNAME, layout.name.empty() ? "LIB" : layout.name);
    reals(UNITS, {layout.dbu_nm * 1e-3L, layout.dbu_nm * 1e-9L});
    for (const auto& [name, cell] : layout.cells) {
      cell_ = name;
      dates(BGNSTR);
      text(STRNAME, name);
      for (const Shape& shape : cell.shapes)
        if (const Shape drawn = on_units(shape); !drawn.vertices.empty()) write_shape(drawn);
      for (const Reference& reference : cell.references) write_reference(reference);
      record(ENDSTR, NO_DATA, 0);
    }
    record(ENDLIB, NO_DATA, 0);
    return std::move(out_);
  }

 private:
  [[noreturn]] void fail(const std::string& problem) const {
    throw InputError(fmt::format("GDSII: cell '{}': {}", cell_, problem));
  }

  void byte(unsigned v) { out_.push_back(static_cast<std::byte>(v & 0xFFU)); }
  void u16(unsigned v) {
    byte(v >> 8);
    byte(v);
  }
  void i32(std::int64_t v) {
    if (v < std::numeric_limits<std::int32_t>::min() || v > std::numeric_limits<std::int32_t>::max()) {
      fail(fmt::format("coordinate {} (does not fit in 32 bits); use a coarser database unit", v));
    }
    const auto u = static_cast<std::uint32_t>(v);
    u16(u >> 16);
    u16(u & 0xFFFFU);
  }
  void record(Record type, DataType data_type, std::size_t data_bytes) {
    u16(static_cast<unsigned>(data_bytes + 4));
    byte(type);
    byte(data_type);
  }
  void words(Record type, std::initializer_list<int> values) {
    record(type, INT2, 2 * values.size());
    for (const int v : values) u16(static_cast<unsigned>(v));
  }
  void reals(Record type, std::initializer_list<long double> values) {
    record(type, REAL8, 8 * values.size());
    for (const long double v : values) {
      const std::uint64_t bits = encode_real8(v);
      for (int shift = 48; shift >= 0; shift -= 16) u16(static_cast<unsigned>(bits >> shift & 0xFFFFU));
    }
  }
  /// Dates of the last change and last access: constant, so that the same layout gives the same bytes.
  void dates(Record type) { words(type, {2000, 1, 1, 0, 0, 0, 2000, 1, 1, 0, 0, 0}); }

  void text(Record type, std::string_view s) {
    if (s.empty()) fail("an empty name (GDSII needs names); give a name");
    if (s.size() > kMaxName)
      fail(fmt::format("a name of {} bytes (at most {}); shorten it", s.size(), kMaxName));
    if (s.back() == '\0') fail("a name that ends in a zero byte (GDSII takes it for padding); rename it");
    record(type, ASCII, s.size() + s.size() % 2);
    for (const char c : s) byte(static_cast<unsigned char>(c));
    if (s.size() % 2 != 0) byte(0);
  }

  void write_shape(const Shape& shape) {
    const LayerId id = shape.layer;
    if (id.layer < 0 || id.layer > kMaxLayer || id.datatype < 0 || id.datatype > kMaxLayer) {
      fail(fmt::format("layer {}/{} (must be in 0..{}); use another number", id.layer, id.datatype,
                       kMaxLayer));
    }
    const std::size_t n = shape.vertices.size();
    if (n < 3 || n > kMaxVertices) {
      fail(fmt::format("a polygon of {} vertices (GDSII allows 3 to {}); split it", n, kMaxVertices));
    }
    if (shape.vertices.front() == shape.vertices.back()) {
      fail("a polygon whose last vertex repeats its first (GDSII closes it itself); leave the last one out");
    }
    record(BOUNDARY, NO_DATA, 0);
    words(LAYER, {id.layer});
    words(DATATYPE, {id.datatype});
    record(XY, INT4, 8 * (n + 1));
    for (std::size_t i = 0; i <= n; ++i) {
      i32(shape.vertices[i % n].x);
      i32(shape.vertices[i % n].y);
    }
    record(ENDEL, NO_DATA, 0);
  }

  void write_reference(const Reference& r) {
    if (r.columns < 1 || r.rows < 1 || r.columns > kMaxArray || r.rows > kMaxArray) {
      fail(fmt::format("an array of {} x {} instances (1 to {} each); split it", r.columns, r.rows,
                       kMaxArray));
    }
    if (!std::isfinite(r.magnification) || r.magnification <= 0 || !std::isfinite(r.angle_deg)) {
      fail(fmt::format(
          "'{}' is placed with magnification {} and angle {} (finite numbers, magnification > 0); correct "
          "them",
          r.cell, r.magnification, r.angle_deg));
    }
    const bool array = r.columns > 1 || r.rows > 1 || r.column_step_x != 0 || r.column_step_y != 0 ||
                       r.row_step_x != 0 || r.row_step_y != 0;
    record(array ? AREF : SREF, NO_DATA, 0);
    text(SNAME, r.cell);
    if (r.mirrored || r.magnification != 1 || r.angle_deg != 0) {
      record(STRANS, BIT_ARRAY, 2);
      u16(r.mirrored ? 0x8000U : 0);
      if (r.magnification != 1) reals(MAG, {r.magnification});
      if (r.angle_deg != 0) reals(ANGLE, {r.angle_deg});
    }
    if (array) words(COLROW, {r.columns, r.rows});
    record(XY, INT4, array ? 24 : 8);
    i32(r.origin.x);
    i32(r.origin.y);
    if (array) {
      // GDSII stores the span of all columns and rows as integers.
      write_span(r.origin.x, r.column_step_x, r.columns);
      write_span(r.origin.y, r.column_step_y, r.columns);
      write_span(r.origin.x, r.row_step_x, r.rows);
      write_span(r.origin.y, r.row_step_y, r.rows);
    }
    record(ENDEL, NO_DATA, 0);
  }

  void write_span(std::int64_t origin, double step, int count) {
    const double span = step * count;
    if (!std::isfinite(span) || std::abs(span) > 9e9)
      fail(fmt::format("an array step of {} (does not fit in 32 bits); use a coarser database unit", step));
    i32(origin + std::llround(span));
  }

  std::vector<std::byte> out_;
  std::string cell_;
};

}  // namespace
}  // namespace gdsii

std::vector<std::byte> write_gdsii(const Layout& layout) {
  return gdsii::Writer().write(layout);
}

}  // namespace undulith::layout
