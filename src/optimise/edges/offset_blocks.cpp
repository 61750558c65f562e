// SPDX-License-Identifier: MIT
#include "optimise/edges/offset_blocks.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "undulith/core/parallel.hpp"

namespace undulith::optimise {
namespace {

using Eigen::Index;

constexpr std::size_t kMostInBlock = 300;     // fragments, but for a longer edge
constexpr std::size_t kMostInOneBlock = 900;  // fragments of a target that is not divided
constexpr double kSpring = 1e-3;              // of the mean curvature, between neighbours

Index index_of(std::size_t i) {
  return static_cast<Index>(i);
}

struct EdgeRange {
  std::size_t first = 0, last = 0;  // fragments
};

// The edges of each block: shapes that lie together, in rows of about the extent of a block.
std::vector<std::vector<EdgeRange>> divide(const FragmentedTarget& target) {
  const auto& fragments = target.fragments();
  struct Shape {
    double x = 0, y = 0;
    std::size_t n = 0;
    std::vector<EdgeRange> edges;
  };
  std::vector<Shape> shapes(fragments.empty() ? 0 : fragments.back().ring + 1);
  Box all{1e300, 1e300, -1e300, -1e300};
  for (std::size_t e = 0; e + 1 < target.edges().size(); ++e) {
    const EdgeRange edge{target.edges()[e], target.edges()[e + 1]};
    Shape& shape = shapes[fragments[edge.first].ring];
    shape.edges.push_back(edge);
    for (std::size_t f = edge.first; f < edge.last; ++f) {
      const layout::Point& from = fragments[f].from;
      shape.x += from.x;
      shape.y += from.y;
      ++shape.n;
      all = {std::min(all.x0, from.x), std::min(all.y0, from.y), std::max(all.x1, from.x),
             std::max(all.y1, from.y)};
    }
  }
  const double n_blocks =
      std::max(1.0, static_cast<double>(fragments.size()) / static_cast<double>(kMostInBlock));
  const double row_nm = std::max(1e-9, std::sqrt((all.y1 - all.y0) * (all.x1 - all.x0) / n_blocks));
  const auto key = [&](const Shape& shape) {
    const auto n = static_cast<double>(shape.n);
    return std::pair(std::floor((shape.y / n - all.y0) / row_nm), shape.x / n);
  };
  std::ranges::stable_sort(shapes, {}, key);
  std::vector<std::vector<EdgeRange>> blocks;
  const std::size_t most = fragments.size() <= kMostInOneBlock ? kMostInOneBlock : kMostInBlock;
  std::size_t n = most;
  for (const Shape& shape : shapes)
    for (const EdgeRange& edge : shape.edges) {
      if (n + (edge.last - edge.first) > most || blocks.empty()) {
        blocks.emplace_back();
        n = 0;
      }
      blocks.back().push_back(edge);
      n += edge.last - edge.first;
    }
  return blocks;
}

}  // namespace

struct OffsetBlocks::Point {
  std::vector<double> x, residual;
  double damping = 0;
  std::vector<LinearRule> rules;
  std::vector<std::vector<std::size_t>> rules_of;  // of each fragment
};

OffsetBlocks::OffsetBlocks(const FragmentedTarget& target)
    : target_(target), block_of_(target.fragments().size()), place_(target.fragments().size()) {
  for (std::vector<EdgeRange>& edges : divide(target)) {
    std::ranges::sort(edges, {}, &EdgeRange::first);
    Block block;
    for (const EdgeRange& edge : edges) {
      block.edges.push_back(block.fragments.size());
      for (std::size_t f = edge.first; f < edge.last; ++f) {
        block_of_[f] = blocks_.size();
        place_[f] = block.fragments.size();
        block.fragments.push_back(f);
      }
    }
    block.edges.push_back(block.fragments.size());
    blocks_.push_back(std::move(block));
  }
}

void OffsetBlocks::set(OffsetSquares squares) {
  squares_ = std::move(squares);
  const SparseRows& rows = squares_.rows;
  const std::size_t n = block_of_.size();
  first_.assign(n + 1, 0);
  for (const std::uint32_t column : rows.column) ++first_[column + 1];
  for (std::size_t f = 0; f < n; ++f) first_[f + 1] += first_[f];
  row_.resize(rows.column.size());
  value_.resize(rows.column.size());
  std::vector<std::size_t> next(first_.begin(), first_.end() - 1);
  double sum = 0;
  for (std::size_t i = 0; i < rows.count(); ++i)
    for (std::size_t e = rows.first[i]; e < rows.first[i + 1]; ++e) {
      const std::size_t place = next[rows.column[e]]++;
      row_[place] = static_cast<std::uint32_t>(i);
      value_[place] = rows.value[e];
      sum += rows.value[e] * rows.value[e];
    }
  spring_ = kSpring * sum / static_cast<double>(n);
  std::vector<std::vector<char>> share(blocks_.size(), std::vector<char>(blocks_.size()));
  for (std::size_t i = 0; i < rows.count(); ++i) {
    std::vector<std::size_t> blocks;
    for (std::size_t e = rows.first[i]; e < rows.first[i + 1]; ++e)
      if (std::ranges::find(blocks, block_of_[rows.column[e]]) == blocks.end())
        blocks.push_back(block_of_[rows.column[e]]);
    for (const std::size_t a : blocks)
      for (const std::size_t b : blocks) share[a][b] = a != b ? 1 : 0;
  }
  coupled_.assign(blocks_.size(), {});
  for (std::size_t a = 0; a < blocks_.size(); ++a)
    for (std::size_t b = 0; b < blocks_.size(); ++b)
      if (share[a][b] != 0) coupled_[a].push_back(b);
  parallel_for(static_cast<int>(blocks_.size()),
               [&](int b) { fill_hessian(blocks_[static_cast<std::size_t>(b)]); });
  mean_curvature_ = largest_curvature_ = 0;
  for (const Block& block : blocks_) {
    mean_curvature_ += block.hessian.diagonal().sum() / static_cast<double>(n);
    largest_curvature_ = std::max(largest_curvature_, block.hessian.diagonal().maxCoeff());
  }
}

void OffsetBlocks::fill_hessian(Block& block) const {
  const std::size_t n = block.fragments.size();
  block.hessian = Eigen::MatrixXd::Zero(index_of(n), index_of(n));
  const SparseRows& rows = squares_.rows;
  const std::size_t own = block_of_[block.fragments.front()];
  // Rows that the block has a part in, each once.
  std::vector<std::uint32_t> near;
  for (const std::size_t f : block.fragments)
    near.insert(near.end(), row_.begin() + static_cast<std::ptrdiff_t>(first_[f]),
                row_.begin() + static_cast<std::ptrdiff_t>(first_[f + 1]));
  std::ranges::sort(near);
  const auto repeated = std::ranges::unique(near);
  near.erase(repeated.begin(), repeated.end());
  // The part of the block in some rows at a time; products of dense matrices where it is most of them.
  constexpr std::size_t kRowsAtOnce = 256;
  constexpr double kDense = 0.25;
  std::vector<std::pair<std::size_t, double>> part;
  Eigen::MatrixXd dense;
  for (std::size_t begin = 0; begin < near.size(); begin += kRowsAtOnce) {
    const std::size_t end = std::min(near.size(), begin + kRowsAtOnce);
    std::vector<std::size_t> ends;
    part.clear();
    for (std::size_t i = begin; i < end; ++i) {
      for (std::size_t e = rows.first[near[i]]; e < rows.first[near[i] + 1]; ++e)
        if (block_of_[rows.column[e]] == own) part.emplace_back(place_[rows.column[e]], rows.value[e]);
      ends.push_back(part.size());
    }
    const bool is_dense =
        static_cast<double>(part.size()) > kDense * static_cast<double>(n) * static_cast<double>(end - begin);
    if (is_dense) dense = Eigen::MatrixXd::Zero(index_of(n), index_of(end - begin));
    for (std::size_t i = 0, from = 0; i < ends.size(); from = ends[i++])
      for (std::size_t a = from; a < ends[i]; ++a) {
        const auto& [column, value] = part[a];
        if (is_dense) {
          dense(index_of(column), index_of(i)) = value;
          continue;
        }
        for (std::size_t b = a; b < ends[i]; ++b)
          block.hessian(index_of(part[b].first), index_of(column)) += value * part[b].second;
      }
    if (is_dense) block.hessian.selfadjointView<Eigen::Lower>().rankUpdate(dense);
  }
  // What the image does not feel stays smooth.
  for (std::size_t e = 0; e + 1 < block.edges.size(); ++e)
    for (std::size_t f = block.edges[e]; f + 1 < block.edges[e + 1]; ++f) {
      block.hessian(index_of(f), index_of(f)) += spring_;
      block.hessian(index_of(f + 1), index_of(f + 1)) += spring_;
      block.hessian(index_of(f + 1), index_of(f)) -= spring_;
    }
  block.hessian.triangularView<Eigen::StrictlyUpper>() = block.hessian.transpose();
}

OffsetBlocks::Point OffsetBlocks::point_at(std::vector<double> offsets, double damping) const {
  Point point{std::move(offsets), {}, damping * mean_curvature_, {}, {}};
  const SparseRows& rows = squares_.rows;
  for (std::size_t i = 0; i < rows.count(); ++i) {
    point.residual.push_back(rows.product(i, point.x) - squares_.wanted[i]);
  }
  point.rules_of.resize(point.x.size());
  add_rules(squares_.rules, point);
  return point;
}

void OffsetBlocks::add_rules(const std::vector<LinearRule>& rules, Point& point) const {
  for (const LinearRule& rule : rules) {
    for (const auto& term : rule.terms) {
      std::vector<std::size_t>& of = point.rules_of[term.fragment];
      if (of.empty() || of.back() != point.rules.size()) of.push_back(point.rules.size());
    }
    point.rules.push_back(rule);
  }
}

OffsetProblem OffsetBlocks::problem_of(const Block& block, const Point& point) const {
  const std::size_t n = block.fragments.size(), own = block_of_[block.fragments.front()];
  OffsetProblem problem{block.hessian,
                        Eigen::VectorXd(index_of(n)),
                        Eigen::VectorXd(index_of(n)),
                        Eigen::VectorXd(index_of(n)),
                        {}};
  Eigen::VectorXd here(index_of(n));
  std::vector<std::size_t> rules;
  for (std::size_t k = 0; k < n; ++k) {
    const std::size_t f = block.fragments[k];
    here(index_of(k)) = point.x[f];
    double pull = 0;
    for (std::size_t e = first_[f]; e < first_[f + 1]; ++e) pull += value_[e] * point.residual[row_[e]];
    problem.linear(index_of(k)) = point.damping * squares_.base[f] - pull;
    problem.lower(index_of(k)) = squares_.lower[f];
    problem.upper(index_of(k)) = squares_.upper[f];
    rules.insert(rules.end(), point.rules_of[f].begin(), point.rules_of[f].end());
  }
  // The springs are between fragments of the block; they pull to equal offsets, wherever those are.
  problem.linear += block.hessian * here;
  for (std::size_t e = 0; e + 1 < block.edges.size(); ++e)
    for (std::size_t f = block.edges[e]; f + 1 < block.edges[e + 1]; ++f) {
      const double pull = spring_ * (here(index_of(f)) - here(index_of(f + 1)));
      problem.linear(index_of(f)) -= pull;
      problem.linear(index_of(f + 1)) += pull;
    }
  problem.hessian.diagonal().array() += point.damping;
  std::ranges::sort(rules);
  const auto repeated = std::ranges::unique(rules);
  rules.erase(repeated.begin(), repeated.end());
  for (const std::size_t r : rules) {
    LinearRule rule{{}, point.rules[r].least};
    for (const auto& term : point.rules[r].terms) {
      if (block_of_[term.fragment] == own)
        rule.terms.push_back({place_[term.fragment], term.factor});
      else
        rule.least -= term.factor * point.x[term.fragment];
    }
    problem.rules.push_back(std::move(rule));
  }
  return problem;
}

void OffsetBlocks::move(const Block& block, const std::vector<double>& offsets, Point& point) const {
  for (std::size_t k = 0; k < block.fragments.size(); ++k) {
    const std::size_t f = block.fragments[k];
    const double by = offsets[k] - point.x[f];
    if (by == 0) continue;
    point.x[f] = offsets[k];
    for (std::size_t e = first_[f]; e < first_[f + 1]; ++e) point.residual[row_[e]] += by * value_[e];
  }
}

double OffsetBlocks::value_of(const Point& point) const {
  double value = 0;
  for (const double residual : point.residual) value += residual * residual / 2;
  for (const Block& block : blocks_)
    for (std::size_t e = 0; e + 1 < block.edges.size(); ++e)
      for (std::size_t k = block.edges[e]; k < block.edges[e + 1]; ++k) {
        const std::size_t f = block.fragments[k];
        const double from_base = point.x[f] - squares_.base[f];
        value += point.damping * from_base * from_base / 2;
        if (k + 1 == block.edges[e + 1]) continue;
        const double step = point.x[f + 1] - point.x[f];
        value += spring_ * step * step / 2;
      }
  const double stiffness = rule_stiffness(largest_curvature_ + point.damping);
  for (const LinearRule& rule : point.rules) value += stiffness * rule_cost(rule.missing(point.x));
  return value;
}

void OffsetBlocks::relax(Point& point) const {
  constexpr int kMostSweeps = 4;
  constexpr double kEnoughNm = 0.05;
  for (int sweep = 0; sweep < kMostSweeps; ++sweep) {
    double largest = 0;
    for (const Block& block : blocks_) {
      const std::vector<double> offsets = best_offsets(problem_of(block, point));
      for (std::size_t k = 0; k < offsets.size(); ++k)
        largest = std::max(largest, std::abs(offsets[k] - point.x[block.fragments[k]]));
      move(block, offsets, point);
    }
    if (blocks_.size() == 1 || largest < kEnoughNm) break;
  }
}

std::vector<double> OffsetBlocks::best(double damping) const {
  Point point = point_at(squares_.base, damping);
  relax(point);
  return point.x;
}

void OffsetBlocks::improve(Point& point, const JogRules& jogs, const std::vector<char>& chosen) const {
  constexpr int kMostSweeps = 4;
  std::vector<char> waiting = chosen;
  for (int sweep = 0; sweep < kMostSweeps; ++sweep) {
    bool changed = false;
    for (std::size_t b = 0; b < blocks_.size(); ++b) {
      if (waiting[b] == 0) continue;
      waiting[b] = 0;
      const Block& block = blocks_[b];
      std::vector<double> before;
      for (const std::size_t f : block.fragments) before.push_back(point.x[f]);
      const std::vector<double> after =
          improved_offsets(problem_of(block, point), before, {jogs.grid_nm, jogs.min_jog_nm, block.edges});
      if (after == before) continue;
      move(block, after, point);
      changed = true;
      for (const std::size_t other : coupled_[b]) waiting[other] = 1;
    }
    if (!changed || blocks_.size() == 1) break;
  }
}

std::vector<char> OffsetBlocks::blocks_of(const std::vector<LinearRule>& rules) const {
  std::vector<char> result(blocks_.size());
  for (const LinearRule& rule : rules)
    for (const auto& term : rule.terms) result[block_of_[term.fragment]] = 1;
  return result;
}

std::vector<double> OffsetBlocks::on_grid(double damping, const MaskRules& rules) const {
  constexpr int kMostRounds = 10;
  const JogRules jogs{rules.grid_nm, rules.min_jog_nm, {}};
  const std::vector<char> all(blocks_.size(), 1);
  Point start = point_at(squares_.base, damping);
  std::vector<double> best;
  double best_value = 0;
  const bool jogged = check_mask_rules(target_.rings(squares_.base), rules).empty();
  std::vector<LinearRule> further;
  for (const bool fresh : {true, false}) {
    if (!fresh && !jogged) break;
    Point trial = start;
    add_rules(further, trial);
    if (fresh) {
      if (blocks_.size() > 1) relax(trial);
      for (const Block& block : blocks_)
        move(block,
             first_jogged_offsets(problem_of(block, trial), {jogs.grid_nm, jogs.min_jog_nm, block.edges}),
             trial);
    }
    improve(trial, jogs, all);
    std::vector<LinearRule> broken;
    for (int round = 0; round < kMostRounds; ++round) {
      broken = broken_rules(target_, trial.x, rules);
      if (broken.empty()) break;
      further.insert(further.end(), broken.begin(), broken.end());
      add_rules(broken, trial);
      improve(trial, jogs, blocks_of(broken));
    }
    const double value = value_of(trial) + (broken.empty() ? 0 : 1e300);
    if (best.empty() || value < best_value) {
      best = trial.x;
      best_value = value;
    }
  }
  return best;
}

}  // namespace undulith::optimise
