// SPDX-License-Identifier: MIT
#include "undulith/source/keys.hpp"

#include "undulith/core/constants.hpp"

namespace undulith::source {

using keys::choice;
using keys::key;

// Upper ends of ranges stand where a value can only be a slip of the unit: 800 for 0.8 GeV, 300 for 0.3 A.

const Keys<SourceParameters>& source_keys() {
  static const Keys<SourceParameters> all = {
      choice(&SourceParameters::kind,
             {{"undulator", SourceKind::undulator},
              {"bending_magnet", SourceKind::bending_magnet},
              {"ssmb", SourceKind::ssmb},
              {"fel", SourceKind::fel},
              {"lpp", SourceKind::lpp},
              {"file", SourceKind::file},
              {"monochromatic", SourceKind::monochromatic}},
             {.name = "kind",
              .why = "the accelerator source this program is about",
              .doc = "Which machine gives the light: an undulator or a bending magnet in a storage ring, "
                     "steady-state microbunching, a free-electron laser, a laser-produced tin plasma, the "
                     "file of another code, or one ideal line"}),
      key(&SourceParameters::wavelength_nm,
          {.name = "wavelength_nm",
           .unit = "nm",
           .range = Range::closed(1, 200),
           .why = "centre of the 2 % band that Mo/Si mirrors reflect",
           .doc = "Design wavelength: that of the image, and the centre of the 2 % band",
           .advice = "use 13.5 for EUV"}),
      key(&SourceParameters::name,
          {.name = "name", .why = "named by its kind", .doc = "Name of the source in tables and pictures"}),
      choice(
          &SourceParameters::status,
          {{"unstated", Status::unstated},
           {"production", Status::production},
           {"demonstrated", Status::demonstrated},
           {"design", Status::design},
           {"simulation", Status::simulation},
           {"company_claim", Status::company_claim}},
          {.name = "status",
           .why = "nobody has said",
           .doc = "How far what the numbers describe has been shown to work; undulith compare asks for it"}),
      key(&SourceParameters::citation, {.name = "citation",
                                        .why = "none",
                                        .doc = "Where the numbers come from; undulith compare asks for it"}),
      key(&SourceParameters::wall_plug_power_kw, {.name = "wall_plug_power_kw",
                                                  .unit = "kW",
                                                  .range = Range::closed(0, 1e6),
                                                  .why = "0 = not known",
                                                  .doc = "Electric power of the whole source",
                                                  .advice = "write kilowatts: 9800 is 9.8 MW"}),
      key(&SourceParameters::availability, {.name = "availability",
                                            .range = Range::above(0, 1),
                                            .why = "no interruptions",
                                            .doc = "Share of the time in which the source gives light",
                                            .advice = "write a fraction: 0.95 is 95 %"})};
  return all;
}

const Keys<ElectronBeam>& beam_keys() {
  static const Keys<ElectronBeam> all = {
      key(&ElectronBeam::beam_energy_gev,
          {.name = "beam_energy_gev",
           .unit = "GeV",
           .range = Range::closed(0.0103, 100),
           .origin = Origin::assumed,
           .why = "a compact storage ring",
           .doc = "Energy of an electron of the beam; beam_energy_kind says which",
           .advice = "write GeV: 0.8 is 800 MeV"}),
      choice(&ElectronBeam::beam_energy_kind,
             {{"total", EnergyKind::total}, {"kinetic", EnergyKind::kinetic}},
             {.name = "beam_energy_kind",
              .why = "what machines quote at relativistic energies",
              .doc = "Whether beam_energy_gev is the total energy gamma m c^2 or the kinetic one, which is "
                     "0.511 MeV less"}),
      key(&ElectronBeam::beam_current_a, {.name = "beam_current_a",
                                          .unit = "A",
                                          .range = Range::above(0, 10),
                                          .origin = Origin::assumed,
                                          .why = "usual for storage rings with top-up",
                                          .doc = "Average beam current",
                                          .advice = "write amperes: 0.3 is 300 mA"}),
      key(&ElectronBeam::energy_spread, {.name = "energy_spread",
                                         .range = Range::closed(0, 0.1),
                                         .why = "no spread",
                                         .doc = "Relative energy spread of the electrons, rms",
                                         .advice = "write a fraction: 5e-4 is 0.05 %"}),
      key(&ElectronBeam::beam_size_x_um,
          {.name = "beam_size_x_um",
           .unit = "um",
           .range = Range::closed(0, 1e5),
           .why = "a filament beam",
           .doc = "rms size of the electron beam in the radiator, horizontal"}),
      key(&ElectronBeam::beam_size_y_um, {.name = "beam_size_y_um",
                                          .unit = "um",
                                          .range = Range::closed(0, 1e5),
                                          .why = "a filament beam",
                                          .doc = "rms size of the electron beam in the radiator, vertical"}),
      key(&ElectronBeam::beam_divergence_x_urad,
          {.name = "beam_divergence_x_urad",
           .unit = "urad",
           .range = Range::closed(0, 1e5),
           .why = "a filament beam",
           .doc = "rms divergence of the electron beam in the radiator, horizontal"}),
      key(&ElectronBeam::beam_divergence_y_urad,
          {.name = "beam_divergence_y_urad",
           .unit = "urad",
           .range = Range::closed(0, 1e5),
           .why = "a filament beam",
           .doc = "rms divergence of the electron beam in the radiator, vertical"})};
  return all;
}

namespace {

constexpr const char* kWiggler = "above 20 the device is a wiggler: use kind = \"bending_magnet\"";

}  // namespace

const Keys<UndulatorParameters>& undulator_keys() {
  static const Keys<UndulatorParameters> all = {
      choice(&UndulatorParameters::field,
             {{"planar", UndulatorField::planar},
              {"helical", UndulatorField::helical},
              {"elliptical", UndulatorField::elliptical}},
             {.name = "field",
              .why = "the usual device",
              .doc = "Field of the undulator: planar, helical (K_x = K) or elliptical (K_x given)"}),
      key(&UndulatorParameters::period_mm, {.name = "period_mm",
                                            .unit = "mm",
                                            .range = Range::above(0, 10000),
                                            .origin = Origin::assumed,
                                            .why = "reaches 13.5 nm at 0.8 GeV with K near 1.65",
                                            .doc = "Magnetic period of the undulator",
                                            .advice = "write millimetres: 28 is 2.8 cm"}),
      key(&UndulatorParameters::n_periods, {.name = "n_periods",
                                            .range = Range::closed(1, 10000),
                                            .origin = Origin::assumed,
                                            .why = "2.8 m of undulator, which fits a straight section",
                                            .doc = "Number of magnetic periods"}),
      key(&UndulatorParameters::deflection_k,
          {.name = "deflection_k",
           .range = Range::closed(0, 20),
           .origin = Origin::derived,
           .why = "0 = chosen so that the harmonic lies at source.wavelength_nm",
           .doc = "Deflection parameter K of the vertical field; 0 chooses it by the wavelength",
           .advice = kWiggler}),
      key(&UndulatorParameters::deflection_kx,
          {.name = "deflection_kx",
           .range = Range::closed(0, 20),
           .why = "no horizontal field",
           .doc = "Deflection parameter of the horizontal field (elliptical)",
           .advice = kWiggler}),
      key(&UndulatorParameters::max_deflection_k,
          {.name = "max_deflection_k",
           .range = Range::above(0, 20),
           .why = "no limit of the device is known",
           .doc = "Largest K that the device can be set to; a wavelength beyond it is refused",
           .advice = kWiggler}),
      key(&UndulatorParameters::harmonic, {.name = "harmonic",
                                           .range = Range::closed(1, 99),
                                           .why = "the brightest",
                                           .doc = "Harmonic that gives the design wavelength; odd",
                                           .advice = "use 1, 3, 5 ..."}),
      key(&UndulatorParameters::acceptance_half_angle_urad,
          {.name = "acceptance_half_angle_urad",
           .unit = "urad",
           .range = Range::above(0, 10000),
           .origin = Origin::assumed,
           .why = "about where in-band power stops growing with the aperture",
           .doc = "Half opening angle of the round aperture that takes the light",
           .advice = "write microradians: 200 is 0.2 mrad"})};
  return all;
}

const Keys<BendingMagnetParameters>& bending_magnet_keys() {
  static const Keys<BendingMagnetParameters> all = {
      key(&BendingMagnetParameters::field_t, {.name = "field_t",
                                              .unit = "T",
                                              .range = Range::above(0, 100),
                                              .origin = Origin::assumed,
                                              .why = "NewSUBARU-like at 1 GeV",
                                              .doc = "Field of the bending magnet",
                                              .advice = "write tesla: 1.03 is 10.3 kG"}),
      key(&BendingMagnetParameters::acceptance_horizontal_mrad,
          {.name = "acceptance_horizontal_mrad",
           .unit = "mrad",
           .range = Range::above(0, 2e3 * constants::kPi),
           .origin = Origin::assumed,
           .why = "a usual beamline",
           .doc = "Full opening angle along the orbit plane"}),
      key(&BendingMagnetParameters::acceptance_half_height_mrad,
          {.name = "acceptance_half_height_mrad",
           .unit = "mrad",
           .range = Range::above(0, 1000),
           .origin = Origin::assumed,
           .why = "nearly all light of 13.5 nm",
           .doc = "Half opening angle across the orbit plane"})};
  return all;
}

const Keys<SsmbParameters>& ssmb_keys() {
  static const Keys<SsmbParameters> all = {
      key(&SsmbParameters::period_mm, {.name = "period_mm",
                                       .unit = "mm",
                                       .range = Range::above(0, 1000),
                                       .origin = Origin::assumed,
                                       .why = "a design for about 600 MeV (unverified)",
                                       .doc = "Magnetic period of the radiator",
                                       .advice = "write millimetres: 18 is 1.8 cm"}),
      key(&SsmbParameters::n_periods, {.name = "n_periods",
                                       .range = Range::closed(1, 10000),
                                       .origin = Origin::assumed,
                                       .why = "a design for about 600 MeV (unverified)",
                                       .doc = "Number of magnetic periods of the radiator"}),
      key(&SsmbParameters::deflection_k,
          {.name = "deflection_k",
           .range = Range::closed(0, 20),
           .origin = Origin::derived,
           .why = "0 = chosen so that the light lies at source.wavelength_nm",
           .doc = "Deflection parameter K of the radiator; 0 chooses it by the wavelength",
           .advice = "use 0 to have K chosen, or 0.5 to 5"}),
      key(&SsmbParameters::bunching_factor,
          {.name = "bunching_factor",
           .range = Range::closed(0, 1),
           .origin = Origin::derived,
           .why = "0 = from microbunch_length_nm",
           .doc = "Modulus of the bunching factor at the design wavelength; 0 = from microbunch_length_nm",
           .advice = "use 0.05 to 0.2"}),
      key(&SsmbParameters::microbunch_length_nm, {.name = "microbunch_length_nm",
                                                  .unit = "nm",
                                                  .range = Range::above(0, 1000),
                                                  .origin = Origin::assumed,
                                                  .why = "gives a bunching factor of 0.38 at 13.5 nm",
                                                  .doc = "rms length of a Gaussian microbunch"}),
      key(&SsmbParameters::peak_current_a,
          {.name = "peak_current_a",
           .unit = "A",
           .range = Range::closed(0, 1e5),
           .origin = Origin::derived,
           .why = "0 = source.beam.beam_current_a, a ring without gaps",
           .doc = "Current within the filled part of the ring; power grows with average times peak"}),
      key(&SsmbParameters::line_width_relative, {.name = "line_width_relative",
                                                 .range = Range::above(0, 0.01),
                                                 .origin = Origin::assumed,
                                                 .why = "the microbunches follow a laser",
                                                 .doc = "Relative line width of the light, FWHM"}),
      key(&SsmbParameters::repetition_rate_mhz, {.name = "repetition_rate_mhz",
                                                 .unit = "MHz",
                                                 .range = Range::closed(0, 1e6),
                                                 .why = "0 = continuous",
                                                 .doc = "Rate of filled trains; 0 for a ring without gaps"})};
  return all;
}

namespace {

Keys<FelParameters> fel_undulator_keys() {
  return {
      choice(&FelParameters::mode,
             {{"sase", FelMode::sase}, {"seeded", FelMode::seeded}, {"regenerative", FelMode::regenerative}},
             {.name = "mode",
              .why = "needs no seed and no mirrors",
              .doc = "How the light starts: from shot noise (sase), from a seed, or from mirrors that feed "
                     "it back (regenerative)"}),
      choice(
          &FelParameters::field,
          {{"planar", UndulatorField::planar},
           {"helical", UndulatorField::helical},
           {"elliptical", UndulatorField::elliptical}},
          {.name = "field", .why = "the usual device", .doc = "Field of the undulator: planar or helical"}),
      key(&FelParameters::period_mm, {.name = "period_mm",
                                      .unit = "mm",
                                      .range = Range::above(0, 1000),
                                      .origin = Origin::assumed,
                                      .why = "28 mm class of a published design",
                                      .doc = "Magnetic period of the undulator",
                                      .advice = "write millimetres: 28 is 2.8 cm"}),
      key(&FelParameters::deflection_k,
          {.name = "deflection_k",
           .range = Range::closed(0, 20),
           .origin = Origin::derived,
           .why = "0 = chosen so that the harmonic lies at source.wavelength_nm",
           .doc = "Deflection parameter K; 0 chooses it by the wavelength",
           .advice = "use 0 to have K chosen, or 0.5 to 5"}),
      key(&FelParameters::undulator_length_m,
          {.name = "undulator_length_m",
           .unit = "m",
           .range = Range::closed(0, 1e4),
           .origin = Origin::derived,
           .why = "0 = as long as saturation takes",
           .doc = "Magnetic length of the undulator; 0 = up to saturation"}),
      key(&FelParameters::harmonic,
          {.name = "harmonic",
           .range = Range::closed(1, 99),
           .why = "the fundamental",
           .doc = "Harmonic that lases; above 1 the fundamental is taken to be suppressed",
           .advice = "use 1, 3 or 5"})};
}

Keys<FelParameters> fel_pulse_keys() {
  return {key(&FelParameters::peak_current_a, {.name = "peak_current_a",
                                               .unit = "A",
                                               .range = Range::above(0, 1e5),
                                               .origin = Origin::assumed,
                                               .why = "60 pC in 200 fs",
                                               .doc = "Peak current of a bunch"}),
          key(&FelParameters::bunch_length_fs, {.name = "bunch_length_fs",
                                                .unit = "fs",
                                                .range = Range::above(0, 1e6),
                                                .origin = Origin::assumed,
                                                .why = "60 pC at 300 A",
                                                .doc = "Full length of a flat-top bunch"}),
          key(&FelParameters::normalised_emittance_um, {.name = "normalised_emittance_um",
                                                        .unit = "um",
                                                        .range = Range::above(0, 1000),
                                                        .origin = Origin::assumed,
                                                        .why = "of a published design (unverified)",
                                                        .doc = "Normalised emittance of a slice, rms",
                                                        .advice = "write micrometres: 0.6 is 0.6 mm mrad"}),
          key(&FelParameters::beta_m, {.name = "beta_m",
                                       .unit = "m",
                                       .range = Range::above(0, 1000),
                                       .origin = Origin::assumed,
                                       .why = "strong focusing",
                                       .doc = "Mean beta function in the undulator"}),
          key(&FelParameters::repetition_rate_mhz,
              {.name = "repetition_rate_mhz",
               .unit = "MHz",
               .range = Range::above(0, 1e5),
               .origin = Origin::measured,
               .why = "energy-recovery linac design of KEK (Nakamura, ERL2015)",
               .doc = "Rate of bunches within a train"}),
          key(&FelParameters::duty_factor, {.name = "duty_factor",
                                            .range = Range::above(0, 1),
                                            .why = "a continuous machine",
                                            .doc = "Share of the time filled with trains",
                                            .advice = "write a fraction: 0.01 is 1 %"}),
          key(&FelParameters::taper_gain,
              {.name = "taper_gain",
               .range = Range::closed(1, 100),
               .why = "no tapering",
               .doc = "Power beyond saturation that a tapered undulator brings, as a factor"}),
          key(&FelParameters::seed_power_w, {.name = "seed_power_w",
                                             .unit = "W",
                                             .range = Range::above(0, 1e12),
                                             .origin = Origin::assumed,
                                             .why = "well above shot noise",
                                             .doc = "Peak power of the seed (seeded)"}),
          key(&FelParameters::round_trip_reflectance,
              {.name = "round_trip_reflectance",
               .range = Range::open(0, 1),
               .origin = Origin::assumed,
               .why = "two multilayer mirrors and their losses",
               .doc = "Share of the power that the mirrors bring back (regenerative)"}),
          key(&FelParameters::outcoupling,
              {.name = "outcoupling",
               .range = Range::above(0, 1),
               .origin = Origin::assumed,
               .why = "half leaves, half goes on",
               .doc = "Share of the saturated power that leaves the cavity (regenerative)"}),
          key(&FelParameters::energy_recovery,
              {.name = "energy_recovery",
               .range = Range::below(0, 1),
               .why = "a linac without recovery",
               .doc = "Share of the beam's power that a recovery linac takes back",
               .advice = "write a fraction: 0.98 is 98 %"})};
}

}  // namespace

const Keys<FelParameters>& fel_keys() {
  static const Keys<FelParameters> all = keys::joined(fel_undulator_keys(), fel_pulse_keys());
  return all;
}

const Keys<LppParameters>& lpp_keys() {
  static const Keys<LppParameters> all = {
      key(&LppParameters::power_if_w,
          {.name = "power_if_w",
           .unit = "W",
           .range = Range::above(0, 100000),
           .origin = Origin::measured,
           .why = "NXE:3400B class source in production (Fomenkov, EUV Source Workshop 2017)",
           .doc = "In-band power at intermediate focus"}),
      key(&LppParameters::repetition_rate_khz,
          {.name = "repetition_rate_khz",
           .unit = "kHz",
           .range = Range::above(0, 10000),
           .origin = Origin::measured,
           .why = "NXE:3400B class source (Fomenkov, EUV Source Workshop 2017)",
           .doc = "Rate of the tin droplets that are hit",
           .advice = "write kilohertz: 50 is 50 000 pulses per second"}),
      key(&LppParameters::conversion_efficiency,
          {.name = "conversion_efficiency",
           .range = Range::above(0, 1),
           .origin = Origin::measured,
           .why = "NXE:3400B class source (Fomenkov, EUV Source Workshop 2017)",
           .doc = "Share of the laser energy that leaves as in-band light into 2 pi sr",
           .advice = "write a fraction: 0.06 is 6 %"}),
      key(&LppParameters::collector_transmission,
          {.name = "collector_transmission",
           .range = Range::above(0, 1),
           .origin = Origin::derived,
           .why = "250 W at intermediate focus from a 21.5 kW laser at 6 % conversion",
           .doc = "Share of the light in 2 pi sr that reaches intermediate focus",
           .advice = "write a fraction: 0.194 is 19.4 %"}),
      key(&LppParameters::n_mirrors,
          {.name = "n_mirrors",
           .range = Range::closed(0, 100),
           .why = "the collector",
           .doc = "Near-normal Mo/Si mirrors before intermediate focus, which shape the spectrum there"}),
      key(&LppParameters::pulse_energy_noise, {.name = "pulse_energy_noise",
                                               .range = Range::closed(0, 1),
                                               .origin = Origin::assumed,
                                               .why = "open loop; a dose servo does better (unverified)",
                                               .doc = "Relative energy noise of one pulse, rms",
                                               .advice = "write a fraction: 0.01 is 1 %"}),
      key(&LppParameters::out_of_band_fraction,
          {.name = "out_of_band_fraction",
           .range = Range::closed(0, 10),
           .origin = Origin::assumed,
           .why = "a few per cent in the deep ultraviolet (unverified)",
           .doc = "Light outside the band at intermediate focus over that in it",
           .advice = "write a fraction: 0.03 is 3 %"}),
      key(&LppParameters::plasma_diameter_um, {.name = "plasma_diameter_um",
                                               .unit = "um",
                                               .range = Range::above(0, 10000),
                                               .origin = Origin::assumed,
                                               .why = "usual size of the light-emitting plasma",
                                               .doc = "Diameter of the plasma, for the etendue"}),
      key(&LppParameters::collector_solid_angle_sr, {.name = "collector_solid_angle_sr",
                                                     .unit = "sr",
                                                     .range = Range::above(0, 2 * constants::kPi),
                                                     .origin = Origin::assumed,
                                                     .why = "a large normal-incidence collector",
                                                     .doc = "Solid angle that the collector takes"})};
  return all;
}

const Keys<MonochromaticParameters>& monochromatic_keys() {
  static const Keys<MonochromaticParameters> all = {
      key(&MonochromaticParameters::power_w, {.name = "power_w",
                                              .unit = "W",
                                              .range = Range::above(0, 1e6),
                                              .why = "a reference of one watt",
                                              .doc = "In-band power of the line"})};
  return all;
}

void check_ranges(const ElectronBeam& beam) {
  check_keys(beam, beam_keys(), "source.beam");
}

void check_ranges(const SourceParameters& parameters) {
  check_keys(parameters, source_keys(), "source");
  switch (parameters.kind) {
    case SourceKind::undulator:
      check_keys(parameters.undulator, undulator_keys(), "source.undulator");
      return check_ranges(parameters.beam);
    case SourceKind::bending_magnet:
      check_keys(parameters.bending_magnet, bending_magnet_keys(), "source.bending_magnet");
      return check_ranges(parameters.beam);
    case SourceKind::ssmb:
      check_keys(parameters.ssmb, ssmb_keys(), "source.ssmb");
      return check_ranges(parameters.beam);
    case SourceKind::fel:
      check_keys(parameters.fel, fel_keys(), "source.fel");
      return check_ranges(parameters.beam);
    case SourceKind::lpp:
      return check_keys(parameters.lpp, lpp_keys(), "source.lpp");
    case SourceKind::monochromatic:
      return check_keys(parameters.monochromatic, monochromatic_keys(), "source.monochromatic");
    case SourceKind::file:
      return;
  }
}

}  // namespace undulith::source
