// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include "undulith/flow/prepared.hpp"
#include "undulith/imaging/spectrum.hpp"

namespace undulith::flow {

/// Illumination and projection of the mask at a position of the slit.
/// @param azimuth_deg  of the chief ray there, relative to the whole field
[[nodiscard]] mask::MaskOptics mask_optics(const Prepared& prepared, double azimuth_deg);

/// Largest spatial frequency of the mask that reaches the wafer.
[[nodiscard]] double mask_frequency_per_nm(const Prepared& prepared, const illuminator::PupilFill& pupil_fill,
                                           double wavelength_nm);

/// The mask at the wavelengths of a spectrum.
///
/// A thin mask is computed at each of them. A thick mask is solved at each of them if they are few, else at
/// the nodes of a Gauss rule for the spectrum, and interpolated.
class SpectralMasks {
 public:
  /// Keeps a reference.
  explicit SpectralMasks(const Prepared& prepared) : prepared_(prepared) {}

  /// Masks in the order of the nodes; the first call solves a thick mask.
  [[nodiscard]] std::vector<imaging::SpectralMask> at(const std::vector<imaging::SpectralNode>& nodes,
                                                      const Progress& progress);

 private:
  [[nodiscard]] bool is_thin() const { return mask::model_of(prepared_.job.mask) == mask::Model::thin; }
  [[nodiscard]] mask::Diffraction solve(double wavelength_nm, double shortest_nm, std::size_t position,
                                        const Progress& progress) const;
  void solve_for(const std::vector<imaging::SpectralNode>& nodes, const Progress& progress);

  const Prepared& prepared_;
  std::vector<std::vector<mask::Diffraction>> solved_;  ///< per position of the slit and wavelength
};

}  // namespace undulith::flow
