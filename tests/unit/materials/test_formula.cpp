// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <string>

#include "materials/formula.hpp"
#include "materials/scattering_factors.hpp"
#include "undulith/core/error.hpp"
#include "undulith/materials/optical_constants.hpp"

using namespace undulith;
using namespace undulith::materials;
using Catch::Contains;

TEST_CASE("formula: elements, numbers and fractions", "[unit][materials]") {
  const auto ta2o5 = parse_formula("Ta2O5");
  REQUIRE(ta2o5.size() == 2);
  CHECK(ta2o5[0].element == "Ta");
  CHECK(ta2o5[0].count == 2);
  CHECK(ta2o5[0].atomic_weight == 180.948);
  CHECK(ta2o5[1].element == "O");
  CHECK(ta2o5[1].count == 5);
  const auto alloy = parse_formula("Ru0.75Ta.25");
  CHECK(alloy.at(0).count == 0.75);
  CHECK(alloy.at(1).count == 0.25);
  // The longer symbol wins: carbon and oxygen are CO, cobalt is Co.
  CHECK(parse_formula("CO").size() == 2);
  CHECK(parse_formula("Co").size() == 1);
  const Compound compound = parse_compound("Ta60B15N25@13.5");
  CHECK(compound.constituents.size() == 3);
  CHECK(compound.formula == "Ta60B15N25");
  CHECK(compound.density_g_cm3 == 13.5);
}

TEST_CASE("formula: errors name the character and what to do", "[unit][materials]") {
  const auto message = [](const std::string& text) -> std::string {
    try {
      static_cast<void>(find_material(text));
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  };
  CHECK_THAT(message("Ta2Oo5@8"),
             Contains("character 4") && Contains("element 'Oo'") && Contains("did you mean 'O"));
  CHECK_THAT(message("Tq@8"), Contains("did you mean 'T"));
  CHECK_THAT(message("ta2o5@8"), Contains("character 1") && Contains("element symbol"));
  CHECK_THAT(message("Ta2 O5@8"), Contains("character 4") && Contains("without blanks"));
  CHECK_THAT(message("Ta(O2)2@8"), Contains("character 3") && Contains("brackets"));
  CHECK_THAT(message("Ta0O5@8"), Contains("character 3") && Contains("'0' is not a number of atoms"));
  CHECK_THAT(message("Ta1.2.3@8"), Contains("'1.2.3' is not a number of atoms"));
  CHECK_THAT(message("Ta99999999@8"), Contains("at most 1000000"));
  CHECK_THAT(message("@8"), Contains("the formula is empty"));
  for (const std::string density : {"", "0", "-1", "31", "nan", "inf", "8.2g", "1e2", " 8", "8@2"}) {
    CAPTURE(density);
    CHECK_THAT(message("Ta2O5@" + density),
               Contains("density '" + density + "' of Ta2O5 (must be a number of g/cm3"));
  }
  CHECK_THAT(message(std::string(500, 'H') + "@1"), Contains("has 500 characters (at most 200)"));
  CHECK(message(std::string(100000, 'x')).size() < 500);
  CHECK_THAT(message("Sb2O3"), Contains("formula@density"));
  CHECK_THAT(message("Mo\n\x01\xff@3"), Contains("formula 'Mo?") && Contains("character 3"));
  // Thirty grams of hydrogen in a cubic centimetre: n would be negative.
  CHECK_THROWS_WITH(refractive_index("H@30", 13.5), Contains("lower the density"));
}

TEST_CASE("formula: every element with a weight has scattering factors from 9.5 to 20.7 nm",
          "[property][materials]") {
  const auto elements = known_elements();
  CHECK(elements.size() == 69);
  for (const std::string_view element : elements) {
    CAPTURE(std::string(element));
    const EnergyRange range = tabulated_range(element);
    CHECK(range.min_ev <= 59.9);   // 20.7 nm
    CHECK(range.max_ev >= 130.6);  // 9.5 nm
    const std::string name = std::string(element) + "@0.001";
    for (const double wavelength_nm : {9.5, 13.5, 20.7})
      CHECK(refractive_index(name, wavelength_nm).imag() > 0);
  }
}

TEST_CASE("formula: a compound equals the material of the library", "[validation][materials]") {
  for (const auto& [compound, name] : {std::pair{"Ta2O5@8.2", "Ta2O5"}, std::pair{"Ta60B15N25@13.5", "TaBN"},
                                       std::pair{"Mo@10.22", "Mo"}, std::pair{"Ru75Ta25@13.47", "RuTa_75"}}) {
    CAPTURE(compound);
    CHECK(refractive_index(compound, 13.5) == refractive_index(name, 13.5));
    const MaterialDescription material = find_material(compound);
    CHECK(material.name == compound);
    CHECK(material.formula == find_material(name).formula);
    CHECK(material.min_wavelength_nm == find_material(name).min_wavelength_nm);
  }
  // Only ratios of numbers of atoms count, and delta and beta are proportional to density: to rounding.
  constexpr double kRounding = 1e-15;
  const auto parts = 1.0 - refractive_index("Ru0.75Ta0.25@13.47", 13.5),
             whole = 1.0 - refractive_index("Ru75Ta25@13.47", 13.5);
  CHECK(std::abs(parts - whole) < kRounding);
  CHECK(std::abs((1.0 - refractive_index("SiO2@1.1", 13.5)) * 2.0 -
                 (1.0 - refractive_index("SiO2@2.2", 13.5))) < kRounding);
}
