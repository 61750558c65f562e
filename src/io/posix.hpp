// SPDX-License-Identifier: MIT
#pragma once

#include <unistd.h>

#include <filesystem>
#include <utility>

namespace undulith::io {

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() { close(); }
  [[nodiscard]] int get() const { return number_; }
  /// 0, or -1 with errno: some file systems report a full disk only at close().
  int close() { return number_ < 0 ? 0 : ::close(std::exchange(number_, -1)); }

 private:
  int number_;
};

/// @throws InputError  "cannot read PATH (reason); what to do", from an errno
[[noreturn]] void throw_unreadable(const std::filesystem::path& path, int error);

/// @throws IoError  "cannot write PATH (reason); what to do", from an errno
[[noreturn]] void throw_unwritable(const std::filesystem::path& path, int error);

}  // namespace undulith::io
