// SPDX-License-Identifier: MIT
#include "provenance/json_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <set>

#include "undulith/core/error.hpp"

namespace undulith::provenance {
namespace {

constexpr std::size_t kMostLevels = 64, kMostValues = 1'000'000;

// Characters of a text, with the number of the lines that have begun.
class CountedText {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountedText(const char* at, int* line) : at_(at), line_(line) {}
  reference operator*() const { return *at_; }
  CountedText& operator++() {
    if (*at_ == '\n') ++*line_;
    ++at_;
    return *this;
  }
  CountedText operator++(int) {
    CountedText old = *this;
    ++*this;
    return old;
  }
  friend bool operator==(const CountedText& a, const CountedText& b) { return a.at_ == b.at_; }

 private:
  const char* at_;
  int* line_;
};

std::string member_place(const std::string& parent, const std::string& key) {
  return parent.empty() ? key : parent + "." + key;
}

std::string item_place(const std::string& parent, std::size_t index) {
  return fmt::format("{}[{}]", parent, index + 1);
}

// Follows the events of the parser: the lines of values, and what the parser itself accepts and we do not.
class Follower {
 public:
  Follower(const std::string& name, const int& line, std::map<std::string, int>& lines)
      : name_(name), line_(line), lines_(lines) {}

  bool on(nlohmann::json::parse_event_t event, const Json& parsed) {
    using Event = nlohmann::json::parse_event_t;
    if (event == Event::key) {
      Level& level = levels_.back();
      level.key = parsed.get<std::string>();
      if (!level.seen.insert(level.key).second)
        refuse(fmt::format("\"{}\" is given twice in one object", level.key));
      lines_[member_place(level.place, level.key)] = line_;
      return true;
    }
    if (event == Event::object_end || event == Event::array_end) {
      levels_.pop_back();
      return true;
    }
    const std::string place = next_place();
    lines_.try_emplace(place, line_);
    if (lines_.size() > kMostValues) refuse(fmt::format("more than {} values", kMostValues));
    if (event == Event::object_start || event == Event::array_start) {
      if (levels_.size() == kMostLevels) refuse(fmt::format("more than {} levels", kMostLevels));
      levels_.push_back({.place = place, .is_array = event == Event::array_start, .key = {}, .seen = {}});
    }
    return true;
  }

 private:
  struct Level {
    std::string place;
    bool is_array = false;
    std::size_t n_items = 0;
    std::string key;
    std::set<std::string> seen;
  };

  std::string next_place() {
    if (levels_.empty()) return {};
    Level& level = levels_.back();
    return level.is_array ? item_place(level.place, level.n_items++) : member_place(level.place, level.key);
  }
  [[noreturn]] void refuse(const std::string& why) const {
    throw InputError(fmt::format("{}:{}: error: {}; restore the file as it was written", name_, line_, why));
  }

  const std::string& name_;
  const int& line_;
  std::map<std::string, int>& lines_;
  std::vector<Level> levels_;
};

}  // namespace

JsonValue JsonValue::parse(std::string_view text, const std::string& name, int first_line) {
  const auto document = std::make_shared<Document>();
  document->name = name;
  int line = first_line;
  if (const std::size_t zero = text.find('\0'); zero != std::string_view::npos)
    throw InputError(fmt::format(
        "{}:{}: error: no JSON (a byte 0); restore the file as it was written", name,
        first_line + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(zero), '\n')));
  Follower follower(name, line, document->lines);
  try {
    document->root =
        Json::parse(CountedText(text.data(), &line), CountedText(text.data() + text.size(), &line),
                    [&](int, Json::parse_event_t event, Json& parsed) { return follower.on(event, parsed); });
  } catch (const nlohmann::json::exception&) {
    throw InputError(
        fmt::format("{}:{}: error: no JSON (the text breaks off or is damaged here); restore the file as it "
                    "was written",
                    name, line));
  }
  return {document, &document->root, ""};
}

void JsonValue::refuse(const std::string& needed) const {
  const auto line = document_->lines.find(place_);
  throw InputError(fmt::format("{}:{}: error: {} must be {}; restore the file as it was written",
                               document_->name, line == document_->lines.end() ? 1 : line->second,
                               place_.empty() ? "the document" : place_, needed));
}

JsonValue JsonValue::at(const std::string& key) const {
  if (!has(key)) refuse(fmt::format("an object with \"{}\"", key));
  return {document_, &(*value_)[key], member_place(place_, key)};
}

bool JsonValue::has(const std::string& key) const {
  if (!value_->is_object()) refuse("an object");
  return value_->contains(key);
}

std::vector<std::string> JsonValue::keys() const {
  if (!value_->is_object()) refuse("an object");
  std::vector<std::string> names;
  for (const auto& [key, ignored] : value_->items()) names.push_back(key);
  return names;
}

void JsonValue::require_keys(std::initializer_list<std::string_view> known) const {
  for (const std::string& key : keys())
    if (std::ranges::find(known, key) == known.end())
      refuse(fmt::format("an object without \"{}\", which this version does not know", key));
}

std::vector<JsonValue> JsonValue::items() const {
  if (!value_->is_array()) refuse("an array");
  std::vector<JsonValue> out;
  for (std::size_t i = 0; i < value_->size(); ++i)
    out.push_back({document_, &(*value_)[i], item_place(place_, i)});
  return out;
}

std::string JsonValue::text() const {
  if (!value_->is_string()) refuse("a text");
  return value_->get<std::string>();
}

double JsonValue::number() const {
  if (!value_->is_number() || !std::isfinite(value_->get<double>())) refuse("a number");
  return value_->get<double>();
}

std::uint64_t JsonValue::count() const {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 53;
  if (!value_->is_number_unsigned() || value_->get<std::uint64_t>() > kMost)
    refuse("a whole number from 0 to 2^53");
  return value_->get<std::uint64_t>();
}

}  // namespace undulith::provenance
