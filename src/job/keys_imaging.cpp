#include "job/keys_table.hpp"
#include "undulith/job/accuracy.hpp"

namespace undulith::job {

using imaging::ImagingParameters;
using imaging::JonesTerm;
using imaging::Obscuration;
using imaging::ProjectionMirror;
using imaging::SocsParameters;
using imaging::ZernikeTerm;
using optics::MaterialFilm;
using optics::ZernikeSet;

namespace {

const std::vector<std::pair<std::string, ZernikeSet>> kZernikeSets = {
    {"fringe", ZernikeSet::fringe}, {"noll", ZernikeSet::noll}, {"osa", ZernikeSet::osa}};

template <class T>
void append(std::vector<T>& all, std::vector<T> more) {
  for (T& one : more) all.push_back(std::move(one));
}

std::vector<Key<ImagingParameters>> optics_keys() {
  using imaging::FieldModel;
  using imaging::Obliquity;
  return {
      key(&ImagingParameters::na, {.name = "na",
                                   .range = open(0, 4),
                                   .why = "the EUV scanners in production",
                                   .doc = "Numerical aperture at the wafer, below medium_index",
                                   .advice = "use 0.33 or 0.55"}),
      key(&ImagingParameters::focus_nm,
          {.name = "focus_nm",
           .unit = "nm",
           .range = closed(-10000, 10000),
           .why = "best focus of perfect optics",
           .doc = "Observation plane displaced along the direction of propagation"}),
      key(&ImagingParameters::output_pitch_nm,
          {.name = "output_pitch_nm",
           .unit = "nm",
           .range = above(0, 1000),
           .why = "fine enough for pictures; critical dimensions do not depend on it",
           .doc = "Largest step of the grid on which the image is written"}),
      choice(&ImagingParameters::field_model,
             {{"vector", FieldModel::vector}, {"scalar", FieldModel::scalar}},
             {.name = "field_model",
              .why = "at NA 0.33 polarisation already costs a fifth of the contrast of the steepest beams",
              .doc = "Three components of the electric field for each polarisation, or one scalar wave"}),
      choice(&ImagingParameters::obliquity,
             {{"radiometric", Obliquity::radiometric}, {"none", Obliquity::none}},
             {.name = "obliquity",
              .why = "the power of a pencil of light is kept",
              .doc = "Amplitude sqrt(cos_obj / cos_img) over the pupil, or 1"}),
      key(&ImagingParameters::medium_index,
          {.name = "medium_index",
           .range = closed(1, 4),
           .why = "EUV light travels in vacuum",
           .doc = "Refractive index of what the light comes through to the wafer"}),
      key(&ImagingParameters::magnification_x, {.name = "magnification_x",
                                                .range = above(0, 100),
                                                .why = "all scanners",
                                                .doc = "Reduction from mask to wafer along x"}),
      key(&ImagingParameters::magnification_y, {.name = "magnification_y",
                                                .range = above(0, 100),
                                                .why = "scanners with NA 0.33; 8 at NA 0.55",
                                                .doc = "Reduction from mask to wafer along y"}),
      key(&ImagingParameters::chief_ray_azimuth_deg,
          {.name = "chief_ray_azimuth_deg",
           .unit = "deg",
           .range = closed(-180, 180),
           .why = "the middle of the slit",
           .doc = "Direction of the chief ray at the mask, from the y-z plane towards +x; its angle is "
                  "mask.stack.incidence_deg"}),
      key(&ImagingParameters::mask_height_nm, {.name = "mask_height_nm",
                                               .unit = "nm",
                                               .range = closed(-1e5, 1e5),
                                               .why = "the mask in its plane",
                                               .doc = "Displacement of the mask along its normal towards the "
                                                      "optics, at mask scale: the image shifts "
                                                      "and defocuses"}),
      key(&ImagingParameters::vibration_x_nm, {.name = "vibration_x_nm",
                                               .unit = "nm",
                                               .range = closed(0, 1000),
                                               .why = "a stage that stands still",
                                               .doc = "Moving standard deviation of the stage along x"}),
      key(&ImagingParameters::vibration_y_nm, {.name = "vibration_y_nm",
                                               .unit = "nm",
                                               .range = closed(0, 1000),
                                               .why = "a stage that stands still",
                                               .doc = "Moving standard deviation of the stage along y"}),
      material(&ImagingParameters::substrate_material,
               {.name = "substrate_material",
                .why = "wafers",
                .doc = "Material below the films of [[imaging.film]]"}),
      key(&ImagingParameters::substrate_index,
          {.name = "substrate_index",
           .range = above(0, 20),
           .origin = Origin::derived,
           .why = "found from the material",
           .doc = "Refractive index n + ik of the substrate as a number or [n, k], instead of the material"}),
      key(&ImagingParameters::depth_nm,
          {.name = "depth_nm",
           .unit = "nm",
           .range = closed(0, 1e5),
           .why = "the top of the films",
           .doc = "Depth below the top of the first [[imaging.film]] at which the image is taken"}),
  };
}

std::vector<Key<Obscuration>> obscuration_keys() {
  using imaging::ObscurationShape;
  return {
      key(&Obscuration::radius,
          {.name = "obscuration_radius",
           .range = below(0, 1),
           .why = "optics for NA 0.33 have none; at NA 0.55 about 0.2 is assumed",
           .doc = "Half width along x of the hole in the middle of the pupil, relative to NA"}),
      key(&Obscuration::aspect, {.name = "obscuration_aspect",
                                 .range = above(0, 10),
                                 .why = "a round hole",
                                 .doc = "Half width of the hole along y over that along x"}),
      choice(&Obscuration::shape,
             {{"ellipse", ObscurationShape::ellipse}, {"rectangle", ObscurationShape::rectangle}},
             {.name = "obscuration_shape", .why = "a round hole", .doc = "Shape of the hole"}),
  };
}

std::vector<Key<Job>> pupil_file_keys() {
  return {
      key(&Job::through_focus_nm, {.name = "through_focus_nm",
                                   .unit = "nm",
                                   .range = closed(-10000, 10000),
                                   .why = "focus_nm alone",
                                   .doc = "Further planes that are imaged and measured in the same run"}),
      file(&Job::phase_map_file,
           {.name = "phase_map_file",
            .why = "no measured wavefront",
            .doc =
                "Wavefront of the pupil in waves: npy of n x n samples over [-1, 1], or CSV with the columns "
                "pupil_x, pupil_y, phase_waves on a regular grid"}),
      file(&Job::amplitude_map_file,
           {.name = "amplitude_map_file",
            .why = "no measured apodisation",
            .doc = "Amplitude of the pupil, in the same formats (column amplitude)"}),
      file(&Job::aberration_table_file,
           {.name = "aberration_table_file",
            .why = "aberrations that do not change along the slit",
            .doc = "Aberrations through the slit: CSV with position_mm, columns such as fringe_7, noll_11 or "
                   "osa_12 in waves, and azimuth_deg if the chief ray turns; linear between the rows"}),
      key(&Job::slit_position_mm,
          {.name = "slit_position_mm",
           .unit = "mm",
           .range = closed(-1000, 1000),
           .why = "only a table needs it",
           .doc = "Where on the slit: one position of the table, or several whose images are averaged"}),
      key(&Job::slit_weight, {.name = "slit_weight",
                              .range = above(0, 1e6),
                              .why = "all positions count alike",
                              .doc = "Relative weight of each of slit_position_mm in the average"}),
  };
}

std::vector<Key<Job>> method_keys() {
  using imaging::Method;
  std::vector<Key<Job>> keys = {choice(
      &Job::accuracy,
      {{"draft", Accuracy::draft}, {"standard", Accuracy::standard}, {"reference", Accuracy::reference}},
      {.name = "accuracy",
       .why = "about 1e-3 of the open frame for most patterns",
       .doc = "Sets what the job does not set itself: " + accuracy_text()})};
  append(keys, within(
                   [](auto& job) -> auto& { return job.imaging; },
                   std::vector<Key<ImagingParameters>>{choice(
                       &ImagingParameters::method, {{"abbe", Method::abbe}, {"socs", Method::socs}},
                       {.name = "method",
                        .why = "exact for its source points",
                        .doc = "Sum over all source points (abbe), or over the strongest coherent systems "
                               "(socs), with a bound of the error"})}));
  append(
      keys,
      within(
          [](auto& job) -> auto& { return job.imaging.socs; },
          std::vector<Key<SocsParameters>>{
              key(&SocsParameters::n_kernels, {.name = "n_kernels",
                                               .range = closed(1, 100000),
                                               .why = "usual in mask correction",
                                               .doc = "Number of coherent systems (method = \"socs\")"}),
              key(&SocsParameters::requested_error,
                  {.name = "socs_error",
                   .range = below(0, 1),
                   .why = "n_kernels decides",
                   .doc = "If > 0: as many kernels as keep the bound of the error below it, relative to the "
                          "open frame"}),
          }));
  append(
      keys,
      {file(
           &Job::kernel_file,
           {.name = "kernel_file",
            .why = "kernels of these optics are computed",
            .doc =
                "Kernels to use instead (method = \"socs\"): the .npy of undulith kernels, or K kernels of n "
                "x n in the ICCAD-13 layout with scales.npy beside"}),
       key(&Job::kernel_period_nm,
           {.name = "kernel_period_nm",
            .unit = "nm",
            .range = closed(0, 1e6),
            .why = "kernels.json beside the kernels says it; else 2048",
            .doc = "Period of the cell that the kernels of kernel_file are made for"})});
  return keys;
}

std::vector<Key<SpectrumParameters>> spectrum_keys() {
  return {
      choice(&SpectrumParameters::spectrum,
             {{"source", ImageSpectrum::source}, {"line", ImageSpectrum::line}},
             {.name = "spectrum",
              .why = "the light there is",
              .doc = "Image with the spectrum of the source behind the mirrors, or with source.wavelength_nm "
                     "alone"}),
      key(&SpectrumParameters::n_wavelengths,
          {.name = "n_wavelengths",
           .range = closed(0, 64),
           .why = "doubled until spectral_error is met",
           .doc =
               "Number of wavelengths that stand for the spectrum; 0 = as many as spectral_error asks for"}),
      key(&SpectrumParameters::spectral_error,
          {.name = "spectral_error",
           .range = open(0, 1),
           .why = "as fine as the rest at imaging.accuracy = \"standard\"",
           .doc = "Change of the image, relative to the open frame, at which doubling the wavelengths ends"}),
  };
}

Table imaging_table() {
  std::vector<Key<Job>> keys = within(
      [](auto& job) -> auto& { return job.imaging; }, optics_keys());
  append(keys, within(
                   [](auto& job) -> auto& { return job.imaging.obscuration; }, obscuration_keys()));
  append(keys, pupil_file_keys());
  append(keys, method_keys());
  append(keys, within(
                   [](auto& job) -> auto& { return job.spectrum; }, spectrum_keys()));
  return table("imaging", "The projection optics, and how their image is computed.", keys);
}

Table flare_table() {
  using imaging::ScatterPsf;
  std::vector<Key<Job>> keys = within(
      [](auto& job) -> auto& { return job.flare; },
      std::vector<Key<JobFlare>>{
          choice(&JobFlare::model,
                 {{"none", FlareModel::none},
                  {"constant", FlareModel::constant},
                  {"power_law", FlareModel::power_law}},
                 {.name = "model",
                  .why = "perfectly smooth mirrors",
                  .doc = "Scattered light from the clear share of the clip (constant), or of the whole layer "
                         "around "
                         "it (power_law)"}),
          key(&JobFlare::tis, {.name = "tis",
                               .range = below(0, 1),
                               .origin = Origin::assumed,
                               .why = "a few per cent in EUV scanners",
                               .doc = "Total integrated scatter: share of the light that is scattered"}),
          key(&JobFlare::roughness_nm,
              {.name = "roughness_nm",
               .unit = "nm",
               .range = closed(0, 10),
               .why = "tis decides",
               .doc = "If > 0: rms roughness of each mirror that scatters so far, from which tis follows"}),
          key(&JobFlare::n_mirrors, {.name = "n_mirrors",
                                     .range = closed(1, 100),
                                     .why = "projection optics for EUV have six",
                                     .doc = "Mirrors that scatter (roughness_nm)"}),
          key(&JobFlare::surroundings_density,
              {.name = "surroundings_density",
               .range = closed(0, 1),
               .origin = Origin::assumed,
               .why = "a dark-field layer",
               .doc = "Clear share of the mask beyond the layout (power_law)"}),
          key(&JobFlare::kirk_pad_um,
              {.name = "kirk_pad_um",
               .unit = "um",
               .range = above(0, 1e5),
               .why = "a usual test pattern",
               .doc = "Width of the dark pad for which the Kirk flare is told (power_law)"}),
      });
  append(keys,
         within(
             [](auto& job) -> auto& { return job.flare.psf; },
             std::vector<Key<ScatterPsf>>{
                 key(&ScatterPsf::exponent,
                     {.name = "exponent",
                      .range = above(0, 10),
                      .origin = Origin::assumed,
                      .why = "roughness of polished mirrors",
                      .doc = "The scattering point spread function falls as r^-exponent (power_law)"}),
                 key(&ScatterPsf::inner_radius_um, {.name = "inner_radius_um",
                                                    .unit = "um",
                                                    .range = above(0, 1e5),
                                                    .origin = Origin::assumed,
                                                    .why = "below it scatter counts as aberration",
                                                    .doc = "Radius below which it is constant (power_law)"}),
                 key(&ScatterPsf::outer_radius_um, {.name = "outer_radius_um",
                                                    .unit = "um",
                                                    .range = above(0, 1e6),
                                                    .origin = Origin::assumed,
                                                    .why = "a part of the exposure field",
                                                    .doc = "Radius beyond which there is none (power_law)"}),
             }));
  return table("imaging.flare", "Light that rough mirrors scatter over micrometres to millimetres.", keys);
}

Table aberration_table() {
  return table_array(
      "imaging.aberration", "A wavefront aberration, one Zernike term.",
      [](auto& job) -> auto& { return job.imaging.aberrations; },
      std::vector<Key<ZernikeTerm>>{
          key(&ZernikeTerm::index,
              {.name = "index",
               .range = closed(0, 91),
               .doc = "Index in its set: fringe 1 to 37, noll 1 to 91, osa 0 to 90",
               .advice = "in the Fringe set 9 is spherical, 7 and 8 are coma, 5 and 6 astigmatism",
               .required = true}),
          key(&ZernikeTerm::waves,
              {.name = "waves",
               .unit = "waves",
               .range = closed(-10, 10),
               .doc = "Coefficient in waves of source.wavelength_nm; of the peak (fringe) or of "
                      "the rms (noll, osa)",
               .advice = "write waves: 0.02 is 20 mwaves",
               .required = true}),
          choice(&ZernikeTerm::set, kZernikeSets,
                 {.name = "set",
                  .why = "usual in lithography",
                  .doc = "Order and norm of the polynomials: fringe (University of Arizona, unit peak), noll "
                         "or osa "
                         "(ANSI, ISO; unit rms)"}),
      });
}

Table jones_table() {
  return table_array(
      "imaging.jones", "A term of the Jones pupil: 1 plus the sum of coefficient x Zernike x Pauli matrix.",
      [](auto& job) -> auto& { return job.imaging.jones; },
      std::vector<Key<JonesTerm>>{
          key(&JonesTerm::pauli, {.name = "pauli",
                                  .range = closed(0, 3),
                                  .doc = "0: both alike; 1: x against y; 2: +45 against -45 deg; 3: circular",
                                  .advice = "write 0, 1, 2 or 3",
                                  .required = true}),
          key(&JonesTerm::index, {.name = "index",
                                  .range = closed(0, 91),
                                  .why = "the same all over the pupil",
                                  .doc = "Index of the Zernike term in its set"}),
          key(&JonesTerm::coefficient,
              {.name = "coefficient",
               .range = closed(0, 10),
               .doc =
                   "Coefficient, a number (diattenuation) or [real, imaginary] (retardance in radians / 2)",
               .advice = "write a number or [real, imaginary]",
               .required = true}),
          choice(&JonesTerm::set, kZernikeSets,
                 {.name = "set", .why = "usual in lithography", .doc = "Order and norm of the polynomials"}),
      });
}

Table mirror_table() {
  std::vector<Key<ProjectionMirror>> keys = {
      key(&ProjectionMirror::incidence_deg, {.name = "incidence_deg",
                                             .unit = "deg",
                                             .range = below(0, 80),
                                             .doc = "Angle of incidence of the chief ray",
                                             .advice = "write degrees",
                                             .required = true}),
      key(&ProjectionMirror::spread_deg,
          {.name = "spread_deg",
           .unit = "deg",
           .range = closed(-40, 40),
           .why = "the same angle all over the pupil",
           .doc = "How much the angle of incidence grows from the centre to the rim of the pupil"}),
      key(&ProjectionMirror::azimuth_deg,
          {.name = "azimuth_deg",
           .unit = "deg",
           .range = closed(-360, 360),
           .why = "mirrors fold the light in the y-z plane",
           .doc = "Direction of the plane of incidence in the pupil, from +x"}),
  };
  const auto coating = [](auto member, KeyInfo info) {
    Key<optics::MoSiMirror> inner = key(member, std::move(info));
    return Key<ProjectionMirror>{
        inner.info,
        [read = inner.read](ProjectionMirror& mirror, const io::TomlNode& node, const Reading& reading) {
          read(mirror.coating, node, reading);
        },
        [write = inner.write](const ProjectionMirror& mirror, const FileNames& names) {
          return write(mirror.coating, names);
        }};
  };
  using optics::MoSiMirror;
  keys.push_back(coating(&MoSiMirror::period_nm, {.name = "period_nm",
                                                  .unit = "nm",
                                                  .range = above(0, 100),
                                                  .origin = Origin::derived,
                                                  .why = "reflects 13.5 nm best near normal incidence",
                                                  .doc = "Period of the Mo/Si coating"}));
  keys.push_back(coating(&MoSiMirror::molybdenum_share, {.name = "molybdenum_share",
                                                         .range = open(0, 1),
                                                         .why = "the usual share",
                                                         .doc = "Molybdenum in each period"}));
  keys.push_back(coating(&MoSiMirror::n_bilayers, {.name = "n_bilayers",
                                                   .range = closed(1, 1000),
                                                   .why = "more reflect hardly better",
                                                   .doc = "Pairs of molybdenum and silicon"}));
  keys.push_back(coating(&MoSiMirror::roughness_nm, {.name = "roughness_nm",
                                                     .unit = "nm",
                                                     .range = closed(0, 5),
                                                     .origin = Origin::assumed,
                                                     .why = "stands for interdiffusion as well",
                                                     .doc = "Nevot-Croce roughness of every interface"}));
  return table_array(
      "imaging.mirror",
      "A coated mirror of the projection optics: its reflectance against the angle apodises the "
      "pupil.",
      [](auto& job) -> auto& { return job.imaging.mirrors; }, keys);
}

Table defocus_film_table() {
  return table_array(
      "imaging.film",
      "A film on the wafer, the top one first: the image is then taken inside, at imaging.depth_nm.",
      [](auto& job) -> auto& { return job.imaging.films; },
      std::vector<Key<MaterialFilm>>{
          material(&MaterialFilm::material,
                   {.name = "material", .why = "index is given instead", .doc = "Material of the film"}),
          key(&MaterialFilm::thickness_nm, {.name = "thickness_nm",
                                            .unit = "nm",
                                            .range = closed(0, 1e5),
                                            .doc = "Thickness of the film",
                                            .advice = "write nanometres",
                                            .required = true}),
          key(&MaterialFilm::index,
              {.name = "index",
               .range = above(0, 20),
               .origin = Origin::derived,
               .why = "found from the material",
               .doc = "Refractive index n + ik as a number or [n, k], instead of the material"}),
      });
}

}  // namespace

std::vector<Table> imaging_tables() {
  return {imaging_table(), flare_table(),  aberration_table(),
          jones_table(),   mirror_table(), defocus_film_table()};
}

}  // namespace undulith::job
