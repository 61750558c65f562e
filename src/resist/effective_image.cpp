// SPDX-License-Identifier: MIT
#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <functional>
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
  Field2D<double> samples(grid);
  parallel_for(grid.ny, [&](int iy) {
    if (grid.nx == 1) {
      samples(iy, 0) = series.value(grid.x(0), grid.y(iy));
      return;
    }
    const std::vector<double> row =
        series.sample_line(grid.x(0), grid.y(iy), grid.x(grid.nx - 1), grid.y(iy), grid.nx);
    std::copy(row.begin(), row.end(), &samples(iy, 0));
  });
  out.intensity = std::move(samples);
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
struct LumpedFilm {
  double gamma = 1, depth_nm = 1;  ///< D_eff: what development from the top is worth at full absorption
};

LumpedFilm lumped_film(const ResistParameters& parameters) {
  const double gamma = parameters.compact.gamma, thickness_nm = parameters.film.thickness_nm;
  const double exponent = parameters.film.dill_b_per_um / 1000 * gamma;
  return {gamma, exponent > 0 ? -std::expm1(-exponent * thickness_nm) / exponent : thickness_nm};
}

constexpr double kDarkest = 1e-3;  // of the brightest: nothing prints there

// The model along a line, by quadrature: a front swept over samples leaves the doses of lines off by per
// cents. The times have kinks where a front starts and where two meet; they are rounded over kRoundingNm,
// which changes nothing four times as far away, so that a Fourier series can carry them.
class LumpedLine {
 public:
  /// @param image  along its length, a period long
  LumpedLine(std::function<double(double)> image, double period_nm, int n_samples, const LumpedFilm& film)
      : image_(std::move(image)), period_nm_(period_nm), n_(n_samples), film_(film) {
    find_starts();
  }

  /// Intensity that clears like the film, at n samples from 0 on.
  [[nodiscard]] std::vector<double> cleared() const {
    std::vector<double> out(static_cast<std::size_t>(n_), brightest_);
    for (std::size_t k = 0; k < starts_.size(); ++k) {
      const bool last = k + 1 == starts_.size();
      fill_between(starts_[k], last ? starts_[0] : starts_[k + 1], last ? period_nm_ : 0, out);
    }
    return out;
  }

 private:
  static constexpr double kRoundingNm = 0.5;
  struct Start {
    double x_nm = 0, time = 0;
  };

  [[nodiscard]] double step_nm() const { return period_nm_ / n_; }
  [[nodiscard]] double slowness(double x_nm) const {
    return std::pow(std::max(image_(x_nm), kDarkest * brightest_) / brightest_, -film_.gamma);
  }
  /// Time along the line, positive from left to right.
  [[nodiscard]] double path(double from_nm, double to_nm) const {
    return boost::math::quadrature::gauss<double, 7>::integrate([&](double x) { return slowness(x); },
                                                                from_nm, to_nm);
  }

  // The brightest places; those that the front of a neighbour reaches first start none. A line that is the
  // same everywhere clears everywhere at once: no starts.
  void find_starts() {
    std::vector<double> samples(static_cast<std::size_t>(n_));
    for (int i = 0; i < n_; ++i) samples[static_cast<std::size_t>(i)] = image_(i * step_nm());
    const auto [lowest, highest] = std::ranges::minmax(samples);
    brightest_ = highest;
    constexpr double kSame = 1e-9;
    if (highest - lowest <= kSame * highest) return;
    std::vector<double> places;
    for (int i = 0; i < n_; ++i) {
      const double here = samples[static_cast<std::size_t>(i)],
                   before = samples[static_cast<std::size_t>((i + n_ - 1) % n_)],
                   after = samples[static_cast<std::size_t>((i + 1) % n_)];
      if (!(before < here && after <= here)) continue;
      places.push_back(top_nm(i * step_nm()));
      brightest_ = std::max(brightest_, image_(places.back()));
    }
    for (const double x : places) starts_.push_back({x, film_.depth_nm * slowness(x)});
    for (bool again = true; again && starts_.size() > 1;) {
      again = false;
      for (std::size_t k = 0; k < starts_.size() && !again; ++k) {
        const std::size_t next = (k + 1) % starts_.size();
        const double to = starts_[next].x_nm + (next == 0 ? period_nm_ : 0);
        const double between = long_path(starts_[k].x_nm, to);
        again = true;
        if (starts_[k].time + between <= starts_[next].time)
          starts_.erase(starts_.begin() + static_cast<std::ptrdiff_t>(next));
        else if (starts_[next].time + between <= starts_[k].time)
          starts_.erase(starts_.begin() + static_cast<std::ptrdiff_t>(k));
        else
          again = false;
      }
    }
  }

  // Maximum next to a sample: parabola through ever closer points.
  [[nodiscard]] double top_nm(double x) const {
    for (double h = step_nm(); h > 1e-5 * step_nm(); h /= 4) {
      const double left = image_(x - h), here = image_(x), right = image_(x + h);
      const double bend = left - 2 * here + right;
      if (bend >= 0) break;
      x += std::clamp((left - right) / (2 * bend), -1.0, 1.0) * h;
    }
    return x;
  }

  [[nodiscard]] double long_path(double from_nm, double to_nm) const {
    const int pieces = std::max(1, static_cast<int>(std::ceil((to_nm - from_nm) / step_nm())));
    double sum = 0;
    for (int i = 0; i < pieces; ++i)
      sum += path(std::lerp(from_nm, to_nm, static_cast<double>(i) / pieces),
                  std::lerp(from_nm, to_nm, (i + 1.0) / pieces));
    return sum;
  }

  // Time that a front needs over a path from its start, rounded about the start.
  [[nodiscard]] double rounded(const Start& start, double path) const {
    const double scale = kRoundingNm * start.time / film_.depth_nm, t = path / scale;
    return path * std::erf(t) + scale / std::sqrt(std::numbers::pi) * std::exp(-t * t);
  }

  // Samples between two starts that follow each other; `wrap` is what the second lies further on.
  void fill_between(const Start& left, const Start& right, double wrap, std::vector<double>& out) const {
    const double end = right.x_nm + wrap;
    const int first = static_cast<int>(std::ceil(left.x_nm / step_nm())),
              last = static_cast<int>(std::ceil(end / step_nm())) - 1;
    if (last < first) return;
    const auto count = static_cast<std::size_t>(last - first + 1);
    const auto place = [&](std::size_t i) { return (first + static_cast<int>(i)) * step_nm(); };
    // Paths from the left start to the first sample, on to the next ones, and to the right start.
    std::vector<double> pieces(count + 1);
    for (std::size_t i = 0; i <= count; ++i)
      pieces[i] = path(i == 0 ? left.x_nm : place(i - 1), i == count ? end : place(i));
    std::vector<double> from_left(count), from_right(count);
    // Summed from either start: far from it a path is a million times longer than near it.
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) from_left[i] = left.time + rounded(left, sum += pieces[i]);
    sum = 0;
    for (std::size_t i = count; i-- > 0;) from_right[i] = right.time + rounded(right, sum += pieces[i + 1]);
    // Where the two fronts meet: between the samples whose differences change sign.
    double meeting = end;
    for (std::size_t i = 0; i < count; ++i) {
      const double after = std::log(from_left[i] / from_right[i]);
      if (after < 0) continue;
      const double before = i > 0 ? std::log(from_left[i - 1] / from_right[i - 1]) : after;
      const double share = before < 0 ? before / (before - after) : 1;
      meeting = place(i) + (share - 1) * step_nm();
      break;
    }
    for (std::size_t i = 0; i < count; ++i) {
      const double of_right = std::erfc((meeting - place(i)) / kRoundingNm) / 2;
      const double a = std::pow(from_left[i] / film_.depth_nm, -1 / film_.gamma),
                   b = std::pow(from_right[i] / film_.depth_nm, -1 / film_.gamma);
      out[static_cast<std::size_t>(((first + static_cast<int>(i)) % n_ + n_) % n_)] =
          brightest_ * std::lerp(a, b, of_right);
    }
  }

  std::function<double(double)> image_;
  double period_nm_;
  int n_;
  LumpedFilm film_;
  double brightest_ = 0;
  std::vector<Start> starts_;
};

AerialImage lumped_line(const AerialImage& image, const LumpedFilm& film) {
  constexpr double kSampleNm = 0.19;  // of what is rounded over 0.5 nm
  const Box& cell = image.series.cell();
  const bool along_x = image.series.max_order_y() == 0;
  const double period = along_x ? cell.width() : cell.height();
  const int n = 2 * static_cast<int>(std::ceil(period / kSampleNm / 2)) + 1;  // odd: no order is halved
  const LumpedLine line(
      [&](double s) {
        return along_x ? image.series.value(cell.x0 + s, 0) : image.series.value(0, cell.y0 + s);
      },
      period, n, film);
  Samples samples{.nx = along_x ? n : 1, .ny = along_x ? 1 : n};
  samples.values = image.series.sample_cell(samples.nx, samples.ny);
  std::ranges::copy(line.cleared(), samples.values.values().begin());
  return from_samples(image, samples);
}

AerialImage lumped_image(const AerialImage& image, const LumpedFilm& film) {
  if (image.series.max_order_x() == 0 || image.series.max_order_y() == 0) return lumped_line(image, film);
  const auto [gamma, depth_nm] = film;
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
      return lumped_image(image, lumped_film(parameters));
    case ResistModel::chemically_amplified:
    case ResistModel::metal_oxide:
      break;
  }
  throw InputError(
      "resist.model (a film is not printed from one image); use one of the thresholds or lumped");
}

}  // namespace undulith::resist
