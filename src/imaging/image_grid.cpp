// SPDX-License-Identifier: MIT
#include "imaging/image_grid.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "imaging/point_fields.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/error.hpp"
#include "undulith/math/fft.hpp"

namespace undulith::imaging {

namespace {

int output_samples(double length_nm, double pitch_nm) {
  constexpr double kMaxSamples = 1e9;
  if (length_nm > pitch_nm * kMaxSamples)
    throw InputError(
        fmt::format("imaging.output_pitch_nm = {} (at most {:g} samples along a side of the cell, {:g} nm); "
                    "make it larger",
                    pitch_nm, kMaxSamples, length_nm));
  return std::max(1, static_cast<int>(std::ceil(length_nm / pitch_nm * (1 - 1e-12))));
}

// Samples of a grid over [start, start + length) that lie in [from, to].
math::SampleRange samples_within(double start, double length, double pitch_nm, double from, double to) {
  const int n = output_samples(length, pitch_nm);
  const double step = length / n;
  const int first = std::max(0, static_cast<int>(std::ceil((from - start) / step - 1e-9)));
  const int last = std::min(n - 1, static_cast<int>(std::floor((to - start) / step + 1e-9)));
  return {n, first, std::max(0, last - first + 1)};
}

}  // namespace

OutputRange output_range(const Box& cell, const Box& window, double pitch_nm) {
  return {samples_within(cell.x0, cell.width(), pitch_nm, window.x0, window.x1),
          samples_within(cell.y0, cell.height(), pitch_nm, window.y0, window.y1)};
}

BandGrid BandLimits::grid() const {
  return {math::good_fft_length(2 * max_order_x + 1), math::good_fft_length(2 * max_order_y + 1)};
}

BandLimits band_limits(const Box& cell, double radius_per_nm) {
  return {band_limit(cell.width(), radius_per_nm), band_limit(cell.height(), radius_per_nm)};
}

std::function<double(int, int)> blur_of(const Box& cell, const ImagingParameters& parameters) {
  const auto decay = [](double sd_nm, double length_nm) {
    return 2 * std::pow(constants::kPi * sd_nm / length_nm, 2);
  };
  const double x = decay(parameters.vibration_x_nm, cell.width()),
               y = decay(parameters.vibration_y_nm, cell.height());
  const double direct = 1 - parameters.flare.tis;
  return [=](int m, int n) { return direct * std::exp(-x * m * m - y * n * n); };
}

AerialImage finish_image(const std::vector<double>& samples, const BandLimits& band, const Box& cell,
                         const Box& window, double clear_density, const ImagingParameters& parameters,
                         const ImagePlane& plane) {
  const BandGrid grid = band.grid();
  AerialImage image;
  image.series = math::FourierSeries2D(cell, grid.nx, grid.ny, samples, band.max_order_x, band.max_order_y);
  const bool vibrates = parameters.vibration_x_nm > 0 || parameters.vibration_y_nm > 0;
  if (vibrates || parameters.flare.tis > 0) {
    const double density = parameters.flare.clear_density.value_or(clear_density);
    image.series = image.series.filtered(blur_of(cell, parameters)).plus(parameters.flare.tis * density);
  }
  image.window = window;
  image.focus_nm = plane.focus_nm;
  image.depth_nm = plane.depth_nm;
  image.intensity = sample_window(image.series, window, parameters.output_pitch_nm);
  return image;
}

ImageSamples sample_window(const math::FourierSeries2D& series, const Box& window, double output_pitch_nm) {
  const OutputRange output = output_range(series.cell(), window, output_pitch_nm);
  return {series, output.x, output.y};
}

}  // namespace undulith::imaging
