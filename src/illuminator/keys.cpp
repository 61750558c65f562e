// SPDX-License-Identifier: MIT
#include "undulith/illuminator/keys.hpp"

namespace undulith::illuminator {

using keys::choice;
using keys::key;
using keys::material;

const Keys<IlluminatorParameters>& illuminator_keys() {
  static const Keys<IlluminatorParameters> all = {
      choice(
          &IlluminatorParameters::shape,
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
           .doc =
               "How the pupil is illuminated: a disc, a ring, two poles, four poles, two leaves, or what a "
               "file says"}),
      key(&IlluminatorParameters::sigma_inner,
          {.name = "sigma_inner",
           .range = Range::below(0, 1),
           .origin = Origin::assumed,
           .why = "a usual ring",
           .doc = "Inner radius of ring and poles relative to the aperture (annular, dipole, quasar)"}),
      key(&IlluminatorParameters::sigma_outer,
          {.name = "sigma_outer",
           .range = Range::above(0, 1),
           .origin = Origin::assumed,
           .why = "a usual ring",
           .doc = "Outer radius of the illuminated area relative to the aperture"}),
      key(&IlluminatorParameters::opening_deg,
          {.name = "opening_deg",
           .unit = "deg",
           .range = Range::above(0, 180),
           .origin = Origin::assumed,
           .why = "quasar poles as wide as the gaps between them",
           .doc = "Full opening angle of each pole seen from the centre (dipole, quasar)"}),
      key(&IlluminatorParameters::rotation_deg,
          {.name = "rotation_deg",
           .unit = "deg",
           .range = Range::closed(-360, 360),
           .why = "first pole on the x axis, for lines that run along y",
           .doc = "Direction of the first pole from +x, counter-clockwise; quasar starts at 45 plus this"}),
      key(&IlluminatorParameters::leaf_offset_sigma,
          {.name = "leaf_offset_sigma",
           .range = Range::open(0, 2),
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
           .doc = "Polarisation on the mask: as the source made it (or as the rows of points_file say), or "
                  "set by the illuminator"}),
      key(&IlluminatorParameters::grid_points,
          {.name = "grid_points",
           .range = Range::closed(3, 2001),
           .origin = Origin::derived,
           .why = "the image of an isolated line within 1e-4 of a continuous source (case I07)",
           .doc = "Samples of the source across the diameter of the pupil; more are finer and slower"})};
  return all;
}

const Keys<BeamlineParameters>& beamline_keys() {
  static const Keys<BeamlineParameters> all = {
      key(&BeamlineParameters::n_scanners, {.name = "n_scanners",
                                            .range = Range::closed(1, 1000),
                                            .why = "one source, one scanner",
                                            .doc = "Scanners that share the source in equal parts"}),
      key(&BeamlineParameters::splitting_efficiency,
          {.name = "splitting_efficiency",
           .range = Range::above(0, 1),
           .why = "nothing is lost",
           .doc = "Share that survives the division among scanners",
           .advice = "write a fraction: 0.9 is 90 %"}),
      key(&BeamlineParameters::first_mirror_distance_m,
          {.name = "first_mirror_distance_m",
           .unit = "m",
           .range = Range::above(0, 1e4),
           .origin = Origin::assumed,
           .why = "behind the shielding of a ring",
           .doc = "From the source to the first mirror, for the power density on it"})};
  return all;
}

const Keys<BeamlineMirror>& mirror_keys() {
  static const Keys<BeamlineMirror> all = {
      key(&BeamlineMirror::name,
          {.name = "name", .doc = "What the element is, for tables", .required = true}),
      choice(&BeamlineMirror::section,
             {{"front_end", Section::front_end},
              {"illuminator", Section::illuminator},
              {"mask", Section::mask},
              {"projection", Section::projection}},
             {.name = "section",
              .why = "where accelerators differ",
              .doc = "Part of the way it belongs to; intermediate focus lies behind the front end"}),
      choice(&BeamlineMirror::coating,
             {{"multilayer", Coating::multilayer}, {"grazing", Coating::grazing}, {"fixed", Coating::fixed}},
             {.name = "coating",
              .why = "the mirrors of a scanner",
              .doc = "Mo/Si multilayer, one film at grazing incidence, or a fixed transmission"}),
      key(&BeamlineMirror::count, {.name = "count",
                                   .range = Range::closed(0, 100),
                                   .why = "one element",
                                   .doc = "How many equal ones follow each other"}),
      key(&BeamlineMirror::incidence_deg,
          {.name = "incidence_deg",
           .unit = "deg",
           .range = Range::below(0, 90),
           .origin = Origin::assumed,
           .why = "near normal",
           .doc = "Angle of incidence from the surface normal; 88 is 2 degrees grazing",
           .advice = "90 minus the grazing angle"}),
      material(&BeamlineMirror::material, {.name = "material",
                                           .origin = Origin::assumed,
                                           .why = "holds well under grazing EUV light",
                                           .doc = "Film of a grazing mirror"}),
      key(&BeamlineMirror::roughness_nm, {.name = "roughness_nm",
                                          .unit = "nm",
                                          .range = Range::closed(0, 10),
                                          .origin = Origin::assumed,
                                          .why = "a good polish",
                                          .doc = "rms roughness of a grazing mirror"}),
      key(&BeamlineMirror::peak_reflectance,
          {.name = "peak_reflectance",
           .range = Range::closed(0, 1),
           .why = "0 = that of the model stack",
           .doc = "Measured peak of a multilayer, to which the model's curve is scaled",
           .advice = "write a fraction: 0.65 is 65 %"}),
      key(&BeamlineMirror::transmission, {.name = "transmission",
                                          .range = Range::above(0, 1),
                                          .why = "nothing is lost",
                                          .doc = "Share that a fixed element lets through",
                                          .advice = "write a fraction: 0.9 is 90 %"}),
      key(&BeamlineMirror::plane_of_incidence_deg,
          {.name = "plane_of_incidence_deg",
           .unit = "deg",
           .range = Range::closed(-360, 360),
           .origin = Origin::assumed,
           .why = "deflects vertically, as the chief ray at the mask",
           .doc = "Direction in which it deflects, from +x"})};
  return all;
}

const Keys<FacetParameters>& facet_keys() {
  static const Keys<FacetParameters> all = {
      key(&FacetParameters::n_field_facets,
          {.name = "n_field_facets",
           .range = Range::closed(1, 5000),
           .origin = Origin::assumed,
           .why = "order of magnitude of published illuminators (unverified)",
           .doc = "Field facets, each imaged onto the whole slit"}),
      key(&FacetParameters::n_pupil_facets,
          {.name = "n_pupil_facets",
           .range = Range::closed(1, 20000),
           .origin = Origin::assumed,
           .why = "several for each field facet, so that settings can be chosen (unverified)",
           .doc = "Pupil facets over the whole pupil"}),
      key(&FacetParameters::spot_radius_sigma,
          {.name = "spot_radius_sigma",
           .range = Range::closed(0, 1),
           .origin = Origin::derived,
           .why = "0 = as large as a facet",
           .doc = "Radius of the light on a pupil facet, relative to the aperture"}),
      choice(
          &FacetParameters::pointing, {{"repoint", Pointing::repoint}, {"block", Pointing::block}},
          {.name = "pointing",
           .why = "loses no light while there are illuminated facets left",
           .doc =
               "What becomes of field facets whose pupil facet is dark: pointed to an illuminated one, or blocked"}),
      key(&FacetParameters::points_per_spot, {.name = "points_per_spot",
                                              .only = {1, 7, 19},
                                              .why = "resolves a spot",
                                              .doc = "Source points that stand for a spot",
                                              .advice = "use 1, 7 or 19"})};
  return all;
}

void check_ranges(const IlluminatorParameters& parameters) {
  check_keys(parameters, illuminator_keys(), "illuminator");
}

void check_ranges(const BeamlineParameters& parameters) {
  check_keys(parameters, beamline_keys(), "beamline");
  check_each(parameters.mirrors, mirror_keys(), "beamline.mirror");
}

void check_ranges(const FacetParameters& parameters) {
  check_keys(parameters, facet_keys(), "facets");
}

}  // namespace undulith::illuminator
