// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include "undulith/flow/prepared.hpp"
#include "undulith/flow/solve_mask.hpp"
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
/// A thin mask is computed at each of them, and so is a multislice mask, whose correction for coarse slices is computed
/// at up to mask_wavelengths() nodes of a Gauss rule for the spectrum. A rigorous mask is solved at each of them if they
/// are few, else at such nodes, and interpolated.
class SpectralMasks {
 public:
  /// Keeps a reference.
  explicit SpectralMasks(const Prepared& prepared);

  /// Masks in the order of the nodes; the first call solves a rigorous mask, or the corrections of a multislice mask,
  /// which is itself computed late (imaging::SpectralMask::late), while these SpectralMasks exist.
  [[nodiscard]] std::vector<imaging::SpectralMask> at(const std::vector<imaging::SpectralNode>& nodes,
                                                      const Progress& progress);

 private:
  [[nodiscard]] bool is_thin() const { return mask::model_of(prepared_.job.mask) == mask::Model::thin; }
  [[nodiscard]] bool is_multislice() const {
    return mask::model_of(prepared_.job.mask) == mask::Model::multislice;
  }
  [[nodiscard]] MaskProblem problem_at(double wavelength_nm, double shortest_nm, std::size_t position) const;
  [[nodiscard]] mask::Diffraction solve(double wavelength_nm, double shortest_nm, std::size_t position,
                                        const Progress& progress) const;
  void solve_for(const std::vector<imaging::SpectralNode>& nodes, const Progress& progress);
  /// Solves the mask, or its correction, at these wavelengths.
  void solve_at(const std::vector<imaging::SpectralNode>& nodes, std::size_t position,
                const Progress& progress);

  const Prepared& prepared_;
  bool keeps_ = true;       ///< the masks of all wavelengths are small enough for the store
  double shortest_nm_ = 0;  ///< of all wavelengths: it has most orders
  std::vector<std::vector<mask::SliceCorrection>> corrections_;  ///< multislice; per position of the slit
  std::vector<std::vector<mask::Diffraction>> solved_;           ///< per position of the slit and wavelength
};

}  // namespace undulith::flow
