// SPDX-License-Identifier: MIT
#include "undulith/io/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <limits>
#include <system_error>

#include "io/posix.hpp"
#include "undulith/core/error.hpp"
#include "undulith/io/files.hpp"

namespace undulith::io {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void throw_cannot_write(const fs::path& path, int error) {
  throw IoError(
      fmt::format("cannot write {} ({}); check the folder, its permissions and the space on its disk",
                  path.string(), std::generic_category().message(error)));
}

// Lines and, behind the last whole one, what is left of another.
struct Content {
  std::vector<std::string> lines;
  std::size_t whole_bytes = 0;
};

Content content_of(const fs::path& path, std::string_view first_line) {
  const std::string text = read_text(path, std::numeric_limits<std::size_t>::max() / 2);
  Content content;
  for (std::size_t end; (end = text.find('\n', content.whole_bytes)) != std::string::npos;
       content.whole_bytes = end + 1)
    content.lines.push_back(text.substr(content.whole_bytes, end - content.whole_bytes));
  if (content.lines.empty()) return content;
  if (content.lines.front() != first_line)
    throw InputError(
        fmt::format("{} is the journal of other work (its first line differs); choose another folder, or "
                    "remove it",
                    path.string()));
  content.lines.erase(content.lines.begin());
  return content;
}

}  // namespace

class Journal::File {
 public:
  explicit File(const fs::path& path)
      : descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_APPEND, 0666)) {
    if (descriptor.get() < 0) throw_cannot_write(path, errno);
  }
  Descriptor descriptor;
};

std::vector<std::string> read_journal(const fs::path& path, std::string_view first_line) {
  return content_of(path, first_line).lines;
}

Journal::Journal(fs::path path, std::string_view first_line, Start start)
    : path_(std::move(path)), file_(std::make_unique<File>(path_)) {
  const int file = file_->descriptor.get();
  if (::flock(file, LOCK_EX | LOCK_NB) != 0)
    throw InputError(fmt::format(
        "{} is being written by another process; wait for it, or choose another folder", path_.string()));
  const Content content = start == Start::anew ? Content{} : content_of(path_, first_line);
  if (::ftruncate(file, static_cast<off_t>(content.whole_bytes)) != 0) throw_cannot_write(path_, errno);
  if (content.whole_bytes == 0) append(first_line);
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
    if (n < 0) throw_cannot_write(path_, errno);
    written += static_cast<std::size_t>(n);
  }
}

}  // namespace undulith::io
