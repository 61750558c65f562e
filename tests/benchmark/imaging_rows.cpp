// SPDX-License-Identifier: MIT
// Aerial image of a 2 x 2 um clip on 1 nm pixels, NA 0.33, 1036 annular source points, one process and one
// thread: full-resolution Abbe and SOCS with FFTW against Undulith, on the same mask spectrum.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include "benchmark_case.hpp"
#include "full_resolution.hpp"
#include "undulith/core/constants.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/imaging/imaging.hpp"

namespace {

using namespace undulith;
using namespace undulith::benchmark;
using Complex = std::complex<double>;

constexpr double kSizeNm = 2000;
constexpr int kPixels = 2000, kTimedPoints = 4, kKernels = 24, kRepeats = 5, kProbes = 24;
constexpr double kRequiredRatio = 200, kRequiredError = 1e-9, kRequiredMemoryMb = 150;

// The image at one point, from its definition.
double direct_sum(const mask::Diffraction& mask, const illuminator::PupilFill& fill, double x, double y) {
  std::vector<Complex> waves;
  waves.reserve(mask.amplitudes.size());
  std::size_t i = 0;
  for (int n = -mask.max_order_y; n <= mask.max_order_y; ++n)
    for (int m = -mask.max_order_x; m <= mask.max_order_x; ++m, ++i)
      waves.push_back(mask.amplitudes[i] * std::polar(1.0, 2 * constants::kPi * (m * x + n * y) / kSizeNm));
  double intensity = 0;
  for (const auto& point : fill.points) {
    const auto kernel = benchmark::abbe_kernel(mask, point, kNa);
    Complex field = 0;
    for (std::size_t f = 0; f < waves.size(); ++f) field += waves[f] * kernel[f].real();
    intensity += point.weight * std::norm(field);
  }
  return intensity;
}

}  // namespace

namespace undulith::benchmark {

std::vector<Requirement> imaging_rows() {
  reset_peak_memory();
  const layout::Clip clip = metal_tracks(kSizeNm);
  const illuminator::PupilFill fill = annulus();
  const imaging::ImagingParameters optics = optics_of(imaging::FieldModel::scalar);
  const auto n_points = fill.points.size();
  // Undulith, from polygons to pixels.
  double undulith_s = INFINITY;
  mask::Diffraction mask;
  imaging::AerialImage image;
  for (int repeat = 0; repeat < kRepeats; ++repeat) {
    const double start = cpu_s();
    mask = diffraction_of(clip, fill);
    image = imaging::compute_aerial_image(mask, fill, optics);
    static_cast<void>(image.intensity.field());
    undulith_s = std::min(undulith_s, cpu_s() - start);
  }
  const double undulith_mb = peak_memory_mb();
  const auto pixels = image.intensity.values();

  std::mt19937 engine(7);
  std::uniform_int_distribution<int> pixel(0, kPixels - 1);
  double undulith_error = 0;
  for (int probe = 0; probe < kProbes; ++probe) {
    const int ix = pixel(engine), iy = pixel(engine);
    undulith_error =
        std::max(undulith_error, std::abs(image.intensity(iy, ix) - direct_sum(mask, fill, ix, iy)));
  }

  // Full-resolution Abbe: a few points timed, and the same few points imaged by Undulith on all pixels.
  const illuminator::PupilFill few =
      illuminator::make_pupil_fill({fill.points.begin(), fill.points.begin() + kTimedPoints});
  const auto time_abbe = [&](PlanEffort effort, const std::string& name) {
    reset_peak_memory();
    const FullResolutionImager imager(kPixels, effort);
    std::vector<double> intensity(static_cast<std::size_t>(kPixels) * kPixels);
    const double start = cpu_s();
    for (const auto& point : few.points)
      imager.add(mask, benchmark::abbe_kernel(mask, point, kNa), point.weight, intensity);
    const double seconds = (cpu_s() - start) / kTimedPoints * static_cast<double>(n_points);
    const double memory = peak_memory_mb();
    undulith_error = std::max(
        undulith_error,
        largest_difference(intensity, imaging::compute_aerial_image(mask, few, optics).intensity.values()));
    return Row{name, seconds, 0, memory, fmt::format("{} of {} points timed", kTimedPoints, n_points)};
  };
  const Row abbe_estimate = time_abbe(PlanEffort::estimate, "Abbe, full-resolution FFTW (estimated plan)");
  const Row abbe_measure = time_abbe(PlanEffort::measure, "Abbe, full-resolution FFTW (measured plan)");

  // Full-resolution SOCS.
  double start = cpu_s();
  const benchmark::Socs socs = benchmark::make_socs(mask, fill, kNa, kKernels);
  const double setup_s = cpu_s() - start;
  reset_peak_memory();
  std::vector<double> socs_image(static_cast<std::size_t>(kPixels) * kPixels);
  const FullResolutionImager imager(kPixels, PlanEffort::measure);
  start = cpu_s();
  for (int k = 0; k < kKernels; ++k) imager.add(mask, socs.kernels[k], socs.eigenvalues[k], socs_image);
  const Row socs_row{fmt::format("SOCS, {} kernels, full-resolution FFTW", kKernels), cpu_s() - start,
                     largest_difference(socs_image, pixels), peak_memory_mb(),
                     fmt::format("kernels not counted: {:.1f} s once", setup_s)};

  fmt::print(
      "2 x 2 um clip of {} rectangles, NA {}, {} annular points, {} x {} pixels of 1 nm; one thread, "
      "double\n",
      clip.rings.size(), kNa, n_points, kPixels, kPixels);
  fmt::print("{:<44} {:>10} {:>10} {:>10} {:>9}\n", "method", "CPU s", "speed", "max error", "peak MB");
  const double reference_s = abbe_measure.seconds;
  print(abbe_estimate, reference_s);
  print(abbe_measure, reference_s);
  print(socs_row, reference_s);
  print({"Undulith, polygons to pixels", undulith_s, undulith_error, undulith_mb,
         fmt::format("best of {}", kRepeats)},
        reference_s);

  std::vector<Requirement> requirements = engine_rows(reference_s, socs_row.seconds);
  requirements.insert(requirements.begin(),
                      {fmt::format("Abbe {}x the faster full-resolution Abbe, error <= {:.0e}, {} MB",
                                   kRequiredRatio, kRequiredError, kRequiredMemoryMb),
                       reference_s / undulith_s >= kRequiredRatio && undulith_error <= kRequiredError &&
                           undulith_mb <= kRequiredMemoryMb});
  return requirements;
}

}  // namespace undulith::benchmark
