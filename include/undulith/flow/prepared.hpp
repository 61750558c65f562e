// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "undulith/flow/light_chain.hpp"
#include "undulith/imaging/imaging.hpp"
#include "undulith/job/job.hpp"
#include "undulith/mask/mask.hpp"
#include "undulith/metrology/metrology.hpp"

/// A job with all that is known before its image is computed.
namespace undulith::flow {

/// Expected cost of a film and its noise, before there is an image.
struct FilmPlan {
  double n_nodes = 0;        ///< of the film without noise; 0 = no film
  double n_noise_nodes = 0;  ///< of one realisation
  double cpu_s = 0;          ///< of film and noise
  double smooth_cpu_s = 0;   ///< of the film alone
  double memory_mb = 0;
};

/// What a job needs before its image is computed; cheap to make.
struct Prepared {
  /// As it was read, with what other stages add: in imaging.flare the scatter and its density, in stochastics
  /// dose noise and speckle of the light
  job::Job job;
  layout::Clip clip;      ///< as drawn
  mask::MaskAsMade mask;  ///< of the clip
  source::SourceOutput light;
  LightChain chain;  ///< from the source to the wafer, without the mask
  illuminator::PupilFill pupil_fill;
  /// Expected for the first try: the number of wavelengths may be doubled further
  imaging::ImagingPlan plan;
  mask::MaskPlan mask_plan;  ///< for all wavelengths and positions of the slit
  FilmPlan film;
  double light_cpu_s = 0;            ///< expected for a light that was estimated; 0: it was computed
  std::optional<double> kirk_flare;  ///< in the dark pad of the job; power-law flare only
  std::vector<std::string> warnings;
  [[nodiscard]] double cpu_s() const { return plan.cpu_s + film.cpu_s + mask_plan.cpu_s + light_cpu_s; }
  [[nodiscard]] double memory_mb() const { return plan.memory_mb + film.memory_mb + mask_plan.memory_mb; }
};

/// computed: the light as it is; estimated: within a fraction of a second, coarse where it takes longer. Plans need
/// no more.
enum class LightDetail { computed, estimated };

/// @throws InputError  image, film and mask need more memory than is available
void require_memory(const imaging::ImagingPlan& plan, const FilmPlan& film, const mask::MaskPlan& mask,
                    double available_mb);

/// Cuts the clip from the layout or the shapes of the job, makes the mask, follows the light to the wafer,
/// fills the pupil, and checks the parameters of every stage.
/// @throws InputError  a parameter is out of range or does not fit the layout, too little memory
[[nodiscard]] Prepared prepare(job::Job job, LightDetail detail = LightDetail::computed);

/// The same clip, mask, light and pupil for a job that differs elsewhere, such as in its resist. Plans stay.
[[nodiscard]] Prepared with_job(Prepared prepared, job::Job job);

/// The illuminated pupil for a mask of this cell: cells of an ideal shape are cut where one of its orders
/// reaches the rim of the pupil.
[[nodiscard]] illuminator::PupilFill fill_pupil(const Prepared& prepared, const Box& cell);

/// The side of the threshold on which drawn shapes print.
[[nodiscard]] metrology::Feature drawn_feature(const Prepared& prepared);

}  // namespace undulith::flow
