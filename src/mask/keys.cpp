// SPDX-License-Identifier: MIT
#include "undulith/mask/keys.hpp"

#include "undulith/optics/film_keys.hpp"

namespace undulith::mask {

using keys::choice;
using keys::key;
using keys::material;

using optics::MaterialFilm;

const Keys<MaskParameters>& mask_keys() {
  static const Keys<MaskParameters> all = {
      choice(&MaskParameters::model,
             {{"thin", Model::thin}, {"multislice", Model::multislice}, {"rigorous", Model::rigorous}},
             {.name = "model",
              .why = "the thickness of the absorber moves edges by nanometres; multislice serves any "
                     "layout",
              .doc = "How the mask is computed: Kirchhoff, fast in three dimensions (1 to 4 % of the "
                     "largest order), or Maxwell's equations; amplitudes = \"given\" is always thin"}),
      choice(&MaskParameters::tone, {{"dark_field", Tone::dark_field}, {"bright_field", Tone::bright_field}},
             {.name = "tone",
              .why = "trenches and contacts, where most EUV layers are",
              .doc = "What a drawn shape is: an opening (dark_field), or absorber (bright_field)"}),
      key(&MaskParameters::edge_bias_nm, {.name = "edge_bias_nm",
                                          .unit = "nm",
                                          .range = Range::closed(-1000, 1000),
                                          .why = "the mask as drawn",
                                          .doc = "Every drawn edge moves outward by this much (wafer "
                                                 "scale); a line grows by twice as much"}),
      key(&MaskParameters::corner_rounding_nm, {.name = "corner_rounding_nm",
                                                .unit = "nm",
                                                .range = Range::closed(0, 1000),
                                                .why = "the mask as drawn",
                                                .doc = "Radius to which the mask shop rounds every "
                                                       "corner, outer and inner (wafer scale), after the "
                                                       "bias"}),
      choice(
          &MaskParameters::amplitudes, {{"film_stack", Amplitudes::film_stack}, {"given", Amplitudes::given}},
          {.name = "amplitudes",
           .why = "amplitudes that follow from materials",
           .doc = "Where the reflected amplitudes come from: [mask.stack] and [[mask.absorber]], or the two "
                  "amplitudes below"}),
      key(&MaskParameters::open_amplitude,
          {.name = "open_amplitude",
           .range = Range::above(0, 1),
           .why = "a perfect mirror",
           .doc = "Amplitude reflected by an opening, a number or [re, im] (amplitudes = \"given\")"}),
      key(&MaskParameters::absorber_amplitude,
          {.name = "absorber_amplitude",
           .range = Range::closed(0, 1),
           .why = "a perfect absorber",
           .doc = "Amplitude reflected by the absorber, a number or [re, im] (amplitudes = \"given\")"}),
      key(&MaskParameters::side_wall_deg,
          {.name = "side_wall_deg",
           .unit = "deg",
           .range = Range::open(0, 180),
           .why = "vertical walls",
           .doc = "Angle of the walls of the absorber: below 90 it is wider at the bottom; edges are as "
                  "drawn at half its height (thick masks)"}),
      key(&MaskParameters::reference_depth_nm,
          {.name = "reference_depth_nm",
           .unit = "nm",
           .range = Range::closed(0, 1000),
           .why = "where the mirror seems to reflect, when absent",
           .doc = "Plane of a thick mask that is imaged to focus 0, below the top of the absorber (mask "
                  "scale)"}),
      key(&MaskParameters::etch_depth_nm,
          {.name = "etch_depth_nm",
           .unit = "nm",
           .range = Range::closed(0, 10000),
           .why = "the mirror is whole",
           .doc = "Depth etched into the mirror where the mask is dark (mask scale): phase-shift masks "
                  "and mirrors etched to the substrate; needs absorber = []"}),
      key(&MaskParameters::defect_smoothing_nm,
          {.name = "defect_smoothing_nm",
           .unit = "nm",
           .range = Range::closed(0, 1000),
           .why = "the films copy a bump as it is",
           .doc = "Length over which the films of the mirror smooth buried defects (mask scale)"})};
  return all;
}

namespace {

const Range kThickness = Range::closed(0, 1000);

Keys<FilmStack> cap_keys() {
  return {material(&FilmStack::cap_material, {.name = "cap_material",
                                              .why = "the usual protection of Mo/Si mirrors",
                                              .doc = "Material of the cap"}),
          key(&FilmStack::cap_thickness_nm, {.name = "cap_thickness_nm",
                                             .unit = "nm",
                                             .range = kThickness,
                                             .origin = Origin::assumed,
                                             .why = "usual for masks",
                                             .doc = "Thickness of the cap"}),
          material(&FilmStack::cap_interlayer_material,
                   {.name = "cap_interlayer_material",
                    .why = "a usual barrier to diffusion",
                    .doc = "Material of a film below the cap: a barrier, or a compound of cap and spacer"}),
          key(&FilmStack::cap_interlayer_thickness_nm, {.name = "cap_interlayer_thickness_nm",
                                                        .unit = "nm",
                                                        .range = kThickness,
                                                        .why = "no such film",
                                                        .doc = "Thickness of the film below the cap"})};
}

Keys<FilmStack> mirror_pair_keys() {
  return {
      key(&FilmStack::n_bilayers, {.name = "n_bilayers",
                                   .range = Range::closed(0, 1000),
                                   .why = "the usual mask blank: more reflect hardly better",
                                   .doc = "Number of pairs of spacer and reflector"}),
      material(
          &FilmStack::spacer_material,
          {.name = "spacer_material", .why = "Mo/Si mirror", .doc = "Material of the upper film of a pair"}),
      key(&FilmStack::spacer_thickness_nm, {.name = "spacer_thickness_nm",
                                            .unit = "nm",
                                            .range = kThickness,
                                            .origin = Origin::derived,
                                            .why = "60 % of the period that reflects 13.5 nm best at 6 deg",
                                            .doc = "Thickness of the spacer in each pair"}),
      material(&FilmStack::spacer_on_reflector_material,
               {.name = "spacer_on_reflector_material",
                .why = "what molybdenum and silicon make of each other",
                .doc = "Material of the film where a spacer lies on a reflector: a compound, or a barrier"}),
      key(&FilmStack::spacer_on_reflector_thickness_nm,
          {.name = "spacer_on_reflector_thickness_nm",
           .unit = "nm",
           .range = kThickness,
           .why = "sharp interfaces",
           .doc = "Thickness of that film; spacer and reflector are as thick as they say"}),
      material(&FilmStack::reflector_material, {.name = "reflector_material",
                                                .why = "Mo/Si mirror",
                                                .doc = "Material of the lower film of a pair"}),
      key(&FilmStack::reflector_thickness_nm,
          {.name = "reflector_thickness_nm",
           .unit = "nm",
           .range = kThickness,
           .origin = Origin::derived,
           .why = "40 % of the period that reflects 13.5 nm best at 6 deg",
           .doc = "Thickness of the reflector in each pair"}),
      material(&FilmStack::reflector_on_spacer_material,
               {.name = "reflector_on_spacer_material",
                .why = "what molybdenum and silicon make of each other",
                .doc = "Material of the film where a reflector lies on the spacer of the next pair"}),
      key(&FilmStack::reflector_on_spacer_thickness_nm,
          {.name = "reflector_on_spacer_thickness_nm",
           .unit = "nm",
           .range = kThickness,
           .why = "sharp interfaces",
           .doc = "Thickness of that film; there is none on the substrate"}),
      key(&FilmStack::period_grade_percent,
          {.name = "period_grade_percent",
           .unit = "%",
           .range = Range::closed(-100, 100),
           .why = "a periodic mirror",
           .doc = "Linear change of the period from the first pair to the last, > 0: deeper pairs are "
                  "thicker; the films between spacer and reflector keep their thickness"}),
      material(&FilmStack::substrate_material, {.name = "substrate_material",
                                                .why = "low-expansion glass is mostly silica",
                                                .doc = "Material below the mirror"}),
      key(&FilmStack::roughness_nm, {.name = "roughness_nm",
                                     .unit = "nm",
                                     .range = Range::closed(0, 5),
                                     .why = "sharp interfaces",
                                     .doc = "Nevot-Croce roughness of every interface"}),
      key(&FilmStack::incidence_deg, {.name = "incidence_deg",
                                      .unit = "deg",
                                      .range = Range::below(0, 90),
                                      .why = "chief ray of scanners with NA 0.33",
                                      .doc = "Angle of the chief ray from the normal of the mask"})};
}

}  // namespace

const Keys<FilmStack>& stack_keys() {
  static const Keys<FilmStack> all = keys::joined(cap_keys(), mirror_pair_keys());
  return all;
}

const Keys<FilmLayer>& absorber_keys() {
  static const Keys<FilmLayer> all = keys::joined(
      optics::film_keys<FilmLayer>(kThickness),
      {key(&FilmLayer::undercut_nm, {.name = "undercut_nm",
                                     .unit = "nm",
                                     .range = Range::closed(-1000, 1000),
                                     .why = "walls in one line",
                                     .doc = "The edges of this film recede by this much (mask scale, "
                                            "thick masks)"})});
  return all;
}

const Keys<MaterialFilm>& film_keys() {
  static const Keys<MaterialFilm> all = optics::film_keys<MaterialFilm>(kThickness);
  return all;
}

const Keys<SolverParameters>& solver_keys() {
  static const Keys<SolverParameters> all = {
      key(&SolverParameters::direction_step_deg,
          {.name = "direction_step_deg",
           .unit = "deg",
           .range = Range::above(0, 30),
           .why = "cubic between them; 0.03 nm of CD in example 01, see undulith converge",
           .doc = "Largest angle at the mask between the directions of incidence for which it is "
                  "solved; multislice: half of it with coarse slices, and twice of it with fine ones"}),
      key(&SolverParameters::max_error, {.name = "max_error",
                                         .range = Range::closed(1e-6, 0.1),
                                         .why = "well below what resists show",
                                         .doc = "rigorous: error of an order, relative to the largest one"}),
      key(&SolverParameters::max_orders, {.name = "max_orders",
                                          .range = Range::closed(1, 20000),
                                          .why = "about a minute a Bloch vector",
                                          .doc = "rigorous: no more orders than these are kept"}),
      key(&SolverParameters::pixel_nm, {.name = "pixel_nm",
                                        .unit = "nm",
                                        .range = Range::closed(0.1, 100),
                                        .why = "edges are weighted by area: finer ones change little",
                                        .doc = "multislice: largest pixel, mask scale"}),
      key(&SolverParameters::slice_nm, {.name = "slice_nm",
                                        .unit = "nm",
                                        .range = Range::closed(0.1, 100),
                                        .why = "second order: thinner ones change little",
                                        .doc = "multislice: thickest slice of the absorber"}),
      choice(&SolverParameters::precision, {{"single", Precision::float32}, {"double", Precision::float64}},
             {.name = "precision",
              .why = "its error is a thousandth of that of the model",
              .doc = "multislice: numbers in which the light goes through the slices"}),
      key(&SolverParameters::n_wall_slices,
          {.name = "n_wall_slices",
           .range = Range::closed(1, 100),
           .why = "the error falls with its square",
           .doc = "Slices of each absorber film where walls are not vertical"})};
  return all;
}

const Keys<Pellicle>& pellicle_keys() {
  static const Keys<Pellicle> all = {
      material(&Pellicle::material,
               {.name = "material", .why = "no pellicle", .doc = "Material of the membrane; empty = none"}),
      key(&Pellicle::thickness_nm, {.name = "thickness_nm",
                                    .unit = "nm",
                                    .range = Range::above(0, 1000),
                                    .why = "polysilicon membranes",
                                    .doc = "Thickness of the membrane"})};
  return all;
}

const Keys<MaskDefect>& defect_keys() {
  static const Keys<MaskDefect> all = {
      choice(&MaskDefect::kind,
             {{"buried", DefectKind::buried},
              {"extra_absorber", DefectKind::extra_absorber},
              {"missing_absorber", DefectKind::missing_absorber}},
             {.name = "kind",
              .why = "the defect that only EUV masks have",
              .doc = "A bump under the mirror (multislice), or a square of absorber too much or too "
                     "little"}),
      key(&MaskDefect::x_nm, {.name = "x_nm",
                              .unit = "nm",
                              .range = Range::closed(-1e6, 1e6),
                              .doc = "Its middle, wafer scale",
                              .advice = "write nanometres at wafer scale",
                              .required = true}),
      key(&MaskDefect::y_nm, {.name = "y_nm",
                              .unit = "nm",
                              .range = Range::closed(-1e6, 1e6),
                              .doc = "Its middle, wafer scale",
                              .advice = "write nanometres at wafer scale",
                              .required = true}),
      key(&MaskDefect::height_nm, {.name = "height_nm",
                                   .unit = "nm",
                                   .range = Range::closed(-100, 100),
                                   .why = "53 degrees of phase",
                                   .doc = "buried: height of the bump on the substrate; below 0 a pit"}),
      key(&MaskDefect::width_nm,
          {.name = "width_nm",
           .unit = "nm",
           .range = Range::above(0, 10000),
           .why = "of the size of a feature",
           .doc = "Side of the square, or full width at half maximum of the bump on the substrate (mask "
                  "scale)"})};
  return all;
}

void check_ranges(const MaskParameters& parameters) {
  check_keys(parameters, mask_keys(), "mask");
  check_keys(parameters.solver, solver_keys(), "mask.solver");
  check_keys(parameters.pellicle, pellicle_keys(), "mask.pellicle");
  check_each(parameters.defects, defect_keys(), "mask.defect");
  if (parameters.amplitudes == Amplitudes::given) return;
  check_keys(parameters.stack, stack_keys(), "mask.stack");
  check_each(parameters.stack.absorber, absorber_keys(), "mask.absorber");
  check_each(parameters.stack.films, film_keys(), "mask.film");
}

}  // namespace undulith::mask
