// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

#include "source/import_formats.hpp"
#include "undulith/core/decimal.hpp"
#include "undulith/core/error.hpp"

namespace undulith::source {
namespace {

/// Lines of a text with their numbers.
class Lines {
 public:
  Lines(const std::string& text, std::string name) : rest_(text), name_(std::move(name)) {}

  [[nodiscard]] bool next(std::string_view& line) {
    if (rest_.empty()) return false;
    const std::size_t end = rest_.find('\n');
    line = rest_.substr(0, end);
    ended_ = end != std::string_view::npos;
    rest_ = end == std::string_view::npos ? std::string_view{} : rest_.substr(end + 1);
    ++number_;
    return true;
  }
  /// Whether the last line that was read had its line end.
  [[nodiscard]] bool ended() const { return ended_; }
  [[nodiscard]] char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  [[noreturn]] void fail(const std::string& message) const {
    throw InputError(fmt::format("{}:{}: {}", name_, number_, message));
  }

 private:
  std::string_view rest_;
  std::string name_;
  int number_ = 0;
  bool ended_ = false;
};

double number(const Lines& lines, std::string_view text, std::string_view what) {
  text = without_blanks(text);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) {
    std::string shown(text.substr(0, 40));
    std::ranges::replace_if(
        shown, [](unsigned char c) { return c < 0x20 || c >= 0x7f; }, '?');
    lines.fail(fmt::format("\"{}\" is not a number ({}); the file is damaged", shown, what));
  }
  if (std::abs(value) > kLargestValue)
    lines.fail(fmt::format("{} ({}) is larger than {:g}; the file is damaged", value, what, kLargestValue));
  return value;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](unsigned char c) { return std::tolower(c); });
  return result;
}

/// "#value #word label [unit]", for example "#90.0 #Initial Photon Energy [eV]".
struct HeaderLine {
  std::string_view value, label, unit;  ///< label and unit may be empty
};

HeaderLine header_line(Lines& lines, std::string_view word, std::string_view wanted_label) {
  std::string_view line;
  if (!lines.next(line))
    lines.fail(fmt::format("the file ends in its header, before {} {}; it is truncated", word, wanted_label));
  const auto text = line.empty() || line.front() != '#' ? std::string_view::npos : line.find('#', 1);
  const std::string_view rest =
      text == std::string_view::npos ? std::string_view{} : without_blanks(line.substr(text + 1));
  if (!rest.starts_with(word))
    lines.fail(fmt::format(
        "the header lacks \"{} {}\" (its lines are \"#value #text\", in SRW's order); export an intensity "
        "against photon energy and position",
        word, wanted_label));
  const auto open = rest.find('['), close = rest.find(']');
  const bool has_unit = open != std::string_view::npos && close != std::string_view::npos && open < close;
  return {.value = line.substr(1, text - 1),
          .label = without_blanks(
              rest.substr(word.size(), has_unit ? open - word.size() : std::string_view::npos)),
          .unit = has_unit ? without_blanks(rest.substr(open + 1, close - open - 1)) : std::string_view{}};
}

int whole_number(const Lines& lines, std::string_view text, const std::string& what, double most) {
  const double value = number(lines, text, what);
  if (!(value >= 1 && value <= most && value == std::floor(value)))
    lines.fail(fmt::format("{} = {} (must be a whole number from 1 to {:g}); the file is damaged", what,
                           value, most));
  return static_cast<int>(value);
}

struct SrwAxis {
  double from = 0, to = 0;
  int n = 1;
  bool is_angle = false;

  [[nodiscard]] double at(int i) const { return n > 1 ? from + (to - from) * i / (n - 1) : from; }
  [[nodiscard]] int nearest_to_0() const {
    if (n == 1) return 0;
    return static_cast<int>(std::lround(std::clamp(-from / (to - from) * (n - 1), 0.0, n - 1.0)));
  }
};

/// Whether the label is the wanted one, or (of horizontal and vertical axes) its angle.
bool is_label(std::string_view label, const std::string& wanted) {
  const std::string given = lower(label), name = lower(wanted);
  if (given.find(name) != std::string::npos) return true;
  const auto position = name.find("position");
  return position != std::string::npos && given.find(name.substr(0, position) + "angle") != std::string::npos;
}

/// The axis with this label. SRW leaves the labels of the axes of a flux through an aperture blank: such an
/// axis has one point.
SrwAxis read_axis(Lines& lines, const std::string& wanted, std::string_view unit) {
  SrwAxis axis;
  bool blank = true;
  const auto checked = [&](std::string_view word) {
    const HeaderLine line = header_line(lines, word, wanted);
    const bool may_be_blank = unit != "eV";
    if (!is_label(line.label, wanted) && !(may_be_blank && line.label.empty()))
      lines.fail(fmt::format(
          "the header lacks \"{} {}\" (it has \"{}\", and SRW's order is fixed); export an intensity against "
          "photon energy and position",
          word, wanted, line.label.substr(0, 40)));
    blank = blank && line.label.empty();
    axis.is_angle = lower(line.label).find("angle") != std::string::npos;
    const std::string_view needed = axis.is_angle ? "rad" : unit;
    if (!line.unit.empty() && line.unit != needed)
      lines.fail(fmt::format("{} {} is in [{}] (must be in [{}]); export it in that unit", word, wanted,
                             line.unit.substr(0, 40), needed));
    return line.value;
  };
  axis.from = number(lines, checked("Initial"), "Initial " + wanted);
  axis.to = number(lines, checked("Final"), "Final " + wanted);
  const std::string count = "Number of points vs " + wanted;
  axis.n = whole_number(lines, checked("Number of points vs"), count, 1e6);
  if (blank && axis.n > 1)
    lines.fail(
        fmt::format("an axis without a label has {} points (must be 1: its meaning is not known); "
                    "export it with the label {}",
                    axis.n, wanted));
  // Steps below the resolution of a number would give the same place twice.
  const double finest = 1e-12 * std::max(std::abs(axis.from), std::abs(axis.to));
  if (axis.n > 1 && !((axis.to - axis.from) / (axis.n - 1) > finest))
    lines.fail(fmt::format("{} runs from {} to {} in {} points (must ascend); the file is damaged", wanted,
                           axis.from, axis.to, axis.n));
  return axis;
}

enum class Unit { flux, per_mm2, per_mrad2 };

Unit unit_of(const Lines& lines, std::string_view label) {
  for (const std::string_view word : {"Mutual", "mutual", "Complex", "complex"})
    if (label.find(word) != std::string_view::npos)
      lines.fail(
          "a mutual or complex intensity (holds pairs of points, not the light in directions); export the "
          "single- or multi-electron intensity");
  const auto open = label.find('['), close = label.find(']');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open)
    lines.fail(
        "the first line has no unit in brackets (must be like [ph/s/.1%bw/mm^2]); export it with a unit");
  const std::string_view unit = without_blanks(label.substr(open + 1, close - open - 1));
  if (unit == "ph/s/.1%bw/mm^2" || unit == "ph/s/0.1%bw/mm^2") return Unit::per_mm2;
  if (unit == "ph/s/.1%bw/mrad^2" || unit == "ph/s/0.1%bw/mrad^2") return Unit::per_mrad2;
  if (unit == "ph/s/.1%bw" || unit == "ph/s/0.1%bw") return Unit::flux;
  const std::string_view why =
      unit == "W/mm^2"      ? "power of all photon energies, or against time: no spectrum; "
      : unit == "J/eV/mm^2" ? "the energy of one pulse, whose repetition rate is not in the file; "
                            : "";
  lines.fail(
      fmt::format("the unit [{}] is not read ({}known are ph/s/.1%bw/mm^2, ph/s/.1%bw/mrad^2 and "
                  "ph/s/.1%bw); export one of them",
                  unit.substr(0, 40), why));
}

/// What the file says, in its own units.
struct Intensity {
  Unit unit = Unit::per_mm2;
  SrwAxis energy, x, y;
  int components = 1;
  std::vector<double> values;  ///< photon energy fastest, then x, then y, then Stokes component

  [[nodiscard]] double at(int component, int iy, int ix, int ie) const {
    const auto row = (static_cast<std::size_t>(component) * y.n + iy) * x.n + ix;
    return values[row * energy.n + static_cast<std::size_t>(ie)];
  }
};

Intensity read_header(Lines& lines) {
  std::string_view label;
  static_cast<void>(lines.next(label));
  Intensity data;
  data.unit = unit_of(lines, label);
  data.energy = read_axis(lines, "Photon Energy", "eV");
  if (!(data.energy.from > 0))
    lines.fail(fmt::format("a photon energy of {} eV (must be > 0); the file is damaged", data.energy.from));
  data.x = read_axis(lines, "Horizontal Position", "m");
  data.y = read_axis(lines, "Vertical Position", "m");
  if (data.x.is_angle != data.y.is_angle)
    lines.fail("one axis is in rad and one in m; export both in the same unit");
  if (lines.peek() == '#')
    data.components =
        whole_number(lines, header_line(lines, "Number of components", "").value, "Number of components", 4);
  if (data.components != 1 && data.components != 4)
    lines.fail(fmt::format("{} components (must be 1, or the 4 Stokes components); export one of them",
                           data.components));
  return data;
}

void read_values(Lines& lines, std::size_t bytes, Intensity& data) {
  const double promised = static_cast<double>(data.energy.n) * data.x.n * data.y.n * data.components;
  if (promised > kMostValues)
    lines.fail(fmt::format("{} x {} x {} x {} values (more than {:g}); export a coarser mesh", data.energy.n,
                           data.x.n, data.y.n, data.components, kMostValues));
  const auto count = static_cast<std::size_t>(promised), of_s0 = count / data.components;
  // A header may promise more than the file has: no more is set aside than its bytes can hold.
  data.values.reserve(std::min(count, bytes / 2 + 1));
  std::string_view line;
  while (lines.next(line)) {
    if (without_blanks(line).empty()) continue;
    if (data.values.size() >= count)
      lines.fail(fmt::format(
          "more values than the header's {}; the file is damaged, or holds a complex intensity", count));
    const double value = number(lines, line, "a value");
    if (data.values.size() < of_s0 && value < 0)
      lines.fail(
          fmt::format("an intensity of {} (must be >= 0); export the intensity, not a field, and set what "
                      "rounding left below 0 to 0",
                      value));
    data.values.push_back(value);
  }
  if (data.values.size() < count)
    lines.fail(
        fmt::format("the file ends after {} of {} values; it is truncated", data.values.size(), count));
  // SRW ends every line: a number without a line end may have lost digits.
  if (!lines.ended())
    lines.fail("the last line has no line end; the file is truncated (add a line end if it is whole)");
}

/// Refuses a degree of polarisation above 1, beyond rounding.
void check_stokes(const Lines& lines, const Intensity& data) {
  const auto n = static_cast<std::ptrdiff_t>(data.values.size()) / 4;
  const double brightest = *std::max_element(data.values.begin(), data.values.begin() + n);
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    const auto s = [&](std::ptrdiff_t c) { return data.values[static_cast<std::size_t>(c * n + i)]; };
    if (std::sqrt(s(1) * s(1) + s(2) * s(2) + s(3) * s(3)) > s(0) + kPolarisationSlack * brightest)
      lines.fail(fmt::format(
          "value {} of the Stokes components is {}, {}, {} for light of {} (the degree of polarisation "
          "is above 1); the file is damaged",
          i + 1, s(1), s(2), s(3), s(0)));
  }
}

struct Scale {
  double to_mrad = 1, to_density = 1;  ///< of positions, of values
};

Scale scale_of(const Lines& lines, const Intensity& data, const std::string& name,
               const ImportOptions& options) {
  if (data.unit == Unit::flux && (data.x.n > 1 || data.y.n > 1))
    lines.fail("flux (ph/s/.1%bw has no area) at several positions; export ph/s/.1%bw/mm^2");
  Scale scale{.to_mrad = 1e3};  // of rad
  const bool is_map = data.x.n > 1 || data.y.n > 1;
  if (!data.x.is_angle && (is_map || data.unit == Unit::per_mm2))
    scale.to_mrad /= needed_distance_m(options, name, "has positions in m");
  if (data.unit == Unit::per_mm2)  // 1 mrad at R m is R mm
    scale.to_density = std::pow(needed_distance_m(options, name, "is in ph/s/.1%bw/mm^2"), 2);
  return scale;
}

/// The map of every photon energy.
void add_maps(const Intensity& data, const Scale& scale, ImportedLight& light) {
  const SrwAxis &x = data.x, &y = data.y;
  const Grid2D grid = angle_grid(x.n, x.from, x.to, y.n, y.from, y.to, scale.to_mrad);
  for (int ie = 0; ie < data.energy.n; ++ie) {
    const auto map_of = [&](int component) {
      Field2D<double> field(grid);
      for (int iy = 0; iy < y.n; ++iy)
        for (int ix = 0; ix < x.n; ++ix) field(iy, ix) = scale.to_density * data.at(component, iy, ix, ie);
      return field;
    };
    AngularMap& map = light.maps.emplace_back();
    map.s0 = map_of(0);
    if (data.components == 1) continue;
    map.s1 = map_of(1);
    map.s2 = map_of(2);
    map.s3 = map_of(3);
  }
}

}  // namespace

ImportedLight import_srw(const std::string& text, const std::string& name, const ImportOptions& options) {
  Lines lines(text, name);
  Intensity data = read_header(lines);
  read_values(lines, text.size(), data);
  if (data.components == 4) check_stokes(lines, data);
  const SrwAxis &e = data.energy, &x = data.x, &y = data.y;
  const Scale scale = scale_of(lines, data, name, options);
  ImportedLight light;
  light.format = LightFormat::srw;
  if (data.components == 1)
    light.notes.push_back("SRW: one component, taken as all of the light; its polarisation is not known.");
  const int ix0 = x.nearest_to_0(), iy0 = y.nearest_to_0();
  const auto at = [&](int component, int ie) { return scale.to_density * data.at(component, iy0, ix0, ie); };
  for (int i = 0; i < e.n; ++i) {
    light.photon_energy_ev.push_back(e.at(i));
    (data.unit == Unit::flux ? light.spectral_flux : light.spectral_density).push_back(at(0, i));
    if (data.components == 4)
      light.spectral_stokes.push_back(relative_stokes(at(0, i), at(1, i), at(2, i), at(3, i)));
  }
  if (data.unit == Unit::flux) return light;
  const bool is_map = x.n > 1 || y.n > 1;
  if (is_map || x.is_angle || data.unit == Unit::per_mm2)
    light.notes.push_back(fmt::format(
        "SRW: the density on the axis is that of the direction {:.4g} urad horizontally and {:.4g} "
        "urad vertically, the nearest to the axis.",
        1e3 * scale.to_mrad * x.at(ix0), 1e3 * scale.to_mrad * y.at(iy0)));
  if (x.n == 1 || y.n == 1) {
    if (is_map)
      light.notes.push_back("SRW: the file has one line of directions, which is not a map and is left out.");
    return light;
  }
  add_maps(data, scale, light);
  return light;
}

}  // namespace undulith::source
