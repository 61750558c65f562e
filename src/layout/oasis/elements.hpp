// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "layout/oasis/modal.hpp"
#include "layout/path_outline.hpp"
#include "undulith/layout/layout.hpp"

namespace undulith::layout::oasis {

/// A shape on a lattice of many positions, which becomes a cell of its own.
struct ShapeArray {
  Shape shape;
  Reference lattice;
};

/// A cell whose name and reference names may still be numbers.
struct OpenCell {
  CellKey key;
  Cell cell;
  std::vector<std::pair<std::size_t, std::uint64_t>> numbered_references;
  std::vector<ShapeArray> arrays;
};

/// Reads the elements of a cell: shapes, placements, and records to skip.
class ElementReader {
 public:
  /// @param notes      notes about skipped elements, with their counts
  /// @param max_bytes  memory that shapes and references may take
  ElementReader(OasisStream& stream, std::map<std::string, int>& notes, std::size_t max_bytes)
      : stream_(stream), notes_(notes), memory_left_(max_bytes) {}

  /// Resets the modal values of the previous cell.
  void begin_cell() { modal_ = Modal{}; }
  void set_dbu_nm(double dbu_nm) { path_parts_ = outline_parts(dbu_nm); }
  /// Reads one record of an element into the cell.
  void read(std::uint8_t record, OpenCell& cell);

 private:
  /// Counts memory before it is allocated.
  void take(std::size_t bytes);
  static bool has(unsigned info, unsigned bit);
  int small_number(const char* what);
  void read_layer(unsigned info);
  void read_size(unsigned info);
  void read_position(DbuPoint& position, bool x, bool y);
  void read_position(DbuPoint& position, unsigned info);
  Repetition next_repetition(bool present);
  void read_shape(std::uint8_t record, OpenCell& cell);
  std::int64_t read_extension(unsigned scheme, const ModalVariable<std::int64_t>& last);
  Outline read_path(unsigned info);
  std::vector<DbuPoint> read_compact_trapezoid(unsigned info);
  void add_shape(Outline outline, const Repetition& repetition, OpenCell& cell);
  static Reference lattice_of(const Repetition& r);
  void read_placement(bool turned, OpenCell& cell);
  double bounded_real(const char* what, double min, double max);
  void skip_text();
  void skip_extension(OpenCell& cell);

  OasisStream& stream_;
  std::map<std::string, int>& notes_;
  std::size_t memory_left_;
  int path_parts_ = 1;
  Modal modal_;
};

}  // namespace undulith::layout::oasis
