// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <chrono>

#include "scratch.hpp"
#include "undulith/core/log.hpp"
#include "undulith/io/bytes.hpp"
#include "undulith/io/files.hpp"
#include "undulith/io/store.hpp"

using namespace undulith;
using namespace undulith::test;
using Catch::Contains;
using io::Sha256;
using io::Store;

namespace fs = std::filesystem;

namespace {

std::vector<std::byte> bytes_of(const std::string& text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

Sha256 key_of(const std::string& text) {
  return io::sha256(bytes_of(text));
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) files.push_back(entry.path());
  return files;
}

// Warnings are tested from the command line.
struct Quiet {
  Quiet() { log::set_level(log::Level::quiet); }
  ~Quiet() { log::set_level(log::Level::warning); }
};

}  // namespace

TEST_CASE("sha256: the examples of FIPS 180-4", "[validation][io]") {
  CHECK(key_of("").hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(key_of("abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(key_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq").hex() ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST_CASE("bytes: values come back, and a cut is noticed", "[unit][io]") {
  io::ByteWriter to;
  to.add(1.5);
  to.add(true);
  to.add(std::vector<std::complex<double>>{{1, 2}, {3, 4}});
  to.add(std::string_view("two"));
  io::ByteReader from(to.bytes());
  CHECK(from.read<double>() == 1.5);
  CHECK(from.read<bool>());
  CHECK(from.read_vector<std::complex<double>>() == std::vector<std::complex<double>>{{1, 2}, {3, 4}});
  CHECK(from.read_vector<char>() == std::vector<char>{'t', 'w', 'o'});
  CHECK(from.at_end());
  CHECK_THROWS_WITH(from.read<int>(), Contains("ends too early"));
  // A length that no memory holds.
  io::ByteWriter huge;
  huge.add(~std::uint64_t{0});
  CHECK_THROWS_WITH(io::ByteReader(huge.bytes()).read_vector<double>(), Contains("ends too early"));
}

TEST_CASE("store: what is kept is found, by another object too", "[unit][io]") {
  const Scratch scratch;
  Store store(scratch / "cache");
  CHECK_FALSE(fs::exists(scratch / "cache"));
  CHECK_FALSE(store.find(key_of("a")));
  store.keep(key_of("a"), bytes_of("value of a"));
  store.keep(key_of("empty"), {});
  Store other(scratch / "cache");
  CHECK(other.find(key_of("a")) == bytes_of("value of a"));
  CHECK(other.find(key_of("empty")) == std::vector<std::byte>{});
  CHECK_FALSE(other.find(key_of("b")));
  CHECK(other.n_found() == 2);
  CHECK(store.n_kept() == 2);
}

TEST_CASE("store: every damage of an entry is noticed, and the entry removed", "[unit][io]") {
  const Quiet quiet;
  const Scratch scratch;
  Store store(scratch.folder());
  store.keep(key_of("a"), bytes_of("value"));
  const fs::path file = files_in(scratch.folder()).at(0);
  const std::vector<std::byte> whole = io::read_bytes(file);
  for (std::size_t i = 0; i < 2 * whole.size(); ++i) {
    std::vector<std::byte> damaged = whole;
    if (i < whole.size())
      damaged[i] ^= std::byte{1};
    else
      damaged.resize(i - whole.size());  // cut
    io::write_atomic(file, damaged);
    REQUIRE_FALSE(store.find(key_of("a")));
    REQUIRE_FALSE(fs::exists(file));
  }
  io::write_atomic(file, whole);
  CHECK(store.find(key_of("a")));
  // A whole entry in the place of another one.
  store.keep(key_of("b"), bytes_of("another"));
  const std::string b = key_of("b").hex();
  io::write_atomic(scratch.folder() / b.substr(0, 2) / b.substr(2), whole);
  CHECK_FALSE(store.find(key_of("b")));
}

TEST_CASE("store: beyond its limit, what was not used for longest goes", "[unit][io]") {
  const Scratch scratch;
  const std::vector<std::byte> value(1000);
  Store store(scratch.folder(), 10 * 1100);
  const auto name = [](int i) { return key_of("entry " + std::to_string(i)); };
  for (int i = 0; i < 8; ++i) store.keep(name(i), value);
  // As if they had been written hours apart; then entry 0 is used.
  const fs::file_time_type now = fs::file_time_type::clock::now();
  for (int i = 0; i < 8; ++i) {
    const std::string hex = name(i).hex();
    fs::last_write_time(scratch.folder() / hex.substr(0, 2) / hex.substr(2),
                        now - std::chrono::hours(24 - i));
  }
  REQUIRE(store.find(name(0)));
  for (int i = 8; i < 12; ++i) store.keep(name(i), value);
  CHECK(files_in(scratch.folder()).size() <= 10);
  CHECK(store.find(name(0)));
  CHECK_FALSE(store.find(name(1)));
  CHECK(store.find(name(11)));
  // An entry larger than the limit is not kept.
  store.keep(key_of("large"), std::vector<std::byte>(20000));
  CHECK_FALSE(store.find(key_of("large")));
}

TEST_CASE("store: a folder that cannot be written is no error", "[unit][io]") {
  const Quiet quiet;
  const Scratch scratch;
  write_plain(scratch / "file", "no folder");
  Store store(scratch / "file");
  CHECK_FALSE(store.find(key_of("a")));
  CHECK_NOTHROW(store.keep(key_of("a"), bytes_of("value")));
  CHECK(store.n_kept() == 0);
}
