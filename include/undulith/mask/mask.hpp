#pragma once

#include <complex>
#include <vector>

#include "undulith/core/grid.hpp"
#include "undulith/layout/clip.hpp"
#include "undulith/mask/film_stack.hpp"

/// From a clip of layout to the diffraction spectrum of the mask.
namespace undulith::mask {

/// What a drawn shape is on the mask: an opening in the absorber, or the absorber itself.
enum class Tone { dark_field, bright_field };

/// Where the reflected amplitudes of opening and absorber come from.
enum class Amplitudes { film_stack, given };

struct MaskParameters {
  Tone tone = Tone::dark_field;
  double edge_bias_nm =
      0;  ///< every drawn edge moves outward by this much (wafer scale); a line grows by twice as much
  double corner_rounding_nm = 0;  ///< radius of every corner after that (wafer scale)
  Amplitudes amplitudes = Amplitudes::film_stack;
  std::complex<double> open_amplitude = 1;      ///< amplitudes = given
  std::complex<double> absorber_amplitude = 0;  ///< amplitudes = given
  FilmStack stack;                              ///< amplitudes = film_stack
};

/// Fourier coefficients of the light that the mask sends into the projection optics.
///
/// amplitude of order (m, n): the plane wave exp(+2 pi i (m (x-x0)/period_x + n (y-y0)/period_y)), wafer
/// scale, phases referred to the lower-left corner (x0, y0) of the cell, relative to unit incident amplitude
/// and already divided by the amplitude of the open frame: a mask that is open everywhere has amplitude (0,
/// 0) = 1, all others 0.
struct Diffraction {
  double wavelength_nm = 13.5;
  Box cell;    ///< nm, wafer scale
  Box window;  ///< nm, wafer scale
  int max_order_x = 0, max_order_y = 0;
  std::vector<std::complex<double>> amplitudes;  ///< shape (2 max_order_y + 1, 2 max_order_x + 1), m fastest
  double open_reflectance =
      1;  ///< |open amplitude|^2: intensity of the open frame per unit incident intensity
  double absorber_reflectance = 0;  ///< |absorber amplitude|^2, same unit
  double absorber_phase_deg = 0;    ///< phase of the absorber relative to the opening
  double open_area_fraction = 0;    ///< share of the cell that is opening

  /// Place of order (m, n) in amplitudes, |m| <= max_order_x, |n| <= max_order_y.
  [[nodiscard]] std::size_t index(int m, int n) const {
    return static_cast<std::size_t>(n + max_order_y) * static_cast<std::size_t>(2 * max_order_x + 1) +
           static_cast<std::size_t>(m + max_order_x);
  }
  /// Coefficient of order (m, n).
  [[nodiscard]] std::complex<double> operator()(int m, int n) const { return amplitudes[index(m, n)]; }
};

/// Reflected amplitudes of the two regions of a thin mask, both referred to the top of the absorber.
struct RegionAmplitudes {
  std::complex<double> open, absorber;
};

/// Amplitudes from the film stack (mean of s and p at the chief ray) or as given.
/// @throws InputError  unknown material, wavelength outside its table, an opening that does not reflect
[[nodiscard]] RegionAmplitudes region_amplitudes(const MaskParameters& parameters, double wavelength_nm);

/// What compute_diffraction() would refuse, known before it computes; gives the amplitudes of the two
/// regions.
/// @throws InputError  see region_amplitudes; an opening that reflects nothing, an edge bias or corner
///                     radius larger than the shorter side of the cell
RegionAmplitudes check_parameters(const layout::Clip& clip, const MaskParameters& parameters,
                                  double wavelength_nm);

/// Thin (Kirchhoff) mask: the exact Fourier coefficients of its polygons up to max_frequency_per_nm in x and
/// in y.
///
/// @param clip                   rings within clip.cell
/// @param wavelength_nm          vacuum wavelength, > 0
/// @param max_frequency_per_nm   largest |f| that the optics can use: (1 + sigma_max) NA / lambda
/// @throws InputError            see region_amplitudes; an edge bias that leaves nothing or fills the cell is
/// not an error Accuracy: machine precision. Cost O(distinct edge heights x orders) for Manhattan rings,
/// O(edges x orders) otherwise. Theory: docs/theory/mask.md
[[nodiscard]] Diffraction compute_diffraction(const layout::Clip& clip, const MaskParameters& parameters,
                                              double wavelength_nm, double max_frequency_per_nm);

}  // namespace undulith::mask
