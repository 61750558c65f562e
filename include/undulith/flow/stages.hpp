// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "undulith/flow/prepared.hpp"
#include "undulith/flow/resist_stage.hpp"
#include "undulith/imaging/imaging.hpp"
#include "undulith/imaging/spectrum.hpp"
#include "undulith/metrology/metrology.hpp"

namespace undulith::flow {

/// One plane of a series through focus.
struct PlaneResult {
  double focus_nm = 0;
  imaging::AerialImage image;
  metrology::Measurement measurement;
};

/// Sampling of the spectrum, and the error it leaves in the image.
struct SpectrumResult {
  std::vector<imaging::SpectralNode> nodes;
  /// Estimated error of the sum over the wavelengths, the largest of all planes, from the change to a coarser
  /// sum over the same ones; absent for one line or a given number
  std::optional<double> change;
  double omitted_light = 0;  ///< share of the light, of source points, polarisations and wavelengths left out
  bool converged = true;     ///< the change is below imaging.spectral_error
};

/// Results of every stage of a job.
struct Results {
  Prepared prepared;
  mask::Diffraction diffraction;  ///< at the design wavelength; a thick mask: at the strongest one
  imaging::AerialImage image;
  metrology::Measurement measurement;  ///< of printing_image()
  SpectrumResult spectrum;
  std::vector<PlaneResult> through_focus;  ///< imaging.through_focus_nm, in that order
  std::optional<ResistStage> resist;       ///< models with a film only
};

/// The image that is thresholded: the effective image of a compact resist, otherwise the image itself.
[[nodiscard]] imaging::AerialImage printing_image(const Prepared& prepared,
                                                  const imaging::AerialImage& image);
/// ImagingWork::opposite_points_agree for the planes of a job.
[[nodiscard]] bool opposite_points_agree(const job::Job& job, std::span<const double> focus_nm);

/// metrology::find_gauges() of the job.
[[nodiscard]] metrology::PlacedGauges find_gauges(const Prepared& prepared, const Progress& progress = {});
/// metrology::measure() on what the resist sees of the image; large images are not copied.
[[nodiscard]] metrology::Measurement measure_print(const Prepared& prepared,
                                                   const imaging::AerialImage& image,
                                                   const metrology::PlacedGauges& gauges);

/// Images in several planes, with the spectrum and the mask they were computed from.
struct PlaneImages {
  std::vector<imaging::AerialImage> planes;
  SpectrumResult spectrum;
  /// At the strongest wavelength. Of a thick mask from a store (flow/store.hpp) no spectra of its directions, only the report
  mask::Diffraction mask;
};

/// Images in any planes, with the number of wavelengths that the job sets or its spectral error needs.
[[nodiscard]] PlaneImages images_in_planes(const Prepared& prepared,
                                           const std::vector<imaging::ImagePlane>& planes,
                                           const Progress& progress);

/// All stages in order.
[[nodiscard]] Results compute(Prepared prepared, const Progress& progress);
[[nodiscard]] Results compute(const job::Job& job, const Progress& progress);

}  // namespace undulith::flow
