// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <complex>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "materials/scattering_factors.hpp"
#include "support/third_party.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/materials/measured_constants.hpp"
#include "undulith/materials/optical_constants.hpp"

using namespace undulith;
using namespace undulith::materials;

namespace {

/// The reference tables are printed with 8 decimals: half a unit of the last, and as much again for hc =
/// 1239.84198.
constexpr double kPrinted = 1e-8;

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> cells;
  std::stringstream stream(line);
  for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
  if (!cells.empty() && !cells.back().empty() && cells.back().back() == '\r') cells.back().pop_back();
  return cells;
}

std::vector<std::vector<std::string>> reference_rows(const std::string& file) {
  std::vector<std::vector<std::string>> rows;
  const auto path = test::third_party("optical/" + file);
  if (!path) return rows;
  std::ifstream stream(*path);
  for (std::string line; std::getline(stream, line);) rows.push_back(split(line));
  REQUIRE(rows.size() > 1);
  return rows;
}

/// The one name of the reference tables that is spelt differently in the library.
std::string library_name(const std::string& name) {
  return name == "SnOx_resist(SnO2C8)" ? "SnOx_resist" : name;
}

}  // namespace

TEST_CASE("optical constants: Mo, Si, Ru and SiO2 at 13.5 nm", "[validation][materials]") {
  struct Row {
    const char* name;
    double n, k;
  };
  // tests/reference/mask/README.md
  for (const Row& row : {Row{"Mo", .92379172, .00643571}, Row{"Si", .99900165, .0018265},
                         Row{"Ru", .88635723, .01706603}, Row{"SiO2", .9780317, .01077354}}) {
    CAPTURE(row.name);
    const auto index = refractive_index(row.name, 13.5);
    CHECK(std::abs(index.real() - row.n) < kPrinted);
    CHECK(std::abs(index.imag() - row.k) < kPrinted);
  }
}

TEST_CASE("optical constants: masks, mirrors and resists at 13.5 nm by formula and density",
          "[validation][materials]") {
  struct Row {
    const char* material;
    double n, k;
  };
  // Computed by another code from the same tables of atoms, five decimals; compositions and densities as
  // written here.
  constexpr double kFiveDecimals = 0.5e-5 + kPrinted;
  for (const Row& row : {Row{"Mo@10.22", .92379, .00644},
                         {"Si@2.33", .99900, .00183},
                         {"Ru@12.41", .88636, .01707},
                         {"MoSi2@6.26", .96957, .00430},
                         {"Mo5Si3@8.24", .94721, .00538},
                         {"SiO2@2.2", .97803, .01077},
                         {"B4C@2.52", .96377, .00515},
                         {"C@2.2", .96157, .00691},
                         {"Si3N4@3.44", .97314, .00932},
                         {"RuO2@6.97", .92073, .02154},
                         {"Ta@16.654", .95668, .03434},
                         {"TaN@14.3", .94604, .03312},
                         {"Ta60B15N25@13.5", .95600, .02925},
                         {"Ta30B10O60@9.0", .95398, .02708},
                         {"Cr@7.19", .92488, .04370},
                         {"Ni@8.902", .94822, .07272},
                         {"NiAl@5.86", .97860, .05308},
                         {"Co@8.9", .93335, .06621},
                         {"Te@6.24", .97285, .07492},
                         {"Pt@21.45", .89132, .05819},
                         {"Pd@12.02", .87612, .04640},
                         {"Rh@12.41", .87505, .03118},
                         {"Ir@22.42", .90498, .04428},
                         {"Os@22.57", .90351, .04350},
                         {"Re@21.02", .91490, .03990},
                         {"W@19.3", .93288, .03295},
                         {"Al2O3@3.97", .96788, .03899},
                         {"Sn@7.31", .94146, .07266},
                         {"SnO2@6.95", .92905, .06697},
                         {"C5H8O2@1.19", .97569, .00563},
                         {"C8H8O@1.2", .97622, .00450},
                         {"RuTa@14.53", .92806, .02638},
                         {"Ru0.75Ta0.25@13.47", .90965, .02198},
                         {"PtMo@16", .90632, .03242},
                         {"Pt2Mo@17.9", .90086, .04120},
                         {"RuPt@17", .89013, .03835}}) {
    CAPTURE(row.material);
    const auto index = refractive_index(row.material, 13.5);
    CHECK(std::abs(index.real() - row.n) < kFiveDecimals);
    CHECK(std::abs(index.imag() - row.k) < kFiveDecimals);
  }
}

TEST_CASE("optical constants: every material of the reference table at 13.5 nm", "[validation][materials]") {
  const auto rows = reference_rows("nk_13p5_henke.csv");
  for (std::size_t i = 1; i < rows.size(); ++i) {
    CAPTURE(rows[i][0]);
    const auto index = refractive_index(library_name(rows[i][0]), 13.5);
    CHECK(std::abs(1 - index.real() - std::stod(rows[i][4])) < kPrinted);
    CHECK(std::abs(index.imag() - std::stod(rows[i][5])) < kPrinted);
    CHECK(find_material(library_name(rows[i][0])).density_g_cm3 == std::stod(rows[i][2]));
  }
}

TEST_CASE("optical constants: dispersion from 12.4 to 14.6 nm", "[validation][materials]") {
  const auto rows = reference_rows("nk_12p4_14p6_henke.csv");
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const double wavelength_nm = std::stod(rows[i][0]);
    for (std::size_t j = 1; j + 1 < rows[i].size(); j += 2) {
      const std::string name = rows[0][j].substr(0, rows[0][j].rfind('_'));
      CAPTURE(name, wavelength_nm);
      const auto index = refractive_index(library_name(name), wavelength_nm);
      // At the silicon L edge (12.40 nm lies on it) f2 doubles within 0.1 eV: hc to 4e-6 eV nm moves it by
      // 2e-8.
      const double tolerance = wavelength_nm < 12.43 ? 1e-7 : kPrinted;
      CHECK(std::abs(1 - index.real() - std::stod(rows[i][j])) < tolerance);
      CHECK(std::abs(index.imag() - std::stod(rows[i][j + 1])) < tolerance);
    }
  }
}

TEST_CASE("optical constants: the library is sorted, documented and physical", "[property][materials]") {
  const auto& materials = all_materials();
  REQUIRE(materials.size() > 50);
  CHECK(std::is_sorted(
      materials.begin(), materials.end(),
      [](const MaterialDescription& a, const MaterialDescription& b) { return a.name < b.name; }));
  for (const MaterialDescription& material : materials) {
    CAPTURE(material.name);
    CHECK(!material.source.empty());
    CHECK(find_material(material.name).source == material.source);
    CHECK(material.min_wavelength_nm < 10);
    CHECK(material.max_wavelength_nm > 20);
    for (double w : {material.min_wavelength_nm, 11.0, 12.5, 13.5, 15.0, 20.0, material.max_wavelength_nm}) {
      const auto index = refractive_index(material.name, w);
      CHECK(index.imag() >= 0);
      CHECK(index.real() > 0.5);
      CHECK(index.real() < 1.1);
      if (material.name != "vacuum") CHECK(index.imag() > 0);
    }
  }
  CHECK(refractive_index("vacuum", 13.5) == 1.0);
  CHECK(find_material("TaBN").source.find("assumed") != std::string::npos);
}

TEST_CASE("optical constants: delta and beta follow the composition", "[property][materials]") {
  // n - 1 is additive in atoms per volume: MoSi2 is Mo and Si at their partial densities.
  const double wavelength_nm = 13.2;
  const double mo = 95.94, si = 28.0855, rho = 6.26;
  const auto part = [&](const char* name, double density, double mass) {
    return (1.0 - refractive_index(name, wavelength_nm)) / density * rho * mass / (mo + 2 * si);
  };
  const auto sum = part("Mo", 10.22, mo) + part("Si", 2.33, 2 * si);
  CHECK(std::abs(1.0 - refractive_index("MoSi2", wavelength_nm) - sum) < 1e-14);
}

TEST_CASE("scattering factors: tabulated energies return the table, between them the stated law",
          "[unit][materials]") {
  // The ends of the table belong to it.
  const auto range = tabulated_range("Mo");
  CHECK(scattering_factor("Mo", range.min_ev).f2 > 0);
  CHECK(scattering_factor("Mo", range.max_ev).f2 > 0);
  // Two neighbouring rows of silicon.
  const double e0 = 90.0821, e1 = 91.5391;
  const auto s0 = scattering_factor("Si", e0), s1 = scattering_factor("Si", e1);
  CHECK(s0.f1 == Approx(0.568059).epsilon(1e-14));
  CHECK(s1.f2 == Approx(0.444926).epsilon(1e-14));
  const auto middle = scattering_factor("Si", std::sqrt(e0 * e1));
  CHECK(middle.f1 == Approx((s0.f1 + s1.f1) / 2).epsilon(1e-12));
  CHECK(middle.f2 == Approx(std::sqrt(s0.f2 * s1.f2)).epsilon(1e-12));
  CHECK_THROWS_AS(scattering_factor("Xx", 92), InputError);
}

TEST_CASE("scattering factors: the cut table interpolates as the whole one", "[validation][materials]") {
  const auto folder = test::third_party("optical/henke");
  if (!folder) return;
  int elements = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*folder)) {
    if (entry.path().extension() != ".nff") continue;
    ++elements;
    std::string symbol = entry.path().stem().string();
    symbol[0] = static_cast<char>(symbol[0] - 'a' + 'A');
    CAPTURE(symbol);
    std::ifstream stream(entry.path());
    std::string header;
    std::getline(stream, header);
    std::vector<double> energy, f1, f2;
    for (double e, a, b; stream >> e >> a >> b;) {
      energy.push_back(e);
      f1.push_back(a);
      f2.push_back(b);
    }
    REQUIRE(energy.size() > 300);
    constexpr double kRounding = 1e-13;  // of two ways to write the same interpolation
    for (double e = 59.9; e <= 130.6; e += 0.0937) {
      const auto above =
          static_cast<std::size_t>(std::upper_bound(energy.begin(), energy.end(), e) - energy.begin());
      const double share = (std::log(e) - std::log(energy[above - 1])) /
                           (std::log(energy[above]) - std::log(energy[above - 1]));
      const double f1_whole = f1[above - 1] + share * (f1[above] - f1[above - 1]);
      const double f2_whole =
          std::exp(std::log(f2[above - 1]) + share * (std::log(f2[above]) - std::log(f2[above - 1])));
      const ScatteringFactor cut = scattering_factor(symbol, e);
      const double steps = std::abs(f1[above]) + std::abs(f1[above - 1]);
      if (!(std::abs(cut.f1 - f1_whole) <= 100 * kRounding * steps) ||
          !(std::abs(cut.f2 / f2_whole - 1) <= 100 * kRounding)) {
        CAPTURE(e, cut.f1, f1_whole, cut.f2, f2_whole);
        FAIL("the tables differ");
      }
    }
  }
  CHECK(elements == 41);
}

TEST_CASE("optical constants: nothing is extrapolated", "[unit][materials]") {
  for (double wavelength_nm : {1.0, 9.0, 21.5, 193.0, 0.0, -13.5, std::numeric_limits<double>::quiet_NaN(),
                               std::numeric_limits<double>::infinity()}) {
    CAPTURE(wavelength_nm);
    CHECK_THROWS_AS(refractive_index("Mo", wavelength_nm), InputError);
    CHECK_THROWS_AS(refractive_index("MoSi2@6.26", wavelength_nm), InputError);
  }
  // Nothing else of the program needs more.
  for (const double wavelength_nm : {9.5, 20.7})
    for (const MaterialDescription& material : all_materials())
      CHECK_NOTHROW(refractive_index(material.name, wavelength_nm));
}

TEST_CASE("measured constants: each beside the tables", "[validation][materials]") {
  CHECK(find_measurements("").empty());
  CHECK(find_measurements("SiO2").empty());
  const auto te = find_measurements("Te");
  REQUIRE(te.size() == 1);
  CHECK(te[0].n == .9688);
  CHECK(te[0].k == .07338);
  CHECK(te[0].wavelength_nm == 13.5);
  REQUIRE(find_measurements("Ru").size() == 1);
  CHECK(find_measurements("Ru")[0].n == .9023);
  // How far films of metals are from the tables: by up to 0.033 in n (Re) and a factor 3.5 in k (Zr). A slip
  // of the point or of the column would show.
  constexpr double kLargestInN = 0.035, kLargestFactorInK = 4;
  for (const MeasuredIndex& measured : all_measurements()) {
    CAPTURE(std::string(measured.formula));
    CHECK(!measured.source.empty());
    if (measured.formula == "TeO") continue;  // of unknown density
    const auto index = refractive_index(std::string(measured.formula), measured.wavelength_nm);
    CHECK(std::abs(index.real() - measured.n) < kLargestInN);
    CHECK(std::abs(std::log(index.imag() / measured.k)) < std::log(kLargestFactorInK));
  }
}

TEST_CASE("optical constants: an unknown name gets the nearest known one", "[unit][materials]") {
  CHECK_THROWS_WITH(find_material("TaBm"),
                    Catch::Contains("unknown material 'TaBm'") && Catch::Contains("did you mean 'TaB"));
  CHECK_THROWS_WITH(find_material("mo"), Catch::Contains("did you mean 'Mo'"));
  CHECK_THROWS_AS(refractive_index("", 13.5), InputError);
  CHECK_THROWS_AS(find_material("Unobtainium"), InputError);
}

TEST_CASE("material: a value that is resolved once", "[unit][materials]") {
  const Material none, empty = "";
  CHECK(none.empty());
  CHECK(empty == none);
  CHECK(none.name().empty());
  CHECK_THROWS_AS(none.description(), InputError);
  CHECK_THROWS_AS(none.index(13.5), InputError);

  for (const std::string name : {"Mo", "vacuum", "Ta2O5@8.2"}) {
    const Material material = name;
    CHECK(!material.empty());
    CHECK(material.name() == name);
    CHECK(material == Material(name));
    CHECK(material.index(13.5) == refractive_index(name, 13.5));
    CHECK(material.description().source == find_material(name).source);
  }
  CHECK(Material("Mo") != Material("Si"));
}

TEST_CASE("material: an unknown name is an error where it is used, not where it is given",
          "[unit][materials]") {
  Material material;
  REQUIRE_NOTHROW(material = "Unobtainium");
  CHECK(material.name() == "Unobtainium");
  CHECK(!material.empty());
  CHECK_THROWS_WITH(material.description(), Catch::Contains("unknown material 'Unobtainium'"));
  CHECK_THROWS_WITH(material.index(13.5), Catch::Contains("unknown material 'Unobtainium'"));
  CHECK_THROWS_WITH(Material("Ta2O5@-1").index(13.5), Catch::Contains("density '-1'"));
}
