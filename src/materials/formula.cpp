// SPDX-License-Identifier: MIT
#include "materials/formula.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>

#include "undulith/core/error.hpp"
#include "undulith/core/spelling.hpp"

namespace undulith::materials {
namespace {

struct AtomicWeight {
  std::string_view element;
  double weight;
};

/// Standard atomic weights in g/mol [Wieser2006], rounded to a thousandth if they are known better (Si
/// excepted). Later tables differ by at most 6e-4 (Se 78.97, Zn 65.38), by 1.1e-4 in mirrors (Mo 95.95, B
/// 10.81).
constexpr auto kAtomicWeights = std::to_array<AtomicWeight>({
    {"Ag", 107.868}, {"Al", 26.982},  {"Ar", 39.948},  {"As", 74.922}, {"Au", 196.967}, {"B", 10.811},
    {"Ba", 137.327}, {"Be", 9.012},   {"Bi", 208.980}, {"Br", 79.904}, {"C", 12.011},   {"Ca", 40.078},
    {"Cd", 112.411}, {"Ce", 140.116}, {"Cl", 35.45},   {"Co", 58.933}, {"Cr", 51.996},  {"Cs", 132.905},
    {"Cu", 63.546},  {"F", 18.998},   {"Fe", 55.845},  {"Ga", 69.723}, {"Gd", 157.25},  {"Ge", 72.64},
    {"H", 1.008},    {"He", 4.003},   {"Hf", 178.49},  {"I", 126.904}, {"In", 114.818}, {"Ir", 192.217},
    {"K", 39.098},   {"Kr", 83.798},  {"La", 138.905}, {"Li", 6.941},  {"Mg", 24.305},  {"Mn", 54.938},
    {"Mo", 95.94},   {"N", 14.007},   {"Na", 22.990},  {"Nb", 92.906}, {"Ne", 20.180},  {"Ni", 58.693},
    {"O", 15.999},   {"Os", 190.23},  {"P", 30.974},   {"Pb", 207.2},  {"Pd", 106.42},  {"Pt", 195.084},
    {"Re", 186.207}, {"Rh", 102.906}, {"Ru", 101.07},  {"S", 32.065},  {"Sb", 121.760}, {"Sc", 44.956},
    {"Se", 78.96},   {"Si", 28.0855}, {"Sn", 118.710}, {"Sr", 87.62},  {"Ta", 180.948}, {"Tb", 158.925},
    {"Te", 127.60},  {"Ti", 47.867},  {"U", 238.029},  {"V", 50.942},  {"W", 183.84},   {"Xe", 131.293},
    {"Y", 88.906},   {"Zn", 65.409},  {"Zr", 91.224},
});

constexpr std::size_t kMaxLength = 200;  // a longer text is not a formula, and would flood the message
constexpr double kMaxCount = 1e6;
constexpr double kMinDensity = 1e-6, kMaxDensity = 30;  // g/cm3; osmium has 22.6

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Text of any bytes, made printable for a message.
std::string shown(std::string_view text) {
  std::string out(text.substr(0, 60));
  for (char& c : out)
    if (c < 0x20 || c == 0x7f) c = '?';
  return text.size() > 60 ? out + "..." : out;
}

[[noreturn]] void fail(std::string_view formula, std::size_t at, const std::string& what) {
  throw InputError(fmt::format("formula '{}', character {}: {}", shown(formula), at + 1, what));
}

/// The whole text as a number with digits and a point: no sign, exponent, "nan" or "inf".
std::optional<double> plain_number(std::string_view text) {
  if (text.find_first_not_of("0123456789.") != std::string_view::npos) return std::nullopt;
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

const AtomicWeight& weight_of(std::string_view symbol, std::string_view formula, std::size_t at) {
  const auto found =
      std::lower_bound(kAtomicWeights.begin(), kAtomicWeights.end(), symbol,
                       [](const AtomicWeight& w, std::string_view s) { return w.element < s; });
  if (found != kAtomicWeights.end() && found->element == symbol) return *found;
  // A symbol has at most two letters: among equally close ones, the same first letter wins.
  const auto distance = [symbol](const AtomicWeight& w) {
    return 2 * edit_distance(w.element, symbol) + (w.element.front() == symbol.front() ? 0 : 1);
  };
  const auto nearest =
      std::min_element(kAtomicWeights.begin(), kAtomicWeights.end(),
                       [&](const auto& a, const auto& b) { return distance(a) < distance(b); });
  fail(formula, at,
       fmt::format("there are no optical constants of an element '{}' ({} elements have them); did you mean "
                   "'{}'?",
                   symbol, kAtomicWeights.size(), nearest->element));
}

}  // namespace

std::vector<std::string_view> known_elements() {
  std::vector<std::string_view> out;
  for (const AtomicWeight& weight : kAtomicWeights) out.push_back(weight.element);
  return out;
}

std::vector<Constituent> parse_formula(std::string_view formula) {
  if (formula.empty())
    throw InputError("the formula is empty; write element symbols and numbers, such as Ta2O5");
  if (formula.size() > kMaxLength)
    throw InputError(fmt::format("formula '{}' has {} characters (at most {}); shorten it", shown(formula),
                                 formula.size(), kMaxLength));
  std::vector<Constituent> constituents;
  for (std::size_t i = 0; i < formula.size();) {
    if (formula[i] == '(' || formula[i] == '[')
      fail(formula, i, "brackets are not supported; multiply them out");
    if (!is_upper(formula[i]))
      fail(formula, i, "an element symbol is missing here; write it like Ta or O, without blanks");
    const std::size_t length = i + 1 < formula.size() && is_lower(formula[i + 1]) ? 2 : 1;
    const AtomicWeight& element = weight_of(formula.substr(i, length), formula, i);
    i += length;
    std::size_t end = i;
    while (end < formula.size() && (is_digit(formula[end]) || formula[end] == '.')) ++end;
    double count = 1;
    if (end > i) {
      const auto number = plain_number(formula.substr(i, end - i));
      if (!number || !(*number > 0 && *number <= kMaxCount))
        fail(formula, i,
             fmt::format(
                 "'{}' is not a number of atoms (must be above 0, at most {}); write it like 2 or 0.75",
                 shown(formula.substr(i, end - i)), kMaxCount));
      count = *number;
      i = end;
    }
    constituents.push_back({element.element, count, element.weight});
  }
  return constituents;
}

Compound parse_compound(std::string_view text) {
  const std::size_t at = std::min(text.find('@'), text.size());
  Compound compound;
  compound.formula = text.substr(0, at);
  compound.constituents = parse_formula(compound.formula);
  const std::string_view density = text.substr(std::min(at + 1, text.size()));
  const auto number = plain_number(density);
  if (!number || !(*number >= kMinDensity && *number <= kMaxDensity))
    throw InputError(fmt::format(
        "density '{}' of {} (must be a number of g/cm3 from {} to {}); write formula@density, such as "
        "Ta2O5@8.2",
        shown(density), compound.formula, kMinDensity, kMaxDensity));
  compound.density_g_cm3 = *number;
  return compound;
}

}  // namespace undulith::materials
