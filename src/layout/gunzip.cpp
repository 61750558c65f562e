// SPDX-License-Identifier: MIT
#include "layout/gunzip.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>

#include "undulith/core/error.hpp"

namespace undulith::layout {
namespace {

/// The state of zlib, released in any case.
class Inflater {
 public:
  Inflater() {
    // 15 bits of window, + 16: gzip header and checksum.
    if (inflateInit2(&stream_, 15 + 16) != Z_OK)
      throw IoError("gzip: zlib cannot start (no memory); free some memory and run again");
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream_); }
  z_stream& operator*() { return stream_; }

 private:
  z_stream stream_{};
};

}  // namespace

bool is_gzip(std::span<const std::byte> bytes) {
  return bytes.size() >= 2 && bytes[0] == std::byte{0x1f} && bytes[1] == std::byte{0x8b};
}

std::vector<std::byte> gunzip(std::span<const std::byte> bytes, const std::string& name,
                              std::size_t max_bytes) {
  std::vector<std::byte> out;
  std::array<std::byte, 65536> chunk;
  Inflater inflater;
  z_stream& z = *inflater;
  std::size_t used = 0;
  bool member_ended = false;
  while (true) {
    if (member_ended) {
      // A further member may follow; anything else after the end is padding, which gzip ignores too.
      if (!is_gzip(bytes.subspan(used))) return out;
      inflateReset(&z);
      member_ended = false;
    }
    const std::size_t offered = std::min<std::size_t>(bytes.size() - used, std::numeric_limits<uInt>::max());
    z.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes.data() + used));
    z.avail_in = static_cast<uInt>(offered);
    z.next_out = reinterpret_cast<Bytef*>(chunk.data());
    z.avail_out = static_cast<uInt>(chunk.size());
    const int status = inflate(&z, Z_NO_FLUSH);
    used += offered - z.avail_in;
    const std::size_t made = chunk.size() - z.avail_out;
    if (made > max_bytes - out.size()) {
      throw InputError(
          fmt::format("{}: inflates to more than {} bytes (the limit for a layout); split it into smaller "
                      "layouts",
                      name, max_bytes));
    }
    out.insert(out.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(made));
    if (status == Z_STREAM_END) {
      member_ended = true;
    } else if (status != Z_OK || (made == 0 && z.avail_in == 0)) {
      const bool short_of_input = status == Z_BUF_ERROR || status == Z_OK;
      throw InputError(
          fmt::format("{}: byte {} of the compressed file: {} ({}); fetch or compress the file again", name,
                      used, short_of_input ? "the gzip data end too early" : "the gzip data are damaged",
                      z.msg != nullptr ? z.msg : "truncated"));
    }
  }
}

}  // namespace undulith::layout
