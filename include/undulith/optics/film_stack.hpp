// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "undulith/materials/optical_constants.hpp"
#include "undulith/optics/multilayer.hpp"

/// The field of a plane wave inside a stack of flat films.
namespace undulith::optics {

/// A film of a material, or with its index given.
struct MaterialFilm {
  materials::Material material{};
  double thickness_nm = 0;
  std::optional<std::complex<double>> index{};  ///< overrides the material
};

/// The film at one wavelength.
/// @param key  of the job that describes it, for messages
/// @throws InputError  no or unknown material, wavelength outside its table, a given index with gain
[[nodiscard]] Film film_at(const MaterialFilm& film, double wavelength_nm,
                           std::string_view key = "imaging.film");

/// Amplitudes of the downward and the upward wave at a depth, for an incident wave of unit electric field in
/// the medium.
///
///   s: E_s = forward + backward
///   p: tangential field (forward - backward) cos(theta), normal field -(forward + backward) sin(theta), with
///      sin(theta) and cos(theta) those (complex) in the film: forward and backward are amplitudes of |E|
struct FilmField {
  std::complex<double> forward, backward;
  std::complex<double> cosine;  ///< cos(theta) in the film
  std::complex<double> index;   ///< of the film
};

/// |E|^2 of the sum of both waves, in units of |E|^2 of the incident wave.
/// @param sine  as for FilmStackField
[[nodiscard]] double electric_intensity(const FilmField& field, double sine, Polarisation polarisation);

/// Flux of power downwards in units of |E|^2 of the incident wave: n cos(theta) for that wave alone.
[[nodiscard]] double power_flux(const FilmField& field, Polarisation polarisation);

/// A stack prepared for many directions; constructed once, used from many threads.
class FilmStackField {
 public:
  /// @param medium_index  >= 1
  /// @param depth_nm      below the top of films[0]; beyond the last film it is in the substrate
  /// @throws InputError   wavelength, depth or thickness out of range
  FilmStackField(std::span<const Film> films, const Film& substrate, double medium_index,
                 double wavelength_nm, double depth_nm);

  /// @param sine  medium_index sin(theta) in the medium: the transverse wavevector in units of 2 pi/lambda,
  ///              [0, medium_index)
  /// Cost O(n_films).
  [[nodiscard]] FilmField operator()(double sine, Polarisation polarisation) const;

 private:
  std::vector<Film> films_;  ///< the last one is the substrate
  double medium_index_, wavelength_nm_;
  std::size_t layer_ = 0;  ///< film that contains the depth
  double depth_in_layer_nm_ = 0;
};

/// Shares of the power of a plane wave; they add up to 1.
struct PowerShares {
  double reflected = 0;
  std::vector<double> absorbed;  ///< in each film
  double transmitted = 0;        ///< into the substrate
};

/// Light comes from vacuum; interfaces are sharp (Film::roughness_nm is ignored).
/// @param incidence_deg  from the surface normal, in [0, 90)
/// Accuracy: 1e-12. Cost O(n_films^2).
[[nodiscard]] PowerShares power_shares(std::span<const Film> films, const Film& substrate,
                                       double wavelength_nm, double incidence_deg, Polarisation polarisation);

}  // namespace undulith::optics
