// SPDX-License-Identifier: MIT
#pragma once

#include "optimise/pixel_sets.hpp"
#include "optimise/surface.hpp"
#include "undulith/layout/clip.hpp"

namespace undulith::optimise {

/// How the surface becomes a mask: pixels that are partly inside by logistic(steepness phi), or the share of each pixel
/// inside the zero level.
enum class Edge { soft, sharp };

/// Shares of pixels, and their slope against the surface.
struct Shares {
  Pixels share, slope;
};

/// The mask of a surface on the pixels of one resolution. Where the mask is not free it stays as drawn.
class FreeMask {
 public:
  /// @param free  1: the surface decides    @param drawn  share of each pixel
  FreeMask(int knots_x, int knots_y, PixelSet free, Pixels drawn);

  [[nodiscard]] Shares shares(const Pixels& knots, Edge edge, double steepness) const;
  /// From dL/dshare to dL/dknots.
  [[nodiscard]] Pixels knot_gradient(const Pixels& d_share, const Shares& shares) const;
  /// Pixels whose middle is inside.
  [[nodiscard]] PixelSet shapes(const Pixels& knots) const;

  [[nodiscard]] int nx() const { return drawn_.nx; }
  [[nodiscard]] int ny() const { return drawn_.ny; }
  [[nodiscard]] const Pixels& drawn() const { return drawn_; }
  [[nodiscard]] const PixelSet& free() const { return free_; }

 private:
  SurfaceSampling surface_;
  PixelSet free_;
  Pixels drawn_;
};

/// Pixels in which the mask is free: in the window, within the reach of drawn shapes, and not so near to the border of the
/// cell that a shape would be cut there.
[[nodiscard]] PixelSet free_pixels(const layout::Clip& drawn, const Pixels& share, double reach_nm,
                                   double border_nm);

/// A start: the distance to the drawn edge in units of `scale_nm`, positive inside, at most `inside`, at least -`outside`.
[[nodiscard]] Pixels distance_surface(const Pixels& share, double pixel_nm, double scale_nm, double outside,
                                      double inside, int knots_x, int knots_y);

/// Share of each pixel of the cell inside the rings.
[[nodiscard]] Pixels drawn_share(const layout::Clip& clip, int nx, int ny);

}  // namespace undulith::optimise
