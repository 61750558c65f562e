// SPDX-License-Identifier: MIT
#include "undulith/io/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <system_error>

#include "undulith/core/error.hpp"
#include "undulith/core/log.hpp"
#include "undulith/io/files.hpp"

namespace undulith::io {

namespace fs = std::filesystem;

namespace {

// An entry: this line, the hash of its name and its content, the content.
constexpr std::string_view kEntryFirstLine = "undulith store 1\n";
constexpr std::size_t kEntryHead = kEntryFirstLine.size() + sizeof(Sha256::bytes);

// Of the name too: an entry that was copied over another one is no entry of that name.
Sha256 check_of(const Sha256& key, std::span<const std::byte> value) {
  const Sha256 content = sha256(value);
  std::array<std::byte, 2 * sizeof(Sha256::bytes)> both{};
  std::ranges::copy(key.bytes, both.begin());
  std::ranges::copy(content.bytes, both.begin() + key.bytes.size());
  return sha256(both);
}

bool is_whole_entry(const Sha256& key, std::span<const std::byte> entry) {
  if (entry.size() < kEntryHead ||
      std::memcmp(entry.data(), kEntryFirstLine.data(), kEntryFirstLine.size()) != 0)
    return false;
  const Sha256 check = check_of(key, entry.subspan(kEntryHead));
  return std::ranges::equal(check.bytes, entry.subspan(kEntryFirstLine.size(), check.bytes.size()));
}

struct Entry {
  fs::path path;
  fs::file_time_type used;
  std::uint64_t size;
};

// Entries, and what killed processes left of them. Others may remove files meanwhile.
std::vector<Entry> entries_of(const fs::path& folder) {
  std::vector<Entry> entries;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::error_code gone;
    const Entry entry{at->path(), at->last_write_time(gone), at->file_size(gone)};
    if (!gone && at->is_regular_file(gone) && !gone) entries.push_back(entry);
  }
  return entries;
}

}  // namespace

Store::Store(fs::path folder, std::uint64_t most_bytes)
    : folder_(std::move(folder)), most_bytes_(most_bytes) {}

fs::path Store::file_of(const Sha256& key) const {
  const std::string name = key.hex();
  return folder_ / name.substr(0, 2) / name.substr(2);
}

std::optional<std::vector<std::byte>> Store::find(const Sha256& key) {
  const std::scoped_lock lock(mutex_);
  const fs::path path = file_of(key);
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return std::nullopt;
  std::vector<std::byte> entry;
  try {
    entry = read_bytes(path);
  } catch (const InputError&) {
    return std::nullopt;  // gone by now, or not ours to read
  }
  if (!is_whole_entry(key, entry)) {
    remove_damaged(key);
    return std::nullopt;
  }
  fs::last_write_time(path, fs::file_time_type::clock::now(), error);
  entry.erase(entry.begin(), entry.begin() + kEntryHead);
  ++n_found_;
  return entry;
}

void Store::keep(const Sha256& key, std::span<const std::byte> value) {
  if (value.size() + kEntryHead > most_bytes_) return;
  const std::scoped_lock lock(mutex_);
  const Sha256 hash = check_of(key, value);
  const fs::path path = file_of(key);
  try {
    fs::create_directories(path.parent_path());
    const std::array parts{std::as_bytes(std::span(kEntryFirstLine)), std::span<const std::byte>(hash.bytes),
                           value};
    write_atomic(path, parts);
  } catch (const std::exception& problem) {
    if (!refused_)
      log::warning(fmt::format("results are not kept in {} ({}); they are computed each time",
                               folder_.string(), problem.what()));
    refused_ = true;
    return;
  }
  ++n_kept_;
  written_ += kEntryHead + value.size();
  constexpr std::uint64_t kShareOfLimit = 16;
  if (!trimmed_ || written_ > most_bytes_ / kShareOfLimit) trim();
}

void Store::discard(const Sha256& key) {
  const std::scoped_lock lock(mutex_);
  remove_damaged(key);
}

void Store::remove_damaged(const Sha256& key) {
  const fs::path path = file_of(key);
  log::warning(fmt::format("{} was damaged and is removed (it is computed again)", path.string()));
  std::error_code error;
  fs::remove(path, error);
}

void Store::trim() {
  trimmed_ = true;
  written_ = 0;
  std::vector<Entry> entries = entries_of(folder_);
  std::uint64_t total = 0;
  for (const Entry& entry : entries) total += entry.size;
  if (total <= most_bytes_) return;
  std::ranges::sort(entries, {}, &Entry::used);
  for (const Entry& entry : entries) {
    if (total <= most_bytes_ / 10 * 9) break;
    std::error_code error;
    fs::remove(entry.path, error);
    total -= entry.size;
  }
}

}  // namespace undulith::io
