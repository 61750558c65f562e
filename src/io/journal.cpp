// SPDX-License-Identifier: MIT
#include "undulith/io/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>

#include "io/posix.hpp"
#include "undulith/core/error.hpp"

namespace undulith::io {

namespace fs = std::filesystem;

class Journal::File {
 public:
  explicit File(const fs::path& path)
      : descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_APPEND, 0666)) {
    if (descriptor.get() < 0) throw_unwritable(path, errno);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { ::fdatasync(descriptor.get()); }

  // At most once a second, so that cheap lines stay cheap.
  void sync_now_and_then(const fs::path& path) {
    constexpr std::chrono::seconds kInterval{1};
    const auto now = std::chrono::steady_clock::now();
    if (now - synced_ < kInterval) return;
    synced_ = now;
    if (::fdatasync(descriptor.get()) != 0 && errno != EINVAL && errno != ENOTSUP)
      throw_unwritable(path, errno);
  }

  Descriptor descriptor;

 private:
  std::chrono::steady_clock::time_point synced_ = std::chrono::steady_clock::now();
};

std::uint64_t read_journal(const fs::path& path, std::string_view first_line,
                           const std::function<void(std::string_view line, std::uint64_t offset)>& take) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0)
    throw InputError(fmt::format("cannot read {} ({}); check the folder and its permissions", path.string(),
                                 std::generic_category().message(errno)));
  constexpr std::size_t kBlock = 1 << 18;
  std::string text;  // what was read and is no whole line yet
  std::string block(kBlock, '\0');
  std::uint64_t offset = 0;
  for (;;) {
    const ssize_t n = ::read(file.get(), block.data(), block.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0)
      throw InputError(fmt::format("cannot read {} ({}); check its disk", path.string(),
                                   std::generic_category().message(errno)));
    if (n == 0) return offset;
    text.append(block, 0, static_cast<std::size_t>(n));
    std::size_t begin = 0;
    for (std::size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
      const std::string_view line = std::string_view(text).substr(begin, end - begin);
      if (offset + begin > 0)
        take(line, offset + begin);
      else if (line != first_line)
        throw InputError(
            fmt::format("{} is the journal of other work (its first line differs); choose another folder, or "
                        "remove it",
                        path.string()));
    }
    text.erase(0, begin);
    offset += begin;
  }
}

Journal::Journal(fs::path path, std::string_view first_line, Start start)
    : path_(std::move(path)), file_(std::make_unique<File>(path_)) {
  const int file = file_->descriptor.get();
  if (::flock(file, LOCK_EX | LOCK_NB) != 0)
    throw InputError(fmt::format(
        "{} is being written by another process; wait for it, or choose another folder", path_.string()));
  const std::uint64_t n_whole =
      start == Start::anew ? 0 : read_journal(path_, first_line, [](std::string_view, std::uint64_t) {});
  if (::ftruncate(file, static_cast<off_t>(n_whole)) != 0) throw_unwritable(path_, errno);
  if (n_whole == 0) append(first_line);
}

Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;
Journal::~Journal() = default;

void Journal::append(std::string_view line) {
  const std::string whole = std::string(line) + '\n';
  std::size_t written = 0;
  while (written < whole.size()) {
    const ssize_t n = ::write(file_->descriptor.get(), whole.data() + written, whole.size() - written);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw_unwritable(path_, errno);
    written += static_cast<std::size_t>(n);
  }
  file_->sync_now_and_then(path_);
}

}  // namespace undulith::io
