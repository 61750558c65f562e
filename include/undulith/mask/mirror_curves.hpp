// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "undulith/mask/film_stack.hpp"
#include "undulith/optics/film_stack.hpp"
#include "undulith/optics/peak.hpp"

/// Curves of the mirror of a mask and of the absorber on it.
namespace undulith::mask {

/// A mirror and its illumination, from which the curves are computed.
struct MirrorInLight {
  mask::FilmStack stack;
  double wavelength_nm = 13.5;
  double na = 0.33, magnification_x = 4, magnification_y = 4;
};

/// Reflection along an axis, for both polarisations; all vectors have the same length.
struct ReflectionCurve {
  std::vector<double> x;  ///< rising
  std::vector<double> reflectance_s, reflectance_p;
  std::vector<double> phase_s_deg, phase_p_deg;  ///< without jumps
};

/// |E|^2 against depth in films.
struct StandingWave {
  std::vector<double> depth_nm;   ///< from the top of the mirror, downwards; < 0: in vacuum
  std::vector<double> intensity;  ///< of the incident wave: 1
  struct Layer {
    std::string material;
    double top_nm = 0, bottom_nm = 0;
  };
  std::vector<Layer> layers;
};

/// Reflection of the mirror in one direction.
struct MirrorPoint {
  std::string name;  ///< "chief_ray"
  double incidence_deg = 0;
  double reflectance_s = 0, reflectance_p = 0, phase_s_deg = 0, phase_p_deg = 0;
  [[nodiscard]] double reflectance() const { return 0.5 * (reflectance_s + reflectance_p); }
};

/// One value for s, one for p.
struct OfBoth {
  double s = 0, p = 0;
  [[nodiscard]] double mean() const { return 0.5 * (s + p); }
};

/// The absorber of the job on the mirror, relative to the opening, both in the plane of its top.
struct AbsorberPoint {
  double thickness_nm = 0;
  OfBoth ratio, phase_deg;  ///< reflectance over that of the opening; phase less that of the opening
};

struct MultilayerCurves {
  std::vector<optics::MaterialFilm> layers;          ///< of the mirror, top first
  std::optional<optics::Peak> peak_s, peak_p, peak;  ///< of the curves against wavelength; peak: of the mean
  ReflectionCurve spectrum;                          ///< at the chief ray, against wavelength in nm
  ReflectionCurve angular;  ///< at the wavelength, against the angle from the normal in degrees
  /// Chief ray first, then the rims of the cone of light that the optics accept: towards the normal, away
  /// from it, across
  std::vector<MirrorPoint> directions;
  OfBoth effective_depth_nm;  ///< below the top of the mirror, at the chief ray
  OfBoth fitted_depth_nm;     ///< over the angles of the cone
  std::vector<double> standing_wave_s, standing_wave_p;
  StandingWave standing_wave;                               ///< mean of s and p
  optics::PowerShares shares_s, shares_p;                   ///< at the chief ray, sharp interfaces
  std::vector<std::pair<std::string, OfBoth>> absorbed_by;  ///< material, and its share
  OfBoth substrate_reflectance;                             ///< with the mirror etched away
  ReflectionCurve swing;  ///< against the thickness of the thickest absorber film; empty without absorber
  std::string swing_material;
  std::optional<AbsorberPoint> absorber;  ///< as thick as the job says
};

/// @throws InputError  a wavelength outside the tables, a cone that reaches grazing incidence
/// Cost: about 2000 reflections.
[[nodiscard]] MultilayerCurves compute_multilayer(const MirrorInLight& mirror);

/// Mean of |r|^2 for s and p.
[[nodiscard]] double mirror_reflectance(const mask::FilmStack& stack, double wavelength_nm,
                                        double incidence_deg);

/// Wavelengths at which all films are known, within 6 % of the given one.
/// @param key  of the wavelength, for messages
[[nodiscard]] std::pair<double, double> spectral_range(const mask::FilmStack& stack, double wavelength_nm,
                                                       std::string_view key = "source.wavelength_nm");

/// The material for people: of a table, the name of its file alone.
[[nodiscard]] std::string material_name(const materials::Material& material);

/// "Mo", or "n = 0.95 + 0.031i" where the index is given.
[[nodiscard]] std::string film_name(const optics::MaterialFilm& film);

}  // namespace undulith::mask
