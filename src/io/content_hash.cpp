// SPDX-License-Identifier: MIT
#include "undulith/io/content_hash.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <ctime>
#include <optional>
#include <string_view>
#include <utility>

#include "undulith/io/bytes.hpp"

namespace undulith::io {
namespace {

std::shared_ptr<Store>& hash_store() {
  static std::shared_ptr<Store> store;
  return store;
}

bool is_older(const timespec& time, std::int64_t now_s) {
  constexpr std::int64_t kSettled_s = 2;
  return time.tv_sec + kSettled_s < now_s;
}

// The name under which the hash of a file is remembered.
struct Remembered {
  Sha256 name;
  std::uint64_t n_bytes = 0;
  friend bool operator==(const Remembered&, const Remembered&) = default;
};

// Nothing for a file that is small, no plain file, or fresh.
std::optional<Remembered> remembered(const std::filesystem::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  const std::int64_t now_s = std::time(nullptr);
  if (static_cast<std::uint64_t>(status.st_size) <= kRememberedBytes || !is_older(status.st_mtim, now_s) ||
      !is_older(status.st_ctim, now_s))
    return std::nullopt;
  ByteWriter name;
  name.add(std::string_view("content of a file"));
  name.add(static_cast<std::uint64_t>(status.st_dev));
  name.add(static_cast<std::uint64_t>(status.st_ino));
  name.add(static_cast<std::int64_t>(status.st_size));
  for (const timespec& time : {status.st_mtim, status.st_ctim}) {
    name.add(static_cast<std::int64_t>(time.tv_sec));
    name.add(static_cast<std::int64_t>(time.tv_nsec));
  }
  name.add(std::string_view(std::filesystem::absolute(path).native()));
  return Remembered{sha256(name.bytes()), static_cast<std::uint64_t>(status.st_size)};
}

}  // namespace

void remember_hashes(std::shared_ptr<Store> store) {
  hash_store() = std::move(store);
}

HashedFile content_hash(const std::filesystem::path& path) {
  Store* store = hash_store().get();
  const std::optional<Remembered> known = store != nullptr ? remembered(path) : std::nullopt;
  if (!known) return hash_file(path);
  HashedFile hashed{.n_bytes = known->n_bytes};
  if (const auto entry = store->find(known->name); entry && entry->size() == sizeof hashed.sha256.bytes) {
    std::ranges::copy(*entry, hashed.sha256.bytes.begin());
    return hashed;
  }
  hashed = hash_file(path);
  // As it was before it was read, and still is.
  if (remembered(path) == known) store->keep(known->name, hashed.sha256.bytes);
  return hashed;
}

}  // namespace undulith::io
