// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "imaging/opposite_points.hpp"
#include "imaging/point_fields.hpp"

namespace undulith::imaging {

/// The image of each plane as the sum over all source points, on the scale of accumulate().
///
/// Where the mask is real but for a constant and the optics are conjugate in focus (opposite_points.hpp), the point
/// opposite to s makes in the plane z what s makes in the plane -z: E_r(-s, z) = conj E_r(s, -z). One point of each
/// pair is then imaged in z and in -z; their sum is the image of both planes but for the light that the constant m adds,
/// which is an odd function of z:
///   I(z) = [A(z) + A(-z)]/2 + m^2 |P|^2 + [C(z) - C(-z)]/2,   A = sum |E_r|^2,   C = 2 m Im sum E_r conj P(s)
/// over pairs with the weight of both points. C is linear in the mask: one transform for all points. This is done
/// for planes that lie in pairs: half of the fields, and no plane more than wanted.
///
/// @param parts   of `fill`
/// @param fields  of all points of `fill` in these planes
[[nodiscard]] std::vector<std::vector<double>> abbe_images(const mask::Diffraction& mask,
                                                           const PairedFill& parts, const PointFields& fields,
                                                           const ImagingParameters& parameters,
                                                           const FieldPosition& position,
                                                           std::span<const ImagePlane> planes, BandGrid grid,
                                                           const Progress& progress);

/// The planes and their mirror images behind the focus, each once; places of planes that differ by less than 1e-12 nm are
/// the same.
struct MirroredPlanes {
  std::vector<ImagePlane> planes;
  /// For each of the given planes, where it and its mirror image are.
  std::vector<std::size_t> own, opposite;
  /// Whether the mirror image of each of the given planes is one of them.
  [[nodiscard]] bool lie_in_pairs() const;
};
[[nodiscard]] MirroredPlanes mirrored(std::span<const ImagePlane> planes);

}  // namespace undulith::imaging
