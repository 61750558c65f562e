// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "undulith/io/sha256.hpp"
#include "undulith/io/store.hpp"

namespace undulith::io {

/// Smaller files are hashed each time: that takes less than 10 ms.
inline constexpr std::uint64_t kRememberedBytes = std::uint64_t{16} << 20;

/// From now on content_hash() remembers in this store the hashes of large files; nullptr: in none (the default). For the
/// whole process; not while something is hashed.
void remember_hashes(std::shared_ptr<Store> store);

/// The hash of what a file contains.
///
/// A large file is hashed once: its hash is remembered under its device, inode, size, path, and the times to the
/// nanosecond at which its content and its inode changed last. A file that changed within the last two seconds is hashed
/// each time, as another change within one step of the clock of its disk would not be seen. Not for proofs: who may set
/// the clock can make a file look unchanged; hash_file() reads it.
/// @throws InputError  as hash_file()
/// Cost: 2 GB/s, or 0.1 ms where it is remembered
[[nodiscard]] HashedFile content_hash(const std::filesystem::path& path);

}  // namespace undulith::io
