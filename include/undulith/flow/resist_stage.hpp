#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "undulith/flow/light_chain.hpp"
#include "undulith/imaging/imaging.hpp"
#include "undulith/job/job.hpp"
#include "undulith/metrology/failures.hpp"
#include "undulith/metrology/metrology.hpp"
#include "undulith/metrology/profile.hpp"
#include "undulith/metrology/roughness.hpp"
#include "undulith/resist/resist.hpp"

/// From the images in a film to the numbers of its profile, with and without noise.
namespace undulith::flow {

/// Whether the resist is a film that is exposed, baked and developed; else the image prints by itself.
[[nodiscard]] bool has_film(const job::Job& job);

/// What a film and its noise will take, as far as it is known before there is an image.
struct FilmPlan {
  double n_nodes = 0;        ///< of the film without noise; 0 = no film
  double n_noise_nodes = 0;  ///< of one realisation
  double cpu_s = 0;          ///< of all of it
  double memory_mb = 0;
};
/// Accuracy: of time a factor of two, of memory 30 %.
[[nodiscard]] FilmPlan plan_film(const job::Job& job, const layout::Clip& clip);

/// What printing takes from earlier stages.
struct FilmScene {
  const job::Job& job;
  const layout::Clip& clip;
  metrology::Feature drawn = metrology::Feature::bright;
  double wavelength_nm = 13.5;
  resist::StochasticsParameters noise;  ///< of the job, with what the light adds
};

/// Whole cells that come nearest to a length, at least one.
[[nodiscard]] inline int n_repeats(double length_nm, double cell_nm) {
  return std::max(1, static_cast<int>(std::lround(length_nm / cell_nm)));
}

/// Noise of the job; where the job is silent, dose noise and speckle of the light.
[[nodiscard]] resist::StochasticsParameters noise_of(const job::Job& job, const LightChain& chain);

/// The film with as many planes as its image needs: a stack of films makes standing waves.
[[nodiscard]] resist::FilmParameters imaged_film(const job::Job& job);

/// Planes whose images the film needs when its focus is focus_nm.
[[nodiscard]] std::vector<imaging::ImagePlane> film_planes(const job::Job& job, double focus_nm);
[[nodiscard]] resist::ImageInResist film_image(const job::Job& job,
                                               std::span<const imaging::AerialImage> images);

/// A hole of one realisation; its shift is that of its centre from the gauge's.
struct HoleSample {
  int realisation = 0;
  metrology::HoleResult hole;
  double shift_x_nm = 0, shift_y_nm = 0;
};

/// Repeats of one gauge over realisations and over the cells that one film holds.
struct GaugeNoise {
  metrology::Gauge gauge;
  std::vector<double> cd_nm;  ///< at cd_height, of those that printed
  int n_not_printed = 0;
  std::optional<metrology::RoughnessResult> ler, lwr;  ///< lines only
  double edge_correlation = 0;                         ///< of left and right edges of lines
  std::vector<HoleSample> holes;                       ///< features that close within the cell
  std::optional<resist::LerEstimate> estimate;
  [[nodiscard]] double mean_nm() const;
  [[nodiscard]] double sigma_nm() const;  ///< 1 sigma of cd_nm, 0 for fewer than two
  /// Of holes: 1 sigma of their place along x and y, and mean ratio of their axes.
  struct Placement {
    double sigma_x_nm = 0, sigma_y_nm = 0, ellipticity = 1;
  };
  [[nodiscard]] std::optional<Placement> placement() const;  ///< absent for fewer than two holes
};

struct StochasticStage {
  resist::StochasticsParameters parameters;
  int repeat_x = 1, repeat_y = 1;  ///< cells in one film
  std::vector<GaugeNoise> gauges;
  resist::Counts mean_counts;
  metrology::FailureCount failures;             ///< of all realisations
  metrology::FailureProbability piece_failure;  ///< missing, broken or merged, of the intended pieces
  resist::ResistResult first;                   ///< first realisation, for pictures
  std::vector<std::string> warnings;
};

struct ResistStage {
  resist::ResistResult result;
  metrology::ProfileMeasurement measurement;
  std::optional<StochasticStage> stochastics;
  double yield_per_photon = 0;
  std::vector<std::string> warnings;
};

/// The film without noise.
[[nodiscard]] metrology::ProfileMeasurement measure_film(const FilmScene& scene,
                                                         const resist::ResistProfile& profile,
                                                         const std::vector<metrology::Gauge>& gauges);

/// All realisations at a dose.
/// @param smooth, measured  the film without noise at that dose, for the analytic estimate
[[nodiscard]] StochasticStage compute_noise(const FilmScene& scene, const resist::ResistResult& smooth,
                                            const metrology::ProfileMeasurement& measured, double dose_mj_cm2,
                                            const Progress& progress);

/// @param images  one for each of film_planes()
[[nodiscard]] ResistStage compute_resist(const FilmScene& scene, std::span<const imaging::AerialImage> images,
                                         const std::vector<metrology::Gauge>& gauges,
                                         const Progress& progress);

}  // namespace undulith::flow
