// SPDX-License-Identifier: MIT
#include "undulith/source/source.hpp"

#include <fmt/format.h>

#include <cmath>

#include "source/kinds.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/require.hpp"
#include "undulith/source/estimate.hpp"
#include "undulith/source/keys.hpp"

namespace undulith::source {
namespace {

SourceOutput compute_line(const MonochromaticParameters& parameters, double wavelength_nm) {
  const double energy_ev = constants::energy_ev_of(wavelength_nm);
  SourceOutput output;
  output.kind = SourceKind::monochromatic;
  output.description = fmt::format("ideal line at {:.6g} nm, {:.4g} W", wavelength_nm, parameters.power_w);
  output.wavelength_nm = wavelength_nm;
  output.photon_energy_ev = {energy_ev};
  output.spectral_flux = {parameters.power_w / (energy_ev * constants::kElementaryCharge)};
  output.in_band_power_w = parameters.power_w;
  output.total_power_w = parameters.power_w;
  output.peak_wavelength_nm = wavelength_nm;
  output.bandwidth_fwhm_percent = 0;
  output.notes = {
      "An ideal line: its spectral flux is the photon rate, as if all of it were within 0.1 % bandwidth.",
      "Unpolarised and continuous; no machine is modelled."};
  return output;
}

SourceOutput light_of(const SourceParameters& parameters) {
  switch (parameters.kind) {
    case SourceKind::undulator:
      return compute_undulator(parameters);
    case SourceKind::bending_magnet:
      return compute_bending_magnet(parameters);
    case SourceKind::ssmb:
      return compute_ssmb(parameters);
    case SourceKind::fel:
      return compute_fel(parameters);
    case SourceKind::lpp:
      return compute_lpp(parameters.lpp, parameters.wavelength_nm);
    case SourceKind::file:
      return compute_imported(parameters.file, parameters.wavelength_nm);
    case SourceKind::monochromatic:
      return compute_line(parameters.monochromatic, parameters.wavelength_nm);
  }
  throw InputError("source.kind is not known; see undulith explain source.kind");
}

}  // namespace

double gamma_of(const ElectronBeam& beam) {
  check_ranges(beam);
  const bool kinetic = beam.beam_energy_kind == EnergyKind::kinetic;
  const double gamma = beam.beam_energy_gev * 1e3 / constants::kElectronMassMev + (kinetic ? 1 : 0);
  require(gamma >= 20, "source.beam.beam_energy_gev", beam.beam_energy_gev,
          "must be >= 0.01022, gamma >= 20: the formulas are for fast electrons", "use 0.4 to 1 for 13.5 nm");
  return gamma;
}

namespace {

void name_source(const SourceParameters& parameters, SourceOutput& output) {
  output.name = parameters.name.empty() ? name_of(parameters.kind) : parameters.name;
  output.status = parameters.status;
  output.citation = parameters.citation;
  output.wall_plug_power_kw = parameters.wall_plug_power_kw;
  output.availability = parameters.availability;
}

}  // namespace

SourceOutput compute_source(const SourceParameters& parameters) {
  check_ranges(parameters);
  SourceOutput output = light_of(parameters);
  name_source(parameters, output);
  return output;
}

SourceEstimate estimate_source(const SourceParameters& parameters) {
  check_ranges(parameters);
  SourceEstimate estimate;
  if (parameters.kind == SourceKind::undulator)
    estimate = estimate_undulator(parameters);
  else
    estimate.light = light_of(parameters);
  name_source(parameters, estimate.light);
  return estimate;
}

std::string name_of(Status status) {
  switch (status) {
    case Status::unstated:
      return "unstated";
    case Status::production:
      return "production";
    case Status::demonstrated:
      return "demonstrated";
    case Status::design:
      return "design";
    case Status::simulation:
      return "simulation";
    case Status::company_claim:
      return "company_claim";
  }
  return {};
}

std::string name_of(SourceKind kind) {
  switch (kind) {
    case SourceKind::undulator:
      return "undulator";
    case SourceKind::bending_magnet:
      return "bending magnet";
    case SourceKind::ssmb:
      return "steady-state microbunching";
    case SourceKind::fel:
      return "free-electron laser";
    case SourceKind::lpp:
      return "laser-produced plasma";
    case SourceKind::file:
      return "light from a file";
    case SourceKind::monochromatic:
      return "monochromatic source";
  }
  return {};
}

}  // namespace undulith::source
