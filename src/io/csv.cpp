// SPDX-License-Identifier: MIT
#include "undulith/io/csv.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <span>
#include <stdexcept>
#include <string_view>

#include "undulith/core/decimal.hpp"
#include "undulith/core/error.hpp"
#include "undulith/io/file_kind.hpp"
#include "undulith/io/files.hpp"

namespace undulith::io {

namespace {

/// Limits the number of columns: all names are compared with each other, which is slow for a million of them.
constexpr std::size_t kMaxColumns = 1000;
constexpr std::string_view kBlanks = " \t\v\f\r";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";  // that spreadsheet programs write

enum class Separator { comma, tab, blanks };

[[noreturn]] void fail(const std::string& name, int line, const std::string& message) {
  throw InputError(fmt::format("{}:{}: {}", name, line, message));
}

/// Whether a table whose header is this line has commas, tabs or blanks between its fields.
[[nodiscard]] Separator separator_of(std::string_view header) {
  if (header.find(',') != std::string_view::npos) return Separator::comma;
  if (header.find(';') != std::string_view::npos) return Separator::comma;  // is refused, with advice
  return header.find('\t') != std::string_view::npos ? Separator::tab : Separator::blanks;
}

/// A field in quotes; the text after its closing quote is left. Nothing where the quote is never closed.
[[nodiscard]] std::optional<std::string> take_quoted(std::string_view& rest) {
  std::string field;
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] != '"') {
      field += rest[i];
    } else if (i + 1 < rest.size() && rest[i + 1] == '"') {
      field += rest[i++];
    } else {
      rest.remove_prefix(i + 1);
      return field;
    }
  }
  return std::nullopt;
}

/// Where the comment of a line begins: at a '#' that is not within quotes.
[[nodiscard]] std::size_t comment_of(std::string_view line) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '#') return i;
    const bool opens = line[i] == '"' &&
                       (i == 0 || line[i - 1] == ',' || kBlanks.find(line[i - 1]) != std::string_view::npos);
    std::string_view rest = line.substr(i);
    if (opens && take_quoted(rest)) i = line.size() - rest.size() - 1;
  }
  return std::string_view::npos;
}

[[nodiscard]] std::vector<std::string> split(std::string_view line, Separator separator) {
  const std::string_view ends = separator == Separator::comma ? ","
                                : separator == Separator::tab ? "\t"
                                                              : kBlanks;
  std::vector<std::string> fields;
  std::string_view rest = line;
  for (;;) {
    const std::size_t first = rest.find_first_not_of(separator == Separator::tab ? " \r" : kBlanks);
    rest.remove_prefix(std::min(first, rest.size()));
    std::string quoted;
    if (rest.starts_with('"')) {
      std::string_view after = rest;
      if (auto field = take_quoted(after)) {
        quoted = std::move(*field);
        rest = after;
      }
    }
    const std::size_t end = rest.find_first_of(ends);
    fields.push_back(quoted + std::string(without_blanks(rest.substr(0, end))));
    if (end == std::string_view::npos) return fields;
    rest.remove_prefix(end + 1);
    if (separator == Separator::blanks && rest.find_first_not_of(kBlanks) == std::string_view::npos)
      return fields;
  }
}

/// The line without blanks around it; a tab at an end stands for an empty field.
[[nodiscard]] std::string_view trimmed(std::string_view line, Separator separator) {
  if (separator != Separator::tab) return without_blanks(line);
  const std::size_t first = std::min(line.find_first_not_of(" \r"), line.size());
  line.remove_prefix(first);
  return line.substr(0, line.find_last_not_of(" \r") + 1);
}

/// A line without its comment. A '#' that would leave too few fields is part of a text: "wafer #3".
[[nodiscard]] std::vector<std::string> fields_of(std::string_view line, Separator separator,
                                                 std::size_t n_columns) {
  const std::string_view content = trimmed(line.substr(0, comment_of(line)), separator);
  std::vector<std::string> fields = split(content, separator);
  if (fields.size() == n_columns) return fields;
  if (line.find('#') != std::string_view::npos)
    if (auto all = split(trimmed(line, separator), separator); all.size() == n_columns) return all;
  // A header with commas over rows with blanks.
  if (separator != Separator::blanks && content.find_first_of(",;") == std::string_view::npos)
    if (auto blank = split(content, Separator::blanks); blank.size() == n_columns) return blank;
  return fields;
}

[[nodiscard]] bool all_numbers(const std::vector<std::string>& fields) {
  return std::ranges::all_of(fields, [](const std::string& field) { return decimal_of(field).has_value(); });
}

void check_header(const std::vector<std::string>& fields, const std::string& name, int line) {
  if (fields.size() > kMaxColumns)
    fail(name, line,
         fmt::format("{} columns (at most {}); check that the file is a table of numbers", fields.size(),
                     kMaxColumns));
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].empty())
      fail(name, line,
           "a column has no name (two commas in a row, or a comma at an end of the line); write its name");
    if (std::find(fields.begin(), fields.begin() + static_cast<std::ptrdiff_t>(i), fields[i]) !=
        fields.begin() + static_cast<std::ptrdiff_t>(i))
      fail(name, line,
           fmt::format("two columns are called '{}' (names must differ); rename one of them",
                       shown_text(fields[i])));
  }
  if (fields.size() == 1 && fields[0].find(';') != std::string::npos)
    fail(name, line,
         "the header has only one column (its name contains ';'); separate the columns by commas");
}

/// The names of the columns of a table without a header.
[[nodiscard]] std::vector<std::string> usual_header(const std::vector<std::string>& fields,
                                                    const CsvOptions& options, const std::string& name,
                                                    int line) {
  if (std::ranges::find(options.n_columns, fields.size()) == options.n_columns.end()) {
    std::string usual;
    for (const std::size_t n : options.n_columns)
      usual += fmt::format("{}{}", usual.empty() ? "" : " or ", n);
    fail(name, line,
         fmt::format("no header (the first line is a row of numbers{}); write the names of the columns on a "
                     "line before it",
                     usual.empty() ? "" : fmt::format(", {} of them, not {}", fields.size(), usual)));
  }
  return {options.usual_columns.begin(),
          options.usual_columns.begin() + static_cast<std::ptrdiff_t>(fields.size())};
}

/// Collects the rows of a table.
class TableReader {
 public:
  TableReader(const std::string& name, const CsvOptions& options) : options_(options) { table_.name = name; }

  void read_line(std::string_view line, int number) {
    const std::string_view content = without_blanks(line.substr(0, comment_of(line)));
    if (content.empty()) return;
    if (!table_.columns.empty()) return read_row(line, number);
    separator_ = separator_of(content);
    const std::vector<std::string> fields = split(content, separator_);
    const bool headless = all_numbers(fields);
    if (!headless) check_header(fields, table_.name, number);
    table_.columns = headless ? usual_header(fields, options_, table_.name, number) : fields;
    for (const std::string& column : table_.columns)
      if (std::ranges::find(options_.texts, column) != options_.texts.end()) table_.text_fields[column];
    if (headless) read_row(line, number);
  }
  [[nodiscard]] CsvTable take() { return std::move(table_); }

 private:
  void read_row(std::string_view line, int number) {
    const std::vector<std::string> fields = fields_of(line, separator_, table_.columns.size());
    if (fields.size() != table_.columns.size())
      fail(table_.name, number,
           fmt::format("{} fields (the header has {} columns); write one field per column", fields.size(),
                       table_.columns.size()));
    std::vector<double> row;
    row.reserve(fields.size());
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const auto text = table_.text_fields.find(table_.columns[i]);
      if (text != table_.text_fields.end()) text->second.push_back(fields[i]);
      const Decimal decimal = read_decimal(fields[i]);
      if (decimal.fault != DecimalFault::none) add_fault(i, number, fields[i]);
      row.push_back(decimal.fault == DecimalFault::none ? decimal.value
                                                        : std::numeric_limits<double>::quiet_NaN());
    }
    table_.rows.push_back(std::move(row));
    table_.lines.push_back(number);
  }
  void add_fault(std::size_t column, int line, const std::string& field) {
    CsvTable::Fault& fault = table_.faults[column];
    const bool gap = field.empty() || field == "nan" || field == "NaN";
    if (!fault.message.empty() && (!fault.only_gaps || gap)) return;
    fault.only_gaps = gap;
    fault.message =
        fmt::format("{}:{}: column '{}': '{}' (must be a finite number); write it like 0.25 or 2.5e-1",
                    table_.name, line, shown_text(table_.columns[column]), shown_text(field));
  }

  const CsvOptions& options_;
  CsvTable table_;
  Separator separator_ = Separator::comma;
};

}  // namespace

std::size_t CsvTable::place_of(const std::string& wanted) const {
  const auto found = std::find(columns.begin(), columns.end(), wanted);
  if (found == columns.end()) {
    std::vector<std::string> known;
    for (const std::string& column : columns) known.push_back(shown_text(column));
    throw InputError(fmt::format("{}: no column '{}' (the columns are: {}); add it or rename a column", name,
                                 wanted, fmt::join(known, ", ")));
  }
  return static_cast<std::size_t>(found - columns.begin());
}

std::size_t CsvTable::column(const std::string& wanted) const {
  const std::size_t place = place_of(wanted);
  if (const auto fault = faults.find(place); fault != faults.end()) throw InputError(fault->second.message);
  return place;
}

std::size_t CsvTable::column_with_gaps(const std::string& wanted) const {
  const std::size_t place = place_of(wanted);
  const auto fault = faults.find(place);
  if (fault != faults.end() && !fault->second.only_gaps) throw InputError(fault->second.message);
  return place;
}

void CsvTable::require_numbers() const {
  if (!faults.empty()) throw InputError(faults.begin()->second.message);
}

bool CsvTable::has(const std::string& wanted) const {
  return std::find(columns.begin(), columns.end(), wanted) != columns.end();
}

const std::vector<std::string>& CsvTable::texts(const std::string& wanted) const {
  const auto found = text_fields.find(wanted);
  if (found != text_fields.end()) return found->second;
  static_cast<void>(place_of(wanted));
  throw std::invalid_argument("CsvTable::texts: '" + wanted + "' was not read as text");
}

CsvTable read_csv(const std::filesystem::path& path, const CsvOptions& options) {
  return parse_csv(read_text(path), path.string(), options);
}

CsvTable parse_csv(std::string_view text, const std::string& name, const CsvOptions& options) {
  const FileKind kind = kind_of(head_of(std::as_bytes(std::span(text))));
  if (kind != FileKind::unknown && kind != FileKind::table && kind != FileKind::srw)
    throw InputError(wrong_kind(name, kind, "a table"));
  TableReader reader(name, options);
  std::string_view rest = text;
  while (rest.starts_with(kByteOrderMark)) rest.remove_prefix(kByteOrderMark.size());
  for (int line = 1; !rest.empty(); ++line) {
    const auto end = rest.find('\n');
    reader.read_line(rest.substr(0, end), line);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  CsvTable table = reader.take();
  if (table.columns.empty()) {
    throw InputError(fmt::format(
        "{}: no header (only blank lines and comments); write the names of the columns on the first line",
        table.name));
  }
  return table;
}

std::vector<std::string> csv_fields(std::string_view line) {
  return split(line, Separator::comma);
}

std::string format_number(double value) {
  std::array<char, 32> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return std::string(buffer.data(), result.ptr);
}

std::string format_text(const std::string& text) {
  const bool is_plain =
      text.find_first_of(",\"\r\n#") == std::string::npos && !text.starts_with(kByteOrderMark);
  if (is_plain && without_blanks(text).size() == text.size()) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace undulith::io
