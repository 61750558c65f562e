#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "source/import_formats.hpp"
#include "undulith/core/error.hpp"

namespace undulith::source {
namespace {

using Json = nlohmann::json;

/// The data block of an output: independent axes, then items.
struct Block {
  std::vector<std::string> titles, units;
  std::size_t dimension = 1;
  std::vector<std::vector<double>> data;
};

class Reader {
 public:
  explicit Reader(std::string name) : name_(std::move(name)) {}

  [[noreturn]] void fail(const std::string& message) const {
    throw InputError(fmt::format("{}: {}", name_, message));
  }

  [[nodiscard]] Block read(const std::string& text) {
    Json root;
    try {
      root = Json::parse(text);
    } catch (const Json::parse_error& error) {
      const auto line =
          1 + std::count(text.begin(),
                         text.begin() + static_cast<std::ptrdiff_t>(std::min(error.byte, text.size())), '\n');
      throw InputError(fmt::format("{}:{}: this is no JSON ({}); the file is damaged or truncated", name_,
                                   line, error.what()));
    }
    const auto member = [&](const Json& object, const char* key) -> const Json& {
      if (!object.is_object() || !object.contains(key))
        fail(fmt::format("\"{}\" is missing (must be the output file of SPECTRA); give that file", key));
      return object.at(key);
    };
    const Json& output = member(root, "Output");
    Block block;
    const Json& dimension = member(output, "dimension");
    if (!dimension.is_number_integer() || dimension.get<int>() < 1 || dimension.get<int>() > 2)
      fail("\"dimension\" must be 1 or 2 (a spectrum or a map); choose such a calculation");
    block.dimension = dimension.get<std::size_t>();
    const auto words = [&](const char* key) {
      std::vector<std::string> out;
      for (const Json& word : member(output, key)) {
        if (!word.is_string()) fail(fmt::format("\"{}\" must hold texts; the file is damaged", key));
        out.push_back(word.get<std::string>());
      }
      return out;
    };
    block.titles = words("titles");
    block.units = words("units");
    if (block.titles.size() != block.units.size() || block.titles.size() <= block.dimension)
      fail("\"titles\" and \"units\" do not fit each other and \"dimension\"; the file is damaged");
    const Json* data = &member(output, "data");
    if (output.contains("details") && !output.at("details").empty()) {
      if (!data->is_array() || data->empty()) fail("\"data\" is empty; the file is damaged");
      several_ = data->size() > 1;
      data = &data->front();
    }
    if (!data->is_array() || data->size() != block.titles.size())
      fail(fmt::format("\"data\" has {} columns (titles has {}); the file is damaged", data->size(),
                       block.titles.size()));
    for (const Json& column : *data) {
      if (!column.is_array()) fail("\"data\" must hold arrays of numbers; the file is damaged");
      std::vector<double>& values = block.data.emplace_back();
      for (const Json& value : column) {
        if (!value.is_number() || !std::isfinite(value.get<double>()))
          fail("\"data\" holds something that is no number; the file is damaged");
        values.push_back(value.get<double>());
      }
    }
    std::size_t size = 1;
    for (std::size_t i = 0; i < block.dimension; ++i) size *= block.data[i].size();
    for (std::size_t i = block.dimension; i < block.data.size(); ++i)
      if (block.data[i].size() != size)
        fail(fmt::format("\"{}\" has {} values (the axes make {}); the file is truncated", block.titles[i],
                         block.data[i].size(), size));
    if (size == 0) fail("\"data\" is empty; choose a calculation with results");
    return block;
  }
  [[nodiscard]] bool several() const { return several_; }

 private:
  std::string name_;
  bool several_ = false;
};

bool begins(const std::string& text, std::string_view head) {
  return text.starts_with(head);
}

std::optional<std::size_t> item(const Block& block, std::string_view title) {
  for (std::size_t i = block.dimension; i < block.titles.size(); ++i)
    if (begins(block.titles[i], title)) return i;
  return {};
}

optics::Stokes stokes_at(const Block& block, std::size_t at) {
  const auto share = [&](std::string_view title) {
    const auto column = item(block, title);
    return column ? block.data[*column][at] : 0.0;
  };
  // PL45 begins with PL: the full names differ in their brackets.
  optics::Stokes s{1, share("PL("), share("PL45"), share("PC(")};
  const double length = std::sqrt(s.s1 * s.s1 + s.s2 * s.s2 + s.s3 * s.s3);
  if (length > 1) s = {1, s.s1 / length, s.s2 / length, s.s3 / length};
  return s;
}

}  // namespace

ImportedLight import_spectra(const std::string& text, const std::string& name, const ImportOptions& options) {
  Reader reader(name);
  const Block block = reader.read(text);
  ImportedLight light;
  light.format = LightFormat::spectra;
  if (reader.several()) light.notes.push_back("The file holds several results; the first is taken.");
  // By title and unit, whatever the order.
  std::optional<std::size_t> flux, density;
  double to_mrad2 = 1;
  for (std::size_t i = block.dimension; i < block.titles.size(); ++i) {
    const std::string& unit = block.units[i];
    if (!begins(block.titles[i], "Flux") && !begins(block.titles[i], "Spatial Flux Density") &&
        block.titles[i].find("Flux Density") == std::string::npos)
      continue;
    if (unit.find("0.1%") == std::string::npos) continue;
    const bool per_mrad2 = unit.find("mr") != std::string::npos,
               per_mm2 = unit.find("mm^2") != std::string::npos;
    if (per_mrad2 && per_mm2) continue;  // brilliance
    if (per_mm2) {
      if (!(options.observation_distance_m > 0))
        throw InputError(
            fmt::format("source.file.observation_distance_m is missing ({} gives {} in {}, at a distance "
                        "that is not guessed); "
                        "give the distance from the source to that plane",
                        name, block.titles[i], unit));
      to_mrad2 = options.observation_distance_m * options.observation_distance_m;
    }
    (per_mrad2 || per_mm2 ? density : flux) = i;
  }
  if (!flux && !density)
    reader.fail("no flux or flux density per 0.1 % bandwidth among the results; choose such a calculation");
  const std::size_t value = density.value_or(flux.value_or(0));
  for (const double v : block.data[value])
    if (v < 0)
      reader.fail(fmt::format("\"{}\" holds {} (must be >= 0); the file is damaged", block.titles[value], v));

  if (block.dimension == 1) {
    if (!begins(block.titles[0], "Energy") || block.units[0] != "eV")
      reader.fail(fmt::format("the axis is {} in {} (must be Energy in eV); choose a spectrum or a map",
                              block.titles[0], block.units[0]));
    light.photon_energy_ev = block.data[0];
    for (std::size_t i = 0; i < light.photon_energy_ev.size(); ++i) {
      if (!(light.photon_energy_ev[i] > 0) ||
          (i > 0 && !(light.photon_energy_ev[i] > light.photon_energy_ev[i - 1])))
        reader.fail("the photon energies must be > 0 and ascend; the file is damaged");
      (density ? light.spectral_density : light.spectral_flux).push_back(to_mrad2 * block.data[value][i]);
      light.spectral_stokes.push_back(stokes_at(block, i));
    }
    return light;
  }
  double to_mrad = 1;
  for (std::size_t i = 0; i < 2; ++i) {
    if (block.units[i] == "mm") {
      if (!(options.observation_distance_m > 0))
        throw InputError(
            fmt::format("source.file.observation_distance_m is missing ({} has positions in mm, at a "
                        "distance that is not "
                        "guessed); give the distance from the source to that plane",
                        name));
      to_mrad = 1 / options.observation_distance_m;
    } else if (block.units[i] != "mrad") {
      reader.fail(fmt::format("the axis {} is in {} (must be mm or mrad); choose a map of directions",
                              block.titles[i], block.units[i]));
    }
    if (block.data[i].size() < 2)
      reader.fail("a map needs two or more directions along each axis; choose more");
    for (std::size_t k = 1; k < block.data[i].size(); ++k) {
      const double step =
          (block.data[i].back() - block.data[i].front()) / static_cast<double>(block.data[i].size() - 1);
      if (!(step > 0) ||
          std::abs(block.data[i][k] - block.data[i][0] - step * static_cast<double>(k)) > 0.01 * step)
        reader.fail(
            fmt::format("the axis {} is not regular and ascending; choose such a grid", block.titles[i]));
    }
  }
  if (!density) reader.fail("a map needs a flux density; choose the spatial flux density");
  const int nx = static_cast<int>(block.data[0].size()), ny = static_cast<int>(block.data[1].size());
  const Grid2D grid = angle_grid(nx, block.data[0].front(), block.data[0].back(), ny, block.data[1].front(),
                                 block.data[1].back(), to_mrad);
  light.s0 = Field2D<double>(grid);
  light.s1 = light.s2 = light.s3 = light.s0;
  for (int iy = 0; iy < ny; ++iy)
    for (int ix = 0; ix < nx; ++ix) {
      const std::size_t at = static_cast<std::size_t>(iy) * nx + static_cast<std::size_t>(ix);
      const double s0 = to_mrad2 * block.data[value][at];
      const optics::Stokes s = stokes_at(block, at);
      light.s0(iy, ix) = s0;
      light.s1(iy, ix) = s0 * s.s1;
      light.s2(iy, ix) = s0 * s.s2;
      light.s3(iy, ix) = s0 * s.s3;
    }
  return light;
}

}  // namespace undulith::source
