// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "undulith/core/progress.hpp"
#include "undulith/core/range.hpp"
#include "undulith/imaging/imaging.hpp"
#include "undulith/layout/clip.hpp"
#include "undulith/math/contour.hpp"

/// From an image to the numbers on a lithographer's page.
namespace undulith::metrology {

/// Which side of the threshold the measured feature lies on.
enum class Feature { bright, dark };

/// Where the gauges come from.
enum class GaugePlacement {
  given,
  layout_edges,
  both
};  ///< both: those of the job, then those of the layout that are not yet there

/// The edges that a gauge measures: both of a feature, or one alone (the end of a line), which has an edge
/// placement and no CD. Left is the start of the cut.
enum class GaugeEdges { both, left, right };

/// A cut line across one feature.
struct Gauge {
  std::string name;
  double x_nm = 0, y_nm = 0;  ///< centre of the cut, within the feature
  double angle_deg = 0;       ///< direction of the cut from +x
  double length_nm = 100;     ///< full length of the cut, > 0
  Feature feature = Feature::bright;
  std::optional<double> target_cd_nm;  ///< what the cut should measure; found from the layout when absent
  GaugeEdges edges = GaugeEdges::both;
};

/// Ranges of numbers that are also arguments of place_gauges.
inline constexpr Range kMinEdgeNm = Range::above(0, 1e6), kMaxGauges = Range::closed(0, 100000);

struct MetrologyParameters {
  double threshold = 0.3;  ///< intensity, relative to the open frame, at which the edge prints, > 0
  GaugePlacement placement = GaugePlacement::both;
  std::vector<Gauge> gauges;
  /// Layout edges shorter than this get no gauge; absent: a quarter of resolution_nm
  std::optional<double> min_edge_nm;
  int max_gauges = 200;                ///< at most this many are placed on layout edges
  double resolution_nm = 13.5 / 0.33;  ///< wavelength / NA; follows from other keys of a job
};

/// Edges of the layout in the window that have no gauge, by reason.
struct SkippedEdges {
  double least_edge_nm = 0;  ///< in force; 0: no gauges were placed
  int too_short = 0;         ///< shorter than the least edge
  int near_border = 0;       ///< the cut would leave the window
  int not_facing = 0;        ///< no parallel edge on the other side of the feature
  int over_limit = 0;        ///< gauges beyond max_gauges
};

/// The length below which an edge of the layout gets no gauge.
[[nodiscard]] double least_edge_nm(const MetrologyParameters& parameters);

/// How a feature came out.
enum class PrintStatus {
  printed,      ///< both edges found
  not_printed,  ///< the image never crosses the threshold at the feature's centre: it is missing
  merged        ///< no second edge within the cut: it runs into its neighbour
};

/// "printed", "not_printed" or "merged".
[[nodiscard]] std::string name_of(PrintStatus status);

/// One measured gauge; numbers that do not exist are absent, never 0.
struct GaugeResult {
  Gauge gauge;
  PrintStatus status = PrintStatus::printed;
  std::optional<double> edge_left_nm, edge_right_nm;      ///< printed edges along the cut, from its centre
  std::optional<double> target_left_nm, target_right_nm;  ///< edges it should have, likewise
  std::optional<double> cd_nm;                            ///< distance of the two printed edges
  std::optional<double> target_cd_nm;                     ///< distance of the layout's edges along the cut
  std::optional<double> cd_error_nm;                      ///< cd - target
  /// Edge placement error: printed - target, positive when the feature is too wide
  std::optional<double> epe_left_nm, epe_right_nm;
  std::optional<double> shift_nm;  ///< of the printed centre from the target's centre, along the cut
  std::optional<double> nils;      ///< CD * mean of |d ln I / ds| at the two edges
  std::optional<double> ils_left_per_nm, ils_right_per_nm;  ///< |d ln I / ds| at the edge
  double i_min = 0, i_max = 0;                              ///< extremes along the cut, each clamped to >= 0
  double contrast = 0;                                      ///< (i_max - i_min) / (i_max + i_min)
};

struct Measurement {
  double threshold = 0.3;
  std::vector<GaugeResult> gauges;
  SkippedEdges skipped;                 ///< edges of the layout without a gauge; all 0 where none are placed
  std::vector<math::Contour> contours;  ///< of the image at the threshold, within the window
  double printed_area_fraction = 0;     ///< share of the window above the threshold
};

struct PlacedGauges {
  std::vector<Gauge> gauges;
  SkippedEdges skipped;
};

/// Gauges on the facing edges of the layout: one across every feature, at the middle of its edges.
///
/// A pair of edges faces when a line from the middle of one, at right angles into the feature, ends on the
/// other, both are at least least_edge_nm() long (or run through a whole period), face each other over that
/// length and are parallel within 20 degrees. Curves drawn with many short edges are taken in pieces. The cut
/// is centred in the feature and reaches half way to the nearer neighbour, but 15 to 60 nm beyond the edges
/// (more where resolution_nm is above 41 nm); it must lie in the window, except along an axis on which the
/// window is the whole period. Ends narrower than half of resolution_nm of features longer than twice their
/// width are line ends; they, and ends of features whose other end is not in the window, get a gauge of their
/// own edge alone. Sorted by y, x, angle and named g001, g002 ... across features, then end001 ... at ends; if
/// there are more than max_gauges of either, evenly spread ones are kept; with max_gauges = 0 nothing is sought.
/// @throws InputError   min_edge_nm is not positive, or max_gauges is negative
/// @throws Interrupted  core/stop.hpp
/// Cost O(edges log edges) with features that are short against the window.
[[nodiscard]] PlacedGauges place_gauges(const layout::Clip& clip, Feature drawn,
                                        const MetrologyParameters& parameters, const Progress& progress = {});

/// The gauges that the job asks for: those given, then those of the layout, each place once.
/// @throws InputError, Interrupted  see place_gauges
[[nodiscard]] PlacedGauges find_gauges(const layout::Clip& clip, Feature drawn,
                                       const MetrologyParameters& parameters, const Progress& progress = {});

/// What measure() would refuse, known before there is an image.
/// @throws InputError  a gauge that leaves the window (along an axis on which the window is not the whole
///                     period of the cell), a threshold that is not positive
void check_parameters(const Box& cell, const Box& window, const MetrologyParameters& parameters);

/// All gauges and contours of an image.
///
/// Edges are found on the exact Fourier series of the image, so that CD does not depend on the output grid.
/// Sought are the crossings nearest to the centre of the cut; if the centre is not in the printed feature,
/// the nearest part of it between the layout's edges. Left is the start of the cut, s < 0. Target edges are
/// those of the layout along the cut; a target_cd_nm that is given replaces their distance and keeps their
/// centre.
/// @param drawn        whether drawn shapes print bright (openings) or dark (absorber)
/// @throws InputError  see check_parameters
/// Accuracy: edges 1e-9 nm; contours and area second order in the output pitch. A crossing pair closer than a
/// sample of the cut (at most 0.5 nm and an eighth of the finest period) is not seen.
/// Source: [Mack2007], [AlefeldPotraShi1995]. Theory: docs/theory/metrology.md
[[nodiscard]] Measurement measure(const imaging::AerialImage& image, const layout::Clip& clip, Feature drawn,
                                  const MetrologyParameters& parameters);
/// The same with the gauges of find_gauges(), which are the same for all images of a clip.
[[nodiscard]] Measurement measure(const imaging::AerialImage& image, const layout::Clip& clip, Feature drawn,
                                  const MetrologyParameters& parameters, const PlacedGauges& gauges);

/// The CD that a gauge is held against: its own, or that of the drawn feature at its place; absent if there is none.
[[nodiscard]] std::optional<double> target_cd_nm(const layout::Clip& clip, Feature drawn, const Gauge& gauge);

/// Given gauges at a threshold, without contours: what a focus-exposure matrix asks for.
[[nodiscard]] std::vector<GaugeResult> measure_gauges(const imaging::AerialImage& image,
                                                      const layout::Clip& clip, Feature drawn,
                                                      const std::vector<Gauge>& gauges, double threshold);

}  // namespace undulith::metrology
