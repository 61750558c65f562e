// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

/// Focus-exposure matrices and the windows in them.
namespace undulith::metrology {

/// CD of one feature over focus and dose; absent where it does not print.
struct FocusExposureMatrix {
  std::string name;
  double target_cd_nm = 0;
  std::vector<double> focus_nm;     ///< rising
  std::vector<double> dose_mj_cm2;  ///< rising, > 0
  using Values = std::vector<std::optional<double>>;
  Values cd_nm;  ///< [i_focus n_dose + i_dose]
  /// At the same places, or empty where it is not known: shift of the feature's middle from its
  /// target's; of a film the flatter flank and the height that its resist has lost
  Values shift_nm, side_wall_deg, top_loss_percent;
  [[nodiscard]] std::optional<double> at(std::size_t i_focus, std::size_t i_dose) const {
    return cd_nm[i_focus * dose_mj_cm2.size() + i_dose];
  }
};

/// CD(E, F) = sum_ij a_ij (1 - E_s/E)^i F^j, i <= 3, j <= 4, by least squares.
struct BossungFit {
  std::vector<double> coefficients;  ///< [i (max_j + 1) + j]
  int max_i = 3, max_j = 4;
  double sizing_dose_mj_cm2 = 0;  ///< E_s
  double focus_scale_nm = 1;      ///< F is in units of it
  double rms_nm = 0;              ///< of the residuals
  [[nodiscard]] double cd_nm(double focus_nm, double dose_mj_cm2) const;
};
/// Orders shrink to what the data decide.
/// @throws InputError  fewer than 3 points that printed
[[nodiscard]] BossungFit fit_bossung(const FocusExposureMatrix& matrix);

struct WindowParameters {
  double cd_tolerance_percent = 10;                          ///< of the target, to both sides, in (0, 100)
  double min_side_wall_deg = 80;                             ///< films only
  double max_top_loss_percent = 10;                          ///< films only
  std::vector<double> exposure_latitudes_percent{5, 8, 10};  ///< at which the depth of focus is reported
};

/// Doses between which one feature keeps its CD, flanks and height, at each focus; absent where it does at
/// none. low < high.
struct DoseLimits {
  std::string name;
  std::vector<double> focus_nm;
  std::vector<std::optional<double>> low_mj_cm2, high_mj_cm2;
};
/// From CD(E) at each focus by monotone cubic interpolation of CD over ln E; flanks and loss of height, where
/// the matrix has them, likewise.
[[nodiscard]] DoseLimits dose_limits(const FocusExposureMatrix& matrix, const WindowParameters& parameters);
/// Intersection of the windows of several features (the same focus values).
[[nodiscard]] DoseLimits overlap(std::span<const DoseLimits> limits);

struct WindowShape {
  double depth_of_focus_nm = 0;
  double exposure_latitude_percent = 0;  ///< full height over the dose at the centre
  double focus_nm = 0, dose_mj_cm2 = 0;  ///< centre
};
/// Exposure latitude against depth of focus: the largest window of each width.
struct WindowCurves {
  std::vector<WindowShape> rectangle, ellipse;  ///< depth of focus rising
};
/// Limits are interpolated (monotone cubic) between the focus values.
/// @param n_widths  points of each curve
/// @param centre_focus_nm  fixed centre; absent = the best one for each width
[[nodiscard]] WindowCurves window_curves(const DoseLimits& limits, int n_widths = 101,
                                         std::optional<double> centre_focus_nm = {});

struct ProcessWindow {
  DoseLimits limits;  ///< overlap of all features
  WindowCurves curves;
  struct DepthAtLatitude {
    double exposure_latitude_percent = 0;
    std::optional<double> rectangle_nm, ellipse_nm;  ///< depth of focus; absent: never that latitude
    /// The window touches an end of the focus values that were given: it may be deeper than that
    bool rectangle_is_least = false, ellipse_is_least = false;
  };
  std::vector<DepthAtLatitude> depths;
  std::optional<WindowShape> best;  ///< rectangle with the largest EL x DOF
  bool best_is_least = false;       ///< it touches an end of the focus values
};

/// The window of one feature, and its best focus and dose.
struct FeatureWindow {
  FocusExposureMatrix matrix;
  std::optional<BossungFit> bossung;  ///< absent where fewer than 3 places print
  DoseLimits limits;
  /// Vertex of CD through focus at the dose to size. A feature at its isofocal dose has no vertex: then the
  /// middle of its window
  std::optional<double> best_focus_cd_nm;
  std::optional<double> dose_to_size_mj_cm2;                   ///< at best focus
  std::optional<double> isofocal_dose_mj_cm2, isofocal_cd_nm;  ///< where CD does not bend through focus
  std::optional<double> exposure_latitude_percent;             ///< at best focus, for the tolerance
  std::optional<double> telecentricity_nm_per_um;              ///< at the dose to size
  ProcessWindow window;                                        ///< of this feature alone
};

struct WindowResult {
  std::vector<FeatureWindow> features;
  ProcessWindow common;
};
/// @throws InputError  no matrix, focus or dose values that do not rise, fewer than 3 of either, no feature
///                     that prints at three places
[[nodiscard]] WindowResult find_windows(std::span<const FocusExposureMatrix> matrices,
                                        const WindowParameters& parameters);

}  // namespace undulith::metrology
