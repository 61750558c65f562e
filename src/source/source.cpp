#include "undulith/source/source.hpp"

#include <fmt/format.h>

#include <cmath>

#include "source/kinds.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"

namespace undulith::source {
namespace {

SourceOutput compute_line(const MonochromaticParameters& parameters, double wavelength_nm) {
  require(std::isfinite(parameters.power_w) && parameters.power_w > 0, "source.monochromatic.power_w",
          parameters.power_w, "> 0", "use 1 for a reference");
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
      "An ideal line: its spectral flux is the photon rate, as if all of it lay in 0.1 % bandwidth.",
      "Unpolarised and continuous; no machine is modelled."};
  return output;
}

}  // namespace

void require(bool good, const std::string& key, double value, const char* range, const char* advice) {
  if (!good) throw InputError(fmt::format("{} = {} (must be {}); {}", key, value, range, advice));
}

SourceOutput compute_source(const SourceParameters& parameters) {
  require(std::isfinite(parameters.wavelength_nm) && parameters.wavelength_nm > 0, "source.wavelength_nm",
          parameters.wavelength_nm, "> 0", "use 13.5 for EUV");
  switch (parameters.kind) {
    case SourceKind::undulator:
      return compute_undulator(parameters.undulator, parameters.wavelength_nm);
    case SourceKind::lpp:
      return compute_lpp(parameters.lpp, parameters.wavelength_nm);
    case SourceKind::monochromatic:
      return compute_line(parameters.monochromatic, parameters.wavelength_nm);
  }
  throw InputError("source.kind is none that is known; use undulator, lpp or monochromatic");
}

}  // namespace undulith::source
