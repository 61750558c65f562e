// SPDX-License-Identifier: MIT
#include "layout/gdsii/stream.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "layout/gdsii/records.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/printable.hpp"

namespace undulith::layout::gdsii {
namespace {

std::size_t item_size(std::uint8_t data_type) {
  switch (data_type) {
    case BIT_ARRAY:
    case INT2:
      return 2;
    case INT4:
      return 4;
    case REAL8:
      return 8;
    default:
      return 1;
  }
}

}  // namespace

long double RecordView::real8(std::size_t i) const {
  std::uint64_t bits = 0;
  for (std::size_t k = 0; k < 4; ++k) bits = bits << 16 | u16(4 * i + k);
  return decode_real8(bits);
}

std::string RecordView::text() const {
  std::string s(reinterpret_cast<const char*>(data.data()), data.size());
  s.erase(s.find_last_not_of('\0') + 1);
  return s;
}

RecordView RecordStream::next() {
  const auto head = source_.view(position_, 4);
  if (head.size() < 4)
    fail_at(position_, "", "the file ends without ENDLIB (truncated); fetch or write the file again");
  RecordView r{.offset = position_};
  const std::size_t length =
      std::to_integer<std::size_t>(head[0]) << 8 | std::to_integer<std::size_t>(head[1]);
  r.type = std::to_integer<std::uint8_t>(head[2]);
  r.data_type = std::to_integer<std::uint8_t>(head[3]);
  if (length == 0)
    fail_at(position_, "",
            "zeros instead of a record (the file is cut off before ENDLIB); fetch or write the file again");
  if (length < 4 || length % 2 != 0) {
    fail(r, fmt::format("its length is {} (must be even and at least 4); the file is damaged or not GDSII: "
                        "fetch or write it again",
                        length));
  }
  const auto whole = source_.view(position_, length);
  if (whole.size() < length) {
    fail(r, fmt::format("it claims {} bytes, {} are left (truncated); fetch or write the file again", length,
                        whole.size()));
  }
  r.data = whole.subspan(4, length - 4);
  position_ += length;
  return r;
}

std::size_t RecordStream::trailing_bytes() {
  std::size_t n = 0;
  bool zeros = true;
  while (true) {
    const auto rest = source_.view(position_ + n, 1);
    if (rest.empty()) return zeros ? 0 : n;
    zeros = zeros && std::ranges::all_of(rest, [](std::byte b) { return b == std::byte{0}; });
    n += rest.size();
  }
}

void RecordStream::fail(const RecordView& record, const std::string& problem) const {
  fail_at(record.offset, fmt::format("record {}", record_name(record.type)), problem);
}

void RecordStream::fail_at(std::size_t offset, const std::string& record, const std::string& problem) const {
  throw InputError(fmt::format(
      "{}: byte {}: {}{}{}", name_, offset, record,
      cell_.empty() ? (record.empty() ? "" : ": ")
                    : fmt::format("{}in cell '{}': ", record.empty() ? "" : " ", printable(cell_)),
      printable(problem)));
}

void RecordStream::require(const RecordView& record, std::uint8_t data_type, std::size_t min_items,
                           std::size_t max_items) const {
  const std::size_t size = item_size(data_type);
  const std::size_t items = record.data.size() / size;
  if (record.data_type != data_type || record.data.size() % size != 0 || items < min_items ||
      items > max_items) {
    fail(record, fmt::format("data of type {} and {} bytes do not fit the record; the file is damaged: fetch "
                             "or write it again",
                             record.data_type, record.data.size()));
  }
}

std::string_view record_name(std::uint8_t type) {
  struct Named {
    Record type;
    std::string_view name;
  };
  static constexpr Named kNames[] = {{HEADER, "HEADER"},
                                     {BGNLIB, "BGNLIB"},
                                     {LIBNAME, "LIBNAME"},
                                     {UNITS, "UNITS"},
                                     {ENDLIB, "ENDLIB"},
                                     {BGNSTR, "BGNSTR"},
                                     {STRNAME, "STRNAME"},
                                     {ENDSTR, "ENDSTR"},
                                     {BOUNDARY, "BOUNDARY"},
                                     {PATH, "PATH"},
                                     {SREF, "SREF"},
                                     {AREF, "AREF"},
                                     {TEXT, "TEXT"},
                                     {LAYER, "LAYER"},
                                     {DATATYPE, "DATATYPE"},
                                     {WIDTH, "WIDTH"},
                                     {XY, "XY"},
                                     {ENDEL, "ENDEL"},
                                     {SNAME, "SNAME"},
                                     {COLROW, "COLROW"},
                                     {NODE, "NODE"},
                                     {TEXTTYPE, "TEXTTYPE"},
                                     {PRESENTATION, "PRESENTATION"},
                                     {STRING, "STRING"},
                                     {STRANS, "STRANS"},
                                     {MAG, "MAG"},
                                     {ANGLE, "ANGLE"},
                                     {REFLIBS, "REFLIBS"},
                                     {FONTS, "FONTS"},
                                     {PATHTYPE, "PATHTYPE"},
                                     {GENERATIONS, "GENERATIONS"},
                                     {ATTRTABLE, "ATTRTABLE"},
                                     {ELFLAGS, "ELFLAGS"},
                                     {NODETYPE, "NODETYPE"},
                                     {PROPATTR, "PROPATTR"},
                                     {PROPVALUE, "PROPVALUE"},
                                     {BOX, "BOX"},
                                     {BOXTYPE, "BOXTYPE"},
                                     {PLEX, "PLEX"},
                                     {BGNEXTN, "BGNEXTN"},
                                     {ENDEXTN, "ENDEXTN"},
                                     {STRCLASS, "STRCLASS"},
                                     {FORMAT, "FORMAT"},
                                     {MASK, "MASK"},
                                     {ENDMASKS, "ENDMASKS"},
                                     {LIBDIRSIZE, "LIBDIRSIZE"},
                                     {SRFNAME, "SRFNAME"},
                                     {LIBSECUR, "LIBSECUR"}};
  for (const Named& known : kNames)
    if (known.type == type) return known.name;
  return "unknown";
}

}  // namespace undulith::layout::gdsii
