// SPDX-License-Identifier: MIT
#include "io/unfinished.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <mutex>
#include <string_view>
#include <system_error>
#include <utility>

#include "undulith/core/log.hpp"
#include "undulith/io/files.hpp"

namespace undulith::io {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kEnding = ".undulith-tmp";

struct Registry {
  std::mutex mutex;
  std::vector<Unfinished*> entries;
};

// Never destroyed: the thread that waits for a signal may use it until the process ends.
Registry& registry() {
  static Registry& instance = *new Registry;
  return instance;
}

void forget(const Unfinished* entry) {
  std::erase(registry().entries, entry);
}

/// Takes the lock of a new file or folder. False if a sweep has just removed it.
[[nodiscard]] bool hold(const Descriptor& descriptor, const fs::path& path) {
  if (::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return false;
  struct stat open {
  }, named{};
  return ::fstat(descriptor.get(), &open) == 0 && ::stat(path.c_str(), &named) == 0 &&
         open.st_ino == named.st_ino && open.st_dev == named.st_dev;
}

[[noreturn]] void throw_errno(int error, const fs::path& path) {
  throw std::system_error(error, std::generic_category(), path.string());
}

/// Whether no process holds it. On a file system without locks the answer is always no.
[[nodiscard]] bool abandoned(const fs::path& path) {
  const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  return descriptor.get() >= 0 && ::flock(descriptor.get(), LOCK_EX | LOCK_NB) == 0;
}

}  // namespace

std::string unique_suffix() {
  static std::atomic<unsigned> counter{0};
  return fmt::format("{}-{}", ::getpid(), counter++);
}

Unfinished::Unfinished(fs::path path, Descriptor descriptor, std::vector<fs::path> made)
    : path_(std::move(path)), descriptor_(std::move(descriptor)), made_(std::move(made)) {
  const std::scoped_lock lock(registry().mutex);
  registry().entries.push_back(this);
}

Unfinished Unfinished::file(const fs::path& folder) {
  for (;;) {
    const fs::path path = folder / fmt::format(".{}{}", unique_suffix(), kEnding);
    Descriptor descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (descriptor.get() < 0) throw_errno(errno, path);
    if (hold(descriptor, path)) return Unfinished(path, std::move(descriptor), {});
  }
}

std::unique_ptr<Unfinished> Unfinished::subfolder(const fs::path& folder, const std::string& name) {
  std::vector<fs::path> made;
  std::error_code error;
  for (fs::path missing = folder; !missing.empty() && !fs::exists(missing, error);
       missing = missing.parent_path())
    made.push_back(missing);
  fs::create_directories(folder, error);
  for (;;) {
    const fs::path path = folder / fmt::format(".{}.{}{}", name, unique_suffix(), kEnding);
    if (error || ::mkdir(path.c_str(), 0777) != 0) {
      const int code = error ? error.value() : errno;
      for (const fs::path& parent : made) ::rmdir(parent.c_str());
      throw_errno(code, path);
    }
    Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (descriptor.get() >= 0 && hold(descriptor, path))
      return std::unique_ptr<Unfinished>(new Unfinished(path, std::move(descriptor), made));
  }
}

void Unfinished::remove() noexcept {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  // Deepest first. A folder that has got another file in the meantime stays.
  for (const fs::path& folder : made_) ::rmdir(folder.c_str());
}

Unfinished::~Unfinished() {
  const std::scoped_lock lock(registry().mutex);
  forget(this);
  if (!finished_) remove();
}

void Unfinished::finish(const std::function<void()>& move) {
  const std::scoped_lock lock(registry().mutex);
  move();
  finished_ = true;
  forget(this);
}

void discard_unfinished() noexcept {
  const std::scoped_lock lock(registry().mutex);
  // Twice: the computation may add a file while its folder is being removed.
  for (int pass = 0; pass < 2; ++pass)
    for (Unfinished* entry : registry().entries) entry->remove();
}

std::vector<fs::path> find_leftovers(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (name.starts_with('.') && name.ends_with(kEnding) && abandoned(it->path()))
      found.push_back(it->path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

void remove_leftovers(const fs::path& folder, const std::string& name) {
  for (const fs::path& path : find_leftovers(folder)) {
    const bool is_folder = fs::is_directory(path);
    if (is_folder && !path.filename().string().starts_with(fmt::format(".{}.", name))) continue;
    std::error_code error;
    fs::remove_all(path, error);
    if (!error) log::info(fmt::format("removed {}, which a killed run left", path.string()));
  }
}

}  // namespace undulith::io
