#pragma once

#include <complex>
#include <string>
#include <string_view>
#include <vector>

/// Complex refractive indices n = 1 - delta + i beta around 13.5 nm.
namespace undulith::materials {

/// What is known of one material of the built-in library.
struct Material {
  std::string name;          ///< as used in a job: "Mo", "TaBN", "SiO2"
  std::string formula;       ///< composition by atoms, "Ta50B15N35"; empty when n and k are defined directly
  double density_g_cm3 = 0;  ///< 0 when n and k are defined directly
  double min_wavelength_nm = 0, max_wavelength_nm = 0;  ///< range in which refractive_index answers
  std::string source;                                   ///< where the numbers come from and how sure they are
};

/// All materials, in alphabetical order.
[[nodiscard]] const std::vector<Material>& all_materials();

/// One material by name (case-sensitive).
/// @throws InputError  unknown name, with the nearest known one
[[nodiscard]] const Material& find_material(std::string_view name);

/// n + ik of a material.
///
///   delta + i beta = r_e lambda^2 / (2 pi) * N_A rho / M * sum_i x_i (f1_i + i f2_i)
///
/// f1 linear in log E, f2 log-log between tabulated energies.
/// @throws InputError  unknown name, or a wavelength outside the table (never extrapolated)
/// Source: [Henke1993], tables of CXRO. Theory: docs/theory/materials.md
[[nodiscard]] std::complex<double> refractive_index(std::string_view name, double wavelength_nm);

}  // namespace undulith::materials
