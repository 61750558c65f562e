// SPDX-License-Identifier: MIT
#include "mask/mask_geometry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "undulith/core/constants.hpp"
#include "undulith/core/require.hpp"
#include "undulith/layout/make_clip.hpp"

namespace undulith::mask {
namespace {

// Polygons with their edges moved outward, mask scale.
std::vector<layout::Polygon> moved(const std::vector<layout::Polygon>& polygons, const Box& cell,
                                   double bias_nm) {
  constexpr double kNothing = 1e-9;
  if (std::abs(bias_nm) < kNothing) return polygons;
  return layout::grow({cell, cell, polygons}, bias_nm).rings;
}

}  // namespace

EtchedMirror etch(const std::vector<optics::Film>& mirror, double depth_nm) {
  EtchedMirror result;
  double above_nm = 0;
  for (const optics::Film& film : mirror) {
    const double removed_nm = std::clamp(depth_nm - above_nm, 0.0, film.thickness_nm);
    above_nm += film.thickness_nm;
    optics::Film part = film;
    part.thickness_nm = removed_nm;
    if (removed_nm > 0) result.removed.push_back(part);
    part.thickness_nm = film.thickness_nm - removed_nm;
    if (part.thickness_nm > 0) result.left.push_back(part);
    result.depth_nm += removed_nm;
  }
  return result;
}

double absorber_thickness_nm(const MaskParameters& parameters) {
  double thickness_nm = 0;
  for (const FilmLayer& film : parameters.stack.absorber) thickness_nm += film.thickness_nm;
  return thickness_nm;
}

MaskGeometry mask_geometry(const MaskAsMade& made, const MaskParameters& parameters, const MaskOptics& optics,
                           double wavelength_nm) {
  const layout::Clip& clip = made.clip;
  MaskGeometry geometry{.cell = {0, 0, clip.cell.width() * optics.magnification_x,
                                 clip.cell.height() * optics.magnification_y}};
  std::vector<layout::Polygon> drawn = clip.rings;
  for (layout::Polygon& ring : drawn)
    for (layout::Point& point : ring)
      point = {(point.x - clip.cell.x0) * optics.magnification_x,
               (point.y - clip.cell.y0) * optics.magnification_y};

  // Below the middle of the absorber its walls have moved outward by depth / tan(angle).
  const bool drawn_is_open = parameters.tone == Tone::dark_field;
  const double thickness_nm = absorber_thickness_nm(parameters);
  const bool vertical = parameters.side_wall_deg == 90;
  const double per_depth = vertical ? 0 : 1 / std::tan(parameters.side_wall_deg * constants::kPi / 180);
  const double cell_nm = std::min(geometry.cell.width(), geometry.cell.height());
  const double reach_nm = std::abs(per_depth) * thickness_nm / 2;
  if (!(reach_nm <= cell_nm))
    refuse("mask.side_wall_deg", parameters.side_wall_deg,
           fmt::format(
               "such walls of an absorber of {} nm reach {:.3g} nm to either side, more than the cell of "
               "{:.6g} nm on the mask",
               thickness_nm, reach_nm, cell_nm),
           "choose an angle closer to 90");
  double depth_nm = 0;
  const std::vector<optics::Film> absorbers = absorber_films(parameters.stack, wavelength_nm);
  for (std::size_t layer = 0; layer < absorbers.size(); ++layer) {
    const FilmLayer& film = parameters.stack.absorber[layer];
    const std::complex<double> absorber = absorbers[layer].index;
    const int n_slices = vertical ? 1 : parameters.solver.n_wall_slices;
    for (int i = 0; i < n_slices; ++i) {
      const double middle_nm = depth_nm + (i + 0.5) / n_slices * film.thickness_nm;
      const double outward_nm = (middle_nm - thickness_nm / 2) * per_depth - film.undercut_nm;
      if (!(std::abs(outward_nm) <= cell_nm))
        refuse(fmt::format("mask.absorber[{}].undercut_nm", layer + 1), film.undercut_nm,
               fmt::format("the edges then move by {:.3g} nm, more than the cell of {:.6g} nm on the mask",
                           std::abs(outward_nm), cell_nm),
               "reduce it");
      geometry.layers.push_back(
          {.thickness_nm = film.thickness_nm / n_slices,
           .index_outside = drawn_is_open ? absorber : 1.0,
           .index_inside = drawn_is_open ? 1.0 : absorber,
           .polygons = moved(drawn, geometry.cell, drawn_is_open ? -outward_nm : outward_nm)});
    }
    depth_nm += film.thickness_nm;
  }
  const EtchedMirror mirror = etch(mirror_films(parameters.stack, wavelength_nm), parameters.etch_depth_nm);
  for (const optics::Film& film : mirror.removed)
    geometry.layers.push_back({.thickness_nm = film.thickness_nm,
                               .index_outside = drawn_is_open ? 1.0 : film.index,
                               .index_inside = drawn_is_open ? film.index : 1.0,
                               .polygons = drawn});
  geometry.films = mirror.left;
  geometry.substrate = substrate_film(parameters.stack, wavelength_nm);
  return geometry;
}

}  // namespace undulith::mask
