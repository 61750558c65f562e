// SPDX-License-Identifier: MIT
#include "illuminator/coatings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <complex>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/materials/optical_constants.hpp"
#include "undulith/math/direction.hpp"
#include "undulith/optics/mirror.hpp"
#include "undulith/optics/multilayer.hpp"

namespace undulith::illuminator {
namespace {

using Complex = std::complex<double>;
using optics::Polarisation;

// Beyond this angle the reflected axes that lie nearest to the old ones are those of a turned beam.
constexpr double kFoldDeg = 45;

MirrorResponse response_of(Complex r_s, Complex r_p_tangential, double incidence_deg) {
  const Complex r_p = incidence_deg < kFoldDeg ? r_p_tangential : -r_p_tangential;
  const Complex cross = r_p * std::conj(r_s);
  return {.reflectance_s = std::norm(r_s),
          .reflectance_p = std::norm(r_p),
          .cross_real = cross.real(),
          .cross_imag = cross.imag()};
}

/// The intensity curve scaled to a measured peak; no amplitude above 1.
void scale_to_peak(std::vector<MirrorResponse>& curve, double factor) {
  for (MirrorResponse& r : curve) {
    const double s = std::sqrt(r.reflectance_s * factor), p = std::sqrt(r.reflectance_p * factor);
    const double excess = std::max(1.0, s) * std::max(1.0, p);
    r = {.reflectance_s = std::min(1.0, s * s),
         .reflectance_p = std::min(1.0, p * p),
         .cross_real = r.cross_real * factor / excess,
         .cross_imag = r.cross_imag * factor / excess};
  }
}

std::vector<MirrorResponse> respond_multilayer(const BeamlineMirror& mirror,
                                               std::span<const double> energy_ev, double wavelength_nm,
                                               int n_tuned, const std::string& key) {
  optics::MoSiMirror stack;
  try {
    stack.period_nm = optics::tuned_period_nm(stack, wavelength_nm, mirror.incidence_deg, n_tuned);
  } catch (const InputError& error) {
    throw InputError(key + "." + error.what());
  }
  const WavelengthRange range = known_range(mirror);
  std::vector<MirrorResponse> curve;
  for (const double energy : energy_ev) {
    const double wavelength = constants::wavelength_nm_of(energy);
    if (!range.holds(wavelength)) {
      curve.emplace_back();
      continue;
    }
    const auto amplitude = [&](Polarisation polarisation) {
      return optics::reflection_amplitude(stack, wavelength, mirror.incidence_deg, polarisation);
    };
    curve.push_back(
        response_of(amplitude(Polarisation::s), amplitude(Polarisation::p), mirror.incidence_deg));
  }
  if (mirror.peak_reflectance > 0) {
    // The peak of the model lies near the design wavelength; the samples of the light may miss it.
    constexpr int kSamples = 121;
    double peak = 0;
    for (int i = 0; i < kSamples; ++i) {
      const double wavelength = wavelength_nm * (0.97 + 0.06 * i / (kSamples - 1));
      peak = std::max(peak, optics::reflectance(stack, wavelength, mirror.incidence_deg));
    }
    scale_to_peak(curve, mirror.peak_reflectance / peak);
  }
  return curve;
}

std::vector<MirrorResponse> respond_grazing(const BeamlineMirror& mirror, std::span<const double> energy_ev) {
  const WavelengthRange range = known_range(mirror);
  std::vector<MirrorResponse> curve;
  for (const double energy : energy_ev) {
    const double wavelength = constants::wavelength_nm_of(energy);
    if (!range.holds(wavelength)) {
      curve.emplace_back();
      continue;
    }
    const optics::Film film{
        .index = mirror.material.index(wavelength), .thickness_nm = 0, .roughness_nm = mirror.roughness_nm};
    const auto amplitude = [&](Polarisation polarisation) {
      return optics::reflection_amplitude({}, film, wavelength, mirror.incidence_deg, polarisation);
    };
    curve.push_back(
        response_of(amplitude(Polarisation::s), amplitude(Polarisation::p), mirror.incidence_deg));
  }
  return curve;
}

}  // namespace

optics::Stokes reflect(const optics::Stokes& light, const MirrorResponse& mirror, double plane_deg) {
  const math::Direction twice = math::direction_of(2 * plane_deg);
  const double along = twice.x * light.s1 + twice.y * light.s2,
               across = twice.x * light.s2 - twice.y * light.s1;
  const double mean = 0.5 * (mirror.reflectance_p + mirror.reflectance_s),
               half = 0.5 * (mirror.reflectance_p - mirror.reflectance_s);
  const double s1 = half * light.s0 + mean * along;
  const double s2 = mirror.cross_real * across - mirror.cross_imag * light.s3;
  return {.s0 = mean * light.s0 + half * along,
          .s1 = twice.x * s1 - twice.y * s2,
          .s2 = twice.y * s1 + twice.x * s2,
          .s3 = mirror.cross_imag * across + mirror.cross_real * light.s3};
}

WavelengthRange known_range(const BeamlineMirror& mirror) {
  const auto of = [](const materials::Material& material) {
    const materials::MaterialDescription& known = material.description();
    return WavelengthRange{known.min_wavelength_nm, known.max_wavelength_nm};
  };
  switch (mirror.coating) {
    case Coating::multilayer: {
      const WavelengthRange a = of("Mo"), b = of("Si");
      return {std::max(a.shortest_nm, b.shortest_nm), std::min(a.longest_nm, b.longest_nm)};
    }
    case Coating::grazing:
      return of(mirror.material);
    case Coating::fixed:
      break;
  }
  return {0, HUGE_VAL};
}

std::vector<MirrorResponse> respond(const BeamlineMirror& mirror, std::span<const double> energy_ev,
                                    double wavelength_nm, int n_tuned, const std::string& key) {
  switch (mirror.coating) {
    case Coating::multilayer:
      return respond_multilayer(mirror, energy_ev, wavelength_nm, n_tuned, key);
    case Coating::grazing:
      return respond_grazing(mirror, energy_ev);
    case Coating::fixed:
      break;
  }
  const double t = mirror.transmission;
  return std::vector<MirrorResponse>(
      energy_ev.size(), {.reflectance_s = t, .reflectance_p = t, .cross_real = t, .cross_imag = 0});
}

}  // namespace undulith::illuminator
