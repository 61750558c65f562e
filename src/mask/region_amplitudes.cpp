#include <vector>

#include "undulith/core/error.hpp"
#include "undulith/mask/mask.hpp"
#include "undulith/materials/optical_constants.hpp"
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

  // Both regions start at the top of the absorber: the opening has vacuum where the absorber stands.
  std::vector<Film> open, covered;
  for (const FilmLayer& layer : stack.absorber) {
    open.push_back({.index = 1.0, .thickness_nm = layer.thickness_nm});
    covered.push_back({.index = materials::refractive_index(layer.material, wavelength_nm),
                       .thickness_nm = layer.thickness_nm,
                       .roughness_nm = stack.roughness_nm});
  }
  open.insert(open.end(), mirror.begin(), mirror.end());
  covered.insert(covered.end(), mirror.begin(), mirror.end());
  return {mean_reflection(open, substrate, wavelength_nm, stack.incidence_deg),
          mean_reflection(covered, substrate, wavelength_nm, stack.incidence_deg)};
}

}  // namespace undulith::mask
