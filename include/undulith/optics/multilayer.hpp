// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

namespace undulith::optics {

enum class Polarisation { s, p };

/// One flat homogeneous film.
struct Film {
  std::complex<double> index;  ///< n = 1 - delta + i beta, beta >= 0
  double thickness_nm = 0;     ///< >= 0
  double roughness_nm = 0;     ///< rms of the interface above this film (Nevot-Croce), >= 0
  bool operator==(const Film&) const = default;
};

/// Complex amplitude reflectance of a stack of flat films on a half-space, light coming from vacuum.
///
/// Parratt's recursion from the substrate up; roughness damps f_j by exp(-2 kz_j kz_{j+1} sigma^2):
///   r_j = (f_j + r_{j+1} e^{2i kz t}) / (1 + f_j r_{j+1} e^{2i kz t}),   kz, t of film j+1
///   s: f_j = (kz_j - kz_{j+1}) / (kz_j + kz_{j+1})
///   p: f_j = (n_j^2 kz_{j+1} - n_{j+1}^2 kz_j) / (n_j^2 kz_{j+1} + n_{j+1}^2 kz_j)
///
/// @param films          films[0] meets the light first; may be empty
/// @param substrate      half-space below the last film; its thickness is ignored
/// @param wavelength_nm  vacuum wavelength, > 0
/// @param incidence_deg  from the surface normal, in [0, 90)
/// @param polarisation   s or p; with the sign chosen so that r_s = r_p at normal incidence
/// @return               r of the tangential electric field at the top of films[0]; |r|^2 is the reflectance
/// @throws InputError    an argument is out of range, or a film with gain
///
/// Accuracy: 1e-12 relative to the characteristic-matrix method; 1e-8 at the critical angle of a lossless
/// film. Cost O(n_films).
/// Source: [Parratt1954], [NevotCroce1980]. Theory: docs/theory/optics.md
[[nodiscard]] std::complex<double> reflection_amplitude(std::span<const Film> films, const Film& substrate,
                                                        double wavelength_nm, double incidence_deg,
                                                        Polarisation polarisation);

/// A stack of flat films on a half-space, prepared for waves of any tangential wave number, evanescent ones
/// included; constructed once, used from many threads. Light comes from vacuum. Equal films and interfaces, as in the
/// bilayers of a mirror, are evaluated once for each wave.
class FlatStack {
 public:
  /// @param films  as for reflection_amplitude()
  /// @throws InputError  an argument is out of range, or a film with gain
  FlatStack(std::span<const Film> films, const Film& substrate, double wavelength_nm);

  /// Admittance Z0 H / E of the tangential fields at the top of the stack, where the reflected wave of
  /// amplitude r is that of reflection_amplitude():
  ///   Y = Y_0 (1 - r) / (1 + r),   Y_0 = cos(theta) (s) or 1/cos(theta) (p) of vacuum
  /// It has no singularity at grazing incidence.
  ///
  /// @param sine  tangential wave number in units of 2 pi/lambda, >= 0; above 1 the wave is evanescent
  /// Accuracy and cost: as reflection_amplitude(). The Nevot-Croce factor is that of travelling waves; where
  /// it would exceed 1 (both waves evanescent) its modulus is 1.
  [[nodiscard]] std::complex<double> admittance(double sine, Polarisation polarisation) const;

  /// Reflection of the tangential electric field; equals reflection_amplitude() for sine < 1.
  [[nodiscard]] std::complex<double> reflection(double sine, Polarisation polarisation) const;

  /// Depth below the top of the films at which a mirror of zero thickness would give the same change of
  /// phase with angle: z = d arg(r) / d(2 k cos(theta)), positive downwards.
  /// @param sine  in (0, 1)
  /// Accuracy: 1e-7 of the depth (central difference).
  [[nodiscard]] double effective_depth_nm(double sine, Polarisation polarisation) const;

  /// The same for a cone of directions: half the slope of the straight line that best fits arg(r) against k
  /// cos(theta), least squares over angles at equal steps.
  /// @param low_deg, high_deg  from the normal, 0 <= low_deg < high_deg < 90
  /// Accuracy: 1e-4 of the depth (limited number of angles).
  [[nodiscard]] double fitted_depth_nm(double low_deg, double high_deg, Polarisation polarisation) const;

 private:
  struct Interface {
    std::size_t above, below;  ///< places in films_
    bool operator==(const Interface&) const = default;
  };
  struct Step {
    std::size_t interface;  ///< place in interfaces_: the lower side of the film
    std::size_t film;       ///< place in films_
  };
  struct Below;
  [[nodiscard]] Below below_surface(double sine, Polarisation polarisation) const;

  std::vector<Film> films_;            ///< different ones, the substrate first
  std::vector<Interface> interfaces_;  ///< different ones
  std::vector<Step> steps_;            ///< of each film, from the substrate up
  double k_per_nm_ = 0;
};

}  // namespace undulith::optics
