#pragma once

#include <string_view>

namespace undulith {

/// How many slips of the keyboard turn one word into the other: a letter missing, added, replaced, or two
/// neighbours swapped. Letter case counts as equal. Cost O(a.size() b.size()). Source: [Damerau1964].
[[nodiscard]] int edit_distance(std::string_view a, std::string_view b);

}  // namespace undulith
