// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "undulith/core/error.hpp"
#include "undulith/io/files.hpp"
#include "undulith/materials/optical_constants.hpp"
#include "undulith/optics/multilayer.hpp"
#include "verify/verify_cases.hpp"

namespace undulith::verify {
namespace {

using optics::Film;

// Amplitudes of the reference files carry nine decimals; optical constants are re-tabulated to as many.
constexpr double kTolerance = 1e-6;
// With rough interfaces, the tolerance of the reference.
constexpr double kRoughTolerance = 1e-4;

// A material of the library, or an index that a case defines.
struct Layer {
  std::string material;
  double thickness_nm;
  std::complex<double> index = 0;
};

// A stack as the references describe it: films above the mirror, then n times (Si, Mo), then the substrate.
struct Stack {
  std::vector<Layer> top;
  int n_bilayers;
  double si_nm, mo_nm;
  std::string substrate = "SiO2";
  double roughness_nm = 0;
};

Film film(const Layer& layer, double roughness_nm, double wavelength_nm) {
  const auto index =
      layer.material.empty() ? layer.index : materials::refractive_index(layer.material, wavelength_nm);
  return {index, layer.thickness_nm, roughness_nm};
}

std::complex<double> reflection(const Stack& stack, double wavelength_nm, double incidence_deg,
                                optics::Polarisation polarisation) {
  std::vector<Film> films;
  const auto add = [&](const Layer& layer) {
    films.push_back(film(layer, stack.roughness_nm, wavelength_nm));
  };
  for (const Layer& layer : stack.top) add(layer);
  for (int i = 0; i < stack.n_bilayers; ++i) {
    add({"Si", stack.si_nm});
    add({"Mo", stack.mo_nm});
  }
  return optics::reflection_amplitude(films, film({stack.substrate, 0}, stack.roughness_nm, wavelength_nm),
                                      wavelength_nm, incidence_deg, polarisation);
}

// Lines "lambda_nm,theta_deg,pol,R,Re_rt,Im_rt,phase_deg"; the polarisation is a letter, so no table of
// numbers.
std::vector<CheckResult> compare_stack(const std::filesystem::path& file, const Stack& stack) {
  std::istringstream lines(io::read_text(file));
  std::string line;
  std::getline(lines, line);
  double error = 0;
  int n_rows = 0;
  while (std::getline(lines, line)) {
    std::istringstream fields(line);
    std::vector<std::string> row;
    for (std::string field; std::getline(fields, field, ',');) row.push_back(field);
    if (row.size() < 6)
      throw InputError(fmt::format("{}: '{}' is not a row of a multilayer file", file.string(), line));
    const auto polarisation = row[2] == "s" ? optics::Polarisation::s : optics::Polarisation::p;
    const auto r = reflection(stack, std::stod(row[0]), std::stod(row[1]), polarisation);
    error = std::max(error, std::abs(r - std::complex<double>(std::stod(row[4]), std::stod(row[5]))));
    ++n_rows;
  }
  return {compared("complex amplitude, absolute", error,
                   stack.roughness_nm > 0 ? kRoughTolerance : kTolerance, fmt::format("{} points", n_rows))};
}

}  // namespace

std::vector<Case> multilayer_cases(const Folders&) {
  const Stack capped{{{"Ru", 2.5}}, 40, 4.17, 2.78};
  const auto with = [&](std::vector<Layer> above) {
    Stack stack = capped;
    stack.top.insert(stack.top.begin(), above.begin(), above.end());
    return stack;
  };
  Stack rough = capped;
  rough.roughness_nm = 0.7;
  Stack fifty = capped;
  fifty.n_bilayers = 50;

  struct Entry {
    std::string id, title;
    Stack stack;
  };
  const std::vector<Entry> entries = {
      {"M01", "bare 40x Mo/Si, spectrum", {{}, 40, 4.14, 2.76}},
      {"M02", "Ru on 40x Mo/Si, spectrum at 6 deg", capped},
      {"M03", "Ru on 40x Mo/Si, angular scan", capped},
      {"M05", "rough Ru on 40x Mo/Si, spectrum", rough},
      {"M07", "Ru on 50x Mo/Si, angular scan", fifty},
      {"M08", "bare 60x Mo/Si, spectrum", {{}, 60, 4.14, 2.76}},
      {"M11", "60 nm absorber (0.95, 0.031), angular scan", with({{"", 60, {0.95, 0.031}}})},
      {"M12", "45 nm absorber (0.90, 0.035), angular scan", with({{"", 45, {0.90, 0.035}}})},
      {"M13", "30 nm Ru on Si, grazing", {{{"Ru", 30}}, 0, 0, 0, "Si"}},
      {"M14", "2 nm carbon on Ru-capped Mo/Si, angular scan", with({{"C", 2}})},
  };
  std::vector<Case> cases;
  for (const Entry& entry : entries) {
    const std::filesystem::path data = fmt::format("mask/ml_{}.csv", entry.id);
    cases.push_back({entry.id, entry.title, data, [data, stack = entry.stack](const Folders& folders) {
                       return compare_stack(folders.reference / data, stack);
                     }});
  }
  return cases;
}

}  // namespace undulith::verify
