// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "undulith/illuminator/illuminator.hpp"
#include "undulith/imaging/imaging.hpp"
#include "undulith/io/png.hpp"
#include "undulith/layout/clip.hpp"
#include "undulith/mask/mask.hpp"
#include "undulith/metrology/metrology.hpp"
#include "undulith/report/colour_map.hpp"
#include "undulith/source/source.hpp"

/// Pictures of the results, as a lithographer reads them. What each one shows: docs/theory/report.md
///
/// All drawing functions have no side effects and give the same pixels for the same input. Coordinates are
/// wafer nm, x to the right and y up. They throw IoError when the drawing library fails (no memory).
namespace undulith::report {

struct PictureOptions {
  std::string title;                 ///< of the job; UTF-8; may be empty
  std::vector<std::string> details;  ///< lines below the title; a long line is broken at " · "
  ColourMap colour_map = ColourMap::violet_yellow;
  /// Pupils: source points of the image, for which cells are cut along rims; 0: those that are drawn
  int n_source_points = 0;
};

/// A picture, and the data that a program needs to read numbers from it (text chunks of write_picture).
struct Picture {
  io::RgbImage image;
  std::map<std::string, std::string> text;
};

/// Aerial image, printed edge (contours of the measurement), target (rings of the clip) and gauges.
///
/// Each pixel of the data area has the colour of the intensity at its centre, by bilinear interpolation
/// between the samples of image.intensity; beyond the outermost samples the image is continued periodically
/// where the window is the whole cell, and takes the nearest sample elsewhere. A periodic cell that is small
/// or narrow is repeated.
[[nodiscard]] Picture draw_aerial_image(const imaging::AerialImage& image, const layout::Clip& target,
                                        const metrology::Measurement& measurement,
                                        const PictureOptions& options);

/// Openings and absorber of the mask as made, with window and guard band.
/// @param parameters  tone; bias and rounding for the text
[[nodiscard]] Picture draw_mask(const mask::MaskAsMade& made, const mask::MaskParameters& parameters,
                                const PictureOptions& options);

/// Directions of illumination in the pupil, coloured by weight; their polarisation where it exceeds 5 %.
[[nodiscard]] Picture draw_pupil_fill(const illuminator::PupilFill& pupil_fill, double na,
                                      double wavelength_nm, const PictureOptions& options);

/// Flux against photon energy and wavelength, with the 2 % band.
/// @param wafer_flux  the spectrum after all mirrors on source.photon_energy_ev in any unit, scaled to the
///                    same peak; empty: not drawn
/// @throws std::invalid_argument  no samples, or different numbers of samples at the wafer and at the source
[[nodiscard]] Picture draw_spectrum(const source::SourceOutput& source, const PictureOptions& options,
                                    std::span<const double> wafer_flux = {});

/// Intensity along the gauges with threshold, printed edges and target edges; at most six gauges: those that
/// do not print first, then by |CD error|, then in the given order. Samples image.series.
[[nodiscard]] Picture draw_cut_lines(const imaging::AerialImage& image,
                                     const metrology::Measurement& measurement,
                                     const PictureOptions& options);

/// The projection optics: wavefront and amplitude over the pupil, obscuration, and the zero orders of the
/// source points. The wavefront has a symmetric scale: white is the mean.
/// @throws std::invalid_argument  the two fields have different grids, or no light passes
[[nodiscard]] Picture draw_pupil(const imaging::SampledPupil& pupil, const illuminator::PupilFill& pupil_fill,
                                 double na, double wavelength_nm, const PictureOptions& options);

/// One plane of a series through focus; neither is null.
struct FocusPlane {
  const imaging::AerialImage* image = nullptr;
  const metrology::Measurement* measurement = nullptr;
};

/// CD and NILS of up to six gauges against focus, with their targets, and crops of up to seven images.
///
/// Gauges: first those that fail to print somewhere, then the largest change of CD. The crops are centred on
/// the first of them and show the printed edge; a periodic cell is continued.
/// @param planes  in any order, of one window and with the same gauges; if several have the same focus, the
///                first is used
/// @throws std::invalid_argument  fewer than two planes, different gauges
[[nodiscard]] Picture draw_through_focus(std::span<const FocusPlane> planes, const PictureOptions& options);

/// Writes a picture as PNG, with its own text chunks, the given ones and "undulith:version".
/// @param metadata  further text, for example {"undulith:job_hash", "..."}; wins over a key of the picture
/// @throws IoError
/// Keys: docs/formats/png.md
void write_picture(const std::filesystem::path& path, const Picture& picture,
                   const std::map<std::string, std::string>& metadata = {});

}  // namespace undulith::report
