// SPDX-License-Identifier: MIT
// Exit code 0 if standard input is exactly one JSON document. Stricter than most readers: nothing may follow
// it.
#include <iostream>
#include <nlohmann/json.hpp>

int main() {
  try {
    const auto document = nlohmann::json::parse(std::cin);
    return document.is_object() || document.is_array() ? 0 : 1;
  } catch (const nlohmann::json::parse_error& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
