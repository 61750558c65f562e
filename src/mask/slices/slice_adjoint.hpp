// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "mask/slices/slice_passes.hpp"

namespace undulith::mask {

/// The adjoint of the scattered light of one mask. Light goes down and up once more and is kept in every pixel behind every
/// screen; then the sensitivity goes the way back and collects dL/dshare there. The parts of the mirror's tensor
/// take their turns. Calls are const and may run on many threads.
///
/// Cost: twice that of the scattered light. Memory of each thread besides that of the passes: the light of all screens, once
/// down and once up, 2 (slices + 1) complex values a pixel, and a real one per layer.
/// Theory: docs/theory/optimisation-adjoint.md
template <class T>
class SliceAdjoint {
 public:
  /// @param passes  must outlive the adjoint
  explicit SliceAdjoint(const SlicePasses<T>& passes) : passes_(passes) {}

  /// SliceScattering::pull_back()
  void pull_back(const IncidentLight& incident, const MaskJones& d_jones, SliceSensitivity& sum) const;
  [[nodiscard]] SliceSensitivity no_sensitivity() const;
  [[nodiscard]] std::vector<double> in_pixel_order(const LargeVector<double>& shares) const;

 private:
  void prepare(SliceWork<T>& work) const;
  /// The shares of a screen: those of the layers of its half slices.
  [[nodiscard]] std::vector<PulledShare<T>> shares_of(const SliceDepth<T>& depth, const T* light,
                                                      const IncidentLight& incident,
                                                      SliceWork<T>& work) const;
  /// The adjoint of one part of the tensor, at the top. @param scale  of d_jones
  void set_top(std::size_t part, const IncidentLight& incident, const MaskJones& d_jones, double scale,
               SliceWork<T>& work) const;
  void pull_up(const IncidentLight& incident, SliceWork<T>& work) const;
  void pull_mirror(std::size_t part, const IncidentLight& incident, SliceWork<T>& work) const;
  void pull_orders(SliceWork<T>& work) const;
  void pull_down(const IncidentLight& incident, SliceWork<T>& work) const;
  void add_top_pattern(const IncidentLight& incident, const MaskJones& d_jones, SliceSensitivity& sum) const;

  const SlicePasses<T>& passes_;
};

}  // namespace undulith::mask
