// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <string_view>

#include "source/import_formats.hpp"
#include "undulith/core/error.hpp"
#include "undulith/io/files.hpp"

namespace undulith::source {
namespace {

/// Largest text: 2e7 values, each with its line end, take about this.
constexpr std::size_t kMostBytes = std::size_t{512} << 20;

constexpr std::array<unsigned char, 8> kHdf5Signature{0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

bool is_hdf5(const std::filesystem::path& file) {
  std::array<char, 8> head{};
  std::ifstream stream(file, std::ios::binary);
  stream.read(head.data(), head.size());
  return stream.gcount() == 8 &&
         std::equal(head.begin(), head.end(), kHdf5Signature.begin(),
                    [](char a, unsigned char b) { return static_cast<unsigned char>(a) == b; });
}

LightFormat format_of(const std::string& text, const std::string& name) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) throw InputError(fmt::format("{} is empty; give a file of light", name));
  if (text[first] == '{') return LightFormat::spectra;
  // SRW's first line is a label with its unit in brackets, and the lines of its header begin with '#' too.
  const std::string head = text.substr(first, 1000);
  if (head[0] == '#' &&
      (head.find("C-aligned") < head.find('\n') || head.find("#Initial Photon Energy") != std::string::npos))
    return LightFormat::srw;
  return LightFormat::csv;
}

/// Whether the first line that is no comment has commas; files without separate their columns by blanks.
bool has_commas(std::string_view text) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    const auto first = line.find_first_not_of(" \t\r");
    if (line.starts_with("#L ") || line.starts_with("#S ")) return false;
    if (first != std::string_view::npos && line[first] != '#')
      return line.find(',') != std::string_view::npos;
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return true;
}

}  // namespace

Grid2D angle_grid(int nx, double x0, double x1, int ny, double y0, double y1, double factor) {
  const auto step = [factor](double from, double to, int n) {
    return n > 1 ? factor * (to - from) / (n - 1) : 1.0;
  };
  return {.plane = Plane::angle,
          .nx = nx,
          .ny = ny,
          .x0 = factor * x0,
          .y0 = factor * y0,
          .dx = step(x0, x1, nx),
          .dy = step(y0, y1, ny)};
}

optics::Stokes relative_stokes(double s0, double s1, double s2, double s3) {
  if (!(s0 > 0)) return {};
  const double scale = 1 / std::max(s0, std::sqrt(s1 * s1 + s2 * s2 + s3 * s3));
  return {1, scale * s1, scale * s2, scale * s3};
}

double needed_distance_m(const ImportOptions& options, const std::string& name, const std::string& why) {
  const double distance_m = options.observation_distance_m;
  if (distance_m == 0)
    throw InputError(fmt::format(
        "source.file.observation_distance_m is missing ({} {}, at a distance that is not in the file); give "
        "the distance from the source to the plane of the file",
        name, why));
  if (!(distance_m >= 1e-3 && distance_m <= 1e9))
    throw InputError(fmt::format(
        "source.file.observation_distance_m = {} (must be in [0.001, 1e9] m); give the distance from the "
        "source to the plane of the file",
        distance_m));
  return distance_m;
}

ImportedLight read_light(const std::filesystem::path& file, const ImportOptions& options) {
  LightFormat format = options.format;
  if (is_hdf5(file)) {
    if (format != LightFormat::automatic && format != LightFormat::genesis)
      throw InputError(fmt::format("{} is an HDF5 file; set source.file.format = \"genesis\" or leave it out",
                                   file.string()));
    return import_genesis(file, options);
  }
  if (format == LightFormat::genesis)
    throw InputError(
        fmt::format("{} is not an HDF5 file (Genesis 1.3 version 4 writes <root>.out.h5); give that file",
                    file.string()));
  const std::string text = io::read_text(file, kMostBytes);
  if (format == LightFormat::automatic) format = format_of(text, file.string());
  ImportedLight light = format == LightFormat::srw       ? import_srw(text, file.string(), options)
                        : format == LightFormat::spectra ? import_spectra(text, file.string(), options)
                        : has_commas(text)               ? import_csv(file)
                                                         : import_columns(text, file.string());
  light.format = format;
  // A table of rows may end after any of them: only the last line end shows that it is whole.
  if (format == LightFormat::csv && text.back() != '\n')
    light.notes.emplace_back("The last line of the file has no line end: check that the file is whole.");
  return light;
}

}  // namespace undulith::source
