// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "benchmark_case.hpp"
#include "full_resolution.hpp"
#include "undulith/imaging/gradient.hpp"
#include "undulith/imaging/socs.hpp"

namespace undulith::benchmark {
namespace {

using imaging::AerialImage;
using imaging::FieldModel;
using imaging::ImagingParameters;

constexpr int kRepeats = 5, kKernels = 24, kPlanes = 11;
constexpr double kSocsRatio = 40, kSocsError = 3e-3, kVectorRatio = 6.5, kGradientRatio = 2.5;

struct Timing {
  double seconds = INFINITY, memory_mb = 0;
};
Timing best_of(int repeats, const std::function<void()>& work) {
  Timing timing;
  reset_peak_memory();
  for (int repeat = 0; repeat < repeats; ++repeat) {
    const double start = cpu_s();
    work();
    timing.seconds = std::min(timing.seconds, cpu_s() - start);
  }
  timing.memory_mb = peak_memory_mb();
  return timing;
}

double image_maximum(const AerialImage& image) {
  return *std::ranges::max_element(image.intensity.values());
}

// Vector image of unpolarised light at a point from its definition: the rotation matrix in angles, X and Y.
double direct_vector_sum(const mask::Diffraction& mask, const illuminator::PupilFill& fill, double x,
                         double y) {
  const auto& cell = mask.cell;
  double intensity = 0, clear = 0;
  for (const auto& point : fill.points) {
    std::complex<double> field[6] = {};
    const auto obliquity = [](double g2) {
      return std::pow(
          (1 - g2 * kWavelengthNm * kWavelengthNm / 16) / (1 - g2 * kWavelengthNm * kWavelengthNm), 0.25);
    };
    const double sx = point.sigma_x * kNa / kWavelengthNm, sy = point.sigma_y * kNa / kWavelengthNm;
    for (int n = -mask.max_order_y; n <= mask.max_order_y; ++n)
      for (int m = -mask.max_order_x; m <= mask.max_order_x; ++m) {
        const double fx = m / cell.width(), fy = n / cell.height(), gx = fx + sx, gy = fy + sy;
        const double g2 = gx * gx + gy * gy;
        if (std::sqrt(g2) > kNa / kWavelengthNm * (1 + 1e-9)) continue;
        const double sine = kWavelengthNm * std::sqrt(g2), c = std::sqrt(1 - sine * sine);
        const double phi = std::atan2(gy, gx), C = std::cos(phi), S = std::sin(phi);
        const std::complex<double> wave =
            mask(m, n) *
            std::polar(obliquity(g2), 2 * std::acos(-1.0) * (fx * (x - cell.x0) + fy * (y - cell.y0)));
        const double rotation[6] = {c * C * C + S * S, (c - 1) * S * C,   -sine * C,
                                    (c - 1) * S * C,   c * S * S + C * C, -sine * S};
        for (int i = 0; i < 6; ++i) field[i] += wave * rotation[i];
      }
    for (const auto& component : field) intensity += point.weight * std::norm(component) / 2;
    clear += point.weight * std::pow(obliquity(sx * sx + sy * sy), 2);
  }
  return intensity / clear;
}

}  // namespace

std::vector<Requirement> engine_rows(double reference_s, double full_socs_s) {
  const illuminator::PupilFill fill = annulus();
  const layout::Clip clip = metal_tracks(2000);
  mask::Diffraction mask = diffraction_of(clip, fill);
  const ImagingParameters scalar = optics_of(FieldModel::scalar), vector = optics_of(FieldModel::vector);
  std::vector<Requirement> requirements;

  AerialImage exact;
  const Timing abbe = best_of(kRepeats, [&] { exact = imaging::compute_aerial_image(mask, fill, scalar); });

  // SOCS, from polygons to pixels.
  ImagingParameters socs = scalar;
  socs.method = imaging::Method::socs;
  double start = cpu_s();
  socs.socs.kernels = imaging::make_kernels(mask.cell, mask.max_order_x, mask.max_order_y, kWavelengthNm,
                                            fill, scalar, {}, kKernels);
  const double setup_s = cpu_s() - start;
  AerialImage image;
  const Timing fast = best_of(kRepeats, [&] {
    mask = diffraction_of(clip, fill);
    image = imaging::compute_aerial_image(mask, fill, socs);
  });
  const double socs_error = largest_difference(image.intensity.values(), exact.intensity.values());
  print({fmt::format("Undulith, SOCS {} kernels, exact mean", kKernels), fast.seconds, socs_error,
         fast.memory_mb,
         fmt::format("bound {:.1e}; kernels not counted: {:.1f} s once", image.error_bound.value_or(NAN),
                     setup_s)},
        reference_s);
  requirements.push_back(
      {fmt::format("SOCS {}x full-resolution SOCS ({:.0f}x), error <= {:.0e} of the maximum ({:.1e}), below "
                   "its bound",
                   kSocsRatio, full_socs_s / fast.seconds, kSocsError, socs_error / image_maximum(exact)),
       full_socs_s / fast.seconds >= kSocsRatio && socs_error <= kSocsError * image_maximum(exact) &&
           socs_error <= image.error_bound.value_or(0)});

  // Vector.
  const Timing unpolarised = best_of(2, [&] { image = imaging::compute_aerial_image(mask, fill, vector); });
  double vector_error = 0;
  for (const auto& [ix, iy] : {std::pair{137, 901}, std::pair{1500, 333}, std::pair{999, 1024}})
    vector_error =
        std::max(vector_error, std::abs(image.intensity(iy, ix) - direct_vector_sum(mask, fill, ix, iy)));
  print({"Undulith, vector, unpolarised", unpolarised.seconds, vector_error, unpolarised.memory_mb,
         fmt::format("{:.2f}x the scalar image", unpolarised.seconds / abbe.seconds)},
        reference_s);
  requirements.push_back({fmt::format("vector at most {}x scalar", kVectorRatio),
                          unpolarised.seconds <= kVectorRatio * abbe.seconds && vector_error <= 1e-9});

  // Gradient with respect to mask and source.
  const Timing gradient = best_of(2, [&] {
    static_cast<void>(
        imaging::compute_gradient(mask, fill, scalar, [](const AerialImage& i) { return i.intensity; }));
  });
  print({"Undulith, image and its gradients", gradient.seconds, 0, gradient.memory_mb,
         fmt::format("{:.2f}x the image", gradient.seconds / abbe.seconds)},
        reference_s);
  // The gradient comes with the image: forward and reverse together.
  requirements.push_back({fmt::format("gradient at most {}x the image, image included at most {}x",
                                      kGradientRatio, kGradientRatio + 1),
                          gradient.seconds - abbe.seconds <= kGradientRatio * abbe.seconds});

  // Through focus.
  std::vector<imaging::ImagePlane> planes;
  for (int i = 0; i < kPlanes; ++i) planes.push_back({10.0 * (i - kPlanes / 2), 0});
  const imaging::SpectralMask one{.diffraction = mask};
  const Timing focus = best_of(
      1, [&] { static_cast<void>(imaging::compute_images(std::span(&one, 1), fill, scalar, planes)); });
  print({fmt::format("Undulith, {} planes in one call", kPlanes), focus.seconds, 0, focus.memory_mb,
         fmt::format("{:.1f}x one image", focus.seconds / abbe.seconds)},
        reference_s);

  // 10 x 10 um; a full-resolution transform has 10000^2 pixels.
  const layout::Clip large = metal_tracks(10000);
  mask::Diffraction large_mask;
  const Timing large_abbe = best_of(1, [&] {
    large_mask = diffraction_of(large, fill);
    image = imaging::compute_aerial_image(large_mask, fill, scalar);
  });
  print({fmt::format("Undulith, 10 x 10 um, {} rectangles", large.rings.size()), large_abbe.seconds, 0,
         large_abbe.memory_mb, "25 times the area"},
        reference_s);
  return requirements;
}

}  // namespace undulith::benchmark
