// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "undulith/core/grid.hpp"
#include "undulith/core/range.hpp"
#include "undulith/optics/stokes.hpp"
#include "undulith/source/source.hpp"

/// From the light of a source to the directions from which the mask is lit.
namespace undulith::illuminator {

enum class Shape { conventional, annular, dipole, quasar, leaf_dipole, points, map };

/// Polarisation of the light on the mask: as the source made it (or as each row of a list of points says), or
/// set by the illuminator: unpolarised, linear along x or y, at right angles to the direction to the pupil's
/// centre (tangential) or along it (radial), circular (s3 = +1).
enum class PolarisationSetting { source, unpolarised, x, y, tangential, radial, circular };

/// One direction of illumination, mutually incoherent with every other.
struct SourcePoint {
  /// In units of NA/lambda; the zero order falls on the pupil at (sigma_x, sigma_y)
  double sigma_x = 0, sigma_y = 0;
  double weight = 1;      ///< relative, > 0
  optics::Stokes stokes;  ///< s0 = 1 (in a list of the user: physical, scaled to s0 = 1)
};

/// Ranges of numbers that the job hands to functions of this stage.
inline constexpr Range kRimLevels = Range::closed(0, 12), kPathDifferenceUm = Range::closed(0, 1e9);

struct IlluminatorParameters {
  Shape shape = Shape::annular;
  double sigma_inner = 0.5;  ///< annular, dipole, quasar: inner radius, [0, sigma_outer)
  double sigma_outer = 0.9;  ///< outer radius, (0, 1]; leaf_dipole: radius of both circles
  /// dipole (0, 180], quasar (0, 90]: full opening angle of each pole seen from the centre
  double opening_deg = 45;
  /// Direction of the first pole from +x, counter-clockwise; quasar starts at 45 plus this
  double rotation_deg = 0;
  /// leaf_dipole: distance of the second circle's centre from the pupil's centre, (0, 2 sigma_outer);
  /// lambda/(p NA) serves lines of pitch p
  double leaf_offset_sigma = 1.6;
  int grid_points = 101;  ///< source grid: cells across the pupil diameter, [3, 2001]
  PolarisationSetting polarisation = PolarisationSetting::source;
  std::vector<SourcePoint> points;  ///< shape = points: read from the file that the job names
  /// shape = map: >= 0, on Plane::pupil; each sample is a pixel of dx by dy about it, and together they cover
  /// [-1, 1] in both directions; light outside the unit disc is lost
  Field2D<double> map;
};

/// The lit pupil.
struct PupilFill {
  std::vector<SourcePoint> points;  ///< weights sum to 1
  double fill_ratio = 0;     ///< lit area over that of the unit disc, in closed form; 0 for explicit points
  double sigma_max = 0;      ///< largest distance of a point from the centre
  int rim_levels = 0;        ///< levels of division along rims that were used; 0: no cell was cut
  double omitted_light = 0;  ///< share of the light that omit_faint_light() left out
};

/// Directions of illumination for a source and a setting of the illuminator.
///
/// Shapes are area-weighted onto a regular grid of grid_points cells across the pupil: a cell that the shape
/// covers in part gets the covered area as weight and stands at its centroid, both in closed form. A map
/// gives one point for each lit pixel, cut at the rim in the same way. The source's coherence does not enter:
/// the illuminator, not the machine, sets the pupil.
///
/// leaf_dipole: two lenses, each what the disc of radius sigma_outer shares with the same disc moved by
/// leaf_offset_sigma along the first pole's direction, and against it. With sigma_outer = 1 and an offset of
/// lambda/(p NA) they hold just those directions that send both the zero and a first order of a pitch p
/// through the pupil.
///
/// Polarisation: every point has the Stokes vector of the light; but where any row of an explicit list has
/// s1, s2 or s3 other than 0, each row keeps its own.
///
/// @throws InputError  a parameter out of range, a point outside the unit disc, an empty or negative map
/// Accuracy: smooth functions of sigma are averaged with second order in 1/grid_points; a function cut by the
/// edge of the pupil with order 3/2. Cost O(grid_points^2). Theory: docs/theory/illuminator.md
[[nodiscard]] PupilFill make_pupil_fill(const IlluminatorParameters& parameters,
                                        const source::SourceOutput& light);

/// Where the light that reaches the wafer changes by a step: as a source point moves, an order appears at the
/// rim of the pupil.
struct PupilRim {
  double sigma_x = 0, sigma_y = 0;  ///< centre of the circle
  double radius = 1;
};

/// Cells of a fine grid away from rims and edges: wider, or as wide as the others (where light of other
/// wavelengths has rims that are not listed).
enum class Interior { wide, uniform };

/// Along which rims the cells of the source grid are cut, and how far.
struct RimCuts {
  std::vector<PupilRim> rims;
  int levels = 0;      ///< kRimLevels
  int max_points = 0;  ///< levels are lowered until there are at most so many
  Interior interior = Interior::wide;
};

/// Source grids that imaging.accuracy sets.
struct SourceGrid {
  int grid_points = 101, rim_levels = 4;
};
inline constexpr SourceGrid kDraftGrid{41, 0}, kStandardGrid{101, 4}, kReferenceGrid{1201, 10};

/// The finest grid whose cells all have the same size where cells are cut along rims.
inline constexpr int kUniformGridPoints = 301;

/// The same shapes with the cells of the source grid cut along rims.
///
/// A sum over a regular grid of step h misses a step along a rim by about h^1.5. Here a cell that one rim
/// crosses gives two points, one for each side, with their exact areas and centroids; a cell that several
/// rims cross, or a rim and the edge of the shape, is divided into four, `levels` times. What is left falls
/// by 4 a level.
///
/// A grid finer than kUniformGridPoints has its fine cells (of twice the step) along rims and edges only:
/// elsewhere cells are up to 8 times as wide as its step, with the four points of the Gauss rule. Its error
/// for a smooth function is of fourth order (h^4/4320 of the fourth derivative), below that of the regular
/// grid.
///
/// Levels are lowered until there are at most max_points points, down to the plain grid
/// (PupilFill::rim_levels says which were used); lists and maps are left as they are.
/// @throws InputError  as above; levels not in [0, 12]
[[nodiscard]] PupilFill make_pupil_fill(const IlluminatorParameters& parameters,
                                        const source::SourceOutput& light, const RimCuts& cuts);

/// Just these directions: weights scaled to a sum of 1, sigma_max found.
/// @param points  weights > 0 and finite
[[nodiscard]] PupilFill make_pupil_fill(std::vector<SourcePoint> points);

/// Leaves out light that hardly contributes to an image, of at most `max_share` of the power in all
/// (PupilFill::omitted_light says how much): first the weaker polarisation state of nearly polarised points,
/// then the polarisation of nearly unpolarised ones, then the faintest points. Equal amounts are left out
/// together, so that a symmetric source stays symmetric; where few points would change, none does. The rest
/// is scaled to the power of the whole.
///
/// An image, relative to its open frame, changes by at most this share times the difference of the images of
/// the light left out and of the light kept.
/// @param max_share  [0, 1)
[[nodiscard]] PupilFill omit_faint_light(PupilFill fill, double max_share);

/// Spectrum of the light on the mask; all source points of the pupil share it.
struct Spectrum {
  std::vector<double> photon_energy_ev;  ///< ascending, as in SourceOutput
  std::vector<double> power_share;       ///< of each energy, by the trapezoidal rule; sums to 1
};

/// @param light  behind the mirrors in front of the mask
/// @throws InputError  no spectrum, energies that do not ascend, negative flux, no flux at any energy
[[nodiscard]] Spectrum make_spectrum(const source::SourceOutput& light);

}  // namespace undulith::illuminator
