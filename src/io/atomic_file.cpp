// SPDX-License-Identifier: MIT
#include "undulith/io/atomic_file.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "io/posix.hpp"
#include "io/unfinished.hpp"
#include "undulith/core/error.hpp"

namespace undulith::io {

namespace fs = std::filesystem;

namespace {

// Renaming over a device or a folder would replace it or fail half-way. A link is followed, as plain writing does.
fs::path plain_target(const fs::path& path) {
  fs::path target = path;
  std::error_code error;
  if (fs::is_symlink(path, error)) {
    const fs::path followed = fs::weakly_canonical(path, error);
    if (!error) target = followed;
  }
  const fs::file_status status = fs::status(target, error);
  if (fs::is_directory(status)) throw_unwritable(path, EISDIR);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    throw IoError(
        fmt::format("cannot write {} (it is not a plain file); choose another name", path.string()));
  }
  if (!target.has_filename()) throw_unwritable(path, EISDIR);
  return target;
}

// What `write` does, with the errors of the system as those of the path.
template <class Write>
void with_errors_of(const fs::path& path, const Write& write) {
  try {
    write();
  } catch (const std::system_error& error) {
    throw_unwritable(path, error.code().value());
  }
}

}  // namespace

class AtomicFile::Aside {
 public:
  explicit Aside(const fs::path& path)
      : target(plain_target(path)), file(Unfinished::file(folder_of(target))) {}
  fs::path target;
  Unfinished file;
  std::string waiting;  ///< small parts are written together

 private:
  static fs::path folder_of(const fs::path& target) {
    const fs::path folder = target.parent_path();
    return folder.empty() ? "." : folder;
  }
};

AtomicFile::AtomicFile(fs::path path) : path_(std::move(path)) {
  with_errors_of(path_, [this] { aside_ = std::make_unique<Aside>(path_); });
}

AtomicFile::~AtomicFile() = default;

void AtomicFile::append(std::span<const std::byte> bytes) {
  const std::string text = std::exchange(aside_->waiting, {});
  for (std::span<const std::byte> part : {std::as_bytes(std::span(text)), bytes})
    while (!part.empty()) {
      const ssize_t n = ::write(aside_->file.descriptor().get(), part.data(), part.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) throw_unwritable(path_, errno);
      part = part.subspan(static_cast<std::size_t>(n));
    }
}

void AtomicFile::append(std::string_view text) {
  constexpr std::size_t kBlock = 1 << 16;
  aside_->waiting += text;
  if (aside_->waiting.size() >= kBlock) append(std::span<const std::byte>{});
}

void AtomicFile::commit() {
  append(std::span<const std::byte>{});  // what waits
  with_errors_of(path_, [this] {
    // Closing a copy flushes the file and keeps the lock.
    if (Descriptor copy(::dup(aside_->file.descriptor().get())); copy.close() != 0)
      throw_unwritable(path_, errno);
    aside_->file.finish([this] {
      if (::rename(aside_->file.path().c_str(), aside_->target.c_str()) != 0) throw_unwritable(path_, errno);
    });
  });
}

}  // namespace undulith::io
