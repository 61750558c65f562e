// SPDX-License-Identifier: MIT
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "layout/oasis/repetition.hpp"

namespace undulith::layout::oasis {

/// A value that a record may leave out if an earlier record in the cell has set it.
template <class T>
class ModalVariable {
 public:
  explicit ModalVariable(const char* name) : name_(name) {}
  ModalVariable& operator=(T value) {
    value_ = std::move(value);
    return *this;
  }
  /// @throws InputError  nothing has set it
  [[nodiscard]] const T& get(const OasisStream& stream) const {
    if (!value_)
      stream.fail(fmt::format(
          "it relies on the {} of an earlier record (there is none); the file is damaged: fetch or write it "
          "again",
          name_));
    return *value_;
  }

 private:
  const char* name_;
  std::optional<T> value_;
};

/// A placed cell, by its name or by its number in a table of names.
struct CellKey {
  std::string name{};
  std::optional<std::uint64_t> number{};
};

/// The last values of the records of a cell; a new cell starts without values.
///
/// A modal variable holds the value at the time of its record (SEMI P39, table 10): an extension of a path by
/// half its width is stored as that length, a repetition as its positions, a square as two equal lengths.
struct Modal {
  ModalVariable<Repetition> repetition{"repetition"};
  ModalVariable<std::string> placement_cell{"cell"};  ///< a reference_name()
  DbuPoint placement{}, geometry{};
  ModalVariable<int> layer{"layer"}, datatype{"datatype"};
  ModalVariable<std::int64_t> width{"width"}, height{"height"};
  ModalVariable<std::vector<DbuPoint>> polygon_points{"list of points"}, path_points{"list of points"};
  ModalVariable<std::int64_t> path_half_width{"half-width"};
  ModalVariable<std::int64_t> path_begin{"extension"}, path_end{"extension"};
  ModalVariable<int> compact_type{"type"};
  ModalVariable<std::int64_t> radius{"radius"};
  bool relative = false;  ///< coordinates are relative to the last position
};

}  // namespace undulith::layout::oasis
