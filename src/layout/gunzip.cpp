// SPDX-License-Identifier: MIT
#include "layout/gunzip.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "undulith/core/error.hpp"

namespace undulith::layout {
namespace {

constexpr std::size_t kPackedBytes = 65536;
constexpr std::byte kMagic0{0x1f}, kMagic1{0x8b};

}  // namespace

bool is_gzip(std::span<const std::byte> bytes) {
  return bytes.size() >= 2 && bytes[0] == kMagic0 && bytes[1] == kMagic1;
}

struct Gunzip::State {
  ByteSource::Refill packed;
  std::string name;
  std::size_t max_bytes = 0, made = 0, used = 0;
  std::string advice;
  z_stream z{};
  std::vector<std::byte> input = std::vector<std::byte>(kPackedBytes);
  std::size_t begin = 0, end = 0;  // what of the input is not used yet
  bool input_ended = false, member_ended = false, done = false;

  /// Makes n bytes of input available, fewer at its end.
  std::span<const std::byte> offered(std::size_t n) {
    while (end - begin < n && !input_ended) {
      std::copy(input.begin() + static_cast<std::ptrdiff_t>(begin),
                input.begin() + static_cast<std::ptrdiff_t>(end), input.begin());
      end -= begin;
      begin = 0;
      const std::size_t got = packed(std::span(input).subspan(end));
      input_ended = got == 0;
      end += got;
    }
    return std::span(input).subspan(begin, end - begin);
  }
};

Gunzip::Gunzip(ByteSource::Refill packed, std::string name, std::size_t max_bytes, std::string advice)
    : state_(std::make_unique<State>()) {
  state_->packed = std::move(packed);
  state_->name = std::move(name);
  state_->max_bytes = max_bytes;
  state_->advice = std::move(advice);
  // 15 bits of window, + 16: gzip header and checksum.
  if (inflateInit2(&state_->z, 15 + 16) != Z_OK)
    throw IoError("gzip: zlib cannot start (no memory); free some memory and run again");
}

Gunzip::~Gunzip() {
  inflateEnd(&state_->z);
}

std::size_t Gunzip::read(std::span<std::byte> out) {
  State& s = *state_;
  while (!s.done) {
    if (s.member_ended) {
      // A further member may follow; anything else after the end is padding, which gzip ignores too.
      if (!is_gzip(s.offered(2))) {
        s.done = true;
        break;
      }
      inflateReset(&s.z);
      s.member_ended = false;
    }
    const auto in = s.offered(1);
    s.z.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(in.data()));
    s.z.avail_in = static_cast<uInt>(in.size());
    s.z.next_out = reinterpret_cast<Bytef*>(out.data());
    s.z.avail_out = static_cast<uInt>(std::min<std::size_t>(out.size(), std::numeric_limits<uInt>::max()));
    const std::size_t room = s.z.avail_out;
    const int status = inflate(&s.z, Z_NO_FLUSH);
    const std::size_t taken = in.size() - s.z.avail_in, made = room - s.z.avail_out;
    s.begin += taken;
    s.used += taken;
    if (made > s.max_bytes - s.made) {
      throw InputError(fmt::format("{}: inflates to more than {:g} MB (the limit for its size); {}", s.name,
                                   static_cast<double>(s.max_bytes) / (1 << 20), s.advice));
    }
    s.made += made;
    if (status == Z_STREAM_END) {
      s.member_ended = true;
    } else if (status != Z_OK || (made == 0 && taken == 0)) {
      const bool short_of_input = status == Z_BUF_ERROR || status == Z_OK;
      throw InputError(
          fmt::format("{}: byte {} of the compressed file: {} ({}); fetch or compress the file again", s.name,
                      s.used, short_of_input ? "the gzip data end too early" : "the gzip data are damaged",
                      s.z.msg != nullptr ? s.z.msg : "truncated"));
    }
    if (made > 0) return made;
  }
  return 0;
}

std::vector<std::byte> gunzip(std::span<const std::byte> bytes, const std::string& name,
                              std::size_t max_bytes) {
  Gunzip stream(memory_refill(bytes), name, max_bytes, "split it into smaller layouts");
  std::vector<std::byte> out;
  std::vector<std::byte> chunk(kPackedBytes);
  while (const std::size_t n = stream.read(chunk))
    out.insert(out.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(n));
  return out;
}

}  // namespace undulith::layout
