#pragma once

#include <optional>
#include <vector>

#include "undulith/flow/light_chain.hpp"
#include "undulith/flow/resist_stage.hpp"
#include "undulith/imaging/imaging.hpp"
#include "undulith/imaging/spectrum.hpp"
#include "undulith/job/job.hpp"
#include "undulith/metrology/metrology.hpp"

namespace undulith::flow {

/// What a job needs before its image is computed; cheap to make.
struct Prepared {
  layout::Clip clip;      ///< as drawn
  mask::MaskAsMade mask;  ///< of the clip
  source::SourceOutput light;
  LightChain chain;  ///< from the source to the wafer, without the mask
  illuminator::PupilFill pupil_fill;
  imaging::ImagingParameters imaging;  ///< of the job, with what other stages know: flare's density
  /// Expected for the first try: the number of wavelengths may be doubled further
  imaging::ImagingPlan plan;
  mask::MaskPlan mask_plan;  ///< for all wavelengths and positions of the slit
  FilmPlan film;
  std::optional<double> kirk_flare;  ///< in the dark pad of the job; power-law flare only
  std::vector<std::string> warnings;
  [[nodiscard]] double cpu_s() const { return plan.cpu_s + film.cpu_s + mask_plan.cpu_s; }
  [[nodiscard]] double memory_mb() const { return plan.memory_mb + film.memory_mb + mask_plan.memory_mb; }
};

/// @throws InputError  image, film and mask need more memory than is available
void require_memory(const imaging::ImagingPlan& plan, const FilmPlan& film, const mask::MaskPlan& mask,
                    double available_mb);

/// Cuts the clip from the layout or the shapes of the job, makes the mask, follows the light to the wafer,
/// fills the pupil, and checks the parameters of every stage.
/// @throws InputError  a parameter is out of range or does not fit the layout, too little memory
[[nodiscard]] Prepared prepare(const job::Job& job);

/// The illuminated pupil for a mask of this cell: cells of an ideal shape are cut where one of its orders
/// reaches the rim of the pupil.
/// @param lit  gives the light and the beamline
[[nodiscard]] illuminator::PupilFill fill_pupil(const job::Job& job, const Prepared& lit, const Box& cell);

/// One plane of a series through focus.
struct PlaneResult {
  double focus_nm = 0;
  imaging::AerialImage image;
  metrology::Measurement measurement;
};

/// Sampling of the spectrum, and the error it leaves in the image.
struct SpectrumResult {
  std::vector<imaging::SpectralNode> nodes;
  /// Largest difference from half as many wavelengths, over all planes; absent for one line or a given number
  std::optional<double> change;
  bool converged = true;  ///< the change is below imaging.spectral_error
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

/// The side of the threshold on which drawn shapes print.
[[nodiscard]] metrology::Feature drawn_feature(mask::Tone tone);

/// What the resist stage takes from the earlier ones; keeps references to both.
[[nodiscard]] FilmScene film_scene(const job::Job& job, const Prepared& prepared);

/// The image that is thresholded: the effective image of a compact resist, otherwise the image itself.
[[nodiscard]] imaging::AerialImage printing_image(const job::Job& job, const imaging::AerialImage& image);

/// Images in several planes, with the spectrum and the mask they were computed from.
struct PlaneImages {
  std::vector<imaging::AerialImage> planes;
  SpectrumResult spectrum;
  mask::Diffraction mask;  ///< at the strongest wavelength
};

/// Images in any planes, with the number of wavelengths that the job sets or its spectral error needs.
[[nodiscard]] PlaneImages images_in_planes(const job::Job& job, const Prepared& prepared,
                                           const std::vector<imaging::ImagePlane>& planes,
                                           const Progress& progress);

/// All stages in order.
[[nodiscard]] Results compute(const job::Job& job, const Progress& progress);

}  // namespace undulith::flow
