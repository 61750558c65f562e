#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

#include "source/import_formats.hpp"
#include "undulith/core/error.hpp"

namespace undulith::source {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// Lines of a text with their numbers.
class Lines {
 public:
  Lines(const std::string& text, std::string name) : rest_(text), name_(std::move(name)) {}

  [[nodiscard]] bool next(std::string_view& line) {
    if (rest_.empty()) return false;
    const std::size_t end = rest_.find('\n');
    line = rest_.substr(0, end);
    rest_ = end == std::string_view::npos ? std::string_view{} : rest_.substr(end + 1);
    ++number_;
    return true;
  }
  [[nodiscard]] char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  [[noreturn]] void fail(const std::string& message) const {
    throw InputError(fmt::format("{}:{}: {}", name_, number_, message));
  }

 private:
  std::string_view rest_;
  std::string name_;
  int number_ = 0;
};

double number(Lines& lines, std::string_view text, const std::string& what) {
  text = trimmed(text);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
    lines.fail(fmt::format("\"{}\" is no number ({}); the file is damaged", text.substr(0, 40), what));
  return value;
}

/// "#value #text"
double header_value(Lines& lines, const std::string& what) {
  std::string_view line;
  if (!lines.next(line))
    lines.fail(fmt::format("the file ends in its header, before {}; it is truncated", what));
  if (line.empty() || line.front() != '#')
    lines.fail(fmt::format("the header lacks {} (must be \"#value #{}\"); the file is damaged", what, what));
  line.remove_prefix(1);
  return number(lines, line.substr(0, line.find('#')), what);
}

int header_count(Lines& lines, const std::string& what, double most) {
  const double value = header_value(lines, what);
  if (!(value >= 1 && value <= most && value == std::floor(value)))
    lines.fail(fmt::format("{} = {} (must be a whole number from 1 to {:g}); the file is damaged", what,
                           value, most));
  return static_cast<int>(value);
}

enum class Unit { flux, density };

Unit unit_of(Lines& lines, std::string_view label) {
  if (label.find("Mutual") != std::string_view::npos || label.find("Complex") != std::string_view::npos)
    lines.fail(
        "a mutual or complex intensity (holds pairs of points, not the light in directions); export the "
        "single- or multi-electron intensity");
  const auto has = [&](std::string_view unit) { return label.find(unit) != std::string_view::npos; };
  if (has("ph/s/.1%bw/mm^2") || has("ph/s/0.1%bw/mm^2")) return Unit::density;
  if (has("ph/s/.1%bw]") || has("ph/s/0.1%bw]")) return Unit::flux;
  const auto open = label.find('['), close = label.find(']');
  lines.fail(
      fmt::format("the unit {} is not read (known are ph/s/.1%bw/mm^2 and ph/s/.1%bw); export one of them",
                  open == std::string_view::npos || close == std::string_view::npos
                      ? std::string_view("of the label")
                      : label.substr(open, close - open + 1)));
}

optics::Stokes normalised(double s0, double s1, double s2, double s3) {
  if (!(s0 > 0)) return {};
  // Rounding of single precision may carry a fully polarised beam beyond s0.
  const double length = std::sqrt(s1 * s1 + s2 * s2 + s3 * s3) / s0, scale = length > 1 ? 1 / length : 1;
  return {1, scale * s1 / s0, scale * s2 / s0, scale * s3 / s0};
}

}  // namespace

ImportedLight import_srw(const std::string& text, const std::string& name, const ImportOptions& options) {
  Lines lines(text, name);
  std::string_view label;
  static_cast<void>(lines.next(label));
  const Unit unit = unit_of(lines, label);
  struct Axis {
    double from, to;
    int n;
  };
  const auto read_axis = [&](const char* what) {
    const double from = header_value(lines, fmt::format("Initial {}", what));
    const double to = header_value(lines, fmt::format("Final {}", what));
    const int n = header_count(lines, fmt::format("Number of points vs {}", what), 1e6);
    if (n > 1 && !(to > from))
      lines.fail(fmt::format("{} runs from {} to {} in {} points (must ascend); the file is damaged", what,
                             from, to, n));
    return Axis{from, to, n};
  };
  const Axis e = read_axis("Photon Energy"), x = read_axis("Horizontal Position"),
             y = read_axis("Vertical Position");
  if (!(e.from > 0))
    lines.fail(fmt::format("a photon energy of {} eV (must be > 0); the file is damaged", e.from));
  const int components = lines.peek() == '#' ? header_count(lines, "Number of components", 4) : 1;
  if (components != 1 && components != 4)
    lines.fail(
        fmt::format("{} components (must be 1, or the 4 Stokes components); export one of them", components));
  const double count = static_cast<double>(e.n) * x.n * y.n * components;
  if (count > kMostValues)
    lines.fail(fmt::format("{} x {} x {} x {} values (more than {:g}); export a coarser mesh", e.n, x.n, y.n,
                           components, kMostValues));
  std::vector<double> values;
  // A header may promise more than the file has: no more is set aside than its bytes can hold.
  values.reserve(std::min(static_cast<std::size_t>(count), text.size() / 2 + 1));
  std::string_view line;
  while (lines.next(line)) {
    if (trimmed(line).empty()) continue;
    if (static_cast<double>(values.size()) >= count)
      lines.fail(
          fmt::format("more values than the header's {}; the file is damaged, or holds a complex intensity",
                      static_cast<long>(count)));
    values.push_back(number(lines, line, "a value"));
    if (values.size() <= static_cast<std::size_t>(count) / static_cast<std::size_t>(components) &&
        values.back() < 0)
      lines.fail(
          fmt::format("an intensity of {} (must be >= 0); export the intensity, not a field", values.back()));
  }
  if (static_cast<double>(values.size()) < count)
    lines.fail(fmt::format("the file ends after {} of {} values; it is truncated", values.size(),
                           static_cast<long>(count)));

  const bool has_map = x.n > 1 && y.n > 1;
  if ((x.n > 1) != (y.n > 1))
    lines.fail("one line of directions (neither one direction nor a map); export a map with both positions");
  double to_mrad = 1, to_density = 1;  // of positions in m, of values
  if (unit == Unit::density) {
    const double distance_m = options.observation_distance_m;
    if (!(distance_m > 0))
      throw InputError(
          fmt::format("source.file.observation_distance_m is missing ({} is in ph/s/.1%bw/mm^2 at a distance "
                      "that it does not "
                      "tell); give the distance from the source to that plane",
                      name));
    to_mrad = 1e3 / distance_m;
    to_density = distance_m * distance_m;  // 1 mrad at R m is R mm
  } else if (has_map) {
    lines.fail("a map of flux (ph/s/.1%bw has no area); export ph/s/.1%bw/mm^2");
  }
  const auto at = [&](int component, int iy, int ix, int ie) {
    return to_density * values[((static_cast<std::size_t>(component) * y.n + iy) * x.n + ix) * e.n +
                               static_cast<std::size_t>(ie)];
  };
  ImportedLight light;
  light.format = LightFormat::srw;
  const auto energy = [&](int i) { return e.n > 1 ? e.from + (e.to - e.from) * i / (e.n - 1) : e.from; };
  const auto nearest_axis = [](const Axis& axis) {
    if (axis.n == 1) return 0;
    const double place = (0 - axis.from) / (axis.to - axis.from) * (axis.n - 1);
    return static_cast<int>(std::lround(std::clamp(place, 0.0, axis.n - 1.0)));
  };
  const int ix0 = nearest_axis(x), iy0 = nearest_axis(y);
  for (int i = 0; i < e.n; ++i) {
    light.photon_energy_ev.push_back(energy(i));
    (unit == Unit::flux ? light.spectral_flux : light.spectral_density).push_back(at(0, iy0, ix0, i));
    if (components == 4)
      light.spectral_stokes.push_back(
          normalised(at(0, iy0, ix0, i), at(1, iy0, ix0, i), at(2, iy0, ix0, i), at(3, iy0, ix0, i)));
  }
  if (!has_map) {
    if (unit == Unit::density) light.notes.push_back("The file has one direction: a density, not a flux.");
    return light;
  }
  const int middle = e.n / 2;
  light.map_energy_ev = energy(middle);
  const Grid2D grid = angle_grid(x.n, x.from, x.to, y.n, y.from, y.to, to_mrad);
  const auto map_of = [&](int component) {
    Field2D<double> field(grid);
    for (int iy = 0; iy < y.n; ++iy)
      for (int ix = 0; ix < x.n; ++ix) field(iy, ix) = at(component, iy, ix, middle);
    return field;
  };
  light.s0 = map_of(0);
  if (components == 4) {
    light.s1 = map_of(1);
    light.s2 = map_of(2);
    light.s3 = map_of(3);
  }
  if (e.n > 1)
    light.notes.push_back(
        fmt::format("The map is that at {:.6g} eV, the middle of the file's {} photon energies; the spectrum "
                    "is that of the "
                    "direction nearest to the axis.",
                    light.map_energy_ev, e.n));
  return light;
}

}  // namespace undulith::source
