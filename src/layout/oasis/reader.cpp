// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "layout/gunzip.hpp"
#include "layout/inflate.hpp"
#include "layout/metadata_cells.hpp"
#include "layout/oasis/elements.hpp"
#include "layout/oasis/names.hpp"
#include "layout/oasis/records.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/printable.hpp"
#include "undulith/layout/oasis.hpp"

namespace undulith::layout {
namespace oasis {
namespace {

// The same bound as for GDSII: no real layout reaches it.
constexpr double kMinDbuNm = 1e-6, kMaxDbuNm = 1e6;
constexpr int kTables = 6;

/// 1000 nm divided by the grid points per micrometre; short decimals are exact.
double dbu_nm_of(long double points_per_micron) {
  const auto nm = static_cast<double>(1000 / points_per_micron);
  const double decimal = std::stod(fmt::format("{:.12g}", nm));
  return std::abs(decimal - nm) <= 1e-15 * nm ? decimal : nm;
}

class Reader {
 public:
  Reader(std::span<const std::byte> bytes, const std::string& name, std::size_t max_bytes)
      : bytes_(bytes), stream_(bytes, name, max_bytes), elements_(stream_, notes_, max_bytes) {}

  Layout read() {
    read_start();
    for (bool more = true; more;) more = read_record();
    name_cells();
    for (const std::string& text : leave_out_metadata(layout_)) note(text);
    note_missing_cells();
    for (const auto& [text, count] : notes_) {
      layout_.warnings.push_back(printable(count == 1 ? text : fmt::format("{} ({} times)", text, count)));
    }
    return std::move(layout_);
  }

 private:
  void note(const std::string& text) { ++notes_[text]; }

  // ---- the file ----

  void read_start() {
    const auto magic = stream_.bytes(std::min(kMagic.size(), stream_.left()));
    if (std::string_view(reinterpret_cast<const char*>(magic.data()), magic.size()) != kMagic) {
      stream_.fail(
          "an OASIS file begins with '%SEMI-OASIS' (this is not OASIS); check the file and its extension");
    }
    if (stream_.next_record() != START)
      stream_.fail("START must come first; the file is damaged: fetch or write it again");
    const std::string version = stream_.string();
    if (version != "1.0")
      stream_.fail(fmt::format("version '{}' (only 1.0 is read); convert the file", version));
    const long double points = stream_.real();
    if (!(points > 0) || 1000 / points < kMinDbuNm || 1000 / points > kMaxDbuNm) {
      stream_.fail(
          fmt::format("{:g} grid points per micrometre (a database unit must be in [{:g}, {:g}] nm); the "
                      "file is damaged: fetch or write it again",
                      static_cast<double>(points), kMinDbuNm, kMaxDbuNm));
    }
    layout_.dbu_nm = dbu_nm_of(points);
    elements_.set_dbu_nm(layout_.dbu_nm);
    const std::uint64_t flag = stream_.unsigned_integer();
    if (flag > 1)
      stream_.fail(fmt::format(
          "an offset flag of {} (must be 0 or 1); the file is damaged: fetch or write it again", flag));
    offsets_at_end_ = flag == 1;
    if (!offsets_at_end_) skip_offsets();
  }

  /// Skips the positions of the tables of names; the whole file is read anyway.
  void skip_offsets() {
    for (int i = 0; i < 2 * kTables; ++i) (void)stream_.unsigned_integer();
  }

  /// @return  false after END
  bool read_record() {
    const std::uint8_t record = stream_.next_record();
    switch (record) {
      case PAD:
        return true;
      case START:
        stream_.fail("a second START; the file is damaged: fetch or write it again");
      case END:
        read_end();
        return false;
      case CELLNAME:
      case CELLNAME_NUMBERED:
        leave_cell();
        names_.read(stream_, record == CELLNAME_NUMBERED);
        return true;
      case CELL:
      case CELL_NUMBERED:
        begin_cell(record);
        return true;
      case CBLOCK:
        stream_.enter_block();
        return true;
      case PROPERTY:
      case PROPERTY_AGAIN:
      case XELEMENT:
        (void)skip_record(stream_, record);
        return true;
      default:
        break;
    }
    if (record > CBLOCK)
      stream_.fail(
          fmt::format("record type {} is not known; the file is damaged: fetch or write it again", record));
    if (skip_record(stream_, record)) {  // a table of names ends the cell
      leave_cell();
      return true;
    }
    if (!in_cell_) stream_.fail("an element outside a cell; the file is damaged: fetch or write it again");
    elements_.read(record, cells_.back());
    return true;
  }

  void read_end() {
    leave_cell();
    if (stream_.in_block())
      stream_.fail("it is in a compressed block; the file is damaged: fetch or write it again");
    if (offsets_at_end_) skip_offsets();
    stream_.skip_string();  // padding
    const std::uint64_t scheme = stream_.unsigned_integer();
    if (scheme > CHECKSUM32)
      stream_.fail(fmt::format(
          "validation scheme {} (0 to 2 are known); the file is damaged: fetch or write it again", scheme));
    if (scheme != NO_VALIDATION) {
      const auto covered = bytes_.first(stream_.position());
      std::uint32_t written = 0;
      int shift = 0;
      for (const std::byte b : stream_.bytes(4)) {
        written |= std::to_integer<std::uint32_t>(b) << shift;
        shift += 8;
      }
      const std::uint32_t found = scheme == CRC32
                                      ? crc32_of(covered)
                                      : std::accumulate(covered.begin(), covered.end(), std::uint32_t{0},
                                                        [](std::uint32_t sum, std::byte b) {
                                                          return sum + std::to_integer<std::uint32_t>(b);
                                                        });
      if (found != written) {
        stream_.fail(fmt::format(
            "the checksum of the file is {:#010x} (END says {:#010x}); the file is damaged: fetch or write "
            "it again",
            found, written));
      }
    }
    const auto rest = stream_.bytes(stream_.left());
    if (std::any_of(rest.begin(), rest.end(), [](std::byte b) { return b != std::byte{0}; })) {
      note(fmt::format("{} bytes after END were ignored", rest.size()));
    }
  }

  // ---- cells ----

  void begin_cell(std::uint8_t record) {
    leave_cell();
    OpenCell cell;
    if (record == CELL_NUMBERED) {
      cell.key.number = stream_.unsigned_integer();
      cell.key.name = names_.find(*cell.key.number).value_or(fmt::format("number {}", *cell.key.number));
    } else {
      cell.key.name = stream_.string();
      if (cell.key.name.empty())
        stream_.fail("a cell without a name; the file is damaged: fetch or write it again");
    }
    stream_.set_cell(cell.key.name);
    cells_.push_back(std::move(cell));
    elements_.begin_cell();
    in_cell_ = true;
  }

  void leave_cell() {
    in_cell_ = false;
    stream_.set_cell("");
  }

  std::string name_of(const CellKey& key) const {
    if (!key.number) return key.name;
    const std::optional<std::string> name = names_.find(*key.number);
    if (!name) {
      stream_.fail(
          fmt::format("cell number {} is used (no CELLNAME gives its name); the file is damaged: fetch or "
                      "write it again",
                      *key.number));
    }
    return *name;
  }

  /// At the end, all tables are known: replaces numbers by names, and arrays of shapes by cells.
  void name_cells() {
    for (OpenCell& open : cells_) {
      open.cell.name = name_of(open.key);
      for (const auto& [index, number] : open.numbered_references) {
        open.cell.references[index].cell = name_of({.number = number});
      }
      if (layout_.cells.contains(open.cell.name)) {
        stream_.fail(fmt::format("cell '{}' is defined twice; rename one of the two", open.cell.name));
      }
      const std::string name = open.cell.name;
      layout_.cells.emplace(name, std::move(open.cell));
    }
    for (OpenCell& open : cells_) {
      if (open.arrays.empty()) continue;
      const std::string owner = name_of(open.key);
      int number = 0;
      for (ShapeArray& array : open.arrays) {
        std::string name;
        do {
          name = fmt::format("{}$array{}", owner, ++number);
        } while (layout_.cells.contains(name));
        array.lattice.cell = name;
        layout_.cells.at(owner).references.push_back(std::move(array.lattice));
        layout_.cells.emplace(name, Cell{.name = name, .shapes = {std::move(array.shape)}});
      }
    }
  }

  void note_missing_cells() {
    for (const auto& [name, cell] : layout_.cells) {
      for (const Reference& r : cell.references) {
        if (!layout_.cells.contains(r.cell)) {
          note(fmt::format("cell '{}' (placed by '{}') is not in the file and stays empty", r.cell, name));
        }
      }
    }
  }

  std::span<const std::byte> bytes_;
  OasisStream stream_;
  Layout layout_;
  CellNames names_;
  std::vector<OpenCell> cells_;
  bool in_cell_ = false, offsets_at_end_ = false;
  std::map<std::string, int> notes_;
  ElementReader elements_;
};

}  // namespace
}  // namespace oasis

Layout read_oasis(std::span<const std::byte> bytes, const std::string& name, std::size_t max_bytes) {
  if (is_gzip(bytes)) {
    const std::vector<std::byte> inflated = gunzip(bytes, name, max_bytes);
    return oasis::Reader(inflated, name, max_bytes).read();
  }
  return oasis::Reader(bytes, name, max_bytes).read();
}

}  // namespace undulith::layout
