#include "flow/keys_table.hpp"

// Upper ends of ranges stand where a value can only be a slip of the unit: 800 for 0.8 GeV, 300 for 0.3 A.

namespace undulith::flow {

using illuminator::IlluminatorParameters;
using source::LppParameters;
using source::MonochromaticParameters;
using source::SourceKind;
using source::SourceParameters;
using source::UndulatorParameters;

std::vector<Table> source_tables() {
  const std::vector<Key<SourceParameters>> source = {
      choice(&SourceParameters::kind,
             {{"undulator", SourceKind::undulator},
              {"lpp", SourceKind::lpp},
              {"monochromatic", SourceKind::monochromatic}},
             {.name = "kind",
              .why = "the accelerator source this program is about",
              .doc = "Which machine gives the light: an undulator in a storage ring, a laser-produced tin "
                     "plasma, or "
                     "one ideal line"}),
      key(&SourceParameters::wavelength_nm,
          {.name = "wavelength_nm",
           .unit = "nm",
           .range = closed(1, 200),
           .why = "centre of the 2 % band that Mo/Si mirrors reflect",
           .doc = "Design wavelength: that of the image, and the centre of the 2 % band",
           .advice = "use 13.5 for EUV"}),
  };
  const std::vector<Key<UndulatorParameters>> undulator = {
      key(&UndulatorParameters::beam_energy_gev, {.name = "beam_energy_gev",
                                                  .unit = "GeV",
                                                  .range = above(0, 100),
                                                  .origin = Origin::assumed,
                                                  .why = "a compact storage ring",
                                                  .doc = "Total energy of an electron of the beam",
                                                  .advice = "write GeV: 0.8 is 800 MeV"}),
      key(&UndulatorParameters::beam_current_a, {.name = "beam_current_a",
                                                 .unit = "A",
                                                 .range = above(0, 10),
                                                 .origin = Origin::assumed,
                                                 .why = "usual for storage rings with top-up",
                                                 .doc = "Average beam current",
                                                 .advice = "write amperes: 0.3 is 300 mA"}),
      key(&UndulatorParameters::period_mm, {.name = "period_mm",
                                            .unit = "mm",
                                            .range = above(0, 1000),
                                            .origin = Origin::assumed,
                                            .why = "reaches 13.5 nm at 0.8 GeV with K near 1.65",
                                            .doc = "Magnetic period of the undulator",
                                            .advice = "write millimetres: 28 is 2.8 cm"}),
      key(&UndulatorParameters::n_periods, {.name = "n_periods",
                                            .range = closed(1, 10000),
                                            .origin = Origin::assumed,
                                            .why = "2.8 m of undulator, which fits a straight section",
                                            .doc = "Number of magnetic periods"}),
      key(&UndulatorParameters::deflection_k,
          {.name = "deflection_k",
           .range = closed(0, 20),
           .origin = Origin::derived,
           .why = "0 = chosen so that the harmonic lies at source.wavelength_nm",
           .doc = "Deflection parameter K of the planar undulator; 0 chooses it by the wavelength"}),
      key(&UndulatorParameters::harmonic, {.name = "harmonic",
                                           .range = closed(1, 99),
                                           .why = "the brightest",
                                           .doc = "Harmonic that gives the design wavelength; odd",
                                           .advice = "use 1, 3, 5 ..."}),
      key(&UndulatorParameters::acceptance_half_angle_urad,
          {.name = "acceptance_half_angle_urad",
           .unit = "urad",
           .range = above(0, 10000),
           .origin = Origin::assumed,
           .why = "about where in-band power stops growing with the aperture",
           .doc = "Half opening angle of the round aperture that takes the light",
           .advice = "write microradians: 200 is 0.2 mrad"}),
  };
  const std::vector<Key<LppParameters>> lpp = {
      key(&LppParameters::power_if_w,
          {.name = "power_if_w",
           .unit = "W",
           .range = above(0, 100000),
           .origin = Origin::measured,
           .why = "NXE:3400B class source in production (Fomenkov, EUV Source Workshop 2017)",
           .doc = "In-band power at intermediate focus"}),
      key(&LppParameters::repetition_rate_khz,
          {.name = "repetition_rate_khz",
           .unit = "kHz",
           .range = above(0, 10000),
           .origin = Origin::measured,
           .why = "NXE:3400B class source (Fomenkov, EUV Source Workshop 2017)",
           .doc = "Rate of the tin droplets that are hit",
           .advice = "write kilohertz: 50 is 50 000 pulses per second"}),
      key(&LppParameters::conversion_efficiency,
          {.name = "conversion_efficiency",
           .range = above(0, 1),
           .origin = Origin::measured,
           .why = "NXE:3400B class source (Fomenkov, EUV Source Workshop 2017)",
           .doc = "Share of the laser energy that leaves as in-band light into 2 pi sr",
           .advice = "write a fraction: 0.06 is 6 %"}),
      key(&LppParameters::collector_transmission,
          {.name = "collector_transmission",
           .range = above(0, 1),
           .origin = Origin::derived,
           .why = "250 W at intermediate focus from a 21.5 kW laser at 6 % conversion",
           .doc = "Share of the light in 2 pi sr that reaches intermediate focus",
           .advice = "write a fraction: 0.194 is 19.4 %"}),
      key(&LppParameters::n_mirrors,
          {.name = "n_mirrors",
           .range = closed(0, 100),
           .origin = Origin::assumed,
           .why = "collector, illuminator, mask and projection optics of a scanner",
           .doc = "Near-normal Mo/Si mirrors that shape the spectrum"}),
  };
  const std::vector<Key<MonochromaticParameters>> monochromatic = {
      key(&MonochromaticParameters::power_w, {.name = "power_w",
                                              .unit = "W",
                                              .range = above(0, 1e6),
                                              .why = "a reference of one watt",
                                              .doc = "In-band power of the line"}),
  };
  const auto is = [](SourceKind kind) { return [kind](const Job& job) { return job.source.kind == kind; }; };
  return {
      table("source", "The light source.",
            within(
                [](auto& job) -> auto& { return job.source; }, source)),
      table("source.undulator", "A planar undulator in a storage ring; source.kind = \"undulator\".",
            within(
                [](auto& job) -> auto& { return job.source.undulator; }, undulator),
            is(SourceKind::undulator)),
      table("source.lpp", "A laser-produced tin plasma; source.kind = \"lpp\".",
            within(
                [](auto& job) -> auto& { return job.source.lpp; }, lpp),
            is(SourceKind::lpp)),
      table("source.monochromatic", "One ideal line; source.kind = \"monochromatic\".",
            within(
                [](auto& job) -> auto& { return job.source.monochromatic; }, monochromatic),
            is(SourceKind::monochromatic)),
  };
}

std::vector<Table> illuminator_tables() {
  using illuminator::PolarisationSetting;
  using illuminator::Shape;
  std::vector<Key<Job>> keys = within(
      [](auto& job) -> auto& { return job.illuminator; },
      std::vector<Key<IlluminatorParameters>>{
          choice(&IlluminatorParameters::shape,
                 {{"conventional", Shape::conventional},
                  {"annular", Shape::annular},
                  {"dipole", Shape::dipole},
                  {"quasar", Shape::quasar},
                  {"leaf_dipole", Shape::leaf_dipole},
                  {"points", Shape::points},
                  {"map", Shape::map}},
                 {.name = "shape",
                  .origin = Origin::assumed,
                  .why = "serves lines of both directions",
                  .doc = "How the pupil is lit: a disc, a ring, two poles, four poles, two leaves, or what a "
                         "file says"}),
          key(&IlluminatorParameters::sigma_inner,
              {.name = "sigma_inner",
               .range = below(0, 1),
               .origin = Origin::assumed,
               .why = "a usual ring",
               .doc = "Inner radius of ring and poles relative to the aperture (annular, dipole, quasar)"}),
          key(&IlluminatorParameters::sigma_outer,
              {.name = "sigma_outer",
               .range = above(0, 1),
               .origin = Origin::assumed,
               .why = "a usual ring",
               .doc = "Outer radius of the lit area relative to the aperture"}),
          key(&IlluminatorParameters::opening_deg,
              {.name = "opening_deg",
               .unit = "deg",
               .range = above(0, 180),
               .origin = Origin::assumed,
               .why = "quasar poles as wide as the gaps between them",
               .doc = "Full opening angle of each pole seen from the centre (dipole, quasar)"}),
          key(&IlluminatorParameters::rotation_deg,
              {.name = "rotation_deg",
               .unit = "deg",
               .range = closed(-360, 360),
               .why = "first pole on the x axis, for lines that run along y",
               .doc =
                   "Direction of the first pole from +x, counter-clockwise; quasar starts at 45 plus this"}),
          key(&IlluminatorParameters::leaf_offset_sigma,
              {.name = "leaf_offset_sigma",
               .range = open(0, 2),
               .origin = Origin::assumed,
               .why = "leaves that suit the smallest pitches",
               .doc = "Distance of the second circle's centre from the centre of the pupil (leaf_dipole)"}),
          choice(
              &IlluminatorParameters::polarisation,
              {{"source", PolarisationSetting::source},
               {"unpolarised", PolarisationSetting::unpolarised},
               {"x", PolarisationSetting::x},
               {"y", PolarisationSetting::y},
               {"tangential", PolarisationSetting::tangential},
               {"radial", PolarisationSetting::radial},
               {"circular", PolarisationSetting::circular}},
              {.name = "polarisation",
               .why = "mirrors near normal incidence keep it",
               .doc =
                   "Polarisation on the mask: as the source made it (or as the rows of points_file say), or "
                   "set by the illuminator"}),
          key(&IlluminatorParameters::grid_points,
              {.name = "grid_points",
               .range = closed(3, 2001),
               .origin = Origin::derived,
               .why = "the image of an isolated line within 1e-4 of a continuous source (case I07)",
               .doc = "Samples of the source across the diameter of the pupil; more are finer and slower"}),
      });
  keys.push_back(
      file(&Job::illuminator_points_file,
           {.name = "points_file",
            .why = "only shape = \"points\" needs one",
            .doc = "CSV with the columns sigma_x, sigma_y, weight and, if polarised, s1, s2, s3"}));
  keys.push_back(key(&Job::rim_levels,
                     {.name = "rim_levels",
                      .range = closed(0, 12),
                      .origin = Origin::derived,
                      .why = "1e-4 of the open frame for dense lines, as imaging.accuracy = \"standard\"",
                      .doc = "Patterns of few orders: source cells that the rim of an order crosses are cut "
                             "along it, and divided "
                             "this often where several cross; 0 = never"}));
  keys.push_back(file(&Job::illuminator_map_file,
                      {.name = "map_file",
                       .why = "only shape = \"map\" needs one",
                       .doc = "Square PNG (grey) or .npy (n by n) of the pupil from -1 to 1 in x and y"}));
  return {table("illuminator", "From the light to the directions from which the mask is lit.", keys)};
}

}  // namespace undulith::flow
