// SPDX-License-Identifier: MIT
#include "layout/inflate.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>

#include "undulith/core/error.hpp"

namespace undulith::layout {
namespace {

constexpr int kRaw = -15;  // window bits; negative: neither header nor checksum

/// The state of zlib, released in any case.
class Stream {
 public:
  using End = int (*)(z_stream*);
  Stream(int status, z_stream* z, End end) : z_(z), end_(end) {
    if (status != Z_OK) throw IoError("zlib cannot start (no memory); free some memory and run again");
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() { end_(z_); }

 private:
  z_stream* z_;
  End end_;
};

/// Passes all of `input` to step() and collects the output, up to `limit` bytes and one more chunk.
template <class Step>
std::vector<std::byte> pump(z_stream& z, std::span<const std::byte> input, std::size_t limit, Step step) {
  std::vector<std::byte> out;
  std::array<std::byte, 65536> chunk;
  std::size_t offered = 0;
  while (true) {
    if (z.avail_in == 0) {
      const std::size_t n = std::min<std::size_t>(input.size() - offered, std::numeric_limits<uInt>::max());
      z.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(input.data() + offered));
      z.avail_in = static_cast<uInt>(n);
      offered += n;
    }
    z.next_out = reinterpret_cast<Bytef*>(chunk.data());
    z.avail_out = static_cast<uInt>(chunk.size());
    const bool more = step(offered == input.size());
    const std::size_t made = chunk.size() - z.avail_out;
    out.insert(out.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(made));
    if (!more || out.size() > limit) return out;
  }
}

}  // namespace

std::optional<std::vector<std::byte>> inflate_raw(std::span<const std::byte> packed, std::size_t size) {
  z_stream z{};
  const Stream guard(inflateInit2(&z, kRaw), &z, inflateEnd);
  bool ended = false;
  std::size_t before = 0;
  std::vector<std::byte> out = pump(z, packed, size, [&](bool) {
    const int status = inflate(&z, Z_NO_FLUSH);
    ended = status == Z_STREAM_END;
    const bool moved = z.total_in + z.total_out > before;
    before = z.total_in + z.total_out;
    return status == Z_OK && moved;
  });
  if (!ended || z.total_in != packed.size() || out.size() != size) return {};
  return out;
}

std::vector<std::byte> deflate_raw(std::span<const std::byte> bytes) {
  z_stream z{};
  const Stream guard(deflateInit2(&z, 9, Z_DEFLATED, kRaw, 8, Z_DEFAULT_STRATEGY), &z, deflateEnd);
  return pump(z, bytes, std::numeric_limits<std::size_t>::max(),
              [&](bool last) { return deflate(&z, last ? Z_FINISH : Z_NO_FLUSH) != Z_STREAM_END; });
}

std::uint32_t crc32_of(std::span<const std::byte> bytes) {
  return static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

}  // namespace undulith::layout
