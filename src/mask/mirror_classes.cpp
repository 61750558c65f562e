// SPDX-License-Identifier: MIT
#include "mask/mirror_classes.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "undulith/core/constants.hpp"

namespace undulith::mask {
namespace {

using Complex = std::complex<double>;
constexpr double kEqual = 1e-12;  // of coefficients of order one, good to a few 1e-15

// Mirrored in the line at `share` of the period along x (or y), if the origin is moved there.
bool is_mirror(const std::vector<PatternCoefficients>& patterns, double share, bool along_x) {
  for (const PatternCoefficients& original : patterns) {
    const PatternCoefficients c = original.moved_origin(along_x ? share : 0, along_x ? 0 : share);
    for (int n = 0; n <= c.max_y(); ++n)
      for (int m = -c.max_x(); m <= c.max_x(); ++m) {
        const Complex image = along_x ? c(-m, n) : c(m, -n);
        if (std::abs(c(m, n) - image) > kEqual) return false;
      }
  }
  return true;
}

// The first coefficient along the axis that is not 0 leaves a few candidates for the line.
std::optional<double> find_line(const std::vector<PatternCoefficients>& patterns, bool along_x) {
  for (const PatternCoefficients& c : patterns)
    for (int order = 1; order <= (along_x ? c.max_x() : c.max_y()); ++order) {
      const Complex value = along_x ? c(order, 0) : c(0, order);
      if (std::abs(value) < 1e-6) continue;
      for (int half_turn = 0; half_turn < 2 * order; ++half_turn) {
        const double share = (-std::arg(value) / constants::kPi + half_turn) / (2.0 * order);
        if (is_mirror(patterns, share, along_x)) return share;
      }
      return std::nullopt;
    }
  return std::nullopt;
}

}  // namespace

MirrorLines find_mirror_lines(const std::vector<PatternCoefficients>& patterns, double period_x,
                              double period_y) {
  MirrorLines lines;
  if (const auto share = find_line(patterns, true)) lines.x = *share * period_x;
  if (const auto share = find_line(patterns, false)) lines.y = *share * period_y;
  return lines;
}

std::vector<UnknownClass> split_unknowns(const OrderSet& set, MirrorLines lines, bool components_part) {
  // Where the mirror sends each order: the one of opposite direction.
  const auto key = [](double x, double y) { return std::pair(std::llround(x * 1e9), std::llround(y * 1e9)); };
  std::map<std::pair<long long, long long>, int> by_direction;
  for (int i = 0; i < set.size(); ++i)
    by_direction[key(set.directions[static_cast<std::size_t>(i)].x,
                     set.directions[static_cast<std::size_t>(i)].y)] = i;
  const auto images = [&](double sign_x, double sign_y) {
    std::vector<int> image;
    for (const TangentialVector& d : set.directions)
      if (const auto found = by_direction.find(key(sign_x * d.x, sign_y * d.y)); found != by_direction.end())
        image.push_back(found->second);
    return static_cast<int>(image.size()) == set.size() ? image : std::vector<int>{};
  };
  const std::vector<int> mirror_x = lines.x ? images(-1, 1) : std::vector<int>{};
  const std::vector<int> mirror_y = lines.y ? images(1, -1) : std::vector<int>{};
  const std::vector<int> no_choice{0}, both_signs{1, -1};

  std::vector<UnknownClass> classes;
  for (const int sign_x : mirror_x.empty() ? no_choice : both_signs)
    for (const int sign_y : mirror_y.empty() ? no_choice : both_signs) {
      UnknownClass functions;
      for (int component = 0; component < 2; ++component) {
        // The component across a mirror changes sign in it.
        const int parity_x = component == 0 ? -sign_x : sign_x, parity_y = component == 1 ? -sign_y : sign_y;
        for (int i = 0; i < set.size(); ++i) {
          std::map<int, double> sum;
          sum[i] += 1;
          const auto reflect = [&sum](const std::vector<int>& image, int parity) {
            if (image.empty()) return;
            std::map<int, double> both = sum;
            for (const auto& [order, weight] : sum)
              both[image[static_cast<std::size_t>(order)]] += parity * weight;
            sum = std::move(both);
          };
          reflect(mirror_x, parity_x);
          reflect(mirror_y, parity_y);
          const TangentialVector d = set.directions[static_cast<std::size_t>(i)];
          if ((!mirror_x.empty() && d.x < -kEqual) || (!mirror_y.empty() && d.y < -kEqual)) continue;
          double norm = 0;
          for (const auto& [order, weight] : sum) norm += weight * weight;
          if (norm < 0.5) continue;  // the component vanishes there
          BasisFunction function{.component = component, .order = i, .terms = {}};
          for (const auto& [order, weight] : sum) function.terms.push_back({order, weight / std::sqrt(norm)});
          functions.push_back(std::move(function));
        }
      }
      if (components_part) {
        classes.push_back(of_component(functions, 0));
        classes.push_back(of_component(functions, 1));
      } else {
        classes.push_back(std::move(functions));
      }
    }
  std::erase_if(classes, [](const UnknownClass& c) { return c.empty(); });
  return classes;
}

UnknownClass of_component(const UnknownClass& all, int component) {
  UnknownClass some;
  std::ranges::copy_if(all, std::back_inserter(some),
                       [component](const BasisFunction& f) { return f.component == component; });
  return some;
}

Matrix between(const UnknownClass& rows, const Matrix& m, const UnknownClass& columns) {
  Matrix half = Matrix::Zero(m.rows(), static_cast<Eigen::Index>(columns.size()));
  for (std::size_t j = 0; j < columns.size(); ++j)
    for (const auto& term : columns[j].terms)
      half.col(static_cast<Eigen::Index>(j)) += term.weight * m.col(term.order);
  Matrix result = Matrix::Zero(static_cast<Eigen::Index>(rows.size()), half.cols());
  for (Eigen::Index j = 0; j < half.cols(); ++j)
    for (std::size_t i = 0; i < rows.size(); ++i)
      for (const auto& term : rows[i].terms)
        result(static_cast<Eigen::Index>(i), j) += term.weight * half(term.order, j);
  return result;
}

}  // namespace undulith::mask
