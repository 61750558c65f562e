// SPDX-License-Identifier: MIT
#include "undulith/study/calibration_fit.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <nlopt.hpp>

namespace undulith::study {
namespace {

double sum_of_squares(const std::vector<double>& values) {
  double sum = 0;
  for (const double v : values) sum += v * v;
  return sum;
}

// The parameters scaled to their bounds: between 0 and 1.
class Scaled {
 public:
  explicit Scaled(const FitProblem& problem) : problem_(problem) {}

  [[nodiscard]] std::vector<double> parameters(const std::vector<double>& unit) const {
    std::vector<double> values(unit.size());
    for (std::size_t i = 0; i < unit.size(); ++i)
      values[i] = std::lerp(problem_.low[i], problem_.high[i], std::clamp(unit[i], 0.0, 1.0));
    return values;
  }
  [[nodiscard]] std::vector<double> start() const {
    std::vector<double> unit;
    for (std::size_t i = 0; i < problem_.start.size(); ++i)
      unit.push_back((problem_.start[i] - problem_.low[i]) / (problem_.high[i] - problem_.low[i]));
    return unit;
  }
  double evaluate(const std::vector<double>& unit) {
    ++n_evaluations_;
    try {
      return sum_of_squares(problem_.residuals(parameters(unit)));
    } catch (...) {  // must not pass through the C code of the optimiser
      failure_ = std::current_exception();
      throw nlopt::forced_stop();
    }
  }
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }
  [[nodiscard]] int n_evaluations() const { return n_evaluations_; }

 private:
  const FitProblem& problem_;
  int n_evaluations_ = 0;
  std::exception_ptr failure_;
};

Eigen::MatrixXd jacobian(const FitProblem& problem, const Scaled& scaled, const std::vector<double>& unit,
                         std::size_t n_data) {
  constexpr double kStep = 1e-3;  // of the bounds: well above the solver's noise, well below their width
  Eigen::MatrixXd j(static_cast<Eigen::Index>(n_data), static_cast<Eigen::Index>(unit.size()));
  for (std::size_t k = 0; k < unit.size(); ++k) {
    std::vector<double> above = unit, below = unit;
    above[k] = std::min(1.0, unit[k] + kStep);
    below[k] = std::max(0.0, unit[k] - kStep);
    const std::vector<double> up = problem.residuals(scaled.parameters(above)),
                              down = problem.residuals(scaled.parameters(below));
    for (std::size_t i = 0; i < n_data; ++i)
      j(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(k)) =
          (up[i] - down[i]) / (above[k] - below[k]);
  }
  return j;
}

}  // namespace

FitResult fit(const FitProblem& problem, bool scale_errors) {
  Scaled scaled(problem);
  const auto n = static_cast<unsigned>(problem.start.size());
  nlopt::opt optimiser(nlopt::LN_BOBYQA, n);
  optimiser.set_lower_bounds(0.0);
  optimiser.set_upper_bounds(1.0);
  optimiser.set_initial_step(0.1);
  optimiser.set_xtol_abs(problem.tolerance);
  optimiser.set_maxeval(problem.max_evaluations);
  optimiser.set_min_objective([](const std::vector<double>& unit, std::vector<double>&,
                                 void* data) { return static_cast<Scaled*>(data)->evaluate(unit); },
                              &scaled);
  std::vector<double> unit = scaled.start();
  double chi2 = 0;
  FitResult result;
  try {
    const nlopt::result how = optimiser.optimize(unit, chi2);
    result.converged = how != nlopt::MAXEVAL_REACHED && how != nlopt::MAXTIME_REACHED;
  } catch (const nlopt::roundoff_limited&) {
    result.converged = true;  // it cannot get any closer
  } catch (const nlopt::forced_stop&) {
    scaled.rethrow();
    throw;
  }
  result.parameters = scaled.parameters(unit);
  result.residuals = problem.residuals(result.parameters);
  result.chi2 = sum_of_squares(result.residuals);
  result.n_evaluations = scaled.n_evaluations();
  const std::size_t n_data = result.residuals.size();
  if (n_data > n) result.reduced_chi2 = result.chi2 / static_cast<double>(n_data - n);
  for (const double u : unit) result.at_bound.push_back(u < 1e-6 || u > 1 - 1e-6);

  // Directions of the parameters that the data do not depend on have no curvature: their error is infinite.
  constexpr double kBlind = 1e-10;
  const Eigen::MatrixXd j = jacobian(problem, scaled, unit, n_data);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> modes(j.transpose() * j);
  const double largest = std::max(modes.eigenvalues().maxCoeff(), std::numeric_limits<double>::min());
  Eigen::MatrixXd covariance = Eigen::MatrixXd::Zero(n, n);
  std::vector<bool> blind(n, false);
  for (Eigen::Index m = 0; m < modes.eigenvalues().size(); ++m) {
    const Eigen::VectorXd direction = modes.eigenvectors().col(m);
    if (modes.eigenvalues()(m) > kBlind * largest) {
      covariance += direction * direction.transpose() / modes.eigenvalues()(m);
      continue;
    }
    for (unsigned k = 0; k < n; ++k)
      if (std::abs(direction(k)) > 1e-3) blind[k] = true;
  }
  const double scale = scale_errors && result.reduced_chi2 > 0 ? result.reduced_chi2 : 1;
  for (unsigned k = 0; k < n; ++k) {
    const double width = problem.high[k] - problem.low[k];
    result.error.push_back(blind[k] ? std::numeric_limits<double>::infinity()
                                    : width * std::sqrt(scale * covariance(k, k)));
  }
  result.correlation.assign(n, std::vector<double>(n, 0));
  for (unsigned a = 0; a < n; ++a)
    for (unsigned b = 0; b < n; ++b) {
      const double norm = std::sqrt(covariance(a, a) * covariance(b, b));
      result.correlation[a][b] = norm > 0 ? covariance(a, b) / norm : (a == b ? 1.0 : 0.0);
    }
  return result;
}

}  // namespace undulith::study
