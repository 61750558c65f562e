// SPDX-License-Identifier: MIT
#include "undulith/io/file_kind.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <system_error>
#include <utility>

#include "undulith/core/decimal.hpp"

namespace undulith::io {
namespace {

using Signature = std::pair<std::string_view, FileKind>;

/// So much of a file decides its kind.
constexpr std::size_t kHead = 16384;

/// What files begin with.
constexpr auto kSignatures =
    std::to_array<Signature>({{std::string_view("\x00\x06\x00\x02", 4), FileKind::gdsii},
                              {"%SEMI-OASIS", FileKind::oasis},
                              {"\x89PNG", FileKind::png},
                              {"\x93NUMPY", FileKind::npy},
                              {"\x89HDF", FileKind::hdf5},
                              {"\x1f\x8b", FileKind::gzip},
                              {"PK\x03\x04", FileKind::zip},
                              {"%PDF", FileKind::pdf}});

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = without_blanks(text.substr(0, end));
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

/// "[mask]", "[[mask.rectangle]]", "na = 0.33".
bool is_of_job(std::string_view line) {
  const auto is_name = [](std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
             c == '.' || c == '-';
    });
  };
  if (line.starts_with('[')) {
    const std::size_t first = line.find_first_not_of('['), last = line.find(']');
    return last != std::string_view::npos && first < last && !decimal_of(line.substr(first, last - first)) &&
           is_name(line.substr(first, last - first));
  }
  const std::size_t equals = line.find('=');
  return equals != std::string_view::npos && is_name(without_blanks(line.substr(0, equals))) &&
         !decimal_of(without_blanks(line.substr(0, equals)));
}

/// Names or numbers with commas, tabs or blanks between them.
bool is_of_table(std::string_view line) {
  if (line.find('=') != std::string_view::npos || line.find('"') == 0) return false;
  if (line.find(',') != std::string_view::npos || line.find('\t') != std::string_view::npos) return true;
  const std::size_t end = line.find(' ');
  return end != std::string_view::npos && decimal_of(line.substr(0, end)).has_value();
}

FileKind kind_of_text(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::string_view first = without_blanks(text.substr(0, 200));
  if (first.starts_with('{')) return FileKind::json;
  if (first.starts_with("BEGIN")) return FileKind::glp;
  if (first.starts_with('#') && first.find("[ph/s") != std::string_view::npos) return FileKind::srw;
  constexpr int kLines = 200;  // a job may begin with a page of comments
  for (int i = 0; i < kLines && !text.empty(); ++i) {
    const std::string_view line = take_line(text);
    if (line.empty() || line.front() == '#') continue;
    return is_of_job(line) ? FileKind::job : is_of_table(line) ? FileKind::table : FileKind::unknown;
  }
  return FileKind::unknown;
}

/// What the file is, and what to do with it.
std::pair<std::string_view, std::string_view> words_of(FileKind kind) {
  constexpr std::string_view kLayout = "start with `undulith init own_layout`, which names it in layout.file";
  switch (kind) {
    case FileKind::gdsii:
      return {"a GDSII file", kLayout};
    case FileKind::oasis:
      return {"an OASIS file", kLayout};
    case FileKind::glp:
      return {"a .glp layout", kLayout};
    case FileKind::png:
      return {"a PNG picture", "a job names it in layout.file or illuminator.map_file"};
    case FileKind::npy:
      return {"an array of numpy (.npy)",
              "a job names it in illuminator.map_file, imaging.phase_map_file or "
              "imaging.kernel_file"};
    case FileKind::hdf5:
      return {"an HDF5 file", "a job names light of Genesis in source.file.file"};
    case FileKind::gzip:
      return {"compressed (gzip)", "unpack it with gunzip, or name a layout in layout.file"};
    case FileKind::zip:
      return {"a zip archive", "unpack it"};
    case FileKind::pdf:
      return {"a PDF document", "choose another file"};
    case FileKind::json:
      return {"a JSON file",
              "the job of a folder of results is job.resolved.toml; a job names light of SPECTRA in "
              "source.file.file"};
    case FileKind::srw:
      return {"light of SRW", "a job names it in source.file.file"};
    case FileKind::job:
      return {"a job file (TOML)", "`undulith run` takes it"};
    case FileKind::table:
      return {"a table of numbers",
              "`undulith calibrate` takes measured CDs after the job; a job names source points "
              "in illuminator.points_file and materials by the name of their table"};
    case FileKind::unknown:
      break;
  }
  return {};
}

}  // namespace

FileKind kind_of(std::string_view content) {
  for (const auto& [begin, kind] : kSignatures)
    if (content.starts_with(begin)) return kind;
  // A binary file of an unknown kind has no lines.
  if (content.substr(0, 512).find('\0') != std::string_view::npos) return FileKind::unknown;
  return kind_of_text(content);
}

std::string_view head_of(std::span<const std::byte> bytes) {
  return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()).substr(0, kHead);
}

FileKind kind_of_file(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return FileKind::unknown;
  std::ifstream stream(file, std::ios::binary);
  std::string head(kHead, '\0');
  stream.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(stream.gcount()));
  return kind_of(head);
}

std::string wrong_kind(std::string_view file, FileKind kind, std::string_view expected) {
  const auto [name, advice] = words_of(kind);
  if (name.empty()) return {};
  return fmt::format("{}: this is {}, not {}; {}", file, name, expected, advice);
}

}  // namespace undulith::io
