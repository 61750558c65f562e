// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <vector>

/// Roughness of edges: spectra, their unbiased fit, and what a finite length sees of them.
namespace undulith::metrology {

/// Palasantzas/Matern edge: two-sided
/// PSD(f) = 2 sqrt(pi) Gamma(H+1/2)/Gamma(H) sigma^2 xi / (1 + (2 pi f xi)^2)^(H+1/2).
struct RoughnessModel {
  double sigma_nm = 1;         ///< 1 sigma of an infinite edge
  double correlation_nm = 20;  ///< xi > 0
  double hurst = 0.5;          ///< H in (0, 1.5]
  double noise_nm = 0;         ///< rms of white noise of each sample
};
[[nodiscard]] double roughness_psd_nm3(const RoughnessModel& model, double frequency_per_nm);
[[nodiscard]] double roughness_covariance_nm2(const RoughnessModel& model, double lag_nm);

/// PSD_k = (dy/N) |sum_j x_j exp(-2 pi i jk/N)|^2, k = 0 .. N/2, two-sided, no window.
[[nodiscard]] std::vector<double> periodogram_nm3(std::span<const double> edge_nm, double step_nm);
/// Its exact expectation for the model: leakage and aliasing included, noise too.
[[nodiscard]] std::vector<double> expected_periodogram_nm3(const RoughnessModel& model, int n_samples,
                                                           double step_nm);

/// Variance of the mean over a length, and expected variance about it: their sum is sigma^2.
struct FiniteLength {
  double of_mean_nm = 0;  ///< 1 sigma: CDU when the edge is a CD
  double within_nm = 0;   ///< 1 sigma about the mean of the length
};
[[nodiscard]] FiniteLength finite_length(const RoughnessModel& model, double length_nm);
/// The same for n discrete samples.
[[nodiscard]] FiniteLength finite_length(const RoughnessModel& model, int n_samples, double step_nm);

struct RoughnessFit {
  RoughnessModel model;
  /// 1 sigma of each, from the curvature of the fit
  double sigma_error_nm = 0, correlation_error_nm = 0, hurst_error = 0, noise_error_nm = 0;
  bool converged = false;
  double residual = 0;  ///< rms of ln(measured/expected)
};

struct RoughnessResult {
  double biased_nm = 0;                  ///< 1 sigma about each edge's mean, all edges
  std::optional<RoughnessFit> unbiased;  ///< absent with fewer than 16 samples an edge or no roughness
  std::vector<double> frequency_per_nm, psd_nm3;  ///< mean periodogram, k = 1 .. N/2
  double standard_error_nm = 0;  ///< of biased_nm, from the scatter between edges (n_eff for one edge)
  int n_edges = 0, n_samples = 0;
  double step_nm = 1;
};
/// @param edges  each of the same number of samples, >= 8
/// @param fit_noise  whether a white floor is sought (measured edges) or known to be 0
/// Least squares on ln(mean periodogram), k = 1 .. N/2 - 1, against expected_periodogram.
/// Accuracy on 64 edges of 1024: sigma 2 %, xi 9 %, H 0.04.  Source: [Mack2007]
[[nodiscard]] RoughnessResult analyse_roughness(std::span<const std::vector<double>> edges, double step_nm,
                                                bool fit_noise);

/// LWR and placement of a line from its two edges: sigma^2 = sL^2 + sR^2 -+ 2 c sL sR (placement: half the
/// root of the sum).
struct LineRoughness {
  double lwr_nm = 0, placement_nm = 0, correlation = 0;
};
[[nodiscard]] LineRoughness line_roughness(double sigma_left_nm, double sigma_right_nm, double correlation);

/// A synthetic edge of the model: circulant embedding of the exact covariance, cut from a ring of at least 8
/// times the length.
[[nodiscard]] std::vector<double> make_edge(const RoughnessModel& model, int n_samples, double step_nm,
                                            unsigned seed, unsigned index);

}  // namespace undulith::metrology
