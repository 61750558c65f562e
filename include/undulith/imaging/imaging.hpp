// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "undulith/core/grid.hpp"
#include "undulith/core/progress.hpp"
#include "undulith/illuminator/illuminator.hpp"
#include "undulith/imaging/image_samples.hpp"
#include "undulith/imaging/parameters.hpp"
#include "undulith/mask/mask.hpp"
#include "undulith/math/fourier_series.hpp"

/// From the diffraction of the mask and the illuminated pupil to the aerial image.
namespace undulith::imaging {

/// Intensity at the wafer, relative to the open frame (in the medium) under the same illumination.
struct AerialImage {
  ImageSamples intensity;        ///< on Plane::wafer: the samples of the window
  math::FourierSeries2D series;  ///< the same image, exact everywhere in the cell
  Box window;                    ///< nm
  /// Design wavelength: ImagingParameters::wavefront_wavelength_nm, or that of the strongest mask where it is
  /// 0
  double wavelength_nm = 13.5;
  double open_frame_raw = 1;          ///< intensity of the open frame per unit intensity incident on the mask
  double clear_field = 1;             ///< the same for a mask of reflectance 1: the part of the optics
  double focus_nm = 0, depth_nm = 0;  ///< the plane of the image
  int n_kernels = 0;                  ///< of SOCS; 0 = Abbe
  /// Largest difference from the Abbe sum over the same source points and the same cell, relative to the open
  /// frame: rounding for Abbe, otherwise a bound of the missing kernels; none for kernels of unknown origin
  std::optional<double> error_bound = 1e-12;
  /// Single precision: its largest difference from double precision relative to the open frame, measured on some
  /// source points or kernels
  std::optional<double> rounding_error;
  /// Largest difference from the coarser sum over the wavelengths (SpectralMask::coarser_share), relative to
  /// the open frame; absent if there is none
  std::optional<double> spectral_change;
};

/// The samples of the window from the series, at most output_pitch_nm apart.
[[nodiscard]] ImageSamples sample_window(const math::FourierSeries2D& series, const Box& window,
                                         double output_pitch_nm);

/// A plane of the image.
struct ImagePlane {
  double focus_nm = 0;
  double depth_nm = 0;  ///< see ImagingParameters::depth_nm
};

/// The mask at one wavelength of the light.
struct SpectralMask {
  double share = 1;  ///< of the power at the mask, relative
  mask::Diffraction diffraction;
  /// In a coarser sum over the same wavelengths (imaging::coarser_shares); all 0: no such sum
  double coarser_share = 0;
  /// Masks at the positions of the slit after the first; empty: the same everywhere
  std::vector<mask::Diffraction> further_positions;
  /// Computes the mask at a position of the slit when its turn comes, so that thick masks of few wavelengths are in
  /// memory at a time. Then `diffraction` needs its cell, window, wavelength and open share alone. May be empty
  std::function<mask::Diffraction(std::size_t position)> late;
};

/// How much an image asks for, apart from its parameters.
struct ImagingWork {
  int n_wavelengths = 1, n_planes = 1;  ///< of compute_images()
  /// A thin mask of two amplitudes with planes that lie_in_pairs(): one of each pair of opposite source points is enough
  /// where the optics allow it
  bool opposite_points_agree = false;
  bool thick_mask = false;
};

/// Grid and cost of an image, known before it is computed.
struct ImagingPlan {
  int n_x = 0, n_y = 0;              ///< band-limited grid on which fields are squared and summed
  int output_nx = 0, output_ny = 0;  ///< samples of the window
  int n_points = 0;                  ///< source points
  ImagingWork work;
  long long n_fields = 0;        ///< transforms for one plane, all wavelengths and slit positions
  double memory_mb = 0;          ///< peak memory with the images, about
  double kernels_memory_mb = 0;  ///< of it, to find the coherent systems (SOCS)
  double cpu_s = 0;              ///< time on one processor, about
};

/// The projection optics over the pupil: n x n samples at the centres of cells that tile [-1, 1]^2 in units
/// of NA.
struct SampledPupil {
  Field2D<double> waves;  ///< wavefront at focus 0, zero mean over the open pupil; NaN where no light passes
  Field2D<double> amplitude;  ///< root of the mean transmitted intensity; 0 outside and in the obscuration
  double rms_waves = 0;       ///< of `waves`
};

/// Samples the effect of the parameters: aberrations, maps, mask height, obliquity, obscuration, and for
/// Jones terms and mirrors the phase of their mean (within half a wave) and their mean transmission.
/// @param n  >= 8
/// @throws InputError  see plan_imaging
[[nodiscard]] SampledPupil sample_pupil(const ImagingParameters& parameters, double wavelength_nm, int n,
                                        const FieldPosition& position = {});

/// Largest spatial frequency of the mask that reaches the wafer: (1 + sigma_max) NA / lambda.
[[nodiscard]] double max_mask_frequency_per_nm(double na, double wavelength_nm, double sigma_max);

/// Share of the light of the source whose zero order falls into the central obscuration: of these source
/// points only diffracted light reaches the wafer. 0 without an obscuration.
[[nodiscard]] double hidden_share(const ImagingParameters& parameters,
                                  const illuminator::PupilFill& pupil_fill);

/// @throws InputError  kernels for a thick mask: they need one spectrum for all directions of the light
void require_method(const ImagingParameters& parameters, bool thick_mask);

/// Whether for each plane there is one as far on the other side of the focus, 0 for itself.
[[nodiscard]] bool lie_in_pairs(std::span<const double> focus_nm);

/// Grid and cost of compute_images().
/// @throws InputError  a parameter is out of range, no or too many samples in the output grid, every zero
///                     order in the central obscuration
[[nodiscard]] ImagingPlan plan_imaging(const Box& cell, const Box& window, double wavelength_nm,
                                       const illuminator::PupilFill& pupil_fill,
                                       const ImagingParameters& parameters, const ImagingWork& work = {});

/// Images in several planes at once; the spectrum of the mask and the pupil are computed once for all planes.
///
///   I(x) = sum_s w_s |E_s(x)|^2 E_s(x) = sum_f M(f) T(f + s) J(f + s) e_s exp(2 pi i f x),   s = sigma NA /
///   lambda
///
/// T is the rotation to the wafer (or into a film), J the Jones pupil, e_s each polarisation state of the
/// source point. Images of wavelengths and slit positions are added incoherently; vibration and flare act on
/// the sum. The image of every source point is band-limited to 2 NA / lambda, so N samples per side with N >=
/// 2 floor(2 NA L / lambda) + 1 represent it without error; one interpolation gives the output grid.
/// @param masks   one per wavelength, all with the same cell; the first defines window and open frame
/// @param planes  >= 1
/// @throws InputError  see plan_imaging; no wavelength, masks of different cells
/// Accuracy: 1e-12 against the direct sum for the same source points and periodic cell (method = abbe), else
/// AerialImage::error_bound. Cost O(points planes N^2 log N). Theory: docs/theory/imaging.md
[[nodiscard]] std::vector<AerialImage> compute_images(std::span<const SpectralMask> masks,
                                                      const illuminator::PupilFill& pupil_fill,
                                                      const ImagingParameters& parameters,
                                                      std::span<const ImagePlane> planes,
                                                      const Progress& progress = {});

/// The image of one wavelength in the plane of the parameters.
[[nodiscard]] AerialImage compute_aerial_image(const mask::Diffraction& diffraction,
                                               const illuminator::PupilFill& pupil_fill,
                                               const ImagingParameters& parameters,
                                               const Progress& progress = {});

}  // namespace undulith::imaging
