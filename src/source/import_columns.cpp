// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

#include "source/import_formats.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/decimal.hpp"
#include "undulith/core/error.hpp"

namespace undulith::source {
namespace {

constexpr std::string_view kBlanks = " \t\r";

/// Fields between blanks, tabs or semicolons.
std::vector<std::string_view> fields_of(std::string_view line) {
  constexpr std::string_view kSeparators = " \t\r;";
  std::vector<std::string_view> fields;
  for (auto at = line.find_first_not_of(kSeparators); at != std::string_view::npos;) {
    const auto end = line.find_first_of(kSeparators, at);
    fields.push_back(line.substr(at, end == std::string_view::npos ? end : end - at));
    at = end == std::string_view::npos ? end : line.find_first_not_of(kSeparators, end);
  }
  return fields;
}

/// Labels of SPEC: two blanks or a tab between them, since a label may hold single blanks.
std::vector<std::string> spec_labels(std::string_view line) {
  std::vector<std::string> labels;
  for (line = without_blanks(line); !line.empty();) {
    const auto end = std::min(line.find("  "), line.find('\t'));
    labels.emplace_back(without_blanks(line.substr(0, end)));
    line = end == std::string_view::npos ? std::string_view{} : without_blanks(line.substr(end));
  }
  return labels;
}

std::optional<double> number_of(std::string_view field) {
  std::string text(field);
  std::ranges::replace_if(
      text, [](char c) { return c == 'D' || c == 'd'; }, 'e');  // of Fortran
  double value = 0;
  const char* first = text.data() + (text.starts_with('+') ? 1 : 0);
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(first, last, value);
  if (error != std::errc{} || end != last || !std::isfinite(value)) return {};
  return value;
}

/// Lower case without blanks; "Flux [phot/s/0.1%bw]" gives "flux[phot/s/0.1%bw]".
std::string plain(std::string_view label) {
  std::string text;
  for (const char c : label)
    if (kBlanks.find(c) == std::string_view::npos)
      text += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// One scan of SPEC, or the whole of another file.
struct Block {
  std::vector<std::string> labels;  ///< empty: the file has none
  std::vector<std::vector<double>> rows;
  std::vector<int> lines;
};

[[noreturn]] void fail(const std::string& name, int line, const std::string& message) {
  throw InputError(fmt::format("{}:{}: {}", name, line, message));
}

class BlockReader {
 public:
  BlockReader(std::string_view text, const std::string& name) : name_(name) {
    blocks_.emplace_back();
    for (int number = 1; !text.empty(); ++number) {
      const auto end = text.find('\n');
      take(without_blanks(text.substr(0, end)), number);
      text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    }
    std::erase_if(blocks_, [](const Block& block) { return block.rows.empty(); });
  }
  [[nodiscard]] const std::vector<Block>& blocks() const { return blocks_; }

 private:
  void take(std::string_view line, int number) {
    if (line.empty()) return;
    // Labels are those of the rows below them: after rows they begin another table.
    const bool has_labels = line.starts_with("#L ");
    if (line.starts_with("#S ") || (has_labels && !blocks_.back().rows.empty())) blocks_.emplace_back();
    Block& block = blocks_.back();
    if (has_labels) {
      block.labels = spec_labels(line.substr(3));
      return;
    }
    if (line.front() == '#' || line.front() == '%' || line.front() == '!') {
      const std::vector<std::string_view> words = fields_of(line.substr(1));
      if (block.rows.empty() && block.labels.empty()) comment_ = {words.begin(), words.end()};
      return;
    }
    const std::vector<std::string_view> fields = fields_of(line);
    std::vector<double> row;
    for (const std::string_view field : fields)
      if (const auto value = number_of(field)) row.push_back(*value);
    if (row.empty() && block.rows.empty() && block.labels.empty()) {
      block.labels = spec_labels(line).size() > 1 ? spec_labels(line)
                                                  : std::vector<std::string>(fields.begin(), fields.end());
      return;
    }
    if (row.size() != fields.size()) fail(name_, number, "a field is not a number; correct the line");
    // The last comment before the numbers may be their header.
    if (block.rows.empty() && block.labels.empty() && comment_.size() == row.size()) block.labels = comment_;
    const std::size_t columns = block.labels.empty()
                                    ? block.rows.empty() ? row.size() : block.rows.front().size()
                                    : block.labels.size();
    if (row.size() != columns)
      fail(name_, number,
           fmt::format("{} numbers (the line of labels, or the first line, has {}); the file is damaged",
                       row.size(), columns));
    block.rows.push_back(std::move(row));
    block.lines.push_back(number);
  }

  const std::string& name_;
  std::vector<Block> blocks_;
  std::vector<std::string> comment_;
};

/// Where energy and flux are, and the factors to eV and photons/s/0.1%bw.
struct Columns {
  std::size_t energy = 0, flux = 0;
  double to_ev = 1;
  double flux_factor = 1;
  bool per_ev = false;  ///< times the photon energy in units of 0.1 %
};

/// Whether a column is a photon energy; the factor to eV.
std::optional<double> energy_factor(const std::string& label) {
  const bool named = label.starts_with("photonenergy") || label.starts_with("energy") || label == "e_ev" ||
                     label.starts_with("e[") || label.starts_with("e(") || label == "ev";
  if (!named) return {};
  if (label.find("kev") != std::string::npos) return 1e3;
  return 1;
}

/// How a column gives the flux; the smaller the rank the better.
struct FluxColumn {
  int rank = 0;
  double factor = 1;
  bool per_ev = false;
};
std::optional<FluxColumn> flux_column(const std::string& label) {
  const bool is_density = label.find("density") != std::string::npos ||
                          label.find("mrad") != std::string::npos || label.find("mm") != std::string::npos;
  if (is_density) return {};
  const auto has = [&](const char* part) { return label.find(part) != std::string::npos; };
  const bool per_ev = has("/ev");
  if (has("flux") && (has(".1%") || label == "flux")) return FluxColumn{.rank = 0};
  if (has("flux") && per_ev) return FluxColumn{.rank = 1, .per_ev = true};
  // W/eV: 1e3 e photons of 0.1 % bandwidth.
  if (has("power") && has("w") && per_ev)
    return FluxColumn{.rank = 2, .factor = 1 / (1e3 * constants::kElementaryCharge)};
  return {};
}

std::optional<Columns> columns_of(const Block& block) {
  if (block.labels.empty())
    return block.rows.front().size() == 2 ? std::optional(Columns{.flux = 1}) : std::nullopt;
  Columns columns;
  bool has_energy = false;
  std::optional<FluxColumn> best;
  for (std::size_t i = 0; i < block.labels.size(); ++i) {
    const std::string label = plain(block.labels[i]);
    if (const auto factor = energy_factor(label); factor && !has_energy) {
      has_energy = true;
      columns.energy = i;
      columns.to_ev = *factor;
    }
    const auto flux = flux_column(label);
    if (!flux || (best && best->rank <= flux->rank)) continue;
    best = flux;
    columns.flux = i;
    columns.flux_factor = flux->factor;
    columns.per_ev = flux->per_ev;
  }
  if (!has_energy || !best) return {};
  return columns;
}

/// The table with the names that CSV has.
io::CsvTable table_of(const Block& block, const Columns& columns, const std::string& name) {
  io::CsvTable table;
  table.columns = {"E_eV", "flux"};
  table.lines = block.lines;
  table.name = name;
  std::vector<std::size_t> stokes;
  for (const char* wanted : {"s1", "s2", "s3"})
    for (std::size_t i = 0; i < block.labels.size(); ++i)
      if (plain(block.labels[i]) == wanted) {
        table.columns.emplace_back(wanted);
        stokes.push_back(i);
      }
  for (const std::vector<double>& row : block.rows) {
    const double energy_ev = columns.to_ev * row[columns.energy];
    const double per_bandwidth = columns.per_ev ? 1e-3 * energy_ev : 1;
    std::vector<double>& out = table.rows.emplace_back();
    out = {energy_ev, columns.flux_factor * per_bandwidth * row[columns.flux]};
    for (const std::size_t i : stokes) out.push_back(row[i]);
  }
  // Tables against wavelength run the other way.
  if (table.rows.size() > 1 && table.rows.front()[0] > table.rows.back()[0]) {
    std::ranges::reverse(table.rows);
    std::ranges::reverse(table.lines);
  }
  return table;
}

}  // namespace

ImportedLight import_columns(const std::string& text, const std::string& name) {
  const BlockReader reader(text, name);
  if (reader.blocks().empty()) throw InputError(fmt::format("{} has no numbers; give a file of light", name));
  const Block* taken = nullptr;
  Columns columns;
  int n_spectra = 0;
  for (const Block& block : reader.blocks()) {
    const bool is_ours =
        !block.labels.empty() && std::ranges::find(block.labels, "thx_urad") != block.labels.end();
    if (is_ours) {
      io::CsvTable table;
      table.columns = block.labels;
      table.rows = block.rows;
      table.lines = block.lines;
      table.name = name;
      return import_table(table);
    }
    const auto found = columns_of(block);
    if (!found) continue;
    if (n_spectra++ > 0) continue;
    taken = &block;
    columns = *found;
  }
  if (!taken)
    throw InputError(fmt::format(
        "{}: no columns of photon energy and flux (their labels must be like \"PhotonEnergy[eV]\" and "
        "\"Flux[phot/s/0.1%bw]\", or the file must have two columns without labels: eV and photons/s/0.1%bw); "
        "label the columns",
        name));
  ImportedLight light = import_table(table_of(*taken, columns, name));
  if (taken->labels.empty())
    light.notes.push_back(
        "The columns of the file have no labels: they are taken as photon energy in eV and flux in "
        "photons/s/0.1%bw.");
  else
    light.notes.push_back(fmt::format("The columns \"{}\" and \"{}\" of the file are taken.",
                                      taken->labels[columns.energy], taken->labels[columns.flux]));
  if (n_spectra > 1)
    light.notes.push_back(fmt::format("The file holds {} spectra; the first is taken.", n_spectra));
  return light;
}

}  // namespace undulith::source
