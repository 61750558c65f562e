// SPDX-License-Identifier: MIT
#include "undulith/io/png.hpp"

#include <zlib.h>

#include <random>

#include "scratch.hpp"
#include "undulith/io/files.hpp"

using namespace undulith;
using namespace undulith::io;
using Catch::Matchers::Contains;
using undulith::test::message_of;
using undulith::test::Scratch;
using undulith::test::write_plain;

namespace {

std::string be32(std::uint32_t v) {
  return {static_cast<char>(v >> 24), static_cast<char>(v >> 16), static_cast<char>(v >> 8),
          static_cast<char>(v)};
}
std::string chunk(const std::string& type, const std::string& data) {
  const std::string body = type + data;
  const auto crc = crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  return be32(static_cast<std::uint32_t>(data.size())) + body + be32(static_cast<std::uint32_t>(crc));
}
std::string deflated(const std::string& data) {
  std::string out(compressBound(data.size()), '\0');
  uLongf size = out.size();
  REQUIRE(compress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(data.data()),
                   data.size()) == Z_OK);
  return out.substr(0, size);
}
/// A PNG put together by hand: colour type 0 grey, 2 colour, 3 palette, 4 grey with alpha, 6 colour with
/// alpha.
std::string png(std::uint32_t width, std::uint32_t height, int depth, int type, const std::string& scanlines,
                const std::string& extra = {}, int interlace = 0) {
  const std::string header = be32(width) + be32(height) + static_cast<char>(depth) + static_cast<char>(type) +
                             std::string(2, '\0') + static_cast<char>(interlace);
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) + extra + chunk("IDAT", deflated(scanlines)) +
         chunk("IEND", "");
}
GreyImage read(const std::string& content) {
  Scratch scratch;
  write_plain(scratch / "a.png", content);
  return read_png_grey(scratch / "a.png");
}
std::string bytes(std::initializer_list<int> values) {
  std::string result;
  for (const int v : values) result += static_cast<char>(v);
  return result;
}
RgbImage noise(int width, int height) {
  std::mt19937 random(1);
  RgbImage image{width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(3 * width * height))};
  for (auto& p : image.pixels) p = static_cast<std::uint8_t>(random());
  return image;
}

}  // namespace

TEST_CASE("png: pixels and text come back as written, always in the same bytes", "[unit][io]") {
  Scratch scratch;
  const RgbImage image = noise(7, 5);
  const std::map<std::string, std::string> text = {{"undulith:version", "0.1.0"},
                                                   {"Title", "dense lines, 36 nm"},
                                                   {"undulith:note", "\xce\xbb = 13.5 nm"},
                                                   {"empty", ""}};
  write_png(scratch / "a.png", image, text);
  write_png(scratch / "b.png", image, text);
  CHECK(read_text(scratch / "a.png") == read_text(scratch / "b.png"));
  CHECK(read_png_text(scratch / "a.png") == text);
  const GreyImage grey = read_png_grey(scratch / "a.png");
  REQUIRE(grey.width == 7);
  REQUIRE(grey.height == 5);
  for (std::size_t i = 0; i < 35; ++i) {
    const double expected =
        (0.2126 * image.pixels[3 * i] + 0.7152 * image.pixels[3 * i + 1] + 0.0722 * image.pixels[3 * i + 2]) /
        255;
    CHECK(grey.values[i] == Approx(expected).margin(1e-14));
  }
}

TEST_CASE("png: bad pictures and keys are faults of the caller", "[unit][io]") {
  Scratch scratch;
  RgbImage image = noise(2, 2);
  for (const std::string& key :
       {std::string(), std::string(80, 'k'), std::string(" k"), std::string("a  b"), std::string("\n")}) {
    CHECK_THROWS_AS(write_png(scratch / "a.png", image, {{key, "x"}}), std::invalid_argument);
  }
  CHECK_THROWS_AS(write_png(scratch / "a.png", image, {{"k", std::string("a\0b", 3)}}),
                  std::invalid_argument);
  CHECK_THROWS_AS(write_png(scratch / "no" / "a.png", image), IoError);
  image.pixels.pop_back();
  CHECK_THROWS_AS(write_png(scratch / "a.png", image), std::invalid_argument);
  CHECK_THROWS_AS(write_png(scratch / "a.png", RgbImage{}), std::invalid_argument);
  CHECK(scratch.count() == 0);
}

TEST_CASE("png: every kind of picture is read as grey", "[unit][io]") {
  // 16 bits are big-endian in the file: 0x0100 is 256/65535, not 1/65535.
  CHECK(read(png(2, 1, 16, 0, bytes({0, 0x01, 0x00, 0xff, 0xff}))).values ==
        std::vector<double>{256 / 65535.0, 1});
  CHECK(read(png(2, 2, 8, 0, bytes({0, 0, 255, 0, 51, 102}))).values == std::vector<double>{0, 1, 0.2, 0.4});
  CHECK(read(png(8, 1, 1, 0, bytes({0, 0xA0}))).values == std::vector<double>{1, 0, 1, 0, 0, 0, 0, 0});
  CHECK(read(png(2, 1, 4, 0, bytes({0, 0x3F}))).values == std::vector<double>{0.2, 1});
  CHECK(read(png(1, 1, 8, 4, bytes({0, 255, 51}))).values == std::vector<double>{0.2});  // alpha over black
  CHECK(read(png(1, 1, 8, 2, bytes({0, 0, 255, 0}))).values[0] == Approx(0.7152));
  CHECK(read(png(1, 1, 8, 6, bytes({0, 255, 255, 255, 51}))).values[0] == Approx(0.2));
  CHECK(read(png(1, 1, 16, 6, bytes({0, 255, 255, 255, 255, 255, 255, 0x80, 0}))).values[0] ==
        Approx(0x8000 / 65535.0));
  const std::string palette = chunk("PLTE", bytes({0, 0, 0, 255, 255, 255}));
  CHECK(read(png(2, 1, 8, 3, bytes({0, 1, 0}), palette)).values[0] == Approx(1));
  CHECK(read(png(2, 1, 8, 3, bytes({0, 1, 0}), palette + chunk("tRNS", bytes({255, 0})))).values[0] == 0);
  CHECK(read(png(2, 1, 8, 0, bytes({0, 255, 51}), chunk("tRNS", bytes({0, 255})))).values ==
        std::vector<double>{0, 0.2});
  // Adam7: a 2 by 2 picture has its pixels in passes 1 (0,0), 6 (1,0) and 7 (row 1).
  CHECK(read(png(2, 2, 8, 0, bytes({0, 0, 0, 51, 0, 102, 255}), {}, 1)).values ==
        std::vector<double>{0, 0.2, 0.4, 1});
}

TEST_CASE("png: broken and oversized files are input errors", "[unit][io]") {
  Scratch scratch;
  CHECK_THROWS_AS(read_png_grey(scratch / "none.png"), InputError);
  CHECK_THAT(message_of<InputError>([] { return read("GIF89a.........."); }),
             Contains("does not begin like a PNG"));
  CHECK_THAT(message_of<InputError>([] { return read(png(16385, 1, 8, 0, "")); }), Contains("16384"));
  CHECK_THAT(message_of<InputError>([] { return read(png(1, 2000000000u, 8, 0, "")); }), Contains("16384"));
  CHECK_THAT(message_of<InputError>([] { return read(png(16384, 16384, 16, 6, "x")); }),
             Contains("far too short"));
  // A chunk of 1.6 GB in a file of a few bytes, before libpng takes memory for it.
  std::string huge = png(2, 2, 8, 0, bytes({0, 1, 2, 0, 1, 2}));
  huge.replace(33, 4, std::string("\x62\x00\x00\x09", 4));
  CHECK_THAT(message_of<InputError>([&] { return read(huge); }), Contains("1644167177 bytes"));
  CHECK_THROWS_AS(read(png(2, 2, 8, 0, bytes({0, 1, 2}))), InputError);  // fewer rows than it says
  CHECK_THROWS_AS(read(png(1, 1, 8, 3, bytes({0, 0}))), InputError);     // palette missing
  CHECK_THROWS_AS(read(png(1, 1, 7, 0, bytes({0, 0}))), InputError);     // no such depth
  CHECK_THROWS_AS(read(png(0, 1, 8, 0, "")), InputError);
}

TEST_CASE("png: a file cut at any byte is an input error, and no changed byte crashes", "[property][io]") {
  Scratch scratch;
  write_png(scratch / "a.png", noise(5, 4), {{"key", "value"}, {"utf", "\xc3\xa9"}});
  const std::string file = read_text(scratch / "a.png");
  for (std::size_t n = 0; n < file.size(); ++n) {
    CAPTURE(n);
    write_plain(scratch / "b.png", file.substr(0, n));
    CHECK_THROWS_AS(read_png_grey(scratch / "b.png"), InputError);
    CHECK_THROWS_AS(read_png_text(scratch / "b.png"), InputError);
  }
  std::mt19937 random(3);
  int n_refused = 0;
  for (std::size_t n = 0; n < file.size(); ++n) {
    std::string changed = file;
    changed[n] = static_cast<char>(random());
    write_plain(scratch / "b.png", changed);
    std::size_t n_pixels = 0;
    try {
      n_pixels = read_png_grey(scratch / "b.png").values.size();
      (void)read_png_text(scratch / "b.png");
    } catch (const InputError&) {
      ++n_refused;
    }
    CHECK((n_pixels == 0 || n_pixels == 20));
  }
  CHECK(n_refused > 50);  // checksums guard every chunk that matters
}

TEST_CASE("png: compressed text cannot fill the memory", "[unit][io]") {
  Scratch scratch;
  const std::string bomb =
      chunk("zTXt", std::string("k\0\0", 3) + deflated(std::string(std::size_t{32} << 20, 'a')));
  write_plain(scratch / "a.png", png(1, 1, 8, 0, bytes({0, 0}), bomb));
  CHECK(read_png_text(scratch / "a.png").empty());
  CHECK(read_png_grey(scratch / "a.png").values.size() == 1);
}
