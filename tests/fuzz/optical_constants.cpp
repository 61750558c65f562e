// SPDX-License-Identifier: MIT
// The reader of tables of optical constants, and that of formulas with a density.
#include <cmath>
#include <complex>
#include <stdexcept>
#include <string_view>

#include "fuzz_input.hpp"
#include "undulith/core/error.hpp"
#include "undulith/materials/optical_constants.hpp"
#include "undulith/materials/optical_table.hpp"

using namespace undulith;

namespace {

/// Whatever is read must be a material: finite, and none that amplifies light.
void check(const std::complex<double>& index) {
  if (!(index.real() > 0 && index.imag() >= 0 && std::isfinite(index.real()) && std::isfinite(index.imag())))
    throw std::logic_error("no refractive index");
}

void read_table(std::string_view text) {
  const materials::OpticalTable table = materials::parse_optical_table(text, "input");
  const double shortest = table.wavelength_nm.front(), longest = table.wavelength_nm.back();
  for (const double wavelength_nm : {shortest, 0.5 * (shortest + longest), longest})
    check(materials::refractive_index(table, wavelength_nm));
}

/// Formulas only: a name of a table would be opened, one of the library is only looked up.
void read_formula(std::string_view text) {
  if (materials::names_table(text) || text.find('@') == std::string_view::npos) return;
  const materials::MaterialDescription material = materials::find_material(text);
  check(materials::refractive_index(text, material.min_wavelength_nm));
  check(materials::refractive_index(text, material.max_wavelength_nm));
}

}  // namespace

void read_input(std::span<const std::byte> bytes) {
  const std::string_view text = text_of(bytes);
  for (const auto read : {read_table, read_formula}) {
    try {
      read(text);
    } catch (const InputError&) {
    }
  }
}
