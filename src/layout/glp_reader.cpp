// SPDX-License-Identifier: MIT
#include "undulith/layout/glp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <string_view>

#include "undulith/core/error.hpp"

namespace undulith::layout {
namespace {

constexpr std::int64_t kMaxGlpCoordinate = std::numeric_limits<std::int32_t>::max();

class GlpReader {
 public:
  GlpReader(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  Layout read() {
    bool ended = false;
    while (!text_.empty()) {
      const std::size_t end = text_.find('\n');
      std::vector<std::string_view> words = split(text_.substr(0, end));
      text_.remove_prefix(end == std::string_view::npos ? text_.size() : end + 1);
      ++line_;
      if (words.empty()) continue;
      if (ended) fail("text after ENDMSG (a file holds one message); remove it");
      const std::string_view keyword = words.front();
      words.erase(words.begin());
      if (line_of_begin_ == 0 && keyword != "BEGIN")
        fail("a .glp file begins with BEGIN (this one does not); check the file");
      if (keyword == "BEGIN") {
        line_of_begin_ = line_;
      } else if (keyword == "EQUIV") {
        read_unit(words);
      } else if (keyword == "CNAME") {
        if (words.size() != 1) fail("CNAME takes one name; write one");
        layout_.name = words[0];
      } else if (keyword == "LEVEL") {
        if (words.size() != 1) fail("LEVEL takes one name; write one");
      } else if (keyword == "CELL") {
        if (words.empty()) fail("CELL takes a name; write one");
        if (!cell_.name.empty())
          fail("a second CELL (only flat clips of one cell are read); flatten the clip");
        cell_.name = words[0];
      } else if (keyword == "RECT") {
        read_rectangle(words);
      } else if (keyword == "PGON") {
        read_polygon(words);
      } else if (keyword == "ENDMSG") {
        ended = true;
      } else {
        fail(fmt::format("'{}' is not a keyword; use RECT, PGON, CELL, CNAME, LEVEL, EQUIV or ENDMSG",
                         keyword));
      }
    }
    if (!ended) fail("the file ends without ENDMSG (truncated); fetch the file again");
    if (cell_.name.empty()) fail("the file has no CELL; add one");
    if (layout_.name.empty()) layout_.name = cell_.name;
    layout_.cells.emplace(cell_.name, std::move(cell_));
    return std::move(layout_);
  }

 private:
  [[noreturn]] void fail(const std::string& problem) const {
    throw InputError(fmt::format("{}:{}: {}", name_, line_, problem));
  }

  /// Words of a line; a comment runs from /* to */, over lines too.
  std::vector<std::string_view> split(std::string_view line) {
    std::vector<std::string_view> words;
    constexpr std::string_view kSpace = " \t\r";
    while (!line.empty()) {
      if (in_comment_) {
        const std::size_t close = line.find("*/");
        if (close == std::string_view::npos) return words;
        line.remove_prefix(close + 2);
        in_comment_ = false;
      } else if (line.starts_with("/*")) {
        line.remove_prefix(2);
        in_comment_ = true;
      } else if (kSpace.find(line.front()) != std::string_view::npos) {
        line.remove_prefix(1);
      } else {
        const std::size_t end = std::min(line.find_first_of(kSpace), line.find("/*"));
        words.push_back(line.substr(0, end));
        line.remove_prefix(words.back().size());
      }
    }
    return words;
  }

  std::int64_t integer(std::string_view word) const {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc{} || end != word.data() + word.size() || value > kMaxGlpCoordinate ||
        value < -kMaxGlpCoordinate) {
      fail(fmt::format("'{}' (must be an integer within 32 bits); write coordinates in whole units", word));
    }
    return value;
  }

  void read_unit(const std::vector<std::string_view>& words) {
    if (words.size() < 3 || words[2] != "MICRON")
      fail("EQUIV is malformed; write 'EQUIV <microns> <units> MICRON [+X,+Y]'");
    const std::int64_t microns = integer(words[0]), units = integer(words[1]);
    if (microns < 1 || units < 1 || microns > 1000 || units > 1000000) {
      fail("EQUIV: one unit must be between 0.001 nm and 1 mm; check the numbers");
    }
    if (words.size() > 3 && words[3] != "+X,+Y")
      fail("EQUIV: only the axes '+X,+Y' are read; convert the clip");
    layout_.dbu_nm = 1000.0 * static_cast<double>(microns) / static_cast<double>(units);
  }

  /// The words after orientation and level, as numbers.
  std::vector<std::int64_t> numbers(const std::vector<std::string_view>& words) {
    if (words.size() < 2) fail("orientation and level are missing; write '<orientation> <level> <numbers>'");
    if (words[0] != "N") fail(fmt::format("orientation '{}' (only N is read); convert the clip", words[0]));
    if (level_.empty()) level_ = words[1];
    if (words[1] != level_) {
      fail(fmt::format("level '{}' after '{}' (only clips of one level are read); split the clip", words[1],
                       level_));
    }
    std::vector<std::int64_t> values;
    for (std::size_t i = 2; i < words.size(); ++i) values.push_back(integer(words[i]));
    return values;
  }

  void read_rectangle(const std::vector<std::string_view>& words) {
    const std::vector<std::int64_t> v = numbers(words);
    if (v.size() != 4) fail(fmt::format("RECT has {} numbers; write x y width height", v.size()));
    if (v[2] <= 0 || v[3] <= 0) fail("RECT: width and height must be positive; correct them");
    add({{v[0], v[1]}, {v[0] + v[2], v[1]}, {v[0] + v[2], v[1] + v[3]}, {v[0], v[1] + v[3]}});
  }

  void read_polygon(const std::vector<std::string_view>& words) {
    const std::vector<std::int64_t> v = numbers(words);
    if (v.size() % 2 != 0) fail(fmt::format("PGON has {} numbers; write pairs x y", v.size()));
    std::vector<DbuPoint> vertices;
    for (std::size_t i = 0; i < v.size(); i += 2) vertices.push_back({v[i], v[i + 1]});
    if (vertices.size() > 1 && vertices.front() == vertices.back()) vertices.pop_back();
    if (vertices.size() < 3) fail("PGON: a polygon needs three vertices or more; add them");
    add(std::move(vertices));
  }

  void add(std::vector<DbuPoint> vertices) {
    if (cell_.name.empty()) fail("a shape before CELL; move it after CELL");
    cell_.shapes.push_back({LayerId{1, 0}, std::move(vertices)});
  }

  std::string_view text_;
  std::string name_, level_;
  Layout layout_;
  Cell cell_;
  int line_ = 0, line_of_begin_ = 0;
  bool in_comment_ = false;
};

}  // namespace

Layout read_glp(std::string_view text, const std::string& name) {
  return GlpReader(text, name).read();
}

}  // namespace undulith::layout
