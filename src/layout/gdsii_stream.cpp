#include "layout/gdsii_stream.hpp"

#include <fmt/format.h>

#include "layout/gdsii_records.hpp"
#include "undulith/core/error.hpp"

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

std::uint16_t RecordView::u16(std::size_t i) const {
  return static_cast<std::uint16_t>(std::to_integer<unsigned>(data[2 * i]) << 8 |
                                    std::to_integer<unsigned>(data[2 * i + 1]));
}

std::int32_t RecordView::i32(std::size_t i) const {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(u16(2 * i)) << 16 | u16(2 * i + 1));
}

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
  const std::size_t left = bytes_.size() - position_;
  if (left < 4)
    fail_at(position_, "", "the file ends without ENDLIB (truncated); fetch or write the file again");
  RecordView r{.offset = position_};
  const auto head = bytes_.subspan(position_, 4);
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
  if (length > left) {
    fail(r, fmt::format("it claims {} bytes, {} are left (truncated); fetch or write the file again", length,
                        left));
  }
  r.data = bytes_.subspan(position_ + 4, length - 4);
  position_ += length;
  return r;
}

void RecordStream::fail(const RecordView& record, const std::string& problem) const {
  fail_at(record.offset, fmt::format("record {}", record_name(record.type)), problem);
}

void RecordStream::fail_at(std::size_t offset, const std::string& record, const std::string& problem) const {
  throw InputError(fmt::format("{}: byte {}: {}{}{}", name_, offset, record,
                               cell_.empty()
                                   ? (record.empty() ? "" : ": ")
                                   : fmt::format("{}in cell '{}': ", record.empty() ? "" : " ", cell_),
                               problem));
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
  switch (type) {
    case HEADER:
      return "HEADER";
    case BGNLIB:
      return "BGNLIB";
    case LIBNAME:
      return "LIBNAME";
    case UNITS:
      return "UNITS";
    case ENDLIB:
      return "ENDLIB";
    case BGNSTR:
      return "BGNSTR";
    case STRNAME:
      return "STRNAME";
    case ENDSTR:
      return "ENDSTR";
    case BOUNDARY:
      return "BOUNDARY";
    case PATH:
      return "PATH";
    case SREF:
      return "SREF";
    case AREF:
      return "AREF";
    case TEXT:
      return "TEXT";
    case LAYER:
      return "LAYER";
    case DATATYPE:
      return "DATATYPE";
    case WIDTH:
      return "WIDTH";
    case XY:
      return "XY";
    case ENDEL:
      return "ENDEL";
    case SNAME:
      return "SNAME";
    case COLROW:
      return "COLROW";
    case NODE:
      return "NODE";
    case TEXTTYPE:
      return "TEXTTYPE";
    case PRESENTATION:
      return "PRESENTATION";
    case STRING:
      return "STRING";
    case STRANS:
      return "STRANS";
    case MAG:
      return "MAG";
    case ANGLE:
      return "ANGLE";
    case REFLIBS:
      return "REFLIBS";
    case FONTS:
      return "FONTS";
    case PATHTYPE:
      return "PATHTYPE";
    case GENERATIONS:
      return "GENERATIONS";
    case ATTRTABLE:
      return "ATTRTABLE";
    case ELFLAGS:
      return "ELFLAGS";
    case NODETYPE:
      return "NODETYPE";
    case PROPATTR:
      return "PROPATTR";
    case PROPVALUE:
      return "PROPVALUE";
    case BOX:
      return "BOX";
    case BOXTYPE:
      return "BOXTYPE";
    case PLEX:
      return "PLEX";
    case BGNEXTN:
      return "BGNEXTN";
    case ENDEXTN:
      return "ENDEXTN";
    case STRCLASS:
      return "STRCLASS";
    case FORMAT:
      return "FORMAT";
    case MASK:
      return "MASK";
    case ENDMASKS:
      return "ENDMASKS";
    case LIBDIRSIZE:
      return "LIBDIRSIZE";
    case SRFNAME:
      return "SRFNAME";
    case LIBSECUR:
      return "LIBSECUR";
    default:
      return "unknown";
  }
}

}  // namespace undulith::layout::gdsii
