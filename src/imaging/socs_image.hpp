// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "imaging/back_end.hpp"
#include "undulith/imaging/imaging.hpp"

namespace undulith::imaging {

/// An image from few coherent systems, on the band-limited grid.
struct SocsImage {
  std::vector<double> samples;        ///< x fastest, scale of accumulate()
  std::optional<double> error_bound;  ///< same scale
  int n_kernels = 0;
  double rounding = 0;  ///< measure_rounding() where the precision is single
};

/// Image of one plane with the kernels of these fields, or with the kernels of the parameters.
/// @param clear  intensity of the open frame on the scale of accumulate()
/// @param recall  finds kernels of a fixed number, or calls its argument, which makes them; empty: they are made
/// @throws InputError  kernels for another cell
[[nodiscard]] SocsImage socs_image(
    const SpectrumView& spectrum, const CoherentFields& fields, const Box& cell, double clear, BandGrid grid,
    const SocsParameters& parameters, Precision precision,
    const std::function<SocsKernels(const std::function<SocsKernels()>&)>& recall, const Progress& progress);

/// Derivative of sum_x gradient(x) I(x), I on the scale of the kernels with its mean corrected, with respect
/// to the spectrum.
[[nodiscard]] Adjoint socs_adjoint(const SpectrumView& spectrum, const SocsKernels& kernels, BandGrid grid,
                                   const std::vector<double>& gradient);

struct SocsCost {
  double cpu_s = 0, memory_mb = 0;
};

/// What the systems of a source and its optics have in common.
struct SystemSymmetry {
  bool is_real = false;  ///< the optics are in focus and without aberrations
  bool is_even = false;  ///< every one has an opposite: SystemMatrix::opposites()
};

/// Expected cost of socs_image() for one plane, on one processor.
/// @param n_systems     source points times field components
/// @param n_orders      of the kernels
/// @param pupil_orders  of the rectangle around the pupil of one source point
/// @param samples       of the band-limited grid
/// Accuracy: about a factor of 1.5 for 400 to 16 000 systems and 12 to 200 kernels.
[[nodiscard]] SocsCost socs_cost(double n_systems, double n_orders, double pupil_orders, double samples,
                                 SystemSymmetry symmetry, const ImagingParameters& parameters);

/// Expected time of one field of so many samples, on one processor with its vector instructions.
[[nodiscard]] double transform_seconds(double samples, Precision precision);

}  // namespace undulith::imaging
