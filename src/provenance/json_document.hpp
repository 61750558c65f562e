// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "undulith/io/hex.hpp"
#include "undulith/io/sha256.hpp"

/// JSON that a stranger may have written, read value by value; every error names the line.
namespace undulith::provenance {

using Json = nlohmann::ordered_json;

/// A value of a document. All of its functions throw InputError at the line of the value when it is not what they return.
class JsonValue {
 public:
  /// Parses a text.
  /// @param name        of the file, for messages
  /// @param first_line  the line of the file where the text begins
  /// @throws InputError  no JSON, a key given twice in one object, more than 64 levels or 10^6 values, anything behind the
  ///                     value
  [[nodiscard]] static JsonValue parse(std::string_view text, const std::string& name, int first_line = 1);

  /// A member of an object.
  [[nodiscard]] JsonValue at(const std::string& key) const;
  [[nodiscard]] bool has(const std::string& key) const;
  /// Keys of an object in the order of the text, all of which must be among `known`, if any are given.
  [[nodiscard]] std::vector<std::string> keys() const;
  void require_keys(std::initializer_list<std::string_view> known) const;
  /// Elements of an array.
  [[nodiscard]] std::vector<JsonValue> items() const;

  [[nodiscard]] std::string text() const;
  [[nodiscard]] bool is_text() const { return value_->is_string(); }
  /// A finite number.
  [[nodiscard]] double number() const;
  /// A whole number from 0 to 2^53.
  [[nodiscard]] std::uint64_t count() const;
  [[nodiscard]] io::Sha256 hash() const { return {bytes<32>()}; }
  /// Hexadecimal digits of N bytes.
  template <std::size_t N>
  [[nodiscard]] std::array<std::byte, N> bytes() const {
    const auto value = io::bytes_of_hex<N>(text());
    if (!value) refuse("hexadecimal digits, " + std::to_string(2 * N) + " of them");
    return *value;
  }
  /// @param needed  what the value must be
  [[noreturn]] void refuse(const std::string& needed) const;

 private:
  struct Document {
    Json root;
    std::string name;
    std::map<std::string, int> lines;  ///< of the values, by their place
  };
  JsonValue(std::shared_ptr<const Document> document, const Json* value, std::string place)
      : document_(std::move(document)), value_(value), place_(std::move(place)) {}

  std::shared_ptr<const Document> document_;
  const Json* value_;
  std::string place_;  ///< "outputs[2].sha256"
};

}  // namespace undulith::provenance
