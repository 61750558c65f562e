// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "illuminator/cell_area.hpp"

namespace undulith::illuminator {

/// Facets of equal area on a hexagonal lattice about the centre of the pupil: the n places next to it, as
/// large as possible with all facets within the unit disc.
class PupilLattice {
 public:
  /// @param n_facets  [1, 20000]
  explicit PupilLattice(int n_facets);

  [[nodiscard]] std::size_t size() const { return sites_.size(); }
  [[nodiscard]] Vector2 centre(std::size_t facet) const;
  /// Of the disc with the area of a facet.
  [[nodiscard]] double facet_radius() const { return facet_radius_; }
  [[nodiscard]] std::size_t nearest(Vector2 place) const;

  /// n of the facets, spread evenly over them; places that are mirror images in the axes are taken together
  /// as long as they fit. Ascending; all of them when there are no more than n.
  [[nodiscard]] std::vector<std::size_t> spread(const std::vector<std::size_t>& facets, std::size_t n) const;

 private:
  // x = column pitch/2, y = row pitch sqrt(3)/2; both odd or both even.
  struct Site {
    int column = 0, row = 0;
  };
  [[nodiscard]] std::size_t facet_at(int column, int row) const;  ///< size() where there is none

  std::vector<Site> sites_;
  std::vector<std::size_t> facet_at_;  // (row, column), both from -reach_ to reach_
  int reach_ = 0;
  double pitch_ = 1, facet_radius_ = 1;
};

}  // namespace undulith::illuminator
