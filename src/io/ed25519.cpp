// SPDX-License-Identifier: MIT
#include "undulith/io/ed25519.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include <functional>
#include <string>

#include "undulith/core/error.hpp"
#include "undulith/io/files.hpp"
#include "undulith/io/hex.hpp"

namespace undulith::io {
namespace {

namespace fs = std::filesystem;

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

constexpr std::size_t kMostPemBytes = 1 << 16;

unsigned char* raw(std::byte* bytes) {
  return reinterpret_cast<unsigned char*>(bytes);
}
const unsigned char* raw(const std::byte* bytes) {
  return reinterpret_cast<const unsigned char*>(bytes);
}

[[noreturn]] void refuse_library() {
  ERR_clear_error();
  throw IoError(
      "cannot compute a signature (the cryptographic library refuses it); check the installation of OpenSSL");
}

void require(bool succeeded) {
  if (!succeeded) refuse_library();
}

// No passphrase is asked for at the terminal.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

Key key_in(const fs::path& path, EVP_PKEY* (*read)(BIO*, EVP_PKEY**, pem_password_cb*, void*),
           const char* kind, const char* advice) {
  const std::string text = read_text(path, kMostPemBytes);
  const Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free);
  require(bio != nullptr);
  Key key(read(bio.get(), nullptr, no_passphrase, nullptr), EVP_PKEY_free);
  ERR_clear_error();
  if (!key || EVP_PKEY_id(key.get()) != EVP_PKEY_ED25519)
    throw InputError(fmt::format("{} is no {} (an Ed25519 key in PEM without a passphrase is needed); {}",
                                 path.string(), kind, advice));
  return key;
}

std::string pem_of(const std::function<int(BIO*)>& write) {
  const Bio bio(BIO_new(BIO_s_mem()), BIO_free);
  require(bio != nullptr && write(bio.get()) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

PublicKey public_key_of(EVP_PKEY* key) {
  PublicKey out;
  std::size_t size = out.bytes.size();
  require(EVP_PKEY_get_raw_public_key(key, raw(out.bytes.data()), &size) == 1 && size == out.bytes.size());
  return out;
}

Key key_of(const PublicKey& key) {
  return {EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw(key.bytes.data()), key.bytes.size()),
          EVP_PKEY_free};
}

EVP_PKEY* pkey(const std::shared_ptr<void>& key) {
  return static_cast<EVP_PKEY*>(key.get());
}

}  // namespace

std::string PublicKey::hex() const {
  return hex_text(bytes);
}

std::string Signature::hex() const {
  return hex_text(bytes);
}

SigningKey SigningKey::generate() {
  EVP_PKEY* const key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  require(key != nullptr);
  return SigningKey(std::shared_ptr<void>(key, [](void* k) { EVP_PKEY_free(static_cast<EVP_PKEY*>(k)); }));
}

SigningKey SigningKey::read(const fs::path& path) {
  EVP_PKEY* const key =
      key_in(path, PEM_read_bio_PrivateKey, "private key", "make one with undulith keygen").release();
  return SigningKey(std::shared_ptr<void>(key, [](void* k) { EVP_PKEY_free(static_cast<EVP_PKEY*>(k)); }));
}

void SigningKey::write(const fs::path& path) const {
  write_secret(path, pem_of([this](BIO* bio) {
                 return PEM_write_bio_PrivateKey(bio, pkey(key_), nullptr, nullptr, 0, nullptr, nullptr);
               }));
}

PublicKey SigningKey::public_key() const {
  return public_key_of(pkey(key_));
}

Signature SigningKey::sign(std::span<const std::byte> message) const {
  const Context context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  Signature out;
  std::size_t size = out.bytes.size();
  require(
      context != nullptr && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, pkey(key_)) == 1 &&
      EVP_DigestSign(context.get(), raw(out.bytes.data()), &size, raw(message.data()), message.size()) == 1 &&
      size == out.bytes.size());
  return out;
}

PublicKey read_public_key(const fs::path& path) {
  return public_key_of(
      key_in(path, PEM_read_bio_PUBKEY, "public key", "name the .pub file that undulith keygen wrote").get());
}

void write_public_key(const fs::path& path, const PublicKey& key) {
  const Key pem = key_of(key);
  require(pem != nullptr);
  write_atomic(path,
               std::string_view(pem_of([&](BIO* bio) { return PEM_write_bio_PUBKEY(bio, pem.get()); })));
}

bool verifies(const PublicKey& key, std::span<const std::byte> message, const Signature& signature) {
  const Key pem = key_of(key);
  const Context context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  require(context != nullptr);
  const bool good = pem != nullptr &&
                    EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, pem.get()) == 1 &&
                    EVP_DigestVerify(context.get(), raw(signature.bytes.data()), signature.bytes.size(),
                                     raw(message.data()), message.size()) == 1;
  ERR_clear_error();
  return good;
}

void fill_with_secret(std::span<std::byte> bytes) {
  require(RAND_priv_bytes(raw(bytes.data()), static_cast<int>(bytes.size())) == 1);
}

}  // namespace undulith::io
