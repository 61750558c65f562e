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
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
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
  const std::filesystem::path path = std::filesystem::path(UNDULITH_SOURCE_DIR) / "../shared/optical" / file;
  std::vector<std::vector<std::string>> rows;
  std::ifstream stream(path);
  for (std::string line; std::getline(stream, line);) rows.push_back(split(line));
  if (rows.empty()) WARN("skipped: " << file << " is not beside the checkout");
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
  CHECK(std::is_sorted(materials.begin(), materials.end(),
                       [](const Material& a, const Material& b) { return a.name < b.name; }));
  for (const Material& material : materials) {
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

TEST_CASE("optical constants: nothing is extrapolated", "[unit][materials]") {
  for (double wavelength_nm : {1.0, 9.0, 21.5, 193.0, 0.0, -13.5, std::numeric_limits<double>::quiet_NaN(),
                               std::numeric_limits<double>::infinity()}) {
    CAPTURE(wavelength_nm);
    CHECK_THROWS_AS(refractive_index("Mo", wavelength_nm), InputError);
  }
}

TEST_CASE("optical constants: an unknown name gets the nearest known one", "[unit][materials]") {
  CHECK_THROWS_WITH(find_material("TaBm"),
                    Catch::Contains("unknown material 'TaBm'") && Catch::Contains("did you mean 'TaB"));
  CHECK_THROWS_WITH(find_material("mo"), Catch::Contains("did you mean 'Mo'"));
  CHECK_THROWS_AS(refractive_index("", 13.5), InputError);
  CHECK_THROWS_AS(find_material("Unobtainium"), InputError);
}
