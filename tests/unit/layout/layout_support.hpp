// SPDX-License-Identifier: MIT
#pragma once

#include <zlib.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "undulith/layout/gdsii.hpp"
#include "undulith/layout/glp.hpp"
#include "undulith/layout/layout_file.hpp"
#include "undulith/layout/make_clip.hpp"
#include "undulith/layout/oasis.hpp"

/// Small layouts and files for the tests of the layout module.
namespace layout_test {

using namespace undulith::layout;

inline std::vector<std::byte> file_bytes(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string s((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const auto* data = reinterpret_cast<const std::byte*>(s.data());
  return {data, data + s.size()};
}

inline void save(const std::filesystem::path& path, const std::vector<std::byte>& bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

inline std::vector<std::byte> gzip(const std::vector<std::byte>& bytes) {
  std::vector<std::byte> out(bytes.size() + bytes.size() / 100 + 1000);
  z_stream z{};
  REQUIRE(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  z.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes.data()));
  z.avail_in = static_cast<uInt>(bytes.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&z, Z_FINISH) == Z_STREAM_END);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

/// Writes GDSII records one by one, so that tests can make files that our writer would not.
class Records {
 public:
  Records& raw(int type, int data_type, const std::vector<int>& data) {
    u16(static_cast<int>(data.size()) + 4);
    byte(type);
    byte(data_type);
    for (const int b : data) byte(b);
    return *this;
  }
  Records& empty(int type) { return raw(type, 0, {}); }
  Records& words(int type, const std::vector<int>& values, int data_type = 2) {
    std::vector<int> data;
    for (const int v : values) data.insert(data.end(), {(v >> 8) & 0xFF, v & 0xFF});
    return raw(type, data_type, data);
  }
  Records& integers(int type, const std::vector<int>& values) {
    std::vector<int> data;
    for (const int v : values) {
      const auto u = static_cast<std::uint32_t>(v);
      for (int shift = 24; shift >= 0; shift -= 8) data.push_back(static_cast<int>(u >> shift & 0xFFU));
    }
    return raw(type, 3, data);
  }
  Records& text(int type, std::string s, std::size_t pad_to = 0) {
    while (s.size() % 2 != 0 || s.size() < pad_to) s += '\0';
    std::vector<int> data;
    for (const char c : s) data.push_back(static_cast<unsigned char>(c));
    return raw(type, 6, data);
  }
  /// HEADER to UNITS of 1 nm (0x3E4189374BC6A7F0 = 1e-3, 0x3944B82FA09B5A54 = 1e-9).
  Records& library() {
    words(0x00, {600}).words(0x01, std::vector<int>(12, 0)).text(0x02, "L", 6);
    return raw(
        0x03, 5,
        {0x3E, 0x41, 0x89, 0x37, 0x4B, 0xC6, 0xA7, 0xF0, 0x39, 0x44, 0xB8, 0x2F, 0xA0, 0x9B, 0x5A, 0x54});
  }
  Records& cell(const std::string& name) { return words(0x05, std::vector<int>(12, 0)).text(0x06, name); }
  Records& end_cell() { return empty(0x07); }
  Records& end() { return empty(0x04); }
  /// A path on layer 1/0; width 0 is left out.
  Records& path(int type, int width, const std::vector<int>& xy, const std::vector<int>& extensions = {}) {
    empty(0x09).words(0x0D, {1}).words(0x0E, {0}).words(0x21, {type});
    if (width != 0) integers(0x0F, {width});
    if (!extensions.empty()) integers(0x30, {extensions[0]}).integers(0x31, {extensions[1]});
    return integers(0x10, xy).empty(0x11);
  }
  Records& boundary(const std::vector<int>& xy, int layer = 1) {
    return empty(0x08).words(0x0D, {layer}).words(0x0E, {0}).integers(0x10, xy).empty(0x11);
  }

  [[nodiscard]] const std::vector<std::byte>& bytes() const { return bytes_; }
  [[nodiscard]] Layout read(const std::string& name = "test.gds") const { return read_gdsii(bytes_, name); }

 private:
  void byte(int v) { bytes_.push_back(static_cast<std::byte>(v)); }
  void u16(int v) {
    byte(v >> 8 & 0xFF);
    byte(v & 0xFF);
  }
  std::vector<std::byte> bytes_;
};

inline Shape rectangle(std::int64_t x0, std::int64_t y0, std::int64_t x1, std::int64_t y1,
                       LayerId layer = {1, 0}) {
  return {layer, {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}};
}

/// A layout of one cell TOP in units of 1 nm.
inline Layout one_cell(std::vector<Shape> shapes, double dbu_nm = 1) {
  Layout layout;
  layout.name = "TEST";
  layout.dbu_nm = dbu_nm;
  layout.cells["TOP"] = {"TOP", std::move(shapes), {}};
  return layout;
}

/// Area of layer 1/0 below a cell.
inline double merged_area(const Layout& layout, const std::string& cell = "TOP") {
  for (const LayerSummary& s : summarise(layout, cell)) {
    if (s.layer == LayerId{1, 0}) return s.area_nm2;
  }
  return 0;
}

/// Length of all outlines of layer 1/0 below a cell, nm: times the rounding of vertices, a bound of the
/// area's error.
inline double outline_nm(const Layout& layout, const std::string& name) {
  const Cell& cell = layout.cells.at(name);
  double sum = 0;
  for (const Shape& s : cell.shapes) {
    if (s.layer != LayerId{1, 0}) continue;
    for (std::size_t i = 0; i < s.vertices.size(); ++i) {
      const DbuPoint a = s.vertices[i], b = s.vertices[(i + 1) % s.vertices.size()];
      sum += layout.dbu_nm * std::hypot(static_cast<double>(a.x - b.x), static_cast<double>(a.y - b.y)) /
             s.parts;
    }
  }
  for (const Reference& r : cell.references)
    sum += r.columns * r.rows * r.magnification * outline_nm(layout, r.cell);
  return sum;
}

/// Star-shaped and so simple polygons, rectangles among them; seeded.
inline Shape random_shape(std::mt19937_64& random, std::int64_t spread, LayerId layer = {1, 0}) {
  const auto uniform = [&](std::int64_t lo, std::int64_t hi) {
    return std::uniform_int_distribution<std::int64_t>(lo, hi)(random);
  };
  const std::int64_t x = uniform(-spread, spread), y = uniform(-spread, spread);
  if (uniform(0, 1) == 0) return rectangle(x, y, x + uniform(1, 200), y + uniform(1, 200), layer);
  Shape shape{layer, {}};
  const auto n = uniform(3, 9);
  for (std::int64_t i = 0; i < n; ++i) {
    const double angle = 6.283185307179586 * static_cast<double>(i) / static_cast<double>(n);
    const double r = static_cast<double>(uniform(40, 200));
    shape.vertices.push_back({x + std::llround(r * std::cos(angle)), y + std::llround(r * std::sin(angle))});
  }
  if (uniform(0, 1) == 0) std::reverse(shape.vertices.begin(), shape.vertices.end());
  return shape;
}

inline bool same_shape(const Shape& a, const Shape& b) {
  return a.layer == b.layer && a.vertices == b.vertices;
}

inline bool same_reference(const Reference& a, const Reference& b) {
  return a.cell == b.cell && a.origin == b.origin && a.mirrored == b.mirrored &&
         a.magnification == b.magnification && a.angle_deg == b.angle_deg && a.columns == b.columns &&
         a.rows == b.rows && a.column_step_x == b.column_step_x && a.column_step_y == b.column_step_y &&
         a.row_step_x == b.row_step_x && a.row_step_y == b.row_step_y;
}

/// Equal in everything but the warnings.
inline bool same_layout(const Layout& a, const Layout& b) {
  if (a.name != b.name || a.dbu_nm != b.dbu_nm || a.cells.size() != b.cells.size()) return false;
  for (auto i = a.cells.begin(), j = b.cells.begin(); i != a.cells.end(); ++i, ++j) {
    const Cell &c = i->second, &d = j->second;
    if (i->first != j->first || c.name != d.name) return false;
    if (!std::equal(c.shapes.begin(), c.shapes.end(), d.shapes.begin(), d.shapes.end(), same_shape))
      return false;
    if (!std::equal(c.references.begin(), c.references.end(), d.references.begin(), d.references.end(),
                    same_reference)) {
      return false;
    }
  }
  return true;
}

/// A tree of three levels with turned, mirrored, magnified and arrayed cells.
inline Layout random_layout(std::uint64_t seed, bool quarter_turns_only = false) {
  std::mt19937_64 random(seed);
  const auto uniform = [&](std::int64_t lo, std::int64_t hi) {
    return std::uniform_int_distribution<std::int64_t>(lo, hi)(random);
  };
  Layout layout;
  layout.name = "RANDOM";
  layout.dbu_nm = std::vector<double>{1, 0.25, 0.1, 0.5, 0.005}[uniform(0, 4)];
  const std::vector<std::string> names{"LEAF", "MIDDLE", "TOP"};
  for (std::size_t level = 0; level < names.size(); ++level) {
    Cell cell;
    cell.name = names[level];
    for (auto i = uniform(1, 6); i > 0; --i) {
      cell.shapes.push_back(random_shape(random, 1000, {static_cast<int>(uniform(1, 2)), 0}));
    }
    for (auto i = level == 0 ? 0 : uniform(1, 3); i > 0; --i) {
      Reference r{.cell = names[level - 1], .origin = {uniform(-3000, 3000), uniform(-3000, 3000)}};
      r.mirrored = uniform(0, 1) == 1;
      r.angle_deg = quarter_turns_only
                        ? 90.0 * static_cast<double>(uniform(0, 3))
                        : std::vector<double>{0, 90, 180, 270, 45, 30.5, 359.25}[uniform(0, 6)];
      if (!quarter_turns_only) r.magnification = std::vector<double>{1, 1, 2, 0.5, 1.37}[uniform(0, 4)];
      if (uniform(0, 2) == 0) {
        r.columns = static_cast<int>(uniform(1, 4)), r.rows = static_cast<int>(uniform(1, 3));
        r.column_step_x = static_cast<double>(uniform(-700, 700)) / r.columns;
        r.column_step_y = static_cast<double>(uniform(1, 700)) / r.columns;
        r.row_step_x = static_cast<double>(uniform(-700, 700)) / r.rows;
        r.row_step_y = static_cast<double>(uniform(1, 700)) / r.rows;
      }
      cell.references.push_back(r);
    }
    layout.cells[cell.name] = cell;
  }
  return layout;
}

}  // namespace layout_test
