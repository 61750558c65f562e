// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <random>

#include "edge_cases.hpp"
#include "optimise/edges/near_derivatives.hpp"
#include "optimise/edges/offset_blocks.hpp"

using namespace undulith;
using edge_cases::model_of;
using edge_cases::rectangle;

namespace {

const Box kCell{0, 0, 260, 260};

std::vector<layout::Polygon> logic_rings() {
  return {rectangle(40, 40, 62, 150),
          rectangle(40, 176, 190, 198),
          {{92, 40}, {200, 40}, {200, 140}, {178, 140}, {178, 62}, {92, 62}}};
}

}  // namespace

TEST_CASE("fine image: value and derivatives are those of the band", "[validation][optimise]") {
  const auto model = model_of(kCell);
  const auto image = model.images(optimise::pattern_of(logic_rings(), model.grid())).front();
  const optimise::FineImage fine(model.grid(), image);
  std::mt19937 engine(3);
  std::uniform_real_distribution<double> uniform(-100, 400);
  for (int i = 0; i < 50; ++i) {
    const double x = uniform(engine), y = uniform(engine), u = 0.6, v = -0.8;
    const auto exact = optimise::ImagePoint(model.grid(), x, y, u, v).jet(image),
               found = fine.jet(x, y, u, v);
    CHECK(std::abs(found.value - exact.value) < 1e-9);
    CHECK(std::abs(found.slope - exact.slope) < 1e-8);
    CHECK(std::abs(found.curvature - exact.curvature) < 1e-7);
  }
}

TEST_CASE("fragments: derivatives of the fragments near a point as by exact sums", "[validation][optimise]") {
  const auto model = model_of(kCell, {{-0.15, 0.1}, {1.15, -0.1}});
  const optimise::FragmentedTarget target(logic_rings(), kCell, 3, {8, 10, 24, 4, 0.5});
  std::vector<optimise::Fragment> fragments = target.fragments();
  const auto pattern = optimise::pattern_of(logic_rings(), model.grid());
  std::vector<optimise::ProbePoint> points;
  for (const auto& fragment : fragments) points.push_back({fragment.from.x + 1, fragment.from.y - 2});
  points.push_back({-30, 265});  // a copy of the cell
  const Eigen::MatrixXd exact = optimise::site_derivatives(model, 1, pattern, points, fragments);
  const double largest = exact.cwiseAbs().maxCoeff();
  const auto rows = optimise::NearDerivatives(model, 50)(1, pattern, points, fragments);
  REQUIRE(rows.count() == points.size());
  double worst = 0, left_out = 0;
  std::size_t n_found = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    std::vector<char> found(fragments.size());
    for (std::size_t e = rows.first[i]; e < rows.first[i + 1]; ++e) {
      const std::size_t j = rows.column[e];
      found[j] = 1;
      // A fragment at the end of the range has one of its two nodes within it.
      const double x = (fragments[j].from.x + fragments[j].to.x) / 2 - points[i].x,
                   y = (fragments[j].from.y + fragments[j].to.y) / 2 - points[i].y;
      if (std::hypot(x, y) < 35)
        worst = std::max(worst, std::abs(rows.value[e] -
                                         exact(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j))));
      ++n_found;
    }
    for (std::size_t j = 0; j < fragments.size(); ++j)
      if (found[j] == 0)
        left_out =
            std::max(left_out, std::abs(exact(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j))));
  }
  CAPTURE(worst / largest, left_out / largest);
  CHECK(n_found < points.size() * fragments.size() / 2);
  CHECK(worst < 5e-3 * largest);
  CHECK(left_out < 0.05 * largest);
}

TEST_CASE("offset blocks: many offsets in blocks as all at once", "[validation][optimise]") {
  // 40 lines of some 30 fragments, more than one block takes: each row is felt by fragments within 30 nm.
  std::vector<layout::Polygon> rings;
  for (int i = 0; i < 40; ++i) rings.push_back(rectangle(20, 20 + 40 * i, 140, 40 + 40 * i));
  const Box cell{0, 0, 1640, 1640};
  const optimise::FragmentedTarget target(rings, cell, rings.size(), {8, 8, 16, 4, 0.5});
  const auto& fragments = target.fragments();
  const std::size_t n = fragments.size();
  REQUIRE(n > 900);
  std::mt19937 engine(7);
  std::normal_distribution<double> normal;
  optimise::OffsetSquares squares;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      const double distance =
          std::hypot(fragments[i].from.x - fragments[j].from.x, fragments[i].from.y - fragments[j].from.y);
      if (distance > 30) continue;
      squares.rows.column.push_back(static_cast<std::uint32_t>(j));
      squares.rows.value.push_back((i == j ? 1 : 0.3) * std::exp(-distance / 15));
    }
    squares.rows.first.push_back(squares.rows.column.size());
    squares.wanted.push_back(2 * normal(engine));
  }
  squares.base.assign(n, 0);
  squares.lower.assign(n, -6);
  squares.upper.assign(n, 6);
  const optimise::MaskRules rules{0.5, 8, 8, 2};
  squares.rules = optimise::facing_rules(target, rules, 6);

  // The same squares as one dense problem.
  optimise::OffsetProblem whole{
      Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(n)),
      Eigen::VectorXd::Zero(static_cast<Eigen::Index>(n)),
      Eigen::VectorXd::Constant(static_cast<Eigen::Index>(n), -6),
      Eigen::VectorXd::Constant(static_cast<Eigen::Index>(n), 6), squares.rules};
  Eigen::MatrixXd rows = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(n));
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t e = squares.rows.first[i]; e < squares.rows.first[i + 1]; ++e)
      rows(static_cast<Eigen::Index>(i), squares.rows.column[e]) = squares.rows.value[e];
  whole.hessian = rows.transpose() * rows;
  whole.linear = rows.transpose() *
                 Eigen::Map<const Eigen::VectorXd>(squares.wanted.data(), static_cast<Eigen::Index>(n));
  constexpr double kSpring = 1e-3, kDamping = 0.1;
  const double spring = kSpring * whole.hessian.diagonal().mean();
  for (std::size_t e = 0; e + 1 < target.edges().size(); ++e)
    for (std::size_t f = target.edges()[e]; f + 1 < target.edges()[e + 1]; ++f) {
      const auto i = static_cast<Eigen::Index>(f);
      whole.hessian(i, i) += spring;
      whole.hessian(i + 1, i + 1) += spring;
      whole.hessian(i, i + 1) -= spring;
      whole.hessian(i + 1, i) -= spring;
    }
  whole.hessian.diagonal().array() += kDamping * whole.hessian.diagonal().mean();
  const std::vector<double> all_at_once = optimise::best_offsets(whole);

  optimise::OffsetBlocks blocks(target);
  blocks.set(squares);
  const std::vector<double> in_blocks = blocks.best(kDamping);
  double largest = 0;
  for (std::size_t j = 0; j < n; ++j) largest = std::max(largest, std::abs(in_blocks[j] - all_at_once[j]));
  CHECK(largest < 0.05);

  const std::vector<double> on_grid = blocks.on_grid(kDamping, rules);
  CHECK(optimise::check_mask_rules(target.rings(on_grid), rules).empty());
  // The price of grid and jogs: closer to the best than to no correction.
  const double best = optimise::value_of(whole, all_at_once), none = optimise::value_of(whole, squares.base);
  CAPTURE(best, none, optimise::value_of(whole, on_grid));
  CHECK(optimise::value_of(whole, on_grid) < best + 0.5 * (none - best));
}
