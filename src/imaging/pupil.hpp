// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <complex>
#include <span>
#include <vector>

#include "imaging/pupil_functions.hpp"
#include "undulith/imaging/imaging.hpp"
#include "undulith/math/chebyshev.hpp"
#include "undulith/optics/film_stack.hpp"
#include "undulith/optics/pupil_map.hpp"

namespace undulith::imaging {

/// Relative distance outside the rim of the pupil at which a point still counts as on it: an order exactly on
/// the rim must not depend on the last bit of its coordinates.
inline constexpr double kRimTolerance = 1e-9;

/// Pupil frequencies (gx[column], gy[row]) in 1/nm, and the effect of the projection optics there in every plane,
/// row by row.
struct PupilSamples {
  std::vector<double> gx, gy;
  [[nodiscard]] std::size_t size() const { return gx.size() * gy.size(); }
  std::vector<double> amplitude;    ///< obliquity and apodisation; 0 outside the pupil
  std::vector<double> waves;        ///< wavefront in focus; empty when it is flat
  std::vector<double> focus_waves;  ///< waves per nm of focus; empty unless requested
  /// Jones matrix row by row (xx, xy, yx, yy); empty when it is 1
  std::array<std::vector<std::complex<double>>, 4> jones;
};

/// xx, xy, yx, yy
using JonesMatrix = std::array<std::complex<double>, 4>;

/// Symmetric part of the rotation to the wafer at each frequency: E = [[xx, xy], [xy, yy], [zx, zy]] e.
template <class T>
struct Rotation {
  std::vector<T> xx, xy, yy, zx, zy;
};

/// The projection optics at one wavelength and one position of the slit.
///
///   P(g) = a(g) exp(2 pi i [W(g) + z (sqrt((n/lambda)^2 - g^2) - n/lambda)]) J(g)
///
/// on the closed disc |g| <= NA/lambda without its obscuration. Theory: docs/theory/imaging.md
class Projection {
 public:
  /// @throws InputError  see plan_imaging
  Projection(const ImagingParameters& parameters, double wavelength_nm, const FieldPosition& position);

  [[nodiscard]] double radius_per_nm() const { return radius_; }
  /// Waves at this wavelength of one wave of the aberrations.
  [[nodiscard]] double wavefront_scale() const { return wavefront_scale_; }
  [[nodiscard]] bool has_jones() const { return has_jones_; }
  [[nodiscard]] bool has_films() const { return !parameters_.films.empty(); }
  [[nodiscard]] bool is_vector() const { return parameters_.field_model == FieldModel::vector; }

  /// Whether P(-g) = conj P(g) in focus, and the rotation to the wafer is real: a flat wavefront, and neither maps, Jones
  /// matrices, films nor a displaced mask.
  [[nodiscard]] bool is_conjugate() const;

  enum class Focus { leave_out, sample };
  /// Fills everything except gx and gy, which are given.
  void sample(PupilSamples& samples, Focus focus) const;

  /// In the medium: s is kept, p is tilted.
  void rotate(const PupilSamples& samples, Rotation<double>& rotation) const;
  /// Share of the intensity of the zero order of each source point that reaches the wafer in the medium; 0 in
  /// the obscuration.
  /// @param masks  Jones matrix of the mask for each point; empty: 1
  [[nodiscard]] std::vector<double> clear_intensities(std::span<const illuminator::SourcePoint> points,
                                                      std::span<const JonesMatrix> masks) const;

 private:
  void sample_jones(PupilSamples& samples) const;

  const ImagingParameters& parameters_;
  double radius_, wavelength_nm_;
  PupilFunctions functions_;
  double azimuth_rad_, wavefront_scale_;
  optics::Wavefront wavefront_;
  optics::PupilMap phase_map_, amplitude_map_;
  bool has_jones_ = false;
  std::array<optics::Wavefront, 4> pauli_real_, pauli_imaginary_;
  struct Mirror {
    double incidence_deg, spread_deg, cosine, sine;  ///< of the azimuth
    math::ChebyshevSeries s, p;                      ///< of the angle of incidence
  };
  std::vector<Mirror> mirrors_;
};

/// The wave inside a film in one plane: replaces the rotation in the medium.
class FilmRotation {
 public:
  FilmRotation(const ImagingParameters& parameters, double wavelength_nm, double depth_nm);
  void rotate(const PupilSamples& samples, Rotation<std::complex<double>>& rotation) const;
  /// Re(n)/n_medium: |E|^2 times it is the intensity on the scale of the medium.
  [[nodiscard]] double intensity_factor() const { return intensity_factor_; }

 private:
  math::ChebyshevSeries s_, p_tangential_, p_normal_;  ///< of g^2; p_normal over g
  double intensity_factor_ = 1;
};

/// Jones vectors of the polarisation states of a source point; the squares of their lengths sum to 1.
struct JonesVector {
  std::complex<double> x, y;
};
[[nodiscard]] std::vector<JonesVector> polarisation_states(const optics::Stokes& stokes);
[[nodiscard]] bool is_unpolarised(const optics::Stokes& stokes);

}  // namespace undulith::imaging
