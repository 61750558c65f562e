// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "layout/gunzip.hpp"
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

/// A cell whose name, and the names that it places, may still be numbers.
struct OpenCell {
  CellKey key;
  Collector::Collected collected;
};

class Reader {
 public:
  Reader(ByteSource& source, const std::string& name, const UnfoldLimit& limit, Collector& collector)
      : stream_(source, name, limit), collector_(collector), elements_(stream_, notes_, collector) {}

  ReadFile read() {
    read_start();
    for (bool more = true; more;) more = read_record();
    name_cells();
    for (const std::string& text : leave_out_metadata(read_.layout)) note(text);
    note_missing_cells();
    for (const auto& [text, count] : notes_) {
      read_.layout.warnings.push_back(
          printable(count == 1 ? text : fmt::format("{} ({} times)", text, count)));
    }
    return std::move(read_);
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
    read_.layout.dbu_nm = dbu_nm_of(points);
    elements_.set_dbu_nm(read_.layout.dbu_nm);
    collector_.set_dbu_nm(read_.layout.dbu_nm);
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
    elements_.read(record);
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
      const ByteSource::Sums sums = stream_.sums();
      std::uint32_t written = 0;
      int shift = 0;
      for (const std::byte b : stream_.bytes(4)) {
        written |= std::to_integer<std::uint32_t>(b) << shift;
        shift += 8;
      }
      const std::uint32_t found = scheme == CRC32 ? sums.crc32 : sums.bytes;
      if (found != written) {
        stream_.fail(fmt::format(
            "the checksum of the file is {:#010x} (END says {:#010x}); the file is damaged: fetch or write "
            "it again",
            found, written));
      }
    }
    std::size_t n = 0;
    bool zeros = true;
    for (; !stream_.at_end(); ++n) zeros = stream_.byte() == 0 && zeros;
    if (!zeros) note(fmt::format("{} bytes after END were ignored", n));
  }

  // ---- cells ----

  void begin_cell(std::uint8_t record) {
    leave_cell();
    OpenCell cell{};
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
    collector_.begin_cell();
    in_cell_ = true;
  }

  void leave_cell() {
    if (in_cell_) cells_.back().collected = collector_.end_cell();
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
    for (const auto& [number, name] : names_.all()) read_.aliases[reference_name({.number = number})] = name;
    for (OpenCell& open : cells_) {
      Cell& cell = open.collected.cell;
      cell.name = name_of(open.key);
      for (Reference& reference : cell.references) {
        if (const auto number = number_in(reference.cell)) reference.cell = name_of({.number = number});
      }
      if (read_.layout.cells.contains(cell.name)) {
        stream_.fail(fmt::format("cell '{}' is defined twice; rename one of the two", cell.name));
      }
      read_.names.push_back(cell.name);
      read_.layout.cells.emplace(read_.names.back(), std::move(cell));
    }
    for (OpenCell& open : cells_) {
      if (open.collected.arrays.empty()) continue;
      const std::string owner = name_of(open.key);
      int number = 0;
      for (ShapeArray& array : open.collected.arrays) {
        std::string name;
        do {
          name = fmt::format("{}$array{}", owner, ++number);
        } while (read_.layout.cells.contains(name));
        array.lattice.cell = name;
        read_.layout.cells.at(owner).references.push_back(std::move(array.lattice));
        read_.layout.cells.emplace(name, Cell{.name = name, .shapes = {std::move(array.shape)}});
      }
    }
  }

  void note_missing_cells() {
    for (const auto& [name, cell] : read_.layout.cells) {
      for (const Reference& r : cell.references) {
        if (!read_.layout.cells.contains(r.cell)) {
          note(fmt::format("cell '{}' (placed by '{}') is not in the file and stays empty", r.cell, name));
        }
      }
    }
  }

  OasisStream stream_;
  Collector& collector_;
  ReadFile read_;
  CellNames names_;
  std::vector<OpenCell> cells_;
  bool in_cell_ = false, offsets_at_end_ = false;
  std::map<std::string, int> notes_;
  ElementReader elements_;
};

}  // namespace
}  // namespace oasis

ReadFile read_oasis(ByteSource& source, const std::string& name, const UnfoldLimit& limit,
                    Collector& collector) {
  return oasis::Reader(source, name, limit, collector).read();
}

Layout read_oasis(std::span<const std::byte> bytes, const std::string& name, std::size_t max_bytes) {
  std::vector<std::byte> inflated;
  if (is_gzip(bytes)) bytes = inflated = gunzip(bytes, name, max_bytes);
  ByteSource source(bytes);
  Collector collector(Collector::Keep::everything, max_bytes, [&] {
    throw InputError(fmt::format(
        "{}: its repetitions and shapes need more memory than the limit for a layout ({:g} MB); split it into "
        "smaller layouts",
        name, static_cast<double>(max_bytes) / (1 << 20)));
  });
  return read_oasis(source, name, {.bytes = max_bytes}, collector).layout;
}

}  // namespace undulith::layout
