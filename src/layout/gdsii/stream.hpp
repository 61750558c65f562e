// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace undulith::layout::gdsii {

/// One record: a view of the bytes of the file, read by index and never beyond the end.
struct RecordView {
  std::size_t offset = 0;  ///< of the record in the (inflated) file
  std::uint8_t type = 0, data_type = 0;
  std::span<const std::byte> data;

  [[nodiscard]] std::uint16_t u16(std::size_t i) const;
  [[nodiscard]] std::int16_t i16(std::size_t i) const { return static_cast<std::int16_t>(u16(i)); }
  [[nodiscard]] std::int32_t i32(std::size_t i) const;
  [[nodiscard]] long double real8(std::size_t i) const;
  /// Text without the padding zeros.
  [[nodiscard]] std::string text() const;
};

/// Reads the records of a file in order; knows its position, for messages.
class RecordStream {
 public:
  RecordStream(std::span<const std::byte> bytes, std::string name) : bytes_(bytes), name_(std::move(name)) {}

  /// The next record. @throws InputError  the file ends within it, or its length is not valid
  [[nodiscard]] RecordView next();
  /// Bytes after the last record read.
  [[nodiscard]] std::span<const std::byte> rest() const { return bytes_.subspan(position_); }
  void set_cell(std::string cell) { cell_ = std::move(cell); }
  [[nodiscard]] const std::string& cell() const { return cell_; }

  /// Throws an error about a record: "file: byte 12: record XY in cell 'TOP': <problem>".
  [[noreturn]] void fail(const RecordView& record, const std::string& problem) const;
  /// Checks that the data of the record have this type and between min and max items.
  void require(const RecordView& record, std::uint8_t data_type, std::size_t min_items,
               std::size_t max_items) const;

 private:
  [[noreturn]] void fail_at(std::size_t offset, const std::string& record, const std::string& problem) const;

  std::span<const std::byte> bytes_;
  std::string name_, cell_;
  std::size_t position_ = 0;
};

}  // namespace undulith::layout::gdsii
