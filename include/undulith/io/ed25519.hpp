// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

/// Signatures by Ed25519 [RFC8032], computed by OpenSSL. Keys lie in PEM files that OpenSSL's own tools read.
namespace undulith::io {

struct PublicKey {
  std::array<std::byte, 32> bytes{};

  /// 64 hexadecimal digits.
  [[nodiscard]] std::string hex() const;
  friend auto operator<=>(const PublicKey&, const PublicKey&) = default;
};

struct Signature {
  std::array<std::byte, 64> bytes{};

  /// 128 hexadecimal digits.
  [[nodiscard]] std::string hex() const;
  friend bool operator==(const Signature&, const Signature&) = default;
};

/// A private key. The same key and message always give the same signature.
class SigningKey {
 public:
  /// A new key from the random numbers of the system.
  [[nodiscard]] static SigningKey generate();
  /// @throws InputError  missing, or no Ed25519 key in PEM (PKCS #8) without a passphrase
  [[nodiscard]] static SigningKey read(const std::filesystem::path& path);

  /// Writes a new PEM file that its owner alone may read.
  /// @throws InputError  a file of that name exists: a key is never replaced
  /// @throws IoError     it cannot be written
  void write(const std::filesystem::path& path) const;
  [[nodiscard]] PublicKey public_key() const;
  [[nodiscard]] Signature sign(std::span<const std::byte> message) const;

 private:
  explicit SigningKey(std::shared_ptr<void> key) : key_(std::move(key)) {}
  std::shared_ptr<void> key_;
};

/// @throws InputError  missing, or no Ed25519 public key in PEM (SubjectPublicKeyInfo)
[[nodiscard]] PublicKey read_public_key(const std::filesystem::path& path);
/// @throws IoError  it cannot be written
void write_public_key(const std::filesystem::path& path, const PublicKey& key);

[[nodiscard]] bool verifies(const PublicKey& key, std::span<const std::byte> message,
                            const Signature& signature);

/// Fills `bytes` from the random numbers of the system, fit for secrets.
void fill_with_secret(std::span<std::byte> bytes);

}  // namespace undulith::io
