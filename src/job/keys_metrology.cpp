#include "job/keys_table.hpp"

namespace undulith::job {

using metrology::Gauge;
using metrology::MetrologyParameters;

namespace {

std::vector<Key<Job>> of_profile(std::vector<Key<Job>> keys) {
  keys.push_back(key(&Job::cd_height,
                     {.name = "cd_height",
                      .range = open(0, 1),
                      .why = "half way up",
                      .doc = "Share of the film above the substrate at which the CD of a profile is taken"}));
  return keys;
}

Table metrology_table() {
  using metrology::GaugePlacement;
  return table("metrology", "What is measured on the image or on the resist.",
               of_profile(within(
                   [](auto& job) -> auto& { return job.metrology; },
                   std::vector<Key<MetrologyParameters>>{
                       key(&MetrologyParameters::threshold,
                           {.name = "threshold",
                            .range = above(0, 10),
                            .origin = Origin::assumed,
                            .why = "near the edge of a dense line; depends on resist and dose",
                            .doc = "Intensity, relative to the open frame, at which an edge prints"}),
                       choice(&MetrologyParameters::placement,
                              {{"given", GaugePlacement::given},
                               {"layout_edges", GaugePlacement::layout_edges},
                               {"both", GaugePlacement::both}},
                              {.name = "placement",
                               .why = "measure something in every job",
                               .doc = "Which gauges are measured: those of the job, those placed across the "
                                      "features of the layout, or both"}),
                       key(&MetrologyParameters::min_edge_nm,
                           {.name = "min_edge_nm",
                            .unit = "nm",
                            .range = closed(0, 1e6),
                            .origin = Origin::assumed,
                            .why = "about half of wavelength / NA (41 nm at NA 0.33)",
                            .doc = "Edges of the layout shorter than this get no gauge"}),
                       key(&MetrologyParameters::max_gauges,
                           {.name = "max_gauges",
                            .range = closed(0, 100000),
                            .why = "as many as a page of a report holds",
                            .doc = "At most this many gauges are placed on edges of the layout"}),
                   })));
}

Table gauge_table() {
  using metrology::Feature;
  const auto centre = [](double Gauge::*member, const std::string& name, const std::string& doc) {
    return key(member, {.name = name,
                        .unit = "nm",
                        .range = closed(-1e9, 1e9),
                        .doc = doc,
                        .advice = "write nanometres at wafer scale",
                        .required = true});
  };
  return table_array(
      "metrology.gauge", "A cut line across one feature.",
      [](auto& job) -> auto& { return job.metrology.gauges; },
      std::vector<Key<Gauge>>{
          key(&Gauge::name,
              {.name = "name", .doc = "Name of the gauge, different from all others", .required = true}),
          centre(&Gauge::x_nm, "x_nm", "x of the centre of the cut, within the feature"),
          centre(&Gauge::y_nm, "y_nm", "y of the centre of the cut, within the feature"),
          key(&Gauge::angle_deg, {.name = "angle_deg",
                                  .unit = "deg",
                                  .range = closed(-360, 360),
                                  .why = "across lines that run along y",
                                  .doc = "Direction of the cut from +x"}),
          key(&Gauge::length_nm, {.name = "length_nm",
                                  .unit = "nm",
                                  .range = above(0, 1e5),
                                  .origin = Origin::assumed,
                                  .why = "spans a feature of the smallest pitches and its neighbours",
                                  .doc = "Full length of the cut"}),
          choice(&Gauge::feature, {{"bright", Feature::bright}, {"dark", Feature::dark}},
                 {.name = "feature",
                  .why = "openings of a dark-field mask print bright",
                  .doc = "Which side of the threshold the measured feature lies on"}),
          key(&Gauge::target_cd_nm, {.name = "target_cd_nm",
                                     .unit = "nm",
                                     .range = above(0, 1e5),
                                     .origin = Origin::derived,
                                     .why = "found from the layout when absent",
                                     .doc = "What the cut should measure",
                                     .advice = "leave it out to get it from the layout"}),
      });
}

}  // namespace

std::vector<Table> metrology_tables() {
  return {metrology_table(), gauge_table()};
}

}  // namespace undulith::job
