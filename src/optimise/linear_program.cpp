// SPDX-License-Identifier: MIT
#include "optimise/linear_program.hpp"

#include <fmt/format.h>
#include <glpk.h>

#include <algorithm>
#include <cfenv>
#include <cmath>
#include <stdexcept>

#include "undulith/core/error.hpp"

namespace undulith::optimise {
namespace {

// GLPK compares with numbers that overflow on purpose.
class TrapsPaused {
 public:
  TrapsPaused() { std::feholdexcept(&environment_); }
  ~TrapsPaused() { std::fesetenv(&environment_); }
  TrapsPaused(const TrapsPaused&) = delete;
  TrapsPaused& operator=(const TrapsPaused&) = delete;

 private:
  std::fenv_t environment_{};
};

int kind_of(double low, double high) {
  const bool below = std::isinf(low), above = std::isinf(high);
  if (below) return above ? GLP_FR : GLP_UP;
  if (above) return GLP_LO;
  return low == high ? GLP_FX : GLP_DB;
}

// GLPK ends the program when it meets a number that it cannot use.
void require_finite(double value) {
  if (!std::isfinite(value)) throw std::invalid_argument("LinearProgram: a coefficient is not finite");
}
void require_ordered(double low, double high) {
  if (!(low <= high)) throw std::invalid_argument("LinearProgram: the bounds are not in order");
}

}  // namespace

class LinearProgram::Impl {
 public:
  Impl() : problem_(glp_create_prob()) { glp_set_obj_dir(problem_, GLP_MIN); }
  ~Impl() { glp_delete_prob(problem_); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  [[nodiscard]] glp_prob* get() const { return problem_; }

  // Places and factors from 1 on, as GLPK has them. Factors that are rounding are left out: scaled, they would count.
  void load(std::span<const Term> terms) {
    constexpr double kRounding = 1e-13;  // of the largest
    double largest = 0;
    for (const Term& term : terms) {
      require_finite(term.factor);
      largest = std::max(largest, std::abs(term.factor));
    }
    places_.assign(1, 0);
    factors_.assign(1, 0);
    for (const Term& term : terms) {
      if (std::abs(term.factor) <= kRounding * largest) continue;
      places_.push_back(term.variable + 1);
      factors_.push_back(term.factor);
    }
  }
  [[nodiscard]] int count() const { return static_cast<int>(places_.size()) - 1; }
  [[nodiscard]] const int* places() const { return places_.data(); }
  [[nodiscard]] const double* factors() const { return factors_.data(); }

 private:
  glp_prob* problem_;
  std::vector<int> places_;
  std::vector<double> factors_;
};

LinearProgram::LinearProgram() : impl_(std::make_unique<Impl>()) {}
LinearProgram::~LinearProgram() = default;
LinearProgram::LinearProgram(LinearProgram&&) noexcept = default;
LinearProgram& LinearProgram::operator=(LinearProgram&&) noexcept = default;

int LinearProgram::add_variable(double low, double high, double cost) {
  require_finite(cost);
  require_ordered(low, high);
  const int column = glp_add_cols(impl_->get(), 1);
  glp_set_col_bnds(impl_->get(), column, kind_of(low, high), low, high);
  glp_set_obj_coef(impl_->get(), column, cost);
  return column - 1;
}

void LinearProgram::set_cost(int variable, double cost) {
  require_finite(cost);
  glp_set_obj_coef(impl_->get(), variable + 1, cost);
}

int LinearProgram::add_row(std::span<const Term> terms, double low, double high) {
  require_ordered(low, high);
  impl_->load(terms);
  const int row = glp_add_rows(impl_->get(), 1);
  glp_set_row_bnds(impl_->get(), row, kind_of(low, high), low, high);
  glp_set_mat_row(impl_->get(), row, impl_->count(), impl_->places(), impl_->factors());
  return row - 1;
}

void LinearProgram::set_row(int row, std::span<const Term> terms) {
  impl_->load(terms);
  glp_set_mat_row(impl_->get(), row + 1, impl_->count(), impl_->places(), impl_->factors());
}

namespace {

// Scaling makes the tolerances of the simplex method those of scaled rows: a row with very small factors may then be broken
// by more than its own size.
bool keeps_its_bounds(glp_prob* problem) {
  constexpr double kLargestError = 1e-7;  // relative to 1 + the bound
  double absolute = 0, relative = 0;
  int at_absolute = 0, at_relative = 0;
  glp_check_kkt(problem, GLP_SOL, GLP_KKT_PB, &absolute, &at_absolute, &relative, &at_relative);
  return relative <= kLargestError;
}

}  // namespace

LinearProgram::Solution LinearProgram::solve() {
  glp_prob* problem = impl_->get();
  const TrapsPaused paused;
  glp_term_out(GLP_OFF);  // of this thread: the solver would write to standard output
  glp_scale_prob(problem, GLP_SF_GM | GLP_SF_EQ | GLP_SF_2N);
  glp_smcp settings;
  glp_init_smcp(&settings);
  settings.msg_lev = GLP_MSG_OFF;
  settings.meth = GLP_DUALP;
  settings.tol_bnd = settings.tol_dj = 1e-9;
  const auto is_solved = [&] { return glp_get_status(problem) == GLP_OPT && keeps_its_bounds(problem); };
  int failure = glp_simplex(problem, &settings);
  if (failure != 0 || !is_solved()) {
    // A basis that changes have made singular, or a verdict at the tolerance: once more from the start, as it is given.
    glp_unscale_prob(problem);
    settings.meth = GLP_PRIMAL;
    glp_std_basis(problem);
    failure = glp_simplex(problem, &settings);
  }
  if (failure == 0 && glp_get_status(problem) == GLP_OPT && !keeps_its_bounds(problem)) failure = GLP_EFAIL;
  if (failure != 0)
    throw NumericalError(fmt::format(
        "a linear program of {} rows and {} variables was not solved (GLPK stopped with code {}); use fewer points "
        "of the source or fewer sites",
        glp_get_num_rows(problem), glp_get_num_cols(problem), failure));

  Solution solution;
  const int status = glp_get_status(problem);
  if (status == GLP_UNBND) solution.outcome = Outcome::unbounded;
  if (status == GLP_NOFEAS || status == GLP_INFEAS || status == GLP_UNDEF)
    solution.outcome = Outcome::infeasible;
  solution.objective = glp_get_obj_val(problem);
  for (int column = 1; column <= glp_get_num_cols(problem); ++column)
    solution.values.push_back(glp_get_col_prim(problem, column));
  for (int row = 1; row <= glp_get_num_rows(problem); ++row)
    solution.row_prices.push_back(glp_get_row_dual(problem, row));
  return solution;
}

}  // namespace undulith::optimise
