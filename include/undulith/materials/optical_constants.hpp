// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <concepts>
#include <memory>
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

/// What is known about a material apart from its index.
struct MaterialDescription {
  std::string name;          ///< as used in a job: "Mo", "TaBN", "Ta2O5@8.2", "film.csv"
  std::string formula;       ///< composition by atoms, "Ta60B15N25"; empty if n and k are given directly
  double density_g_cm3 = 0;  ///< 0 if n and k are given directly
  double min_wavelength_nm = 0, max_wavelength_nm = 0;  ///< range in which index() answers
  std::string source;                                   ///< source of the numbers, and how certain they are
};

/// A material: a value with its optical constants.
///
/// The constructor resolves the name once: it finds the library entry, parses the formula or reads the table
/// from its file. After that nothing looks up a name or opens a file: copies share the same constants, which
/// do not change even if the file does. No process-wide map of materials exists.
///
/// The constructor does not throw for a wrong name. The material keeps the error, and description() and
/// index() throw it: a job can report all wrong names at their keys, and a wrong name that is not used does no
/// harm. Thread-safe.
class Material {
 public:
  /// No material: empty().
  Material() = default;

  /// Implicit, so that parameters read like a job: `film.material = "Mo"`. "" gives no material.
  template <std::convertible_to<std::string_view> Name>
  Material(const Name& name) : content_(resolve(name)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool empty() const { return content_ == nullptr; }

  /// As given; "" for no material.
  [[nodiscard]] const std::string& name() const;

  /// @throws InputError  no material, unknown name (with the nearest known one), a malformed formula or
  ///                     density (with the place), a table that cannot be read (with the line)
  [[nodiscard]] const MaterialDescription& description() const;

  /// n + ik.
  ///
  ///   delta + i beta = r_e lambda^2 / (2 pi) * N_A rho / M * sum_i x_i (f1_i + i f2_i)
  ///
  /// f1 linear in log E, f2 log-log between tabulated energies; n and k of a table linear in wavelength.
  /// @throws InputError  as description(), or a wavelength outside the table (never extrapolated)
  /// Source: [Henke1993], tables of CXRO. Theory: docs/theory/materials.md
  [[nodiscard]] std::complex<double> index(double wavelength_nm) const;

  /// Equal names.
  friend bool operator==(const Material& a, const Material& b) { return a.name() == b.name(); }

 private:
  friend const std::vector<MaterialDescription>& all_materials();
  struct Content;
  static std::shared_ptr<const Content> resolve(std::string_view name);
  std::shared_ptr<const Content> content_;
};

/// The built-in library, in alphabetical order.
[[nodiscard]] const std::vector<MaterialDescription>& all_materials();

/// Material(name).description(), for a single question: the name is resolved at each call.
[[nodiscard]] MaterialDescription find_material(std::string_view name);

/// Material(name).index(wavelength_nm), for a single question: the name is resolved at each call.
[[nodiscard]] std::complex<double> refractive_index(std::string_view name, double wavelength_nm);

}  // namespace undulith::materials
