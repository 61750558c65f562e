// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <numeric>

#include "optimise/source_program.hpp"

namespace undulith::optimise {
namespace {

using Term = LinearProgram::Term;

// Weights of sum 1 and the intensity at which edges print.
struct EdgeSource {
  std::vector<double> weights;
  double threshold = 0;
};

// Of each row the error e = (dose I - T)/(dose slope). Below the least NILS an edge counts as one with it, so that its error
// stays finite.
struct Edges {
  Edges(const OrbitResponses& responses, const EdgeSource& source)
      : dose(responses.dose_factors(source.weights)) {
    constexpr double kLeastNils = 0.3;
    for (std::size_t row = 0; row < responses.n_rows(); ++row) {
      const double at_site = dose[row] * inner_product(responses.slope(row), source.weights),
                   least = kLeastNils * source.threshold / responses.cd_nm(row);
      resolved.push_back(at_site > least);
      slope.push_back(std::max(at_site, least));
      error.push_back(
          (dose[row] * inner_product(responses.intensity(row), source.weights) - source.threshold) /
          slope.back());
    }
  }
  std::vector<double> dose, slope, error;
  std::vector<bool> resolved;
};

// The threshold is the mean intensity of the first condition.
EdgeSource at_mean_intensity(const OrbitResponses& responses, std::vector<double> weights) {
  double sum = 0, n = 0;
  for (std::size_t row = 0; row < responses.n_rows() && responses.condition(row) == 0; ++row, ++n)
    sum += inner_product(responses.intensity(row), weights);
  return {std::move(weights), sum / n};
}

// The quadratic program in linear ones: minimise sum v_r z_r, with z_r above tangents of the parabola e_r^2 and e_r to first
// order about a source.
class TangentProgram {
 public:
  TangentProgram(const OrbitResponses& responses, const SourceSettings& settings, const Edges& at,
                 const std::vector<double>& row_weights)
      : n_orbits_(responses.n_orbits()), row_weights_(row_weights) {
    std::vector<Term> sum;
    for (std::size_t o = 0; o < n_orbits_; ++o)
      sum.push_back({program_.add_variable(0, responses.cap(o), 0), 1});
    threshold_ = program_.add_variable(0, LinearProgram::kInfinity, 0);
    program_.add_row(sum, 1, 1);
    responses.add_balance(program_, 0, settings.balance);
    std::vector<double> factors(n_orbits_);
    for (std::size_t o = 0; o < n_orbits_; ++o) factors[o] = -settings.min_threshold * responses.clear(0)[o];
    add_row(factors, {{threshold_, 1}}, 0, LinearProgram::kInfinity);
    for (std::size_t row = 0; row < responses.n_rows(); ++row) {
      const std::span<const double> intensity = responses.intensity(row), slope = responses.slope(row);
      const double with_slope = at.resolved[row] ? at.error[row] : 0;
      for (std::size_t o = 0; o < n_orbits_; ++o)
        factors[o] = at.dose[row] / at.slope[row] * (intensity[o] - with_slope * slope[o]);
      error_.push_back(program_.add_variable(-LinearProgram::kInfinity, LinearProgram::kInfinity, 0));
      square_.push_back(program_.add_variable(0, LinearProgram::kInfinity, row_weights[row]));
      add_row(factors, {{threshold_, -1 / at.slope[row]}, {error_.back(), -1}}, -with_slope, -with_slope);
      for (const double touched_nm : {-4.0, -1.0, 1.0, 4.0}) add_tangent(row, touched_nm);
      if (settings.min_nils <= 0) continue;
      for (std::size_t o = 0; o < n_orbits_; ++o)
        factors[o] = responses.cd_nm(row) * slope[o] - settings.min_nils * intensity[o];
      add_row(factors, {}, 0, LinearProgram::kInfinity);
    }
  }

  struct Result {
    EdgeSource source;  // no weights: no source keeps the settings
    double gap = 0;     // relative
    bool converged = false;
  };
  [[nodiscard]] Result solve() {
    constexpr int kMostRounds = 60;
    constexpr double kGap = 1e-6, kSmallest_nm2 = 1e-12;
    Result result;
    for (int round = 0; round < kMostRounds; ++round) {
      const LinearProgram::Solution solution = program_.solve();
      if (solution.outcome != LinearProgram::Outcome::optimal) return {};
      const auto value_of = [&](int variable) { return solution.values[static_cast<std::size_t>(variable)]; };
      result.source = {
          {solution.values.begin(), solution.values.begin() + static_cast<std::ptrdiff_t>(n_orbits_)},
          value_of(threshold_)};
      double value = 0, missing = 0;
      std::vector<std::size_t> below;
      for (std::size_t row = 0; row < error_.size(); ++row) {
        const double square = value_of(error_[row]) * value_of(error_[row]),
                     gap = square - value_of(square_[row]);
        value += row_weights_[row] * square;
        missing += row_weights_[row] * std::max(0.0, gap);
        if (row_weights_[row] > 0 && gap > kSmallest_nm2) below.push_back(row);
      }
      result.gap = value > 0 ? missing / value : 0;
      result.converged = missing <= kGap * value + kSmallest_nm2;
      if (result.converged || below.empty()) return result;
      for (const std::size_t row : below) add_tangent(row, value_of(error_[row]));
    }
    return result;
  }

 private:
  void add_row(std::span<const double> factors, std::vector<Term> more, double low, double high) {
    for (std::size_t o = 0; o < factors.size(); ++o) more.push_back({static_cast<int>(o), factors[o]});
    program_.add_row(more, low, high);
  }
  // z >= 2 t e - t^2
  void add_tangent(std::size_t row, double touched_nm) {
    program_.add_row(std::vector<Term>{{square_[row], 1}, {error_[row], -2 * touched_nm}},
                     -touched_nm * touched_nm, LinearProgram::kInfinity);
  }

  std::size_t n_orbits_;
  const std::vector<double>& row_weights_;
  LinearProgram program_;
  int threshold_ = 0;
  std::vector<int> error_, square_;
};

double root_mean_square(const Edges& edges, const std::vector<double>& row_weights) {
  double sum = 0;
  for (std::size_t row = 0; row < row_weights.size(); ++row)
    sum += row_weights[row] * edges.error[row] * edges.error[row];
  return std::sqrt(sum / std::accumulate(row_weights.begin(), row_weights.end(), 0.0));
}

EdgeSource between(const EdgeSource& from, const EdgeSource& to, double share) {
  EdgeSource result{.threshold = std::lerp(from.threshold, to.threshold, share)};
  for (std::size_t i = 0; i < from.weights.size(); ++i)
    result.weights.push_back(std::lerp(from.weights[i], to.weights[i], share));
  return result;
}

}  // namespace

OrbitSource fit_edges(const OrbitResponses& responses, const SourceSettings& settings,
                      const std::vector<double>& start) {
  constexpr int kMostRounds = 20, kMostHalvings = 8;
  constexpr double kChange = 1e-5, kExact_nm = 1e-6;  // of the root mean square error
  std::vector<double> row_weights;
  for (std::size_t row = 0; row < responses.n_rows(); ++row)
    row_weights.push_back(settings.site_weights.empty() ? 1 : settings.site_weights[responses.site(row)]);

  OrbitSource best{.converged = false};
  EdgeSource source = at_mean_intensity(responses, start);
  double smallest = LinearProgram::kInfinity;  // the start need not keep the settings
  for (int round = 1; round <= kMostRounds && !best.converged; ++round) {
    const TangentProgram::Result result =
        TangentProgram(responses, settings, Edges(responses, source), row_weights).solve();
    if (result.source.weights.empty()) return best;
    EdgeSource next = result.source;
    double error = root_mean_square(Edges(responses, next), row_weights);
    for (int half = 1; half <= kMostHalvings && error >= smallest; ++half) {
      next = between(source, result.source, std::ldexp(1.0, -half));
      error = root_mean_square(Edges(responses, next), row_weights);
    }
    best.converged = result.converged && (error < kExact_nm || error > smallest * (1 - kChange));
    if (error < smallest) {
      smallest = error;
      source = next;
    }
    best.steps.push_back({round, smallest, result.gap});
  }
  best.weights = source.weights;
  best.threshold = source.threshold;
  return best;
}

}  // namespace undulith::optimise
