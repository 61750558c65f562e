// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "undulith/imaging/imaging.hpp"

/// Functions of the pupil that need roots, for a row of frequencies (gx[i], gy) at once.
namespace undulith::imaging {

/// A smooth function on [0, most] as a polynomial, 1e-15 of its largest value. Beyond `most` it is finite and means
/// nothing.
class ShortPolynomial {
 public:
  ShortPolynomial() = default;
  /// Empty where more than kMostTerms would be needed: near a root of zero.
  ShortPolynomial(double (*function)(double), double most);

  static constexpr int kMostTerms = 16;
  [[nodiscard]] bool empty() const { return coefficients_.empty(); }
  /// Argument of the coefficients, in [-1, 1] for x in [0, most].
  [[nodiscard]] double scale() const { return scale_; }
  [[nodiscard]] const std::vector<double>& coefficients() const { return coefficients_; }

 private:
  double scale_ = 0;
  std::vector<double> coefficients_;  // of falling powers of scale x - 1
};

/// Of the frequencies in a pupil of one wavelength and medium. Frequencies outside of it get finite values.
/// Accuracy: 1e-15.
class PupilFunctions {
 public:
  PupilFunctions(const ImagingParameters& parameters, double wavelength_nm);

  /// amplitude *= [(1 - s_object^2) / (1 - s_image^2)]^(1/4), s the sine of the angle in the object and in the image
  void multiply_obliquity(const double* gx, double gy, double* amplitude, std::size_t count) const;
  /// sqrt(k^2 - g^2) - k, k the wavenumber in the medium: waves for each nm of focus
  void focus_waves(const double* gx, double gy, double* out, std::size_t count) const;
  /// Rotation to the wafer: xx = 1 - q x^2, xy = -q x y, yy = 1 - q y^2, zx = -x, zy = -y; x and y direction cosines,
  /// q = 1/(1 + cosine)
  void rotate(const double* gx, double gy, double* xx, double* xy, double* yy, double* zx, double* zy,
              std::size_t count) const;

 private:
  double object_x2_, object_y2_, image2_;  // squared direction cosine for each squared frequency
  double wavenumber_;
  ShortPolynomial object_;  // (1 - s^2)^(1/4)
  ShortPolynomial image_;   // (1 - s^2)^(-1/4)
  ShortPolynomial tilt_;    // 1/(1 + sqrt(1 - s^2))
};

}  // namespace undulith::imaging
