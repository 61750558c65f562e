// SPDX-License-Identifier: MIT
#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <set>

#include "undulith/core/error.hpp"
#include "undulith/metrology/process_window.hpp"

namespace undulith::metrology {

double BossungFit::cd_nm(double focus_nm, double dose_mj_cm2) const {
  const double e = 1 - sizing_dose_mj_cm2 / dose_mj_cm2, f = focus_nm / focus_scale_nm;
  double sum = 0, power_e = 1;
  for (int i = 0; i <= max_i; ++i, power_e *= e) {
    double power_f = 1;
    for (int j = 0; j <= max_j; ++j, power_f *= f)
      sum += coefficients[static_cast<std::size_t>(i * (max_j + 1) + j)] * power_e * power_f;
  }
  return sum;
}

BossungFit fit_bossung(const FocusExposureMatrix& matrix) {
  struct Point {
    double focus, dose, cd;
  };
  std::vector<Point> points;
  std::set<double> focuses, doses;
  for (std::size_t f = 0; f < matrix.focus_nm.size(); ++f)
    for (std::size_t d = 0; d < matrix.dose_mj_cm2.size(); ++d)
      if (const auto cd = matrix.at(f, d)) {
        points.push_back({matrix.focus_nm[f], matrix.dose_mj_cm2[d], *cd});
        focuses.insert(matrix.focus_nm[f]);
        doses.insert(matrix.dose_mj_cm2[d]);
      }
  constexpr std::size_t kFewest = 3;
  if (points.size() < kFewest)
    throw InputError(
        "window.dose_mj_cm2 (gauge '" + matrix.name +
        "' prints at fewer than three places of the matrix); shift doses or focus to where it prints");
  BossungFit fit;
  // As many orders as there are values to decide them.
  fit.max_i = std::min(3, static_cast<int>(doses.size()) - 1);
  fit.max_j = std::min(4, static_cast<int>(focuses.size()) - 1);
  // The dose whose CD is nearest to the target where focus is nearest to the middle.
  const double middle = (*focuses.begin() + *focuses.rbegin()) / 2;
  fit.focus_scale_nm = std::max({std::abs(*focuses.begin()), std::abs(*focuses.rbegin()), 1.0});
  const auto sizing = std::ranges::min_element(points, {}, [&](const Point& p) {
    return std::abs(p.cd - matrix.target_cd_nm) + 1e-6 * std::abs(p.focus - middle);
  });
  fit.sizing_dose_mj_cm2 = sizing->dose;
  while ((fit.max_i + 1) * (fit.max_j + 1) > static_cast<int>(points.size()) && fit.max_i + fit.max_j > 0)
    --(fit.max_j > fit.max_i ? fit.max_j : fit.max_i);
  const int columns = (fit.max_i + 1) * (fit.max_j + 1);
  Eigen::MatrixXd a(static_cast<Eigen::Index>(points.size()), columns);
  Eigen::VectorXd b(static_cast<Eigen::Index>(points.size()));
  for (Eigen::Index row = 0; row < a.rows(); ++row) {
    const Point& p = points[static_cast<std::size_t>(row)];
    const double e = 1 - fit.sizing_dose_mj_cm2 / p.dose, f = p.focus / fit.focus_scale_nm;
    b(row) = p.cd;
    double power_e = 1;
    for (int i = 0; i <= fit.max_i; ++i, power_e *= e) {
      double power_f = 1;
      for (int j = 0; j <= fit.max_j; ++j, power_f *= f) a(row, i * (fit.max_j + 1) + j) = power_e * power_f;
    }
  }
  const Eigen::VectorXd x = a.completeOrthogonalDecomposition().solve(b);
  fit.coefficients.assign(x.data(), x.data() + x.size());
  fit.rms_nm = std::sqrt((a * x - b).squaredNorm() / static_cast<double>(points.size()));
  return fit;
}

}  // namespace undulith::metrology
