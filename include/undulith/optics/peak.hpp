// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <span>

/// The peak of a reflectance curve, in the numbers that specify mirrors.
namespace undulith::optics {

/// Where a sampled curve falls to a level on either side of its largest sample, by linear interpolation;
/// nothing if it does not fall to the level on one side.
/// @param x  rising, as many as y, at least one
[[nodiscard]] std::optional<std::array<double, 2>> level_crossings(std::span<const double> x,
                                                                   std::span<const double> y, double level);

/// Numbers of the curve R(wavelength).
struct Peak {
  double wavelength_nm = 0;  ///< of the largest reflectance
  double reflectance = 0;
  /// Between the half-maximum points next to the peak; nothing if the range ends before one of them
  struct Band {
    double fwhm_nm = 0;
    double middle_nm = 0;    ///< half way between the points
    double centroid_nm = 0;  ///< integral of wavelength x R over that of R, between the points
  };
  std::optional<Band> band;
};

/// The largest peak of a smooth curve.
/// @param reflectance  R of a wavelength in nm
/// @return  nothing where the curve is largest at an end of the range
/// Accuracy: 1e-7 of the wavelength for the peak (a maximum is flat), 1e-9 for the band. Peaks closer
/// together than 1/160 of the range are one. Cost: about 300 values.
[[nodiscard]] std::optional<Peak> find_peak(const std::function<double(double)>& reflectance, double low_nm,
                                            double high_nm);

}  // namespace undulith::optics
