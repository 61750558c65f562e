// SPDX-License-Identifier: MIT
#include "job/table.hpp"

namespace undulith::job {
namespace {

using keys::choice;
using keys::joined;
using keys::key;
using Source = OptimiseSourceTable;

Keys<Source> goal_keys() {
  return {
      choice(
          &Source::goal,
          {{"max_min_nils", OptimiseSourceGoal::max_min_nils},
           {"edge_placement", OptimiseSourceGoal::edge_placement},
           {"least_dose", OptimiseSourceGoal::least_dose}},
          {.name = "goal",
           .why = "contrast is what a source can give that a mask cannot",
           .doc =
               "max_min_nils: the smallest NILS of all edges and conditions as large as possible; "
               "edge_placement: the squared errors of edges as small as possible; least_dose: the dose as low "
               "as possible where no NILS is below min_nils"}),
      key(&Source::min_pupil_fill,
          {.name = "min_pupil_fill",
           .range = Range::above(0, 1),
           .why = "illuminators of the NXE:3400 class lose light below it",
           .doc =
               "Least share of the pupil with light, pixels: none is brighter than light spread evenly over it"}),
      choice(
          &Source::symmetry,
          {{"none", OptimiseSymmetry::none},
           {"x_axis", OptimiseSymmetry::x_axis},
           {"y_axis", OptimiseSymmetry::y_axis},
           {"both_axes", OptimiseSymmetry::both_axes},
           {"opposite", OptimiseSymmetry::opposite}},
          {.name = "symmetry",
           .why = "telecentric, and the same for mirrored patterns",
           .doc =
               "Pixels of the pupil with the same light: mirror images in the x axis, the y axis or both, or "
               "opposite ones. Facets have none"}),
      key(&Source::max_placement_error_nm, {.name = "max_placement_error_nm",
                                            .unit = "nm",
                                            .range = Range::closed(0, 1000),
                                            .why = "0: no bound",
                                            .doc = "Largest error of an edge in any condition, pixels"}),
      key(&Source::min_nils, {.name = "min_nils",
                              .range = Range::closed(0, 1000),
                              .why = "0: no bound",
                              .doc = "edge_placement, least_dose: least NILS of an edge in any condition"})};
}

Keys<Source> candidate_keys() {
  return {
      key(&Source::min_sigma, {.name = "min_sigma",
                               .range = Range::below(0, 1),
                               .why = "the whole pupil",
                               .doc = "Inner radius of the light, pixels; below max_sigma"}),
      key(&Source::max_sigma, {.name = "max_sigma",
                               .range = Range::above(0, 1),
                               .why = "the whole pupil",
                               .doc = "Outer radius of the light, pixels"}),
      key(&Source::grid_points, {.name = "grid_points",
                                 .range = Range::closed(11, 201),
                                 .why = "1300 pixels; NILS to about 0.01",
                                 .doc = "Pixels across the pupil; 41 gives 1300 in all"}),
      key(&Source::facet_reach_sigma,
          {.name = "facet_reach_sigma",
           .range = Range::above(0, 2),
           .why = "2: every field facet reaches every pupil facet",
           .doc =
               "facets.pupil = \"facets\": distance of the pupil facets that a field facet reaches from its rest "
               "position, rest positions being spread evenly"})};
}

Keys<Source> front_keys() {
  return {
      choice(&Source::mask_method, {{"opc", OptimiseMethod::opc}, {"ilt", OptimiseMethod::ilt}},
             {.name = "mask_method", .why = "faster than free shapes", .doc = "smo: method of the mask"}),
      key(&Source::max_rounds, {.name = "max_rounds",
                                .range = Range::closed(1, 100),
                                .why = "later rounds gain little",
                                .doc = "smo: most rounds of mask and source"}),
      key(&Source::front_pupil_fill,
          {.name = "front_pupil_fill",
           .range = Range::above(0, 1),
           .why = "from small poles to most of the pupil",
           .doc = "Fills of the sources of the front of NILS against wafers per hour; empty: no front"}),
      choice(
          &Source::dose_rule, {{"size", OptimiseDoseRule::size}, {"roughness", OptimiseDoseRule::roughness}},
          {.name = "dose_rule",
           .why = "a resist needs one dose at the edge",
           .doc =
               "Dose of the front: size: the same dose at the edge; roughness: dose at the edge as 1/NILS^2, "
               "so that the photon noise of the edge is that of the job's own source"})};
}

}  // namespace

Table optimise_source_table() {
  return table(
      "optimise.source", "The light of undulith optimise; optimise.method = \"source\" or \"smo\".",
      [](auto& job) -> auto& { return job.optimise.source; },
      joined(joined(goal_keys(), candidate_keys()), front_keys()));
}

}  // namespace undulith::job
