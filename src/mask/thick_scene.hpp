// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "mask/directions.hpp"
#include "mask/pupil_axes.hpp"
#include "undulith/mask/diffraction.hpp"
#include "undulith/mask/multislice.hpp"
#include "undulith/optics/multilayer.hpp"

namespace undulith::mask {

/// What all directions of incidence of a thick mask have in common. All references outlive it.
struct ThickScene {
  const MaskGeometry& geometry;
  /// In place of the polygons of the geometry, one per layer; empty: the polygons
  std::span<const PatternSpectrum> patterns;
  const Diffraction& frame;
  const MaskParameters& parameters;
  const MaskOptics& optics;
  PupilAxes axes;
  optics::FlatStack open;  ///< the mirror below the height of the absorber
  double wavenumber_per_nm;
  double reference_depth_nm;
  TangentialVector step;  ///< lambda / period
  SharedMirror mirror;    ///< of the multislice model
};

/// @param mirror  null: it is made if the model needs it
[[nodiscard]] ThickScene make_scene(const MaskGeometry& geometry, std::span<const PatternSpectrum> patterns,
                                    const Diffraction& frame, const MaskParameters& parameters,
                                    const MaskOptics& optics, SharedMirror mirror);

/// Writes orders into the spectrum of one direction.
class SpectrumWriter {
 public:
  SpectrumWriter(const ThickScene& scene, Sigma sigma);

  [[nodiscard]] TangentialVector incident() const { return incident_; }
  /// Order (m, n) counted from the zero order.
  void write(Order order, const OrderJones& matrix);
  /// The phase of the open frame is taken out of all orders: images do not depend on it, and the rest
  /// changes little with direction and wavelength.
  [[nodiscard]] JonesSpectrum take();

  /// The adjoint of write() and take(): from dL = Re sum conj(d) d(orders of the spectrum) to the same of the matrices.
  [[nodiscard]] MaskJones pull_back(const JonesSpectrum& d) const;

 private:
  void write_open();
  [[nodiscard]] TangentialVector direction(Order order) const;
  /// From the top of the mask to the plane that is imaged, relative to the open frame.
  [[nodiscard]] std::complex<double> factor(TangentialVector out) const;
  [[nodiscard]] std::array<std::complex<double>, 4> in_pupil(const OrderJones& matrix,
                                                             TangentialVector out) const;
  [[nodiscard]] std::complex<double> turn() const;

  const ThickScene& scene_;
  TangentialVector incident_;
  PupilAxes::Axes in_;
  JonesSpectrum spectrum_;
};

/// Pixels and slices so many times those of the job.
[[nodiscard]] MultisliceParameters slices_of(const ThickScene& scene, double pixels, double slices);
/// Those with which the multislice model solves all directions; a few are solved with those of the job as well.
[[nodiscard]] MultisliceParameters quick_slices_of(const ThickScene& scene);
[[nodiscard]] MultisliceSolver make_solver(const ThickScene& scene, const MultisliceParameters& parameters);

}  // namespace undulith::mask
