// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "source/import_formats.hpp"
#include "undulith/core/error.hpp"

namespace undulith::source {
namespace {

using Json = nlohmann::json;

[[noreturn]] void fail(const std::string& name, const std::string& message) {
  throw InputError(fmt::format("{}: {}", name, message));
}

/// The results of a file: `dimension` independent axes, then items, the first axis fastest.
struct Output {
  std::string name;  ///< of the file
  std::vector<std::string> titles, units;
  std::size_t dimension = 1;
  std::vector<std::vector<double>> data;
  std::string taken;                            ///< of several results; empty: the only one
  double distance_m = 0, target_energy_ev = 0;  ///< of the input that SPECTRA repeats; 0: not there
};

Json parse(const std::string& text, const std::string& name) {
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    const auto end = static_cast<std::ptrdiff_t>(std::min(error.byte, text.size()));
    throw InputError(
        fmt::format("{}:{}: this is not JSON (error at byte {}); the file is damaged or truncated", name,
                    1 + std::count(text.begin(), text.begin() + end, '\n'), error.byte));
  } catch (const Json::exception&) {  // too large for a double
    fail(name, "a number is too large; the file is damaged");
  }
}

const Json& member(const Json& object, const char* key, const std::string& name) {
  if (!object.is_object() || !object.contains(key))
    fail(name, fmt::format("\"{}\" is missing (must be the output file of SPECTRA); give that file", key));
  return object.at(key);
}

std::vector<std::string> words(const Json& output, const char* key, const std::string& name) {
  const Json& list = member(output, key, name);
  std::vector<std::string> texts;
  if (!list.is_array()) fail(name, fmt::format("\"{}\" must be a list; the file is damaged", key));
  for (const Json& word : list) {
    if (!word.is_string()) fail(name, fmt::format("\"{}\" must hold texts; the file is damaged", key));
    texts.push_back(word.get<std::string>());
  }
  return texts;
}

std::vector<double> numbers(const Json& column, const std::string& title, const std::string& name) {
  if (!column.is_array())
    fail(name, fmt::format("\"{}\" must be a list of numbers; the file is damaged", title));
  std::vector<double> values;
  values.reserve(column.size());
  for (const Json& value : column) {
    if (!value.is_number() || !(std::abs(value.get<double>()) <= kLargestValue))
      fail(name, fmt::format("\"{}\" holds a value that is not a number, or is larger than {:g}; the file is "
                             "damaged",
                             title, kLargestValue));
    values.push_back(value.get<double>());
  }
  return values;
}

/// A number of the input's "Configurations"; 0 where it has none.
double configured(const Json& root, const char* key, const std::string& name) {
  const auto input = root.find("Input");
  if (input == root.end() || !input->is_object()) return 0;
  const auto configurations = input->find("Configurations");
  if (configurations == input->end() || !configurations->is_object()) return 0;
  const auto value = configurations->find(key);
  if (value == configurations->end() || !value->is_number()) return 0;
  const double number = value->get<double>();
  if (!(number > 0 && number <= kLargestValue))
    fail(name, fmt::format("\"{}\" is {} (must be > 0); the file is damaged", key, number));
  return number;
}

/// The options with the distance that the file says. @throws InputError  the job says another one
ImportOptions with_distance(const Output& output, const ImportOptions& options) {
  if (output.distance_m == 0) return options;
  const double given_m = options.observation_distance_m;
  constexpr double kSameDistance = 1e-6;  // relative: the digits that people write
  if (given_m != 0 && !(std::abs(given_m - output.distance_m) <= kSameDistance * output.distance_m))
    throw InputError(fmt::format(
        "source.file.observation_distance_m = {} ({} says \"Distance from the Source (m)\": {}); leave the key "
        "out to use the distance of the file",
        given_m, output.name, output.distance_m));
  ImportOptions known = options;
  known.observation_distance_m = output.distance_m;
  return known;
}

Output read_output(const std::string& text, const std::string& name) {
  const Json root = parse(text, name);
  const Json& json = member(root, "Output", name);
  Output output;
  output.name = name;
  output.distance_m = configured(root, "Distance from the Source (m)", name);
  output.target_energy_ev = configured(root, "Target Energy (eV)", name);
  const Json& dimension = member(json, "dimension", name);
  if (dimension != 1 && dimension != 2)
    fail(name, "\"dimension\" must be 1 or 2 (a spectrum or a map); choose such a calculation");
  output.dimension = dimension.get<std::size_t>();
  output.titles = words(json, "titles", name);
  output.units = words(json, "units", name);
  if (output.titles.size() != output.units.size() || output.titles.size() <= output.dimension)
    fail(name, "\"titles\" and \"units\" do not fit each other and \"dimension\"; the file is damaged");
  const Json* data = &member(json, "data", name);
  if (!data->is_array()) fail(name, "\"data\" must be a list; the file is damaged");
  if (json.contains("details") && !json.at("details").empty()) {
    const Json& details = json.at("details");
    if (data->empty() || !data->front().is_array() || !details.is_array() || details.size() != data->size())
      fail(name, "\"details\" and \"data\" do not fit each other; the file is damaged");
    if (data->size() > 1)
      output.taken = details.front().is_string() ? details.front().get<std::string>() : "without a name";
    data = &data->front();
  }
  if (data->size() != output.titles.size())
    fail(name, fmt::format("\"data\" has {} columns (\"titles\" has {}); the file is damaged", data->size(),
                           output.titles.size()));
  for (std::size_t i = 0; i < output.titles.size(); ++i)
    output.data.push_back(numbers((*data)[i], output.titles[i], name));
  std::size_t size = 1;
  for (std::size_t i = 0; i < output.dimension; ++i) size *= output.data[i].size();
  if (size == 0) fail(name, "\"data\" is empty; choose a calculation with results");
  for (std::size_t i = output.dimension; i < output.data.size(); ++i)
    if (output.data[i].size() != size)
      fail(name, fmt::format("\"{}\" has {} values (the axes make {}); the file is truncated",
                             output.titles[i], output.data[i].size(), size));
  return output;
}

/// The first item whose title ends so, in one of these units. Other units and titles are other quantities:
/// linear flux densities per mrad, brilliances per mm^2 and mrad^2, coherent flux.
std::optional<std::size_t> item(const Output& output, std::string_view title,
                                std::initializer_list<std::string_view> units) {
  for (std::size_t i = output.dimension; i < output.titles.size(); ++i)
    if ((output.titles[i] == title || output.titles[i] == fmt::format("Spatial {}", title)) &&
        std::ranges::find(units, output.units[i]) != units.end())
      return i;
  return {};
}

/// Polarisation of every value; empty where the file has none.
std::vector<optics::Stokes> polarisation(const Output& output) {
  constexpr std::array<std::string_view, 3> kTitles{"PL(s1/s0)", "PL45(s2/s0)", "PC(s3/s0)"};
  std::array<const std::vector<double>*, 3> parts{};
  for (std::size_t i = output.dimension; i < output.titles.size(); ++i)
    for (std::size_t k = 0; k < 3; ++k)
      if (output.titles[i] == kTitles[k]) parts[k] = &output.data[i];
  if (!parts[0] && !parts[1] && !parts[2]) return {};
  std::vector<optics::Stokes> stokes(output.data.back().size());
  for (std::size_t i = 0; i < stokes.size(); ++i) {
    std::array<double, 3> s{};
    for (std::size_t k = 0; k < 3; ++k)
      if (parts[k]) s[k] = (*parts[k])[i];
    if (std::sqrt(s[0] * s[0] + s[1] * s[1] + s[2] * s[2]) > 1 + kPolarisationSlack)
      fail(output.name, fmt::format("value {} of PL, PL45, PC is {}, {}, {} (their squares may sum to 1 at "
                                    "most); the file is damaged",
                                    i + 1, s[0], s[1], s[2]));
    stokes[i] = relative_stokes(1, s[0], s[1], s[2]);
  }
  return stokes;
}

std::vector<double> scaled(const Output& output, std::size_t column, double factor) {
  std::vector<double> values = output.data[column];
  for (double& value : values) {
    if (value < 0)
      fail(output.name,
           fmt::format("\"{}\" holds {} (must be >= 0); the file is damaged", output.titles[column], value));
    value *= factor;
  }
  return values;
}

/// The axis that runs along x or y: its title begins so, or names the angle (theta_x).
std::size_t axis_along(const Output& output, char direction) {
  for (std::size_t i = 0; i < output.dimension; ++i) {
    const std::string& title = output.titles[i];
    if (title == std::string{direction} || title == std::string{direction, '\''} ||
        title == fmt::format("theta_{}", direction))
      return i;
  }
  fail(output.name, fmt::format("the axes are {} and {} (must be x and y, or their angles); choose a map of "
                                "directions",
                                output.titles[0], output.titles[1]));
}

void check_map_axis(const Output& output, std::size_t i) {
  const std::vector<double>& places = output.data[i];
  if (output.units[i] != "mm" && output.units[i] != "mrad")
    fail(output.name, fmt::format("the axis {} is in {} (must be in mm or mrad); choose a map of directions",
                                  output.titles[i], output.units[i]));
  const double step =
      (places.back() - places.front()) / static_cast<double>(std::max<std::size_t>(1, places.size() - 1));
  for (std::size_t k = 0; k < places.size(); ++k)
    if (!(step > 0) || std::abs(places[k] - places[0] - step * static_cast<double>(k)) > 0.01 * step)
      fail(output.name,
           fmt::format(
               "the axis {} is not a regular, ascending grid of two or more values; choose such a grid",
               output.titles[i]));
}

void read_spectrum(const Output& output, std::optional<std::size_t> flux, std::optional<std::size_t> density,
                   double to_mrad2, ImportedLight& light) {
  if (output.titles[0] != "Energy" || output.units[0] != "eV")
    fail(output.name, fmt::format("the axis is {} in {} (must be Energy in eV); choose a spectrum or a map",
                                  output.titles[0], output.units[0]));
  light.photon_energy_ev = output.data[0];
  for (std::size_t i = 0; i < light.photon_energy_ev.size(); ++i)
    if (!(light.photon_energy_ev[i] > (i > 0 ? light.photon_energy_ev[i - 1] : 0.0)))
      fail(output.name, "the photon energies must be > 0 and ascend; the file is damaged");
  if (flux) light.spectral_flux = scaled(output, *flux, 1);
  if (density) light.spectral_density = scaled(output, *density, to_mrad2);
  light.spectral_stokes = polarisation(output);
}

void read_map(const Output& output, std::size_t density, double to_mrad2, const ImportOptions& options,
              ImportedLight& light) {
  const std::size_t x = axis_along(output, 'x'), y = axis_along(output, 'y');
  check_map_axis(output, x);
  check_map_axis(output, y);
  if (output.units[x] != output.units[y])
    fail(output.name, "one axis is in mm and one in mrad; choose the same for both");
  const double to_mrad =
      output.units[x] == "mm" ? 1 / needed_distance_m(options, output.name, "has positions in mm") : 1;
  const auto& xs = output.data[x];
  const auto& ys = output.data[y];
  const int nx = static_cast<int>(xs.size()), ny = static_cast<int>(ys.size());
  AngularMap& map = light.maps.emplace_back();
  map.s0 = Field2D<double>(angle_grid(nx, xs.front(), xs.back(), ny, ys.front(), ys.back(), to_mrad));
  const std::vector<double> values = scaled(output, density, to_mrad2);
  const std::vector<optics::Stokes> stokes = polarisation(output);
  if (!stokes.empty()) map.s1 = map.s2 = map.s3 = map.s0;
  const std::size_t step_x = x == 0 ? 1 : ys.size(), step_y = x == 0 ? xs.size() : 1;
  for (int iy = 0; iy < ny; ++iy)
    for (int ix = 0; ix < nx; ++ix) {
      const std::size_t at = static_cast<std::size_t>(iy) * step_y + static_cast<std::size_t>(ix) * step_x;
      map.s0(iy, ix) = values[at];
      if (stokes.empty()) continue;
      map.s1(iy, ix) = values[at] * stokes[at].s1;
      map.s2(iy, ix) = values[at] * stokes[at].s2;
      map.s3(iy, ix) = values[at] * stokes[at].s3;
    }
  if (output.target_energy_ev > 0) light.photon_energy_ev = {output.target_energy_ev};
}

}  // namespace

ImportedLight import_spectra(const std::string& text, const std::string& name, const ImportOptions& given) {
  const Output output = read_output(text, name);
  const ImportOptions options = with_distance(output, given);
  ImportedLight light;
  light.format = LightFormat::spectra;
  if (!output.taken.empty())
    light.notes.push_back(
        fmt::format("SPECTRA: the file holds several results; the first, {}, is taken.", output.taken));
  const auto flux = item(output, "Flux", {"ph/s/0.1%B.W.", "ph/s/0.1%"});
  auto density =
      item(output, "Flux Density", {"ph/s/mr^2/0.1%B.W.", "ph/s/mr^2/0.1%", "ph/s/mrad^2/0.1%B.W."});
  double to_mrad2 = 1;
  if (!density) {
    density = item(output, "Flux Density", {"ph/s/mm^2/0.1%B.W.", "ph/s/mm^2/0.1%"});
    if (density) to_mrad2 = std::pow(needed_distance_m(options, name, "gives a flux density per mm^2"), 2);
  }
  if (!flux && !density)
    fail(name, "no flux or flux density per 0.1 % bandwidth among the results; choose such a calculation");
  if (output.dimension == 1) {
    read_spectrum(output, flux, density, to_mrad2, light);
  } else {
    if (!density) fail(name, "a map needs a flux density; choose the spatial flux density");
    read_map(output, *density, to_mrad2, options, light);
  }
  if (!light.spectral_stokes.empty() || (!light.maps.empty() && !light.maps[0].s1.empty()))
    light.notes.push_back(
        "SPECTRA: the signs of PL45 and PC are taken as they are; that they have the same meaning here is "
        "not verified.");
  return light;
}

}  // namespace undulith::source
