// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "undulith/core/volume.hpp"
#include "undulith/imaging/imaging.hpp"
#include "undulith/resist/parameters.hpp"

/// From the image in the film to the developed profile.
namespace undulith::resist {

/// Light within the film, relative to the open frame, before any absorption (unless `absorbed`).
struct ImageInResist {
  Field3D<double> intensity;
  double path_factor = 1;       ///< mean of 1/cos of the rays within the film
  bool absorbed = false;        ///< the images come from a film stack that absorbs already
  double wavelength_nm = 13.5;  ///< AerialImage::wavelength_nm: the energy of a photon
};

/// Fields after exposure; E is the local dose at which the chemistry happens, electron blur included.
struct LatentImage {
  Field3D<double> dose_mj_cm2;
  Field3D<double> acid;      ///< relative to the PAG; metal_oxide: conversion X before condensation
  Field3D<double> quencher;  ///< relative to the PAG; empty for metal_oxide
};

struct BakeReport {
  int n_steps = 0;
  double error = 0;       ///< estimated, of m: three times its rms over the film
  bool converged = true;  ///< error <= max_error
};

/// Fields after the bake.
struct BakedFilm {
  Field3D<double> acid, quencher;
  Field3D<double> inhibitor;  ///< m; metal_oxide: 1 - X after condensation
  BakeReport report;
};

struct FrontReport {
  double step_nm = 0;  ///< largest distance of its nodes
  double n_nodes = 0;  ///< to which it was followed
};

/// The developed film: the front reaches a node at arrival_time_s; resist is left where it comes later than
/// the developer is poured off. What is left but hangs on nothing that stands on the substrate is carried
/// away: there the time is that of the development.
struct ResistProfile {
  Tone tone = Tone::positive;
  double time_s = 0;               ///< of development
  double detached_share = 0;       ///< of the film's nodes that were carried away
  Field3D<double> arrival_time_s;  ///< finite, 0 on the top surface
  Field3D<double> inhibitor;       ///< for shrinkage
  double shrinkage = 0;
  FrontReport report;
};

/// All stages, for those who look at them one by one.
struct ResistResult {
  ImageInResist image;
  LatentImage latent;
  BakedFilm baked;
  Field3D<double> rate_nm_s;
  ResistProfile profile;
};

/// Nodes for a cell: steps at most those of the film, divided evenly; one node along an axis on which the
/// image does not vary.
/// @throws InputError  the film is thinner than two cells (resist.film.thickness_nm), more than 2^31 nodes
[[nodiscard]] Grid3D make_grid(const imaging::AerialImage& image, const FilmParameters& film);

/// Depths below the top surface, in nm, at which the image is wanted: n_planes Chebyshev-Lobatto points.
[[nodiscard]] std::vector<double> image_depths(const FilmParameters& film);
/// Defocus of the plane at a depth of the film when the job's focus is focus_nm: focus_nm + (z - z_ref) / n.
[[nodiscard]] double focus_at_depth(const FilmParameters& film, double focus_nm, double depth_nm);

/// The image at every node; between the planes by the polynomial through them, never below 0.
/// @param images    one for each of image_depths(film), the same cell
/// @param na        of the projection, for the slope of the rays: mean 1/cos over a filled pupil
/// @param absorbed  see ImageInResist
[[nodiscard]] ImageInResist image_in_resist(std::span<const imaging::AerialImage> images, const Grid3D& grid,
                                            const FilmParameters& film, double na, bool absorbed = false);

/// What is wrong with the parameters, before anything is computed.
/// @throws InputError  with the key of the job, why, and what to do
void check_parameters(const ResistParameters& parameters, const StochasticsParameters& stochastics = {});

/// Acids per absorbed photon at low dose, C G0 / (0.6796 alpha) for chemically_amplified; ligands lost per
/// absorbed photon for metal_oxide. Measured: 1.4 to 2.1 acids; about 5 ligands.
[[nodiscard]] double yield_per_photon(const ResistParameters& parameters, double wavelength_nm);
/// Warning when chemically_amplified lies outside [1, 3]; empty when there is nothing to say.
[[nodiscard]] std::string yield_warning(const ResistParameters& parameters, double wavelength_nm);

/// The whole chain without noise, for chemically_amplified and metal_oxide.
/// @param dose_mj_cm2  open frame, > 0
/// @throws InputError  see check_parameters; dose <= 0
/// Theory: docs/theory/resist.md
[[nodiscard]] ResistResult develop(const ImageInResist& image, const ResistParameters& parameters,
                                   double dose_mj_cm2);

/// From the latent image on: bake, rate, front.
[[nodiscard]] ResistResult develop_latent(ImageInResist image, LatentImage latent,
                                          const ResistParameters& parameters);

/// Counts of one realisation, for those who check them.
struct Counts {
  double photons_absorbed = 0, acids = 0, quenchers = 0;
};
struct StochasticResult {
  ResistResult result;
  Counts counts;
};

/// What is kept of a realisation.
enum class Keep {
  everything,
  profile  ///< and the reports
};

/// What all realisations of one film with noise share.
class NoisyFilm {
 public:
  /// @throws InputError  blur.sigma_nm = 0: the answer would depend on the grid
  NoisyFilm(ImageInResist image, const ResistParameters& parameters, double dose_mj_cm2,
            const StochasticsParameters& stochastics);

  /// The chain with the noise of photons, electrons, acids, quenchers, dose and speckle of one realisation.
  /// Keyed to absolute voxels: the noise of a place does not depend on threads, tiles or what else is
  /// computed. The front stops when the development ends: arrival times beyond twice that, and more than two
  /// nodes (in depth one) from those before, are upper bounds.
  /// Theory: docs/theory/stochastics.md
  [[nodiscard]] StochasticResult develop(int realisation, Keep keep = Keep::everything) const;

 private:
  ImageInResist image_;
  ResistParameters parameters_;  // with the steps that all realisations take
  BakeReport bake_;
  double dose_mj_cm2_;
  StochasticsParameters stochastics_;
};

/// One realisation of a NoisyFilm.
[[nodiscard]] StochasticResult develop_stochastic(const ImageInResist& image,
                                                  const ResistParameters& parameters, double dose_mj_cm2,
                                                  const StochasticsParameters& stochastics, int realisation);

/// The film without noise where an edge of its profile lies.
struct EdgeState {
  double dose_mj_cm2 = 0;             ///< local, electron blur included
  double acid = 0, quencher = 0;      ///< after exposure; metal_oxide: conversion X, 0
  double inhibitor = 1;               ///< m after the bake
  double inhibitor_slope_per_nm = 0;  ///< |dm/dx| across the edge, > 0
};
/// Analytic edge roughness beside every Monte Carlo; 1 sigma.
struct LerEstimate {
  double slice_nm = 0;      ///< of the edge at one depth, if the front averaged nothing
  double film_nm = 0;       ///< of the edge averaged through the whole film
  double photon_share = 0;  ///< of the variance at one depth; the rest is counts of molecules
};
/// Linear response of the protected share to the noise of photons and molecules, divided by its slope:
///   var(c) = (dh/dE)^2 E^2/n V_photon + (h + q)/G0 V_molecule,  sigma = |dm/dc| sqrt(var(c)) / |dm/dx|
/// with c = h - q (which quenching leaves alone), n photons absorbed per nm3 and V the integral of the
/// squared transfer of electron blur and of acid that acts while it diffuses, (1 - exp(-D k^2 T)) / (D k^2
/// T). The front averages some of the depth: a Monte Carlo lies between film and slice, lower when the noise
/// is no longer small against c (docs/theory/stochastics.md).
/// @return absent where nothing smooths the counts of molecules, or m has no slope
[[nodiscard]] std::optional<LerEstimate> estimate_ler(const ResistParameters& parameters,
                                                      double wavelength_nm, const EdgeState& edge);

/// Image that a compact model prints from with the one threshold of [metrology]: the image itself, blurred,
/// with its threshold varied, or lumped. intensity and series are replaced.
/// @throws InputError  the model is not a compact one
[[nodiscard]] imaging::AerialImage effective_image(const imaging::AerialImage& image,
                                                   const ResistParameters& parameters);

/// log(arrival / time) of the profile, > 0 where resist is left; bounded to [-20, 20]. Nodes of the top
/// surface carry the value with which a straight line to the node below is 0 at the depth that has dissolved.
[[nodiscard]] Field3D<double> resist_level(const ResistProfile& profile);
/// The same at one depth; linear between the planes of nodes.
[[nodiscard]] Field2D<double> resist_level(const ResistProfile& profile, double depth_nm);
/// Height above the substrate of the highest resist at each lateral node after shrinkage, nm; 0 = cleared.
[[nodiscard]] Field2D<double> resist_height(const ResistProfile& profile);
/// Resist that is left in each column of nodes after shrinkage, gaps not counted, nm.
[[nodiscard]] Field2D<double> resist_thickness(const ResistProfile& profile);

}  // namespace undulith::resist
