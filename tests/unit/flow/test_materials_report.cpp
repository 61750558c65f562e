#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/flow/materials_report.hpp"
#include "undulith/materials/optical_constants.hpp"

using namespace undulith;

TEST_CASE("materials report: all materials", "[unit][flow]") {
  const auto report = flow::materials_report(std::nullopt, 13.5);
  const auto document = nlohmann::json::parse(report.json);
  CHECK(document.at("wavelength_nm") == 13.5);
  REQUIRE(document.at("materials").size() == materials::all_materials().size());
  for (const auto& material : materials::all_materials())
    CHECK(report.text.find("\n" + material.name + " ") != std::string::npos);
}

TEST_CASE("materials report: one material, and vacuum that absorbs nothing", "[unit][flow]") {
  const auto report = flow::materials_report("Mo", 13.5);
  const auto document = nlohmann::json::parse(report.json);
  REQUIRE(document.at("materials").size() == 1);
  const auto& mo = document.at("materials").at(0);
  const double k = materials::refractive_index("Mo", 13.5).imag();
  CHECK(mo.at("k").get<double>() == Approx(k).epsilon(1e-15));
  CHECK(mo.at("absorption_length_nm").get<double>() == Approx(13.5 / (4 * constants::kPi * k)));
  CHECK(mo.at("density_g_cm3") == 10.22);
  CHECK(report.text.find("0.92379172") != std::string::npos);

  const auto empty = nlohmann::json::parse(flow::materials_report("vacuum", 13.5).json);
  CHECK(empty.at("materials").at(0).at("absorption_length_nm").is_null());
  CHECK(empty.at("materials").at(0).at("n") == 1.0);
}

TEST_CASE("materials report: unknown names and wavelengths", "[unit][flow]") {
  CHECK_THROWS_WITH(flow::materials_report("Moo", 13.5), Catch::Contains("did you mean"));
  CHECK_THROWS_AS(flow::materials_report(std::nullopt, 193), InputError);
}
