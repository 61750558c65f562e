// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "undulith/core/range.hpp"

/// What a resist is made of and how it is processed; the names are the keys of the job.
namespace undulith::resist {

/// constant_threshold .. lumped print straight from the image (compact.hpp); the last two follow exposure,
/// bake and development through the film.
enum class ResistModel {
  constant_threshold,
  blurred_threshold,
  variable_threshold,
  lumped,
  chemically_amplified,
  metal_oxide
};

/// Whether a model follows exposure, bake and development through a film.
[[nodiscard]] constexpr bool has_film(ResistModel model) {
  return model == ResistModel::chemically_amplified || model == ResistModel::metal_oxide;
}

enum class FocusReference { top, middle };

/// [resist.film]
struct FilmParameters {
  double thickness_nm = 40;        ///< > 0
  double dill_a_per_um = 0;        ///< bleachable absorption, >= 0; none at EUV
  double dill_b_per_um = 4.44;     ///< absorption that stays, >= 0
  double refractive_index = 0.98;  ///< real part, for the slope of rays and the focus within the film
  FocusReference focus_reference = FocusReference::middle;  ///< where in the film focus_nm is meant
  int n_planes = 3;            ///< images through the film, >= 1; 1 = the same image at every depth
  double lateral_step_nm = 1;  ///< largest distance of nodes along x and y, > 0
  double depth_step_nm = 1;    ///< largest distance of nodes along z, > 0; at least two cells a film
  /// Largest distance of nodes on which the developer's front runs, >= 0; 0 = 0.25 in a cut, 0.5 in three
  /// dimensions, and the film's own nodes where those are noisy. Never coarser than the film's.
  double front_step_nm = 0;
};

/// [resist.exposure]
struct ExposureParameters {
  double dill_c_cm2_mj = 0.03;  ///< acid = 1 - exp(-C E) of the PAG, E the local dose; > 0
  double pag_per_nm3 = 0.2;     ///< > 0
};

/// Point spread of the energy that electrons carry away from where a photon was absorbed.
enum class BlurKernel { gaussian, exponential, two_gaussians, table };
/// isotropic: through the film too, reflected at its surfaces; lateral: within each depth alone.
enum class BlurDirection { isotropic, lateral };

/// [resist.blur]
struct BlurParameters {
  BlurKernel kernel = BlurKernel::gaussian;
  double sigma_nm = 2.5;       ///< rms along one axis, of every kernel, >= 0; 0 = none
  double second_sigma_nm = 6;  ///< two_gaussians: rms of the second one
  double second_share = 0.2;   ///< two_gaussians: of the energy, in [0, 1]
  BlurDirection direction = BlurDirection::isotropic;
  /// table: energy per volume against radius; radii rise from 0, densities >= 0 and not all 0
  std::vector<double> table_radius_nm, table_density;
};

/// Growth of the diffusivity with the deprotected share c = 1 - m:
/// linear D = D0 (1 + a c); fujita_doolittle D = D0 exp(a c / (1 + b c)).
enum class DiffusivityLaw { constant, linear, fujita_doolittle };

/// Which half of a step of time comes at both ends. reactions: as the quick ones should. diffusion: for
/// counted molecules, which else would act on their own voxel alone before they move.
enum class BakeSplitting { reactions_outside, diffusion_outside };

/// [resist.bake]: post-exposure bake of a chemically amplified resist. Concentrations of acid and quencher
/// are relative to the initial PAG, the inhibitor m to its own start.
///   dh/dt = div D_h grad h - k_quench h q - k_loss h - k_trap h (1 - m)
///   dq/dt = div D_q grad q - k_quench h q
///   dm/dt = -k_amp m h^n
struct BakeParameters {
  double time_s = 60;
  double quencher = 0.15;               ///< before exposure, relative to the PAG, >= 0
  double quencher_dill_c_cm2_mj = 0;    ///< > 0: photo-decomposable, q0 exp(-C_q E)
  double acid_diffusivity_nm2_s = 0.2;  ///< at reference_temperature_c
  double quencher_diffusivity_nm2_s = 0.1;
  std::optional<double> acid_depth_diffusivity_nm2_s;  ///< along z when it differs
  std::optional<double> quencher_depth_diffusivity_nm2_s;
  DiffusivityLaw diffusivity_law = DiffusivityLaw::constant;
  double diffusivity_a = 0, diffusivity_b = 0;
  double k_quench_per_s = 5;
  double k_amp_per_s = 0.12;
  double reaction_order = 1;  ///< n, >= 1
  double k_loss_per_s = 0;
  double k_trap_per_s = 0;
  double surface_transfer_nm_s = 0;  ///< h_s at the top: flux into the film = h_s (a* - h)
  double surface_acid = 0;           ///< a*
  double temperature_c = 110, reference_temperature_c = 110;
  double diffusion_activation_kj_mol = 0;  ///< Arrhenius: every D
  double reaction_activation_kj_mol = 0;   ///< Arrhenius: k_amp
  double quench_activation_kj_mol = 0;     ///< Arrhenius: k_quench
  double loss_activation_kj_mol = 0;       ///< Arrhenius: k_loss and k_trap
  double max_error = 1e-3;                 ///< of m, from the steps in time
  int n_steps = 0;                         ///< 0 = as many as max_error asks for
  BakeSplitting splitting = BakeSplitting::reactions_outside;
};

enum class DevelopmentModel { mack, enhanced_mack, notch, threshold };
/// positive: what was exposed dissolves; negative: what was not.
enum class Tone { positive, negative };

/// [resist.development]
struct DevelopmentParameters {
  DevelopmentModel model = DevelopmentModel::mack;
  Tone tone = Tone::positive;  ///< chemically_amplified; metal_oxide is negative always
  double time_s = 30;
  double r_max_nm_s = 100, r_min_nm_s = 0.02;  ///< 0 < r_min < r_max
  double m_threshold = 0.5;  ///< mack: inflection of R(m); notch: of the notch; threshold: the step
  double n = 10;
  double r_resin_nm_s = 10;  ///< enhanced_mack
  double n_inhibition = 20;  ///< enhanced_mack: l
  double n_notch = 10;       ///< notch
  double surface_rate = 1;   ///< rate at the top surface relative to that deep below, in (0, 1]
  double surface_depth_nm = 5;
  double shrinkage = 0;  ///< loss of height of wholly deprotected resist, in [0, 1)
};

/// [resist.metal_oxide]: conversion X = 1 - exp(-C E); insoluble above the gel point, no acid.
struct MetalOxideParameters {
  double conversion_c_cm2_mj = 0.008;
  double gel_conversion = 0.18;     ///< in (0, 1)
  double gel_sharpness = 20;        ///< R = r_min + (r_max - r_min) / (1 + (X / X_gel)^sharpness)
  double ligands_per_nm3 = 5.6;     ///< that photons can split off
  double condensation_blur_nm = 1;  ///< Gaussian rms of the cross-links, >= 0
};

/// [resist.compact]
struct CompactParameters {
  /// variable_threshold: threshold (1 + max_weight (I_max - reference_max) + min_weight I_min + slope_weight
  /// |grad I| radius), I_max and I_min within the radius
  double radius_nm = 30;
  double max_weight = 0, reference_max = 0.6, min_weight = 0, slope_weight = 0;
  double gamma = 10;  ///< lumped: resist contrast, > 0; thickness and absorption are those of the film
};

/// [resist]
struct ResistParameters {
  ResistModel model = ResistModel::constant_threshold;
  FilmParameters film;
  ExposureParameters exposure;
  BlurParameters blur;
  BakeParameters bake;
  DevelopmentParameters development;
  MetalOxideParameters metal_oxide;
  CompactParameters compact;
};

/// Ranges of the noise of the light: the job may give it, else the light source does.
inline constexpr Range kDoseNoise = Range::closed(0, 1), kSpeckleContrast = Range::closed(0, 1);

/// [stochastics]
struct StochasticsParameters {
  int n_realisations = 0;  ///< 0 = no Monte Carlo
  int seed = 1;
  double length_nm = 200;           ///< along lines that do not vary along y (or x): the cell is repeated
  double electrons_per_photon = 0;  ///< mean of the Poisson number that shares the photon's energy; 0 = none
  double dose_noise = 0;            ///< rms of the dose from exposure to exposure, relative
  double speckle_contrast = 0;      ///< rms of the light's granularity at the wafer, relative
  double speckle_length_nm = 20;    ///< lateral correlation length (1/e of a Gaussian), > 0
};

}  // namespace undulith::resist
