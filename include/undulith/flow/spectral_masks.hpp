#pragma once

#include <memory>
#include <vector>

#include "undulith/flow/stages.hpp"

namespace undulith::flow {

/// How the mask is lit and seen at a position of the slit.
[[nodiscard]] mask::MaskOptics mask_optics(const job::Job& job, double azimuth_deg);

/// Largest spatial frequency of the mask that the optics can use.
[[nodiscard]] double mask_frequency_per_nm(const job::Job& job, const illuminator::PupilFill& pupil_fill,
                                           double wavelength_nm);

/// The mask at the wavelengths of a spectrum.
///
/// A thin mask is computed at each of them. A thick one is solved at few, three at least, that span them, and
/// interpolated between: its light hardly bends within the bandwidth of the mirrors.
class SpectralMasks {
 public:
  SpectralMasks(const job::Job& job, const Prepared& prepared) : job_(job), prepared_(prepared) {}

  /// Solves a thick mask for these wavelengths, and with it for all between them.
  void prepare_for(const std::vector<imaging::SpectralNode>& nodes, const Progress& progress);

  /// In the order of the nodes; of a thick mask that is not prepared for them, prepares it.
  [[nodiscard]] std::vector<imaging::SpectralMask> at(const std::vector<imaging::SpectralNode>& nodes,
                                                      const Progress& progress);

 private:
  [[nodiscard]] bool is_thin() const { return mask::model_of(job_.mask) == mask::Model::thin; }
  [[nodiscard]] mask::Diffraction solve(double wavelength_nm, double shortest_nm, std::size_t position,
                                        const Progress& progress) const;
  void solve_all(double shortest_nm, double longest_nm, std::size_t n_nodes, const Progress& progress);

  const job::Job& job_;
  const Prepared& prepared_;
  double shortest_nm_ = 0, longest_nm_ = 0;             ///< that `solved_` serves
  std::vector<std::vector<mask::Diffraction>> solved_;  ///< of each position of the slit, at each wavelength
};

}  // namespace undulith::flow
