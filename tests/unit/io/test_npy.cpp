// SPDX-License-Identifier: MIT
#include "undulith/io/npy.hpp"

#include <cmath>
#include <cstring>
#include <limits>

#include "scratch.hpp"
#include "undulith/io/files.hpp"

using namespace undulith;
using namespace undulith::io;
using Catch::Matchers::Contains;
using undulith::test::message_of;
using undulith::test::Scratch;
using undulith::test::write_plain;

namespace {

/// A .npy file of version 1 with any header and data.
std::string npy(const std::string& header, const std::string& data) {
  std::string file("\x93NUMPY\x01\x00", 8);
  file += static_cast<char>(header.size() & 0xff);
  file += static_cast<char>(header.size() >> 8);
  return file + header + data;
}
std::string npy_of(const char* type, const char* shape, const std::string& data,
                   const char* fortran = "False") {
  return npy(
      std::string("{'descr': '") + type + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }\n",
      data);
}
template <class T>
std::string raw(std::initializer_list<T> values) {
  std::string data(values.size() * sizeof(T), '\0');
  std::memcpy(data.data(), values.begin(), data.size());
  return data;
}
NpyArray read(const std::string& content) {
  Scratch scratch;
  write_plain(scratch / "a.npy", content);
  return read_npy(scratch / "a.npy");
}

}  // namespace

TEST_CASE("npy: arrays come back as written", "[unit][io]") {
  Scratch scratch;
  const std::vector<double> values = {0, -1.5, 1e300, std::numeric_limits<double>::denorm_min(), 5, 6};
  for (const auto& shape : std::vector<std::vector<std::size_t>>{{6}, {2, 3}, {1, 3, 2}}) {
    write_npy(scratch / "a.npy", values, shape);
    const NpyArray array = read_npy(scratch / "a.npy");
    CHECK(array.shape == shape);
    CHECK(array.values == values);
    const std::string file = read_text(scratch / "a.npy");
    CHECK((file.size() - values.size() * 8) % 64 == 0);  // the format's alignment of the data
    CHECK(file[file.size() - values.size() * 8 - 1] == '\n');
  }
  write_npy(scratch / "a.npy", std::vector<double>{3}, {});
  CHECK(read_npy(scratch / "a.npy").shape.empty());
  write_npy(scratch / "a.npy", std::vector<double>{}, {0, 4});
  CHECK(read_npy(scratch / "a.npy").shape == std::vector<std::size_t>{0, 4});
  CHECK_THROWS_AS(write_npy(scratch / "a.npy", values, {2, 2}), std::invalid_argument);
  CHECK_THROWS_AS(write_npy(scratch / "a.npy", values, {std::size_t{1} << 63, 4}), std::invalid_argument);
  CHECK_THROWS_AS(write_npy(scratch / "no" / "a.npy", values, {6}), IoError);
}

TEST_CASE("npy: every real type of numpy", "[unit][io]") {
  CHECK(read(npy_of("|b1", "(3,)", std::string("\0\1\2", 3))).values == std::vector<double>{0, 1, 1});
  CHECK(read(npy_of("|i1", "(2,)", raw<std::int8_t>({-128, 5}))).values == std::vector<double>{-128, 5});
  CHECK(read(npy_of("|u1", "(2,)", raw<std::uint8_t>({255, 5}))).values == std::vector<double>{255, 5});
  CHECK(read(npy_of("<i2", "(1,)", raw<std::int16_t>({-300}))).values == std::vector<double>{-300});
  CHECK(read(npy_of("<u2", "(1,)", raw<std::uint16_t>({65535}))).values == std::vector<double>{65535});
  CHECK(read(npy_of("<i4", "(1,)", raw<std::int32_t>({-70000}))).values == std::vector<double>{-70000});
  CHECK(read(npy_of("<u4", "(1,)", raw<std::uint32_t>({4000000000u}))).values == std::vector<double>{4e9});
  CHECK(read(npy_of("<i8", "(1,)", raw<std::int64_t>({-5}))).values == std::vector<double>{-5});
  CHECK(read(npy_of("<u8", "(1,)", raw<std::uint64_t>({1ull << 63}))).values == std::vector<double>{0x1p63});
  CHECK(read(npy_of("<f4", "(2,)", raw<float>({0.5f, -3.25f}))).values == std::vector<double>{0.5, -3.25});
  // Half precision: 1, -2, largest, smallest normal, smallest, infinity ([IEEE 754] binary16).
  CHECK(read(npy_of("<f2", "(6,)", raw<std::uint16_t>({0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x7c00})))
            .values ==
        std::vector<double>{1, -2, 65504, 0x1p-14, 0x1p-24, std::numeric_limits<double>::infinity()});
  // Signalling NaN must not raise an exception (the test runner traps it).
  CHECK(std::isnan(read(npy_of("<f4", "(1,)", raw<std::uint32_t>({0x7f800001u}))).values[0]));
  const double quiet = read(npy_of("<f8", "(1,)", raw<std::uint64_t>({0x7ff0000000000001u}))).values[0];
  CHECK(std::isnan(quiet));
  for (const char* type : {">f8", "<c16", "<f16", "|O", "<U4", "<M8", "f8", "<f", "<f88", ""}) {
    CAPTURE(type);
    CHECK_THROWS_AS(read(npy_of(type, "(1,)", std::string(16, '\0'))), InputError);
  }
}

TEST_CASE("npy: Fortran order is turned into C order", "[unit][io]") {
  // a[i, j] = 10 i + j, columns stored first.
  const NpyArray two = read(npy_of("<i4", "(2, 3)", raw<std::int32_t>({0, 10, 1, 11, 2, 12}), "True"));
  CHECK(two.values == std::vector<double>{0, 1, 2, 10, 11, 12});
  const NpyArray three = read(npy_of("|u1", "(2, 1, 2)", raw<std::uint8_t>({0, 100, 1, 101}), "True"));
  CHECK(three.values == std::vector<double>{0, 1, 100, 101});
}

TEST_CASE("npy: hostile headers are input errors, without taking memory", "[unit][io]") {
  const std::string data(8, '\0');
  for (const char* shape :
       {"(2,)", "(0,)", "(1000000000000000000,)", "(4294967296, 4294967296)", "(99999999999999999999999,)",
        "(-1,)", "(1", "1", "(1 1)", "(1.0,)", "((1,),)", "(,)", "(1,,)", "()()",
        "(1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1)"}) {
    CAPTURE(shape);
    CHECK_THROWS_AS(read(npy_of("<f8", shape, data)), InputError);
  }
  for (const char* header :
       {"", "{}", "{", "{'descr': '<f8', 'fortran_order': False}",
        "{'descr': '<f8', 'fortran_order': maybe, 'shape': (1,)}",
        "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'x': 1}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)} rm",
        "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (1,)}", "{'descr: }"}) {
    CAPTURE(header);
    CHECK_THROWS_AS(read(npy(header, data)), InputError);
  }
  CHECK_THAT(message_of<InputError>([&] { return read(npy_of("<f8", "(2,)", data)); }),
             Contains("needs 16 bytes") && Contains("there are 8"));
  CHECK_THROWS_AS(read(std::string("\x93NUMPY\x02\x00\xff\xff\xff\xff{", 13)), InputError);
  CHECK_THROWS_AS(read(std::string("\x93NUMPY\x09\x00\x00\x00\x00\x00", 12)), InputError);
  CHECK(read(npy("{\"shape\": (1,), \"descr\": \"<f8\", \"fortran_order\": False}", data)).values.size() ==
        1);
}

TEST_CASE("npy: a file cut at any byte is an input error", "[property][io]") {
  Scratch scratch;
  write_npy(scratch / "a.npy", std::vector<double>{1, 2, 3}, {3});
  const std::string file = read_text(scratch / "a.npy");
  for (std::size_t n = 0; n < file.size(); ++n) {
    CAPTURE(n);
    write_plain(scratch / "b.npy", file.substr(0, n));
    CHECK_THROWS_AS(read_npy(scratch / "b.npy"), InputError);
  }
  write_plain(scratch / "b.npy", file + "x");
  CHECK_THROWS_AS(read_npy(scratch / "b.npy"), InputError);
  CHECK_THROWS_AS(read_npy(scratch / "none.npy"), InputError);
}

TEST_CASE("npy: values that are made a part at a time", "[unit][io]") {
  const test::Scratch scratch;
  const std::vector<double> values{1, -2.5, 1e-3, 4, 5, 6};
  const auto make = [&](const io::TakeValues& take) {
    take(std::span(values).first(1));
    take({});
    take(std::span(values).subspan(1));
  };
  io::write_npy(scratch / "whole.npy", values, {2, 3});
  io::write_npy(scratch / "parts.npy", make, {2, 3});
  CHECK(io::read_bytes(scratch / "parts.npy") == io::read_bytes(scratch / "whole.npy"));
  io::write_npy(scratch / "single.npy", make, {2, 3}, Precision::float32);
  const io::NpyArray single = io::read_npy(scratch / "single.npy");
  CHECK(single.shape == std::vector<std::size_t>{2, 3});
  CHECK(single.values[2] == 1e-3F);
  CHECK(std::filesystem::file_size(scratch / "single.npy") ==
        std::filesystem::file_size(scratch / "whole.npy") - 24);
  // Too few values, and one that is no number: nothing is written.
  CHECK_THROWS_AS(io::write_npy(scratch / "few.npy", make, {7}), std::invalid_argument);
  CHECK_THROWS_AS(io::write_npy(scratch / "nan.npy",
                                [](const io::TakeValues& take) {
                                  take(std::vector{0.0, std::nan("")});
                                },
                                {2}),
                  NumericalError);
  CHECK_FALSE(std::filesystem::exists(scratch / "few.npy"));
  CHECK_FALSE(std::filesystem::exists(scratch / "nan.npy"));
}
