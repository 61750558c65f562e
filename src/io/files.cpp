// SPDX-License-Identifier: MIT
#include "undulith/io/files.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "undulith/core/error.hpp"
#include "undulith/io/finite.hpp"

namespace undulith::io {

namespace fs = std::filesystem;

namespace {

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }
  [[nodiscard]] int get() const { return number_; }
  /// 0, or -1 with errno: some file systems report a full disk only at close().
  int close() { return number_ < 0 ? 0 : ::close(std::exchange(number_, -1)); }

 private:
  int number_;
};

[[nodiscard]] std::string reason(int error) {
  return std::generic_category().message(error);
}

[[noreturn]] void throw_unreadable(const fs::path& path, int error) {
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
  throw InputError(fmt::format("cannot read {} ({}); check the file", name, reason(error)));
}

[[noreturn]] void throw_unwritable(const fs::path& path, int error) {
  const char* what_to_do = "choose another folder";
  if (error == ENOENT) what_to_do = "create its folder first";
  if (error == EACCES || error == EPERM || error == EROFS)
    what_to_do = "choose a folder with write permission";
  if (error == ENOSPC || error == EDQUOT) what_to_do = "free some disk space";
  throw IoError(fmt::format("cannot write {} ({}); {}", path.string(), reason(error), what_to_do));
}

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

/// A name that no other thread or process uses: different for each process and each call.
[[nodiscard]] std::string unique_suffix() {
  static std::atomic<unsigned> counter{0};
  return fmt::format("{}-{}", ::getpid(), counter++);
}

void write_all(int file, std::span<const std::byte> bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(file, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw_unwritable(path, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
}

/// Removes a file at the end of the scope, unless released.
class RemoveOnExit {
 public:
  explicit RemoveOnExit(fs::path path) : path_(std::move(path)) {}
  RemoveOnExit(const RemoveOnExit&) = delete;
  RemoveOnExit& operator=(const RemoveOnExit&) = delete;
  ~RemoveOnExit() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  void release() { path_.clear(); }

 private:
  fs::path path_;
};

[[nodiscard]] bool same_device(const fs::path& a, const fs::path& b) {
  struct stat status_a {
  }, status_b{};
  return ::stat(a.c_str(), &status_a) == 0 && ::stat(b.c_str(), &status_b) == 0 &&
         status_a.st_dev == status_b.st_dev;
}

/// The absolute path, with links resolved and without a slash at the end.
[[nodiscard]] fs::path real_path(const fs::path& path) {
  std::error_code error;
  fs::path real = fs::weakly_canonical(fs::absolute(path, error), error);
  if (error)
    throw IoError(fmt::format("cannot use {} ({}); choose another folder", path.string(), error.message()));
  if (!real.has_filename()) real = real.parent_path();
  return real;
}

/// Whether the folder is empty, not counting `except`.
[[nodiscard]] bool holds_nothing(const fs::path& folder, const fs::path& except, std::error_code& error) {
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().filename() != except.filename()) return false;
  }
  return true;
}

}  // namespace

std::vector<std::byte> read_bytes(const fs::path& path, std::size_t max_bytes) {
  return read_whole<std::vector<std::byte>>(path, max_bytes);
}

std::string read_text(const fs::path& path, std::size_t max_bytes) {
  return read_whole<std::string>(path, max_bytes);
}

void write_atomic(const fs::path& path, std::span<const std::byte> bytes) {
  // Renaming over a device or a folder would replace it or fail half-way. A link is followed, as plain
  // writing does.
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

  const fs::path temporary = target.parent_path() / ("." + unique_suffix() + ".undulith-tmp");
  Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (file.get() < 0) throw_unwritable(path, errno);
  RemoveOnExit cleanup(temporary);
  write_all(file.get(), bytes, path);
  if (file.close() != 0) throw_unwritable(path, errno);
  if (::rename(temporary.c_str(), target.c_str()) != 0) throw_unwritable(path, errno);
  cleanup.release();
}

void write_atomic(const fs::path& path, std::string_view text) {
  if (path.extension() == ".csv") require_finite_fields(text, path.filename().string());
  write_atomic(path, std::as_bytes(std::span(text.data(), text.size())));
}

OutputFolder::OutputFolder(fs::path target, IfExists policy) : target_(std::move(target)), policy_(policy) {
  if (target_.empty()) throw InputError("the results folder has no name (the path is empty); give a path");
  real_target_ = real_path(target_);
  const fs::path parent = real_target_.parent_path();
  if (!real_target_.has_filename() || real_target_ == parent) {
    throw InputError(
        fmt::format("cannot write results to {} (it is the root folder); give the name of a folder in it",
                    target_.string()));
  }
  std::error_code error;
  const fs::file_status status = fs::status(real_target_, error);
  if (fs::exists(status) && !fs::is_directory(status)) {
    throw InputError(fmt::format(
        "cannot write results to {} (a file of that name exists); choose another name", target_.string()));
  }
  const bool exists = fs::is_directory(status);
  if (exists && policy_ == IfExists::refuse && !holds_nothing(real_target_, {}, error) && !error) {
    throw InputError(
        fmt::format("cannot write results to {} (the folder has files in it); choose another folder with "
                    "--out, or add --force to replace its files",
                    target_.string()));
  }
  if (error && exists) throw_unwritable(target_, error.value());

  // Remember the parents that are created here, so that a failed run can remove them again.
  for (fs::path missing = parent; !missing.empty() && !fs::exists(missing, error);
       missing = missing.parent_path()) {
    made_parents_.push_back(missing);
  }
  fs::create_directories(parent, error);
  if (error) {
    remove_made_parents();
    throw_unwritable(target_, error.value());
  }
  // Files can be renamed only within one file system: if the target is a mount point, the hidden folder goes
  // inside.
  const bool inside = exists && !same_device(real_target_, parent);
  const fs::path hidden = "." + real_target_.filename().string() + "." + unique_suffix() + ".undulith-tmp";
  staging_ = (inside ? real_target_ : parent) / hidden;
  if (::mkdir(staging_.c_str(), 0777) != 0) {
    const int code = errno;
    remove_made_parents();
    throw_unwritable(target_, code);
  }
}

OutputFolder::~OutputFolder() {
  if (committed_) return;
  std::error_code ignored;
  fs::remove_all(staging_, ignored);
  remove_made_parents();
}

void OutputFolder::remove_made_parents() {
  // Deepest first. A folder that has got another file in the meantime stays.
  for (const fs::path& folder : made_parents_) ::rmdir(folder.c_str());
}

fs::path OutputFolder::file(const std::string& name) const {
  const fs::path relative(name);
  const bool leaves =
      std::any_of(relative.begin(), relative.end(), [](const fs::path& part) { return part == ".."; });
  if (relative.empty() || !relative.has_filename() || relative.is_absolute() || leaves) {
    throw std::invalid_argument("OutputFolder: not the name of a file in the folder: " + name);
  }
  if (committed_) throw std::invalid_argument("OutputFolder: already committed, cannot add " + name);
  const fs::path path = staging_ / relative;
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) throw_unwritable(path.parent_path(), error.value());
  return path;
}

void OutputFolder::commit() {
  if (committed_) throw std::invalid_argument("OutputFolder: committed twice");
  std::error_code error;
  const bool inside = staging_.parent_path() == real_target_;
  const bool exists = fs::exists(real_target_, error);
  const bool empty = exists && holds_nothing(real_target_, inside ? staging_.filename() : fs::path(), error);
  if (error) throw_unwritable(target_, error.value());

  if (exists && !empty && policy_ == IfExists::refuse) {
    committed_ = true;  // keep the results: they may have taken hours
    throw IoError(fmt::format(
        "cannot move the results to {} (files have appeared in it since the start); they are kept in {}: "
        "move them by hand",
        target_.string(), staging_.string()));
  }
  // The working folder of a shell is filled, not replaced: otherwise the shell would be in a removed folder.
  const bool stands_in_it = exists && fs::equivalent(real_target_, fs::current_path(error), error);
  if (!inside && !stands_in_it && (!exists || empty)) {
    if (::rename(staging_.c_str(), real_target_.c_str()) == 0) {
      committed_ = true;
      return;
    }
    if (!exists) throw_unwritable(target_, errno);
  }
  move_files();
  committed_ = true;
}

void OutputFolder::move_files() {
  std::error_code error;
  std::vector<fs::path> files;
  for (fs::recursive_directory_iterator it(staging_, error), end; !error && it != end; it.increment(error)) {
    if (!it->is_directory()) files.push_back(it->path());
  }
  if (error) throw_unwritable(target_, error.value());
  std::sort(files.begin(), files.end());
  for (const fs::path& from : files) {
    const fs::path to = real_target_ / from.lexically_relative(staging_);
    fs::create_directories(to.parent_path(), error);
    if (error) throw_unwritable(to.parent_path(), error.value());
    if (::rename(from.c_str(), to.c_str()) != 0) throw_unwritable(to, errno);
  }
  fs::remove_all(staging_, error);
}

}  // namespace undulith::io
