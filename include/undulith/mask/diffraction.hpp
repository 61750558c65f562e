// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <complex>
#include <optional>
#include <vector>

#include "undulith/core/grid.hpp"

/// The light that a mask sends into the projection optics: the result of the mask stage.
namespace undulith::mask {

/// A thick mask illuminated from one direction: for each order, the Jones matrix from the field (x, y) of the
/// incident wave to that of the order.
///
/// Both fields are in the axes of the pupil: unit vectors x and y perpendicular to the chief ray, y towards
/// +y of the mask, carried along the shortest turn from the chief ray to each wave. The mean of xx and yy of
/// the open frame has no phase.
struct JonesSpectrum {
  double sigma_x = 0, sigma_y = 0;  ///< direction of incidence: where its zero order falls on the pupil
  /// xx, xy, yx, yy, each of the shape of Diffraction::amplitudes; orders are counted from the zero order of
  /// this direction, in the unit of the amplitudes there
  std::array<std::vector<std::complex<double>>, 4> orders;
  std::array<std::complex<double>, 4> open{};  ///< the same of the open frame
};

/// Share of one JonesSpectrum in that of a source point.
struct SpectrumShare {
  int spectrum = 0;
  double weight = 1;
};

/// The directions of incidence, and the estimated error of the solver.
struct ThickMaskReport {
  int n_directions = 0;                       ///< solved
  int n_solutions = 0;                        ///< Bloch vectors: costly solutions that serve them
  double step_x_sigma = 0, step_y_sigma = 0;  ///< between directions; 0: each source point has its own
  int sublattices_x = 1, sublattices_y = 1;   ///< of the mask's reciprocal lattice, on which they lie
  bool on_lattice_x = false, on_lattice_y = false;
  int n_orders = 0;       ///< rigorous: kept
  bool converged = true;  ///< change <= max_error (rigorous)
  /// By the last refinement (orders; pixel and slice), at the chief ray: of an order, relative to the largest
  double change = 0;
  /// |1 - reflected - absorbed - transmitted| at the chief ray (rigorous)
  std::optional<double> energy_error;
  double reference_depth_nm = 0;  ///< below the top of the absorber, mask scale
};

/// A mask whose light depends on the direction of incidence.
struct ThickMask {
  std::vector<JonesSpectrum> spectra;
  /// For each point of the PupilFill it was computed for: its spectrum is a weighted sum of these
  std::vector<std::vector<SpectrumShare>> shares;
  ThickMaskReport report;
};

/// What fine slices and pixels change in the orders of a quick multislice solution, at one wavelength and a few
/// directions of incidence. Unlike the orders themselves, whose mirror is the same in both, it varies slowly.
struct SliceCorrection {
  double wavelength_nm = 13.5;
  std::vector<JonesSpectrum> spectra;  ///< differences; empty: every direction is solved with fine slices
  double change = 0;                   ///< see ThickMaskReport
};

/// Fourier coefficients of the light that the mask sends into the projection optics.
///
/// amplitude of order (m, n): the plane wave exp(+2 pi i (m (x-x0)/period_x + n (y-y0)/period_y)), wafer
/// scale, phases referred to the lower-left corner (x0, y0) of the cell, relative to unit incident amplitude
/// and already divided by the amplitude of the open frame: a mask that is open everywhere has
/// amplitude (0, 0) = 1, all others 0.
struct Diffraction {
  double wavelength_nm = 13.5;
  Box cell;    ///< nm, wafer scale
  Box window;  ///< nm, wafer scale
  int max_order_x = 0, max_order_y = 0;
  /// Shape (2 max_order_y + 1, 2 max_order_x + 1), m fastest. Of a thick mask: for unpolarised light along
  /// the chief ray, mean of xx and yy
  std::vector<std::complex<double>> amplitudes;
  double open_reflectance =
      1;  ///< |open amplitude|^2: intensity of the open frame per unit incident intensity
  double absorber_reflectance = 0;  ///< |absorber amplitude|^2, same unit
  double absorber_phase_deg = 0;    ///< phase of the absorber relative to the opening
  double open_area_fraction = 0;    ///< share of the cell that is opening
  std::optional<ThickMask> thick;   ///< absent: the amplitudes serve every direction and polarisation

  /// Place of order (m, n) in amplitudes, |m| <= max_order_x, |n| <= max_order_y.
  [[nodiscard]] std::size_t index(int m, int n) const {
    return static_cast<std::size_t>(n + max_order_y) * static_cast<std::size_t>(2 * max_order_x + 1) +
           static_cast<std::size_t>(m + max_order_x);
  }
  /// Coefficient of order (m, n).
  [[nodiscard]] std::complex<double> operator()(int m, int n) const { return amplitudes[index(m, n)]; }
};

}  // namespace undulith::mask
