// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "undulith/core/grid.hpp"
#include "undulith/core/range.hpp"
#include "undulith/optics/stokes.hpp"
#include "undulith/source/imported.hpp"

/// Light sources: parameters in, one SourceOutput out, for every kind of machine.
namespace undulith::source {

/// undulator, bending_magnet: spontaneous light of a storage ring; ssmb: steady-state microbunching, coherent
/// undulator radiation of a ring; fel: free-electron laser; lpp: laser-produced tin plasma; file: light that
/// another code computed; monochromatic: one ideal line.
enum class SourceKind { undulator, bending_magnet, ssmb, fel, lpp, file, monochromatic };

/// How far a source with these parameters has been shown to work.
enum class Status { unstated, production, demonstrated, design, simulation, company_claim };

/// Which energy beam_energy_gev is: total (gamma m c^2) or kinetic (gamma - 1) m c^2.
enum class EnergyKind { total, kinetic };

/// The electron beam where it radiates. Sizes and divergences are rms at the middle of the radiator (a
/// waist); all 0: a filament beam.
struct ElectronBeam {
  double beam_energy_gev = 0.8;
  EnergyKind beam_energy_kind = EnergyKind::total;
  double beam_current_a = 0.3;  ///< average, > 0; a fel derives its own from its bunches
  double energy_spread = 0;     ///< rms of dE/E, [0, 0.1]
  double beam_size_x_um = 0, beam_size_y_um = 0;
  double beam_divergence_x_urad = 0, beam_divergence_y_urad = 0;
};

/// K of the vertical field moves electrons horizontally. planar: K alone; helical: K_x = K; elliptical: K_x
/// given.
enum class UndulatorField { planar, helical, elliptical };

struct UndulatorParameters {
  UndulatorField field = UndulatorField::planar;
  double period_mm = 28;         ///< magnetic period, > 0
  int n_periods = 100;           ///< [1, 10000]
  double deflection_k = 0;       ///< [0, 20]; 0 = so that the harmonic lies at source.wavelength_nm
  double deflection_kx = 0;      ///< elliptical: of the horizontal field, [0, 20]
  double max_deflection_k = 20;  ///< largest K of the device, (0, 20]
  int harmonic = 1;              ///< odd, [1, 99]; 1 for helical
  double acceptance_half_angle_urad = 200;  ///< half opening angle of the round aperture, (0, 10/gamma]
};

struct BendingMagnetParameters {
  double field_t = 1.03;  ///< > 0
  /// Rectangular aperture about the orbit plane: full width along the orbit, half height across it
  double acceptance_horizontal_mrad = 10;
  double acceptance_half_height_mrad = 5;
};

/// Coherent undulator radiation of microbunches. Source: [DengChaoTang2024].
struct SsmbParameters {
  double period_mm = 18;
  int n_periods = 316;
  double deflection_k = 0;            ///< planar; 0 = tuned to source.wavelength_nm
  double bunching_factor = 0;         ///< |b| at the wavelength, [0, 1]; 0 = from microbunch_length_nm
  double microbunch_length_nm = 3;    ///< rms, > 0: b = exp(-(k s)^2/2)
  double peak_current_a = 0;          ///< within the filled part of the ring; 0 = the average: no gaps
  double line_width_relative = 1e-6;  ///< FWHM, (0, 0.01]: that of the laser that holds the microbunches
  double repetition_rate_mhz = 0;     ///< of filled trains; 0 = continuous
};

enum class FelMode { sase, seeded, regenerative };

/// Free-electron laser: high-gain theory in one dimension with the fit of Ming Xie. Source: [Xie1995].
struct FelParameters {
  FelMode mode = FelMode::sase;
  UndulatorField field = UndulatorField::planar;  ///< planar or helical
  double period_mm = 28;
  double deflection_k = 0;        ///< 0 = tuned to source.wavelength_nm
  double undulator_length_m = 0;  ///< 0 = as long as saturation takes
  int harmonic = 1;               ///< odd; > 1: harmonic lasing, the fundamental kept from lasing
  double peak_current_a = 300;    ///< > 0
  double bunch_length_fs = 200;   ///< full length of a flat-top bunch, > 0
  double normalised_emittance_um = 0.6;
  double beta_m = 5;                    ///< mean beta function, > 0
  double repetition_rate_mhz = 162.5;   ///< of bunches within a train, > 0
  double duty_factor = 1;               ///< share of the time with trains, (0, 1]; 1 = continuous
  double taper_gain = 1;                ///< power beyond saturation by tapering, >= 1
  double seed_power_w = 1e4;            ///< seeded: > 0
  double round_trip_reflectance = 0.5;  ///< regenerative: power fed back, (0, 1)
  double outcoupling = 0.5;             ///< regenerative: share of the saturated power that leaves, (0, 1]
  double energy_recovery = 0;           ///< share of the beam's power given back by a recovery linac, [0, 1)
};

/// Laser-produced tin plasma: a power at intermediate focus with a spectrum set by the mirrors.
struct LppParameters {
  double power_if_w = 250;                ///< in-band power at intermediate focus, > 0
  double repetition_rate_khz = 50;        ///< > 0
  double conversion_efficiency = 0.06;    ///< laser to in-band light in 2 pi sr, (0, 1]
  double collector_transmission = 0.194;  ///< 2 pi sr to intermediate focus, lumped, (0, 1]
  int n_mirrors = 1;                      ///< near-normal mirrors before intermediate focus, [0, 100]
  double pulse_energy_noise = 0.01;       ///< rms of one pulse, relative, [0, 1]
  double out_of_band_fraction =
      0.03;                         ///< light at intermediate focus outside the band over light in the band
  double plasma_diameter_um = 200;  ///< > 0
  double collector_solid_angle_sr = 5;  ///< (0, 2 pi]
};

struct MonochromaticParameters {
  double power_w = 1;  ///< in-band power, > 0
};

/// Half opening angle of a round aperture in a map of directions.
inline constexpr Range kAcceptanceUrad = Range::closed(0, 1e6);

/// Light of another code.
struct FileParameters {
  ImportedLight light;             ///< read from the file that the job names
  std::string file;                ///< its name, for people
  double repetition_rate_mhz = 0;  ///< 0 = continuous
  /// Round aperture about the axis, within the map; 0 = the whole map, or the spectrum as it is
  double acceptance_half_angle_urad = 0;
};

struct SourceParameters {
  SourceKind kind = SourceKind::undulator;
  double wavelength_nm = 13.5;  ///< design wavelength: that of the image, and the centre of the 2 % band
  std::string name;             ///< for tables and pictures; empty: named by its kind
  Status status = Status::unstated;
  std::string citation;
  double wall_plug_power_kw = 0;  ///< of the whole machine; 0 = not known
  double availability = 1;        ///< share of the time with light, (0, 1]
  ElectronBeam beam;
  UndulatorParameters undulator;
  BendingMagnetParameters bending_magnet;
  SsmbParameters ssmb;
  FelParameters fel;
  LppParameters lpp;
  FileParameters file;
  MonochromaticParameters monochromatic;
};

/// When the light comes.
struct TimeStructure {
  bool pulsed = false;            ///< false: continuous on the scale of an exposure
  double repetition_rate_hz = 0;  ///< average number of pulses per second; 0 unless pulsed
  double pulse_length_fs = 0;     ///< 0: not known, or not pulsed
  double pulse_energy_noise = 0;  ///< rms of one pulse, relative
};

/// Properties of a beam of partially coherent light. Sizes and divergences are rms, of the photon beam.
struct Coherence {
  double size_x_um = 0, size_y_um = 0;  ///< 0: not known
  double divergence_x_urad = 0, divergence_y_urad = 0;
  /// Size times divergence over lambda/(4 pi), >= 1; 0: not known
  double n_modes_x = 0, n_modes_y = 0;
  double coherence_time_fs = 0;    ///< definition: docs/theory/source.md; 0: not known
  double coherence_length_um = 0;  ///< c times the time
};

/// What is known of the width of a spectrum. known: the width was found; cut: the spectrum ends before it falls
/// to half of its maximum; assumed: one photon energy, whose flux is taken for the whole band.
enum class SpectrumWidth { known, cut, assumed };

/// The result of every source, referred to the source (for lpp: to intermediate focus).
struct SourceOutput {
  SourceKind kind = SourceKind::undulator;
  std::string name;         ///< of the source, never empty
  std::string description;  ///< one line for people
  Status status = Status::unstated;
  std::string citation;
  double wavelength_nm = 13.5;           ///< design wavelength
  std::vector<double> photon_energy_ev;  ///< ascending
  /// photons/s/0.1%bw within the acceptance, per photon energy; for a line: photons/s
  std::vector<double> spectral_flux;
  std::vector<optics::Stokes> spectral_stokes;  ///< of spectral_flux, s0 = 1; empty: `stokes` for all
  double in_band_power_w = 0;                   ///< within wavelength_nm +- 1 %, within the acceptance
  /// All photon energies and angles; in_band_power_w where nothing else is modelled
  double total_power_w = 0;
  double power_density_w_mrad2 = 0;   ///< of all photon energies, on the axis; 0: not known
  double peak_wavelength_nm = 13.5;   ///< of spectral_flux
  double bandwidth_fwhm_percent = 0;  ///< of spectral_flux about its peak; 0 = a line, or not known
  SpectrumWidth spectrum_width = SpectrumWidth::known;
  AngularMap angular_flux;           ///< at wavelength_nm (of a file: the map nearest to it); may be empty
  std::vector<double> on_axis_flux;  ///< photons/s/mrad^2/0.1%bw per photon_energy_ev; may be empty
  optics::Stokes stokes;             ///< s0 = 1, of the light within the acceptance and the band
  Coherence coherence;
  TimeStructure time;
  double beam_power_w = 0;        ///< of the electrons that must be supplied (after recovery); 0: none
  double wall_plug_power_kw = 0;  ///< 0: not known
  double availability = 1;
  std::vector<std::pair<std::string, std::string>> figures;  ///< further figures: name with unit, value
  std::vector<std::string> notes;                            ///< warnings and assumptions, one sentence each
};

/// Light of the source that the parameters describe.
///
/// @throws InputError  a parameter is out of range, or the wavelength is out of reach; the message gives the
/// range Equations, accuracy and limits: docs/theory/source.md
[[nodiscard]] SourceOutput compute_source(const SourceParameters& parameters);

/// "production", "company_claim" ...
[[nodiscard]] std::string name_of(Status status);
[[nodiscard]] std::string name_of(SourceKind kind);

}  // namespace undulith::source
