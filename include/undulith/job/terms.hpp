// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

/// The terms of the field as docs/glossary.md explains them: that page is part of the program.
namespace undulith::job {

struct Term {
  std::string heading;             ///< as the page writes it: "σ (sigma)"
  std::vector<std::string> names;  ///< what it is asked for by, in small letters: "σ", "sigma"
  std::string meaning;
  std::string where;  ///< keys, commands or columns that have to do with it
};

/// In the order of the page.
[[nodiscard]] const std::vector<Term>& terms();

/// The term of this name, capital or small; null if there is none.
[[nodiscard]] const Term* find_term(std::string_view name);

}  // namespace undulith::job
