// SPDX-License-Identifier: MIT
#include "optimise/edges/offset_search.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace undulith::optimise {
namespace {

using Eigen::Index;

Index at(std::size_t i) {
  return static_cast<Index>(i);
}

// Bounds as rules of one term.
std::vector<LinearRule> rules_and_bounds(const OffsetProblem& problem) {
  std::vector<LinearRule> all = problem.rules;
  for (Index i = 0; i < problem.linear.size(); ++i) {
    all.push_back({{{static_cast<std::size_t>(i), 1}}, problem.lower(i)});
    all.push_back({{{static_cast<std::size_t>(i), -1}}, -problem.upper(i)});
  }
  return all;
}

// The least value over the reals, and the model with the springs of the rules that it holds.
struct Relaxed {
  std::vector<double> offsets;
  Eigen::MatrixXd hessian;
};

Relaxed relax(const OffsetProblem& problem) {
  constexpr int kMostRounds = 12;
  constexpr double kTolerance = 1e-3;
  const Index n = problem.linear.size();
  const std::vector<LinearRule> rules = rules_and_bounds(problem);
  std::vector<char> held(rules.size(), 0);
  const double stiffness = 1e5 * problem.hessian.diagonal().maxCoeff();
  Relaxed result{std::vector<double>(static_cast<std::size_t>(n)), {}};
  for (int round = 0; round < kMostRounds; ++round) {
    result.hessian = problem.hessian;
    Eigen::VectorXd linear = problem.linear;
    for (std::size_t r = 0; r < rules.size(); ++r) {
      if (held[r] == 0) continue;
      for (const auto& a : rules[r].terms) {
        linear(at(a.fragment)) += stiffness * a.factor * rules[r].least;
        for (const auto& b : rules[r].terms)
          result.hessian(at(a.fragment), at(b.fragment)) += stiffness * a.factor * b.factor;
      }
    }
    const Eigen::VectorXd solution = result.hessian.llt().solve(linear);
    std::copy(solution.begin(), solution.end(), result.offsets.begin());
    bool changed = false;
    for (std::size_t r = 0; r < rules.size(); ++r) {
      double slack = -rules[r].least;
      for (const auto& term : rules[r].terms) slack += term.factor * result.offsets[term.fragment];
      // A held rule that the objective would keep by itself is stretched to the other side.
      const bool hold = held[r] != 0 ? slack < 0 : slack < -kTolerance;
      changed = changed || hold != (held[r] != 0);
      held[r] = hold ? 1 : 0;
    }
    if (!changed) break;
  }
  return result;
}

// A choice of offsets for the first fragments.
struct Partial {
  double cost = 0;
  std::vector<int> states;  // in steps of the grid
};

int grid_steps(double length, double grid) {
  return static_cast<int>(std::ceil(length / grid - 1e-9));
}

// Rules by the last of their fragments: they can be checked when it gets its offset.
std::vector<std::vector<std::size_t>> rules_by_last(const OffsetProblem& problem) {
  std::vector<std::vector<std::size_t>> result(static_cast<std::size_t>(problem.linear.size()));
  for (std::size_t r = 0; r < problem.rules.size(); ++r) {
    std::size_t last = 0;
    for (const auto& term : problem.rules[r].terms) last = std::max(last, term.fragment);
    if (!problem.rules[r].terms.empty()) result[last].push_back(r);
  }
  return result;
}

double stiffness_of(const OffsetProblem& problem) {
  return rule_stiffness(problem.hessian.diagonal().maxCoeff());
}

// States worth a try near the best real value: the nearest ones, that of the fragment before, and the nearest beyond a jog.
std::vector<int> candidates(double centre, const int* before, int jog, int low, int high) {
  std::vector<int> result;
  const auto add = [&](int state) {
    if (before != nullptr && state != *before && std::abs(state - *before) < jog) return;
    if (state >= low && state <= high && std::ranges::find(result, state) == result.end())
      result.push_back(state);
  };
  const int nearest =
      static_cast<int>(std::lround(std::clamp(centre, static_cast<double>(low), static_cast<double>(high))));
  for (const int state : {nearest, nearest - 1, nearest + 1, nearest - 3, nearest + 3}) add(state);
  if (before == nullptr) return result;
  add(*before);
  for (const int step : {0, 2, 6}) {
    add(std::max(nearest, *before + jog) + step);
    add(std::min(nearest, *before - jog) - step);
  }
  if (result.empty()) result.push_back(std::clamp(*before, low, high));
  return result;
}

// Moves of fragments in a row.
class RowMoves {
 public:
  RowMoves(const OffsetProblem& problem, const JogRules& jogs, std::vector<double> offsets)
      : problem_(problem),
        jogs_(jogs),
        stiffness_(stiffness_of(problem)),
        x_(std::move(offsets)),
        pull_(problem.hessian * Eigen::Map<const Eigen::VectorXd>(x_.data(), at(x_.size())) - problem.linear),
        rules_of_(x_.size()) {
    for (std::size_t r = 0; r < problem.rules.size(); ++r)
      for (const auto& term : problem.rules[r].terms)
        if (rules_of_[term.fragment].empty() || rules_of_[term.fragment].back() != r)
          rules_of_[term.fragment].push_back(r);
  }
  [[nodiscard]] const std::vector<double>& offsets() const { return x_; }

  // The best move of the fragments first .. last of the edge begin .. end - 1; false if none helps.
  bool move(std::size_t first, std::size_t last, std::size_t begin, std::size_t end) {
    double pull = 0, curvature = 0, low = -1e9, high = 1e9;
    for (std::size_t f = first; f <= last; ++f) {
      pull += pull_(at(f));
      low = std::max(low, problem_.lower(at(f)) - x_[f]);
      high = std::min(high, problem_.upper(at(f)) - x_[f]);
      for (std::size_t g = first; g <= last; ++g) curvature += problem_.hessian(at(g), at(f));
    }
    const double grid = jogs_.grid_nm;
    const int lowest = static_cast<int>(std::ceil(low / grid - 1e-9)),
              highest = static_cast<int>(std::floor(high / grid + 1e-9));
    const std::vector<Row> rows = touched(first, last);
    double best = -1e-9 * std::abs(curvature), chosen = 0;
    for (int step = lowest; step <= highest; ++step) {
      const double by = step * grid;
      double change = (pull + curvature * by / 2) * by;
      if (step == 0 || !jogs_kept(first, last, begin, end, by)) continue;
      for (const Row& row : rows) {
        if (change >= best && row.slack >= 0) break;  // only broken rules can lower it
        change += stiffness_ * (rule_cost(-(row.slack + row.factor * by)) - rule_cost(-row.slack));
      }
      if (change < best) {
        best = change;
        chosen = by;
      }
    }
    if (chosen == 0) return false;
    for (std::size_t f = first; f <= last; ++f) {
      x_[f] = std::round((x_[f] + chosen) / grid) * grid;
      pull_ += chosen * problem_.hessian.col(at(f));
    }
    return true;
  }

 private:
  struct Row {
    double slack = 0, factor = 0;
  };
  // Rules that a common move of these fragments changes, broken ones first.
  [[nodiscard]] std::vector<Row> touched(std::size_t first, std::size_t last) const {
    std::vector<Row> rows;
    for (std::size_t f = first; f <= last; ++f)
      for (const std::size_t r : rules_of_[f]) {
        Row row{-problem_.rules[r].least, 0};
        std::size_t lowest = x_.size();
        for (const auto& term : problem_.rules[r].terms) {
          row.slack += term.factor * x_[term.fragment];
          if (term.fragment < first || term.fragment > last) continue;
          row.factor += term.factor;
          lowest = std::min(lowest, term.fragment);
        }
        if (lowest == f && row.factor != 0) rows.push_back(row);
      }
    std::ranges::sort(rows, {}, &Row::slack);
    return rows;
  }
  [[nodiscard]] bool jogs_kept(std::size_t first, std::size_t last, std::size_t begin, std::size_t end,
                               double by) const {
    const auto kept = [&](double a, double b) {
      const double step = std::abs(a - b);
      return step < 1e-6 || step > jogs_.min_jog_nm - 1e-6;
    };
    return (first == begin || kept(x_[first] + by, x_[first - 1])) &&
           (last + 1 == end || kept(x_[last] + by, x_[last + 1]));
  }

  const OffsetProblem& problem_;
  const JogRules& jogs_;
  double stiffness_;
  std::vector<double> x_;
  Eigen::VectorXd pull_;  // gradient of the quadratic form
  std::vector<std::vector<std::size_t>> rules_of_;
};

}  // namespace

std::vector<double> best_offsets(const OffsetProblem& problem) {
  std::vector<double> x = relax(problem).offsets;
  for (std::size_t i = 0; i < x.size(); ++i)
    x[i] = std::clamp(x[i], problem.lower(at(i)), problem.upper(at(i)));
  return x;
}

std::vector<double> first_jogged_offsets(const OffsetProblem& problem, const JogRules& jogs) {
  constexpr std::size_t kBeam = 64;
  const Relaxed relaxed = relax(problem);
  const auto n = relaxed.offsets.size();
  const double grid = jogs.grid_nm, stiffness = stiffness_of(problem);
  const int jog = grid_steps(jogs.min_jog_nm, grid);
  // In reverse order: the factor then couples each fragment with those before it.
  const Eigen::MatrixXd factor = Eigen::MatrixXd(relaxed.hessian.reverse()).llt().matrixL();
  const auto coupling = [&](std::size_t of, std::size_t with) {
    return factor(at(n - 1 - with), at(n - 1 - of));
  };
  const std::vector<std::vector<std::size_t>> rules = rules_by_last(problem);
  std::vector<char> starts_edge(n, 0);
  for (std::size_t e = 0; e + 1 < jogs.edges.size(); ++e) starts_edge[jogs.edges[e]] = 1;

  std::vector<Partial> beam(1);
  for (std::size_t f = 0; f < n; ++f) {
    const int low = grid_steps(problem.lower(at(f)), grid),
              high = static_cast<int>(std::floor(problem.upper(at(f)) / grid + 1e-9));
    std::vector<Partial> next;
    for (const Partial& partial : beam) {
      double pull = 0;
      for (std::size_t g = 0; g < f; ++g)
        pull += coupling(f, g) * (partial.states[g] * grid - relaxed.offsets[g]);
      const double centre = relaxed.offsets[f] - pull / coupling(f, f);
      const int* before = starts_edge[f] != 0 ? nullptr : &partial.states[f - 1];
      for (const int state : candidates(centre / grid, before, jog, low, high)) {
        const double miss = coupling(f, f) * (state * grid - centre);
        double cost = partial.cost + miss * miss / 2;
        for (const std::size_t r : rules[f]) {
          double slack = -problem.rules[r].least;
          for (const auto& term : problem.rules[r].terms)
            slack += term.factor * grid * (term.fragment == f ? state : partial.states[term.fragment]);
          cost += stiffness * rule_cost(-slack);
        }
        next.push_back({cost, partial.states});
        next.back().states.push_back(state);
      }
    }
    const std::size_t kept = std::min(kBeam, next.size());
    std::ranges::partial_sort(next, next.begin() + static_cast<std::ptrdiff_t>(kept), {}, &Partial::cost);
    next.resize(kept);
    beam = std::move(next);
  }
  std::vector<double> result;
  for (const int state : beam.front().states) result.push_back(state * grid);
  return result;
}

std::vector<double> improved_offsets(const OffsetProblem& problem, std::vector<double> offsets,
                                     const JogRules& jogs) {
  constexpr int kMostSweeps = 50;
  constexpr std::size_t kLongestRow = 8;
  RowMoves moves(problem, jogs, std::move(offsets));
  for (int sweep = 0; sweep < kMostSweeps; ++sweep) {
    bool changed = false;
    for (std::size_t e = 0; e + 1 < jogs.edges.size(); ++e) {
      const std::size_t begin = jogs.edges[e], end = jogs.edges[e + 1];
      for (std::size_t first = begin; first < end; ++first)
        for (std::size_t last = first; last < std::min(end, first + kLongestRow); ++last)
          changed = moves.move(first, last, begin, end) || changed;
    }
    if (!changed) break;
  }
  return moves.offsets();
}

double value_of(const OffsetProblem& problem, std::span<const double> offsets) {
  const Eigen::Map<const Eigen::VectorXd> x(offsets.data(), at(offsets.size()));
  double value = x.dot(problem.hessian * x) / 2 - problem.linear.dot(x);
  for (const LinearRule& rule : problem.rules)
    value += stiffness_of(problem) * rule_cost(rule.missing(offsets));
  return value;
}

double rule_cost(double missing_nm) {
  return missing_nm > 1e-6 ? missing_nm * missing_nm + missing_nm : 0;
}

double rule_stiffness(double largest_curvature) {
  return 1e3 * largest_curvature;
}

}  // namespace undulith::optimise
