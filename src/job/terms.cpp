// SPDX-License-Identifier: MIT
#include "undulith/job/terms.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>

#include "job/glossary_text.hpp"

namespace undulith::job {
namespace {

std::string small(std::string_view text) {
  std::string out;
  std::ranges::transform(text, std::back_inserter(out),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// Cells of a row of a table: "| a | b | c |".
std::vector<std::string> cells(std::string_view row) {
  std::vector<std::string> out;
  for (std::size_t begin = 1, end = 0; (end = row.find('|', begin)) != std::string_view::npos;
       begin = end + 1)
    out.emplace_back(trim(row.substr(begin, end - begin)));
  return out;
}

// "thin mask (Kirchhoff)" is asked for as a whole, and as "thin mask" or "kirchhoff".
std::vector<std::string> names_of(const std::string& heading) {
  std::vector<std::string> names{small(heading)};
  for (std::size_t begin = 0; begin <= heading.size();) {
    const std::size_t end = std::min(heading.find_first_of(",()", begin), heading.size());
    const std::string_view part = trim(std::string_view(heading).substr(begin, end - begin));
    if (!part.empty() && small(part) != names.front()) names.push_back(small(part));
    begin = end + 1;
  }
  return names;
}

std::vector<Term> read_terms(std::string_view page) {
  std::vector<Term> terms;
  for (std::size_t begin = 0; begin < page.size();) {
    const std::size_t end = std::min(page.find('\n', begin), page.size());
    const std::string_view line = page.substr(begin, end - begin);
    begin = end + 1;
    if (!line.starts_with("| ") || line.starts_with("| Term |")) continue;
    const std::vector<std::string> row = cells(line);
    terms.push_back({row.at(0), names_of(row.at(0)), row.at(1), row.at(2)});
    std::erase(terms.back().where, '`');
    std::erase(terms.back().meaning, '`');
  }
  return terms;
}

}  // namespace

const std::vector<Term>& terms() {
  static const std::vector<Term> all = read_terms(kGlossary);
  return all;
}

const Term* find_term(std::string_view name) {
  const auto found = std::ranges::find_if(terms(), [wanted = small(name)](const Term& term) {
    return std::ranges::find(term.names, wanted) != term.names.end();
  });
  return found == terms().end() ? nullptr : &*found;
}

}  // namespace undulith::job
