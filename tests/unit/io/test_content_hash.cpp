// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <chrono>
#include <fstream>
#include <thread>

#include "scratch.hpp"
#include "undulith/core/error.hpp"
#include "undulith/io/content_hash.hpp"

using namespace undulith;
using namespace undulith::test;

namespace fs = std::filesystem;

namespace {

// While it lives, hashes are remembered.
struct Remembering {
  explicit Remembering(const fs::path& folder) : store(std::make_shared<io::Store>(folder)) {
    io::remember_hashes(store);
  }
  ~Remembering() { io::remember_hashes(nullptr); }
  std::shared_ptr<io::Store> store;
};

void wait_until_settled() {
  std::this_thread::sleep_for(std::chrono::milliseconds(3100));
}

}  // namespace

TEST_CASE("content hash: a large file is hashed once per content", "[unit][io]") {
  const Scratch scratch;
  const fs::path file = scratch / "large";
  write_plain(file, std::string(io::kRememberedBytes + 1, 'a'));
  const io::Sha256 of_a = io::hash_file(file).sha256;
  const Remembering hashes(scratch / "cache");
  // Just written: another change might have the same time.
  CHECK(io::content_hash(file).sha256 == of_a);
  CHECK(hashes.store->n_kept() == 0);
  wait_until_settled();
  for (int i = 0; i < 3; ++i) {
    const io::HashedFile hashed = io::content_hash(file);
    CHECK(hashed.sha256 == of_a);
    CHECK(hashed.n_bytes == io::kRememberedBytes + 1);
    CHECK(hashes.store->n_kept() == 1);
    CHECK(hashes.store->n_found() == i);
  }
  // Another content with the old time of change is noticed by that of its inode.
  const fs::file_time_type time = fs::last_write_time(file);
  std::fstream(file, std::ios::in | std::ios::out | std::ios::binary).put('b');
  fs::last_write_time(file, time);
  const io::Sha256 of_b = io::hash_file(file).sha256;
  CHECK(of_b != of_a);
  CHECK(io::content_hash(file).sha256 == of_b);
  wait_until_settled();
  CHECK(io::content_hash(file).sha256 == of_b);
  CHECK(hashes.store->n_kept() == 2);
  // Another file in its place.
  fs::remove(file);
  write_plain(file, std::string(io::kRememberedBytes + 1, 'c'));
  CHECK(io::content_hash(file).sha256 == io::hash_file(file).sha256);
}

TEST_CASE("content hash: small files are hashed each time, missing ones refused", "[unit][io]") {
  const Scratch scratch;
  const Remembering hashes(scratch / "cache");
  write_plain(scratch / "small", "abc");
  CHECK(io::content_hash(scratch / "small").sha256.hex() ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hashes.store->n_kept() == 0);
  CHECK_THROWS_AS(io::content_hash(scratch / "none"), InputError);
  CHECK_THROWS_AS(io::content_hash(scratch.folder()), InputError);
}
