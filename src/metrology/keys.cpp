// SPDX-License-Identifier: MIT
#include "undulith/metrology/keys.hpp"

namespace undulith::metrology {

using keys::choice;
using keys::key;

namespace {

template <class Owner>
Key<Owner> number(double Owner::*member, const char* name, const char* unit, Range range, const char* doc,
                  const char* why) {
  return key(member, {.name = name, .unit = unit, .range = range, .why = why, .doc = doc});
}

}  // namespace

const Keys<MetrologyParameters>& metrology_keys() {
  static const Keys<MetrologyParameters> all = {
      key(&MetrologyParameters::threshold,
          {.name = "threshold",
           .range = Range::above(0, 10),
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
           .range = kMinEdgeNm,
           .origin = Origin::derived,
           .why = "a quarter of wavelength / NA (10 nm at NA 0.33), the narrowest line that can print, when "
                  "absent",
           .doc = "Edges of the layout shorter than this get no gauge",
           .advice = "leave it out to gauge every line end"}),
      key(&MetrologyParameters::max_gauges,
          {.name = "max_gauges",
           .range = kMaxGauges,
           .why = "as many as a page of a report holds",
           .doc =
               "At most this many gauges are placed across features of the layout, and as many at line ends"})};
  return all;
}

const Keys<Gauge>& gauge_keys() {
  const auto centre = [](double Gauge::*member, const std::string& name, const std::string& doc) {
    return key(member, {.name = name,
                        .unit = "nm",
                        .range = Range::closed(-1e9, 1e9),
                        .doc = doc,
                        .advice = "write nanometres at wafer scale",
                        .required = true});
  };
  static const Keys<Gauge> all = {
      key(&Gauge::name,
          {.name = "name", .doc = "Name of the gauge, different from all others", .required = true}),
      centre(&Gauge::x_nm, "x_nm", "x of the centre of the cut, within the feature"),
      centre(&Gauge::y_nm, "y_nm", "y of the centre of the cut, within the feature"),
      key(&Gauge::angle_deg, {.name = "angle_deg",
                              .unit = "deg",
                              .range = Range::closed(-360, 360),
                              .why = "across lines that run along y",
                              .doc = "Direction of the cut from +x"}),
      key(&Gauge::length_nm, {.name = "length_nm",
                              .unit = "nm",
                              .range = Range::above(0, 1e5),
                              .origin = Origin::assumed,
                              .why = "spans a feature of the smallest pitches and its neighbours",
                              .doc = "Full length of the cut"}),
      choice(&Gauge::feature, {{"bright", Feature::bright}, {"dark", Feature::dark}},
             {.name = "feature",
              .why = "openings of a dark-field mask print bright",
              .doc = "Which side of the threshold the measured feature lies on"}),
      key(&Gauge::target_cd_nm, {.name = "target_cd_nm",
                                 .unit = "nm",
                                 .range = Range::above(0, 1e5),
                                 .origin = Origin::derived,
                                 .why = "found from the layout when absent",
                                 .doc = "What the cut should measure",
                                 .advice = "leave it out to get it from the layout"})};
  return all;
}

const Keys<metrology::WindowParameters>& window_keys() {
  using P = metrology::WindowParameters;

  static const Keys<metrology::WindowParameters> all = {
      number(&P::cd_tolerance_percent, "cd_tolerance_percent", "%", Range::open(0, 100),
             "Deviation of CD from its target that is allowed to both sides", "the usual one"),
      number(&P::min_side_wall_deg, "min_side_wall_deg", "deg", Range::closed(0, 180),
             "Flattest flank that is allowed, films only; 90 = vertical, 0 = any", "the usual one"),
      number(&P::max_top_loss_percent, "max_top_loss_percent", "%", Range::closed(0, 100),
             "Loss of height that is allowed, films only; 100 = any", "the usual one"),
      key(&P::exposure_latitudes_percent, {.name = "exposure_latitudes_percent",
                                           .unit = "%",
                                           .range = Range::open(0, 100),
                                           .why = "the usual ones",
                                           .doc = "Exposure latitudes at which depth of focus is reported"})};
  return all;
}

void check_ranges(const MetrologyParameters& parameters) {
  check_keys(parameters, metrology_keys(), "metrology");
  if (parameters.placement != GaugePlacement::layout_edges)
    check_each(parameters.gauges, gauge_keys(), "metrology.gauge");
}

void check_ranges(const WindowParameters& parameters) {
  check_keys(parameters, window_keys(), "window");
}

}  // namespace undulith::metrology
