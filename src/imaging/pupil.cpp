// SPDX-License-Identifier: MIT
#include "imaging/pupil.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/simd.hpp"

namespace undulith::imaging {
namespace {

using Complex = std::complex<double>;
using optics::Polarisation;

using constants::kPi;

// Accuracy of the tables of reflection amplitudes against the angle of incidence and of fields in a film
// against g^2.
constexpr double kTableTolerance = 1e-13;

// Below this degree of polarisation light counts as unpolarised: the image changes by less than that.
constexpr double kUnpolarised = 1e-13;

optics::PupilMap map_of(const Field2D<double>& map, const std::string& key) {
  if (map.empty()) return {};
  try {
    return optics::PupilMap(map);
  } catch (const InputError& error) {
    throw InputError(fmt::format("{}: {}", key, error.what()));
  }
}

std::vector<ZernikeTerm> with(std::vector<ZernikeTerm> terms, const std::vector<ZernikeTerm>& more) {
  terms.insert(terms.end(), more.begin(), more.end());
  return terms;
}

struct Disc {
  double rim2;            // squared radius with tolerance
  double hole_x, hole_y;  // half widths of the obscuration; < 0: none
  bool rectangle;
};
UNDULITH_SIMD_CLONES
void disc_amplitudes(const double* gx, double gy, const Disc& d, double* out, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) out[i] = gx[i] * gx[i] + gy * gy <= d.rim2 ? 1.0 : 0.0;
  if (d.hole_x <= 0) return;
  for (std::size_t i = 0; i < count; ++i) {
    const double x = gx[i] / d.hole_x, y = gy / d.hole_y;
    const bool hidden = d.rectangle ? x * x < 1 && y * y < 1 : x * x + y * y < 1;
    out[i] = hidden ? 0.0 : out[i];
  }
}

// each(i, gx, gy) for every frequency.
template <class Each>
void for_each(const PupilSamples& samples, const Each& each) {
  std::size_t i = 0;
  for (const double gy : samples.gy)
    for (const double gx : samples.gx) each(i++, gx, gy);
}

}  // namespace

Projection::Projection(const ImagingParameters& parameters, double wavelength_nm,
                       const FieldPosition& position)
    : parameters_(parameters),
      radius_(parameters.na / wavelength_nm),
      wavelength_nm_(wavelength_nm),
      functions_(parameters, wavelength_nm),
      azimuth_rad_((parameters.chief_ray_azimuth_deg + position.chief_ray_azimuth_deg) * kPi / 180),
      wavefront_scale_(
          parameters.wavefront_wavelength_nm > 0 ? parameters.wavefront_wavelength_nm / wavelength_nm : 1),
      wavefront_(with(parameters.aberrations, position.aberrations)),
      phase_map_(map_of(parameters.phase_map, "imaging.phase_map_file")),
      amplitude_map_(map_of(parameters.amplitude_map, "imaging.amplitude_map_file")),
      has_jones_(!parameters.jones.empty() || !parameters.mirrors.empty()) {
  std::array<std::vector<ZernikeTerm>, 4> real, imaginary;
  for (const JonesTerm& term : parameters.jones) {
    const auto pauli = static_cast<std::size_t>(term.pauli);
    real.at(pauli).push_back({term.index, term.coefficient.real(), term.set});
    imaginary.at(pauli).push_back({term.index, term.coefficient.imag(), term.set});
  }
  for (std::size_t pauli = 0; pauli < 4; ++pauli) {
    pauli_real_[pauli] = optics::Wavefront(real[pauli]);
    pauli_imaginary_[pauli] = optics::Wavefront(imaginary[pauli]);
  }
  for (const ProjectionMirror& mirror : parameters.mirrors) {
    const auto amplitude = [&](Polarisation polarisation) {
      return [&mirror, wavelength_nm, polarisation](double incidence_deg) {
        return optics::reflection_amplitude(mirror.coating, wavelength_nm, std::abs(incidence_deg),
                                            polarisation);
      };
    };
    const double spread = std::max(std::abs(mirror.spread_deg), 1e-3);
    const double low = mirror.incidence_deg - spread, high = mirror.incidence_deg + spread;
    const double azimuth = mirror.azimuth_deg * kPi / 180;
    mirrors_.push_back(
        {mirror.incidence_deg, mirror.spread_deg, std::cos(azimuth), std::sin(azimuth),
         math::ChebyshevSeries::to_accuracy(amplitude(Polarisation::s), low, high, kTableTolerance),
         math::ChebyshevSeries::to_accuracy(amplitude(Polarisation::p), low, high, kTableTolerance)});
  }
}

void Projection::sample(PupilSamples& samples, Focus focus) const {
  const std::size_t columns = samples.gx.size();
  const double* gx = samples.gx.data();
  const Obscuration& hole = parameters_.obscuration;
  // The rim of the obscuration belongs to the pupil.
  const double hole_x = hole.radius * radius_ * (1 - kRimTolerance);
  const Disc disc{.rim2 = std::pow(radius_ * (1 + kRimTolerance), 2),
                  .hole_x = hole_x,
                  .hole_y = hole_x * hole.aspect,
                  .rectangle = hole.shape == ObscurationShape::rectangle};
  samples.amplitude.resize(samples.size());
  if (focus == Focus::sample) samples.focus_waves.resize(samples.size());
  for (std::size_t row = 0; row < samples.gy.size(); ++row) {
    const double gy = samples.gy[row];
    double* amplitude = samples.amplitude.data() + row * columns;
    disc_amplitudes(gx, gy, disc, amplitude, columns);
    if (parameters_.obliquity == Obliquity::radiometric)
      functions_.multiply_obliquity(gx, gy, amplitude, columns);
    if (focus == Focus::sample)
      functions_.focus_waves(gx, gy, samples.focus_waves.data() + row * columns, columns);
  }

  const bool wavefront = !wavefront_.is_flat(), height = parameters_.mask_height_nm != 0;
  if (wavefront || height || !phase_map_.empty() || !amplitude_map_.empty()) {
    samples.waves.assign(samples.size(), 0.0);
    const double chief = std::sin(parameters_.chief_ray_deg * kPi / 180);
    const double chief_x = chief * std::sin(azimuth_rad_), chief_y = chief * std::cos(azimuth_rad_);
    const double chief_cosine = std::sqrt(1 - chief * chief);
    for_each(samples, [&](std::size_t i, double g_x, double g_y) {
      if (samples.amplitude[i] == 0) return;
      const double x = g_x / radius_, y = g_y / radius_;
      if (wavefront) samples.waves[i] += wavefront_scale_ * wavefront_.waves(x, y);
      if (!phase_map_.empty()) samples.waves[i] += wavefront_scale_ * phase_map_(x, y);
      if (!amplitude_map_.empty()) samples.amplitude[i] *= amplitude_map_(x, y);
      if (height) {
        const double px = wavelength_nm_ * g_x / parameters_.magnification_x - chief_x,
                     py = wavelength_nm_ * g_y / parameters_.magnification_y - chief_y;
        const double cosine = std::sqrt(std::max(0.0, 1 - px * px - py * py));
        samples.waves[i] -= parameters_.mask_height_nm / wavelength_nm_ * (cosine - chief_cosine);
      }
    });
  }
  if (has_jones_) sample_jones(samples);
}

bool Projection::is_conjugate() const {
  return wavefront_.is_flat() && parameters_.mask_height_nm == 0 && phase_map_.empty() &&
         amplitude_map_.empty() && !has_jones_ && !has_films();
}

void Projection::sample_jones(PupilSamples& samples) const {
  const std::size_t count = samples.size();
  for (auto& element : samples.jones) element.assign(count, Complex{});
  const auto term = [&](std::size_t pauli, double x, double y) {
    const auto value = [&](const optics::Wavefront& w) { return w.is_flat() ? 0.0 : w.waves(x, y); };
    return Complex(value(pauli_real_[pauli]), value(pauli_imaginary_[pauli]));
  };
  for_each(samples, [&](std::size_t i, double gx, double gy) {
    if (samples.amplitude[i] == 0) return;
    const double x = gx / radius_, y = gy / radius_;
    const Complex a0 = 1.0 + term(0, x, y), a1 = term(1, x, y), a2 = term(2, x, y),
                  a3 = Complex(0, 1) * term(3, x, y);
    samples.jones[0][i] = a0 + a1;
    samples.jones[1][i] = a2 - a3;
    samples.jones[2][i] = a2 + a3;
    samples.jones[3][i] = a0 - a1;
  });
  std::vector<double> incidence(count);
  std::vector<Complex> r_p(count), r_s(count);
  for (const Mirror& mirror : mirrors_) {
    const double c = mirror.cosine, s = mirror.sine, slope = mirror.spread_deg / radius_;
    for_each(samples, [&](std::size_t i, double gx, double gy) {
      incidence[i] = mirror.incidence_deg + slope * (c * gx + s * gy);
    });
    mirror.p.evaluate(incidence, r_p);
    mirror.s.evaluate(incidence, r_s);
    for (std::size_t i = 0; i < count; ++i) {
      // R(-a) diag(r_p, r_s) R(a): p lies in the plane of incidence.
      const Complex mxx = c * c * r_p[i] + s * s * r_s[i], mxy = c * s * (r_p[i] - r_s[i]),
                    myy = s * s * r_p[i] + c * c * r_s[i];
      const Complex xx = samples.jones[0][i], xy = samples.jones[1][i], yx = samples.jones[2][i],
                    yy = samples.jones[3][i];
      samples.jones[0][i] = mxx * xx + mxy * yx;
      samples.jones[1][i] = mxx * xy + mxy * yy;
      samples.jones[2][i] = mxy * xx + myy * yx;
      samples.jones[3][i] = mxy * xy + myy * yy;
    }
  }
}

void Projection::rotate(const PupilSamples& samples, Rotation<double>& r) const {
  for (auto* element : {&r.xx, &r.xy, &r.yy, &r.zx, &r.zy}) element->resize(samples.size());
  std::size_t i = 0;
  for (const double gy : samples.gy) {
    functions_.rotate(samples.gx.data(), gy, &r.xx[i], &r.xy[i], &r.yy[i], &r.zx[i], &r.zy[i],
                      samples.gx.size());
    i += samples.gx.size();
  }
}

std::vector<double> Projection::clear_intensities(std::span<const illuminator::SourcePoint> points,
                                                  std::span<const JonesMatrix> masks) const {
  PupilSamples samples;
  std::vector<double> clear;
  for (std::size_t s = 0; s < points.size(); ++s) {
    samples.gx = {points[s].sigma_x * radius_};
    samples.gy = {points[s].sigma_y * radius_};
    sample(samples, Focus::leave_out);
    const double power = samples.amplitude[0] * samples.amplitude[0];
    if (!has_jones_ && masks.empty()) {
      clear.push_back(power);
      continue;
    }
    JonesMatrix m{1.0, 0.0, 0.0, 1.0};
    if (!masks.empty()) m = masks[s];
    if (has_jones_) {
      const Complex xx = samples.jones[0][0], xy = samples.jones[1][0], yx = samples.jones[2][0],
                    yy = samples.jones[3][0];
      m = {xx * m[0] + xy * m[2], xx * m[1] + xy * m[3], yx * m[0] + yy * m[2], yx * m[1] + yy * m[3]};
    }
    double sum = 0;
    if (!is_vector())
      sum = std::norm(0.5 * (m[0] + m[3]));
    else
      for (const JonesVector& e : polarisation_states(points[s].stokes))
        sum += std::norm(m[0] * e.x + m[1] * e.y) + std::norm(m[2] * e.x + m[3] * e.y);
    clear.push_back(power * sum);
  }
  return clear;
}

FilmRotation::FilmRotation(const ImagingParameters& parameters, double wavelength_nm, double depth_nm) {
  std::vector<optics::Film> films;
  for (const optics::MaterialFilm& film : parameters.films)
    films.push_back(optics::film_at(film, wavelength_nm));
  const optics::FilmStackField field(
      films,
      optics::film_at({.material = parameters.substrate_material, .index = parameters.substrate_index},
                      wavelength_nm),
      parameters.medium_index, wavelength_nm, depth_nm);
  const double g2_max = std::pow(parameters.na / wavelength_nm * (1 + 2 * kRimTolerance), 2);
  const auto sine = [wavelength_nm](double g2) { return wavelength_nm * std::sqrt(std::max(0.0, g2)); };
  const auto table = [&](auto value) {
    return math::ChebyshevSeries::to_accuracy(value, 0, g2_max, kTableTolerance);
  };
  s_ = table([&](double g2) {
    const auto f = field(sine(g2), Polarisation::s);
    return f.forward + f.backward;
  });
  p_tangential_ = table([&](double g2) {
    const auto f = field(sine(g2), Polarisation::p);
    return (f.forward - f.backward) * f.cosine;
  });
  p_normal_ = table([&](double g2) {
    const auto f = field(sine(g2), Polarisation::p);
    return -(f.forward + f.backward) * wavelength_nm / f.index;
  });
  intensity_factor_ = field(0, Polarisation::s).index.real() / parameters.medium_index;
}

void FilmRotation::rotate(const PupilSamples& samples, Rotation<Complex>& rotation) const {
  const std::size_t count = samples.size();
  std::vector<double> g2(count);
  for_each(samples, [&](std::size_t i, double gx, double gy) { g2[i] = gx * gx + gy * gy; });
  for (auto* element : {&rotation.xx, &rotation.xy, &rotation.yy, &rotation.zx, &rotation.zy})
    element->resize(count);
  std::vector<Complex>&s = rotation.xx, &p = rotation.yy, &z = rotation.zx;
  s_.evaluate(g2, s);
  p_tangential_.evaluate(g2, p);
  p_normal_.evaluate(g2, z);
  for_each(samples, [&](std::size_t i, double gx, double gy) {
    const Complex difference = g2[i] > 0 ? (p[i] - s[i]) / g2[i] : 0.0;
    const Complex s_value = s[i], z_value = z[i];
    rotation.xx[i] = s_value + difference * (gx * gx);
    rotation.xy[i] = difference * (gx * gy);
    rotation.yy[i] = s_value + difference * (gy * gy);
    rotation.zx[i] = z_value * gx;
    rotation.zy[i] = z_value * gy;
  });
}

bool is_unpolarised(const optics::Stokes& stokes) {
  return std::hypot(stokes.s1, stokes.s2, stokes.s3) <= kUnpolarised * stokes.s0;
}

std::vector<JonesVector> polarisation_states(const optics::Stokes& stokes) {
  if (is_unpolarised(stokes)) return {{std::numbers::sqrt2 / 2, 0}, {0, std::numbers::sqrt2 / 2}};
  const double degree = std::hypot(stokes.s1, stokes.s2, stokes.s3);
  const double u1 = stokes.s1 / degree;
  // |Ex|^2 = (1 + u1)/2, Ex Ey* = (u2 + i u3)/2: divide by the larger of the two components.
  const Complex product = Complex(stokes.s2, stokes.s3) / (2 * degree);
  JonesVector main;
  if (u1 >= 0) {
    main.x = std::sqrt((1 + u1) / 2);
    main.y = std::conj(product) / main.x;
  } else {
    main.y = std::sqrt((1 - u1) / 2);
    main.x = product / main.y;
  }
  const double share = std::min(1.0, degree / stokes.s0);
  const double strong = std::sqrt((1 + share) / 2), weak = std::sqrt((1 - share) / 2);
  std::vector<JonesVector> states{{strong * main.x, strong * main.y}};
  if (1 - share > kUnpolarised) states.push_back({-weak * std::conj(main.y), weak * std::conj(main.x)});
  return states;
}

}  // namespace undulith::imaging
