// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <complex>

#include "support/job_folder.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/materials/optical_constants.hpp"
#include "undulith/program/materials_report.hpp"

using namespace undulith;

TEST_CASE("materials report: all materials", "[unit][program]") {
  const auto report = program::materials_report(std::nullopt, 13.5);
  const auto document = nlohmann::json::parse(report.json);
  CHECK(document.at("wavelength_nm") == 13.5);
  REQUIRE(document.at("materials").size() == materials::all_materials().size());
  for (const auto& material : materials::all_materials())
    CHECK(report.text.find("\n" + material.name + " ") != std::string::npos);
}

TEST_CASE("materials report: one material, and vacuum that absorbs nothing", "[unit][program]") {
  const auto report = program::materials_report("Mo", 13.5);
  const auto document = nlohmann::json::parse(report.json);
  REQUIRE(document.at("materials").size() == 1);
  const auto& mo = document.at("materials").at(0);
  const double k = materials::refractive_index("Mo", 13.5).imag();
  CHECK(mo.at("k").get<double>() == Approx(k).epsilon(1e-15));
  CHECK(mo.at("absorption_length_nm").get<double>() == Approx(13.5 / (4 * constants::kPi * k)));
  CHECK(mo.at("density_g_cm3") == 10.22);
  CHECK(report.text.find("0.92379172") != std::string::npos);

  const auto empty = nlohmann::json::parse(program::materials_report("vacuum", 13.5).json);
  CHECK(empty.at("materials").at(0).at("absorption_length_nm").is_null());
  CHECK(empty.at("materials").at(0).at("n") == 1.0);
}

TEST_CASE("materials report: unknown names and wavelengths", "[unit][program]") {
  CHECK_THROWS_WITH(program::materials_report("Moo", 13.5), Catch::Contains("did you mean"));
  CHECK_THROWS_AS(program::materials_report(std::nullopt, 193), InputError);
}

TEST_CASE("materials report: a formula with its density, beside measured films", "[unit][program]") {
  const auto document = nlohmann::json::parse(program::materials_report("Te@6.24", 13.4).json);
  const auto& te = document.at("materials").at(0);
  CHECK(te.at("formula") == "Te");
  CHECK(te.at("density_g_cm3") == 6.24);
  CHECK(te.at("delta").get<double>() == 1 - te.at("n").get<double>());
  REQUIRE(te.at("measured").size() == 1);
  CHECK(te.at("measured").at(0).at("n") == .9688);
  CHECK(te.at("measured").at(0).at("tabulated_k").get<double>() ==
        materials::refractive_index("Te@6.24", 13.5).imag());
  const std::string text = program::materials_report("Te@6.24", 13.4).text;
  CHECK(text.find("Measured on films") != std::string::npos);
  CHECK(text.find("0.07338") != std::string::npos);
  CHECK(program::materials_report("SiO2", 13.5).text.find("Measured on films") == std::string::npos);
}

TEST_CASE("materials report: a CSV of a range is a material", "[unit][program]") {
  const JobFolder folder;
  const std::string file = folder.write("tabn.csv", program::materials_csv("TaBN", 13, 14, 0.05)).string();
  CHECK(materials::find_material(file).min_wavelength_nm == 13);
  CHECK(materials::find_material(file).max_wavelength_nm == 14);
  // Shortest texts that read back to the same numbers.
  for (const double wavelength_nm : {13.0, 13.05, 13.5, 14.0})
    CHECK(materials::refractive_index(file, wavelength_nm) ==
          materials::refractive_index("TaBN", wavelength_nm));
  // Between rows the error of linear interpolation: h^2/8 of the second derivative, below 1e-6 here.
  CHECK(std::abs(materials::refractive_index(file, 13.525) - materials::refractive_index("TaBN", 13.525)) <
        1e-6);
  CHECK(program::materials_csv("vacuum", 13, 13.1, 0.1).find("\n13.1,1,0\n") != std::string::npos);
  for (const auto& [from, to, step] :
       {std::array{14.0, 13.0, 0.1}, std::array{13.0, 14.0, 0.0}, std::array{13.0, 14.0, -1.0},
        std::array{13.0, 14.0, 2.0}, std::array{13.0, 14.0, 1e-9}, std::array{13.0, std::nan(""), 0.1}})
    CHECK_THROWS_WITH(program::materials_csv("TaBN", from, to, step),
                      Catch::Contains("choose another range or step"));
  CHECK_THROWS_AS(program::materials_csv("TaBN", 13, 50, 0.1), InputError);
}
