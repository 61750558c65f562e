// SPDX-License-Identifier: MIT
#include "undulith/layout/keys.hpp"

namespace undulith::layout {

using keys::choice;
using keys::file;
using keys::key;

namespace {

constexpr double kMaxLayer = 2147483647;  // of OASIS; GDSII ends at 65535

}  // namespace

const Keys<ClipParameters>& clip_keys() {
  static const Keys<ClipParameters> all = {
      file(&ClipParameters::file,
           {.name = "file",
            .why = "the shapes may be in the job instead",
            .doc = "Layout to read: .gds, .oas, either also as .gz, .glp, .png or .npy"}),
      key(&ClipParameters::cell, {.name = "cell",
                                  .origin = Origin::derived,
                                  .why = "empty = the only top cell of the file",
                                  .doc = "Cell to simulate"}),
      key(&ClipParameters::layer, {.name = "layer",
                                   .range = Range::closed(0, kMaxLayer),
                                   .why = "first layer of a simple layout",
                                   .doc = "Layer number of the mask"}),
      key(&ClipParameters::datatype, {.name = "datatype",
                                      .range = Range::closed(0, kMaxLayer),
                                      .why = "drawings usually have datatype 0",
                                      .doc = "Datatype number of the mask"}),
      key(&ClipParameters::window_nm,
          {.name = "window_nm",
           .unit = "nm",
           .origin = Origin::derived,
           .why = "empty = the bounding box of the layer",
           .doc = "Region to simulate as [x0, y0, x1, y1], in the coordinates of the layout",
           .advice = "write [x0, y0, x1, y1] with x0 < x1 and y0 < y1"}),
      choice(&ClipParameters::boundary, {{"periodic", Boundary::periodic}, {"guard", Boundary::guard}},
             {.name = "boundary",
              .why = "real layouts do not repeat",
              .doc = "What lies outside the window: copies of it, or its real surroundings and then "
                     "copies"}),
      key(&ClipParameters::guard_nm, {.name = "guard_nm",
                                      .unit = "nm",
                                      .range = Range::closed(0, 1e5),
                                      .origin = Origin::derived,
                                      .why = "about five times wavelength / NA (41 nm at NA 0.33)",
                                      .doc = "Real surroundings kept on each side of the window"})};
  return all;
}

const Keys<PictureScale>& picture_keys() {
  static const Keys<PictureScale> all = {
      key(&PictureScale::pixel_nm, {.name = "pixel_nm",
                                    .unit = "nm",
                                    .range = Range::closed(0, 1e6),
                                    .why = "only a .png or .npy needs it",
                                    .doc = "Side of a pixel of a .png or .npy at wafer scale; its lower left "
                                           "corner is the origin",
                                    .advice = "give the side of a pixel in nm"}),
      key(&PictureScale::grey_threshold,
          {.name = "grey_threshold",
           .range = Range::open(0, 1),
           .why = "half way from black to white",
           .doc =
               "A pixel of a .png or .npy of this grey or brighter is drawn whole, any other not at all"})};
  return all;
}

const Keys<ReadLimits>& limit_keys() {
  static const Keys<ReadLimits> all = {
      key(&ReadLimits::memory_mb, {.name = "memory_mb",
                                   .unit = "MB",
                                   .range = Range::closed(0, 1e6),
                                   .origin = Origin::derived,
                                   .why = "0 = 64, or 16 times the size of the file if that is more",
                                   .doc = "Memory that the shapes in the window may take",
                                   .advice = "give a size in MB"}),
      key(&ReadLimits::unfold_mb,
          {.name = "unfold_mb",
           .unit = "MB",
           .range = Range::closed(0, 1e6),
           .origin = Origin::derived,
           .why = "0 = 64, or 64 times the size of the file if that is more",
           .doc = "Size to which compressed data and repetitions of the file may unfold",
           .advice = "give a size in MB"})};
  return all;
}

const Keys<CombinedLayer>& combine_keys() {
  static const Keys<CombinedLayer> all = {
      choice(&CombinedLayer::operation,
             {{"add", LayerOperation::add},
              {"subtract", LayerOperation::subtract},
              {"intersect", LayerOperation::intersect}},
             {.name = "operation",
              .why = "a mask drawn on several layers",
              .doc = "What is done with the layer"}),
      key(&CombinedLayer::layer, {.name = "layer",
                                  .range = Range::closed(0, kMaxLayer),
                                  .doc = "Layer number",
                                  .advice = "name a layer of the file",
                                  .required = true}),
      key(&CombinedLayer::datatype, {.name = "datatype",
                                     .range = Range::closed(0, kMaxLayer),
                                     .why = "drawings usually have datatype 0",
                                     .doc = "Datatype number"})};
  return all;
}

void check_ranges(const ClipParameters& parameters) {
  check_keys(parameters, clip_keys(), "layout");
  check_keys(parameters.picture, picture_keys(), "layout");
  check_keys(parameters.limits, limit_keys(), "layout");
  check_each(parameters.combine, combine_keys(), "layout.combine");
}

}  // namespace undulith::layout
