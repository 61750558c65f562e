// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace undulith::io {

/// A table of numbers with named columns. A field that holds no number is NaN in `rows`, and column() refuses
/// its column: a column that nobody reads may hold anything.
struct CsvTable {
  std::vector<std::string> columns;
  std::vector<std::vector<double>> rows;
  std::vector<int> lines;  ///< line of each row in the file, from 1
  std::string name;        ///< name of the file, for messages

  /// Index of a column of numbers.
  /// @throws InputError  there is none (lists the columns); a field of it is not a finite number (with its line)
  [[nodiscard]] std::size_t column(const std::string& name) const;
  /// The same where empty fields are allowed; they are NaN.
  [[nodiscard]] std::size_t column_with_gaps(const std::string& name) const;
  /// @throws InputError  a field of any column is not a finite number (with its line)
  void require_numbers() const;
  [[nodiscard]] bool has(const std::string& name) const;
  /// Fields of a column that was read as text (CsvOptions::texts), one per row.
  /// @throws InputError  there is no such column
  [[nodiscard]] const std::vector<std::string>& texts(const std::string& name) const;

  /// What is wrong with the first field of a column that is no number.
  struct Fault {
    std::string message;
    bool only_gaps = true;  ///< every field that is no number is empty
  };
  std::map<std::size_t, Fault> faults;                          ///< by column
  std::map<std::string, std::vector<std::string>> text_fields;  ///< of the columns of text

 private:
  [[nodiscard]] std::size_t place_of(const std::string& name) const;
};

struct CsvOptions {
  /// Columns that hold text. They need not be there.
  std::vector<std::string> texts;
  /// Names of the columns of a file without a header, for the numbers of columns that are in n_columns.
  std::vector<std::string> usual_columns;
  std::vector<std::size_t> n_columns;
};

/// Reads a table: fields separated by commas, or by tabs or blanks where the header has no comma; '#' starts a
/// comment, the first other line is the header. A field in quotes follows RFC 4180.
/// @throws InputError  with the line: missing file, no header, over 1000 columns, a row of another length
[[nodiscard]] CsvTable read_csv(const std::filesystem::path& path, const CsvOptions& options = {});
/// The same for a text. @param name  of the file, for messages
[[nodiscard]] CsvTable parse_csv(std::string_view text, const std::string& name,
                                 const CsvOptions& options = {});

/// The fields of a line with commas, for tables that are read a line at a time; quotes are taken off (RFC 4180).
[[nodiscard]] std::vector<std::string> csv_fields(std::string_view line);

/// One field of a CSV line written by Undulith: the shortest text that reads back to the same double.
[[nodiscard]] std::string format_number(double value);

/// A text as one field of a CSV line: in quotes (RFC 4180) if it contains a comma, a quote, a line end or '#', or has
/// blanks at an end.
[[nodiscard]] std::string format_text(const std::string& text);

}  // namespace undulith::io
