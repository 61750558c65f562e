// SPDX-License-Identifier: MIT
#include "undulith/provenance/signatures.hpp"

#include <fmt/format.h>

#include "provenance/json_document.hpp"

namespace undulith::provenance {
namespace {

constexpr const char* kSignaturesFormat = "undulith signatures 1";

}  // namespace

std::string signatures_text(const std::vector<ManifestSignature>& signatures) {
  Json json{{"format", kSignaturesFormat}, {"algorithm", "Ed25519"}};
  json["signatures"] = Json::array();
  for (const ManifestSignature& one : signatures)
    json["signatures"].push_back({{"public_key", one.key.hex()}, {"signature", one.signature.hex()}});
  return json.dump(2) + "\n";
}

std::vector<ManifestSignature> parse_signatures(std::string_view text, const std::string& name) {
  const JsonValue root = JsonValue::parse(text, name);
  if (!root.has("format") || root.at("format").text() != kSignaturesFormat)
    root.refuse(fmt::format("a list of signatures with \"format\": \"{}\"", kSignaturesFormat));
  root.require_keys({"format", "algorithm", "signatures"});
  if (root.at("algorithm").text() != "Ed25519") root.at("algorithm").refuse("\"Ed25519\"");
  std::vector<ManifestSignature> out;
  for (const JsonValue& item : root.at("signatures").items()) {
    item.require_keys({"public_key", "signature"});
    out.push_back({{item.at("public_key").bytes<32>()}, {item.at("signature").bytes<64>()}});
  }
  return out;
}

}  // namespace undulith::provenance
