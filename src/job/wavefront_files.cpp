// SPDX-License-Identifier: MIT
#include "job/wavefront_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "undulith/core/constants.hpp"
#include "undulith/core/decimal.hpp"
#include "undulith/core/error.hpp"

namespace undulith::job {
namespace {

constexpr double kNoData = std::numeric_limits<double>::quiet_NaN();
constexpr int kMostSamples = 4096;  // per side

/// A line that is neither blank nor a comment ('!'), and the words in it.
struct Line {
  int number = 0;
  std::vector<std::string_view> words;
  std::string_view text;
};

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    std::string_view rest = without_blanks(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (rest.empty() || rest.front() == '!') continue;
    Line line{number, {}, rest};
    while (!rest.empty()) {
      const std::size_t stop = std::min(rest.find_first_of(" \t,"), rest.size());
      line.words.push_back(rest.substr(0, stop));
      rest = without_blanks(rest.substr(stop));
      if (rest.starts_with(',')) rest = without_blanks(rest.substr(1));
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

[[noreturn]] void fail_at(const std::string& name, int line, const std::string& message) {
  throw InputError(fmt::format("{}:{}: {}", name, line, message));
}

/// Samples of which the first and the last lie on the rim.
Field2D<double> rim_to_rim(int n) {
  const double step = 2.0 / (n - 1);
  return Field2D<double>(
      {.plane = Plane::pupil, .nx = n, .ny = n, .x0 = -1, .y0 = -1, .dx = step, .dy = step}, kNoData);
}

void require_square(const std::string& name, int line, double nx, double ny) {
  if (!(nx == ny && nx == std::floor(nx) && nx >= 4 && nx <= kMostSamples))
    fail_at(name, line,
            fmt::format("a grid of {} x {} samples (must be square, from 4 to {} per side); resample it", nx,
                        ny, kMostSamples));
}

/// Samples on the rim are often without data: they take the value of the nearest sample inwards.
void fill_rim(Field2D<double>& map) {
  const Grid2D grid = map.grid();
  const Field2D<double> given = map;
  constexpr double kRim = 1.5;  // steps
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix) {
      const double radius = std::hypot(grid.x(ix), grid.y(iy));
      if (!std::isnan(given(iy, ix)) || radius > 1 || radius < 1 - kRim * grid.dx) continue;
      for (double scale = 1; scale > 1 - 2 * kRim * grid.dx && std::isnan(map(iy, ix)); scale -= grid.dx / 4)
        map(iy, ix) = given(static_cast<int>(std::lround((grid.y(iy) * scale - grid.y0) / grid.dy)),
                            static_cast<int>(std::lround((grid.x(ix) * scale - grid.x0) / grid.dx)));
    }
}

std::string upper_case(std::string_view word) {
  std::string out(word);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

/// The second line of an interferogram of Code V: "GRD 64 64 WFR WVL 0.0135 SSZ 10000 NDA -32768".
struct CodeVHeader {
  double nx = 0, ny = 0, wavelength_um = 0, scale = 0;
  std::optional<double> no_data;
  std::string quantity;
};

CodeVHeader code_v_header(const Line& line, const std::string& name) {
  CodeVHeader header;
  for (std::size_t i = 0; i < line.words.size(); ++i) {
    const std::string word = upper_case(line.words[i]);
    const auto number = [&](std::size_t after) {
      const auto value = i + after < line.words.size() ? decimal_of(line.words[i + after]) : std::nullopt;
      if (!value) fail_at(name, line.number, fmt::format("a number is missing after {}; add it", word));
      return *value;
    };
    if (word == "GRD") {
      header.nx = number(1);
      header.ny = number(2);
    } else if (word == "WVL") {
      header.wavelength_um = number(1);
    } else if (word == "SSZ") {
      header.scale = number(1);
    } else if (word == "NDA") {
      header.no_data = number(1);
    } else if (word == "WFR" || word == "SUR" || word == "FIL") {
      header.quantity = word;
    }
  }
  return header;
}

void check_header(const CodeVHeader& header, const Line& line, const std::string& name,
                  PupilQuantity quantity) {
  require_square(name, line.number, header.nx, header.ny);
  const bool phase = quantity == PupilQuantity::phase_waves;
  if (header.quantity == "SUR")
    fail_at(name, line.number,
            "the grid is a surface (SUR; how light meets it is not known); export the wavefront (WFR)");
  if (header.quantity != (phase ? "WFR" : "FIL"))
    fail_at(name, line.number,
            fmt::format("the grid is {} (must be {}); export that", header.quantity,
                        phase ? "a wavefront, WFR" : "a filter of intensity, FIL"));
  if (!(header.scale > 0))
    fail_at(name, line.number, fmt::format("SSZ = {} (must be > 0); correct it", header.scale));
  if (phase && !(header.wavelength_um > 0 && header.wavelength_um < 1e3))
    fail_at(name, line.number,
            fmt::format("WVL = {} (micrometres, must be in (0, 1000)); correct it", header.wavelength_um));
}

Field2D<double> read_code_v(const std::vector<Line>& lines, std::size_t header_line, const std::string& name,
                            PupilQuantity quantity, double wavelength_nm) {
  const Line& first = lines[header_line];
  const CodeVHeader header = code_v_header(first, name);
  check_header(header, first, name, quantity);
  const int n = static_cast<int>(header.nx);
  Field2D<double> map = rim_to_rim(n);
  const double waves = 1000 * header.wavelength_um / wavelength_nm / header.scale;
  std::size_t count = 0;
  for (std::size_t i = header_line + 1; i < lines.size(); ++i)
    for (const std::string_view word : lines[i].words) {
      const auto value = decimal_of(word);
      if (!value)
        fail_at(name, lines[i].number, fmt::format("'{}' (must be a number); correct it", shown_text(word)));
      if (count == map.grid().size())
        fail_at(name, lines[i].number,
                fmt::format("more than {} x {} samples; correct the numbers after GRD", n, n));
      // From left to right, from the top to the bottom.
      const auto ix = static_cast<int>(count % static_cast<std::size_t>(n)),
                 iy = n - 1 - static_cast<int>(count / static_cast<std::size_t>(n));
      ++count;
      if (header.no_data && *value == *header.no_data) continue;
      if (quantity == PupilQuantity::amplitude && *value < 0)
        fail_at(name, lines[i].number, fmt::format("an intensity of {} (must be >= 0); correct it", *value));
      map(iy, ix) =
          quantity == PupilQuantity::phase_waves ? *value * waves : std::sqrt(*value / header.scale);
    }
  if (count < map.grid().size())
    throw InputError(fmt::format("{}: {} samples (a grid of {} x {} has {}); the file is truncated", name,
                                 count, n, n, map.grid().size()));
  return map;
}

/// nx ny delx dely unitflag xdec ydec, then one line per sample: phase in radians, three derivatives and
/// perhaps a mark of no data.
Field2D<double> read_zemax(const std::vector<Line>& lines, const std::string& name, PupilQuantity quantity) {
  if (quantity != PupilQuantity::phase_waves)
    fail_at(name, lines.front().number,
            "this is a grid phase of Zemax (must be an amplitude); name it in imaging.phase_map_file");
  const auto number = [&](const Line& line, std::size_t i) {
    const auto value = decimal_of(line.words[i]);
    if (!value)
      fail_at(name, line.number,
              fmt::format("'{}' (must be a number); correct it", shown_text(line.words[i])));
    return *value;
  };
  const Line& head = lines.front();
  require_square(name, head.number, number(head, 0), number(head, 1));
  const double step_x = std::abs(number(head, 2)), step_y = std::abs(number(head, 3));
  if (!(step_x > 0 && std::abs(step_x - step_y) <= 1e-6 * step_x))
    fail_at(name, head.number,
            fmt::format("steps of {} and {} (must be equal: the grid covers a round pupil); resample it",
                        step_x, step_y));
  const int n = static_cast<int>(number(head, 0));
  Field2D<double> map = rim_to_rim(n);
  if (lines.size() - 1 != map.grid().size())
    throw InputError(
        fmt::format("{}: {} lines of samples (a grid of {} x {} has {}); {}", name, lines.size() - 1, n, n,
                    map.grid().size(),
                    lines.size() - 1 < map.grid().size() ? "the file is truncated" : "remove the rest"));
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const Line& line = lines[i];
    const auto ix = static_cast<int>((i - 1) % static_cast<std::size_t>(n)),
               iy = n - 1 - static_cast<int>((i - 1) / static_cast<std::size_t>(n));
    if (line.words.size() >= 5 && number(line, 4) != 0) continue;
    map(iy, ix) = number(line, 0) / (2 * constants::kPi);
  }
  return map;
}

bool is_zemax(const std::vector<Line>& lines) {
  const auto numbers = [](const Line& line) {
    return std::ranges::all_of(line.words,
                               [](std::string_view word) { return decimal_of(word).has_value(); });
  };
  return lines.size() > 1 && (lines[0].words.size() == 7 || lines[0].words.size() == 5) &&
         numbers(lines[0]) &&
         (lines[1].words.size() == 4 || lines[1].words.size() == 5 || lines[1].words.size() == 1) &&
         numbers(lines[1]);
}

}  // namespace

std::optional<Field2D<double>> read_design_grid(std::string_view text, const std::string& name,
                                                PupilQuantity quantity, double wavelength_nm) {
  const std::vector<Line> lines = lines_of(text);
  // A title stands above the header of Code V.
  for (std::size_t i = 0; i < std::min<std::size_t>(3, lines.size()); ++i) {
    const auto has = [&](const char* wanted) {
      return std::ranges::any_of(lines[i].words,
                                 [&](std::string_view word) { return upper_case(word) == wanted; });
    };
    if (has("GRD") && has("SSZ")) {
      Field2D<double> map = read_code_v(lines, i, name, quantity, wavelength_nm);
      fill_rim(map);
      return map;
    }
    if (has("ZFR") || has("ZRN"))
      fail_at(name, lines[i].number,
              "the file holds Zernike coefficients; write them as [[imaging.aberration]] or in "
              "imaging.aberration_table_file");
  }
  if (is_zemax(lines)) {
    Field2D<double> map = read_zemax(lines, name, quantity);
    fill_rim(map);
    return map;
  }
  return std::nullopt;
}

}  // namespace undulith::job
