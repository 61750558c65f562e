// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "metrology/cut.hpp"
#include "metrology/drawn_shapes.hpp"
#include "metrology/printed_area.hpp"
#include "metrology/target.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/math/direction.hpp"
#include "undulith/metrology/keys.hpp"
#include "undulith/metrology/metrology.hpp"

namespace undulith::metrology {
namespace {

/// A gauge may end on the border of the window but not beyond it by more than rounding.
constexpr double kBorderNm = 1e-6;

/// What is wrong with a gauge; empty if nothing is.
std::string fault_of(const Gauge& gauge, const Box& window, const layout::PeriodicAxes& periodic) {
  // On an axis on which the image repeats only the centre must lie in the window.
  const math::Direction along = math::direction_of(gauge.angle_deg);
  const double reach_x = periodic.x ? 0 : std::abs(along.x) * gauge.length_nm / 2;
  const double reach_y = periodic.y ? 0 : std::abs(along.y) * gauge.length_nm / 2;
  if (gauge.x_nm - reach_x < window.x0 - kBorderNm || gauge.x_nm + reach_x > window.x1 + kBorderNm ||
      gauge.y_nm - reach_y < window.y0 - kBorderNm || gauge.y_nm + reach_y > window.y1 + kBorderNm)
    return fmt::format(
        "metrology.gauge '{}': the cut of {} nm around ({}, {}) leaves the window ({}, {}) to "
        "({}, {}); shorten it, move it or enlarge the window",
        gauge.name, gauge.length_nm, gauge.x_nm, gauge.y_nm, window.x0, window.y0, window.x1, window.y1);
  return {};
}

/// Two gauges through one point in one direction measure the same, whatever their lengths.
bool same_cut(const Gauge& a, const Gauge& b) {
  constexpr double kSamePlaceNm = 0.01, kSameDirectionDeg = 1e-6;
  return a.feature == b.feature && std::hypot(a.x_nm - b.x_nm, a.y_nm - b.y_nm) < kSamePlaceNm &&
         std::abs(std::remainder(a.angle_deg - b.angle_deg, 180)) < kSameDirectionDeg;
}

/// The sample in the printed feature from which its edges are sought: the centre of the cut, or else the
/// nearest one within the target edges, for a feature may print narrow and shifted.
std::optional<int> seed_of(const Cut& cut, const std::optional<Interval>& target, double threshold,
                           Feature feature) {
  const auto inside = [&](int i) {
    return feature == Feature::bright ? cut.sample(i) > threshold : cut.sample(i) < threshold;
  };
  const int centre = cut.centre();
  if (inside(centre)) return centre;
  if (!target) return std::nullopt;
  for (int distance = 1; distance <= centre; ++distance)
    for (const int i : {centre - distance, centre + distance})
      if (cut.s(i) > target->from && cut.s(i) < target->to && inside(i)) return i;
  return std::nullopt;
}

struct PrintedEdges {
  std::optional<double> left, right;
};

PrintedEdges edges_around(const Cut& cut, int seed, double threshold, Feature feature) {
  const auto outside = [&](int i) {
    return feature == Feature::bright ? cut.sample(i) <= threshold : cut.sample(i) >= threshold;
  };
  PrintedEdges edges;
  for (int i = seed; i > 0 && !edges.left; --i)
    if (outside(i - 1)) edges.left = cut.crossing(i - 1, threshold);
  for (int i = seed; i + 1 < cut.n_samples() && !edges.right; ++i)
    if (outside(i + 1)) edges.right = cut.crossing(i, threshold);
  return edges;
}

GaugeResult measure_gauge(const math::FourierSeries2D& series, const DrawnShapes& shapes, const Gauge& gauge,
                          Feature drawn, double threshold) {
  const Cut cut(series, gauge);
  GaugeResult result;
  result.gauge = gauge;
  const auto extremes = cut.extremes();
  result.i_min = std::max(0.0, extremes.min);
  result.i_max = std::max(0.0, extremes.max);
  if (result.i_min + result.i_max > 0)
    result.contrast = (result.i_max - result.i_min) / (result.i_max + result.i_min);

  const Target target = target_of(shapes, cut.line(), gauge, drawn);
  if (gauge.edges == GaugeEdges::both) result.target_cd_nm = target.cd_nm;
  if (target.edges) {
    result.target_left_nm = target.edges->from;
    result.target_right_nm = target.edges->to;
  }
  const auto seed = seed_of(cut, target.edges, threshold, gauge.feature);
  if (!seed) {
    result.status = PrintStatus::not_printed;
    return result;
  }
  const PrintedEdges edges = edges_around(cut, *seed, threshold, gauge.feature);
  result.edge_left_nm = edges.left;
  result.edge_right_nm = edges.right;
  if (edges.left) {
    result.ils_left_per_nm = std::abs(cut.slope(*edges.left)) / threshold;
    if (target.edges) result.epe_left_nm = target.edges->from - *edges.left;
  }
  if (edges.right) {
    result.ils_right_per_nm = std::abs(cut.slope(*edges.right)) / threshold;
    if (target.edges) result.epe_right_nm = *edges.right - target.edges->to;
  }
  if (gauge.edges != GaugeEdges::both) {
    // The other edge is that of the cut, or of something else.
    const bool left = gauge.edges == GaugeEdges::left;
    (left ? result.edge_right_nm : result.edge_left_nm).reset();
    (left ? result.target_right_nm : result.target_left_nm).reset();
    (left ? result.ils_right_per_nm : result.ils_left_per_nm).reset();
    (left ? result.epe_right_nm : result.epe_left_nm).reset();
    if (!(left ? edges.left : edges.right)) result.status = PrintStatus::merged;
    return result;
  }
  if (!edges.left || !edges.right) {
    result.status = PrintStatus::merged;
    return result;
  }
  const double cd = *edges.right - *edges.left;
  result.cd_nm = cd;
  result.nils = cd * (*result.ils_left_per_nm + *result.ils_right_per_nm) / 2;
  if (target.cd_nm) result.cd_error_nm = cd - *target.cd_nm;
  if (target.edges)
    result.shift_nm = (*edges.left + *edges.right) / 2 - (target.edges->from + target.edges->to) / 2;
  return result;
}

}  // namespace

std::string name_of(PrintStatus status) {
  switch (status) {
    case PrintStatus::printed:
      return "printed";
    case PrintStatus::not_printed:
      return "not_printed";
    case PrintStatus::merged:
      return "merged";
  }
  return {};
}

void check_parameters(const Box& cell, const Box& window, const MetrologyParameters& parameters) {
  check_ranges(parameters);
  if (parameters.placement == GaugePlacement::layout_edges) return;
  // All gauges that are wrong, one per line.
  std::string faults;
  for (const Gauge& gauge : parameters.gauges)
    if (const std::string fault = fault_of(gauge, window, layout::periodic_axes(cell, window));
        !fault.empty())
      faults += (faults.empty() ? "" : "\n") + fault;
  if (!faults.empty()) throw InputError(faults);
}

std::vector<GaugeResult> measure_gauges(const imaging::AerialImage& image, const layout::Clip& clip,
                                        Feature drawn, const std::vector<Gauge>& gauges, double threshold) {
  const DrawnShapes shapes(clip);
  std::vector<GaugeResult> results(gauges.size());
  parallel_for(static_cast<int>(gauges.size()),
               [&](int i) { results[i] = measure_gauge(image.series, shapes, gauges[i], drawn, threshold); });
  return results;
}

namespace {

void require_measurable(const imaging::AerialImage& image, const MetrologyParameters& parameters) {
  if (image.series.cell().empty() || image.intensity.empty())
    throw std::invalid_argument("metrology::measure: the image is empty");
  check_parameters(image.series.cell(), image.window, parameters);
}

}  // namespace

PlacedGauges find_gauges(const layout::Clip& clip, Feature drawn, const MetrologyParameters& parameters,
                         const Progress& progress) {
  PlacedGauges found;
  if (parameters.placement != GaugePlacement::layout_edges) found.gauges = parameters.gauges;
  if (parameters.placement == GaugePlacement::given) return found;
  PlacedGauges placed = place_gauges(clip, drawn, parameters, progress);
  found.skipped = placed.skipped;
  for (Gauge& gauge : placed.gauges)
    if (std::ranges::none_of(parameters.gauges, [&](const Gauge& given) { return same_cut(gauge, given); }))
      found.gauges.push_back(std::move(gauge));
  return found;
}

Measurement measure(const imaging::AerialImage& image, const layout::Clip& clip, Feature drawn,
                    const MetrologyParameters& parameters) {
  require_measurable(image, parameters);
  return measure(image, clip, drawn, parameters, find_gauges(clip, drawn, parameters));
}

Measurement measure(const imaging::AerialImage& image, const layout::Clip& clip, Feature drawn,
                    const MetrologyParameters& parameters, const PlacedGauges& gauges) {
  require_measurable(image, parameters);
  Measurement measurement{.threshold = parameters.threshold, .skipped = gauges.skipped};
  measurement.gauges = measure_gauges(image, clip, drawn, gauges.gauges, parameters.threshold);

  const Field2D<double> framed = framed_intensity(image);
  measurement.contours = math::find_contours(framed, parameters.threshold);
  measurement.printed_area_fraction = printed_area_fraction(image, framed, parameters.threshold);
  return measurement;
}

}  // namespace undulith::metrology
