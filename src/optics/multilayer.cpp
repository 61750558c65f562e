// SPDX-License-Identifier: MIT
#include "undulith/optics/multilayer.hpp"

#include <algorithm>
#include <boost/math/statistics/linear_regression.hpp>
#include <cmath>
#include <cstddef>

#include <fmt/format.h>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/require.hpp"

namespace undulith::optics {
namespace {

using Complex = std::complex<double>;

/// Below this |kz| / k a film is at its critical angle. There the two plane waves of the film coincide and
/// the recursion gives 0/0, although the reflectance itself is smooth. Keeping this distance costs about as
/// much relative accuracy.
constexpr double kSmallestKz = 1e-8;

/// A homogeneous medium for a plane wave of a given tangential wave vector.
struct Medium {
  Complex permittivity;
  Complex kz;  ///< 1/nm; decays or travels away from the light: Im kz >= 0, and Re kz > 0 if Im kz = 0
};

void require_sound(bool condition, const char* what, double value, const char* why) {
  if (!condition) refuse(std::string("multilayer: ") + what, value, why, "correct the stack");
}

void check_film(const Film& film) {
  require_sound(std::isfinite(film.index.real()) && film.index.real() > 0, "refractive index n",
                film.index.real(), "must be positive");
  require_sound(std::isfinite(film.index.imag()) && film.index.imag() >= 0, "extinction k", film.index.imag(),
                "must not be negative: with time factor exp(-i w t) that is a film with gain");
  require_sound(std::isfinite(film.roughness_nm) && film.roughness_nm >= 0, "roughness_nm", film.roughness_nm,
                "must not be negative");
}

Medium medium_of(const Film& film, double k_per_nm, double sine) {
  const Complex permittivity = film.index * film.index;
  Complex cosine = std::sqrt(permittivity - sine * sine);
  if (cosine.imag() < 0) cosine = -cosine;
  if (std::abs(cosine) < kSmallestKz) cosine = kSmallestKz * Complex(1, 1);
  return {permittivity, k_per_nm * cosine};
}

/// Damping of the reflection at a rough interface. For two evanescent waves the factor would grow without
/// bound: it is defined for travelling waves only, so its modulus stays 1 there.
Complex nevot_croce(const Medium& above, const Medium& below, double roughness_nm) {
  Complex exponent = -2.0 * above.kz * below.kz * (roughness_nm * roughness_nm);
  if (exponent.real() > 0) exponent = {0, exponent.imag()};
  return std::exp(exponent);
}

/// Reflection of the tangential electric field at one interface, light coming from `above`.
Complex fresnel(const Medium& above, const Medium& below, double roughness_nm, Polarisation polarisation) {
  const bool is_s = polarisation == Polarisation::s;
  const Complex a = is_s ? above.kz : above.permittivity * below.kz;
  const Complex b = is_s ? below.kz : below.permittivity * above.kz;
  const Complex r = (a - b) / (a + b);
  return roughness_nm == 0 ? r : r * nevot_croce(above, below, roughness_nm);
}

void check_stack(std::span<const Film> films, const Film& substrate, double wavelength_nm) {
  require_sound(std::isfinite(wavelength_nm) && wavelength_nm > 0, "wavelength_nm", wavelength_nm,
                "must be positive");
  check_film(substrate);
  for (const Film& film : films) {
    check_film(film);
    require_sound(std::isfinite(film.thickness_nm) && film.thickness_nm >= 0, "thickness_nm",
                  film.thickness_nm, "must not be negative");
  }
}

/// Reflection and medium below the surface of the stack.
struct Below {
  Complex r;      ///< reflection in the first medium, at its top
  Medium medium;  ///< the first medium: films[0], or the substrate
  double roughness_nm;
};

Below below_surface(std::span<const Film> films, const Film& substrate, double k_per_nm, double sine,
                    Polarisation polarisation) {
  Below below{0, medium_of(substrate, k_per_nm, sine), substrate.roughness_nm};
  for (std::size_t j = films.size(); j-- > 0;) {
    const Medium film = medium_of(films[j], k_per_nm, sine);
    const Complex f = fresnel(film, below.medium, below.roughness_nm, polarisation);
    // The previous iteration has propagated the wave to the lower side of the interface.
    Complex r = (f + below.r) / (1.0 + f * below.r);
    r *= std::exp(Complex(0, 2) * film.kz * films[j].thickness_nm);
    below = {r, film, films[j].roughness_nm};
  }
  return below;
}

Complex reflection_of(std::span<const Film> films, const Film& substrate, double k_per_nm, double sine,
                      Polarisation polarisation) {
  const Below below = below_surface(films, substrate, k_per_nm, sine, polarisation);
  const Medium vacuum = medium_of(Film{.index = 1.0}, k_per_nm, sine);
  const Complex f = fresnel(vacuum, below.medium, below.roughness_nm, polarisation);
  return (f + below.r) / (1.0 + f * below.r);
}

/// Z0 H / E of a downward wave.
Complex admittance_of(const Medium& medium, double k_per_nm, Polarisation polarisation) {
  return polarisation == Polarisation::s ? medium.kz / k_per_nm : medium.permittivity * k_per_nm / medium.kz;
}

}  // namespace

Complex reflection_amplitude(std::span<const Film> films, const Film& substrate, double wavelength_nm,
                             double incidence_deg, Polarisation polarisation) {
  require_sound(std::isfinite(incidence_deg) && incidence_deg >= 0 && incidence_deg < 90, "incidence_deg",
                incidence_deg, "must be in [0, 90)");
  check_stack(films, substrate, wavelength_nm);
  return reflection_of(films, substrate, 2 * constants::kPi / wavelength_nm,
                       std::sin(incidence_deg * constants::kPi / 180), polarisation);
}

FlatStack::FlatStack(std::span<const Film> films, const Film& substrate, double wavelength_nm)
    : films_(films.begin(), films.end()), k_per_nm_(2 * constants::kPi / wavelength_nm) {
  check_stack(films, substrate, wavelength_nm);
  films_.push_back(substrate);
}

Complex FlatStack::admittance(double sine, Polarisation polarisation) const {
  const auto films = std::span(films_).first(films_.size() - 1);
  const Below below = below_surface(films, films_.back(), k_per_nm_, sine, polarisation);
  const Complex y1 = admittance_of(below.medium, k_per_nm_, polarisation);
  const Complex within = (1.0 - below.r) / (1.0 + below.r);
  if (below.roughness_nm == 0) return y1 * within;
  // (1 - f)/(1 + f) of the damped Fresnel coefficient f, without the singularities of vacuum.
  const Medium vacuum = medium_of(Film{.index = 1.0}, k_per_nm_, sine);
  const Complex y0 = admittance_of(vacuum, k_per_nm_, polarisation);
  const Complex damping = nevot_croce(vacuum, below.medium, below.roughness_nm);
  return y0 * (y0 * (1.0 - damping) + y1 * (1.0 + damping)) / (y0 * (1.0 + damping) + y1 * (1.0 - damping)) *
         within;
}

Complex FlatStack::reflection(double sine, Polarisation polarisation) const {
  require_sound(std::isfinite(sine) && sine >= 0, "tangential wave number", sine, "must not be negative");
  return reflection_of(std::span(films_).first(films_.size() - 1), films_.back(), k_per_nm_, sine,
                       polarisation);
}

double FlatStack::effective_depth_nm(double sine, Polarisation polarisation) const {
  require_sound(sine > 0 && sine < 1, "tangential wave number", sine, "must be in (0, 1)");
  const double cosine = std::sqrt((1 - sine) * (1 + sine));
  // A central difference in cos(theta), within the range.
  const double step = 1e-5 * std::min(cosine, 1 - cosine);
  const auto r = [&](double c) { return reflection(std::sqrt((1 - c) * (1 + c)), polarisation); };
  return std::arg(r(cosine + step) / r(cosine - step)) / (4 * k_per_nm_ * step);
}

double FlatStack::fitted_depth_nm(double low_deg, double high_deg, Polarisation polarisation) const {
  require_sound(low_deg >= 0 && low_deg < high_deg, "smallest angle of the fit", low_deg,
                "must be in [0, largest angle)");
  require_sound(high_deg < 90, "largest angle of the fit", high_deg, "must be below 90");
  constexpr int kAngles = 201;
  std::vector<double> path, phase;
  Complex last = 1;
  for (int i = 0; i < kAngles; ++i) {
    const double angle = std::lerp(low_deg, high_deg, i / (kAngles - 1.0)) * constants::kPi / 180;
    const Complex r = reflection(std::sin(angle), polarisation);
    path.push_back(2 * k_per_nm_ * std::cos(angle));
    // Unwrap step by step.
    phase.push_back(i == 0 ? 0 : phase.back() + std::arg(r / last));
    last = r;
  }
  return boost::math::statistics::simple_ordinary_least_squares(path, phase).second;
}

}  // namespace undulith::optics
