// SPDX-License-Identifier: MIT
#include "undulith/optics/film_stack.hpp"

#include <fmt/format.h>

#include <cmath>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"

namespace undulith::optics {
namespace {

using Complex = std::complex<double>;
constexpr Complex kI{0, 1};

}  // namespace

Film film_at(const MaterialFilm& film, double wavelength_nm, std::string_view key) {
  if (!(film.thickness_nm >= 0 && std::isfinite(film.thickness_nm)))
    throw InputError(fmt::format("{} thickness_nm = {} (must be >= 0)", key, film.thickness_nm));
  if (!film.index) return {.index = film.material.index(wavelength_nm), .thickness_nm = film.thickness_nm};
  if (!(film.index->imag() >= 0 && film.index->real() > 0 && std::isfinite(std::abs(*film.index))))
    throw InputError(
        fmt::format("{} index = [{}, {}] (a film has n > 0 and k >= 0: it cannot amplify light); write the "
                    "index as n + ik",
                    key, film.index->real(), film.index->imag()));
  return {.index = *film.index, .thickness_nm = film.thickness_nm};
}

FilmStackField::FilmStackField(std::span<const Film> films, const Film& substrate, double medium_index,
                               double wavelength_nm, double depth_nm)
    : films_(films.begin(), films.end()), medium_index_(medium_index), wavelength_nm_(wavelength_nm) {
  if (!(wavelength_nm > 0)) throw InputError(fmt::format("wavelength_nm = {} (must be > 0)", wavelength_nm));
  if (!(medium_index >= 1))
    throw InputError(fmt::format("imaging.medium_index = {} (must be >= 1); use 1", medium_index));
  if (!(depth_nm >= 0 && std::isfinite(depth_nm)))
    throw InputError(
        fmt::format("imaging.depth_nm = {} (must be >= 0, from the top of the first film)", depth_nm));
  films_.push_back(substrate);
  depth_in_layer_nm_ = depth_nm;
  while (layer_ + 1 < films_.size() && depth_in_layer_nm_ > films_[layer_].thickness_nm)
    depth_in_layer_nm_ -= films_[layer_++].thickness_nm;
}

FilmField FilmStackField::operator()(double sine, Polarisation polarisation) const {
  const double wavenumber = 2 * constants::kPi / wavelength_nm_;
  const auto index = [&](std::size_t j) { return j == 0 ? Complex(medium_index_) : films_[j - 1].index; };
  // Normal wavevector of medium (0), films and substrate (the last), on the branch that decays downwards.
  const auto kz = [&](std::size_t j) {
    const Complex root = std::sqrt(index(j) * index(j) - sine * sine);
    return wavenumber * (root.imag() < 0 ? -root : root);
  };
  // Fresnel coefficient of the tangential electric field at the top of layer j.
  const auto fresnel = [&](std::size_t j) {
    Complex above = kz(j - 1), below = kz(j);
    if (polarisation == Polarisation::p) {
      const Complex n1 = index(j - 1), n2 = index(j);
      const Complex a = n1 * n1 * below, b = n2 * n2 * above;
      return (a - b) / (a + b);
    }
    return (above - below) / (above + below);
  };
  const std::size_t substrate = films_.size(), target = layer_ + 1;

  // Reflection of everything below the top of each layer, seen from above; only decaying phases occur.
  std::vector<Complex> round_trip(substrate + 1);  // of layer j: r at its bottom times e^{2 i kz t}
  std::vector<Complex> bottom(substrate + 1);      // of layer j: r at its bottom
  for (std::size_t j = substrate; j-- > 1;) {
    const Complex f = fresnel(j + 1);
    bottom[j] = (f + round_trip[j + 1]) / (1.0 + f * round_trip[j + 1]);
    round_trip[j] = bottom[j] * std::exp(2.0 * kI * kz(j) * films_[j - 1].thickness_nm);
  }
  Complex down = polarisation == Polarisation::s ? Complex(1) : kz(0) / (wavenumber * medium_index_);
  for (std::size_t j = 1; j <= target; ++j) {
    if (j > 1) down *= std::exp(kI * kz(j - 1) * films_[j - 2].thickness_nm);
    const Complex f = fresnel(j);
    down *= (1.0 + f) / (1.0 + f * round_trip[j]);
  }
  const Complex k = kz(target);
  const double thickness = target < substrate ? films_[target - 1].thickness_nm : 0;
  FilmField field{.forward = down * std::exp(kI * k * depth_in_layer_nm_),
                  .backward = target < substrate ? down * bottom[target] *
                                                       std::exp(kI * k * (2 * thickness - depth_in_layer_nm_))
                                                 : 0,
                  .cosine = k / (wavenumber * index(target)),
                  .index = index(target)};
  if (polarisation == Polarisation::p) {
    field.forward /= field.cosine;
    field.backward /= -field.cosine;
  }
  return field;
}

double electric_intensity(const FilmField& field, double sine, Polarisation polarisation) {
  if (polarisation == Polarisation::s) return std::norm(field.forward + field.backward);
  return std::norm((field.forward - field.backward) * field.cosine) +
         std::norm((field.forward + field.backward) * sine / field.index);
}

double power_flux(const FilmField& field, Polarisation polarisation) {
  const Complex sum = field.forward + field.backward, difference = field.forward - field.backward;
  // Re(E_t H_t*) of the tangential fields.
  return polarisation == Polarisation::s ? (sum * std::conj(field.index * field.cosine * difference)).real()
                                         : (difference * field.cosine * std::conj(field.index * sum)).real();
}

PowerShares power_shares(std::span<const Film> films, const Film& substrate, double wavelength_nm,
                         double incidence_deg, Polarisation polarisation) {
  if (!(incidence_deg >= 0 && incidence_deg < 90))
    throw InputError(fmt::format("incidence_deg = {} (must be in [0, 90)); use 6", incidence_deg));
  const double angle = incidence_deg * constants::kPi / 180, incident = std::cos(angle);
  const auto share_at = [&](double depth_nm) {
    const FilmStackField field(films, substrate, 1, wavelength_nm, depth_nm);
    return power_flux(field(std::sin(angle), polarisation), polarisation) / incident;
  };
  PowerShares shares;
  double depth_nm = 0, above = share_at(0);
  shares.reflected = 1 - above;
  for (const Film& film : films) {
    depth_nm += film.thickness_nm;
    const double below = share_at(depth_nm);
    shares.absorbed.push_back(above - below);
    above = below;
  }
  shares.transmitted = above;
  return shares;
}

}  // namespace undulith::optics
