#pragma once

#include <string>
#include <vector>

#include "undulith/core/grid.hpp"
#include "undulith/optics/stokes.hpp"

/// Light sources: parameters in, one SourceOutput out, whatever the machine.
namespace undulith::source {

enum class SourceKind { undulator, lpp, monochromatic };

/// Planar undulator in a storage ring, filament beam (no emittance, no energy spread).
struct UndulatorParameters {
  double beam_energy_gev = 0.8;  ///< total energy gamma m c^2; gamma >= 20
  double beam_current_a = 0.3;   ///< average current, > 0
  double period_mm = 28;         ///< magnetic period, > 0
  int n_periods = 100;           ///< [1, 10000]
  double deflection_k = 0;       ///< K, [0, 20]; 0 = so that the harmonic lies at source.wavelength_nm
  int harmonic = 1;              ///< odd, [1, 99]
  double acceptance_half_angle_urad = 200;  ///< half opening angle of the round aperture, (0, 10/gamma]
};

/// Laser-produced tin plasma: a power at intermediate focus with a spectrum set by the mirror chain.
struct LppParameters {
  double power_if_w = 250;                ///< in-band power at intermediate focus, > 0
  double repetition_rate_khz = 50;        ///< > 0
  double conversion_efficiency = 0.06;    ///< laser to in-band light in 2 pi sr, (0, 1]
  double collector_transmission = 0.194;  ///< 2 pi sr to intermediate focus, lumped, (0, 1]
  int n_mirrors = 10;                     ///< near-normal mirrors that shape the spectrum, [0, 100]
};

struct MonochromaticParameters {
  double power_w = 1;  ///< in-band power, > 0
};

struct SourceParameters {
  SourceKind kind = SourceKind::undulator;
  double wavelength_nm = 13.5;  ///< design wavelength: that of the image, and the centre of the 2 % band
  UndulatorParameters undulator;
  LppParameters lpp;
  MonochromaticParameters monochromatic;
};

/// When the light comes.
struct TimeStructure {
  bool pulsed = false;            ///< false: continuous on the scale of an exposure
  double repetition_rate_hz = 0;  ///< 0 unless pulsed
};

/// What every source hands on, referred to the source (for lpp: to intermediate focus).
struct SourceOutput {
  SourceKind kind = SourceKind::undulator;
  std::string description;               ///< one line for people
  double wavelength_nm = 13.5;           ///< design wavelength
  std::vector<double> photon_energy_ev;  ///< ascending
  /// photons/s/0.1%bw within the acceptance, per photon energy; for a line: photons/s
  std::vector<double> spectral_flux;
  double in_band_power_w = 0;  ///< within wavelength_nm +- 1 %, within the acceptance
  /// All photon energies and angles; in_band_power_w where nothing else is modelled
  double total_power_w = 0;
  double peak_wavelength_nm = 13.5;   ///< of spectral_flux
  double bandwidth_fwhm_percent = 0;  ///< of spectral_flux about its peak; 0 = a line
  /// photons/s/mrad^2/0.1%bw at wavelength_nm, on Plane::angle (mrad); may be empty
  Field2D<double> angular_flux;
  optics::Stokes stokes;  ///< s0 = 1, of the light within the acceptance
  TimeStructure time;
  std::vector<std::string> notes;  ///< warnings and assumptions, one sentence each
};

/// Light of the source that the parameters describe.
///
/// @throws InputError  a parameter is out of range, or the wavelength is out of reach; says what is within
/// Equations, accuracy and limits: docs/theory/source.md
[[nodiscard]] SourceOutput compute_source(const SourceParameters& parameters);

}  // namespace undulith::source
