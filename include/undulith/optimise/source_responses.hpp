// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "undulith/illuminator/illuminator.hpp"
#include "undulith/imaging/parameters.hpp"
#include "undulith/mask/diffraction.hpp"
#include "undulith/metrology/metrology.hpp"

/// The images of a fixed mask at the edges of its gauges, as linear functions of the weights of the source.
namespace undulith::optimise {

/// A printed edge of a gauge.
struct EdgeSite {
  double x_nm = 0, y_nm = 0;          ///< where the edge shall print, wafer
  double normal_x = 1, normal_y = 0;  ///< unit vector across the edge, towards the bright side
  double cd_nm = 0;                   ///< of the gauge: NILS = cd_nm times ILS
};

/// The edges of measured gauges where the layout has them: both of a feature, or one of a line end. A line end, which has no
/// width of its own, takes the smallest width of the others.
/// @param gauges       of metrology::measure(): only their places and targets enter
/// @throws InputError  no gauge has a target
[[nodiscard]] std::vector<EdgeSite> make_edge_sites(const std::vector<metrology::GaugeResult>& gauges);

/// A condition of the process window.
struct WindowCondition {
  std::size_t mask = 0;  ///< which of the masks: another bias, another position of the slit
  double focus_nm = 0;
  double relative_dose = 1;         ///< dose over the nominal dose, > 0
  imaging::FieldPosition position;  ///< aberrations and chief ray that differ from those of the optics
};

/// For light of weight 1 in one candidate point of the source. With weights w, sum w = 1, a condition c has
///   I = sum_s w_s intensity_s / sum_s w_s clear_s
/// at an edge, relative to the open frame at the nominal dose.
struct SourceResponses {
  std::size_t n_points = 0;
  std::vector<EdgeSite> sites;
  std::vector<WindowCondition> conditions;
  std::vector<double> intensity;     ///< [condition][site][point], point fastest
  std::vector<double> slope_per_nm;  ///< the same: towards the bright side
  std::vector<double> clear;         ///< [condition][point]: open frame

  [[nodiscard]] std::size_t n_rows() const { return conditions.size() * sites.size(); }
  /// Numbers of a condition and site, one per point.
  [[nodiscard]] std::span<const double> intensities(std::size_t condition, std::size_t site) const {
    return std::span(intensity).subspan((condition * sites.size() + site) * n_points, n_points);
  }
  [[nodiscard]] std::span<const double> slopes(std::size_t condition, std::size_t site) const {
    return std::span(slope_per_nm).subspan((condition * sites.size() + site) * n_points, n_points);
  }
  [[nodiscard]] std::span<const double> clear_of(std::size_t condition) const {
    return std::span(clear).subspan(condition * n_points, n_points);
  }
};

/// One image per candidate point, at the edges alone (imaging::compute_point_responses).
///
/// @param masks       thin or thick; a thick one was computed for exactly these candidates
/// @param candidates  the pixels or facets that the source may use
/// @param optics      its focus and slit positions do not enter
/// @throws InputError  no mask, site or condition; a condition that names no mask, a dose <= 0, a normal that is no
///                     unit vector, a width <= 0; see imaging::compute_point_responses()
/// Cost: as compute_point_responses(); conditions that differ in focus or dose alone share their pupils.
[[nodiscard]] SourceResponses compute_source_responses(std::span<const mask::Diffraction> masks,
                                                       const illuminator::PupilFill& candidates,
                                                       const imaging::ImagingParameters& optics,
                                                       std::span<const EdgeSite> sites,
                                                       std::span<const WindowCondition> conditions);

/// An edge in one condition, for given weights.
struct EdgeRow {
  std::size_t condition = 0, site = 0;
  double intensity = 0;  ///< at the site, relative to the open frame, times the relative dose
  double ils_per_nm = 0, nils = 0;
  /// Where the edge prints, first order: (intensity - threshold)/slope, > 0 towards the dark side
  double placement_error_nm = 0;
};

/// All edges in all conditions.
/// @param weights    one per candidate, >= 0; scaled to a sum of 1
/// @param threshold  intensity at which edges print, relative to the open frame at the nominal dose
/// @throws std::invalid_argument  another number of weights; InputError: no light
[[nodiscard]] std::vector<EdgeRow> evaluate_edges(const SourceResponses& responses,
                                                  std::span<const double> weights, double threshold);

/// Derivative of the NILS of an edge with respect to each weight: for weights whose sum is not kept, the image is that of
/// the weights scaled to 1, so that sum_s w_s d_s = 0. Cost O(points).
[[nodiscard]] std::vector<double> nils_gradient(const SourceResponses& responses,
                                                std::span<const double> weights, std::size_t condition,
                                                std::size_t site);

}  // namespace undulith::optimise
