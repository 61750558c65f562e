// SPDX-License-Identifier: MIT
#include "undulith/io/sha256.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <vector>

#include "io/posix.hpp"
#include "undulith/core/error.hpp"
#include "undulith/io/hex.hpp"

namespace undulith::io {
namespace {

unsigned char* raw(Sha256& hash) {
  return reinterpret_cast<unsigned char*>(hash.bytes.data());
}

[[noreturn]] void refuse_hash() {
  throw IoError(
      "cannot compute a SHA-256 hash (the cryptographic library refuses it); check the installation of OpenSSL");
}

}  // namespace

std::string Sha256::hex() const {
  return hex_text(bytes);
}

std::optional<Sha256> Sha256::from_hex(std::string_view text) {
  Sha256 hash;
  return read_hex(text, hash.bytes) ? std::optional(hash) : std::nullopt;
}

Sha256 sha256(std::span<const std::byte> bytes) {
  Sha256 hash;
  if (EVP_Digest(bytes.data(), bytes.size(), raw(hash), nullptr, EVP_sha256(), nullptr) != 1) refuse_hash();
  return hash;
}

HashedFile hash_file(const std::filesystem::path& path) {
  constexpr std::size_t kPiece = 1 << 20;
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) throw_unreadable(path, errno);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  if (!context || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1) refuse_hash();
  std::vector<std::byte> piece(kPiece);
  HashedFile out;
  while (true) {
    const ssize_t n = ::read(file.get(), piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw_unreadable(path, errno);
    if (n == 0) break;
    if (EVP_DigestUpdate(context.get(), piece.data(), static_cast<std::size_t>(n)) != 1) refuse_hash();
    out.n_bytes += static_cast<std::uint64_t>(n);
  }
  if (EVP_DigestFinal_ex(context.get(), raw(out.sha256), nullptr) != 1) refuse_hash();
  return out;
}

}  // namespace undulith::io
