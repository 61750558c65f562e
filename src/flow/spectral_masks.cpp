// SPDX-License-Identifier: MIT
#include "undulith/flow/spectral_masks.hpp"

#include <algorithm>
#include <cmath>

#include "flow/image_stage.hpp"
#include "undulith/core/progress.hpp"
#include "undulith/flow/store.hpp"

namespace undulith::flow {
namespace {

std::size_t n_positions(const job::Job& job) {
  return std::max<std::size_t>(1, job.imaging.field_positions.size());
}

}  // namespace

int mask_wavelengths(const Prepared& prepared) {
  // Standard deviation of a spectrum per wavelength after the first: the image of example 01 is then within
  // 2e-4 of that with the mask solved at every wavelength. The error falls by two to three with each further
  // one.
  constexpr double kStep_nm = 0.0135, kUsualError = 1e-3;
  constexpr int kFewest = 3, kMost = 9;
  const auto& wanted = prepared.job.imaging;
  if (is_line(prepared)) return 1;
  if (mask::model_of(prepared.job.mask) == mask::Model::multislice) return kFewest;
  const double deviation_nm =
      imaging::relative_bandwidth(prepared.chain.spectrum) * prepared.light.wavelength_nm;
  const double step_nm = kStep_nm * std::cbrt(wanted.spectral_error / kUsualError);
  const int count = 1 + static_cast<int>(std::min(std::ceil(deviation_nm / step_nm), double{kMost}));
  return std::clamp(count, kFewest, kMost);
}

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

SpectralMasks::SpectralMasks(const Prepared& prepared) : prepared_(prepared) {
  const io::Store* store = store_in_use();
  if (is_thin() || store == nullptr) return;
  const int n_wavelengths = expected_wavelengths(prepared);
  const int n_solved = is_multislice() ? n_wavelengths : std::min(mask_wavelengths(prepared), n_wavelengths);
  const double bytes =
      1e6 * prepared.mask_plan.spectra_memory_mb * n_solved * static_cast<double>(n_positions(prepared.job));
  keeps_ = bytes < static_cast<double>(store->most_bytes() / io::Store::kLargestShare);
}

MaskProblem SpectralMasks::problem_at(double wavelength_nm, double shortest_nm, std::size_t position) const {
  const auto& positions = prepared_.job.imaging.field_positions;
  return {.job = prepared_.job,
          .made = prepared_.mask,
          .parameters = prepared_.job.mask,
          .optics = mask_optics(prepared_, positions.empty() ? 0 : positions[position].chief_ray_azimuth_deg),
          .pupil_fill = prepared_.pupil_fill,
          .wavelength_nm = wavelength_nm,
          .max_frequency_per_nm = mask_frequency_per_nm(prepared_, prepared_.pupil_fill, shortest_nm)};
}

mask::Diffraction SpectralMasks::solve(double wavelength_nm, double shortest_nm, std::size_t position,
                                       const Progress& progress) const {
  const MaskProblem problem = problem_at(wavelength_nm, shortest_nm, position);
  std::span<const mask::SliceCorrection> corrections;
  if (!corrections_.empty()) corrections = corrections_[position];
  if (keeps_) return solve_mask(problem, progress, corrections);
  return mask::compute_diffraction(problem.made, problem.parameters, problem.optics, problem.pupil_fill,
                                   wavelength_nm, problem.max_frequency_per_nm, progress, corrections);
}

void SpectralMasks::solve_for(const std::vector<imaging::SpectralNode>& nodes, const Progress& progress) {
  std::vector<imaging::SpectralNode> solved_at = nodes;
  shortest_nm_ = std::ranges::min(nodes, {}, &imaging::SpectralNode::wavelength_nm).wavelength_nm;
  if (!is_line(prepared_)) {
    const illuminator::Spectrum& spectrum = prepared_.chain.spectrum;
    // With the orders of any further wavelengths.
    shortest_nm_ =
        std::min(shortest_nm_, imaging::spectral_nodes(spectrum, 0, kMaxWavelengths).front().wavelength_nm);
    const int n_masks = mask_wavelengths(prepared_);
    if (std::ssize(nodes) > n_masks) solved_at = imaging::spectral_nodes(spectrum, 0, n_masks);
  }
  const std::size_t n = n_positions(prepared_.job);
  solved_.clear();
  corrections_.clear();
  (is_multislice() ? corrections_.resize(n) : solved_.resize(n));
  for (std::size_t position = 0; position < n; ++position)
    solve_at(solved_at, position,
             part_of(progress, static_cast<double>(position) / static_cast<double>(n),
                     static_cast<double>(position + 1) / static_cast<double>(n)));
}

void SpectralMasks::solve_at(const std::vector<imaging::SpectralNode>& nodes, std::size_t position,
                             const Progress& progress) {
  const double n_solves = static_cast<double>(nodes.size());
  double done = 0;
  for (const imaging::SpectralNode& node : nodes) {
    const Progress part = part_of(progress, done / n_solves, (done + 1) / n_solves);
    if (is_multislice())
      corrections_[position].push_back(
          solve_correction(problem_at(node.wavelength_nm, shortest_nm_, position), part));
    else
      solved_[position].push_back(solve(node.wavelength_nm, shortest_nm_, position, part));
    ++done;
  }
}

std::vector<imaging::SpectralMask> SpectralMasks::at(const std::vector<imaging::SpectralNode>& nodes,
                                                     const Progress& progress) {
  // Solved for a few wavelengths, it is solved again where more of them need more.
  const std::ptrdiff_t n_solved = !solved_.empty()        ? std::ssize(solved_.front())
                                  : !corrections_.empty() ? std::ssize(corrections_.front())
                                                          : 0;
  if (!is_thin() && n_solved < std::min<std::ptrdiff_t>(std::ssize(nodes), mask_wavelengths(prepared_)))
    solve_for(nodes, progress);
  const auto strongest = std::ranges::max_element(nodes, {}, &imaging::SpectralNode::share);
  std::vector<imaging::SpectralMask> masks;
  for (const imaging::SpectralNode& node : nodes) {
    imaging::SpectralMask& mask = masks.emplace_back();
    mask.share = node.share;
    if (is_thin()) {
      mask.diffraction = solve(node.wavelength_nm, node.wavelength_nm, 0, {});
    } else if (is_multislice()) {
      mask.diffraction = mask::compute_thin_diffraction(
          prepared_.mask, prepared_.job.mask, node.wavelength_nm,
          mask_frequency_per_nm(prepared_, prepared_.pupil_fill, shortest_nm_));
      mask.late = [this, wavelength_nm = node.wavelength_nm](std::size_t position) {
        return solve(wavelength_nm, shortest_nm_, position, {});
      };
      // The mask of the results.
      if (&node == &*strongest && corrections_.size() == 1) {
        mask.diffraction = mask.late(0);
        mask.late = {};
      }
    } else {
      mask.diffraction = mask::interpolate(solved_.front(), node.wavelength_nm);
      for (std::size_t position = 1; position < solved_.size(); ++position)
        mask.further_positions.push_back(mask::interpolate(solved_[position], node.wavelength_nm));
    }
  }
  if (progress) progress(1);
  return masks;
}

}  // namespace undulith::flow
