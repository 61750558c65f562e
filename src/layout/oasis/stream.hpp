// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "layout/readers.hpp"
#include "undulith/layout/layout.hpp"

namespace undulith::layout::oasis {

/// Reads numbers and strings of an OASIS file in order, never beyond the end.
///
/// A compressed block contains records: enter_block() inflates it, and after its last byte reading continues
/// behind it.
class OasisStream {
 public:
  OasisStream(ByteSource& file, std::string name, const UnfoldLimit& limit)
      : file_(file), name_(std::move(name)), limit_(limit), unfold_left_(limit.bytes) {}

  /// Type of the next record; leaves a finished block. @throws InputError  the file ends
  [[nodiscard]] std::uint8_t next_record();
  /// Reads a CBLOCK record and continues inside it.
  void enter_block();
  [[nodiscard]] bool in_block() const { return in_block_; }
  /// Counts inflated bytes and copies. @throws InputError  more than the limit
  void unfold(std::size_t n);

  [[nodiscard]] std::uint8_t byte() {
    if (position_ == source_.size()) (void)refill(1);
    return std::to_integer<std::uint8_t>(source_[position_++]);
  }
  [[nodiscard]] std::span<const std::byte> bytes(std::size_t n);
  [[nodiscard]] std::uint64_t unsigned_integer() {
    const std::uint8_t first = byte();
    return first < 0x80 ? first : long_integer(first);
  }
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

  /// Bytes left in the file or block: in a file that is inflated as it is read, perhaps fewer.
  [[nodiscard]] std::size_t left() const {
    return in_block_ ? source_.size() - position_ : file_.size() - base_ - position_;
  }
  /// Whether the file or block ends here.
  [[nodiscard]] bool at_end() { return position_ == source_.size() && !refill(0); }
  /// Checks of the file up to here, outside blocks.
  [[nodiscard]] ByteSource::Sums sums() { return file_.sums_before(base_ + position_); }

  void set_cell(std::string cell) { cell_ = std::move(cell); }
  [[nodiscard]] const std::string& cell() const { return cell_; }
  /// Throws an error about the current record: "file: byte 12: record PATH in cell 'TOP': <problem>".
  [[noreturn]] void fail(const std::string& problem) const;

 private:
  /// Makes n bytes available from here; n = 0: any. @return  false if the file or block ends here
  bool refill(std::size_t n);
  [[nodiscard]] std::uint64_t long_integer(std::uint8_t first);
  [[nodiscard]] DbuPoint octangular(unsigned direction, std::uint64_t size) const;

  ByteSource& file_;
  std::span<const std::byte> source_{};  // a part of the file from base_ on, or a block
  std::string name_, cell_;
  UnfoldLimit limit_;
  std::size_t unfold_left_;
  std::size_t base_ = 0, position_ = 0;
  std::vector<std::byte> block_;
  bool in_block_ = false;
  std::size_t block_offset_ = 0, after_block_ = 0;
  std::size_t record_offset_ = 0;
  std::uint8_t record_ = 0;
  bool record_known_ = false;
};

}  // namespace undulith::layout::oasis
