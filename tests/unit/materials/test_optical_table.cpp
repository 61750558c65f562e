// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cmath>
#include <complex>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/materials/optical_constants.hpp"
#include "undulith/materials/optical_table.hpp"

using namespace undulith;
using namespace undulith::materials;
using Catch::Contains;

namespace {

/// A file that is gone when the test ends.
class TableFile {
 public:
  explicit TableFile(const std::string& text) {
    static std::atomic<int> count = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("undulith_optical_" + std::to_string(::getpid()) + "_" + std::to_string(count++) + ".csv");
    write(text);
  }
  TableFile(const TableFile&) = delete;
  TableFile& operator=(const TableFile&) = delete;
  ~TableFile() { remove(); }
  void remove() const {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  void write(const std::string& text) const { std::ofstream(path_, std::ios::binary) << text; }
  [[nodiscard]] std::string name() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

std::string refusal(const std::string& text) {
  try {
    static_cast<void>(parse_optical_table(text, "film.csv"));
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("optical table: n and k are linear in wavelength", "[unit][materials]") {
  const OpticalTable table = parse_optical_table(
      "# a film\nwavelength_nm, n, k\n13.0, 0.95, 0.030\n13.5, 0.94, 0.032  # measured\n\n14.0, 0.93, "
      "0.036\n",
      "film.csv");
  constexpr double kRounding = 1e-15;
  CHECK(refractive_index(table, 13.0) == std::complex<double>(0.95, 0.030));
  CHECK(refractive_index(table, 13.5) == std::complex<double>(0.94, 0.032));
  CHECK(refractive_index(table, 14.0) == std::complex<double>(0.93, 0.036));
  CHECK(std::abs(refractive_index(table, 13.1) - std::complex<double>(0.948, 0.0304)) < kRounding);
  CHECK(std::abs(refractive_index(table, 13.75) - std::complex<double>(0.935, 0.034)) < kRounding);
  for (const double outside : {12.999, 14.001, 0.0, -13.5, std::nan(""), HUGE_VAL})
    CHECK_THROWS_WITH(refractive_index(table, outside),
                      Contains("film.csv") && Contains("the table covers 13 to 14 nm"));
}

TEST_CASE("optical table: energies, delta and beta, columns in any order", "[unit][materials]") {
  const OpticalTable table =
      parse_optical_table("beta,energy_ev,delta\n0.03,90,0.05\n0.02,95,0.04\n", "film.csv");
  REQUIRE(table.wavelength_nm.size() == 2);
  CHECK(table.wavelength_nm[0] == constants::wavelength_nm_of(95));
  CHECK(table.n[0] == 1 - 0.04);
  CHECK(table.k[0] == 0.02);
  CHECK(refractive_index(table, constants::wavelength_nm_of(90)) == std::complex<double>(1 - 0.05, 0.03));
  CHECK(parse_optical_table("energy_ev,n,k\n90,0.9,0\n91,0.9,0\n", "f").k[0] == 0);
  CHECK(parse_optical_table("wavelength_nm,delta,beta\n13,-0.1,0\n14,0,0\n", "f").n[0] == 1.1);
}

TEST_CASE("optical table: what is refused, and where", "[unit][materials]") {
  CHECK_THAT(refusal(""), Contains("film.csv: no header"));
  CHECK_THAT(refusal("wavelength_nm,n\n13,0.9\n"), Contains("film.csv: the columns are not those"));
  CHECK_THAT(refusal("wavelength_nm,k\n13,0.9\n"), Contains("there must be three"));
  CHECK_THAT(refusal("wavelength,n,k\n13,0.9,0\n14,0.9,0\n"), Contains("the columns are not those"));
  CHECK_THAT(refusal("energy_ev,f1,f2\n90,10,3\n"), Contains("mo.nff@10.22"));
  CHECK_THAT(refusal("wavelength_nm,energy_ev,n\n13,0.9,0\n"), Contains("the columns are not those"));
  CHECK_THAT(refusal("wavelength_nm,n,beta\n13,0.9,0\n"), Contains("the columns are not those"));
  const std::string header = "wavelength_nm,n,k\n";
  CHECK_THAT(refusal(header), Contains("film.csv: 0 rows"));
  CHECK_THAT(refusal(header + "13,0.9,0\n"), Contains("film.csv: 1 row of") && Contains("add a row"));
  CHECK_THAT(refusal(header + "13,0.9,0\n13,0.9,0\n"),
             Contains("film.csv:3: wavelength_nm = 13 (must ascend"));
  CHECK_THAT(refusal(header + "13,0.9,0\n12,0.9,0\n"), Contains("film.csv:3:") && Contains("sort the rows"));
  CHECK_THAT(refusal(header + "-13,0.9,0\n"), Contains("film.csv:2:"));
  CHECK_THAT(refusal(header + "13,nan,0\n"),
             Contains("film.csv:2: column 'n': 'nan' (must be a finite number)"));
  CHECK_THAT(refusal(header + "13,0.9,inf\n"), Contains("film.csv:2: column 'k'"));
  CHECK_THAT(refusal(header + "13,0.9,-0.01\n"), Contains("film.csv:2: k = -0.01") && Contains("amplify"));
  CHECK_THAT(refusal(header + "13,0,0.01\n"), Contains("n = 0 (the refractive index n must be above 0"));
  CHECK_THAT(refusal(header + "13,0.9,0\n14,21,0\n"), Contains("film.csv:3: n = 21"));
  CHECK_THAT(refusal("energy_ev,delta,beta\n92,1.5,0\n"), Contains("delta = 1.5"));
  CHECK_THAT(refusal("energy_ev,n,k\n1e-8,0.9,0\n"), Contains("check the unit"));
  CHECK_THAT(refusal(header + "13,0.9\n"), Contains("film.csv:2: 2 fields"));
  // Two energies that differ by a rounding error may have the same wavelength.
  double energy_ev = 126, next_ev = std::nextafter(energy_ev, 200);
  while (constants::wavelength_nm_of(energy_ev) != constants::wavelength_nm_of(next_ev))
    energy_ev = std::exchange(next_ev, std::nextafter(next_ev, 200));
  CHECK_THAT(refusal(fmt::format("energy_ev,n,k\n{},0.9,0\n{},0.9,0\n", energy_ev, next_ev)),
             Contains("two rows have the same wavelength"));
}

TEST_CASE("optical table: files of CXRO, refractiveindex.info and IMD", "[unit][materials]") {
  // The numbers of a table of three photon energies, at 13.5 nm (91.84 eV), linear in wavelength.
  constexpr double kWavelengthNm = 13.5, kN = 0.945921675, kK = 0.033078325, kSixDigits = 5e-7;
  const auto check = [&](const std::string& text, const std::string& name) {
    CAPTURE(name, text);
    const std::complex<double> index = refractive_index(parse_optical_table(text, name), kWavelengthNm);
    CHECK(std::abs(index.real() - kN) < kSixDigits);
    CHECK(std::abs(index.imag() - kK) < kSixDigits);
  };
  const std::string energies = "  90  0.055  0.034\n  92  0.054  0.033\n  94  0.053  0.032\n";
  check(" TaN Density=14.3\n Energy(eV), Delta, Beta\n" + energies, "cxro.dat");
  check(" TaN Density=14.3\r\n Energy(eV), Delta, Beta\r\n  90  0.055  0.034\r\n  92  0.054  0.033\r\n",
        "cxro.dat");
  const std::string micrometres = "13.189808,0.947,0.032\n13.476543,0.946,0.033\n13.776022,0.945,0.034\n";
  check(
      " TaN Density=14.3\n Wavelength(nm), Delta, Beta\n 13.189808 0.053 0.032\n 13.476543 0.054 0.033\n"
      " 13.776022 0.055 0.034\n",
      "cxro.dat");
  check("Wavelength (nm)\tn\tk\n13.189808\t0.947\t0.032\n13.476543\t0.946\t0.033\n13.776022\t0.945\t0.034\n",
        "film.txt");
  check(
      "wl,n\n0.013189808,0.947\n0.013476543,0.946\n0.013776022,0.945\n\nwl,k\n0.013189808,0.032\n"
      "0.013476543,0.033\n0.013776022,0.034\n",
      "page.csv");
  // n and k at different wavelengths: what both cover.
  check(
      "wl,n\n0.013189808,0.947\n0.013476543,0.946\n0.013776022,0.945\n\nwl,k\n0.013476543,0.033\n"
      "0.013776022,0.034\n",
      "page.csv");
  check("; TaN, from CXRO\n; angstroms, n, k\n 134.76543  0.946  0.033\n 137.76022  0.945  0.034\n",
        "TaN.nk");
  check("  137.76022  0.945  0.034\n  134.76543  0.946  0.033\n", "TaN.NK");  // may descend
  check("lot,wavelength_nm,n,k,error\nA1,13.476543,0.946,0.033,\nA2,13.776022,0.945,0.034,0.001\n",
        "film.csv");

  CHECK_THAT(refusal("wl,n\n0.013,0.95\n0.014,0.94\n"), Contains("there is no block 'wl,k'"));
  CHECK_THAT(refusal("wl,n\n0.013,0.95\n0.012,0.94\n\nwl,k\n0.013,0.95\n"),
             Contains("film.csv:3: wl = 0.012"));
  CHECK_THAT(refusal(" TaN Density=14.3\n Energy(eV), Delta, Beta\n 90 0.05 x\n"),
             Contains("film.csv:3: column 'Beta'"));
}

TEST_CASE("optical table: scattering factors of Henke with a density", "[validation][materials]") {
  // Rows of mo.nff of CXRO; the library interpolates the same factors in log E, to all digits of the rows.
  const TableFile file(
      "E(eV)\tf1\tf2\t\n28.9917\t-9999.\t2.3\t\n91.0\t15.4000\t1.20000\t\n92.5\t15.2000\t1.22000\t\n");
  const std::string name =
      std::filesystem::temp_directory_path() / fmt::format("undulith_{}", ::getpid()) / "mo.nff";
  std::filesystem::create_directories(std::filesystem::path(name).parent_path());
  std::filesystem::copy_file(file.name(), name, std::filesystem::copy_options::overwrite_existing);
  const Material material = name + "@10.22";
  const double energy_ev = 91.6, wavelength_nm = constants::wavelength_nm_of(energy_ev);
  const double w = std::log(energy_ev / 91.0) / std::log(92.5 / 91.0);
  const double factor = constants::kClassicalElectronRadiusNm * wavelength_nm * wavelength_nm /
                        (2 * constants::kPi) * constants::kAvogadro * 10.22 / 95.94 / 1e21;
  // A table of 16 lines between two rows is linear in wavelength between them: (0.0165 / 16)^2 / 8 of n - 1.
  constexpr double kLines = 1e-7;
  const std::complex<double> index = material.index(wavelength_nm);
  CHECK(std::abs(index.real() - (1 - factor * (15.4 + w * (15.2 - 15.4)))) < kLines);
  CHECK(std::abs(index.imag() - factor * 1.2 * std::pow(1.22 / 1.2, w)) < kLines);
  CHECK(material.name() == name + "@10.22");
  CHECK(material.description().max_wavelength_nm == constants::wavelength_nm_of(91.0));
  CHECK_THROWS_WITH(find_material(name), Contains("need a density") && Contains("mo.nff@"));
  CHECK_THROWS_WITH(find_material(name + "@300"), Contains("density '300'"));
  CHECK_THROWS_WITH(find_material("no/such/si.nff@2.33"), Contains("no/such/si.nff (no such file)"));
  std::filesystem::remove_all(std::filesystem::path(name).parent_path());
}

TEST_CASE("optical table: which names are tables", "[unit][materials]") {
  for (const char* table : {"a.csv", "dir/a.DAT", "a.txt", "a.tsv", "TaN.nk", "mo.nff", "mo.nff@10.22"})
    CHECK(names_table(table));
  for (const char* other : {"Mo", "Ta2O5@8.2", "a.xls", "nk", "csv", "x.nff/Mo"})
    CHECK_FALSE(names_table(other));
  CHECK(file_of_table("d/mo.nff@10.22") == "d/mo.nff");
  CHECK(file_of_table("d@2/film.csv") == "d@2/film.csv");
  CHECK_THROWS_WITH(find_material("film.xls"), Contains("end in .csv, .dat") && Contains("not .xls"));
}

TEST_CASE("optical table: a file that is huge, missing or no file is refused at once", "[unit][materials]") {
  const TableFile file("wavelength_nm,n,k\n13,0.9,0\n14,0.9,0\n");
  std::filesystem::resize_file(file.name(), std::uintmax_t{1} << 40);  // a hole: nothing is on the disk
  CHECK_THROWS_WITH(find_material(file.name()), Contains("larger than the limit of 1048576 bytes"));
  CHECK_THROWS_WITH(find_material("no/such/film.csv"), Contains("no/such/film.csv (no such file)"));
  CHECK_THROWS_AS(refractive_index("no/such/film.csv", 13.5), InputError);
  CHECK_THROWS_AS(find_material(".csv"), InputError);
  // A header of half a million columns would take a quarter of a million million comparisons.
  std::string wide = "a";
  for (int i = 0; i < 500000; ++i) wide += ",a";
  CHECK_THAT(refusal(wide), Contains("500001 columns (at most 1000)"));
}

TEST_CASE("optical table: a file is a material by its name, read when the material is made",
          "[unit][materials]") {
  const TableFile file("wavelength_nm,n,k\n13,0.9,0.01\n14,0.9,0.01\n");
  const Material material = file.name();
  CHECK(material.name() == file.name());
  CHECK(material.description().name == file.name());
  CHECK(material.description().formula.empty());
  CHECK(material.description().min_wavelength_nm == 13);
  CHECK(material.description().max_wavelength_nm == 14);
  CHECK_THAT(material.description().source, Contains("2 rows"));
  CHECK(material.index(13.5) == std::complex<double>(0.9, 0.01));

  // A material keeps its numbers whatever becomes of the file; a new one has those of the new file.
  file.write("wavelength_nm,n,k\n13,0.925,0.01\n14,0.925,0.01\n");
  const Material copy = material;  // NOLINT(performance-unnecessary-copy-initialization): copies are tested
  CHECK(copy.index(13.5) == std::complex<double>(0.9, 0.01));
  CHECK(Material(file.name()).index(13.5) == std::complex<double>(0.925, 0.01));
  CHECK(refractive_index(file.name(), 13.5) == std::complex<double>(0.925, 0.01));
  file.write("wavelength_nm,n,k\n13,0.925,-0.01\n14,0.925,0.01\n");
  CHECK_THROWS_WITH(refractive_index(file.name(), 13.5), Contains(":2: k = -0.01"));
  file.remove();
  CHECK(copy.index(13.5) == std::complex<double>(0.9, 0.01));
  CHECK_THROWS_WITH(Material(file.name()).index(13.5), Contains("no such file"));
}

TEST_CASE("optical table: many threads share one material", "[property][materials]") {
  const TableFile file("wavelength_nm,n,k\n13,0.9,0.01\n14,0.8,0.02\n");
  const Material material = file.name();
  std::atomic<int> wrong = 0;
  parallel_for(1000, [&](int i) {
    const double expected = 0.9 - 0.1 * i / 1000;
    const Material copy = material;  // NOLINT(performance-unnecessary-copy-initialization): copies are tested
    if (!(std::abs(copy.index(13 + i / 1000.0).real() - expected) < 1e-14)) ++wrong;
  });
  CHECK(wrong == 0);
}
