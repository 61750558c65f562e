// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <chrono>
#include <stdexcept>

#include "scratch.hpp"
#include "undulith/core/log.hpp"
#include "undulith/core/parallel.hpp"
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

LargeVector<std::byte> bytes_of(const std::string& text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

Sha256 key_of(const std::string& text) {
  return io::sha256(bytes_of(text));
}

// Where the entry of a key lies.
fs::path entry_of(const fs::path& folder, const Sha256& key) {
  return folder / key.hex().substr(0, 2) / key.hex().substr(2);
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
  CHECK(other.find(key_of("empty")) == LargeVector<std::byte>{});
  CHECK_FALSE(other.find(key_of("b")));
  CHECK(other.n_found() == 2);
  CHECK(store.n_kept() == 2);
}

TEST_CASE("store: every damage of an entry is noticed, and the entry removed", "[unit][io]") {
  const Quiet quiet;
  const Scratch scratch;
  Store store(scratch.folder());
  store.keep(key_of("a"), bytes_of("value"));
  const fs::path file = entry_of(scratch.folder(), key_of("a"));
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
  io::write_atomic(entry_of(scratch.folder(), key_of("b")), whole);
  CHECK_FALSE(store.find(key_of("b")));
}

TEST_CASE("store: beyond its limit, what was not used for longest goes", "[unit][io]") {
  const Scratch scratch;
  const std::vector<std::byte> value(1000);  // a block of the disk
  constexpr int kMost = 10;
  Store store(scratch.folder(), kMost * 4096);
  const auto name = [](int i) { return key_of("entry " + std::to_string(i)); };
  for (int i = 0; i < 8; ++i) store.keep(name(i), value);
  // As if they had been written hours apart; then entry 0 is used.
  const fs::file_time_type now = fs::file_time_type::clock::now();
  for (int i = 0; i < 8; ++i)
    fs::last_write_time(entry_of(scratch.folder(), name(i)), now - std::chrono::hours(24 - i));
  REQUIRE(store.find(name(0)));
  // Files of others, older than all.
  const std::vector<fs::path> foreign{scratch / "notes", scratch / "ab" / "notes",
                                      scratch / "xy" / std::string(62, 'a')};
  for (const fs::path& file : foreign) {
    fs::create_directories(file.parent_path());
    write_plain(file, std::string(100000, '.'));
    fs::last_write_time(file, now - std::chrono::hours(1000));
  }
  for (int i = 8; i < 12; ++i) store.keep(name(i), value);
  int n_left = 0;
  for (int i = 0; i < 12; ++i) n_left += fs::exists(entry_of(scratch.folder(), name(i))) ? 1 : 0;
  CHECK(n_left <= kMost);
  CHECK(store.find(name(0)));
  CHECK_FALSE(store.find(name(1)));
  CHECK(store.find(name(11)));
  for (const fs::path& file : foreign) CHECK(fs::exists(file));
  // A quarter of the limit for one entry would drive out the others.
  store.keep(key_of("large"), std::vector<std::byte>(kMost * 1024));
  CHECK_FALSE(store.find(key_of("large")));
}

TEST_CASE("store: what is in the place of an entry", "[unit][io]") {
  const Quiet quiet;
  const Scratch scratch;
  Store store(scratch / "cache");
  store.keep(key_of("a"), bytes_of("value"));
  const fs::path file = entry_of(store.folder(), key_of("a"));
  // A link is not followed, nor an empty folder kept.
  fs::rename(file, scratch / "elsewhere");
  fs::create_symlink(scratch / "elsewhere", file);
  CHECK_FALSE(store.find(key_of("a")));
  store.keep(key_of("a"), bytes_of("value"));
  CHECK(store.find(key_of("a")));
  CHECK(fs::exists(scratch / "elsewhere"));
  fs::remove(file);
  fs::create_directory(file);
  CHECK_FALSE(store.find(key_of("a")));
  store.keep(key_of("a"), bytes_of("value"));
  CHECK(store.find(key_of("a")));
  fs::remove(file);
  fs::create_directory(file);
  write_plain(file / "mine", "of the user");
  store.keep(key_of("a"), bytes_of("value"));
  CHECK_FALSE(store.find(key_of("a")));
  CHECK(fs::exists(file / "mine"));
  // The others are kept.
  store.keep(key_of("b"), bytes_of("value"));
  CHECK(store.find(key_of("b")));
}

TEST_CASE("store: threads share one", "[property][io]") {
  const Scratch scratch;
  Store store(scratch.folder(), 40 * 4096);
  parallel_for(400, [&](int i) {
    const std::string text = "entry " + std::to_string(i % 50);
    if (const auto found = store.find(key_of(text))) {
      if (*found != bytes_of(text)) throw std::runtime_error("another entry");
    } else {
      store.keep(key_of(text), bytes_of(text));
    }
  });
  CHECK(store.n_found() + store.n_kept() == 400);
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
