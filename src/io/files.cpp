// SPDX-License-Identifier: MIT
#include "undulith/io/files.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "io/posix.hpp"
#include "undulith/core/error.hpp"
#include "undulith/io/atomic_file.hpp"
#include "undulith/io/finite.hpp"

namespace undulith::io {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void throw_too_big(const fs::path& path, std::size_t max_bytes) {
  throw InputError(
      fmt::format("cannot read {} (it is larger than the limit of {} bytes); check that it is the file you "
                  "meant, or cut it into smaller files",
                  path.string(), max_bytes));
}

/// Reads to the end of the file; grow(n) makes room for n more bytes.
template <class Container>
[[nodiscard]] Container read_whole(const fs::path& path, std::size_t max_bytes) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) throw_unreadable(path, errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw_unreadable(path, errno);
  if (S_ISDIR(status.st_mode)) throw_unreadable(path, EISDIR);
  const auto announced = S_ISREG(status.st_mode) ? static_cast<std::size_t>(status.st_size) : 0;
  if (announced > max_bytes) throw_too_big(path, max_bytes);

  // One byte more than the reported size, so that the end is seen without growing; pipes report no size.
  Container content;
  content.resize(announced + 1);
  std::size_t filled = 0;
  for (;;) {
    if (filled == content.size()) {
      if (filled > max_bytes) throw_too_big(path, max_bytes);
      content.resize(std::max<std::size_t>(2 * filled, 65536));
    }
    const ssize_t n = ::read(file.get(), content.data() + filled, content.size() - filled);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw_unreadable(path, errno);
    if (n == 0) break;
    filled += static_cast<std::size_t>(n);
  }
  if (filled > max_bytes) throw_too_big(path, max_bytes);
  content.resize(filled);
  return content;
}

}  // namespace

void throw_unreadable(const fs::path& path, int error) {
  const std::string name = path.string();
  if (error == ENOENT) {
    throw InputError(fmt::format("cannot read {} (no such file); check the name and the folder", name));
  }
  if (error == EISDIR) {
    throw InputError(fmt::format("cannot read {} (it is a folder); give the name of a file in it", name));
  }
  if (error == EACCES || error == EPERM) {
    throw InputError(fmt::format("cannot read {} (permission denied); change its permissions", name));
  }
  throw InputError(
      fmt::format("cannot read {} ({}); check the file", name, std::generic_category().message(error)));
}

void throw_unwritable(const fs::path& path, int error) {
  const char* what_to_do = "choose another folder";
  if (error == ENOENT) what_to_do = "create its folder first";
  if (error == EACCES || error == EPERM || error == EROFS)
    what_to_do = "choose a folder with write permission";
  if (error == ENOSPC || error == EDQUOT) what_to_do = "free some disk space";
  if (error == EFBIG) what_to_do = "raise the limit on the size of files (ulimit -f)";
  throw IoError(fmt::format("cannot write {} ({}); {}", path.string(), std::generic_category().message(error),
                            what_to_do));
}

std::vector<std::byte> read_bytes(const fs::path& path, std::size_t max_bytes) {
  return read_whole<std::vector<std::byte>>(path, max_bytes);
}

std::string read_text(const fs::path& path, std::size_t max_bytes) {
  return read_whole<std::string>(path, max_bytes);
}

void write_atomic(const fs::path& path, std::span<const std::byte> bytes) {
  write_atomic(path, std::span(&bytes, 1));
}

void write_atomic(const fs::path& path, std::span<const std::span<const std::byte>> parts) {
  AtomicFile file(path);
  for (const std::span<const std::byte> bytes : parts) file.append(bytes);
  file.commit();
}

void write_atomic(const fs::path& path, std::string_view text) {
  if (path.extension() == ".csv") require_finite_fields(text, path.filename().string());
  write_atomic(path, std::as_bytes(std::span(text.data(), text.size())));
}

void write_secret(const fs::path& path, std::string_view text) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.get() < 0 && errno == EEXIST)
    throw InputError(
        fmt::format("{} exists (a secret is never replaced); choose another name", path.string()));
  if (file.get() < 0) throw_unwritable(path, errno);
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t n = ::write(file.get(), text.data() + written, text.size() - written);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const int error = errno;
      ::unlink(path.c_str());
      throw_unwritable(path, error);
    }
    written += static_cast<std::size_t>(n);
  }
}

}  // namespace undulith::io
