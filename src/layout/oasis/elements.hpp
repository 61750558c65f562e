// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "layout/collector.hpp"
#include "layout/oasis/modal.hpp"
#include "undulith/layout/layout.hpp"

namespace undulith::layout::oasis {

/// The name of a cell in references: its own, or a mark and its number in a table of names.
[[nodiscard]] std::string reference_name(const CellKey& key);
/// The number in such a name.
[[nodiscard]] std::optional<std::uint64_t> number_in(const std::string& reference_name);

/// Reads the elements of a cell: shapes, placements, and records to skip.
class ElementReader {
 public:
  /// @param notes  notes about skipped elements, with their counts
  ElementReader(OasisStream& stream, std::map<std::string, int>& notes, Collector& collector)
      : stream_(stream), notes_(notes), collector_(collector) {}

  /// Resets the modal values of the previous cell.
  void begin_cell() { modal_ = Modal{}; }
  void set_dbu_nm(double dbu_nm) { path_parts_ = outline_parts(dbu_nm); }
  /// Reads one record of an element and gives it to the collector.
  void read(std::uint8_t record);

 private:
  static bool has(unsigned info, unsigned bit);
  int small_number(const char* what);
  void read_layer(unsigned info);
  void read_size(unsigned info);
  void read_position(DbuPoint& position, bool x, bool y);
  void read_position(DbuPoint& position, unsigned info);
  Repetition next_repetition(bool present);
  /// Checks that all copies of a box lie within the bound of coordinates.
  void check_reach(const Box& box, const Repetition& repetition) const;
  void read_shape(std::uint8_t record);
  std::int64_t read_extension(unsigned scheme, const ModalVariable<std::int64_t>& last);
  Outline read_path(unsigned info);
  std::vector<DbuPoint> read_compact_trapezoid(unsigned info);
  void add_shape(Outline outline, const Repetition& repetition);
  void read_placement(bool turned);
  double bounded_real(const char* what, double min, double max);
  void skip_text();
  void skip_extension();

  OasisStream& stream_;
  std::map<std::string, int>& notes_;
  Collector& collector_;
  int path_parts_ = 1;
  Modal modal_;
};

}  // namespace undulith::layout::oasis
