// SPDX-License-Identifier: MIT
#include "undulith/mask/mirror_curves.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <filesystem>
#include <limits>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/require.hpp"
#include "undulith/materials/optical_constants.hpp"
#include "undulith/materials/optical_table.hpp"

namespace undulith::mask {
namespace {

using optics::Film;
using optics::Polarisation;
using Complex = std::complex<double>;

constexpr double kRadiansPerDegree = constants::kPi / 180;
constexpr double kSpectralShare = 0.06;  // to either side: the peak of a Mo/Si mirror is 5 % wide
constexpr int kWavelengths = 481;
constexpr double kAngleStepDeg = 0.1, kSmallestAngularRangeDeg = 16;
constexpr double kVacuumNm = 7, kShownPeriods = 6, kDepthStepNm = 0.1;  // of the standing wave
constexpr double kSwingNm = 100, kSwingStepNm = 0.25;

double degrees_of(Complex r) {
  return std::arg(r) / kRadiansPerDegree;
}

/// Adds a sample, its phases without a jump from the sample before.
void add(ReflectionCurve& curve, double x, Complex s, Complex p) {
  const auto continued = [](const std::vector<double>& phases, double phase_deg) {
    return phases.empty() ? phase_deg : phases.back() + std::remainder(phase_deg - phases.back(), 360);
  };
  curve.x.push_back(x);
  curve.reflectance_s.push_back(std::norm(s));
  curve.reflectance_p.push_back(std::norm(p));
  curve.phase_s_deg.push_back(continued(curve.phase_s_deg, degrees_of(s)));
  curve.phase_p_deg.push_back(continued(curve.phase_p_deg, degrees_of(p)));
}

/// Whole turns are taken off, so that the phases at a place of the axis lie in (-180, 180].
void turn_back(ReflectionCurve& curve, double x) {
  const auto near = std::ranges::lower_bound(curve.x, x) - curve.x.begin();
  const auto i = std::min(static_cast<std::size_t>(near), curve.x.size() - 1);
  for (std::vector<double>* phases : {&curve.phase_s_deg, &curve.phase_p_deg}) {
    const double turns = 360 * std::round((*phases)[i] / 360);
    for (double& phase : *phases) phase -= turns;
  }
}

struct ReflectedWaves {
  Complex s, p;
};

ReflectedWaves reflect(const std::vector<Film>& films, const Film& substrate, double wavelength_nm,
                       double incidence_deg) {
  const auto r = [&](Polarisation polarisation) {
    return optics::reflection_amplitude(films, substrate, wavelength_nm, incidence_deg, polarisation);
  };
  return {r(Polarisation::s), r(Polarisation::p)};
}

ReflectedWaves reflect(const mask::FilmStack& stack, double wavelength_nm, double incidence_deg) {
  return reflect(mask::mirror_films(stack, wavelength_nm), mask::substrate_film(stack, wavelength_nm),
                 wavelength_nm, incidence_deg);
}

void add_spectrum(MultilayerCurves& out, const MirrorInLight& mirror) {
  const auto [low, high] = spectral_range(mirror.stack, mirror.wavelength_nm);
  const double angle = mirror.stack.incidence_deg;
  for (int i = 0; i < kWavelengths; ++i) {
    const double wavelength_nm = std::lerp(low, high, i / (kWavelengths - 1.0));
    const ReflectedWaves r = reflect(mirror.stack, wavelength_nm, angle);
    add(out.spectrum, wavelength_nm, r.s, r.p);
  }
  turn_back(out.spectrum, mirror.wavelength_nm);
  const auto peak_of = [&, low = low, high = high](const auto& value) {
    return optics::find_peak([&](double w) { return value(reflect(mirror.stack, w, angle)); }, low, high);
  };
  out.peak_s = peak_of([](const ReflectedWaves& r) { return std::norm(r.s); });
  out.peak_p = peak_of([](const ReflectedWaves& r) { return std::norm(r.p); });
  out.peak = peak_of([](const ReflectedWaves& r) { return 0.5 * (std::norm(r.s) + std::norm(r.p)); });
}

/// Angle from the normal of the direction with these sines along and across the plane of incidence.
double angle_of(double along, double across) {
  const double sine = std::hypot(along, across);
  if (!(sine < 1))
    throw InputError(fmt::format(
        "mask.stack.incidence_deg (the light that imaging.na accepts would leave the mask at a sine of "
        "{:.3f}); use a smaller angle or a larger reduction",
        sine));
  return std::asin(sine) / kRadiansPerDegree;
}

void add_directions(MultilayerCurves& out, const MirrorInLight& mirror) {
  const double chief = std::sin(mirror.stack.incidence_deg * kRadiansPerDegree),
               along = mirror.na / mirror.magnification_y, across = mirror.na / mirror.magnification_x;
  const auto add_direction = [&](const char* name, double incidence_deg) {
    const ReflectedWaves r = reflect(mirror.stack, mirror.wavelength_nm, incidence_deg);
    out.directions.push_back(
        {name, incidence_deg, std::norm(r.s), std::norm(r.p), degrees_of(r.s), degrees_of(r.p)});
  };
  add_direction("chief_ray", mirror.stack.incidence_deg);
  add_direction("near_rim", angle_of(chief - along, 0));
  add_direction("far_rim", angle_of(chief + along, 0));
  add_direction("side_rim", angle_of(chief, across));
}

void add_angles(MultilayerCurves& out, const MirrorInLight& mirror) {
  double largest = kSmallestAngularRangeDeg;
  for (const MirrorPoint& point : out.directions)
    largest = std::max(largest, std::ceil(point.incidence_deg + 2));
  largest = std::min(largest, 89.0);
  const auto films = mask::mirror_films(mirror.stack, mirror.wavelength_nm);
  const Film substrate = mask::substrate_film(mirror.stack, mirror.wavelength_nm);
  const int n = static_cast<int>(std::lround(largest / kAngleStepDeg));
  for (int i = 0; i <= n; ++i) {
    const double angle = largest * i / n;
    const ReflectedWaves r = reflect(films, substrate, mirror.wavelength_nm, angle);
    add(out.angular, angle, r.s, r.p);
  }
  turn_back(out.angular, mirror.stack.incidence_deg);

  const optics::FlatStack flat(films, substrate, mirror.wavelength_nm);
  // At the normal the depth is the limit of that of neighbouring angles.
  const double sine = std::max(std::sin(mirror.stack.incidence_deg * kRadiansPerDegree), 1e-2);
  double low = out.directions[1].incidence_deg, high = out.directions[2].incidence_deg;
  if (std::sin(mirror.stack.incidence_deg * kRadiansPerDegree) < mirror.na / mirror.magnification_y) low = 0;
  if (!(high > low)) low = 0;
  const auto both = [](const auto& value) { return OfBoth{value(Polarisation::s), value(Polarisation::p)}; };
  out.effective_depth_nm = both([&](Polarisation p) { return flat.effective_depth_nm(sine, p); });
  out.fitted_depth_nm = both([&](Polarisation p) { return flat.fitted_depth_nm(low, high, p); });
}

void add_standing_wave(MultilayerCurves& out, const MirrorInLight& mirror) {
  std::vector<Film> films = mask::mirror_films(mirror.stack, mirror.wavelength_nm);
  const Film substrate = mask::substrate_film(mirror.stack, mirror.wavelength_nm);
  const double angle = mirror.stack.incidence_deg, sine = std::sin(angle * kRadiansPerDegree);
  out.shares_s = optics::power_shares(films, substrate, mirror.wavelength_nm, angle, Polarisation::s);
  out.shares_p = optics::power_shares(films, substrate, mirror.wavelength_nm, angle, Polarisation::p);
  double depth_nm = 0;
  const double shown_nm = kShownPeriods * mirror.wavelength_nm / 2;
  for (std::size_t i = 0; i < films.size(); ++i) {
    const std::string name = film_name(out.layers[i]);
    auto entry = std::ranges::find(out.absorbed_by, name, &std::pair<std::string, OfBoth>::first);
    if (entry == out.absorbed_by.end()) entry = out.absorbed_by.insert(entry, {name, {}});
    entry->second.s += out.shares_s.absorbed[i];
    entry->second.p += out.shares_p.absorbed[i];
    const double bottom_nm = depth_nm + films[i].thickness_nm;
    if (depth_nm < shown_nm)
      out.standing_wave.layers.push_back({name, depth_nm, std::min(bottom_nm, shown_nm)});
    depth_nm = bottom_nm;
  }
  films.insert(films.begin(), {.index = 1.0, .thickness_nm = kVacuumNm});
  const int n = static_cast<int>(std::lround((kVacuumNm + shown_nm) / kDepthStepNm));
  for (int i = 0; i <= n; ++i) {
    const double below_start_nm = (kVacuumNm + shown_nm) * i / n;
    const optics::FilmStackField field(films, substrate, 1, mirror.wavelength_nm, below_start_nm);
    const auto intensity = [&](Polarisation p) {
      return optics::electric_intensity(field(sine, p), sine, p);
    };
    out.standing_wave.depth_nm.push_back(below_start_nm - kVacuumNm);
    out.standing_wave_s.push_back(intensity(Polarisation::s));
    out.standing_wave_p.push_back(intensity(Polarisation::p));
    out.standing_wave.intensity.push_back(0.5 * (out.standing_wave_s.back() + out.standing_wave_p.back()));
  }
}

void add_absorber(MultilayerCurves& out, const MirrorInLight& mirror) {
  const double wavelength_nm = mirror.wavelength_nm, angle = mirror.stack.incidence_deg;
  const Film substrate = mask::substrate_film(mirror.stack, wavelength_nm);
  const ReflectedWaves bare = reflect({}, substrate, wavelength_nm, angle);
  out.substrate_reflectance = {std::norm(bare.s), std::norm(bare.p)};
  std::vector<Film> absorber = mask::absorber_films(mirror.stack, wavelength_nm);
  if (absorber.empty()) return;
  const auto thickest = static_cast<std::size_t>(std::ranges::max_element(absorber, {}, &Film::thickness_nm) -
                                                 absorber.begin());
  out.swing_material = material_name(mirror.stack.absorber[thickest].material);
  const std::vector<Film> films = mask::mirror_films(mirror.stack, wavelength_nm);
  const ReflectedWaves open = reflect(films, substrate, wavelength_nm, angle);
  const auto relative = [&](double thickness_nm) {
    absorber[thickest].thickness_nm = thickness_nm;
    double total_nm = 0;
    for (const Film& film : absorber) total_nm += film.thickness_nm;
    std::vector<Film> covered = absorber;
    covered.insert(covered.end(), films.begin(), films.end());
    const ReflectedWaves r = reflect(covered, substrate, wavelength_nm, angle);
    // The opening as it is seen from the top of the absorber.
    const Complex path =
        std::polar(1.0, 4 * constants::kPi / wavelength_nm * std::cos(angle * kRadiansPerDegree) * total_nm);
    return ReflectedWaves{r.s / (open.s * path), r.p / (open.p * path)};
  };
  const double given_nm = absorber[thickest].thickness_nm;
  const double largest_nm = std::max(kSwingNm, std::ceil(given_nm + 10));
  const int n = static_cast<int>(std::lround(largest_nm / kSwingStepNm));
  for (int i = 0; i <= n; ++i) {
    const ReflectedWaves r = relative(i * kSwingStepNm);
    add(out.swing, i * kSwingStepNm, r.s, r.p);
  }
  // The phases of the curve, which count whole turns.
  const ReflectedWaves given = relative(given_nm);
  const auto i = static_cast<std::size_t>(std::lround(given_nm / kSwingStepNm));
  const auto phase = [&](double near_deg, Complex r) {
    return near_deg + std::remainder(degrees_of(r) - near_deg, 360);
  };
  out.absorber = {
      .thickness_nm = given_nm,
      .ratio = {std::norm(given.s), std::norm(given.p)},
      .phase_deg = {phase(out.swing.phase_s_deg[i], given.s), phase(out.swing.phase_p_deg[i], given.p)}};
}

}  // namespace

double mirror_reflectance(const mask::FilmStack& stack, double wavelength_nm, double incidence_deg) {
  const ReflectedWaves r = reflect(stack, wavelength_nm, incidence_deg);
  return 0.5 * (std::norm(r.s) + std::norm(r.p));
}

std::pair<double, double> spectral_range(const mask::FilmStack& stack, double wavelength_nm,
                                         std::string_view key) {
  // The range of the films, then the part of it that the curve shows.
  double known_low = 0, known_high = std::numeric_limits<double>::max();
  const auto narrow = [&](const materials::Material& material) {
    const materials::MaterialDescription& known = material.description();
    known_low = std::max(known_low, known.min_wavelength_nm);
    known_high = std::min(known_high, known.max_wavelength_nm);
  };
  narrow(stack.substrate_material);
  for (const optics::MaterialFilm& layer : mask::mirror_layers(stack))
    if (!layer.index) narrow(layer.material);
  if (!(known_low < known_high))
    throw InputError(
        "mask.stack (no wavelength is in the tables of all films of the mirror); choose films that are known "
        "at one wavelength");
  if (!(wavelength_nm >= known_low && wavelength_nm <= known_high))
    refuse(key, wavelength_nm,
           fmt::format("the films of the mirror are known from {:.4g} to {:.4g} nm", known_low, known_high),
           known_low <= 13.5 && known_high >= 13.5
               ? "use 13.5, or tables of your own as materials"
               : "choose a wavelength in it, or tables of your own as materials");
  return {std::max(known_low, wavelength_nm * (1 - kSpectralShare)),
          std::min(known_high, wavelength_nm * (1 + kSpectralShare))};
}

std::string material_name(const materials::Material& material) {
  const std::string& name = material.name();
  return materials::names_table(name) ? std::filesystem::path(name).filename().string() : name;
}

std::string film_name(const optics::MaterialFilm& film) {
  if (!film.index) return material_name(film.material);
  return fmt::format("n = {:.4g} + {:.3g}i", film.index->real(), film.index->imag());
}

MultilayerCurves compute_multilayer(const MirrorInLight& mirror) {
  MultilayerCurves out;
  out.layers = mask::mirror_layers(mirror.stack);
  add_spectrum(out, mirror);
  add_directions(out, mirror);
  add_angles(out, mirror);
  add_standing_wave(out, mirror);
  add_absorber(out, mirror);
  return out;
}

}  // namespace undulith::mask
