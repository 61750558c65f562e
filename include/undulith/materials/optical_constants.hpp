#pragma once

#include <complex>
#include <string>
#include <string_view>
#include <vector>

/// Complex refractive indices n = 1 - delta + i beta around 13.5 nm.
///
/// The name of a material is one of three kinds:
///   "Mo", "TaBN"   a material of the built-in library
///   "Ta2O5@8.2"    a formula and its density in g/cm3; the numbers of atoms may be fractions
///   "film.csv"     a table of the user: materials/optical_table.hpp
namespace undulith::materials {

/// Description of one material.
struct Material {
  std::string name;          ///< as used in a job: "Mo", "TaBN", "Ta2O5@8.2", "film.csv"
  std::string formula;       ///< composition by atoms, "Ta60B15N25"; empty where n and k are given directly
  double density_g_cm3 = 0;  ///< 0 where n and k are given directly
  double min_wavelength_nm = 0, max_wavelength_nm = 0;  ///< range in which refractive_index answers
  std::string source;                                   ///< source of the numbers, and how certain they are
};

/// The built-in library, in alphabetical order.
[[nodiscard]] const std::vector<Material>& all_materials();

/// One material by name (case-sensitive).
/// @throws InputError  unknown name (with the nearest known one), a malformed formula or density (with the
///                     place), a table that cannot be read (with the line)
[[nodiscard]] Material find_material(std::string_view name);

/// n + ik of a material.
///
///   delta + i beta = r_e lambda^2 / (2 pi) * N_A rho / M * sum_i x_i (f1_i + i f2_i)
///
/// f1 linear in log E, f2 log-log between tabulated energies; n and k of a user's table linear in wavelength.
/// @throws InputError  as find_material, or a wavelength outside the table (never extrapolated)
/// Source: [Henke1993], tables of CXRO. Theory: docs/theory/materials.md
[[nodiscard]] std::complex<double> refractive_index(std::string_view name, double wavelength_nm);

}  // namespace undulith::materials
