// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "layout/byte_source.hpp"

namespace undulith::layout::gdsii {

/// One record: a view of the bytes of the file, read by index and never beyond the end. The next record ends
/// the view.
struct RecordView {
  std::size_t offset = 0;  ///< of the record in the (inflated) file
  std::uint8_t type = 0, data_type = 0;
  std::span<const std::byte> data;

  [[nodiscard]] std::uint16_t u16(std::size_t i) const {
    return static_cast<std::uint16_t>(std::to_integer<unsigned>(data[2 * i]) << 8 |
                                      std::to_integer<unsigned>(data[2 * i + 1]));
  }
  [[nodiscard]] std::int16_t i16(std::size_t i) const { return static_cast<std::int16_t>(u16(i)); }
  [[nodiscard]] std::int32_t i32(std::size_t i) const {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(u16(2 * i)) << 16 | u16(2 * i + 1));
  }
  [[nodiscard]] long double real8(std::size_t i) const;
  /// Text without the padding zeros.
  [[nodiscard]] std::string text() const;
};

/// Reads the records of a file in order; knows its position, for messages.
class RecordStream {
 public:
  RecordStream(ByteSource& source, std::string name) : source_(source), name_(std::move(name)) {}

  /// The next record. @throws InputError  the file ends within it, or its length is not valid
  [[nodiscard]] RecordView next();
  /// Number of bytes after the last record if any of them is not zero, else 0.
  [[nodiscard]] std::size_t trailing_bytes();
  void set_cell(std::string cell) { cell_ = std::move(cell); }
  [[nodiscard]] const std::string& cell() const { return cell_; }

  /// Throws an error about a record: "file: byte 12: record XY in cell 'TOP': <problem>".
  [[noreturn]] void fail(const RecordView& record, const std::string& problem) const;
  /// Checks that the data of the record have this type and between min and max items.
  void require(const RecordView& record, std::uint8_t data_type, std::size_t min_items,
               std::size_t max_items) const;

 private:
  [[noreturn]] void fail_at(std::size_t offset, const std::string& record, const std::string& problem) const;

  ByteSource& source_;
  std::string name_, cell_;
  std::size_t position_ = 0;
};

}  // namespace undulith::layout::gdsii
