#include "undulith/optics/multilayer.hpp"

#include <cmath>
#include <cstddef>

#include <fmt/format.h>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"

namespace undulith::optics {
namespace {

using Complex = std::complex<double>;

/// |kz| / k below which a film is at its critical angle. There the two plane waves of the film become one and
/// the recursion reads 0/0, though the reflectance itself is smooth; staying this far away costs as much in
/// relative accuracy and no more.
constexpr double kSmallestKz = 1e-8;

/// A homogeneous medium as a plane wave of given tangential wave vector sees it.
struct Medium {
  Complex permittivity;
  Complex kz;  ///< 1/nm; decays or travels away from the light: Im kz >= 0, and Re kz > 0 if Im kz = 0
};

void require(bool condition, const char* what, double value, const char* why) {
  if (!condition) throw InputError(fmt::format("multilayer: {} = {} ({}); mend the stack", what, value, why));
}

void check_film(const Film& film) {
  require(std::isfinite(film.index.real()) && film.index.real() > 0, "refractive index n", film.index.real(),
          "must be positive");
  require(std::isfinite(film.index.imag()) && film.index.imag() >= 0, "extinction k", film.index.imag(),
          "must not be negative: with time factor exp(-i w t) that is a film with gain");
  require(std::isfinite(film.roughness_nm) && film.roughness_nm >= 0, "roughness_nm", film.roughness_nm,
          "must not be negative");
}

Medium medium_of(const Film& film, double k_per_nm, double sine) {
  const Complex permittivity = film.index * film.index;
  Complex cosine = std::sqrt(permittivity - sine * sine);
  if (cosine.imag() < 0) cosine = -cosine;
  if (std::abs(cosine) < kSmallestKz) cosine = kSmallestKz * Complex(1, 1);
  return {permittivity, k_per_nm * cosine};
}

/// Reflection of the tangential electric field at one interface, light coming from `above`.
Complex fresnel(const Medium& above, const Medium& below, double roughness_nm, Polarisation polarisation) {
  const bool is_s = polarisation == Polarisation::s;
  const Complex a = is_s ? above.kz : above.permittivity * below.kz;
  const Complex b = is_s ? below.kz : below.permittivity * above.kz;
  const Complex r = (a - b) / (a + b);
  if (roughness_nm == 0) return r;
  return r * std::exp(-2.0 * above.kz * below.kz * (roughness_nm * roughness_nm));
}

}  // namespace

Complex reflection_amplitude(std::span<const Film> films, const Film& substrate, double wavelength_nm,
                             double incidence_deg, Polarisation polarisation) {
  require(std::isfinite(wavelength_nm) && wavelength_nm > 0, "wavelength_nm", wavelength_nm,
          "must be positive");
  require(std::isfinite(incidence_deg) && incidence_deg >= 0 && incidence_deg < 90, "incidence_deg",
          incidence_deg, "must be in [0, 90)");
  check_film(substrate);
  const double k_per_nm = 2 * constants::kPi / wavelength_nm;
  const double sine = std::sin(incidence_deg * constants::kPi / 180);

  Complex r = 0;
  Medium below = medium_of(substrate, k_per_nm, sine);
  double roughness_nm = substrate.roughness_nm;
  for (std::size_t j = films.size(); j-- > 0;) {
    check_film(films[j]);
    require(std::isfinite(films[j].thickness_nm) && films[j].thickness_nm >= 0, "thickness_nm",
            films[j].thickness_nm, "must not be negative");
    const Medium film = medium_of(films[j], k_per_nm, sine);
    const Complex f = fresnel(film, below, roughness_nm, polarisation);
    // The wave below the interface was carried to its lower side by the previous turn of the loop.
    r = (f + r) / (1.0 + f * r);
    r *= std::exp(Complex(0, 2) * film.kz * films[j].thickness_nm);
    below = film;
    roughness_nm = films[j].roughness_nm;
  }
  const Medium vacuum = medium_of(Film{.index = 1.0}, k_per_nm, sine);
  const Complex f = fresnel(vacuum, below, roughness_nm, polarisation);
  return (f + r) / (1.0 + f * r);
}

}  // namespace undulith::optics
