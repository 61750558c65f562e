// SPDX-License-Identifier: MIT
#include "undulith/source/bending_magnet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "source/kinds.hpp"
#include "source/spectrum.hpp"
#include "source/units.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/core/require.hpp"
#include "undulith/math/gauss_legendre.hpp"

namespace undulith::source {
namespace {

using constants::kPi;

constexpr int kMapPoints = 61;
constexpr int kSpectrumPoints = 241;
constexpr double kLargestArgument = 600;  // of a modified Bessel function: beyond it the function is 0
constexpr double kReach = 6;              // rms divergences

void check(const BendingMagnet& magnet, double energy_ev) {
  const auto require_positive = [](const char* name, double value, double least) {
    if (!(std::isfinite(value) && value > least))
      throw InputError(fmt::format("bending magnet: {} = {} (must be > {}); raise it", name, value, least));
  };
  require_positive("gamma", magnet.gamma, 19.999);
  require_positive("beam_current_a", magnet.beam_current_a, 0);
  require_positive("field_t", magnet.field_t, 0);
  require_positive("energy_ev", energy_ev, 0);
  if (!(std::isfinite(magnet.divergence_y_urad) && magnet.divergence_y_urad >= 0))
    throw InputError(
        fmt::format("bending magnet: divergence_y_urad = {} (must be >= 0); use 0 for a filament beam",
                    magnet.divergence_y_urad));
}

double photon_rate(const BendingMagnet& magnet) {
  return constants::kFineStructure * magnet.beam_current_a / constants::kElementaryCharge * 1e-3;
}

/// Angle at which xi, which grows as X^3, has grown by `decay`: the light falls as exp(-2 xi). In mrad.
double extent_mrad(const BendingMagnet& magnet, double energy_ev, double decay) {
  const double y = energy_ev / critical_energy_ev(magnet);
  return 1e3 / magnet.gamma * std::sqrt(std::pow(2 * decay / y + 1, 2.0 / 3) - 1);
}

constexpr double kDark = 25;    // e^-50: nothing left to integrate
constexpr double kDrawn = 4.5;  // e^-9: the map ends here

/// Integral of f from `from` to `to` by panels of at most `finest`.
template <class Function>
optics::Stokes integrate(double from, double to, double finest, Function f) {
  static const math::GaussLegendre rule(16);
  optics::Stokes sum{.s0 = 0};
  if (!(to > from)) return sum;
  const int panels = static_cast<int>(std::ceil((to - from) / finest));
  const double width = (to - from) / panels;
  for (int panel = 0; panel < panels; ++panel)
    for (std::size_t i = 0; i < rule.node.size(); ++i) {
      const optics::Stokes at = f(from + width * (panel + rule.node[i]));
      sum.s0 += width * rule.weight[i] * at.s0;
      sum.s1 += width * rule.weight[i] * at.s1;
      sum.s3 += width * rule.weight[i] * at.s3;
    }
  return sum;
}

optics::Stokes scaled(const optics::Stokes& stokes, double factor) {
  return {.s0 = factor * stokes.s0, .s1 = factor * stokes.s1, .s2 = 0, .s3 = factor * stokes.s3};
}

/// Share of the electrons whose light at angle psi of the filament passes |psi| <= half.
double passing(double psi, double half, double divergence) {
  if (divergence == 0) return std::abs(psi) <= half ? 1 : 0;
  const double scale = 1 / (divergence * std::sqrt(2.0));
  return 0.5 * (std::erf((half - psi) * scale) + std::erf((half + psi) * scale));
}

}  // namespace

double bending_radius_m(const BendingMagnet& magnet) {
  return magnet.gamma * constants::kElectronMassMev * 1e6 / (constants::kSpeedOfLight * magnet.field_t);
}

double critical_energy_ev(const BendingMagnet& magnet) {
  return 3 * constants::kHcEvNm * std::pow(magnet.gamma, 3) / (4 * kPi * bending_radius_m(magnet) * 1e9);
}

namespace {

/// K_nu(x) = int_0^inf exp(-x cosh t) cosh(nu t) dt, by trapezoids, which for this integrand converge faster
/// than any power: 1e-14. Source: [Kostroun1980].
double bessel_k(double order, double x) {
  const double step = std::min(0.2, 0.5 / std::sqrt(x));
  double sum = 0.5 * std::exp(-x);
  for (double t = step; x * std::cosh(t) < kLargestArgument + x; t += step)
    sum += std::exp(-x * std::cosh(t)) * std::cosh(order * t);
  return step * sum;
}

}  // namespace

optics::Stokes flux_density(const BendingMagnet& magnet, double energy_ev, double psi_mrad) {
  check(magnet, energy_ev);
  const double y = energy_ev / critical_energy_ev(magnet), x = magnet.gamma * psi_mrad * 1e-3;
  const double d = 1 + x * x, xi = 0.5 * y * d * std::sqrt(d);
  if (!(xi < kLargestArgument)) return {.s0 = 0};
  const double scale =
      3 / (4 * kPi * kPi) * photon_rate(magnet) * magnet.gamma * magnet.gamma * y * y * d * d * 1e-6;
  const double k2 = bessel_k(2.0 / 3, xi), k1 = bessel_k(1.0 / 3, xi);
  const double sigma = scale * k2 * k2, pi = scale * x * x / d * k1 * k1;
  return {.s0 = sigma + pi, .s1 = sigma - pi, .s2 = 0, .s3 = 2 * scale * x / std::sqrt(d) * k1 * k2};
}

optics::Stokes beam_flux_density(const BendingMagnet& magnet, double energy_ev, double psi_mrad) {
  const double divergence = magnet.divergence_y_urad * 1e-3;
  if (divergence == 0) return flux_density(magnet, energy_ev, psi_mrad);
  check(magnet, energy_ev);
  // Over the angle of the light against its electron: the narrower of the two bounds the panels.
  const double extent = extent_mrad(magnet, energy_ev, kDark);
  const double from = std::max(-extent, psi_mrad - kReach * divergence);
  const double to = std::min(extent, psi_mrad + kReach * divergence);
  return integrate(from, to, std::min(extent / 4, 2 * divergence), [&](double angle) {
    const double u = (psi_mrad - angle) / divergence;
    return scaled(flux_density(magnet, energy_ev, angle),
                  std::exp(-0.5 * u * u) / (std::sqrt(2 * kPi) * divergence));
  });
}

optics::Stokes flux_per_mrad(const BendingMagnet& magnet, double energy_ev, double half_height_mrad) {
  check(magnet, energy_ev);
  if (!(half_height_mrad > 0))
    throw InputError(
        fmt::format("bending magnet: half_height_mrad = {} (must be > 0); use 5", half_height_mrad));
  const double divergence = magnet.divergence_y_urad * 1e-3;
  const double extent = extent_mrad(magnet, energy_ev, kDark);
  // Fully open, then the edge that the divergence softens, with panels of its own.
  const double open = std::clamp(half_height_mrad - kReach * divergence, 0.0, extent);
  const double end = std::min(extent, half_height_mrad + kReach * divergence);
  const auto passed = [&](double psi) {
    return scaled(flux_density(magnet, energy_ev, psi), 2 * passing(psi, half_height_mrad, divergence));
  };
  optics::Stokes sum = integrate(0, open, extent / 4, passed);
  if (divergence > 0) {
    const optics::Stokes edge = integrate(open, end, std::min(extent / 4, 2 * divergence), passed);
    sum.s0 += edge.s0;
    sum.s1 += edge.s1;
  }
  sum.s3 = 0;  // odd in psi
  return sum;
}

double flux_per_mrad_all_psi(const BendingMagnet& magnet, double energy_ev) {
  check(magnet, energy_ev);
  const double y = energy_ev / critical_energy_ev(magnet);
  if (y > kLargestArgument) return 0;
  // int_y^inf K_nu = int_0^inf exp(-y cosh t) cosh(nu t)/cosh t dt; trapezoids converge faster than any
  // power.
  const double step = std::min(0.05, 0.5 / std::sqrt(y));  // the integrand is a Gaussian of rms 1/sqrt(y)
  double tail = 0.5 * std::exp(-y);
  for (double t = step; y * std::cosh(t) < kLargestArgument; t += step)
    tail += std::exp(-y * std::cosh(t)) * std::cosh(5.0 / 3 * t) / std::cosh(t);
  tail *= step;
  return std::sqrt(3.0) / (2 * kPi) * photon_rate(magnet) * magnet.gamma * y * tail * 1e-3;
}

double power_per_mrad_w(const BendingMagnet& magnet) {
  check(magnet, 1);
  const double loss_ev = 2.0 / 3 * constants::kClassicalElectronRadiusNm * 1e-9 *
                         constants::kElectronMassMev * 1e6 * std::pow(magnet.gamma, 4) /
                         bending_radius_m(magnet);
  return loss_ev * magnet.beam_current_a * 1e-3;
}

double power_density_w_mrad2(const BendingMagnet& magnet) {
  // dP/dX ~ (1+X^2)^{-5/2} [1 + 5 X^2/(7 (1+X^2))], whose integral is 32/21. X = tan t makes it
  // cos^3 t (1 + 5/7 sin^2 t) dt, smooth to the ends.
  const double in_plane = power_per_mrad_w(magnet) * magnet.gamma * 1e-3 * 21 / 32;
  const double spread = magnet.gamma * magnet.divergence_y_urad * 1e-6;
  if (spread == 0) return in_plane;
  const double last = std::atan(kReach * spread);
  const double finest = std::min(0.25, std::atan(2 * spread));
  const optics::Stokes mean = integrate(-last, last, finest, [&](double t) {
    const double x = std::tan(t), cos_t = std::cos(t), sin_t = std::sin(t);
    const double weight = std::exp(-0.5 * x * x / (spread * spread)) / (std::sqrt(2 * kPi) * spread);
    return optics::Stokes{.s0 = weight * cos_t * cos_t * cos_t * (1 + 5.0 / 7 * sin_t * sin_t)};
  });
  return in_plane * mean.s0;
}

namespace {

AngularMap map_of(const BendingMagnet& magnet, double energy_ev, double half_x_mrad, double half_y_mrad) {
  const auto step = [](double half) { return 2 * half / (kMapPoints - 1); };
  const Grid2D grid{.plane = Plane::angle,
                    .nx = kMapPoints,
                    .ny = kMapPoints,
                    .x0 = -half_x_mrad,
                    .y0 = -half_y_mrad,
                    .dx = step(half_x_mrad),
                    .dy = step(half_y_mrad)};
  AngularMap map{Field2D<double>(grid), Field2D<double>(grid), Field2D<double>(grid), Field2D<double>(grid)};
  for (int iy = 0; iy < kMapPoints; ++iy) {
    const optics::Stokes density = beam_flux_density(magnet, energy_ev, grid.y(iy));
    for (int ix = 0; ix < kMapPoints; ++ix) {  // the orbit turns: every horizontal direction is the same
      map.s0(iy, ix) = density.s0;
      map.s1(iy, ix) = density.s1;
      map.s3(iy, ix) = density.s3;
    }
  }
  return map;
}

/// Spectrum, its polarisation and the power of the band, through the aperture.
void fill_spectrum(SourceOutput& output, const BendingMagnet& magnet, const BendingMagnetParameters& p) {
  // The spectrum is smooth over decades: +-10 % about the band serve every mirror.
  constexpr double kSpan = 0.1;
  const double design_ev = constants::energy_ev_of(output.wavelength_nm);
  const Band band = band_about(output.wavelength_nm);
  for (int i = 0; i < kSpectrumPoints; ++i)
    output.photon_energy_ev.push_back(design_ev * (1 - kSpan + 2 * kSpan * i / (kSpectrumPoints - 1)));
  output.photon_energy_ev.push_back(band.low_ev);
  output.photon_energy_ev.push_back(band.high_ev);
  std::ranges::sort(output.photon_energy_ev);
  const std::size_t n = output.photon_energy_ev.size();
  output.spectral_flux.resize(n);
  output.spectral_stokes.resize(n);
  output.on_axis_flux.resize(n);
  std::vector<double> s1(n);
  parallel_for(static_cast<int>(n), [&](int i) {
    const double energy_ev = output.photon_energy_ev[i];
    const optics::Stokes flux = flux_per_mrad(magnet, energy_ev, p.acceptance_half_height_mrad);
    output.spectral_flux[i] = flux.s0 * p.acceptance_horizontal_mrad;
    s1[i] = flux.s1 * p.acceptance_horizontal_mrad;
    output.spectral_stokes[i] = {.s0 = 1, .s1 = flux.s1 / flux.s0};
    output.on_axis_flux[i] = beam_flux_density(magnet, energy_ev, 0).s0;
  });
  output.in_band_power_w = spectrum_power_w(output.photon_energy_ev, output.spectral_flux, band);
  output.stokes = {.s0 = 1,
                   .s1 = spectrum_power_w(output.photon_energy_ev, s1, band) / output.in_band_power_w};
  output.peak_wavelength_nm = output.wavelength_nm;
  output.bandwidth_fwhm_percent = 200 * kSpan;
}

/// A Gaussian of the same flux and peak across the orbit, as is usual; along the orbit the aperture cuts.
Coherence coherence_of(const BendingMagnet& magnet, const ElectronBeam& beam, double wavelength_nm,
                       double acceptance_horizontal_mrad) {
  constexpr double kBandShare = 0.02;
  const double design_ev = constants::energy_ev_of(wavelength_nm);
  const double one_mode_um_urad = kUradPerMrad * wavelength_nm / (4 * kPi);
  const double natural_urad = kUradPerMrad * flux_per_mrad_all_psi(magnet, design_ev) /
                              (std::sqrt(2 * kPi) * flux_density(magnet, design_ev, 0).s0);
  const double diffraction_um = kUradPerMrad * wavelength_nm / (4 * kPi * natural_urad);
  Coherence c;
  c.divergence_y_urad = std::hypot(natural_urad, magnet.divergence_y_urad);
  c.divergence_x_urad = kUradPerMrad * acceptance_horizontal_mrad / std::sqrt(12.0);  // rms of a top hat
  c.size_x_um = std::hypot(diffraction_um, beam.beam_size_x_um);
  c.size_y_um = std::hypot(diffraction_um, beam.beam_size_y_um);
  c.n_modes_x = std::max(1.0, c.size_x_um * c.divergence_x_urad / one_mode_um_urad);
  c.n_modes_y = std::max(1.0, c.size_y_um * c.divergence_y_urad / one_mode_um_urad);
  c.coherence_length_um = kUmPerNm * wavelength_nm / kBandShare;
  c.coherence_time_fs = c.coherence_length_um * kMetresPerUm / constants::kSpeedOfLight * kFsPerSecond;
  return c;
}

}  // namespace

SourceOutput compute_bending_magnet(const SourceParameters& all) {
  const BendingMagnetParameters& p = all.bending_magnet;
  const BendingMagnet magnet{.gamma = gamma_of(all.beam),
                             .beam_current_a = all.beam.beam_current_a,
                             .field_t = p.field_t,
                             .divergence_y_urad = all.beam.beam_divergence_y_urad};
  const double design_ev = constants::energy_ev_of(all.wavelength_nm);
  require(design_ev / critical_energy_ev(magnet) < 100, "source.wavelength_nm", all.wavelength_nm,
          "must be no shorter than a hundredth of the critical wavelength",
          "raise beam_energy_gev or field_t");

  SourceOutput output;
  output.kind = SourceKind::bending_magnet;
  output.wavelength_nm = all.wavelength_nm;
  output.description = fmt::format(
      "bending magnet: {:.4g} GeV, {:.4g} A, {:.4g} T, {:.4g} mrad of the orbit, +-{:.4g} mrad across it",
      all.beam.beam_energy_gev, magnet.beam_current_a, p.field_t, p.acceptance_horizontal_mrad,
      p.acceptance_half_height_mrad);
  fill_spectrum(output, magnet, p);
  output.total_power_w = power_per_mrad_w(magnet) * p.acceptance_horizontal_mrad;
  output.power_density_w_mrad2 = power_density_w_mrad2(magnet);
  const double drawn = std::hypot(extent_mrad(magnet, design_ev, kDrawn), 4e-3 * magnet.divergence_y_urad);
  const double extent = std::min(drawn, 1.5 * p.acceptance_half_height_mrad);
  output.angular_flux = map_of(magnet, design_ev, p.acceptance_horizontal_mrad / 2, extent);
  output.coherence = coherence_of(magnet, all.beam, all.wavelength_nm, p.acceptance_horizontal_mrad);

  const auto figure = [&](const char* name, double value) {
    output.figures.emplace_back(name, fmt::format("{:.5g}", value));
  };
  figure("critical_energy_ev", critical_energy_ev(magnet));
  figure("bending_radius_m", bending_radius_m(magnet));
  figure("flux_per_mrad_ph_s_01bw", flux_per_mrad(magnet, design_ev, p.acceptance_half_height_mrad).s0);
  figure("in_band_power_mw_per_mrad", 1e3 * output.in_band_power_w / p.acceptance_horizontal_mrad);
  output.notes = {
      "White light: the mirrors cut the band, not the source. The spectrum is given over the design photon "
      "energy +- 10 %; the design wavelength and that range are given as peak and width, and the coherence "
      "time is that of a 2 % band.",
      "Above and below the orbit plane the light is elliptically polarised, with opposite hands, which "
      "cancel in an aperture that is centred on it.",
      "Uniform field: no edge radiation; the size of the electron beam enters only the number of modes."};
  return output;
}

}  // namespace undulith::source
