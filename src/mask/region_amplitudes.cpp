// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <vector>

#include "mask/mask_geometry.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/mask/mask.hpp"

#include "undulith/optics/multilayer.hpp"

namespace undulith::mask {
namespace {

using optics::Film;

// A scalar mask has one amplitude for both polarisations: their mean.
std::complex<double> mean_reflection(const std::vector<Film>& films, const Film& substrate,
                                     double wavelength_nm, double incidence_deg) {
  const auto reflection = [&](optics::Polarisation polarisation) {
    return optics::reflection_amplitude(films, substrate, wavelength_nm, incidence_deg, polarisation);
  };
  return 0.5 * (reflection(optics::Polarisation::s) + reflection(optics::Polarisation::p));
}

}  // namespace

RegionAmplitudes region_amplitudes(const MaskParameters& parameters, double wavelength_nm) {
  if (parameters.amplitudes == Amplitudes::given)
    return {parameters.open_amplitude, parameters.absorber_amplitude};

  const FilmStack& stack = parameters.stack;
  const Film substrate = substrate_film(stack, wavelength_nm);
  const std::vector<Film> mirror = mirror_films(stack, wavelength_nm);

  // Both regions start at the top of the absorber: the opening has vacuum in place of the absorber, the dark
  // region where the mirror is etched away.
  std::vector<Film> open, covered;
  for (const Film& film : absorber_films(stack, wavelength_nm)) {
    open.push_back({.index = 1.0, .thickness_nm = film.thickness_nm});
    covered.push_back(film);
  }
  open.insert(open.end(), mirror.begin(), mirror.end());
  const EtchedMirror etched = etch(mirror, parameters.etch_depth_nm);
  covered.push_back({.index = 1.0, .thickness_nm = etched.depth_nm});
  covered.insert(covered.end(), etched.left.begin(), etched.left.end());
  return {mean_reflection(open, substrate, wavelength_nm, stack.incidence_deg),
          mean_reflection(covered, substrate, wavelength_nm, stack.incidence_deg)};
}

double effective_depth_nm(const FilmStack& stack, double wavelength_nm) {
  constexpr double kLeastSine = 1e-3;  // the depth is the slope of the phase with the angle
  const optics::FlatStack mirror(mirror_films(stack, wavelength_nm), substrate_film(stack, wavelength_nm),
                                 wavelength_nm);
  const double sine = std::max(kLeastSine, std::sin(stack.incidence_deg * constants::kPi / 180));
  double depth_nm = 0;
  for (const FilmLayer& film : stack.absorber) depth_nm += film.thickness_nm;
  for (const auto polarisation : {optics::Polarisation::s, optics::Polarisation::p})
    depth_nm += mirror.effective_depth_nm(sine, polarisation) / 2;
  return depth_nm;
}

double pellicle_transmission(const Pellicle& pellicle, double wavelength_nm, double incidence_deg) {
  if (pellicle.material.empty()) return 1;
  const double k = pellicle.material.index(wavelength_nm).imag(),
               cosine = std::cos(incidence_deg * constants::kPi / 180);
  return std::exp(-4 * constants::kPi * k * pellicle.thickness_nm / (wavelength_nm * cosine));
}

}  // namespace undulith::mask
