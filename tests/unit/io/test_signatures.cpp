// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "scratch.hpp"
#include "undulith/core/error.hpp"
#include "undulith/io/ed25519.hpp"
#include "undulith/io/files.hpp"
#include "undulith/io/hex.hpp"
#include "undulith/io/sha256.hpp"

using namespace undulith;

namespace {

template <std::size_t N>
std::array<std::byte, N> hex(const char* text) {
  return io::bytes_of_hex<N>(text).value();
}

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

}  // namespace

TEST_CASE("io: hexadecimal text and back", "[unit][io]") {
  const std::array bytes{std::byte{0}, std::byte{0x9f}, std::byte{255}};
  CHECK(io::hex_text(bytes) == "009fff");
  CHECK(io::bytes_of_hex<3>("009FfF") == bytes);
  for (const char* wrong : {"", "009ff", "009fff0", "009fg0", "+1 2-3", "0x9fff", "00 9ff"})
    CHECK_FALSE(io::bytes_of_hex<3>(wrong));
}

TEST_CASE("io: the hash of a file is that of its bytes", "[unit][io]") {
  const test::Scratch scratch;
  std::string text(3'000'001, 'x');
  text[2'000'000] = '\n';
  io::write_atomic((scratch / "a"), std::string_view(text));
  const io::HashedFile file = io::hash_file((scratch / "a"));
  CHECK(file.n_bytes == text.size());
  CHECK(file.sha256 == io::sha256(bytes_of(text)));
  CHECK(io::Sha256::from_hex(file.sha256.hex()) == file.sha256);
  CHECK_THROWS_AS(io::hash_file((scratch / "none")), InputError);
  CHECK_THROWS_AS(io::hash_file(scratch.folder()), InputError);
}

TEST_CASE("io: a signature of RFC 8032 verifies, a changed message, key or signature does not",
          "[validation][io]") {
  // Section 7.1, TEST 2: a message of one byte.
  const io::PublicKey key{hex<32>("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")};
  const io::Signature signature{
      hex<64>("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
              "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")};
  CHECK(io::verifies(key, bytes_of("\x72"), signature));
  CHECK_FALSE(io::verifies(key, bytes_of("\x73"), signature));
  CHECK_FALSE(io::verifies(key, bytes_of(""), signature));
  io::PublicKey other = key;
  other.bytes[3] ^= std::byte{1};
  CHECK_FALSE(io::verifies(other, bytes_of("\x72"), signature));
  io::Signature changed = signature;
  changed.bytes[40] ^= std::byte{1};
  CHECK_FALSE(io::verifies(key, bytes_of("\x72"), changed));
}

TEST_CASE("io: a key goes through its files", "[unit][io]") {
  namespace fs = std::filesystem;
  const test::Scratch scratch;
  const io::SigningKey key = io::SigningKey::generate();
  CHECK(key.public_key() != io::SigningKey::generate().public_key());
  key.write((scratch / "a.key"));
  io::write_public_key((scratch / "a.pub"), key.public_key());
  CHECK(fs::status((scratch / "a.key")).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  CHECK_THROWS_AS(key.write((scratch / "a.key")), InputError);
  CHECK_THROWS_AS(key.write((scratch / "none/a.key")), IoError);

  const io::SigningKey read = io::SigningKey::read((scratch / "a.key"));
  CHECK(io::read_public_key((scratch / "a.pub")) == key.public_key());
  CHECK(read.sign(bytes_of("text")) == key.sign(bytes_of("text")));
  CHECK(io::verifies(key.public_key(), bytes_of("text"), read.sign(bytes_of("text"))));

  CHECK_THROWS_AS(io::SigningKey::read((scratch / "a.pub")), InputError);
  CHECK_THROWS_AS(io::read_public_key((scratch / "a.key")), InputError);
  io::write_atomic((scratch / "b"), std::string_view("no key\n"));
  CHECK_THROWS_AS(io::SigningKey::read((scratch / "b")), InputError);
  CHECK_THROWS_AS(io::read_public_key((scratch / "none")), InputError);
}
