// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace undulith {

/// The number of typing errors that turn one word into the other: a letter missing, added, replaced, or two
/// neighbours swapped. Upper and lower case count as equal. Cost O(a.size() b.size()). Source: [Damerau1964].
[[nodiscard]] int edit_distance(std::string_view a, std::string_view b);

/// The candidate closest to the word, if it is close enough to be a typing error.
[[nodiscard]] std::optional<std::string> closest(std::string_view word,
                                                 const std::vector<std::string>& candidates);

/// "1 row", "3 rows".
[[nodiscard]] std::string counted(std::size_t n, std::string_view one, std::string_view many);

}  // namespace undulith
