// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "undulith/materials/optical_constants.hpp"
#include "undulith/optics/stokes.hpp"
#include "undulith/source/source.hpp"

/// The mirrors between a source and the wafer.
namespace undulith::illuminator {

/// Parts of the path, in order; intermediate focus lies behind the front end. The mask counts as one mirror.
enum class Section { front_end, illuminator, mask, projection };

/// multilayer: Mo/Si near normal incidence; grazing: one film far beyond the critical angle; fixed: a given
/// transmission for all wavelengths (filter, gas, splitter, scatter).
enum class Coating { multilayer, grazing, fixed };

/// A number of equal elements, one after another.
struct BeamlineMirror {
  std::string name;
  Section section = Section::front_end;
  Coating coating = Coating::multilayer;
  int count = 1;                        ///< [0, 100]
  double incidence_deg = 6;             ///< from the surface normal, [0, 90); grazing: 90 - grazing angle
  materials::Material material = "Ru";  ///< grazing
  double roughness_nm = 0.5;            ///< grazing: rms
  double peak_reflectance = 0;          ///< multilayer: (0, 1]; 0 = that of the model stack
  double transmission = 1;              ///< fixed: (0, 1]
  double plane_of_incidence_deg = 90;   ///< from +x: 90 deflects vertically
};

struct BeamlineParameters {
  std::vector<BeamlineMirror> mirrors;  ///< ordered by section; empty: default_mirrors(kind)
  int n_scanners = 1;                   ///< that share the source in equal parts, [1, 1000]
  double splitting_efficiency = 1;      ///< of dividing the light among them, (0, 1]
  double first_mirror_distance_m = 10;  ///< from the source, > 0
};

/// After one element, all of its count.
struct BeamlineStep {
  std::string name;
  Section section = Section::front_end;
  double transmission = 1;     ///< of in-band power through it
  double in_band_power_w = 0;  ///< behind it; from the division among scanners on, of one of them
  optics::Stokes stokes;       ///< behind it, s0 = 1, in the band
};

struct Beamline {
  std::vector<BeamlineStep> steps;
  // In-band powers, of one scanner from intermediate focus on; the mask and all mirrors at best.
  double source_power_w = 0, intermediate_focus_power_w = 0, mask_power_w = 0, wafer_power_w = 0;
  /// Behind the last element, on photon_energy_ev of the source; Stokes on the mask
  std::vector<double> wafer_flux;
  /// The same behind everything but the mask, whose own reflectance the image has: spectrum for the image
  std::vector<double> relative_flux_without_mask;
  double bandwidth_fwhm_percent = 0;       ///< of wafer_flux; 0 = a line, or not known
  bool bandwidth_known = true;             ///< false: the light of a file does not determine the width
  double effective_bandwidth_percent = 0;  ///< integral of wafer_flux over its peak, over the mean energy
  optics::Stokes mask_stokes;              ///< s0 = 1
  double first_mirror_power_density_w_mm2 = 0;  ///< all photon energies, normal to the beam; 0: not known
  std::vector<std::string> notes;
};

/// The mirrors that are assumed for such a source if the job names none; the ideal line has none (counts:
/// docs/theory/illuminator.md)
[[nodiscard]] std::vector<BeamlineMirror> default_mirrors(source::SourceKind kind);

/// Follows the light through the mirrors, photon energy by photon energy.
///
/// Each element multiplies the flux by its reflectance for the polarisation that arrives: with R_s, R_p and
/// the phase between them a mirror acts on the Stokes vector by its Mueller matrix in the plane of incidence.
/// The path is folded out: axes x and y keep their directions, and a mirror with r_s = r_p changes no
/// polarisation (seen along the folded beam each near-normal mirror turns the sense of s3). Multilayers
/// (optics::MoSiMirror) are tuned so that the curve R^n, n being the number of multilayers on the path, has
/// its half-maximum points centred on light.wavelength_nm at the incidence angle of each. In-band powers are
/// those within light.wavelength_nm +- 1 %. Between photon energies flux is linear. Light beyond the tables
/// of a coating is lost; a note gives its share. Division among scanners is a step of its own.
/// @throws InputError  a parameter out of range, sections out of order, a multilayer that has no peak at its
///                     angle, a source without light in the band, a band outside the tables of a coating
/// Accuracy: that of the optical constants; quadrature 1e-4. Cost O(photon energies x kinds of mirror).
/// Theory: docs/theory/illuminator.md
[[nodiscard]] Beamline trace_beamline(const BeamlineParameters& parameters,
                                      const source::SourceOutput& light);

}  // namespace undulith::illuminator
