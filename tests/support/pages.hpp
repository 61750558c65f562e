// SPDX-License-Identifier: MIT
#pragma once

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

/// Pages and parts of pages that are written from the code. They are committed, so that they can be read
/// without the program. UNDULITH_WRITE_DOCS=1 in the environment writes them again.
namespace undulith::test {

inline std::filesystem::path page_file(const std::string& name) {
  return std::filesystem::path(UNDULITH_SOURCE_DIR) / "docs" / name;
}

inline std::string page_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// @param name      below docs/
/// @param expected  the whole page
inline void check_page(const std::string& name, const std::string& expected) {
  const std::filesystem::path file = page_file(name);
  if (std::getenv("UNDULITH_WRITE_DOCS")) std::ofstream(file, std::ios::binary) << expected;
  INFO(file
       << " is not current: run this test with UNDULITH_WRITE_DOCS=1 in the environment and commit the page");
  CHECK(page_text(file) == expected);
}

/// The part of a page between the lines "<!-- BLOCK: written from the code -->" and "<!-- end of BLOCK -->".
/// @param expected  text between the two lines, with a line end
inline void check_block(const std::string& name, const std::string& block, const std::string& expected) {
  const std::string begin = "<!-- " + block + ": written from the code -->\n",
                    end = "<!-- end of " + block + " -->";
  const std::string page = page_text(page_file(name));
  const std::size_t from = page.find(begin), to = page.find(end);
  INFO(name << " has a block " << block);
  REQUIRE(from != std::string::npos);
  REQUIRE(to != std::string::npos);
  check_page(name, page.substr(0, from) + begin + "\n" + expected + "\n" + page.substr(to));
}

}  // namespace undulith::test
