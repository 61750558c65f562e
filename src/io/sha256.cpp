// SPDX-License-Identifier: MIT
#include "undulith/io/sha256.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include "undulith/core/error.hpp"

namespace undulith::io {

std::string Sha256::hex() const {
  std::string text;
  for (const std::byte byte : bytes) text += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
  return text;
}

Sha256 sha256(std::span<const std::byte> bytes) {
  Sha256 hash;
  if (EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(hash.bytes.data()), nullptr,
                 EVP_sha256(), nullptr) != 1)
    throw IoError(
        "cannot compute a SHA-256 hash (the cryptographic library refuses it); check the installation of OpenSSL");
  return hash;
}

}  // namespace undulith::io
