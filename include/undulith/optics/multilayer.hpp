#pragma once

#include <complex>
#include <span>

namespace undulith::optics {

enum class Polarisation { s, p };

/// One flat homogeneous film.
struct Film {
  std::complex<double> index;  ///< n = 1 - delta + i beta, beta >= 0
  double thickness_nm = 0;     ///< >= 0
  double roughness_nm = 0;     ///< rms of the interface above this film (Nevot-Croce), >= 0
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
/// film. Cost O(n_films), no allocation.
/// Source: [Parratt1954], [NevotCroce1980]. Theory: docs/theory/optics.md
[[nodiscard]] std::complex<double> reflection_amplitude(std::span<const Film> films, const Film& substrate,
                                                        double wavelength_nm, double incidence_deg,
                                                        Polarisation polarisation);

}  // namespace undulith::optics
