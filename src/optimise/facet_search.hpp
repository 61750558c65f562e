// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "undulith/optimise/facet_assignment.hpp"

namespace undulith::optimise {

/// Sums over the facets in use, each with the weight 1/n.
struct FacetSums {
  std::vector<double> slope, intensity;  ///< of each row; slope times width, so that NILS is their ratio
  double sigma_x = 0, sigma_y = 0;

  void add(const FacetSums& other, double factor);
};

/// The smallest NILS of facets, less the price of a centre of mass beyond the tolerance.
class FacetObjective {
 public:
  FacetObjective(const SourceResponses& responses, const FacetMap& map, double tolerance_sigma);

  [[nodiscard]] std::size_t n_rows() const { return responses_.n_rows(); }
  [[nodiscard]] double tolerance() const { return tolerance_; }
  [[nodiscard]] FacetSums none() const;
  [[nodiscard]] FacetSums sums(const std::vector<std::size_t>& pupil_facets) const;
  /// sums += factor times the light of one pupil facet.
  void add(FacetSums& sums, std::size_t pupil_facet, double factor) const;
  [[nodiscard]] double smallest_nils(const FacetSums& sums) const;
  [[nodiscard]] double score(const FacetSums& sums) const;
  /// The score if the light of one pupil facet moved to another one. The smallest NILS is smooth: at most log(rows)/sharpness
  /// lower.
  [[nodiscard]] double score_after(const FacetSums& sums, std::size_t from, std::size_t to,
                                   double sharpness) const;

 private:
  [[nodiscard]] double centre_cost(double sigma_x, double sigma_y) const;
  /// Of one pupil facet: width times slope of all rows, intensity of all rows, with the weight 1/n.
  [[nodiscard]] const double* part(std::size_t pupil_facet) const {
    return parts_.data() + pupil_facet * 2 * n_rows();
  }

  const SourceResponses& responses_;
  const FacetMap& map_;
  double tolerance_, weight_;
  std::vector<double> parts_;
};

/// Field facets on pupil facets, none on the same.
class FacetPlaces {
 public:
  /// Nothing is placed yet.
  explicit FacetPlaces(const FacetMap& map);

  /// Places all field facets where the sum of the values of their pupil facets is largest. The sets of pupil facets that
  /// field facets can take are a matroid, so that the greedy choice is the best one: places by falling value, each kept if
  /// all kept so far can still be taken. Source: [Edmonds1971].
  /// @throws InputError  they cannot all be placed
  void place_best(const std::vector<double>& value);

  /// The pupil facet of each field facet.
  [[nodiscard]] const std::vector<std::size_t>& pupil_facets() const { return place_of_; }

  /// Moves field facets, some to make room, so that light moves between pupil facets and the score rises, until no such
  /// move is left; first for a smooth score, as a single move rarely raises the smallest of mirrored edges.
  /// @return  the number of moves
  int improve(const FacetObjective& objective);

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  [[nodiscard]] bool take(std::size_t place, std::vector<bool>& seen);
  /// The pupil facets that become free if a free one is taken; came_from_ is how.
  [[nodiscard]] std::vector<std::size_t> exchanges(std::size_t free_place);
  int improve(const FacetObjective& objective, double sharpness);

  const FacetMap& map_;
  std::vector<std::vector<std::size_t>> reached_by_;  // field facets of each pupil facet
  std::vector<std::size_t> place_of_;                 // of each field facet
  std::vector<std::size_t> came_from_;                // of each pupil facet
};

}  // namespace undulith::optimise
