// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "mask/directions.hpp"
#include "mask/thick_mask.hpp"
#include "undulith/mask/mask.hpp"

namespace undulith::mask {
namespace {

using Complex = std::complex<double>;

void add_scaled(std::vector<Complex>& sum, const std::vector<Complex>& part, double weight) {
  sum.resize(part.size());
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += weight * part[i];
}

}  // namespace

void add_scaled(JonesSpectrum& sum, const JonesSpectrum& part, double weight) {
  for (std::size_t element = 0; element < sum.orders.size(); ++element) {
    add_scaled(sum.orders[element], part.orders[element], weight);
    sum.open[element] += weight * part.open[element];
  }
}

MaskPlan plan_mask(const MaskAsMade& made, const MaskParameters& parameters, const MaskOptics& optics,
                   const illuminator::PupilFill& pupil_fill, double wavelength_nm,
                   double max_frequency_per_nm) {
  static_cast<void>(check_parameters(made.clip, parameters, wavelength_nm));
  if (model_of(parameters) == Model::thin) return {};
  return plan_thick_mask(mask_geometry(made, parameters, optics, wavelength_nm), made.clip, parameters,
                         optics, pupil_fill, wavelength_nm, max_frequency_per_nm);
}

Diffraction compute_diffraction(const MaskAsMade& made, const MaskParameters& parameters,
                                const MaskOptics& optics, const illuminator::PupilFill& pupil_fill,
                                double wavelength_nm, double max_frequency_per_nm, const Progress& progress,
                                std::span<const SliceCorrection> corrections) {
  Diffraction diffraction = compute_thin_diffraction(made, parameters, wavelength_nm, max_frequency_per_nm);
  switch (model_of(parameters)) {
    case Model::thin:
      return diffraction;
    case Model::multislice:
    case Model::rigorous:
      break;
  }
  const MaskGeometry geometry = mask_geometry(made, parameters, optics, wavelength_nm);
  diffraction.thick =
      solve_thick_mask(geometry, {}, diffraction, parameters, optics, pupil_fill, corrections, progress);
  diffraction.amplitudes = chief_amplitudes(*diffraction.thick);
  return diffraction;
}

Directions solved_directions(const MaskAsMade& made, const MaskParameters& parameters,
                             const MaskOptics& optics, const illuminator::PupilFill& pupil_fill,
                             double wavelength_nm) {
  return lay_directions(mask_geometry(made, parameters, optics, wavelength_nm), parameters, optics,
                        wavelength_nm, pupil_fill);
}

SliceCorrection compute_correction(const MaskAsMade& made, const MaskParameters& parameters,
                                   const MaskOptics& optics, const illuminator::PupilFill& pupil_fill,
                                   double wavelength_nm, double max_frequency_per_nm,
                                   const Progress& progress) {
  return solve_correction(mask_geometry(made, parameters, optics, wavelength_nm), {},
                          compute_thin_diffraction(made, parameters, wavelength_nm, max_frequency_per_nm),
                          parameters, optics, pupil_fill, progress);
}

Diffraction interpolate(std::span<const Diffraction> solved, double wavelength_nm) {
  if (solved.empty()) throw std::invalid_argument("interpolate: no mask");
  if (solved.size() == 1) {
    Diffraction same = solved.front();
    same.wavelength_nm = wavelength_nm;
    return same;
  }
  const auto nearest = std::ranges::min_element(
      solved, {}, [&](const Diffraction& mask) { return std::abs(mask.wavelength_nm - wavelength_nm); });
  if (nearest->wavelength_nm == wavelength_nm) return *nearest;

  Diffraction sum = *nearest;
  sum.wavelength_nm = wavelength_nm;
  sum.open_reflectance = sum.absorber_reflectance = 0;
  std::ranges::fill(sum.amplitudes, 0.0);
  if (sum.thick)
    for (JonesSpectrum& spectrum : sum.thick->spectra) {
      spectrum.open = {};
      for (auto& element : spectrum.orders) std::ranges::fill(element, 0.0);
    }
  for (const Diffraction& mask : solved) {
    if (mask.amplitudes.size() != sum.amplitudes.size() ||
        (sum.thick && mask.thick->spectra.size() != sum.thick->spectra.size()))
      throw std::invalid_argument("interpolate: masks of different orders or directions");
    double weight = 1;
    for (const Diffraction& other : solved)
      if (other.wavelength_nm != mask.wavelength_nm)
        weight *= (wavelength_nm - other.wavelength_nm) / (mask.wavelength_nm - other.wavelength_nm);
    sum.open_reflectance += weight * mask.open_reflectance;
    sum.absorber_reflectance += weight * mask.absorber_reflectance;
    add_scaled(sum.amplitudes, mask.amplitudes, weight);
    if (!sum.thick) continue;
    for (std::size_t i = 0; i < sum.thick->spectra.size(); ++i)
      add_scaled(sum.thick->spectra[i], mask.thick->spectra[i], weight);
  }
  return sum;
}

}  // namespace undulith::mask
