// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "flow/codec.hpp"
#include "undulith/flow/solve_mask.hpp"
#include "undulith/mask/solved_directions.hpp"

/// Thick masks as entries of a store: the spectra of their directions. The shares of source points are laid anew.
namespace undulith::flow {

/// Of the light and the source only directions, wavelengths and orders count.
/// @param corrections_nm  wavelengths of the corrections of a multislice mask
[[nodiscard]] io::Sha256 mask_name(const MaskProblem& problem, const mask::Directions& directions,
                                   std::span<const double> corrections_nm);
[[nodiscard]] io::Sha256 correction_name(const MaskProblem& problem, const mask::Directions& directions);

/// Adds the shares of the source points. @throws InputError  the mask was not solved for these directions
void complete_mask(mask::Diffraction& mask, const mask::Directions& directions);

template <class Codec, Like<layout::Point> T>
void members(Codec& codec, T& point) {
  codec(point.x, point.y);
}
template <class Codec, Like<mask::Sigma> T>
void members(Codec& codec, T& sigma) {
  codec(sigma.x, sigma.y);
}
template <class Codec, Like<mask::JonesSpectrum> T>
void members(Codec& codec, T& spectrum) {
  codec(spectrum.sigma_x, spectrum.sigma_y, spectrum.orders, spectrum.open);
}
template <class Codec, Like<mask::SliceCorrection> T>
void members(Codec& codec, T& correction) {
  codec(correction.wavelength_nm, correction.spectra, correction.change);
}
template <class Codec, Like<mask::ThickMaskReport> T>
void members(Codec& codec, T& report) {
  codec(report.n_directions, report.n_solutions, report.step_x_sigma, report.step_y_sigma,
        report.sublattices_x, report.sublattices_y, report.on_lattice_x, report.on_lattice_y, report.n_orders,
        report.converged, report.change, report.energy_error, report.reference_depth_nm);
}
template <class Codec, Like<mask::Diffraction> T>
void without_thick(Codec& codec, T& mask) {
  codec(mask.wavelength_nm, mask.cell, mask.window, mask.max_order_x, mask.max_order_y, mask.amplitudes,
        mask.open_reflectance, mask.absorber_reflectance, mask.absorber_phase_deg, mask.open_area_fraction);
}
/// The mask with the report of its solution, but no spectra.
template <class Codec, Like<mask::Diffraction> T>
void without_spectra(Codec& codec, T& mask) {
  without_thick(codec, mask);
  bool is_thick = mask.thick.has_value();
  codec(is_thick);
  if constexpr (Codec::kReads)
    if (is_thick) mask.thick.emplace();
  if (is_thick) codec(mask.thick->report);
}
template <class Codec, Like<mask::Diffraction> T>
void members(Codec& codec, T& mask) {
  without_spectra(codec, mask);
  if (mask.thick) codec(mask.thick->spectra);
}

}  // namespace undulith::flow
