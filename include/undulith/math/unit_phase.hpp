// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <span>

namespace undulith::math {

/// out_i = exp(2 pi i waves_i).
///
/// The whole number of waves is subtracted exactly; sine and cosine of the rest are Taylor polynomials on
/// an eighth of a wave, evaluated for many values at once.
/// @param waves  finite, |waves| < 2^50
/// @param out    as many values
/// Accuracy: 3e-16. Cost: some ns per value, a tenth of std::polar.
void unit_phases(std::span<const double> waves, std::span<std::complex<double>> out);

}  // namespace undulith::math
