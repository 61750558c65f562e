// SPDX-License-Identifier: MIT
#include "undulith/optics/multilayer.hpp"

#include <algorithm>
#include <boost/container/small_vector.hpp>
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

/// Z0 H / E of a downward wave.
Complex admittance_of(const Medium& medium, double k_per_nm, Polarisation polarisation) {
  return polarisation == Polarisation::s ? medium.kz / k_per_nm : medium.permittivity * k_per_nm / medium.kz;
}

}  // namespace

Complex reflection_amplitude(std::span<const Film> films, const Film& substrate, double wavelength_nm,
                             double incidence_deg, Polarisation polarisation) {
  require_sound(std::isfinite(incidence_deg) && incidence_deg >= 0 && incidence_deg < 90, "incidence_deg",
                incidence_deg, "must be in [0, 90)");
  return FlatStack(films, substrate, wavelength_nm)
      .reflection(std::sin(incidence_deg * constants::kPi / 180), polarisation);
}

FlatStack::FlatStack(std::span<const Film> films, const Film& substrate, double wavelength_nm) {
  check_stack(films, substrate, wavelength_nm);
  k_per_nm_ = 2 * constants::kPi / wavelength_nm;
  const auto place = [](auto& list, const auto& value) {
    const auto found = std::ranges::find(list, value);
    if (found != list.end()) return static_cast<std::size_t>(found - list.begin());
    list.push_back(value);
    return list.size() - 1;
  };
  std::size_t below = place(films_, substrate);
  for (std::size_t j = films.size(); j-- > 0;) {
    const std::size_t film = place(films_, films[j]);
    steps_.push_back({.interface = place(interfaces_, Interface{film, below}), .film = film});
    below = film;
  }
}

/// Reflection and medium below the surface of the stack.
struct FlatStack::Below {
  Complex r;      ///< reflection in the first medium, at its top
  Medium medium;  ///< the first medium: the highest film, or the substrate
  double roughness_nm;
};

FlatStack::Below FlatStack::below_surface(double sine, Polarisation polarisation) const {
  constexpr std::size_t kUsual = 16;  // films of a mirror with interdiffusion, capping and absorber
  boost::container::small_vector<Medium, kUsual> media;
  boost::container::small_vector<Complex, kUsual> round_trips, coefficients;
  for (const Film& film : films_) {
    media.push_back(medium_of(film, k_per_nm_, sine));
    round_trips.push_back(std::exp(Complex(0, 2) * media.back().kz * film.thickness_nm));
  }
  for (const Interface& i : interfaces_)
    coefficients.push_back(
        fresnel(media[i.above], media[i.below], films_[i.below].roughness_nm, polarisation));
  Complex r = 0;
  for (const Step& step : steps_) {
    const Complex f = coefficients[step.interface];
    // The previous step has propagated the wave to the lower side of the interface.
    r = (f + r) / (1.0 + f * r) * round_trips[step.film];
  }
  const std::size_t first = steps_.empty() ? 0 : steps_.back().film;
  return {r, media[first], films_[first].roughness_nm};
}

Complex FlatStack::admittance(double sine, Polarisation polarisation) const {
  const Below below = below_surface(sine, polarisation);
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
  const Below below = below_surface(sine, polarisation);
  const Medium vacuum = medium_of(Film{.index = 1.0}, k_per_nm_, sine);
  const Complex f = fresnel(vacuum, below.medium, below.roughness_nm, polarisation);
  return (f + below.r) / (1.0 + f * below.r);
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
