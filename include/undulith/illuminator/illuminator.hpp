#pragma once

#include <string>
#include <vector>

#include "undulith/core/grid.hpp"
#include "undulith/optics/stokes.hpp"
#include "undulith/source/source.hpp"

/// From the light of a source to the directions from which the mask is lit.
namespace undulith::illuminator {

enum class Shape { conventional, annular, dipole, quasar, leaf_dipole, points, map };

/// One direction of illumination, mutually incoherent with every other.
struct SourcePoint {
  double sigma_x = 0, sigma_y = 0;  ///< in units of NA/lambda; the zero order falls on the pupil at (sigma_x, sigma_y)
  double weight = 1;                ///< relative, > 0
  optics::Stokes stokes;            ///< s0 = 1
};

struct IlluminatorParameters {
  Shape shape = Shape::annular;
  double sigma_inner = 0.5;         ///< annular, dipole, quasar: inner radius, [0, sigma_outer)
  double sigma_outer = 0.9;         ///< outer radius, (0, 1]
  double opening_deg = 90;          ///< dipole, quasar: full opening angle of each pole seen from the centre, (0, 180]
  double rotation_deg = 0;          ///< direction of the first pole from +x, counter-clockwise; quasar starts at 45 plus this
  double leaf_offset_sigma = 1.6;   ///< leaf_dipole: distance of the second circle's centre from the pupil's centre, (0, 2)
  int grid_points = 101;            ///< source grid: samples across the pupil diameter, >= 3
  std::vector<SourcePoint> points;  ///< shape = points: read from the file that the job names
  Field2D<double> map;              ///< shape = map: >= 0, on Plane::pupil covering [-1, 1] in both directions
};

/// The lit pupil.
struct PupilFill {
  std::vector<SourcePoint> points;   ///< weights sum to 1
  double fill_ratio = 0;             ///< lit area over the area of the unit disc; 0 for explicit points
  double sigma_max = 0;              ///< largest distance of a point from the centre
  std::vector<double> photon_energy_ev;     ///< spectrum that every point shares, ascending; as in SourceOutput
  std::vector<double> relative_spectrum;    ///< sums to 1
};

/// Directions of illumination for a source and a setting of the illuminator.
///
/// Shapes are area-weighted onto a regular grid of grid_points across the pupil: a cell that the shape covers in
/// part gets the covered area as weight and stands at its centroid. The source's coherence does not enter: the
/// illuminator, not the machine, sets the pupil.
/// @throws InputError  a parameter out of range, a point outside the unit disc, an empty or negative map
/// Theory: docs/theory/illuminator.md
[[nodiscard]] PupilFill make_pupil_fill(const IlluminatorParameters& parameters, const source::SourceOutput& light);

}  // namespace undulith::illuminator
