// SPDX-License-Identifier: MIT
#include <cmath>
#include <limits>
#include <stdexcept>

#include "imaging/pupil.hpp"
#include "undulith/core/constants.hpp"

namespace undulith::imaging {
namespace {

// From the Jones matrices: mean of the two diagonal elements, and mean transmitted intensity.
struct MeanJones {
  std::complex<double> element = 1;
  double intensity = 1;
};
MeanJones mean_jones(const PupilSamples& samples, std::size_t i) {
  if (samples.jones[0].empty()) return {};
  double sum = 0;
  for (const auto& element : samples.jones) sum += std::norm(element[i]);
  return {0.5 * (samples.jones[0][i] + samples.jones[3][i]), 0.5 * sum};
}

}  // namespace

SampledPupil sample_pupil(const ImagingParameters& parameters, double wavelength_nm, int n,
                          const FieldPosition& position) {
  if (n < 8) throw std::invalid_argument("sample_pupil: fewer than 8 samples per side");
  const Projection projection(parameters, wavelength_nm, position);
  const double step = 2.0 / n;
  const Grid2D grid{Plane::pupil, n, n, -1 + step / 2, -1 + step / 2, step, step};
  PupilSamples samples;
  for (int i = 0; i < n; ++i) {
    samples.gx.push_back(grid.x(i) * projection.radius_per_nm());
    samples.gy.push_back(grid.y(i) * projection.radius_per_nm());
  }
  projection.sample(samples, Projection::Focus::leave_out);

  SampledPupil pupil{.waves = Field2D<double>(grid, std::numeric_limits<double>::quiet_NaN()),
                     .amplitude = Field2D<double>(grid)};
  // The phase of the coatings is known modulo whole waves: take it relative to its mean.
  std::complex<double> mean_element = 0;
  for (std::size_t i = 0; i < grid.size(); ++i)
    if (samples.amplitude[i] > 0) mean_element += mean_jones(samples, i).element;
  const auto waves = pupil.waves.values(), amplitude = pupil.amplitude.values();
  double sum = 0, count = 0;
  for (std::size_t i = 0; i < grid.size(); ++i) {
    if (!(samples.amplitude[i] > 0)) continue;
    const MeanJones jones = mean_jones(samples, i);
    amplitude[i] = samples.amplitude[i] * std::sqrt(jones.intensity);
    waves[i] = (samples.waves.empty() ? 0 : samples.waves[i]) +
               std::arg(jones.element * std::conj(mean_element)) / (2 * constants::kPi);
    sum += waves[i];
    count += 1;
  }
  if (count == 0) return pupil;
  double square = 0;
  for (double& value : waves) {
    if (std::isnan(value)) continue;
    value -= sum / count;
    square += value * value;
  }
  pupil.rms_waves = std::sqrt(square / count);
  return pupil;
}

}  // namespace undulith::imaging
