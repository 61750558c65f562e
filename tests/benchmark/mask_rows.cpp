// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "../support/mask_geometries.hpp"
#include "benchmark_case.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/layout/make_clip.hpp"
#include "undulith/mask/mask.hpp"
#include "undulith/mask/multislice.hpp"
#include "undulith/mask/pattern_mask.hpp"

namespace undulith::benchmark {
namespace {

using mask::RigorousSolver;
using optics::Polarisation;

constexpr double kLinesSeconds = 0.015, kLinesError = 1e-4;
constexpr double kContactSeconds = 1.2, kContactError = 3e-3;
constexpr double kAnnulusSeconds = 0.6, kAnnulusError = 1e-3;
constexpr double kMultisliceSeconds = 5, kMultisliceMb = 300, kMultisliceError = 0.02;
constexpr double kAdjointRatio = 2.3;
// Orders within this of the incident direction: twice the largest half-angle of the optics at the mask,
// 0.165.
constexpr double kReach = 0.17;

struct Answers {
  mask::Reflection s, p;
};
struct Solved {
  Answers answers;
  double seconds = INFINITY, memory_mb = 0;
  int n_orders = 0;
};

// Best of a few: preparation, then s and p light of one incident order.
Solved solve(const mask::MaskGeometry& geometry, mask::TangentialVector k, const mask::Truncation& truncation,
             int repeats) {
  Solved solved;
  reset_peak_memory();
  for (int repeat = 0; repeat < repeats; ++repeat) {
    const double start = cpu_s();
    const RigorousSolver solver(geometry, kWavelengthNm, k, truncation);
    solved.answers = {solver.reflect({0, 0}, Polarisation::s), solver.reflect({0, 0}, Polarisation::p)};
    solved.seconds = std::min(solved.seconds, cpu_s() - start);
    solved.n_orders = solver.n_orders();
  }
  solved.memory_mb = peak_memory_mb();
  return solved;
}

double largest_error(const mask::Reflection& got, const mask::Reflection& exact, double reach) {
  const mask::TangentialVector centre = exact(0, 0).direction;
  double error = 0;
  for (const mask::ReflectedOrder& wave : exact.orders) {
    if (wave.efficiency == 0 || std::hypot(wave.direction.x - centre.x, wave.direction.y - centre.y) > reach)
      continue;
    const auto found = std::ranges::find(got.orders, wave.order, &mask::ReflectedOrder::order);
    const mask::ReflectedOrder other = found == got.orders.end() ? mask::ReflectedOrder{} : *found;
    error = std::max(
        {error, std::abs(wave.ex - other.ex), std::abs(wave.ey - other.ey), std::abs(wave.ez - other.ez)});
  }
  return error;
}

// Prints errors and times of growing truncations; gives those of the last.
struct Outcome {
  double seconds, error;
  int n_orders;
};
std::vector<Outcome> convergence(const std::string& name, const mask::MaskGeometry& geometry,
                                 mask::TangentialVector k, const std::vector<mask::Truncation>& truncations,
                                 const mask::Truncation& finest, int repeats, double reach) {
  const Answers exact = solve(geometry, k, finest, 1).answers;
  std::vector<Outcome> outcomes;
  for (const mask::Truncation& truncation : truncations) {
    const Solved solved = solve(geometry, k, truncation, repeats);
    const double error = std::max(largest_error(solved.answers.s, exact.s, reach),
                                  largest_error(solved.answers.p, exact.p, reach));
    fmt::print("{:<46} {:>6} {:>8} {:>10.4f} {:>10.1e} {:>9.0f}\n", name, truncation.max_order_x,
               solved.n_orders, solved.seconds, error, solved.memory_mb);
    outcomes.push_back({solved.seconds, error, solved.n_orders});
  }
  return outcomes;
}

// Horizontal tracks of 72 nm on a pitch of 128 nm at mask scale, each with a gap, in 60 nm of TaBN.
mask::MaskGeometry tracks(double size_nm) {
  mask::MaskGeometry geometry = masks::contact(size_nm);
  auto& openings = geometry.layers[0].polygons;
  openings.clear();
  for (double y = 28, gap = 100; y < size_nm; y += 128, gap = std::fmod(gap + 310, size_nm - 200)) {
    openings.push_back(masks::rectangle(0, gap, y, y + 72));
    openings.push_back(masks::rectangle(gap + 80, size_nm, y, y + 72));
  }
  return geometry;
}

// Both polarisations of many source points of a cell of 1 um.
Requirement multislice_row() {
  constexpr int kDirections = 100;
  constexpr double kCellNm = 1024, kPupil = 0.33 / 4;
  reset_peak_memory();
  const double start = cpu_s();
  const mask::MultisliceSolver solver(tracks(kCellNm), kWavelengthNm, {});
  const int max_order = static_cast<int>(2 * kPupil * kCellNm / kWavelengthNm);
  const mask::TangentialVector chief = mask::tangential_vector(6, 90);
  for (int i = 0; i < kDirections; ++i) {
    const double turn = 2 * constants::kPi * i / kDirections;
    (void)solver.reflect_direction(
        {chief.x + 0.9 * kPupil * std::cos(turn), chief.y + 0.9 * kPupil * std::sin(turn)}, max_order,
        max_order);
  }
  const double seconds = cpu_s() - start, memory_mb = peak_memory_mb();

  const mask::MaskGeometry contact = masks::contact(160);
  const mask::TangentialVector k = mask::tangential_vector(6, 65);
  const RigorousSolver rigorous(contact, kWavelengthNm, k, {16, 16});
  const mask::MultisliceSolver same(contact, kWavelengthNm, k);
  double error = 0;
  for (const Polarisation polarisation : {Polarisation::s, Polarisation::p}) {
    const mask::Reflection exact = rigorous.reflect({0, 0}, polarisation);
    double largest = 0;
    for (const mask::ReflectedOrder& wave : exact.orders)
      largest = std::max({largest, std::abs(wave.ex), std::abs(wave.ey)});
    error = std::max(error, largest_error(same.reflect({0, 0}, polarisation), exact, kReach) / largest);
  }
  fmt::print(
      "\nmulti-slice, cell of 1024 nm in 60 nm of TaBN, both polarisations, {} source points: {:.2f} CPU-s, "
      "{:.0f} MB; error on the contact {:.1f} %\n"
      "others, measured: ELitho 40.6 CPU-s and 1.1 GB for a mask cell of 1 um, one polarisation; 7.9 CPU-s "
      "for "
      "a line and space of 32 nm, unpolarised;\nOpEnUV 0.86 CPU-s for a one-dimensional mask\n",
      kDirections, seconds, memory_mb, 100 * error);
  return {fmt::format(
              "multi-slice, {} directions of a cell of 1024 nm in {} CPU-s ({:.2f}) and {} MB ({:.0f}), "
              "error <= {} of the largest order ({:.3f})",
              kDirections, kMultisliceSeconds, seconds, kMultisliceMb, memory_mb, kMultisliceError, error),
          seconds <= kMultisliceSeconds && memory_mb <= kMultisliceMb && error <= kMultisliceError};
}

// Field of an order for one source point, element by element of its matrix.
std::complex<double> order_of(const mask::Diffraction& mask, std::size_t point, std::size_t element, int m) {
  std::complex<double> sum = 0;
  for (const mask::SpectrumShare& share : mask.thick->shares[point])
    sum += share.weight *
           mask.thick->spectra[static_cast<std::size_t>(share.spectrum)].orders[element][mask.index(m, 0)];
  return sum;
}

// Lines of pitch 32 (wafer scale) for every point of the annulus, both polarisations.
Requirement annulus_row() {
  const illuminator::PupilFill fill = annulus();
  const layout::Clip clip = layout::make_clip(Box{0, 0, 32, 32}, {{{8, 0}, {24, 0}, {24, 32}, {8, 32}}});
  const auto diffraction = [&](double step_deg, double max_error) {
    mask::MaskParameters parameters{.model = mask::Model::rigorous, .reference_depth_nm = 106};
    parameters.solver.direction_step_deg = step_deg;
    parameters.solver.max_error = max_error;
    return mask::compute_diffraction({clip}, parameters, {.na = kNa}, fill, kWavelengthNm,
                                     imaging::max_mask_frequency_per_nm(kNa, kWavelengthNm, fill.sigma_max));
  };
  double seconds = INFINITY;
  mask::Diffraction mask;
  for (int repeat = 0; repeat < 3; ++repeat) {
    const double start = cpu_s();
    mask = diffraction(0.75, 3e-4);
    seconds = std::min(seconds, cpu_s() - start);
  }
  const mask::Diffraction exact = diffraction(0.25, 1e-5);
  double error = 0, largest = 0;
  const double unit = kWavelengthNm / (kNa * 32);
  for (std::size_t point = 0; point < fill.points.size(); ++point)
    for (int m = -2; m <= 2; ++m) {
      if (std::hypot(fill.points[point].sigma_x + m * unit, fill.points[point].sigma_y) > 1) continue;
      for (std::size_t element = 0; element < 4; ++element) {
        const std::complex<double> order = order_of(exact, point, element, m);
        error = std::max(error, std::abs(order_of(mask, point, element, m) - order));
        largest = std::max(largest, std::abs(order));
      }
    }
  error /= largest;
  fmt::print(
      "\nrigorous, lines of pitch 32, both polarisations, {} source points: {:.3f} CPU-s for {} directions "
      "by {} "
      "solutions, error of orders in the pupil {:.1e} of the largest\n",
      fill.points.size(), seconds, mask.thick->report.n_directions, mask.thick->report.n_solutions, error);
  return {
      fmt::format("rigorous, every point of an annulus on lines of pitch 32 in {} CPU-s ({:.3f}), error <= "
                  "{:.0e} ({:.1e})",
                  kAnnulusSeconds, seconds, kAnnulusError, error),
      seconds <= kAnnulusSeconds && error <= kAnnulusError};
}

// The gradient through a thick mask: its solution, then the adjoint, which repeats it and goes back.
Requirement adjoint_row() {
  constexpr double kSizeNm = 504;
  constexpr int kPoints = 24, kRepeats = 3;
  std::vector<illuminator::SourcePoint> points;
  for (int i = 0; i < kPoints; ++i)
    points.push_back({.sigma_x = 0.7 * std::cos(2.4 * i), .sigma_y = 0.7 * std::sin(2.4 * i)});
  const illuminator::PupilFill fill = illuminator::make_pupil_fill(points);
  const mask::MaskLight light{fill, kWavelengthNm,
                              imaging::max_mask_frequency_per_nm(kNa, kWavelengthNm, fill.sigma_max)};
  const mask::MaskOptics optics{.na = kNa};
  const mask::MaskAsMade made{metal_tracks(kSizeNm)};
  double mask_s = INFINITY, adjoint_s = INFINITY;
  mask::Diffraction solved;
  reset_peak_memory();
  for (int repeat = 0; repeat < kRepeats; ++repeat) {
    double start = cpu_s();
    solved = mask::compute_diffraction(made, {}, optics, fill, kWavelengthNm, light.max_frequency_per_nm);
    mask_s = std::min(mask_s, cpu_s() - start);
    start = cpu_s();
    (void)mask::compute_layer_gradients(made, {}, optics, light, solved.thick->spectra,
                                        mask::CorrectionGradient::follows);
    adjoint_s = std::min(adjoint_s, cpu_s() - start);
  }
  const double ratio = adjoint_s / mask_s;
  fmt::print(
      "\ngradient of the multi-slice mask, cell of {} nm (wafer scale), {} directions, {} of them with fine slices: mask "
      "{:.3f} CPU-s, adjoint {:.3f} CPU-s, {:.0f} MB\n",
      kSizeNm, solved.thick->report.n_directions, solved.thick->report.n_solutions, mask_s, adjoint_s,
      peak_memory_mb());
  return {fmt::format("multi-slice, adjoint in {} times the time of the mask ({:.2f})", kAdjointRatio, ratio),
          ratio <= kAdjointRatio};
}

}  // namespace

std::vector<Requirement> mask_rows() {
  const Requirement multislice = multislice_row(), adjoint = adjoint_row();  // before others take memory
  fmt::print(
      "\nthick masks on 40 bilayers of Mo/Si, 6 deg, s and p light of one Bloch vector; errors of E, "
      "absolute\n");
  fmt::print("{:<46} {:>6} {:>8} {:>10} {:>10} {:>9}\n", "mask", "M", "orders", "CPU s", "max error",
             "peak MB");
  std::vector<mask::Truncation> of_lines, of_contacts;
  for (const int m : {10, 15, 20, 30, 45}) of_lines.push_back({m, 0});
  for (const int m : {8, 10, 13, 16}) of_contacts.push_back({m, m});

  double lines_s = 0, lines_error = 0;
  for (const double azimuth_deg : {0.0, 30.0, 90.0}) {
    const auto outcomes =
        convergence(fmt::format("lines of pitch 128, azimuth {:.0f} deg", azimuth_deg), masks::lines(128),
                    mask::tangential_vector(6, azimuth_deg), of_lines, {90, 0}, 5, 1);
    const auto good = std::ranges::find_if(outcomes, [](const Outcome& o) { return o.error <= kLinesError; });
    lines_s = std::max(lines_s, good == outcomes.end() ? INFINITY : good->seconds);
    lines_error = std::max(lines_error, good == outcomes.end() ? INFINITY : good->error);
  }
  convergence("contact of 80 in 160, azimuth 90 deg", masks::contact(160), mask::tangential_vector(6, 90),
              of_contacts, {20, 20}, 1, kReach);
  const auto contact = convergence("contact of 80 in 160, azimuth 65 deg", masks::contact(160),
                                   mask::tangential_vector(6, 65), of_contacts, {17, 17}, 1, kReach);
  const Outcome& wanted = contact[2];
  return {{fmt::format("lines, any azimuth, error <= {:.0e} ({:.1e}) in {} CPU-s ({:.4f})", kLinesError,
                       lines_error, kLinesSeconds, lines_s),
           lines_s <= kLinesSeconds},
          {fmt::format("contact, {} orders, error <= {:.0e} ({:.1e}) in {} CPU-s ({:.2f})", wanted.n_orders,
                       kContactError, wanted.error, kContactSeconds, wanted.seconds),
           wanted.seconds <= kContactSeconds && wanted.error <= kContactError},
          annulus_row(),
          multislice,
          adjoint};
}

}  // namespace undulith::benchmark
