// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "undulith/illuminator/illuminator.hpp"
#include "undulith/imaging/imaging.hpp"
#include "undulith/layout/clip.hpp"
#include "undulith/metrology/metrology.hpp"
#include "undulith/report/pictures.hpp"
#include "undulith/source/source.hpp"

/// Pictures of light sources: angular distribution, polarisation, and the comparison of several sources on
/// one mask. What each one shows: docs/theory/report.md. The spectrum: draw_spectrum in pictures.hpp
namespace undulith::report {

/// Flux density S0 over the angles at the design wavelength, with its cuts through the axis in x and y.
/// @param acceptance_half_angle_urad  half angle of the round aperture to draw, >= 0; 0: none
/// @throws std::invalid_argument  the source has no map
[[nodiscard]] Picture draw_angular_map(const source::SourceOutput& source, const PictureOptions& options,
                                       double acceptance_half_angle_urad = 0);

/// S1/S0, S2/S0 and S3/S0 over the angles, where there is a map of all four, and against photon energy.
///
/// White is 0; directions with less than 1e-3 of the largest S0 are grey. Without source.spectral_stokes the
/// parameters of source.stokes are used for every photon energy.
/// @throws std::invalid_argument  neither a map of all four parameters nor a spectrum
[[nodiscard]] Picture draw_stokes(const source::SourceOutput& source, const PictureOptions& options);

/// One of the sources of a comparison. A null pointer or an empty span: there is no such result.
struct ComparedSource {
  std::string name, status;  ///< for people; status as name_of(source::Status) writes it
  const source::SourceOutput* light = nullptr;
  std::span<const double> wafer_flux;  ///< after all mirrors, on light->photon_energy_ev; any unit
  const illuminator::PupilFill* pupil_fill = nullptr;
  const imaging::AerialImage* image = nullptr;
  const metrology::Measurement* measurement = nullptr;
  std::vector<std::pair<std::string, std::string>> figures;  ///< name, and value with its unit
};

/// One row per source: status, figures, spectrum at the source and after all mirrors, pupil, image with its
/// printed edge; below them, the cuts along the first gauge and their differences from the first source.
///
/// All spectra share one wavelength axis, all images one crop and one colour scale, so that widths and
/// images can be compared by eye. A line narrower than a few pixels is drawn as a vertical line.
/// @param clip  its rings are the target edges of the images
/// @throws std::invalid_argument  not 2 to 12 sources, or a wafer_flux of another length than its spectrum
[[nodiscard]] Picture draw_comparison(std::span<const ComparedSource> sources, const layout::Clip& clip,
                                      const PictureOptions& options);

}  // namespace undulith::report
