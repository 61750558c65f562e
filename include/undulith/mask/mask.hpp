// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <span>

#include "undulith/core/progress.hpp"
#include "undulith/illuminator/illuminator.hpp"
#include "undulith/layout/clip.hpp"
#include "undulith/mask/diffraction.hpp"
#include "undulith/mask/parameters.hpp"

/// From a clip of layout to the diffraction spectrum of the mask.
namespace undulith::mask {

/// Reflected amplitudes of the two regions of a thin mask, both referred to the top of the absorber.
struct RegionAmplitudes {
  std::complex<double> open, absorber;
};

/// Amplitudes from the film stack (mean of s and p at the chief ray) or as given.
/// @throws InputError  unknown material, wavelength outside its table, an opening that does not reflect
[[nodiscard]] RegionAmplitudes region_amplitudes(const MaskParameters& parameters, double wavelength_nm);

/// Share of the intensity that the pellicle lets through in one pass, exp(-4 pi k t / (lambda cos theta)); 1
/// without one. Reflection at its surfaces (below 1e-3) is left out.
[[nodiscard]] double pellicle_transmission(const Pellicle& pellicle, double wavelength_nm,
                                           double incidence_deg);

/// Checks the mask as compute_diffraction() does, before it computes; returns the amplitudes of the two
/// regions.
/// @throws InputError  see region_amplitudes; an opening that reflects nothing, an edge bias or corner
///                     radius larger than the shorter side of the cell
RegionAmplitudes check_parameters(const layout::Clip& clip, const MaskParameters& parameters,
                                  double wavelength_nm);

/// How the mask is illuminated and imaged.
struct MaskOptics {
  double na = 0.33;                                 ///< at the wafer
  double magnification_x = 4, magnification_y = 4;  ///< reduction of the mask
  double chief_ray_azimuth_deg = 0;                 ///< from the y-z plane towards +x
  /// At which a thick mask without reference_depth_nm is in focus; 0: the wavelength of the light
  double design_wavelength_nm = 0;
};

/// The mask as the mask shop makes it: the drawing with its edge bias, its rounded corners and its absorber
/// defects. It is made once; every model and every picture takes it from here.
struct MaskAsMade {
  layout::Clip clip;  ///< cell and window of the drawing, rings on the mask; wafer scale
};

/// First the bias, then the corners, then the absorber defects in their order.
/// @param optics       its reduction gives the size of absorber defects at wafer scale
/// @throws InputError  see layout::as_made()
[[nodiscard]] MaskAsMade make_mask(const layout::Clip& drawn, const MaskParameters& parameters,
                                   const MaskOptics& optics = {});

/// Thin (Kirchhoff) mask: the exact Fourier coefficients of its polygons up to max_frequency_per_nm in x and
/// in y.
///
/// @param made                   rings within the cell
/// @param wavelength_nm          vacuum wavelength, > 0
/// @param max_frequency_per_nm   largest |f| that the optics can use: (1 + sigma_max) NA / lambda
/// @throws InputError            see check_parameters; no rings, or rings that fill the cell, are no error
/// Accuracy: machine precision. Cost O(distinct edge heights x orders) for Manhattan rings, O(edges x orders)
/// otherwise. Theory: docs/theory/mask.md
[[nodiscard]] Diffraction compute_thin_diffraction(const MaskAsMade& made, const MaskParameters& parameters,
                                                   double wavelength_nm, double max_frequency_per_nm);

/// Cost of a mask, known before it is computed.
struct MaskPlan {
  int n_directions = 0;          ///< of incidence, for which a thick mask is solved; 0: a thin one
  int n_solutions = 0;           ///< Bloch vectors (rigorous), or directions with fine slices (multislice)
  int n_orders = 0;              ///< rigorous: about, of each
  double cpu_s = 0;              ///< time on one processor, about, without correction_cpu_s
  double correction_cpu_s = 0;   ///< multislice: of compute_correction()
  double memory_mb = 0;          ///< peak working memory, about, without spectra_memory_mb
  double spectra_memory_mb = 0;  ///< of the result
};

/// @throws InputError  see compute_diffraction()
[[nodiscard]] MaskPlan plan_mask(const MaskAsMade& made, const MaskParameters& parameters,
                                 const MaskOptics& optics, const illuminator::PupilFill& pupil_fill,
                                 double wavelength_nm, double max_frequency_per_nm);

/// Diffraction of the mask by the model of its parameters.
///
/// A thick mask is solved for directions of incidence on a grid in the pupil, with a Jones matrix for every
/// order; the matrices of the source points are interpolated between them. Directions of the rigorous model
/// lie on the reciprocal lattice of the mask and on sub-lattices of it, so that one solution serves all
/// directions of a Bloch vector. The multislice model solves twice as many directions along each axis with coarse
/// slices, and half as many with fine ones, whose difference is interpolated. A source of fewer points than that grid
/// is solved point by point.
///
/// @param pupil_fill             whose points illuminate the mask; the result is for these points
/// @param max_frequency_per_nm   as for compute_thin_diffraction()
/// @param corrections            multislice: at one or more wavelengths; none: one at this wavelength is computed
/// @throws InputError  as compute_thin_diffraction(); a parameter of the solver out of range, light that
///                     comes in or goes out along the surface, too large a problem
/// Accuracy: see Diffraction::thick. Cost: rigorous O(orders^3) per Bloch vector, multislice O(slices pixels
/// log pixels) per direction. Theory: docs/theory/mask.md, docs/theory/rigorous-mask.md
[[nodiscard]] Diffraction compute_diffraction(const MaskAsMade& made, const MaskParameters& parameters,
                                              const MaskOptics& optics,
                                              const illuminator::PupilFill& pupil_fill, double wavelength_nm,
                                              double max_frequency_per_nm, const Progress& progress = {},
                                              std::span<const SliceCorrection> corrections = {});

/// The correction that compute_diffraction() computes for the multislice model where it is given none. Corrections at
/// a few wavelengths serve all between them; arguments must be the same but for the wavelength.
[[nodiscard]] SliceCorrection compute_correction(const MaskAsMade& made, const MaskParameters& parameters,
                                                 const MaskOptics& optics,
                                                 const illuminator::PupilFill& pupil_fill,
                                                 double wavelength_nm, double max_frequency_per_nm,
                                                 const Progress& progress = {});

/// The mask at a wavelength between those it was solved at: every coefficient by the polynomial through them;
/// a single mask is returned as it is.
/// @param solved  >= 1, of different wavelengths, for the same source and the same orders
/// Accuracy: 1e-3 of the open frame and better for three wavelengths within the bandwidth of Mo/Si mirrors.
[[nodiscard]] Diffraction interpolate(std::span<const Diffraction> solved, double wavelength_nm);

/// Depth below the top of the absorber at which the mirror effectively reflects the chief ray: absorber and
/// optics::FlatStack::effective_depth_nm(), mean of s and p.
[[nodiscard]] double effective_depth_nm(const FilmStack& stack, double wavelength_nm);

}  // namespace undulith::mask
