// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "undulith/core/range.hpp"

/// Keys: what a user may set, declared once beside the parameters of a stage.
///
/// A key names a member of a struct and says its unit, range, default and meaning. Reading a job file, messages,
/// `undulith explain`, the resolved job, the JSON Schema, the guide's tables, `job::set` and the stage's own
/// check all come from it. Nothing here knows of TOML or of files.
namespace undulith {

/// number, integer, text; choice: one of a list of words; words: an array of words of a list, each at most once;
/// numbers: an array of numbers; complex: a number or [real, imaginary]; file: the name of a file; material: a name of the library, formula\@density, or the name
/// of a table.
enum class KeyType { number, integer, text, choice, words, numbers, complex, file, material };

/// Where a default value comes from.
enum class Origin {
  measured,   ///< a published measurement or a specification
  derived,    ///< follows from other numbers
  assumed,    ///< a plausible value: change it if you know better
  convention  ///< a choice of notation or of what to show; no physics depends on it
};

/// A value of any type of key; monostate: absent. A choice is its word.
using KeyValue = std::variant<std::monostate, double, int, std::string, std::vector<double>,
                              std::complex<double>, std::vector<std::string>>;

struct KeyInfo {
  std::string name{};  ///< without the table: "na"
  std::string unit{};  ///< "nm"; empty for pure numbers and words
  Range range{};       ///< of the number, of each number of an array, of the modulus of a complex number
  std::vector<double> only{};  ///< the only numbers allowed; empty: all of the range
  Origin origin = Origin::convention;
  std::string why{};      ///< reason or citation of the default
  std::string doc{};      ///< one sentence
  std::string advice{};   ///< "use 0.33 or 0.55": ends a message about a bad value; may be empty
  bool required = false;  ///< must be given in every table of its array
  KeyType type = KeyType::number;
  std::vector<std::string> choices{};  ///< type = choice or words
  KeyValue default_value{};            ///< absent when required, or absent by default
};

/// What a value of this key must be: "in (0, 1]", "a whole number in [1, 99]", "one of 1, 7, 19".
[[nodiscard]] std::string demand_of(const KeyInfo& key);

/// Whether the value is one that the key takes: type, range, finite, one of its words. An absent value is.
[[nodiscard]] bool accepts(const KeyInfo& key, const KeyValue& value);

/// @returns "imaging.na" of "imaging" and "na", "na" where the table is empty
[[nodiscard]] std::string full_name(std::string_view table, std::string_view key);

/// @param name  in full: "imaging.na"
/// @throws InputError  "imaging.na = 1.33 (must be in (0, 1)); use 0.33 or 0.55"
void check_value(const KeyInfo& key, const std::string& name, const KeyValue& value);

/// One key of a struct: what it is, how the member is written and read.
template <class Owner>
struct Key {
  KeyInfo info;
  std::function<void(Owner&, const KeyValue&)> set;  ///< the value must have the type of the key
  std::function<KeyValue(const Owner&)> get;
};

template <class Owner>
using Keys = std::vector<Key<Owner>>;

/// Refuses a struct of parameters with a value outside of the range of its key.
/// @param table        "mask.stack"; empty for keys that stand alone
/// @throws InputError  for the first such key
template <class Owner>
void check_keys(const Owner& owner, const Keys<Owner>& keys, std::string_view table) {
  for (const Key<Owner>& key : keys) check_value(key.info, full_name(table, key.info.name), key.get(owner));
}

/// The same for each element of an array of tables: "imaging.jones[2].pauli".
template <class Owner>
void check_each(const std::vector<Owner>& elements, const Keys<Owner>& keys, std::string_view table) {
  for (std::size_t i = 0; i < elements.size(); ++i)
    check_keys(elements[i], keys, std::string(table) + "[" + std::to_string(i + 1) + "]");
}

/// How a table of keys is written; for sources alone.
namespace keys {

template <class Owner>
[[nodiscard]] Key<Owner> with_default(Key<Owner> key) {
  if (!key.info.required) key.info.default_value = key.get(Owner{});
  return key;
}

template <class T>
inline constexpr KeyType kType = KeyType::number;
template <>
inline constexpr KeyType kType<int> = KeyType::integer;
template <>
inline constexpr KeyType kType<std::string> = KeyType::text;
template <>
inline constexpr KeyType kType<std::vector<double>> = KeyType::numbers;
template <>
inline constexpr KeyType kType<std::complex<double>> = KeyType::complex;

/// A member that holds a number, a whole number, a text, numbers or a complex number.
template <class Owner, class T>
[[nodiscard]] Key<Owner> key(T Owner::*member, KeyInfo info) {
  info.type = kType<T>;
  return with_default<Owner>(
      {std::move(info), [member](Owner& owner, const KeyValue& value) { owner.*member = std::get<T>(value); },
       [member](const Owner& owner) -> KeyValue { return owner.*member; }});
}

/// The same, for a member that may be absent.
template <class Owner, class T>
[[nodiscard]] Key<Owner> key(std::optional<T> Owner::*member, KeyInfo info) {
  info.type = kType<T>;
  return with_default<Owner>({std::move(info),
                              [member](Owner& owner, const KeyValue& value) {
                                if (std::holds_alternative<std::monostate>(value))
                                  (owner.*member).reset();
                                else
                                  owner.*member = std::get<T>(value);
                              },
                              [member](const Owner& owner) -> KeyValue {
                                if (const auto& value = owner.*member) return *value;
                                return {};
                              }});
}

/// A member that holds one value of an enum.
template <class Owner, class Enum>
[[nodiscard]] Key<Owner> choice(Enum Owner::*member, std::vector<std::pair<std::string, Enum>> words,
                                KeyInfo info) {
  info.type = KeyType::choice;
  for (const auto& [word, value] : words) info.choices.push_back(word);
  return with_default<Owner>({std::move(info),
                              [member, words](Owner& owner, const KeyValue& value) {
                                for (const auto& [word, meaning] : words)
                                  if (word == std::get<std::string>(value)) owner.*member = meaning;
                              },
                              [member, words](const Owner& owner) -> KeyValue {
                                for (const auto& [word, meaning] : words)
                                  if (meaning == owner.*member) return word;
                                return {};
                              }});
}

/// A member that holds values of an enum.
template <class Owner, class Enum>
[[nodiscard]] Key<Owner> words(std::vector<Enum> Owner::*member,
                               std::vector<std::pair<std::string, Enum>> words, KeyInfo info) {
  info.type = KeyType::words;
  for (const auto& [word, value] : words) info.choices.push_back(word);
  return with_default<Owner>({std::move(info),
                              [member, words](Owner& owner, const KeyValue& value) {
                                (owner.*member).clear();
                                for (const std::string& one : std::get<std::vector<std::string>>(value))
                                  for (const auto& [word, meaning] : words)
                                    if (word == one) (owner.*member).push_back(meaning);
                              },
                              [member, words](const Owner& owner) -> KeyValue {
                                std::vector<std::string> written;
                                for (const Enum one : owner.*member)
                                  for (const auto& [word, meaning] : words)
                                    if (meaning == one) written.push_back(word);
                                return written;
                              }});
}

/// A member that holds the name of a file.
template <class Owner>
[[nodiscard]] Key<Owner> file(std::string Owner::*member, KeyInfo info) {
  Key<Owner> out = key(member, std::move(info));
  out.info.type = KeyType::file;
  return out;
}

/// A member that holds a material (materials::Material). The value of the key is its name; setting it resolves
/// the name.
template <class Owner, class Material>
[[nodiscard]] Key<Owner> material(Material Owner::*member, KeyInfo info) {
  info.type = KeyType::material;
  return with_default<Owner>(
      {std::move(info),
       [member](Owner& owner, const KeyValue& value) { owner.*member = std::get<std::string>(value); },
       [member](const Owner& owner) -> KeyValue { return (owner.*member).name(); }});
}

/// Keys of a part of a struct as keys of the struct.
/// @param access  (auto& owner) -> auto& part
template <class Owner, class Part, class Access>
[[nodiscard]] Keys<Owner> within(Access access, const Keys<Part>& keys) {
  Keys<Owner> out;
  for (const Key<Part>& key : keys)
    out.push_back(
        {key.info,
         [access, set = key.set](Owner& owner, const KeyValue& value) { set(access(owner), value); },
         [access, get = key.get](const Owner& owner) { return get(access(owner)); }});
  return out;
}

/// Keys of a struct as keys of one that extends it.
template <class Owner, class Base>
[[nodiscard]] Keys<Owner> inherited(const Keys<Base>& keys) {
  return within<Owner>(
      [](auto& owner) -> auto& { return owner; }, keys);
}

/// One list of keys after another.
template <class Owner>
[[nodiscard]] Keys<Owner> joined(Keys<Owner> first, const Keys<Owner>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace keys
}  // namespace undulith
