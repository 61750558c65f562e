// SPDX-License-Identifier: MIT
#include "undulith/optics/mirror.hpp"

#include <vector>

#include "undulith/materials/optical_constants.hpp"
#include "undulith/optics/multilayer.hpp"

namespace undulith::optics {

std::complex<double> reflection_amplitude(const MoSiMirror& mirror, double wavelength_nm,
                                          double incidence_deg, Polarisation polarisation) {
  const Film silicon{.index = materials::refractive_index("Si", wavelength_nm),
                     .thickness_nm = (1 - mirror.molybdenum_share) * mirror.period_nm,
                     .roughness_nm = mirror.roughness_nm};
  const Film molybdenum{.index = materials::refractive_index("Mo", wavelength_nm),
                        .thickness_nm = mirror.molybdenum_share * mirror.period_nm,
                        .roughness_nm = mirror.roughness_nm};
  std::vector<Film> films;
  for (int i = 0; i < mirror.n_bilayers; ++i) films.insert(films.end(), {silicon, molybdenum});
  return reflection_amplitude(films, silicon, wavelength_nm, incidence_deg, polarisation);
}

double reflectance(const MoSiMirror& mirror, double wavelength_nm, double incidence_deg) {
  const auto of = [&](Polarisation polarisation) {
    return std::norm(reflection_amplitude(mirror, wavelength_nm, incidence_deg, polarisation));
  };
  return 0.5 * (of(Polarisation::s) + of(Polarisation::p));
}

}  // namespace undulith::optics
