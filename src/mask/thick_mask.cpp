// SPDX-License-Identifier: MIT
#include "mask/thick_mask.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "mask/directions.hpp"
#include "mask/order_set.hpp"
#include "mask/polygons/pattern_coefficients.hpp"
#include "mask/thick_scene.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/core/progress_counter.hpp"
#include "undulith/mask/defects.hpp"
#include "undulith/mask/multislice.hpp"

namespace undulith::mask {
namespace {

using Complex = std::complex<double>;
using optics::Polarisation;

// Both polarisations of a solver, order by order: s and p of the incident wave to its tangential field.
void write_reflections(const Reflection& of_s, const Reflection& of_p, Order incident,
                       SpectrumWriter& writer) {
  const TangentialVector in = writer.incident();
  const double sine = std::hypot(in.x, in.y), cosine = normal_part(in);
  const double ux = sine > 0 ? in.x / sine : 1, uy = sine > 0 ? in.y / sine : 0;
  for (std::size_t i = 0; i < of_s.orders.size(); ++i) {
    const ReflectedOrder &s = of_s.orders[i], &p = of_p.orders[i];
    // Field of s: (-uy, ux); of p: cosine (ux, uy).
    const Complex xx = -uy * s.ex + ux / cosine * p.ex, xy = ux * s.ex + uy / cosine * p.ex,
                  yx = -uy * s.ey + ux / cosine * p.ey, yy = ux * s.ey + uy / cosine * p.ey;
    writer.write({s.order.m - incident.m, s.order.n - incident.n}, {xx, xy, yx, yy});
  }
}

// Largest difference of an order, over the largest order, of two spectra of the same direction.
double change_between(const JonesSpectrum& a, const JonesSpectrum& b) {
  double change = 0, largest = 0;
  for (std::size_t element = 0; element < 4; ++element)
    for (std::size_t i = 0; i < a.orders[element].size(); ++i) {
      change = std::max(change, std::abs(a.orders[element][i] - b.orders[element][i]));
      largest = std::max(largest, std::abs(b.orders[element][i]));
    }
  return largest > 0 ? change / largest : 0;
}

JonesSpectrum multislice_spectrum(const ThickScene& scene, Sigma sigma, const MultisliceSolver& solver) {
  SpectrumWriter writer(scene, sigma);
  const int max_x = scene.frame.max_order_x, max_y = scene.frame.max_order_y;
  const MaskJones light = solver.reflect_direction(writer.incident(), max_x, max_y);
  for (int n = -max_y; n <= max_y; ++n)
    for (int m = -max_x; m <= max_x; ++m) writer.write({m, n}, light(m, n));
  return writer.take();
}

std::vector<JonesSpectrum> multislice_spectra(const ThickScene& scene, const std::vector<Sigma>& directions,
                                              const MultisliceParameters& parameters,
                                              ProgressCounter& counter) {
  std::vector<JonesSpectrum> spectra(directions.size());
  const MultisliceSolver solver = make_solver(scene, parameters);
  parallel_for(static_cast<int>(directions.size()), [&](int i) {
    const auto node = static_cast<std::size_t>(i);
    spectra[node] = multislice_spectrum(scene, directions[node], solver);
    counter.add_one();
  });
  return spectra;
}

SliceCorrection correction_of(const ThickScene& scene, const Directions& coarse, const Progress& progress) {
  SliceCorrection correction{.wavelength_nm = scene.frame.wavelength_nm};
  const Directions fine = lay_corrections(coarse, scene.parameters, scene.optics);
  const bool all_fine = fine.nodes.size() >= coarse.nodes.size();
  ProgressCounter counter(progress, all_fine ? 2 : 2 * fine.nodes.size() + 1);
  const MultisliceParameters job = slices_of(scene, 1, 1);
  const std::vector<Sigma> directions = all_fine ? std::vector<Sigma>{coarse.nodes.front()} : fine.nodes;
  correction.spectra = multislice_spectra(scene, directions, job, counter);
  // The first direction once more, with coarser pixels and slices.
  const std::vector<JonesSpectrum> coarser =
      multislice_spectra(scene, {directions.front()}, slices_of(scene, 2, 2), counter);
  correction.change = change_between(coarser.front(), correction.spectra.front());
  if (all_fine) {
    correction.spectra.clear();
    return correction;
  }
  const std::vector<JonesSpectrum> quick =
      multislice_spectra(scene, directions, quick_slices_of(scene), counter);
  for (std::size_t i = 0; i < directions.size(); ++i) add_scaled(correction.spectra[i], quick[i], -1);
  return correction;
}

void solve_multislice(const ThickScene& scene, const Directions& directions,
                      std::span<const SliceCorrection> corrections, ThickMask& mask,
                      const Progress& progress) {
  constexpr double kCorrectionShare = 0.6;  // of the time, where it is computed here
  std::vector<SliceCorrection> own;
  if (corrections.empty()) {
    own.push_back(correction_of(scene, directions, part_of(progress, 0, kCorrectionShare)));
    corrections = own;
  }
  const Progress of_directions = own.empty() ? progress : part_of(progress, kCorrectionShare, 1);
  ProgressCounter counter(of_directions, directions.nodes.size());
  mask.report.change = corrections.front().change;
  mask.report.n_solutions = static_cast<int>(corrections.front().spectra.size());
  if (corrections.front().spectra.empty()) {
    mask.report.n_solutions = static_cast<int>(directions.nodes.size());
    mask.spectra = multislice_spectra(scene, directions.nodes, slices_of(scene, 1, 1), counter);
    return;
  }
  mask.spectra = multislice_spectra(scene, directions.nodes, quick_slices_of(scene), counter);
  const Directions fine = lay_corrections(directions, scene.parameters, scene.optics);
  for (const SliceCorrection& correction : corrections) {
    double weight = 1;  // of the polynomial in the wavelength
    for (const SliceCorrection& other : corrections)
      if (&other != &correction)
        weight *= (scene.frame.wavelength_nm - other.wavelength_nm) /
                  (correction.wavelength_nm - other.wavelength_nm);
    parallel_for(static_cast<int>(directions.nodes.size()), [&](int i) {
      const auto node = static_cast<std::size_t>(i);
      for (const SpectrumShare& share : fine.shares[node])
        add_scaled(mask.spectra[node], correction.spectra.at(static_cast<std::size_t>(share.spectrum)),
                   weight * share.weight);
    });
  }
}

double energy_error(const RigorousSolver& solver, Polarisation polarisation) {
  const EnergyBalance balance = solver.energy_balance({0, 0}, polarisation);
  return std::abs(1 - std::accumulate(balance.absorbed.begin(), balance.absorbed.end(),
                                      balance.reflected + balance.into_films));
}

void solve_rigorous(const ThickScene& scene, const Directions& directions, ThickMask& mask,
                    const Progress& progress) {
  const double wavelength_nm = scene.frame.wavelength_nm;
  const std::vector<BlochGroup> groups =
      group_by_bloch(scene.geometry, scene.axes, directions, wavelength_nm);
  const SolverParameters& solver = scene.parameters.solver;
  // The chief ray alone decides how many orders are needed.
  const TangentialVector rim = {scene.axes.direction(1, 0).x - scene.axes.chief().x,
                                scene.axes.direction(0, 1).y - scene.axes.chief().y};
  const ConvergedSolver trial =
      solve_to_accuracy(scene.geometry, wavelength_nm, scene.axes.chief(), {0, 0},
                        {.error = solver.max_error,
                         .reach = 1.05 * std::max(rim.x, rim.y) + std::max(scene.step.x, scene.step.y),
                         .max_orders = solver.max_orders});
  ThickMaskReport& report = mask.report;
  report.converged = trial.report.converged;
  report.change = trial.report.change;
  report.n_orders = trial.report.n_orders;
  report.n_solutions = static_cast<int>(groups.size());
  const RigorousSolver with_fields(scene.geometry, wavelength_nm, scene.axes.chief(), trial.report.truncation,
                                   Keep::fields);
  report.energy_error =
      std::max(energy_error(with_fields, Polarisation::s), energy_error(with_fields, Polarisation::p));
  mask.spectra.resize(directions.nodes.size());
  ProgressCounter counter(progress, groups.size());
  parallel_for(static_cast<int>(groups.size()), [&](int i) {
    const BlochGroup& group = groups[static_cast<std::size_t>(i)];
    const RigorousSolver one(scene.geometry, wavelength_nm, group.bloch, trial.report.truncation);
    for (const auto& [node, order] : group.nodes) {
      SpectrumWriter writer(scene, directions.nodes[node]);
      const auto reflect = [&, &order = order](Polarisation polarisation) {
        try {
          return one.reflect(order, polarisation);
        } catch (const InputError&) {
          throw InputError(
              fmt::format("mask.solver.max_orders = {} (too few: the light of some source points is not "
                          "among the {} orders that were kept); make it larger, or mask.solver.max_error "
                          "smaller",
                          solver.max_orders, one.n_orders()));
        }
      };
      write_reflections(reflect(Polarisation::s), reflect(Polarisation::p), order, writer);
      mask.spectra[node] = writer.take();
    }
    counter.add_one();
  });
}

}  // namespace

std::vector<Complex> chief_amplitudes(const ThickMask& mask) {
  const JonesSpectrum& chief = mask.spectra.front();
  std::vector<Complex> amplitudes;
  for (std::size_t i = 0; i < chief.orders[0].size(); ++i)
    amplitudes.push_back(0.5 * (chief.orders[0][i] + chief.orders[3][i]));
  return amplitudes;
}

ThickMask solve_thick_mask(const MaskGeometry& geometry, std::span<const PatternSpectrum> patterns,
                           const Diffraction& frame, const MaskParameters& parameters,
                           const MaskOptics& optics, const illuminator::PupilFill& pupil_fill,
                           std::span<const SliceCorrection> corrections, const Progress& progress,
                           SharedMirror mirror) {
  const ThickScene scene = make_scene(geometry, patterns, frame, parameters, optics, std::move(mirror));
  Directions directions = lay_directions(geometry, parameters, optics, frame.wavelength_nm, pupil_fill);
  require_directions(scene.axes, directions);

  ThickMask mask{.report = {.n_directions = static_cast<int>(directions.nodes.size()),
                            .step_x_sigma = directions.step_x,
                            .step_y_sigma = directions.step_y,
                            .sublattices_x = directions.sublattices_x,
                            .sublattices_y = directions.sublattices_y,
                            .on_lattice_x = directions.on_lattice_x,
                            .on_lattice_y = directions.on_lattice_y,
                            .reference_depth_nm = scene.reference_depth_nm}};
  switch (parameters.model) {
    case Model::rigorous:
      solve_rigorous(scene, directions, mask, progress);
      break;
    case Model::multislice:
    case Model::thin:
      solve_multislice(scene, directions, corrections, mask, progress);
      break;
  }
  mask.shares = std::move(directions.shares);
  return mask;
}

SliceCorrection solve_correction(const MaskGeometry& geometry, std::span<const PatternSpectrum> patterns,
                                 const Diffraction& frame, const MaskParameters& parameters,
                                 const MaskOptics& optics, const illuminator::PupilFill& pupil_fill,
                                 const Progress& progress, SharedMirror mirror) {
  const ThickScene scene = make_scene(geometry, patterns, frame, parameters, optics, std::move(mirror));
  const Directions directions = lay_directions(geometry, parameters, optics, frame.wavelength_nm, pupil_fill);
  require_directions(scene.axes, directions);
  return correction_of(scene, directions, progress);
}

}  // namespace undulith::mask
