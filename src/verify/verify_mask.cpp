// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/io/files.hpp"
#include "undulith/mask/rigorous.hpp"
#include "undulith/optics/multilayer.hpp"
#include "verify/verify_cases.hpp"

namespace undulith::verify {
namespace {

using Complex = std::complex<double>;
using optics::Polarisation;

// Tolerances of the reference: its own truncation, and that of solvers of the same kind.
constexpr double kLinesTolerance = 1e-3, kContactsTolerance = 3e-3;
// Error that the truncation is chosen for: well within, so that steep orders of contacts are kept too.
constexpr double kLinesError = 1e-4, kContactsError = 3e-4;
// The file prints nine digits of R and five of the phase in degrees, from indices that are given.
constexpr double kSwingReflectance = 1e-8, kSwingPhaseDeg = 1e-4;

std::vector<std::string> split(const std::string& line) {
  std::istringstream fields(line);
  std::vector<std::string> row;
  for (std::string field; std::getline(fields, field, ',');) row.push_back(field);
  return row;
}

// Rows of a table whose first line names the columns.
std::vector<std::vector<std::string>> read_table(const std::filesystem::path& file, std::size_t n_columns) {
  std::istringstream lines(io::read_text(file));
  std::string line;
  std::getline(lines, line);
  std::vector<std::vector<std::string>> rows;
  while (std::getline(lines, line)) {
    rows.push_back(split(line));
    if (rows.back().size() != n_columns)
      throw InputError(fmt::format("{}: '{}' does not have {} columns", file.string(), line, n_columns));
  }
  return rows;
}

void add_bilayers(std::vector<optics::Film>& films, Complex ru, Complex si, Complex mo) {
  films.push_back({.index = ru, .thickness_nm = 2.5});
  for (int i = 0; i < 40; ++i) {
    films.push_back({.index = si, .thickness_nm = 4.17});
    films.push_back({.index = mo, .thickness_nm = 2.78});
  }
}

mask::MaskGeometry read_geometry(const nlohmann::json& description) {
  const auto index = [&description](const std::string& material) {
    const auto& n_k = description.at("materials_n_k").at(material);
    return Complex(n_k.at(0).get<double>(), n_k.at(1).get<double>());
  };
  const double period_x = description.at("Px"), period_y = description.at("Py");
  mask::MaskGeometry geometry{.cell = {0, 0, period_x, period_y > 0 ? period_y : period_x}};
  std::vector<layout::Polygon> openings;
  for (const auto& opening : description.at("openings")) {
    const double x0 = opening.at(0), x1 = opening.at(1);
    const bool reaches_across = opening.size() == 2;
    const double y0 = reaches_across ? geometry.cell.y0 : opening.at(2).get<double>();
    const double y1 = reaches_across ? geometry.cell.y1 : opening.at(3).get<double>();
    openings.push_back({{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}});
  }
  for (const auto& layer : description.at("absorber"))
    geometry.layers.push_back({.thickness_nm = layer.at(1),
                               .index_outside = index(layer.at(0)),
                               .index_inside = 1.0,
                               .polygons = openings});
  add_bilayers(geometry.films, index("Ru"), index("Si"), index("Mo"));
  geometry.substrate = {.index = index("SiO2")};
  return geometry;
}

// Columns pol,m,n,kx_over_k0,ky_over_k0,ReEx,ImEx,ReEy,ImEy,ReEz,ImEz,DE of every order that leaves the mask.
std::vector<CheckResult> compare_orders(const std::filesystem::path& data, const Folders& folders) {
  std::filesystem::path description_file = folders.reference / data;
  const auto rows = read_table(description_file, 12);
  const auto description = nlohmann::json::parse(io::read_text(description_file.replace_extension(".json")));
  constexpr auto kStack = "Ru 2.5 / [Si 4.17 / Mo 2.78] x 40 / SiO2 (semi-infinite)";
  if (description.at("stack_top_to_bottom") != kStack)
    return {skipped("fields of all orders, s and p", fmt::format("needs the mirror {}", kStack))};
  const mask::MaskGeometry geometry = read_geometry(description);
  const bool lines = description.at("Py").get<double>() == 0;
  const double wavelength_nm = description.at("wavelength_nm");
  const mask::RigorousSolver solver(
      geometry, wavelength_nm,
      mask::tangential_vector(description.at("theta_deg"), description.at("phi_deg")),
      mask::suggested_truncation(geometry, wavelength_nm, lines ? kLinesError : kContactsError));
  const std::map<std::string, mask::Reflection> reflections = {
      {"s", solver.reflect({0, 0}, Polarisation::s)}, {"p", solver.reflect({0, 0}, Polarisation::p)}};

  double error = 0, efficiency_error = 0;
  for (const auto& row : rows) {
    const auto number = [&row](std::size_t column) { return std::stod(row[column]); };
    const mask::Order order{std::stoi(row[1]), std::stoi(row[2])};
    const auto& orders = reflections.at(row[0]).orders;
    const auto found = std::ranges::find(orders, order, &mask::ReflectedOrder::order);
    // An order beyond the truncation has amplitude 0.
    const mask::ReflectedOrder wave = found == orders.end() ? mask::ReflectedOrder{} : *found;
    error = std::max({error, std::abs(wave.ex - Complex(number(5), number(6))),
                      std::abs(wave.ey - Complex(number(7), number(8))),
                      std::abs(wave.ez - Complex(number(9), number(10)))});
    efficiency_error = std::max(efficiency_error, std::abs(wave.efficiency - number(11)));
  }
  const double tolerance = lines ? kLinesTolerance : kContactsTolerance;
  return {compared("fields of all orders, s and p", error, tolerance,
                   fmt::format("{} orders kept", solver.n_orders())),
          compared("efficiencies", efficiency_error, tolerance)};
}

// Columns absorber,thickness_nm,R,R_rel_open,phase_rel_open_deg_0_360: 6 degrees, s.
std::vector<CheckResult> compare_swing(const std::filesystem::path& file) {
  const std::map<std::string, Complex> absorbers = {{"TaBN", {0.95, 0.031}},
                                                    {"lowN", {0.90, 0.035}},
                                                    {"Ni", {0.94822262, 0.07272313}},
                                                    {"TaBN_elitho", {0.9567, 0.0343}}};
  std::vector<optics::Film> mirror;
  add_bilayers(mirror, {0.88635723, 0.01706603}, {0.99900165, 0.0018265}, {0.92379172, 0.00643571});
  const optics::Film substrate{.index = {0.9780317, 0.01077354}};
  const auto reflection = [&](Complex index, double thickness_nm) {
    std::vector<optics::Film> films = {{.index = index, .thickness_nm = thickness_nm}};
    films.insert(films.end(), mirror.begin(), mirror.end());
    return optics::reflection_amplitude(films, substrate, 13.5, 6, Polarisation::s);
  };
  double error = 0, relative_error = 0, phase_error_deg = 0;
  const auto rows = read_table(file, 5);
  for (const auto& row : rows) {
    const double thickness_nm = std::stod(row[1]);
    const Complex absorber = reflection(absorbers.at(row[0]), thickness_nm),
                  open = reflection(1.0, thickness_nm);
    error = std::max(error, std::abs(std::norm(absorber) - std::stod(row[2])));
    relative_error = std::max(relative_error, std::abs(std::norm(absorber / open) - std::stod(row[3])));
    const double phase_deg = std::arg(absorber / open) * 180 / constants::kPi;
    phase_error_deg = std::max(phase_error_deg, std::abs(std::remainder(phase_deg - std::stod(row[4]), 360)));
  }
  return {compared("reflectance", error, kSwingReflectance, fmt::format("{} points", rows.size())),
          compared("reflectance relative to the opening", relative_error, kSwingReflectance),
          compared("phase relative to the opening, deg", phase_error_deg, kSwingPhaseDeg)};
}

}  // namespace

std::vector<Case> mask_cases(const Folders& folders) {
  const std::map<std::string, std::string> titles = {
      {"L01", "TaBN lines perpendicular to the plane of incidence, pitch 128 nm"},
      {"L02", "TaBN lines parallel to the plane of incidence, pitch 128 nm"},
      {"L04", "TaBO on TaBN lines, pitch 88 nm"},
      {"L07", "TaBN lines at 5.355 deg, pitch 80 nm"},
      {"L09", "72 nm space, pitch 480 nm"},
      {"L12", "TaBN lines at 9.5 deg, pitch 128 nm"},
      {"L13", "Ni lines, pitch 128 nm"},
      {"D01", "80 nm TaBN contact in a 160 nm cell"},
  };
  // Every case in the folder: fmm_<id>.csv with its description fmm_<id>.json.
  std::vector<std::string> ids;
  std::error_code no_folder;
  for (const auto& entry : std::filesystem::directory_iterator(folders.reference / "mask", no_folder)) {
    const std::string stem = entry.path().stem().string();
    if (stem.starts_with("fmm_") && entry.path().extension() == ".csv") ids.push_back(stem.substr(4));
  }
  for (const auto& [id, title] : titles)
    if (std::ranges::find(ids, id) == ids.end()) ids.push_back(id);  // is skipped: its file is missing
  std::ranges::sort(ids, [](const std::string& a, const std::string& b) {
    return std::pair(a[0] == 'D', a) < std::pair(b[0] == 'D', b);
  });
  std::vector<Case> cases;
  for (const std::string& id : ids) {
    const std::filesystem::path data = fmt::format("mask/fmm_{}.csv", id);
    const auto title = titles.find(id);
    cases.push_back({id, title == titles.end() ? "thick mask" : title->second, data,
                     [data](const Folders& where) { return compare_orders(data, where); }});
  }
  const std::filesystem::path swing = "mask/swing_absorber_R_phase_6deg_s.csv";
  cases.push_back({"SWING", "absorbers of increasing thickness", swing,
                   [swing](const Folders& where) { return compare_swing(where.reference / swing); }});
  return cases;
}

}  // namespace undulith::verify
