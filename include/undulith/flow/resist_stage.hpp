// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "undulith/flow/prepared.hpp"
#include "undulith/imaging/imaging.hpp"
#include "undulith/metrology/failures.hpp"
#include "undulith/metrology/gauge_noise.hpp"
#include "undulith/metrology/metrology.hpp"
#include "undulith/metrology/profile.hpp"
#include "undulith/metrology/roughness.hpp"
#include "undulith/resist/resist.hpp"

/// From the images in a film to the measured profile, with and without noise.
namespace undulith::flow {

/// Whether the resist is a film that is exposed, baked and developed; otherwise the image is thresholded.
[[nodiscard]] bool has_film(const job::Job& job);

/// Expected cost of the film and its noise.
/// Accuracy: time within a factor of two, memory within 30 %.
[[nodiscard]] FilmPlan plan_film(const Prepared& prepared);

/// Realisations of noise that are computed side by side: one per thread, while 2 GB hold them.
[[nodiscard]] int realisations_at_a_time(double n_nodes, int n_realisations);

/// Number of whole cells nearest to a length, at least one.
[[nodiscard]] inline int n_repeats(double length_nm, double cell_nm) {
  return std::max(1, static_cast<int>(std::lround(length_nm / cell_nm)));
}

/// The film with as many image planes as it needs: standing waves of a film stack need more.
[[nodiscard]] resist::FilmParameters imaged_film(const Prepared& prepared);

/// Planes in which the film needs the image, at a focus.
[[nodiscard]] std::vector<imaging::ImagePlane> film_planes(const Prepared& prepared, double focus_nm);
[[nodiscard]] resist::ImageInResist film_image(const Prepared& prepared,
                                               std::span<const imaging::AerialImage> images);

struct StochasticStage {
  resist::StochasticsParameters parameters;
  int repeat_x = 1, repeat_y = 1;  ///< cells in one film
  std::vector<metrology::GaugeNoise> gauges;
  resist::Counts mean_counts;
  metrology::FailureCount failures;             ///< of all realisations
  metrology::FailureProbability piece_failure;  ///< missing, broken or merged, of the intended pieces
  resist::ResistResult first;                   ///< profile of the first realisation, for pictures
  std::vector<std::string> warnings;
};

struct ResistStage {
  resist::ResistResult result;
  metrology::ProfileMeasurement measurement;
  std::optional<StochasticStage> stochastics;
  double yield_per_photon = 0;
  std::vector<std::string> warnings;
};

/// resist::develop() for the job. A film that takes more than 20 ms is taken from the store in use (flow/store.hpp), or kept
/// there, where it takes less than a sixteenth of it.
[[nodiscard]] resist::ResistResult develop_film(const Prepared& prepared, const resist::ImageInResist& image,
                                                double dose_mj_cm2);

/// The film without noise.
[[nodiscard]] metrology::ProfileMeasurement measure_film(const Prepared& prepared,
                                                         const resist::ResistProfile& profile,
                                                         const std::vector<metrology::Gauge>& gauges);

/// All realisations at a dose; from the store in use, or kept there, where together they take less than a sixteenth of it.
/// @param smooth, measured  the film without noise at that dose, for the analytic estimate
[[nodiscard]] StochasticStage compute_noise(const Prepared& prepared, const resist::ResistResult& smooth,
                                            const metrology::ProfileMeasurement& measured, double dose_mj_cm2,
                                            const Progress& progress);

/// @param images  one for each of film_planes()
[[nodiscard]] ResistStage compute_resist(const Prepared& prepared,
                                         std::span<const imaging::AerialImage> images,
                                         const std::vector<metrology::Gauge>& gauges,
                                         const Progress& progress);

}  // namespace undulith::flow
