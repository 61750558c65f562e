// SPDX-License-Identifier: MIT
#include "flow/mask_store.hpp"

#include <array>
#include <string_view>

#include "flow/kept.hpp"

namespace undulith::flow {
namespace {

constexpr int kMaskNumbers = 1, kCorrectionNumbers = 1;

// What a mask depends on beside its shapes; its optics and wavelengths are given.
constexpr std::array<std::string_view, 1> kMaskTables{"mask"};

std::string tables_of(const MaskProblem& problem) {
  const mask::MaskParameters& of_job = problem.job.mask;
  if (&of_job == &problem.parameters) return job::tables_with_content(problem.job, kMaskTables);
  job::Job with_parameters = problem.job;
  static_cast<mask::MaskParameters&>(with_parameters.mask) = problem.parameters;
  return job::tables_with_content(with_parameters, kMaskTables);
}

void add_problem(Name& name, const MaskProblem& problem, const mask::Directions& directions) {
  name.add(tables_of(problem));
  const layout::Clip& clip = problem.made.clip;
  name.add(clip.cell, clip.window, clip.rings);
  const mask::MaskOptics& optics = problem.optics;
  name.add(optics.na, optics.magnification_x, optics.magnification_y, optics.chief_ray_azimuth_deg,
           optics.design_wavelength_nm);
  name.add(directions.nodes, directions.step_x, directions.step_y, directions.on_lattice_x,
           directions.on_lattice_y, directions.sublattices_x, directions.sublattices_y);
  name.add(problem.wavelength_nm, problem.max_frequency_per_nm);
}

mask::Directions directions_of(const MaskProblem& problem) {
  return mask::solved_directions(problem.made, problem.parameters, problem.optics, problem.pupil_fill,
                                 problem.wavelength_nm);
}

}  // namespace

io::Sha256 mask_name(const MaskProblem& problem, const mask::Directions& directions,
                     std::span<const double> corrections_nm) {
  Name name("mask", kMaskNumbers);
  add_problem(name, problem, directions);
  name.add(corrections_nm);
  return name.hash();
}

io::Sha256 correction_name(const MaskProblem& problem, const mask::Directions& directions) {
  Name name("mask correction", kCorrectionNumbers);
  add_problem(name, problem, directions);
  return name.hash();
}

void complete_mask(mask::Diffraction& mask, const mask::Directions& directions) {
  if (!mask.thick || mask.thick->spectra.size() != directions.nodes.size())
    throw InputError("a kept mask was not solved for these directions (it was damaged); remove it");
  for (const mask::JonesSpectrum& spectrum : mask.thick->spectra)
    for (const auto& element : spectrum.orders)
      if (element.size() != mask.amplitudes.size())
        throw InputError("a kept mask has spectra of different orders (it was damaged); remove it");
  mask.thick->shares = directions.shares;
}

mask::Diffraction solve_mask(const MaskProblem& problem, const Progress& progress,
                             std::span<const mask::SliceCorrection> corrections) {
  const auto compute = [&] {
    return mask::compute_diffraction(problem.made, problem.parameters, problem.optics, problem.pupil_fill,
                                     problem.wavelength_nm, problem.max_frequency_per_nm, progress,
                                     corrections);
  };
  if (mask::model_of(problem.parameters) == mask::Model::thin) return compute();
  mask::Directions directions;
  const auto name = [&] {
    directions = directions_of(problem);
    std::vector<double> corrections_nm;
    for (const mask::SliceCorrection& correction : corrections)
      corrections_nm.push_back(correction.wavelength_nm);
    return mask_name(problem, directions, corrections_nm);
  };
  return kept("mask", name, compute, [&](mask::Diffraction& mask) { complete_mask(mask, directions); });
}

mask::SliceCorrection solve_correction(const MaskProblem& problem, const Progress& progress) {
  return kept(
      "correction of the mask", [&] { return correction_name(problem, directions_of(problem)); },
      [&] {
        return mask::compute_correction(problem.made, problem.parameters, problem.optics, problem.pupil_fill,
                                        problem.wavelength_nm, problem.max_frequency_per_nm, progress);
      });
}

}  // namespace undulith::flow
