// SPDX-License-Identifier: MIT
#include "undulith/io/store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>

#include "io/posix.hpp"
#include "io/unfinished.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/log.hpp"
#include "undulith/io/files.hpp"

namespace undulith::io {

namespace fs = std::filesystem;

namespace {

// An entry: this line, the hash of its name and its content, the content.
constexpr std::string_view kEntryFirstLine = "undulith store 1\n";
constexpr std::size_t kEntryHead = kEntryFirstLine.size() + sizeof(Sha256::bytes);
constexpr std::size_t kFolderDigits = 2, kNameDigits = 62;  // of the hash

// One byte for each part of this size that was written since the store was last trimmed.
constexpr const char* kGrowthFile = "growth";
constexpr std::uint64_t kGrowthPart = 65536;

// Of the name too: an entry that was copied over another one is no entry of that name.
Sha256 check_of(const Sha256& key, std::span<const std::byte> value) {
  const Sha256 content = sha256(value);
  std::array<std::byte, 2 * sizeof(Sha256::bytes)> both{};
  std::ranges::copy(key.bytes, both.begin());
  std::ranges::copy(content.bytes, both.begin() + key.bytes.size());
  return sha256(both);
}

// The content of an entry; nothing where the entry is damaged.
// @throws InputError  it cannot be read
std::optional<LargeVector<std::byte>> read_entry(const Sha256& key, const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) throw InputError("cannot read the entry");
  std::array<std::byte, kEntryHead> head{};
  const auto fill = [&file](std::span<std::byte> part) {
    while (!part.empty()) {
      const ssize_t n = ::read(file.get(), part.data(), part.size());
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      part = part.subspan(static_cast<std::size_t>(n));
    }
    return true;
  };
  if (status.st_size < static_cast<off_t>(kEntryHead) || !fill(head) ||
      std::memcmp(head.data(), kEntryFirstLine.data(), kEntryFirstLine.size()) != 0)
    return std::nullopt;
  LargeVector<std::byte> content(static_cast<std::size_t>(status.st_size) - kEntryHead);
  if (!fill(content)) return std::nullopt;
  const Sha256 check = check_of(key, content);
  if (!std::ranges::equal(check.bytes, std::span(head).subspan(kEntryFirstLine.size()))) return std::nullopt;
  return content;
}

bool has_hex_name(const fs::path& path, std::size_t n_digits) {
  const std::string name = path.filename().string();
  return name.size() == n_digits && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

struct Entry {
  fs::path path;
  fs::file_time_type used;
  std::uint64_t size;  ///< on the disk
};

// Others may remove files meanwhile. Files of other names are not the store's.
std::vector<Entry> entries_of(const fs::path& folder) {
  constexpr std::uint64_t kBlock = 4096;
  std::vector<Entry> entries;
  std::error_code error;
  for (fs::directory_iterator part(folder, error), end; !error && part != end; part.increment(error)) {
    std::error_code inner;
    if (!has_hex_name(part->path(), kFolderDigits) || part->is_symlink(inner)) continue;
    for (fs::directory_iterator at(part->path(), inner); !inner && at != end; at.increment(inner)) {
      std::error_code gone;
      if (!has_hex_name(at->path(), kNameDigits) || at->is_symlink(gone) || !at->is_regular_file(gone))
        continue;
      const auto used = at->last_write_time(gone);
      const std::uint64_t size = gone ? 0 : at->file_size(gone);
      if (!gone) entries.push_back({at->path(), used, (size + kBlock - 1) / kBlock * kBlock});
    }
  }
  return entries;
}

// What killed processes left beside the entries.
void remove_leftovers_of(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator part(folder, error), end; !error && part != end; part.increment(error))
    if (std::error_code ignored; has_hex_name(part->path(), kFolderDigits) && part->is_directory(ignored))
      remove_leftovers(part->path(), {});
}

// A link or an empty folder in the place of an entry is removed; false where something stays there.
bool make_place(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::symlink_status(path, error);
  return !fs::exists(status) || fs::is_regular_file(status) || fs::remove(path, error);
}

}  // namespace

Store::Store(fs::path folder, std::uint64_t most_bytes, Folder kind)
    : folder_(std::move(folder)), most_bytes_(most_bytes), kind_(kind) {}

fs::path Store::file_of(const Sha256& key) const {
  const std::string name = key.hex();
  return folder_ / name.substr(0, kFolderDigits) / name.substr(kFolderDigits);
}

std::optional<LargeVector<std::byte>> Store::find(const Sha256& key) {
  const fs::path path = file_of(key);
  std::error_code error;
  if (!fs::is_regular_file(fs::symlink_status(path, error))) return std::nullopt;
  std::optional<LargeVector<std::byte>> content;
  try {
    content = read_entry(key, path);
  } catch (const InputError&) {
    return std::nullopt;  // gone by now, or not ours to read: keep() replaces it
  }
  if (!content) {
    discard(key);
    return std::nullopt;
  }
  fs::last_write_time(path, fs::file_time_type::clock::now(), error);
  ++n_found_;
  return content;
}

std::error_code Store::make_folder() const {
  std::error_code error;
  if (fs::is_directory(folder_, error)) return {};
  fs::create_directories(folder_, error);
  if (!error) fs::permissions(folder_, fs::perms::owner_all);
  return error;
}

void Store::keep(const Sha256& key, std::span<const std::byte> value) {
  if (value.size() + kEntryHead > most_bytes_ / kLargestShare) return;
  const Sha256 hash = check_of(key, value);
  const fs::path path = file_of(key);
  try {
    std::error_code error = make_folder();
    if (error && kind_ == Folder::usual)
      return log::info(
          fmt::format("results are not kept: {} cannot be made ({})", folder_.string(), error.message()));
    if (error) return refuse(error.message());
    fs::create_directory(path.parent_path(), error);
    if (error) return refuse(fmt::format("cannot make {}: {}", path.parent_path().string(), error.message()));
    if (!make_place(path))
      return refuse(fmt::format("{} is in the place of a kept result: remove it", path.string()));
    const std::array parts{std::as_bytes(std::span(kEntryFirstLine)), std::span<const std::byte>(hash.bytes),
                           value};
    write_atomic(path, parts);
  } catch (const std::exception& problem) {
    refuse(problem.what());
    return;
  }
  ++n_kept_;
  note_growth(kEntryHead + value.size());
}

void Store::refuse(const std::string& why) {
  if (refused_.exchange(true)) return;
  log::warning(
      fmt::format("results are not kept in {} ({}), they are computed each time; correct the cause, or name "
                  "another folder with --cache, or switch it off with --no-cache",
                  folder_.string(), why));
}

void Store::discard(const Sha256& key) {
  const fs::path path = file_of(key);
  std::error_code error;
  const bool removed = fs::remove(path, error);
  if (error)
    refuse(fmt::format("{} is damaged and cannot be removed: {}", path.string(), error.message()));
  else if (removed)
    log::warning(fmt::format("{} was damaged and is removed (it is computed again)", path.string()));
}

// All processes count together: looking through the folder takes a second for a hundred thousand entries.
void Store::note_growth(std::uint64_t size) {
  constexpr std::uint64_t kShareOfLimit = 16;
  const Descriptor file(
      ::open((folder_ / kGrowthFile).c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
  struct stat status {};
  const std::string parts(1 + size / kGrowthPart, '.');
  if (file.get() < 0 || ::write(file.get(), parts.data(), parts.size()) < 0 ||
      ::fstat(file.get(), &status) != 0)
    return;
  if (static_cast<std::uint64_t>(status.st_size) <= most_bytes_ / kShareOfLimit / kGrowthPart) return;
  if (::ftruncate(file.get(), 0) == 0) trim();
}

void Store::trim() const {
  remove_leftovers_of(folder_);
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
