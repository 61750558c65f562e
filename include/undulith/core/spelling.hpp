#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace undulith {

/// How many slips of the keyboard turn one word into the other: a letter missing, added, replaced, or two
/// neighbours swapped. Letter case counts as equal. Cost O(a.size() b.size()). Source: [Damerau1964].
[[nodiscard]] int edit_distance(std::string_view a, std::string_view b);

/// The candidate closest to the word, when it is close enough to be a slip of the pen.
[[nodiscard]] std::optional<std::string> closest(std::string_view word,
                                                 const std::vector<std::string>& candidates);

}  // namespace undulith
