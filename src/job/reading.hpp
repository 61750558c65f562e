// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "undulith/core/key.hpp"
#include "undulith/io/toml.hpp"

/// From TOML to the values of keys and back.
namespace undulith::job {

/// All that is wrong with a job, gathered so that its author sees it at once.
class Faults {
 public:
  /// @throws InputError  with all errors so far, at the hundredth: a file of another kind can have thousands
  void error(const std::string& key, const io::TomlLocation& where, const std::string& message);
  void warning(const io::TomlLocation& where, const std::string& message);

  /// Whether this key (or one below it) has an error already: what follows from it need not be reported.
  [[nodiscard]] bool has(std::string_view key) const;
  /// All warnings, in the order of the text.
  [[nodiscard]] std::vector<std::string> warnings() const;
  /// @throws InputError  with all errors, in the order of the text, when there are any
  void throw_if_any() const;

 private:
  static constexpr std::size_t kMostErrors = 100;
  struct Entry {
    io::TomlLocation where;
    std::string text;
  };
  static void sort(std::vector<Entry>& entries);

  std::vector<Entry> errors_, warnings_;
  std::set<std::string, std::less<>> keys_;
};

/// Value of a node, or nothing after a complaint. A file name is made absolute from the folder of the text that
/// names it.
/// @param name  of the key, in full: "metrology.gauge[2].x_nm"
[[nodiscard]] std::optional<KeyValue> read_value(const io::TomlNode& node, const KeyInfo& key,
                                                 const std::string& name, Faults& faults);

/// The value as its author wrote it, shortened.
[[nodiscard]] std::string shown_value(const io::TomlNode& node);

/// How file names are written: relative to a folder, or reduced to their last part.
using FileNames = std::function<std::string(const std::string&)>;

/// TOML of a value; an absent one has none.
[[nodiscard]] std::optional<std::string> write_value(const KeyInfo& key, const KeyValue& value,
                                                     const FileNames& names);

/// Complains about a member of a table that is no key, with the nearest name that is.
void report_unknown_key(const std::string& table, const io::TomlNode& member, Faults& faults);

}  // namespace undulith::job
