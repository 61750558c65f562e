// SPDX-License-Identifier: MIT
#include "layout/oasis/names.hpp"

#include <fmt/format.h>

#include "layout/oasis/records.hpp"

namespace undulith::layout::oasis {
namespace {

/// An interval of layer or datatype numbers.
void skip_interval(OasisStream& stream) {
  const std::uint64_t type = stream.unsigned_integer();
  if (type > 4)
    stream.fail(fmt::format(
        "an interval of type {} (0 to 4 are known); the file is damaged: fetch or write it again", type));
  if (type > 0) (void)stream.unsigned_integer();
  if (type == 4) (void)stream.unsigned_integer();
}

void skip_value(OasisStream& stream) {
  const std::uint64_t type = stream.unsigned_integer();
  switch (type) {
    case 8:   // unsigned
    case 9:   // signed
    case 13:  // strings by number
    case 14:
    case 15:
      (void)stream.unsigned_integer();
      return;
    case 10:
    case 11:
    case 12:
      stream.skip_string();
      return;
    default:
      if (type > 15)
        stream.fail(
            fmt::format("a property value of type {} (0 to 15 are known); the file is damaged: fetch or "
                        "write it again",
                        type));
      (void)stream.real(type);
  }
}

void skip_property(OasisStream& stream) {
  const unsigned info = stream.byte();
  if ((info & 0x04U) != 0) {  // a name is given
    if ((info & 0x02U) != 0) {
      (void)stream.unsigned_integer();
    } else {
      stream.skip_string();
    }
  }
  if ((info & 0x08U) != 0) return;  // the values of the previous property
  std::size_t values = info >> 4;
  if (values == 15) values = stream.count("a property", 1);
  for (; values > 0; --values) skip_value(stream);
}

}  // namespace

void CellNames::read(OasisStream& stream, bool numbered) {
  std::string name = stream.string();
  if (name.empty()) stream.fail("a cell without a name; the file is damaged: fetch or write it again");
  if (numbered_ && *numbered_ != numbered) {
    stream.fail(
        "cell names with and without numbers are mixed; the file is damaged: fetch or write it again");
  }
  numbered_ = numbered;
  const std::uint64_t number = numbered ? stream.unsigned_integer() : next_++;
  if (!names_.emplace(number, std::move(name)).second) {
    stream.fail(
        fmt::format("cell number {} has two names; the file is damaged: fetch or write it again", number));
  }
}

std::optional<std::string> CellNames::find(std::uint64_t number) const {
  const auto found = names_.find(number);
  if (found == names_.end()) return {};
  return found->second;
}

bool skip_record(OasisStream& stream, std::uint8_t record) {
  switch (record) {
    case TEXTSTRING:
    case PROPNAME:
    case PROPSTRING:
      stream.skip_string();
      return true;
    case TEXTSTRING_NUMBERED:
    case PROPNAME_NUMBERED:
    case PROPSTRING_NUMBERED:
      stream.skip_string();
      (void)stream.unsigned_integer();
      return true;
    case LAYERNAME:
    case LAYERNAME_TEXT:
      stream.skip_string();
      skip_interval(stream);
      skip_interval(stream);
      return true;
    case PROPERTY:
      skip_property(stream);
      return true;
    case PROPERTY_AGAIN:
      return true;
    case XNAME:
    case XNAME_NUMBERED:
      (void)stream.unsigned_integer();
      stream.skip_string();
      if (record == XNAME_NUMBERED) (void)stream.unsigned_integer();
      return true;
    case XELEMENT:
      (void)stream.unsigned_integer();
      stream.skip_string();
      return true;
    default:
      return false;
  }
}

}  // namespace undulith::layout::oasis
