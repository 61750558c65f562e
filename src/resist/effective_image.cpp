#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/resist/development.hpp"
#include "undulith/resist/exposure.hpp"

namespace undulith::resist {
namespace {

using imaging::AerialImage;
using math::FourierSeries2D;

// Samples per order of the image that carry what is not band-limited any more.
constexpr int kSamplesPerOrder = 16;

struct Samples {
  int nx = 1, ny = 1;
  Field2D<double> values;
};

Samples sample(const AerialImage& image) {
  const int mx = image.series.max_order_x(), my = image.series.max_order_y();
  Samples samples{.nx = mx == 0 ? 1 : kSamplesPerOrder * (2 * mx + 1),
                  .ny = my == 0 ? 1 : kSamplesPerOrder * (2 * my + 1)};
  samples.values = image.series.sample_cell(samples.nx, samples.ny);
  return samples;
}

// The image with another series; its samples follow.
AerialImage with_series(const AerialImage& image, FourierSeries2D series) {
  AerialImage out = image;
  const Grid2D& grid = image.intensity.grid();
  parallel_for(grid.ny, [&](int iy) {
    if (grid.nx == 1) {
      out.intensity(iy, 0) = series.value(grid.x(0), grid.y(iy));
      return;
    }
    const std::vector<double> row =
        series.sample_line(grid.x(0), grid.y(iy), grid.x(grid.nx - 1), grid.y(iy), grid.nx);
    std::copy(row.begin(), row.end(), &out.intensity(iy, 0));
  });
  out.series = std::move(series);
  return out;
}

AerialImage from_samples(const AerialImage& image, const Samples& samples) {
  return with_series(image,
                     FourierSeries2D(image.series.cell(), samples.nx, samples.ny, samples.values.values(),
                                     (samples.nx - 1) / 2, (samples.ny - 1) / 2));
}

AerialImage blurred_image(const AerialImage& image, const BlurParameters& blur) {
  const Box& cell = image.series.cell();
  const double unit_x = 2 * std::numbers::pi / cell.width(), unit_y = 2 * std::numbers::pi / cell.height();
  return with_series(image, image.series.filtered([&](int m, int n) {
    return blur_transfer(blur, std::hypot(m * unit_x, n * unit_y));
  }));
}

// Threshold times what the neighbourhood does to it, put into the image instead.
AerialImage varied_threshold(const AerialImage& image, const CompactParameters& p) {
  Samples samples = sample(image);
  const Box& cell = image.series.cell();
  const double dx = cell.width() / samples.nx, dy = cell.height() / samples.ny;
  const int reach_x = samples.nx == 1 ? 0 : std::min(samples.nx / 2, static_cast<int>(p.radius_nm / dx));
  const int reach_y = samples.ny == 1 ? 0 : std::min(samples.ny / 2, static_cast<int>(p.radius_nm / dy));
  const Field2D<double> intensity = samples.values;
  parallel_for(samples.ny, [&](int iy) {
    for (int ix = 0; ix < samples.nx; ++ix) {
      double highest = intensity(iy, ix), lowest = highest;
      for (int jy = -reach_y; jy <= reach_y; ++jy)
        for (int jx = -reach_x; jx <= reach_x; ++jx) {
          if (std::hypot(jx * dx, jy * dy) > p.radius_nm) continue;
          const double value =
              intensity((iy + jy + samples.ny) % samples.ny, (ix + jx + samples.nx) % samples.nx);
          highest = std::max(highest, value);
          lowest = std::min(lowest, value);
        }
      const auto here = image.series.value_and_gradient(cell.x0 + ix * dx, cell.y0 + iy * dy);
      const double factor = 1 + p.max_weight * (highest - p.reference_max) + p.min_weight * lowest +
                            p.slope_weight * std::hypot(here.d_dx, here.d_dy) * p.radius_nm;
      samples.values(iy, ix) = intensity(iy, ix) / std::max(0.05, factor);
    }
  });
  return from_samples(image, samples);
}

// Mack's lumped parameter model: vertical development at the brightest place, then along the film at the rate
// I^gamma. t is the time in units of the open frame's; intensity (t / D_eff)^(-1/gamma) clears like t.
AerialImage lumped_image(const AerialImage& image, const ResistParameters& parameters) {
  const double gamma = parameters.compact.gamma, thickness_nm = parameters.film.thickness_nm;
  const double exponent = parameters.film.dill_b_per_um / 1000 * gamma;
  const double depth_nm = exponent > 0 ? -std::expm1(-exponent * thickness_nm) / exponent : thickness_nm;
  constexpr double kDarkest = 1e-3;  // of the brightest: nothing prints there
  Samples samples = sample(image);
  const Box& cell = image.series.cell();
  const Grid3D grid{.nx = samples.nx,
                    .ny = samples.ny,
                    .nz = 1,
                    .dx = cell.width() / samples.nx,
                    .dy = cell.height() / samples.ny};
  const double brightest = std::ranges::max(samples.values.values());
  Field3D<double> rate(grid);
  FrontParameters front{.periodic = true};
  const auto intensity = [&](int ix, int iy) {
    return samples.values((iy + samples.ny) % samples.ny, (ix + samples.nx) % samples.nx);
  };
  for (int iy = 0; iy < samples.ny; ++iy)
    for (int ix = 0; ix < samples.nx; ++ix) {
      const double here = intensity(ix, iy);
      rate(0, iy, ix) = std::pow(std::max(here, kDarkest * brightest) / brightest, gamma);
      bool highest = true;
      for (int jy = -1; jy <= 1; ++jy)
        for (int jx = -1; jx <= 1; ++jx) highest = highest && intensity(ix + jx, iy + jy) <= here;
      if (highest) front.seeds.push_back({ix, iy, 0, depth_nm / rate(0, iy, ix)});
    }
  const Front times = front_arrival(rate, front);
  const auto found = times.arrival_time_s.values();
  const auto out = samples.values.values();
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = brightest * std::pow(found[i] / depth_nm, -1 / gamma);
  return from_samples(image, samples);
}

}  // namespace

AerialImage effective_image(const AerialImage& image, const ResistParameters& parameters) {
  switch (parameters.model) {
    case ResistModel::constant_threshold:
      return image;
    case ResistModel::blurred_threshold:
      return blurred_image(image, parameters.blur);
    case ResistModel::variable_threshold:
      return varied_threshold(image, parameters.compact);
    case ResistModel::lumped:
      return lumped_image(image, parameters);
    case ResistModel::chemically_amplified:
    case ResistModel::metal_oxide:
      break;
  }
  throw InputError(
      "resist.model (a film is not printed from one image); use one of the thresholds or lumped");
}

}  // namespace undulith::resist
