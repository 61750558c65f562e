// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "undulith/core/progress.hpp"
#include "undulith/flow/prepared.hpp"
#include "undulith/job/job.hpp"
#include "undulith/optimise/facet_assignment.hpp"
#include "undulith/optimise/source_front.hpp"
#include "undulith/optimise/source_mask.hpp"
#include "undulith/study/mask_optimisation.hpp"

/// The source that prints the layout of a job best, alone or with the mask.
namespace undulith::study {

/// A source with its mask.
struct SourceFigures {
  double min_nils = 0;  ///< over all edges and conditions
  double threshold =
      0;  ///< intensity at which edges print, relative to the open frame: the nominal mean at the edges
  double pupil_fill = 0;  ///< share of the unit disc with light; 0: not known (a list of points)
  double rms_placement_error_nm = 0, max_placement_error_nm = 0;
  std::vector<optimise::EdgeRow> rows;     ///< condition by condition, site by site
  std::vector<optimise::FrontRow> lights;  ///< dose and wafers per hour with each light source
};

struct SourceOptimisation {
  flow::Prepared prepared;          ///< of the job, with its own source and the drawn mask
  std::vector<std::string> gauges;  ///< of each site
  std::vector<optimise::EdgeSite> sites;
  std::vector<optimise::WindowCondition> conditions;
  std::size_t n_candidates = 0;
  double edge_bound_nm = 0;  ///< largest error of an edge that the search allows; 0: any
  SourceFigures before, after;
  illuminator::PupilFill fill_before, fill_after;
  Field2D<double> map;              ///< pixels: brightness, largest 1; as illuminator.map_file
  std::vector<std::size_t> facets;  ///< facets: pupil facet of each field facet
  double bound_nils = 0;            ///< facets: no assignment is better
  bool feasible = true;             ///< the bounds on edges and NILS are kept
  bool converged = true;
  NominalPrint print_before, print_after;  ///< at the thresholds of the figures
  std::vector<optimise::SourceStep> steps;
  std::vector<optimise::SourceMaskStep> rounds;  ///< smo
  std::vector<optimise::FrontRow> front;         ///< rows by fill, then by light
  std::optional<MaskOptimisation> mask;          ///< smo: found for the source; before: the drawing with it
  bool interrupted = false;                      ///< smo: the best source and mask so far
};

/// Optimises the source of a job by [optimise.source]: pixels of the pupil or, with facets.pupil = "facets", the pupil facets to
/// which field facets point; with optimise.method = "smo" in turn with the mask.
///
/// Edges are those of the gauges of [metrology]; conditions are the nominal one and those of [[optimise.band]]. Polarisation and
/// etendue are those of the light of the job. Gauges, mask model, flare and films are those of a run, at one wavelength and in
/// the middle of the slit.
/// @param others  jobs with further light sources for the front; their image is that of the job
/// @throws InputError  no edge, no light at an edge, a fill that the candidates do not reach, kernels of a file, smo with facets
///                     or with a bias of the mask; see flow::prepare(), optimise::optimise_source(), optimise_mask()
/// Theory: docs/theory/optimisation-source.md
[[nodiscard]] SourceOptimisation optimise_source(const job::Job& job, std::span<const job::Job> others = {},
                                                 const Progress& progress = {});

/// The job with the source that was found, and with the mask of smo: undulith run of it verifies them. Threshold and dose are
/// those at which its edges print in place.
/// @param source_file  illuminator.map_file or illuminator.points_file
/// @param mask_file    smo: GDSII of the mask
/// @param mask_layer   smo: of its shapes
[[nodiscard]] job::Job job_with_source(const job::Job& job, const SourceOptimisation& found,
                                       const std::string& source_file, const std::string& mask_file,
                                       int mask_layer);

}  // namespace undulith::study
