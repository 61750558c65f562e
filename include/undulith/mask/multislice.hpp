#pragma once

#include <memory>

#include "undulith/mask/mask_jones.hpp"
#include "undulith/mask/rigorous.hpp"

/// A fast approximation of the diffraction of a thick mask: light is propagated down and up through thin
/// slices.
namespace undulith::mask {

struct MultisliceParameters {
  double pixel_nm = 2;  ///< largest pixel at mask scale, > 0
  double slice_nm = 4;  ///< thickest slice, > 0
};

/// Double pass through slices of the absorber with first-order reflection at its top and bottom.
///
/// Down and up, each slice is half a step of free propagation, the phase and loss that a ray of the incident
/// angle picks up, and half a step; at the bottom the mirror reflects each order by its own s and p
/// coefficients. Reflection at the top and the bottom surface of the absorber is added to first order; that
/// between films of the absorber and that of side walls is not.
///
/// Takes the masks of RigorousSolver and gives its result; one run per incident order.
///
/// Accuracy: orders -3 .. 3 within 0.7 to 2.8 % of the largest for lines, 1.0 to 1.4 % for contacts and
/// pillars, against RigorousSolver. Cost O(slices pixels log pixels): 10 ms for a cell of 160 nm, both
/// polarisations 20 ms. Theory: docs/theory/rigorous-mask.md
class MultisliceSolver {
 public:
  /// @throws InputError  as RigorousSolver; a pixel or slice that is not positive, more than 1e8 pixels
  MultisliceSolver(const MaskGeometry& geometry, double wavelength_nm, TangentialVector bloch,
                   const MultisliceParameters& parameters = {});
  ~MultisliceSolver();
  MultisliceSolver(MultisliceSolver&&) noexcept;
  MultisliceSolver& operator=(MultisliceSolver&&) noexcept;

  /// All orders that leave the mask. @throws InputError  the incident order is evanescent
  [[nodiscard]] Reflection reflect(Order incident, optics::Polarisation polarisation) const;

  /// Both polarisations at once: orders within max_order of the incident one, 0 where an order does not leave
  /// the mask. @throws InputError  the incident order is evanescent
  [[nodiscard]] MaskJones reflect_all(Order incident, int max_order_x, int max_order_y) const;
  /// The same for light of any direction, whatever the Bloch vector.
  [[nodiscard]] MaskJones reflect_direction(TangentialVector incident, int max_order_x,
                                            int max_order_y) const;

 private:
  class Impl;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace undulith::mask
