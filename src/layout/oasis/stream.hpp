// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "undulith/layout/layout.hpp"

namespace undulith::layout::oasis {

/// Reads numbers and strings of an OASIS file in order, never beyond the end.
///
/// A compressed block contains records: enter_block() inflates it, and after its last byte reading continues
/// behind it.
class OasisStream {
 public:
  /// @param max_inflated  largest total size in bytes of all inflated blocks
  OasisStream(std::span<const std::byte> file, std::string name, std::size_t max_inflated)
      : file_(file), source_(file), name_(std::move(name)), inflated_left_(max_inflated) {}

  /// Type of the next record; leaves a finished block. @throws InputError  the file ends
  [[nodiscard]] std::uint8_t next_record();
  /// Reads a CBLOCK record and continues inside it.
  void enter_block();
  [[nodiscard]] bool in_block() const { return in_block_; }

  [[nodiscard]] std::uint8_t byte();
  [[nodiscard]] std::span<const std::byte> bytes(std::size_t n);
  [[nodiscard]] std::uint64_t unsigned_integer();
  [[nodiscard]] std::int64_t signed_integer();
  /// An unsigned or signed integer within the bound of coordinates.
  [[nodiscard]] std::int64_t length();
  [[nodiscard]] std::int64_t coordinate();
  [[nodiscard]] std::int64_t checked(std::int64_t coordinate) const;
  /// A real of any of the eight types; finite.
  [[nodiscard]] long double real();
  [[nodiscard]] long double real(std::uint64_t type);
  [[nodiscard]] std::string string();
  void skip_string() { (void)bytes(count("a string", 1)); }
  /// Steps of point lists: along an axis, along an axis or diagonal, or any (g-delta).
  [[nodiscard]] DbuPoint axis_step();
  [[nodiscard]] DbuPoint octangular_step();
  [[nodiscard]] DbuPoint any_step();
  /// A number of items of at least item_bytes each: bounded by the bytes that are left.
  [[nodiscard]] std::size_t count(const char* what, std::size_t item_bytes, std::uint64_t more = 0);

  /// Bytes left in the file or block.
  [[nodiscard]] std::size_t left() const { return source_.size() - position_; }
  /// Position in the file, outside blocks.
  [[nodiscard]] std::size_t position() const { return position_; }

  void set_cell(std::string cell) { cell_ = std::move(cell); }
  [[nodiscard]] const std::string& cell() const { return cell_; }
  /// Throws an error about the current record: "file: byte 12: record PATH in cell 'TOP': <problem>".
  [[noreturn]] void fail(const std::string& problem) const;

 private:
  [[nodiscard]] DbuPoint octangular(unsigned direction, std::uint64_t size) const;

  std::span<const std::byte> file_, source_;
  std::string name_, cell_;
  std::size_t inflated_left_;
  std::size_t position_ = 0;
  std::vector<std::byte> block_;
  bool in_block_ = false;
  std::size_t block_offset_ = 0, after_block_ = 0;
  std::size_t record_offset_ = 0;
  std::uint8_t record_ = 0;
  bool record_known_ = false;
};

}  // namespace undulith::layout::oasis
