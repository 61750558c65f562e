// SPDX-License-Identifier: MIT
#include "layout/oasis/stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "layout/inflate.hpp"
#include "layout/oasis/records.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/printable.hpp"

namespace undulith::layout::oasis {
namespace {

// Deflate cannot shrink data by more than this (a match of 258 bytes in two bits).
constexpr std::uint64_t kMaxDeflateRatio = 1032;

constexpr std::array<std::string_view, 35> kNames{
    "PAD",      "START",      "END",        "CELLNAME",   "CELLNAME",  "TEXTSTRING", "TEXTSTRING",
    "PROPNAME", "PROPNAME",   "PROPSTRING", "PROPSTRING", "LAYERNAME", "LAYERNAME",  "CELL",
    "CELL",     "XYABSOLUTE", "XYRELATIVE", "PLACEMENT",  "PLACEMENT", "TEXT",       "RECTANGLE",
    "POLYGON",  "PATH",       "TRAPEZOID",  "TRAPEZOID",  "TRAPEZOID", "CTRAPEZOID", "CIRCLE",
    "PROPERTY", "PROPERTY",   "XNAME",      "XNAME",      "XELEMENT",  "XGEOMETRY",  "CBLOCK"};

}  // namespace

std::string_view record_name(std::uint8_t type) {
  return type < kNames.size() ? kNames[type] : "unknown";
}

void OasisStream::fail(const std::string& problem) const {
  const std::string place =
      in_block_ ? fmt::format("byte {} of the block inflated from byte {}", record_offset_, block_offset_)
                : fmt::format("byte {}", record_offset_);
  std::string record = record_known_ ? fmt::format("record {}", record_name(record_)) : "";
  if (!cell_.empty()) record += fmt::format("{}in cell '{}'", record.empty() ? "" : " ", printable(cell_));
  throw InputError(
      fmt::format("{}: {}: {}{}{}", name_, place, record, record.empty() ? "" : ": ", printable(problem)));
}

std::uint8_t OasisStream::next_record() {
  if (in_block_ && left() == 0) {
    in_block_ = false;
    base_ = after_block_;
    source_ = {};
    position_ = 0;
    block_ = {};
  }
  record_known_ = false;
  record_offset_ = (in_block_ ? 0 : base_) + position_;
  if (at_end()) fail("the file ends without END (truncated); fetch or write the file again");
  record_ = byte();
  record_known_ = true;
  return record_;
}

void OasisStream::enter_block() {
  if (in_block_)
    fail("a compressed block within a compressed block; the file is damaged: fetch or write it again");
  const std::uint64_t method = unsigned_integer();
  if (method != 0)
    fail(fmt::format("compression method {} (only 0, deflate, is read); convert the file", method));
  const std::uint64_t size = unsigned_integer();
  const std::size_t packed = count("compressed bytes", 1);
  if (size > kMaxDeflateRatio * packed + 64) {
    fail(
        fmt::format("{} bytes claim to inflate to {} (impossible with deflate); the file is damaged: fetch "
                    "or write it again",
                    packed, size));
  }
  unfold(static_cast<std::size_t>(size));
  std::optional<std::vector<std::byte>> block = inflate_raw(bytes(packed), static_cast<std::size_t>(size));
  if (!block) {
    fail(
        fmt::format("the compressed data do not inflate to the {} bytes they claim; the file is damaged: "
                    "fetch or write it again",
                    size));
  }
  block_ = std::move(*block);
  block_offset_ = record_offset_;
  after_block_ = base_ + position_;
  source_ = block_;
  position_ = 0;
  in_block_ = true;
}

void OasisStream::unfold(std::size_t n) {
  if (n > unfold_left_) {
    fail(fmt::format(
        "up to here the file unfolds to more than {:g} MB of inflated data and repeated shapes (the limit for "
        "its size); {}",
        static_cast<double>(limit_.bytes) / (1 << 20), limit_.advice));
  }
  unfold_left_ -= n;
}

bool OasisStream::refill(std::size_t n) {
  if (!in_block_) {
    base_ += position_;
    position_ = 0;
    source_ = file_.view(base_, std::max<std::size_t>(n, 1));
  }
  if (source_.size() - position_ < n) {
    fail(in_block_ ? "the record continues beyond its compressed block; the file is damaged: fetch or write "
                     "it again"
                   : "the file ends within the record (truncated); fetch or write the file again");
  }
  return position_ < source_.size();
}

std::span<const std::byte> OasisStream::bytes(std::size_t n) {
  if (source_.size() - position_ < n) (void)refill(n);
  const auto out = source_.subspan(position_, n);
  position_ += n;
  return out;
}

std::uint64_t OasisStream::long_integer(std::uint8_t first) {
  // Some writers pad with leading zeros, over any number of bytes.
  std::uint64_t value = first & 0x7FU;
  for (int shift = 7;; shift = std::min(shift + 7, 63)) {
    const std::uint64_t part = byte();
    const std::uint64_t bits = part & 0x7FU;
    if (bits != 0 && shift > 56)
      fail("an integer beyond 63 bits; the file is damaged: fetch or write it again");
    if (bits != 0) value |= bits << shift;
    if ((part & 0x80U) == 0) return value;
  }
}

std::int64_t OasisStream::signed_integer() {
  const std::uint64_t raw = unsigned_integer();
  const auto size = static_cast<std::int64_t>(raw >> 1);
  return (raw & 1U) != 0 ? -size : size;
}

std::int64_t OasisStream::checked(std::int64_t coordinate) const {
  if (coordinate > kMaxCoordinate || coordinate < -kMaxCoordinate) {
    fail(
        fmt::format("a coordinate or length of {} (beyond {:g} database units); the file is damaged: fetch "
                    "or write it again",
                    coordinate, static_cast<double>(kMaxCoordinate)));
  }
  return coordinate;
}

std::int64_t OasisStream::length() {
  return checked(static_cast<std::int64_t>(unsigned_integer()));
}

std::int64_t OasisStream::coordinate() {
  return checked(signed_integer());
}

long double OasisStream::real() {
  return real(unsigned_integer());
}

long double OasisStream::real(std::uint64_t type) {
  const auto whole = [&] { return static_cast<long double>(unsigned_integer()); };
  const auto reciprocal = [&](long double numerator) {
    const long double denominator = whole();
    if (denominator == 0)
      fail("a real number with a denominator of 0; the file is damaged: fetch or write it again");
    return numerator / denominator;
  };
  const auto ieee = [&](std::size_t n) {
    std::uint64_t bits = 0;
    const auto raw = bytes(n);
    for (std::size_t i = 0; i < n; ++i) bits |= std::to_integer<std::uint64_t>(raw[i]) << (8 * i);
    const double value =
        n == 4 ? std::bit_cast<float>(static_cast<std::uint32_t>(bits)) : std::bit_cast<double>(bits);
    if (!std::isfinite(value))
      fail("a real number that is not finite; the file is damaged: fetch or write it again");
    return static_cast<long double>(value);
  };
  switch (type) {
    case 0:
      return whole();
    case 1:
      return -whole();
    case 2:
      return reciprocal(1);
    case 3:
      return reciprocal(-1);
    case 4:
      return reciprocal(whole());
    case 5:
      return reciprocal(-whole());
    case 6:
      return ieee(4);
    case 7:
      return ieee(8);
    default:
      fail(
          fmt::format("a real number of type {} (0 to 7 are known); the file is damaged: fetch or write it "
                      "again",
                      type));
  }
}

std::string OasisStream::string() {
  const auto raw = bytes(count("a string", 1));
  return {reinterpret_cast<const char*>(raw.data()), raw.size()};
}

DbuPoint OasisStream::octangular(unsigned direction, std::uint64_t size) const {
  constexpr std::array<int, 8> kX{1, 0, -1, 0, 1, -1, -1, 1}, kY{0, 1, 0, -1, 1, 1, -1, -1};
  const std::int64_t d = checked(static_cast<std::int64_t>(size));
  return {kX[direction] * d, kY[direction] * d};
}

DbuPoint OasisStream::axis_step() {
  const std::uint64_t raw = unsigned_integer();
  return octangular(raw & 3U, raw >> 2);
}

DbuPoint OasisStream::octangular_step() {
  const std::uint64_t raw = unsigned_integer();
  return octangular(raw & 7U, raw >> 3);
}

DbuPoint OasisStream::any_step() {
  const std::uint64_t raw = unsigned_integer();
  if ((raw & 1U) == 0) return octangular(raw >> 1 & 7U, raw >> 4);
  const std::int64_t x = checked(static_cast<std::int64_t>(raw >> 2));
  return {(raw & 2U) != 0 ? -x : x, coordinate()};
}

std::size_t OasisStream::count(const char* what, std::size_t item_bytes, std::uint64_t more) {
  const std::uint64_t n = unsigned_integer();
  if (n > left() / item_bytes || n + more > left() / item_bytes) {
    fail(
        fmt::format("{} of {} items, {} bytes are left; the file is truncated or damaged: fetch or write it "
                    "again",
                    what, n, left()));
  }
  return static_cast<std::size_t>(n + more);
}

}  // namespace undulith::layout::oasis
