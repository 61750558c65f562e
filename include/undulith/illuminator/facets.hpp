// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "undulith/illuminator/illuminator.hpp"

/// The fly's eye of an EUV illuminator: field facets are imaged onto the arc slit, and each points to a pupil
/// facet.
namespace undulith::illuminator {

/// Field facets whose pupil facet the setting does not illuminate: pointed to an illuminated one (repoint),
/// or lost (block).
enum class Pointing { repoint, block };

struct FacetParameters {
  int n_field_facets = 336;   ///< [1, 5000]
  int n_pupil_facets = 1620;  ///< over the whole pupil, [n_field_facets, 20000]
  /// Of the light on a pupil facet, [0, 1]; 0 = as large as its facet
  double spot_radius_sigma = 0;
  Pointing pointing = Pointing::repoint;
  int points_per_spot = 7;  ///< source points per spot: 1, 7 or 19
};

struct FacetFill {
  PupilFill pupil_fill;  ///< spots of the facets in use; fill_ratio is their area over that of the pupil
  int n_illuminated_pupil_facets = 0;
  int n_used_field_facets = 0;
  double transmission = 1;  ///< used field facets over all, less the part of their spots beyond the pupil
  double spot_radius_sigma = 0;
  std::vector<SourcePoint> spots;  ///< centre of each illuminated spot; weights sum to 1
};

/// The pupil that facets make of a setting.
///
/// Pupil facets lie on a hexagonal lattice that fills the unit disc, all of them within it. A shape of the
/// illuminator illuminates the facets whose centres it covers; a map or a list of points those nearest to its
/// points, whatever their brightness. With repoint every field facet gets an illuminated pupil facet while
/// there are any left, evenly over them; field facets beyond the number of illuminated ones are switched off.
/// With block each field facet has one fixed partner, spread evenly over the pupil, and is lost if that one
/// is dark. Every spot has the same light, apart from its part beyond the unit disc. Polarisation
/// as in make_pupil_fill; the Stokes vectors of a list belong to its points. grid_points has no
/// effect on shapes.
/// @throws InputError  a parameter out of range; a setting that illuminates no facet
/// Accuracy: the edge of a shape is as coarse as a facet. Cost O(facets), a map O(pixels + facets at the
/// rim). Theory: docs/theory/illuminator.md
[[nodiscard]] FacetFill make_facet_fill(const FacetParameters& facets, const IlluminatorParameters& setting,
                                        const source::SourceOutput& light);

/// Field on the wafer that is illuminated at one time: an arc of this chord, with this height along the scan
/// everywhere (for an even dose), so that its area is width times height for any radius.
struct ArcSlit {
  double width_mm = 26, height_mm = 2;
  double radius_mm = 0;  ///< of the arc, at least half the width; 0 = straight
};

/// Whether the light fits into the slit and the pupil. Products in mm^2 sr and in modes (over lambda^2).
struct Etendue {
  double source_mm2_sr = 0;  ///< 0: not known
  double needed_mm2_sr = 0;  ///< slit area pi NA^2 fill_ratio
  double source_modes = 0, needed_modes = 0;
  /// Share that fits: 1 if the source has less than needed
  double geometric_transmission = 1;
};

/// Source: coherence.n_modes_x n_modes_y lambda^2, for every kind (lpp: the modes are counted so that this
/// is the area of the plasma times the solid angle of the collector). Needed: width height pi NA^2
/// fill_ratio.
/// @param na          (0, 1]
/// @param fill_ratio  [0, 1]; 0: a list of points, for which the loss is not known
/// @throws InputError  a parameter out of range
[[nodiscard]] Etendue compare_etendue(const source::SourceOutput& light, const ArcSlit& slit, double na,
                                      double fill_ratio);

/// Contrast of the speckle that is left when many independent patterns are added.
struct Speckle {
  double contrast = 0;
  bool coherence_known = true;  ///< false: contrast is the bound for unlimited coherence, no estimate
  double n_space = 1, n_polarisation = 1, n_time = 1;
  std::string assumption;  ///< one sentence about the number
};

/// C = 1/sqrt(M_space M_polarisation M_time). Never zero: a number and the assumption behind it.
///
/// M_space  counts the facets in use where their light arrives with a path difference beyond the coherence
///          length, else 1; or the modes of the source, which are mutually incoherent, if these are more.
/// M_time   time of illumination over the coherence time, beyond the coherence length alone: light that stays
/// coherent
///          across facets makes the same pattern all the time, and only moving optics average it.
/// M_polarisation = 2/(1 + P^2), P being the degree of polarisation.
/// Unknown coherence times follow from the bandwidth; where that is 0 as well (a line), or not known, coherence
/// is taken as unlimited.
/// @param n_facets            field facets in use, >= 1
/// @param path_difference_um  between neighbouring facets, >= 0
/// @param exposure_s          the time for which a point of the wafer is illuminated, >= 0
/// @throws InputError  a parameter out of range
/// Source: [Goodman2007]. Theory: docs/theory/illuminator.md
[[nodiscard]] Speckle estimate_speckle(const source::SourceOutput& light, int n_facets,
                                       double path_difference_um, double exposure_s);

}  // namespace undulith::illuminator
