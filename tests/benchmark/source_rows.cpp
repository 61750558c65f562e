// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <vector>

#include "benchmark_case.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/source/undulator.hpp"

namespace undulith::benchmark {
namespace {

using source::AngularMap;
using source::BeamSpread;
using source::Undulator;

constexpr int kDirections = 61, kEnergies = 401;
constexpr double kHalfWidthMrad = 0.3, kRequiredSeconds = 1, kRequiredError = 1e-3;

// Average over a Gaussian by Gauss-Legendre in panels over +-5 rms: fringes of a seventh of the rms are seen.
template <class F>
double average(const F& f, double rms, int panels) {
  double sum = 0;
  for (int panel = 0; panel < panels; ++panel) {
    const double from = -5 + 10.0 * panel / panels, to = from + 10.0 / panels;
    sum += boost::math::quadrature::gauss<double, 7>::integrate(
        [&](double u) { return std::exp(-0.5 * u * u) / std::sqrt(2 * constants::kPi) * f(u * rms); }, from,
        to);
  }
  return sum;
}

// One direction at one photon energy from the definition: electrons of all angles and energies, one by one.
double electron_by_electron(const Undulator& undulator, const BeamSpread& spread, double energy_ev, double x,
                            double y) {
  return average(
      [&](double deviation) {
        Undulator electron = undulator;
        electron.gamma *= 1 + deviation;
        return average(
            [&](double dy) {
              return average(
                  [&](double dx) { return source::flux_density(electron, energy_ev, x - dx, y - dy).s0; },
                  1e-3 * spread.divergence_x_urad, 14);
            },
            1e-3 * spread.divergence_y_urad, 4);
      },
      spread.energy_spread, 2);
}

}  // namespace

std::vector<Requirement> source_rows() {
  // 430 MeV, 200 periods of 16 mm: the reference device U1 with its divergences and energy spread.
  const double gamma = source::lorentz_factor(0.43);
  const Undulator undulator{.gamma = gamma,
                            .beam_current_a = 0.15,
                            .period_mm = 16,
                            .n_periods = 200,
                            .deflection_k = source::deflection_k_for(kWavelengthNm, gamma, 16, 1)};
  const BeamSpread spread{.divergence_x_urad = 60, .divergence_y_urad = 10, .energy_spread = 4e-4};
  const double middle_ev = constants::energy_ev_of(kWavelengthNm);
  std::vector<double> energies;
  for (int i = 0; i < kEnergies; ++i)
    energies.push_back(middle_ev * (1 + 8.0 / undulator.n_periods * (2.0 * i / (kEnergies - 1) - 1)));

  reset_peak_memory();
  double start = cpu_s();
  const std::vector<AngularMap> maps =
      source::angular_maps(undulator, spread, energies, kHalfWidthMrad, kDirections, source::MapStokes::s0);
  const double seconds = cpu_s() - start, memory_mb = peak_memory_mb();

  double error = 0, peak = 0;
  for (const AngularMap& map : maps) peak = std::max(peak, *std::ranges::max_element(map.s0.values()));
  struct Probe {
    int energy, iy, ix;
  };
  const std::vector<Probe> probes = {{195, 30, 30}, {180, 30, 38}, {205, 33, 27}};
  start = cpu_s();
  for (const Probe& probe : probes) {
    const Field2D<double>& map = maps[probe.energy].s0;
    error = std::max(error, std::abs(map(probe.iy, probe.ix) -
                                     electron_by_electron(undulator, spread, energies[probe.energy],
                                                          map.grid().x(probe.ix), map.grid().y(probe.iy))) /
                                peak);
  }
  const double direct_s =
      (cpu_s() - start) / static_cast<double>(probes.size()) * kDirections * kDirections * kEnergies;

  fmt::print(
      "\nundulator of 200 periods with emittance and energy spread, {} x {} directions, {} photon energies\n",
      kDirections, kDirections, kEnergies);
  fmt::print("{:<44} {:>10} {:>10} {:>10} {:>9}\n", "method", "CPU s", "speed", "max error", "peak MB");
  print({"electron by electron", direct_s, 0, 0,
         fmt::format("{} of {} values timed", probes.size(), kDirections * kDirections * kEnergies)},
        direct_s);
  print({"Undulith, all maps", seconds, error, memory_mb, "error of the peak"}, direct_s);
  return {
      {fmt::format("undulator with emittance and spread in {} CPU-s ({:.2f}), error <= {:.0e} of the peak",
                   kRequiredSeconds, seconds, kRequiredError),
       seconds <= kRequiredSeconds && error <= kRequiredError}};
}

}  // namespace undulith::benchmark
