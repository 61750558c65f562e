// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <span>
#include <vector>

namespace undulith::source {

/// |sum of N unit phasors|^2 averaged over the energies of the electrons.
///
/// At fixed angle and photon energy a relative energy deviation d turns each period by
///   h(d) = h + a (-2 d + 3 d^2),   a = eta u, the turns on the axis,
/// so that the term of two periods k apart is damped by
///   D_k = (1 - 6 i A s^2)^(-1/2) exp(-2 A^2 s^2/(1 - 6 i A s^2)),   A = 2 pi k a, s the rms spread:
///   N + 2 Re sum_k (N - k) D_k exp(2 pi i k h).
/// Neglected: the change of the slow factors with d, and d^3. Cost O(N) per value, O(1) without spread.
class SpreadInterference {
 public:
  SpreadInterference(int n_periods, double turns_on_axis, double energy_spread);

  /// Periods whose light still interferes; 1 for the closed form without spread.
  [[nodiscard]] double n_terms() const { return closed_form_ ? 1.0 : static_cast<double>(terms_.size()); }
  /// @param turns, result  of equal length
  void evaluate(std::span<const double> turns, std::span<double> result) const;

 private:
  int n_periods_;
  bool closed_form_;
  std::vector<std::complex<double>> terms_;  ///< of k = 0, 1, ...
};

}  // namespace undulith::source
