// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "optimise/linear_program.hpp"
#include "undulith/optimise/source_optimisation.hpp"

namespace undulith::optimise {

/// Candidates that have the same brightness.
struct Orbit {
  std::vector<std::size_t> members;
  double area = 0;                  ///< share of all candidates
  double sigma_x = 0, sigma_y = 0;  ///< centre of mass
};

/// @throws InputError  a candidate without its mirror image
[[nodiscard]] std::vector<Orbit> orbits_of(const illuminator::PupilFill& candidates, SourceSymmetry symmetry);

/// The responses for unit weight of each orbit, spread over its members in proportion to their areas.
class OrbitResponses {
 public:
  OrbitResponses(const SourceResponses& responses, const illuminator::PupilFill& candidates,
                 const SourceSettings& settings);

  [[nodiscard]] std::size_t n_orbits() const { return orbits_.size(); }
  [[nodiscard]] const std::vector<Orbit>& orbits() const { return orbits_; }
  [[nodiscard]] std::size_t n_rows() const { return responses_.n_rows(); }
  /// Of one row (condition times sites + site): intensity at the nominal dose, and slope.
  [[nodiscard]] std::span<const double> intensity(std::size_t row) const { return part(intensity_, row); }
  [[nodiscard]] std::span<const double> slope(std::size_t row) const { return part(slope_, row); }
  [[nodiscard]] std::span<const double> clear(std::size_t condition) const { return part(clear_, condition); }
  [[nodiscard]] double cd_nm(std::size_t row) const { return responses_.sites[site(row)].cd_nm; }
  [[nodiscard]] double dose(std::size_t row) const {
    return responses_.conditions[condition(row)].relative_dose;
  }
  [[nodiscard]] std::size_t site(std::size_t row) const { return row % responses_.sites.size(); }
  [[nodiscard]] std::size_t condition(std::size_t row) const { return row / responses_.sites.size(); }

  /// Largest weight of an orbit, for weights of sum 1.
  [[nodiscard]] double cap(std::size_t orbit) const { return cap_[orbit]; }
  /// Weights of the candidates, scaled to a sum of 1.
  [[nodiscard]] std::vector<double> spread(std::span<const double> weights) const;

  /// Relative dose of a row, scaled by the open frame of the first condition over its own, for these weights.
  [[nodiscard]] std::vector<double> dose_factors(std::span<const double> weights) const;
  /// Rows of a linear program that hold the centre of mass; `first` is the place of the first orbit's weight.
  void add_balance(LinearProgram& program, int first, SourceSettings::Balance balance) const;

 private:
  [[nodiscard]] std::span<const double> part(const std::vector<double>& all, std::size_t row) const {
    return std::span(all).subspan(row * orbits_.size(), orbits_.size());
  }
  void gather(std::span<const double> of_points, std::vector<double>& of_orbits) const;

  const SourceResponses& responses_;
  const illuminator::PupilFill& candidates_;
  std::vector<Orbit> orbits_;
  std::vector<double> intensity_, slope_, clear_, cap_;
};

/// Weights of the orbits and what led to them. `weights` is empty where the settings cannot be kept.
struct OrbitSource {
  std::vector<double> weights;
  double threshold = 0;  ///< in the unit of the responses, for weights of sum 1
  bool converged = true;
  std::vector<SourceStep> steps;
};
[[nodiscard]] OrbitSource maximise_smallest_nils(const OrbitResponses& responses,
                                                 const SourceSettings& settings);
[[nodiscard]] OrbitSource maximise_threshold(const OrbitResponses& responses, const SourceSettings& settings);
/// @param start  weights whose slopes the first round uses
[[nodiscard]] OrbitSource fit_edges(const OrbitResponses& responses, const SourceSettings& settings,
                                    const std::vector<double>& start);

/// @throws InputError  an edge gets no light from any candidate, in some condition
void require_light(const SourceResponses& responses);

[[nodiscard]] double inner_product(std::span<const double> a, std::span<const double> b);

}  // namespace undulith::optimise
