// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace undulith::io {

/// A text that was parsed, kept so that a message can quote a line of it.
struct TomlSource {
  std::string name;              ///< as the user wrote it: "jobs/a.toml", "--set imaging.na=2"
  std::filesystem::path folder;  ///< file names in this text are relative to it
  std::string text;
};

/// A place in a text. line 0: the text as a whole (a value of the command line).
struct TomlLocation {
  std::shared_ptr<const TomlSource> source;
  int line = 0, column = 0;  ///< from 1; columns count characters, not bytes
};

enum class TomlKind { table, array, text, integer, number, boolean, date };

/// A value of a TOML text with its location; children keep the order of the text.
struct TomlNode {
  TomlKind kind = TomlKind::table;
  std::variant<std::monostate, std::string, std::int64_t, double, bool>
      value;                       ///< text and date: std::string
  std::string key;                 ///< its name in the table that holds it; empty in arrays
  TomlLocation location;           ///< of the value
  TomlLocation key_location;       ///< of the name
  std::vector<TomlNode> children;  ///< of tables and arrays, in the order of the text

  /// The member of that name, nullptr if there is none.
  [[nodiscard]] const TomlNode* find(std::string_view name) const;
  [[nodiscard]] TomlNode* find(std::string_view name);
};

/// Parses TOML 1.0.
/// @param name    of the text, for messages
/// @param folder  file names in it are relative to this folder
/// @throws InputError  syntax error or key given twice: name:line:column, the line and a caret, and a hint
///                     for the usual slips (a unit behind a number, a decimal comma, a word without quotes)
[[nodiscard]] TomlNode parse_toml(std::string_view text, const std::string& name,
                                  const std::filesystem::path& folder = {});

/// Parses a file; its name in messages is the path as given, its folder is that of the file.
/// @throws InputError  missing or unreadable file, and as parse_toml
[[nodiscard]] TomlNode read_toml(const std::filesystem::path& path);

/// One value from the command line, as a tree of tables: `imaging.na`, `0.55` gives {imaging: {na: 0.55}}.
/// A value that is not TOML and does not begin with a quote or bracket is taken as text: `dipole`.
/// @param name  of the argument, for messages; the location of every node
/// @throws InputError  an empty or malformed key, a broken quoted value
[[nodiscard]] TomlNode parse_toml_argument(std::string_view key, std::string_view value,
                                           const std::string& name, const std::filesystem::path& folder = {});

/// Merges `top` into `base`: tables are merged key by key; any other value, also an array, replaces the old
/// one.
[[nodiscard]] TomlNode merge_toml(TomlNode base, const TomlNode& top);

/// "name:12:14: error: message", then the source line and a caret below its column. No '\n' at the end.
[[nodiscard]] std::string toml_diagnostic(const TomlLocation& where, std::string_view message,
                                          std::string_view severity = "error");

/// The number in TOML: the shortest digits that read back to the same double, with a point or an exponent.
[[nodiscard]] std::string toml_number(double value);

/// The text in TOML: a basic string with its quotes.
[[nodiscard]] std::string toml_text(std::string_view text);

}  // namespace undulith::io
