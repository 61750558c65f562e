#pragma once

#include <vector>

#include "undulith/core/grid.hpp"
#include "undulith/core/progress.hpp"
#include "undulith/illuminator/illuminator.hpp"
#include "undulith/mask/mask.hpp"
#include "undulith/math/fourier_series.hpp"
#include "undulith/optics/zernike.hpp"

/// From the diffraction of the mask and the lit pupil to the aerial image.
namespace undulith::imaging {

using optics::ZernikeTerm;

struct ImagingParameters {
  double na = 0.33;                      ///< numerical aperture at the wafer, (0, 1)
  double focus_nm = 0;                   ///< observation plane displaced along the direction of propagation
  std::vector<ZernikeTerm> aberrations;  ///< Fringe set, waves
  double output_pitch_nm = 1;            ///< largest step of the output grid, > 0
};

/// Intensity at the wafer, relative to the open frame at best focus under the same illumination.
struct AerialImage {
  Field2D<double> intensity;     ///< on Plane::wafer: the samples of the window
  math::FourierSeries2D series;  ///< the same image, exact everywhere in the cell
  Box window;                    ///< nm
  double open_frame_raw = 1;     ///< intensity of the open frame per unit incident intensity
};

/// Grid and cost of an Abbe image, known before it is computed.
struct AbbePlan {
  int n_x = 0, n_y = 0;              ///< band-limited grid on which fields are squared and summed
  int output_nx = 0, output_ny = 0;  ///< samples of the window
  int n_points = 0;                  ///< source points
  double memory_mb = 0;              ///< peak working memory, about
  double cpu_s = 0;                  ///< time on one processor, about
};

/// Largest spatial frequency of the mask that reaches the wafer: (1 + sigma_max) NA / lambda.
[[nodiscard]] double max_mask_frequency_per_nm(double na, double wavelength_nm, double sigma_max);

/// @throws InputError  a parameter is out of range, no or too many samples in the output grid
[[nodiscard]] AbbePlan plan_abbe(const Box& cell, const Box& window, double wavelength_nm,
                                 const illuminator::PupilFill& pupil_fill,
                                 const ImagingParameters& parameters);

/// Scalar Abbe image: the exact sum over source points, on the smallest grid that carries it.
///
///   I(x) = sum_s w_s |E_s(x)|^2,  E_s(x) = sum_f M(f) P(f + s) exp(2 pi i f x),  s = sigma NA / lambda
///
/// The image of every source point is band-limited to 2 NA / lambda, so N >= 2 floor(2 NA L / lambda) + 1
/// samples per side carry it without error; one Fourier interpolation gives the output grid.
/// @throws InputError  a parameter is out of range
/// Accuracy: 1e-13 against the direct sum for the same source points and periodic cell. Cost O(points N^2 log
/// N). Theory: docs/theory/imaging.md
[[nodiscard]] AerialImage compute_aerial_image(const mask::Diffraction& diffraction,
                                               const illuminator::PupilFill& pupil_fill,
                                               const ImagingParameters& parameters,
                                               const Progress& progress = {});

}  // namespace undulith::imaging
