// SPDX-License-Identifier: MIT
#include "undulith/flow/spectral_masks.hpp"

#include <algorithm>
#include <cmath>

#include "undulith/core/progress.hpp"

namespace undulith::flow {
namespace {

constexpr double kSameWavelength_nm = 1e-9;

std::size_t n_positions(const job::Job& job) {
  return std::max<std::size_t>(1, job.imaging.field_positions.size());
}

}  // namespace

mask::MaskOptics mask_optics(const Prepared& prepared, double azimuth_deg) {
  const job::Job& job = prepared.job;
  return {.na = job.imaging.na,
          .magnification_x = job.imaging.magnification_x,
          .magnification_y = job.imaging.magnification_y,
          .chief_ray_azimuth_deg = job.imaging.chief_ray_azimuth_deg + azimuth_deg,
          .design_wavelength_nm = job.source.wavelength_nm};
}

double mask_frequency_per_nm(const Prepared& prepared, const illuminator::PupilFill& pupil_fill,
                             double wavelength_nm) {
  return imaging::max_mask_frequency_per_nm(prepared.job.imaging.na, wavelength_nm, pupil_fill.sigma_max);
}

mask::Diffraction SpectralMasks::solve(double wavelength_nm, double shortest_nm, std::size_t position,
                                       const Progress& progress) const {
  const auto& positions = prepared_.job.imaging.field_positions;
  const double azimuth_deg = positions.empty() ? 0 : positions[position].chief_ray_azimuth_deg;
  return mask::compute_diffraction(
      prepared_.mask, prepared_.job.mask, mask_optics(prepared_, azimuth_deg), prepared_.pupil_fill,
      wavelength_nm, mask_frequency_per_nm(prepared_, prepared_.pupil_fill, shortest_nm), progress);
}

// At equal steps from the shortest to the longest wavelength.
void SpectralMasks::solve_all(double shortest_nm, double longest_nm, std::size_t n_nodes,
                              const Progress& progress) {
  shortest_nm_ = shortest_nm;
  longest_nm_ = longest_nm;
  solved_.assign(n_positions(prepared_.job), {});
  const double n_solves = static_cast<double>(solved_.size() * n_nodes);
  double done = 0;
  for (std::size_t position = 0; position < solved_.size(); ++position)
    for (std::size_t i = 0; i < n_nodes; ++i, ++done) {
      const double share = n_nodes > 1 ? static_cast<double>(i) / static_cast<double>(n_nodes - 1) : 0;
      solved_[position].push_back(solve(std::lerp(shortest_nm, longest_nm, share), shortest_nm, position,
                                        part_of(progress, done / n_solves, (done + 1) / n_solves)));
    }
}

void SpectralMasks::prepare_for(const std::vector<imaging::SpectralNode>& nodes, const Progress& progress) {
  // Error of orders in the pupil: 1e-3 with three wavelengths at this step, less with more.
  constexpr double kStep_nm = 0.1;
  constexpr std::size_t kFewest = 3, kMost = 9;
  if (is_thin()) return;
  const auto [low, high] = std::ranges::minmax(nodes, {}, &imaging::SpectralNode::wavelength_nm);
  const double shortest_nm = low.wavelength_nm, longest_nm = high.wavelength_nm;
  if (!solved_.empty() && shortest_nm > shortest_nm_ - kSameWavelength_nm &&
      longest_nm < longest_nm_ + kSameWavelength_nm)
    return;
  const bool one = longest_nm - shortest_nm < kSameWavelength_nm;
  const auto n_steps = static_cast<std::size_t>(std::ceil((longest_nm - shortest_nm) / kStep_nm));
  solve_all(shortest_nm, longest_nm, one ? 1 : std::clamp(n_steps + 1, kFewest, kMost), progress);
}

std::vector<imaging::SpectralMask> SpectralMasks::at(const std::vector<imaging::SpectralNode>& nodes,
                                                     const Progress& progress) {
  prepare_for(nodes, progress);
  std::vector<imaging::SpectralMask> masks;
  for (const imaging::SpectralNode& node : nodes) {
    imaging::SpectralMask& mask = masks.emplace_back();
    mask.share = node.share;
    if (is_thin()) {
      mask.diffraction = solve(node.wavelength_nm, node.wavelength_nm, 0, {});
      continue;
    }
    mask.diffraction = mask::interpolate(solved_.front(), node.wavelength_nm);
    for (std::size_t position = 1; position < solved_.size(); ++position)
      mask.further_positions.push_back(mask::interpolate(solved_[position], node.wavelength_nm));
  }
  return masks;
}

}  // namespace undulith::flow
