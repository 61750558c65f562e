// SPDX-License-Identifier: MIT
#include "undulith/imaging/keys.hpp"

#include "undulith/optics/film_keys.hpp"

namespace undulith::imaging {

using keys::choice;
using keys::key;
using keys::material;

using optics::MaterialFilm;
using optics::ZernikeSet;

namespace {

const std::vector<std::pair<std::string, ZernikeSet>> kZernikeSets = {
    {"fringe", ZernikeSet::fringe}, {"noll", ZernikeSet::noll}, {"osa", ZernikeSet::osa}};

}  // namespace

namespace {

Keys<ImagingParameters> aperture_keys() {
  using imaging::FieldModel;
  using imaging::Obliquity;
  return {
      key(&ImagingParameters::na, {.name = "na",
                                   .range = Range::open(0, 4),
                                   .why = "the EUV scanners in production",
                                   .doc = "Numerical aperture at the wafer, below medium_index",
                                   .advice = "use 0.33 or 0.55"}),
      key(&ImagingParameters::focus_nm,
          {.name = "focus_nm",
           .unit = "nm",
           .range = Range::closed(-10000, 10000),
           .why = "best focus of perfect optics",
           .doc = "Observation plane displaced along the direction of propagation"}),
      key(&ImagingParameters::output_pitch_nm,
          {.name = "output_pitch_nm",
           .unit = "nm",
           .range = Range::above(0, 1e8),
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
           .range = Range::closed(1, 4),
           .why = "EUV light travels in vacuum",
           .doc = "Refractive index of what the light comes through to the wafer"})};
}

Keys<ImagingParameters> machine_keys() {
  return {
      key(&ImagingParameters::magnification_x, {.name = "magnification_x",
                                                .range = Range::above(0, 100),
                                                .why = "all scanners",
                                                .doc = "Reduction from mask to wafer along x"}),
      key(&ImagingParameters::magnification_y, {.name = "magnification_y",
                                                .range = Range::above(0, 100),
                                                .why = "scanners with NA 0.33; 8 at NA 0.55",
                                                .doc = "Reduction from mask to wafer along y"}),
      key(&ImagingParameters::chief_ray_azimuth_deg,
          {.name = "chief_ray_azimuth_deg",
           .unit = "deg",
           .range = Range::closed(-180, 180),
           .why = "the middle of the slit",
           .doc = "Direction of the chief ray at the mask, from the y-z plane towards +x; its angle is "
                  "mask.stack.incidence_deg"}),
      key(&ImagingParameters::mask_height_nm, {.name = "mask_height_nm",
                                               .unit = "nm",
                                               .range = Range::closed(-1e5, 1e5),
                                               .why = "the mask in its plane",
                                               .doc = "Displacement of the mask along its normal towards the "
                                                      "optics, at mask scale: the image shifts "
                                                      "and defocuses"}),
      key(&ImagingParameters::vibration_x_nm, {.name = "vibration_x_nm",
                                               .unit = "nm",
                                               .range = Range::closed(0, 1000),
                                               .why = "a stage that stands still",
                                               .doc = "Moving standard deviation of the stage along x"}),
      key(&ImagingParameters::vibration_y_nm, {.name = "vibration_y_nm",
                                               .unit = "nm",
                                               .range = Range::closed(0, 1000),
                                               .why = "a stage that stands still",
                                               .doc = "Moving standard deviation of the stage along y"}),
      material(&ImagingParameters::substrate_material,
               {.name = "substrate_material",
                .why = "wafers",
                .doc = "Material below the films of [[imaging.film]]"}),
      key(&ImagingParameters::substrate_index,
          {.name = "substrate_index",
           .range = Range::above(0, 20),
           .origin = Origin::derived,
           .why = "found from the material",
           .doc = "Refractive index n + ik of the substrate as a number or [n, k], instead of the material"}),
      key(&ImagingParameters::depth_nm,
          {.name = "depth_nm",
           .unit = "nm",
           .range = kDepthNm,
           .why = "the top of the films",
           .doc = "Depth below the top of the first [[imaging.film]] at which the image is taken"})};
}

}  // namespace

const Keys<ImagingParameters>& optics_keys() {
  static const Keys<ImagingParameters> all = keys::joined(aperture_keys(), machine_keys());
  return all;
}

const Keys<Obscuration>& obscuration_keys() {
  using imaging::ObscurationShape;

  static const Keys<Obscuration> all = {
      key(&Obscuration::radius,
          {.name = "obscuration_radius",
           .range = Range::below(0, 1),
           .why = "optics for NA 0.33 have none; at NA 0.55 about 0.2 is assumed",
           .doc = "Half width along x of the hole in the middle of the pupil, relative to NA"}),
      key(&Obscuration::aspect, {.name = "obscuration_aspect",
                                 .range = Range::above(0, 10),
                                 .why = "a round hole",
                                 .doc = "Half width of the hole along y over that along x"}),
      choice(&Obscuration::shape,
             {{"ellipse", ObscurationShape::ellipse}, {"rectangle", ObscurationShape::rectangle}},
             {.name = "obscuration_shape", .why = "a round hole", .doc = "Shape of the hole"})};
  return all;
}

const Keys<ImagingParameters>& method_keys() {
  static const Keys<ImagingParameters> all = {
      choice(&ImagingParameters::method, {{"abbe", Method::abbe}, {"socs", Method::socs}},
             {.name = "method",
              .why = "exact for its source points",
              .doc = "Sum over all source points (abbe), or over the strongest coherent systems "
                     "(socs), with a bound of the error"}),
      choice(
          &ImagingParameters::precision, {{"double", Precision::float64}, {"single", Precision::float32}},
          {.name = "precision",
           .why = "rounding is then far below every other error",
           .doc =
               "Arithmetic of the sum over source points or kernels. Single takes about half the time; its "
               "error, about 1e-6 of the open frame, is measured in every run"})};
  return all;
}

const Keys<SocsParameters>& socs_keys() {
  static const Keys<SocsParameters> all = {
      key(&SocsParameters::n_kernels, {.name = "n_kernels",
                                       .range = Range::closed(1, 100000),
                                       .why = "usual in mask correction",
                                       .doc = "Number of coherent systems (method = \"socs\")"}),
      key(&SocsParameters::requested_error,
          {.name = "socs_error",
           .range = Range::below(0, 1),
           .why = "n_kernels decides",
           .doc = "If > 0: as many kernels as keep the bound of the error below it, relative to the "
                  "open frame"})};
  return all;
}

const Keys<ScatterPsf>& scatter_keys() {
  static const Keys<ScatterPsf> all = {
      key(&ScatterPsf::exponent,
          {.name = "exponent",
           .range = Range::above(0, 10),
           .origin = Origin::assumed,
           .why = "roughness of polished mirrors",
           .doc = "The scattering point spread function falls as r^-exponent (power_law)"}),
      key(&ScatterPsf::inner_radius_um, {.name = "inner_radius_um",
                                         .unit = "um",
                                         .range = Range::above(0, 1e5),
                                         .origin = Origin::assumed,
                                         .why = "below it scatter counts as aberration",
                                         .doc = "Radius below which it is constant (power_law)"}),
      key(&ScatterPsf::outer_radius_um, {.name = "outer_radius_um",
                                         .unit = "um",
                                         .range = Range::above(0, 1e6),
                                         .origin = Origin::assumed,
                                         .why = "a part of the exposure field",
                                         .doc = "Radius beyond which there is none (power_law)"})};
  return all;
}

const Keys<ZernikeTerm>& aberration_keys() {
  static const Keys<ZernikeTerm> all = {
      key(&ZernikeTerm::index,
          {.name = "index",
           .range = Range::closed(0, 91),
           .doc = "Index in its set: fringe 1 to 37, noll 1 to 91, osa 0 to 90",
           .advice = "in the Fringe set 9 is spherical, 7 and 8 are coma, 5 and 6 astigmatism",
           .required = true}),
      key(&ZernikeTerm::waves,
          {.name = "waves",
           .unit = "waves",
           .range = Range::closed(-10, 10),
           .doc = "Coefficient in waves of source.wavelength_nm; of the peak (fringe) or of "
                  "the rms (noll, osa)",
           .advice = "write waves: 0.02 is 20 mwaves",
           .required = true}),
      choice(&ZernikeTerm::set, kZernikeSets,
             {.name = "set",
              .why = "usual in lithography",
              .doc = "Order and norm of the polynomials: fringe (University of Arizona, unit peak), noll "
                     "or osa "
                     "(ANSI, ISO; unit rms)"})};
  return all;
}

const Keys<JonesTerm>& jones_keys() {
  static const Keys<JonesTerm> all = {
      key(&JonesTerm::pauli,
          {.name = "pauli",
           .range = Range::closed(0, 3),
           .doc = "0: the same for both; 1: x against y; 2: +45 against -45 deg; 3: circular",
           .advice = "write 0, 1, 2 or 3",
           .required = true}),
      key(&JonesTerm::index, {.name = "index",
                              .range = Range::closed(0, 91),
                              .why = "the same all over the pupil",
                              .doc = "Index of the Zernike term in its set"}),
      key(&JonesTerm::coefficient,
          {.name = "coefficient",
           .range = Range::closed(0, 10),
           .doc = "Coefficient, a number (diattenuation) or [real, imaginary] (retardance in radians / 2)",
           .advice = "write a number or [real, imaginary]",
           .required = true}),
      choice(&JonesTerm::set, kZernikeSets,
             {.name = "set", .why = "usual in lithography", .doc = "Order and norm of the polynomials"})};
  return all;
}

const Keys<ProjectionMirror>& mirror_keys() {
  using optics::MoSiMirror;
  static const Keys<ProjectionMirror> all = keys::joined<ProjectionMirror>(
      {key(&ProjectionMirror::incidence_deg, {.name = "incidence_deg",
                                              .unit = "deg",
                                              .range = Range::below(0, 80),
                                              .doc = "Angle of incidence of the chief ray",
                                              .advice = "write degrees",
                                              .required = true}),
       key(&ProjectionMirror::spread_deg,
           {.name = "spread_deg",
            .unit = "deg",
            .range = Range::closed(-40, 40),
            .why = "the same angle all over the pupil",
            .doc = "How much the angle of incidence grows from the centre to the rim of the pupil"}),
       key(&ProjectionMirror::azimuth_deg,
           {.name = "azimuth_deg",
            .unit = "deg",
            .range = Range::closed(-360, 360),
            .why = "mirrors fold the light in the y-z plane",
            .doc = "Direction of the plane of incidence in the pupil, from +x"})},
      keys::within<ProjectionMirror>(
          [](auto& mirror) -> auto& { return mirror.coating; },
          Keys<MoSiMirror>{
              key(&MoSiMirror::period_nm, {.name = "period_nm",
                                           .unit = "nm",
                                           .range = Range::above(0, 100),
                                           .origin = Origin::derived,
                                           .why = "reflects 13.5 nm best near normal incidence",
                                           .doc = "Period of the Mo/Si coating"}),
              key(&MoSiMirror::molybdenum_share, {.name = "molybdenum_share",
                                                  .range = Range::open(0, 1),
                                                  .why = "the usual share",
                                                  .doc = "Molybdenum in each period"}),
              key(&MoSiMirror::n_bilayers, {.name = "n_bilayers",
                                            .range = Range::closed(1, 1000),
                                            .why = "more reflect hardly better",
                                            .doc = "Pairs of molybdenum and silicon"}),
              key(&MoSiMirror::roughness_nm, {.name = "roughness_nm",
                                              .unit = "nm",
                                              .range = Range::closed(0, 5),
                                              .origin = Origin::assumed,
                                              .why = "stands for interdiffusion as well",
                                              .doc = "Nevot-Croce roughness of every interface"})}));
  return all;
}

const Keys<MaterialFilm>& film_keys() {
  static const Keys<MaterialFilm> all = optics::film_keys<MaterialFilm>(Range::closed(0, 1e5));
  return all;
}

void check_ranges(const ImagingParameters& parameters) {
  check_keys(parameters, optics_keys(), "imaging");
  check_keys(parameters.obscuration, obscuration_keys(), "imaging");
  check_keys(parameters.socs, socs_keys(), "imaging");
  check_each(parameters.aberrations, aberration_keys(), "imaging.aberration");
  check_each(parameters.jones, jones_keys(), "imaging.jones");
  check_each(parameters.mirrors, mirror_keys(), "imaging.mirror");
  check_each(parameters.films, film_keys(), "imaging.film");
}

}  // namespace undulith::imaging
