// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <memory>
#include <vector>

#include "mask/slices/mirror_table.hpp"
#include "undulith/core/large_buffer.hpp"
#include "undulith/core/precision.hpp"
#include "undulith/mask/mask_jones.hpp"
#include "undulith/mask/parameters.hpp"
#include "undulith/mask/rigorous.hpp"

/// Light that goes down and up through thin slices of a mask. Equations: docs/theory/rigorous-mask.md
namespace undulith::mask {

/// One axis of the grid: whole pixels, and the orders -max_order .. max_order that they carry.
struct WaveAxis {
  int n = 1, max_order = 0;
};

struct SliceLayer {
  double thickness_nm = 0;
  std::complex<double> index_outside, index_inside;
  int n_slices = 1;
  std::vector<double> share;  ///< of the polygons in each pixel, x fastest
};

/// A mask on its grid.
struct SliceMask {
  double wavelength_nm = 0;
  TangentialVector step;  ///< wavelength / period
  std::shared_ptr<const MirrorTable> mirror;
  WaveAxis x, y;
  std::vector<SliceLayer> layers;  ///< top first
  /// Of the polygons of the first layer: order (m, n) at [(n + y.max_order)(2 x.max_order + 1) + m +
  /// x.max_order]
  std::vector<std::complex<double>> top_pattern;
  std::vector<double> heights_nm;  ///< of the mirror in each pixel, x fastest; empty if it is flat
};

/// Derivatives of a number L with respect to a mask on its grid, summed over directions of incidence.
struct SliceSensitivity {
  /// dL/dshare of each pixel of each layer, in the order of the transforms: SliceScattering::in_pixel_order()
  std::vector<LargeVector<double>> shares;
  /// dL = Re sum conj(top_pattern) d(SliceMask::top_pattern)
  std::vector<std::complex<double>> top_pattern;
};

/// Scatters light of any direction from one mask; calls are const and may run on many threads.
class SliceScattering {
 public:
  virtual ~SliceScattering() = default;
  /// Orders |m| <= max_order_x, |n| <= max_order_y; 0 where the grid carries none, or the order does not
  /// leave the mask.
  /// @throws InputError  the incident order is evanescent
  [[nodiscard]] virtual MaskJones scatter(TangentialVector source, int max_order_x,
                                          int max_order_y) const = 0;
  /// The adjoint of scatter(): adds the derivatives of L, dL = Re sum conj(d_jones) d(scatter), to the sum.
  virtual void pull_back(TangentialVector source, const MaskJones& d_jones, SliceSensitivity& sum) const = 0;
  /// All zero.
  [[nodiscard]] virtual SliceSensitivity no_sensitivity() const = 0;
  /// SliceSensitivity::shares of a layer, x fastest.
  [[nodiscard]] virtual std::vector<double> in_pixel_order(const LargeVector<double>& shares) const = 0;
};

/// @param mask  must outlive the result
[[nodiscard]] std::unique_ptr<const SliceScattering> make_slice_scattering(const SliceMask& mask,
                                                                           Precision precision);

}  // namespace undulith::mask
