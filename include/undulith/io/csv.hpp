// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace undulith::io {

/// A table of numbers with named columns.
struct CsvTable {
  std::vector<std::string> columns;
  std::vector<std::vector<double>> rows;
  std::vector<int> lines;          ///< line of each row in the file, from 1
  std::vector<std::string> texts;  ///< of each row: the text of the text column, whose number is 0

  /// Index of a column. @throws InputError  there is none; lists the columns
  [[nodiscard]] std::size_t column(const std::string& name) const;
  [[nodiscard]] bool has(const std::string& name) const;
  std::string name;  ///< name of the file, for messages
};

/// Reads comma-separated numbers; '#' starts a comment, the first other line is the header.
/// @param text_column  name of the one column that holds text; it is required; empty = none
/// @throws InputError  with the line: missing file, no header, over 1000 columns, not a number, a row of
///                     another length
[[nodiscard]] CsvTable read_csv(const std::filesystem::path& path, const std::string& text_column = {});
/// The same for a text. @param name  of the file, for messages
[[nodiscard]] CsvTable parse_csv(std::string_view text, const std::string& name,
                                 const std::string& text_column = {});

/// One field of a CSV line written by Undulith: the shortest text that reads back to the same double.
[[nodiscard]] std::string format_number(double value);

/// A text as one field of a CSV line: in quotes if it contains a comma, a quote or a line end (RFC 4180).
[[nodiscard]] std::string format_text(const std::string& text);

}  // namespace undulith::io
