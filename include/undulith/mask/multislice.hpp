// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "undulith/core/precision.hpp"
#include "undulith/mask/defects.hpp"
#include "undulith/mask/mask_jones.hpp"
#include "undulith/mask/parameters.hpp"
#include "undulith/mask/pattern_spectrum.hpp"
#include "undulith/mask/rigorous.hpp"

/// A fast approximation of the diffraction of a thick mask: light is propagated down and up through thin
/// slices.
namespace undulith::mask {

/// The reflection of a mirror against the angle of incidence.
class MirrorTable;
/// Made once for several solvers. Cost: 6 ms.
using SharedMirror = std::shared_ptr<const MirrorTable>;
[[nodiscard]] SharedMirror tabulate_mirror(const std::vector<optics::Film>& films,
                                           const optics::Film& substrate, double wavelength_nm);

struct MultisliceParameters {
  double pixel_nm = 6;                   ///< largest pixel at mask scale, > 0
  double slice_nm = 7.5;                 ///< thickest slice, > 0
  std::vector<SurfaceDefect> defects{};  ///< bumps of the mirror, no narrower than a pixel
  Precision precision = Precision::float64;
  SharedMirror mirror{};  ///< tabulate_mirror() of the films of the mask; null: it is made
};

/// Largest order that the pixels of a period carry: whole pixels, no larger than wanted.
[[nodiscard]] int carried_order(double period_nm, double pixel_nm);

/// Light of one direction, and the derivatives of a number L with respect to what the mask makes of it:
/// dL = Re sum conj(d_jones) d(MultisliceSolver::reflect_direction()), over the four coefficients of all orders.
struct DirectionSensitivity {
  TangentialVector incident;
  MaskJones d_jones;
};

/// Double pass through slices of the absorber with first-order reflection at its top and bottom.
///
/// Down and up, each slice is half of the phase and loss that a ray of the incident angle picks up in it, a
/// step of free propagation, and the other half; at the bottom the mirror reflects each order by its own s
/// and p coefficients, and bumps of its surface turn the phase. Reflection at the top and the bottom surface
/// of the absorber is added to first order; that between films of the absorber and that of side walls is not.
///
/// Takes the masks of RigorousSolver. One solver serves light of any direction: the reflected light is a sum
/// of three scalar fields without polarisation, so that one pass down and three up serve both polarisations.
/// Calls are const and may run on many threads.
///
/// Accuracy: orders -3 .. 3 within 0.9 to 2.3 % of the largest for lines, 0.9 to 1.1 % for contacts and
/// pillars, against RigorousSolver. Cost O(slices pixels log pixels): 4 ms per direction for a cell of 1 um
/// in single precision. Theory: docs/theory/rigorous-mask.md
class MultisliceSolver {
 public:
  /// @param bloch  tangential vector of light that comes in along order (0, 0)
  /// @throws InputError  as RigorousSolver; a pixel or slice that is not positive, more than 1e8 pixels, a
  ///                     defect out of range
  MultisliceSolver(const MaskGeometry& geometry, double wavelength_nm, TangentialVector bloch,
                   const MultisliceParameters& parameters = {});
  /// The same mask with patterns in place of the polygons, which are not read.
  /// @param patterns  one per layer. The shares of the pixels are the sum of the orders that the pixels carry: orders that are
  ///                  not given are 0, others are left out
  /// @throws InputError  as above; another number of patterns than layers, values of the wrong size
  MultisliceSolver(const MaskGeometry& geometry, std::span<const PatternSpectrum> patterns,
                   double wavelength_nm, const MultisliceParameters& parameters = {});
  ~MultisliceSolver();
  MultisliceSolver(MultisliceSolver&&) noexcept;
  MultisliceSolver& operator=(MultisliceSolver&&) noexcept;

  /// All orders that leave the mask. @throws InputError  the incident order is evanescent
  [[nodiscard]] Reflection reflect(Order incident, optics::Polarisation polarisation) const;

  /// Both polarisations at once: orders within max_order of the incident one, 0 where an order does not leave
  /// the mask.
  /// @throws InputError  the incident order is evanescent, or orders are wanted that the pixels do not carry
  [[nodiscard]] MaskJones reflect_all(Order incident, int max_order_x, int max_order_y) const;
  /// The same for light of any direction, whatever the Bloch vector.
  [[nodiscard]] MaskJones reflect_direction(TangentialVector incident, int max_order_x,
                                            int max_order_y) const;

  /// Gradient of L with respect to the pattern of each layer, by the adjoint of slices, screens and mirror: the sum over
  /// directions, both polarisations at once.
  ///
  /// @return  one per layer, of all orders that the pixels carry: dL = Re sum conj(g) dc for changes dc of a real pattern;
  ///          zero for a layer without thickness. Vertical walls: the gradient of their one pattern is the sum
  /// @throws InputError  as reflect_direction()
  /// Accuracy: rounding of the precision (1e-9 of the largest in double, 1e-4 in single). Cost: 1.8 to 2.4 times that of
  /// the same directions, as light passes the mask once more. Memory per thread besides: 2 (slices + 1) complex values per pixel, 12
  /// MB for 8 slices of 200 x 200 pixels in double precision. The same bytes for any number of threads.
  /// Theory: docs/theory/optimisation-adjoint.md
  [[nodiscard]] std::vector<PatternSpectrum> gradient(std::span<const DirectionSensitivity> directions) const;

 private:
  class Impl;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace undulith::mask
