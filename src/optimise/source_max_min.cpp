// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "optimise/source_program.hpp"

namespace undulith::optimise {
namespace {

using Term = LinearProgram::Term;

// Where the program has its variables.
struct MaxMinProgram {
  LinearProgram program;
  int first_weight = 0, threshold = 0, gain = 0;
  std::vector<int> ratio_rows, late_rows, early_rows;
};

std::vector<Term> terms_of(std::span<const double> factors, int first, double scale = 1) {
  std::vector<Term> terms;
  for (std::size_t i = 0; i < factors.size(); ++i)
    terms.push_back({first + static_cast<int>(i), scale * factors[i]});
  return terms;
}

// Rows that do not change from round to round; the others are added empty.
MaxMinProgram make_program(const OrbitResponses& responses, const SourceSettings& settings) {
  MaxMinProgram p;
  for (std::size_t o = 0; o < responses.n_orbits(); ++o) {
    const int place = p.program.add_variable(0, responses.cap(o), 0);
    if (o == 0) p.first_weight = place;
  }
  const bool least_dose = settings.goal == SourceGoal::least_dose;
  const double most_gain = least_dose ? 0 : LinearProgram::kInfinity;
  p.threshold = p.program.add_variable(0, LinearProgram::kInfinity, least_dose ? -1 : 0);
  p.gain = p.program.add_variable(-most_gain, most_gain, -1);

  p.program.add_row(terms_of(std::vector<double>(responses.n_orbits(), 1.0), p.first_weight), 1, 1);
  responses.add_balance(p.program, p.first_weight, settings.balance);
  std::vector<Term> least = terms_of(responses.clear(0), p.first_weight, -settings.min_threshold);
  least.push_back({p.threshold, 1});
  p.program.add_row(least, 0, LinearProgram::kInfinity);
  for (std::size_t row = 0; row < responses.n_rows(); ++row) {
    p.ratio_rows.push_back(p.program.add_row({}, 0, LinearProgram::kInfinity));
    if (!settings.max_placement_error_nm) continue;
    p.late_rows.push_back(p.program.add_row({}, -LinearProgram::kInfinity, 0));
    p.early_rows.push_back(p.program.add_row({}, 0, LinearProgram::kInfinity));
  }
  if (!settings.max_placement_error_nm) {
    // Edges may print anywhere: the threshold is the mean of the first condition.
    std::vector<double> mean(responses.n_orbits());
    std::size_t n_sites = 0;
    for (std::size_t row = 0; row < responses.n_rows() && responses.condition(row) == 0; ++row, ++n_sites)
      for (std::size_t o = 0; o < mean.size(); ++o) mean[o] += responses.intensity(row)[o];
    std::vector<Term> terms = terms_of(mean, p.first_weight, 1 / static_cast<double>(n_sites));
    terms.push_back({p.threshold, -1});
    p.program.add_row(terms, 0, 0);
  }
  return p;
}

// N_r w - q D_r w >= gain D_r w_last, and |dose D_r w - T| <= error dose slope.
void update(MaxMinProgram& p, const OrbitResponses& responses, const SourceSettings& settings, double ratio,
            const std::vector<double>& last) {
  const std::vector<double> dose = responses.dose_factors(last);
  std::vector<double> factors(responses.n_orbits());
  for (std::size_t row = 0; row < responses.n_rows(); ++row) {
    const std::span<const double> intensity = responses.intensity(row), slope = responses.slope(row);
    for (std::size_t o = 0; o < factors.size(); ++o)
      factors[o] = responses.cd_nm(row) * slope[o] - ratio * intensity[o];
    std::vector<Term> terms = terms_of(factors, p.first_weight);
    terms.push_back({p.gain, -inner_product(intensity, last)});
    p.program.set_row(p.ratio_rows[row], terms);
    if (!settings.max_placement_error_nm) continue;
    for (const double sign : {1.0, -1.0}) {
      for (std::size_t o = 0; o < factors.size(); ++o)
        factors[o] = dose[row] * (intensity[o] - sign * *settings.max_placement_error_nm * slope[o]);
      terms = terms_of(factors, p.first_weight);
      terms.push_back({p.threshold, -1});
      p.program.set_row(sign > 0 ? p.late_rows[row] : p.early_rows[row], terms);
    }
  }
}

double smallest_nils(const OrbitResponses& responses, std::span<const double> weights) {
  double smallest = LinearProgram::kInfinity;
  for (std::size_t row = 0; row < responses.n_rows(); ++row) {
    const double intensity = inner_product(responses.intensity(row), weights);
    const double nils = responses.cd_nm(row) * inner_product(responses.slope(row), weights) / intensity;
    smallest = std::min(smallest, intensity > 0 ? nils : -LinearProgram::kInfinity);
  }
  return smallest;
}

// Of the thresholds that keep every edge within the bound, the one with the smallest squared errors.
double best_threshold(const OrbitResponses& responses, const SourceSettings& settings,
                      const std::vector<double>& weights) {
  const std::vector<double> dose = responses.dose_factors(weights);
  double low = settings.min_threshold * inner_product(responses.clear(0), weights),
         high = LinearProgram::kInfinity, sum = 0, norm = 0;
  for (std::size_t row = 0; row < responses.n_rows(); ++row) {
    const double intensity = dose[row] * inner_product(responses.intensity(row), weights),
                 slope = dose[row] * inner_product(responses.slope(row), weights);
    low = std::max(low, intensity - *settings.max_placement_error_nm * slope);
    high = std::min(high, intensity + *settings.max_placement_error_nm * slope);
    if (!(slope > 0)) continue;
    sum += intensity / (slope * slope);
    norm += 1 / (slope * slope);
  }
  if (!(norm > 0) || low > high)
    return (low + high) / 2;  // rounding: the linear program holds both within its tolerance
  return std::clamp(sum / norm, low, high);
}

}  // namespace

OrbitSource maximise_smallest_nils(const OrbitResponses& responses, const SourceSettings& settings) {
  constexpr int kMostRounds = 40;
  constexpr double kGap = 1e-8;  // of the NILS: what the linear programs resolve
  MaxMinProgram p = make_program(responses, settings);
  OrbitSource best{.converged = false};
  std::vector<double> last;
  for (const Orbit& orbit : responses.orbits()) last.push_back(orbit.area);
  double ratio = 0;
  for (int round = 1; round <= kMostRounds && !best.converged; ++round) {
    update(p, responses, settings, ratio, last);
    const LinearProgram::Solution solution = p.program.solve();
    if (solution.outcome != LinearProgram::Outcome::optimal) break;
    const auto begin = solution.values.begin() + p.first_weight;
    last.assign(begin, begin + static_cast<std::ptrdiff_t>(responses.n_orbits()));
    const double nils = smallest_nils(responses, last), gap = -solution.objective;
    // The open frames of the conditions change a little with the source, so that the first source only starts.
    if (best.weights.empty() || nils >= ratio || round == 2) {
      best.weights = last;
      best.threshold = solution.values[static_cast<std::size_t>(p.threshold)];
    }
    best.steps.push_back({round, nils, gap});
    best.converged = round > 1 && gap <= kGap * std::max(1.0, std::abs(nils));
    ratio = nils;
  }
  if (!best.weights.empty() && settings.max_placement_error_nm)
    best.threshold = best_threshold(responses, settings, best.weights);
  return best;
}

// T over the open frame, by Dinkelbach's rounds: max T - q C w with q the last ratio.
OrbitSource maximise_threshold(const OrbitResponses& responses, const SourceSettings& settings) {
  constexpr int kMostRounds = 20;
  constexpr double kChange = 1e-9;
  MaxMinProgram p = make_program(responses, settings);
  OrbitSource best{.converged = false};
  std::vector<double> last;
  for (const Orbit& orbit : responses.orbits()) last.push_back(orbit.area);
  double ratio = 0;
  for (int round = 1; round <= kMostRounds && !best.converged; ++round) {
    update(p, responses, settings, settings.min_nils, last);
    for (std::size_t o = 0; o < responses.n_orbits(); ++o)
      p.program.set_cost(p.first_weight + static_cast<int>(o), ratio * responses.clear(0)[o]);
    const LinearProgram::Solution solution = p.program.solve();
    if (solution.outcome != LinearProgram::Outcome::optimal) return {.converged = false};
    const auto begin = solution.values.begin() + p.first_weight;
    last.assign(begin, begin + static_cast<std::ptrdiff_t>(responses.n_orbits()));
    const double next =
        solution.values[static_cast<std::size_t>(p.threshold)] / inner_product(last, responses.clear(0));
    best.converged = round > 1 && next - ratio <= kChange * next;
    ratio = next;
    best.weights = last;
    best.threshold = solution.values[static_cast<std::size_t>(p.threshold)];
    best.steps.push_back({round, ratio, 0});
  }
  return best;
}

}  // namespace undulith::optimise
