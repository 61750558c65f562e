// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "undulith/illuminator/facets.hpp"
#include "undulith/optimise/source_optimisation.hpp"
#include "undulith/throughput/throughput.hpp"

/// What contrast costs in wafers per hour: the best source for each fill of the pupil, with the light that fits into it.
namespace undulith::optimise {

/// A light source with its illuminator.
struct FrontLight {
  std::string name;
  source::SourceOutput light;  ///< its etendue
  /// In band at the wafer in the open frame, with a pupil that takes all the light, > 0 (illuminator::Beamline)
  double wafer_power_w = 0;
  /// Fill of the pupil below which the illuminator loses light in proportion, [0, 1]: a fixed number of field facets of
  /// which each fills one pupil facet. 0: the illuminator puts all light into any fill
  double lossless_fill = 0;
  throughput::ScannerParameters scanner;  ///< its dose is replaced
};

/// What sets the dose. size: the dose of an edge is given; roughness: the dose of an edge changes as 1/NILS^2 from a
/// given one, so that the photon noise of the edge position stays.
enum class DoseRule { size, roughness };

struct FrontSettings {
  std::vector<double> pupil_fill;  ///< each (0, 1]
  /// Shares of the largest smallest NILS of each fill, each (0, 1]. 1: that source; below 1: the source with the least dose
  /// that keeps this share
  std::vector<double> nils_shares = {1};
  double na = 0.33;
  illuminator::ArcSlit slit;
  DoseRule dose_rule = DoseRule::size;
  double edge_dose_mj_cm2 = 10;  ///< dose at the printed edge, > 0; roughness: of an edge with reference_nils
  double reference_nils = 2;     ///< roughness: > 0
};

/// One fill of the pupil and one light source.
struct FrontRow {
  double min_pupil_fill = 0, nils_share = 1;
  std::string light;
  double min_nils = 0;
  double pupil_fill = 0;            ///< of OptimisedSource
  double threshold = 0;             ///< relative to the open frame
  double etendue_transmission = 1;  ///< share of the light that fits into slit and pupil
  double facet_transmission = 1;    ///< share of the field facets in use
  double wafer_power_w = 0;
  double dose_mj_cm2 = 0;  ///< in the open frame: dose of the edge over the threshold
  double wafers_per_hour = 0;
  bool feasible = true;  ///< the source keeps the settings
  bool on_front =
      true;  ///< it does, and no other row of this light that does has both more wafers and a higher NILS
};

/// Dose and wafers per hour of one source with one light.
/// @param source  its min_nils, pupil_fill and threshold; a source that prints nothing gets no dose and no wafers
/// @param front   its pupil_fill and nils_shares do not enter
/// @throws InputError  see illuminator::compare_etendue(), throughput::compute_throughput()
[[nodiscard]] FrontRow price_source(const OptimisedSource& source, const FrontSettings& front,
                                    const FrontLight& light);

/// The front of NILS against wafers per hour over the fill of the pupil: for each fill the source with the largest smallest
/// NILS, then those of least dose for shares of it, and for each light source
///   dose = D_edge/threshold (size) or D_edge (reference_nils/NILS)^2/threshold (roughness),
///   power = P min(1, G_needed/G_source) min(1, fill/lossless_fill),  G_needed = slit area pi NA^2 fill,
/// and throughput::compute_throughput().
///
/// @param settings  of the source; its goal, min_pupil_fill and min_nils are replaced
/// @return          rows by fill, then by share, then by light
/// @throws InputError  no fill, no light, a number out of range; see optimise_source(), compare_etendue(),
///                     compute_throughput()
/// Cost: optimise_source() for each fill and share.
[[nodiscard]] std::vector<FrontRow> compute_source_front(const SourceResponses& responses,
                                                         const illuminator::PupilFill& candidates,
                                                         const SourceSettings& settings,
                                                         const FrontSettings& front,
                                                         const std::vector<FrontLight>& lights);

}  // namespace undulith::optimise
