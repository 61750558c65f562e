// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

#include "io/posix.hpp"
#include "io/unfinished.hpp"
#include "undulith/core/error.hpp"
#include "undulith/io/files.hpp"

namespace undulith::io {

namespace fs = std::filesystem;

namespace {

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

[[nodiscard]] bool is_plain_folder(const fs::path& path) {
  return fs::symlink_status(path).type() == fs::file_type::directory;
}

[[nodiscard]] bool is_there(const fs::path& path) {
  return fs::exists(fs::symlink_status(path));
}

[[nodiscard]] std::vector<fs::path> names_in(const fs::path& folder) {
  std::vector<fs::path> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

/// The first path of the new results that is a folder where the target has a file, or the other way round. A
/// link in the target is replaced, so it is no clash.
[[nodiscard]] std::optional<fs::path> find_clash(const fs::path& results, const fs::path& target) {
  for (const fs::path& name : names_in(results)) {
    const fs::path old = target / name;
    if (!is_there(old) || fs::is_symlink(old)) continue;
    if (is_plain_folder(old) != is_plain_folder(results / name)) return old;
    if (!is_plain_folder(old)) continue;
    if (auto clash = find_clash(results / name, old)) return clash;
  }
  return std::nullopt;
}

/// A series of renames that is undone, last first, unless keep() is called.
class Moves {
 public:
  Moves() = default;
  Moves(const Moves&) = delete;
  Moves& operator=(const Moves&) = delete;
  ~Moves() {
    for (auto step = steps_.rbegin(); step != steps_.rend(); ++step)
      ::rename(step->second.c_str(), step->first.c_str());
  }
  void keep() { steps_.clear(); }

  /// Nothing may be at `to`.
  void move(const fs::path& from, const fs::path& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) throw_unwritable(to, errno);
    steps_.emplace_back(from, to);
  }
  /// Exchanges `from` with what is at `to`: in one step where the file system can.
  void exchange(const fs::path& from, const fs::path& to) {
    const fs::path aside = from.string() + ".old";
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_EXCHANGE) == 0) {
      steps_.insert(steps_.end(), {{to, aside}, {from, to}, {aside, from}});  // the same, in three renames
      return;
    }
    if (errno != EINVAL && errno != ENOSYS) throw_unwritable(to, errno);
    move(to, aside);
    move(from, to);
    move(aside, from);
  }

 private:
  std::vector<std::pair<fs::path, fs::path>> steps_;  ///< (from, to)
};

/// Moves into `to` what is in `from`; at a name that both have, folders are merged and anything else follows
/// `same_name`.
enum class SameName { stays, is_exchanged };
void merge(Moves& moves, const fs::path& from, const fs::path& to, SameName same_name) {
  for (const fs::path& name : names_in(from)) {
    if (!is_there(to / name))
      moves.move(from / name, to / name);
    else if (is_plain_folder(from / name) && is_plain_folder(to / name))
      merge(moves, from / name, to / name, same_name);
    else if (same_name == SameName::is_exchanged)
      moves.exchange(from / name, to / name);
  }
}

}  // namespace

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
  // Files can be renamed only within one file system: if the target is a mount point, the hidden folder goes
  // inside.
  const bool inside = exists && !same_device(real_target_, parent);
  const std::string name = real_target_.filename().string();
  remove_leftovers(parent, name);
  if (exists) remove_leftovers(real_target_, name);
  if (exists && policy_ == IfExists::refuse && !holds_nothing(real_target_, {}, error) && !error) {
    throw InputError(
        fmt::format("cannot write results to {} (the folder has files in it); choose another folder with "
                    "--out, or add --force to replace its files",
                    target_.string()));
  }
  if (error && exists) throw_unwritable(target_, error.value());
  try {
    staging_ = Unfinished::subfolder(inside ? real_target_ : parent, name);
  } catch (const std::system_error& failure) {
    throw_unwritable(target_, failure.code().value());
  }
}

OutputFolder::~OutputFolder() = default;

fs::path OutputFolder::file(const std::string& name) const {
  const fs::path relative(name);
  const bool leaves =
      std::any_of(relative.begin(), relative.end(), [](const fs::path& part) { return part == ".."; });
  if (relative.empty() || !relative.has_filename() || relative.is_absolute() || leaves) {
    throw std::invalid_argument("OutputFolder: not the name of a file in the folder: " + name);
  }
  if (committed_) throw std::invalid_argument("OutputFolder: already committed, cannot add " + name);
  const fs::path path = staging_->path() / relative;
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) throw_unwritable(path.parent_path(), error.value());
  return path;
}

std::vector<std::string> OutputFolder::names() const {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(staging_->path()))
    if (entry.is_regular_file())
      names.push_back(entry.path().lexically_relative(staging_->path()).generic_string());
  std::ranges::sort(names);
  return names;
}

void OutputFolder::commit() {
  if (committed_) throw std::invalid_argument("OutputFolder: committed twice");
  const bool inside = staging_->path().parent_path() == real_target_;
  std::error_code error;
  const bool found = fs::exists(real_target_, error);
  const bool empty =
      found && holds_nothing(real_target_, inside ? staging_->path().filename() : fs::path(), error);
  if (error) throw_unwritable(target_, error.value());
  if (found && !empty && policy_ == IfExists::refuse) keep_aside("files have appeared in it since the start");
  if (const auto clash = found ? find_clash(staging_->path(), real_target_) : std::nullopt)
    keep_aside(fmt::format("{} is a {} there", clash->string(), is_plain_folder(*clash) ? "folder" : "file"));

  // The working folder of a shell is filled, not replaced: otherwise the shell would be in a removed folder.
  const bool stands_in_it = found && fs::equivalent(real_target_, fs::current_path(error), error);
  try {
    if (inside || stands_in_it)
      fill_target();
    else if (found && !empty)
      exchange_with_target();
    else
      staging_->finish([&] {
        if (::rename(staging_->path().c_str(), real_target_.c_str()) != 0) throw_unwritable(target_, errno);
      });
  } catch (const fs::filesystem_error& failure) {
    throw_unwritable(target_, failure.code().value());
  }
  committed_ = true;
}

// The results may have taken hours, so they stay, under a name that the next run does not remove.
void OutputFolder::keep_aside(const std::string& why) {
  const fs::path kept = staging_->path().parent_path() /
                        fmt::format("{}.kept-{}", real_target_.filename().string(), unique_suffix());
  staging_->finish([&] {
    if (::rename(staging_->path().c_str(), kept.c_str()) != 0) throw_unwritable(kept, errno);
  });
  committed_ = true;
  throw IoError(fmt::format("cannot move the results to {} ({}); they are kept in {}: move them by hand",
                            target_.string(), why, kept.string()));
}

void OutputFolder::exchange_with_target() {
  staging_->finish([&] {
    Moves moves;
    moves.exchange(staging_->path(), real_target_);
    merge(moves, staging_->path(), real_target_, SameName::stays);  // files of other names return
    moves.keep();
    std::error_code ignored;
    fs::remove_all(staging_->path(), ignored);
  });
}

void OutputFolder::fill_target() {
  staging_->finish([&] {
    Moves moves;
    merge(moves, staging_->path(), real_target_, SameName::is_exchanged);
    moves.keep();
    std::error_code ignored;
    fs::remove_all(staging_->path(), ignored);
  });
}

}  // namespace undulith::io
