#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <mutex>

#include "imaging/pupil.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/parallel.hpp"
#include "undulith/imaging/imaging.hpp"
#include "undulith/math/fft.hpp"

namespace undulith::imaging {
namespace {

using Complex = std::complex<double>;

// Partial images are summed in groups of source points that do not depend on the number of threads.
constexpr int kMaxGroups = 16;

// Measured on one core at 2.5 GHz: time of a field of N^2 samples is about this times N^2 log2(N).
constexpr double kSecondsPerSample = 0.75e-9;

// Periods of the pupil diameter across the cell: how far apart two orders of one field can be.
int band_limit(double length_nm, double na, double wavelength_nm) {
  return static_cast<int>(std::floor(2 * na / wavelength_nm * length_nm * (1 + kRimTolerance)));
}

void require_valid(const ImagingParameters& parameters, double wavelength_nm) {
  if (!(parameters.na > 0 && parameters.na < 1))
    throw InputError(fmt::format("imaging.na = {} (must be in (0, 1)); use 0.33 or 0.55", parameters.na));
  if (!(wavelength_nm > 0)) throw InputError(fmt::format("wavelength_nm = {} (must be > 0)", wavelength_nm));
  if (!(parameters.output_pitch_nm > 0))
    throw InputError(
        fmt::format("imaging.output_pitch_nm = {} (must be > 0); use 1", parameters.output_pitch_nm));
  if (!std::isfinite(parameters.focus_nm)) throw InputError("imaging.focus_nm is not a finite number");
}

// Samples of a cell of this length so that their step is at most the pitch.
int output_samples(double length_nm, double pitch_nm) {
  constexpr double kMaxSamples = 1e9;
  if (length_nm > pitch_nm * kMaxSamples)
    throw InputError(
        fmt::format("imaging.output_pitch_nm = {} (at most {:g} samples along a side of the cell, {:g} nm); "
                    "make it larger",
                    pitch_nm, kMaxSamples, length_nm));
  return std::max(1, static_cast<int>(std::ceil(length_nm / pitch_nm * (1 - 1e-12))));
}

// First sample and number of samples of a grid of `count` over [start, start + length) that lie in [from,
// to]. A window that spans the cell takes every sample once.
struct Range {
  int first, count;
};
Range samples_within(double start, double length, int count, double from, double to) {
  const double step = length / count;
  const int first = std::max(0, static_cast<int>(std::ceil((from - start) / step - 1e-9)));
  const int last = std::min(count - 1, static_cast<int>(std::floor((to - start) / step + 1e-9)));
  return {first, std::max(0, last - first + 1)};
}

// Sums |field|^2 of the source points of one mask and one pupil on the band-limited grid.
class FieldSummer {
 public:
  using Workspace = math::InverseFft2D::Workspace;

  FieldSummer(const mask::Diffraction& diffraction, const Pupil& pupil, const ImagingPlan& plan, int rows)
      : diffraction_(diffraction),
        pupil_(pupil),
        nx_(plan.n_x),
        ny_(plan.n_y),
        transform_(plan.n_x, plan.n_y, rows) {}

  [[nodiscard]] Workspace make_workspace() const { return transform_.make_workspace(); }

  // intensity += weight |E_s|^2; intensity has the transform's order of samples, y fastest.
  void add(const illuminator::SourcePoint& point, Workspace& workspace,
           std::vector<double>& intensity) const {
    fill(point, workspace.input);
    transform_.run(workspace);
    const double weight = point.weight;
    const Complex* field = workspace.output.data();
    double* out = intensity.data();
    for (int ix = 0; ix < nx_; ++ix, field += transform_.column_stride(), out += ny_)
      for (int iy = 0; iy < ny_; ++iy)
        out[iy] += weight * (field[iy].real() * field[iy].real() + field[iy].imag() * field[iy].imag());
  }

 private:
  // Orders that pass the pupil, moved to the corner of the grid: a shift of all orders leaves |E|^2 as it is.
  void fill(const illuminator::SourcePoint& point, math::FftBuffer& input) const {
    std::ranges::fill(input.values(), Complex{});
    const double length_x = diffraction_.cell.width(), length_y = diffraction_.cell.height();
    const double radius = pupil_.radius_per_nm(), rim = radius * (1 + kRimTolerance);
    const double sx = point.sigma_x * radius, sy = point.sigma_y * radius;
    const int n_first =
        std::max(-diffraction_.max_order_y, static_cast<int>(std::ceil((-rim - sy) * length_y)));
    const int n_last =
        std::min(diffraction_.max_order_y, static_cast<int>(std::floor((rim - sy) * length_y)));
    const int m_corner = static_cast<int>(std::ceil((-rim - sx) * length_x));
    for (int n = n_first; n <= n_last; ++n) {
      const double gy = n / length_y + sy;
      const double half_chord = std::sqrt(std::max(0.0, rim * rim - gy * gy));
      const int m_first =
          std::max(-diffraction_.max_order_x, static_cast<int>(std::ceil((-half_chord - sx) * length_x)));
      const int m_last =
          std::min(diffraction_.max_order_x, static_cast<int>(std::floor((half_chord - sx) * length_x)));
      Complex* row = input.data() + static_cast<std::size_t>(n - n_first) * static_cast<std::size_t>(nx_);
      if (m_first > m_last) continue;
      const Complex* order = &diffraction_.amplitudes[diffraction_.index(m_first, n)];
      if (pupil_.is_ideal()) {
        std::copy_n(order, m_last - m_first + 1, row + (m_first - m_corner));
      } else {
        for (int m = m_first; m <= m_last; ++m, ++order)
          row[m - m_corner] = *order * pupil_(m / length_x + sx, gy);
      }
    }
  }

  const mask::Diffraction& diffraction_;
  const Pupil& pupil_;
  int nx_, ny_;
  math::InverseFft2D transform_;
};

// Counts finished points and tells the progress function, one call at a time.
class ProgressCounter {
 public:
  ProgressCounter(const Progress& progress, std::size_t total) : progress_(progress), total_(total) {}
  void add_one() {
    if (!progress_) return;
    const std::scoped_lock lock(mutex_);
    progress_(static_cast<double>(++done_) / static_cast<double>(total_));
  }

 private:
  const Progress& progress_;
  std::size_t total_, done_ = 0;
  std::mutex mutex_;
};

std::vector<double> sum_over_source(const FieldSummer& summer,
                                    const std::vector<illuminator::SourcePoint>& points,
                                    std::size_t n_samples, const Progress& progress) {
  const int n_groups = std::min(kMaxGroups, static_cast<int>(points.size()));
  std::vector<std::vector<double>> partial(static_cast<std::size_t>(n_groups));
  ProgressCounter counter(progress, points.size());
  parallel_for(n_groups, [&](int group) {
    const std::size_t begin = points.size() * group / n_groups, end = points.size() * (group + 1) / n_groups;
    partial[group].resize(n_samples);
    FieldSummer::Workspace workspace = summer.make_workspace();
    for (std::size_t i = begin; i < end; ++i) {
      summer.add(points[i], workspace, partial[group]);
      counter.add_one();
    }
  });
  for (int group = 1; group < n_groups; ++group) {
    for (std::size_t i = 0; i < n_samples; ++i) partial[0][i] += partial[group][i];
    partial[group] = {};
  }
  return std::move(partial[0]);
}

// Samples with y fastest, as the fields come out of their transform, to x fastest.
std::vector<double> transpose(const std::vector<double>& samples, int nx, int ny) {
  std::vector<double> transposed(samples.size());
  for (std::size_t ix = 0, i = 0; ix < static_cast<std::size_t>(nx); ++ix)
    for (std::size_t iy = 0; iy < static_cast<std::size_t>(ny); ++iy, ++i)
      transposed[iy * static_cast<std::size_t>(nx) + ix] = samples[i];
  return transposed;
}

Field2D<double> crop_to_window(const Field2D<double>& cell, const Box& window) {
  const Grid2D& grid = cell.grid();
  const Range x = samples_within(grid.x0, grid.nx * grid.dx, grid.nx, window.x0, window.x1);
  const Range y = samples_within(grid.y0, grid.ny * grid.dy, grid.ny, window.y0, window.y1);
  if (x.count == grid.nx && y.count == grid.ny) return cell;
  Field2D<double> field(
      Grid2D{grid.plane, x.count, y.count, grid.x(x.first), grid.y(y.first), grid.dx, grid.dy});
  for (int iy = 0; iy < y.count; ++iy)
    for (int ix = 0; ix < x.count; ++ix) field(iy, ix) = cell(y.first + iy, x.first + ix);
  return field;
}

}  // namespace

double max_mask_frequency_per_nm(double na, double wavelength_nm, double sigma_max) {
  return (1 + sigma_max) * na / wavelength_nm * (1 + kRimTolerance);
}

ImagingPlan plan_imaging(const Box& cell, const Box& window, double wavelength_nm,
                         const illuminator::PupilFill& pupil_fill, const ImagingParameters& parameters,
                         int n_wavelengths, int n_planes) {
  require_valid(parameters, wavelength_nm);
  ImagingPlan plan;
  plan.n_x = math::good_fft_length(2 * band_limit(cell.width(), parameters.na, wavelength_nm) + 1);
  plan.n_y = math::good_fft_length(2 * band_limit(cell.height(), parameters.na, wavelength_nm) + 1);
  const int cell_nx = output_samples(cell.width(), parameters.output_pitch_nm);
  const int cell_ny = output_samples(cell.height(), parameters.output_pitch_nm);
  plan.output_nx = samples_within(cell.x0, cell.width(), cell_nx, window.x0, window.x1).count;
  plan.output_ny = samples_within(cell.y0, cell.height(), cell_ny, window.y0, window.y1).count;
  if (plan.output_nx == 0 || plan.output_ny == 0)
    throw InputError(
        fmt::format("imaging.output_pitch_nm = {} (no sample falls into the window); make it smaller",
                    parameters.output_pitch_nm));
  plan.n_points = static_cast<int>(pupil_fill.points.size());
  plan.n_fields = plan.n_points * n_wavelengths;

  const double samples = static_cast<double>(plan.n_x) * plan.n_y;
  const double orders = std::pow(1 + pupil_fill.sigma_max, 2) * samples / 4;
  const double output = static_cast<double>(cell_nx) * cell_ny;
  const int groups = std::min(kMaxGroups, plan.n_points);
  plan.memory_mb =
      (groups * samples * 8 + thread_count() * samples * 40 + orders * 16 + output * 8 * 2) / 1e6;
  plan.cpu_s = kSecondsPerSample * (static_cast<double>(plan.n_fields) * n_planes * samples + output) *
               std::log2(std::max(2.0, samples)) / 2;
  return plan;
}

AerialImage compute_aerial_image(const mask::Diffraction& diffraction,
                                 const illuminator::PupilFill& pupil_fill,
                                 const ImagingParameters& parameters, const Progress& progress) {
  const Box& cell = diffraction.cell;
  const double wavelength_nm = diffraction.wavelength_nm;
  const ImagingPlan plan = plan_imaging(cell, diffraction.window, wavelength_nm, pupil_fill, parameters);
  if (pupil_fill.points.empty())
    throw InputError("the pupil is dark (no source points); check the illuminator");

  const int band_x = band_limit(cell.width(), parameters.na, wavelength_nm);
  const int band_y = band_limit(cell.height(), parameters.na, wavelength_nm);
  const Pupil pupil(parameters, wavelength_nm);
  const FieldSummer summer(diffraction, pupil, plan, band_y + 1);
  const std::size_t n_samples = static_cast<std::size_t>(plan.n_x) * static_cast<std::size_t>(plan.n_y);
  const std::vector<double> intensity =
      transpose(sum_over_source(summer, pupil_fill.points, n_samples, progress), plan.n_x, plan.n_y);

  AerialImage image;
  image.series = math::FourierSeries2D(cell, plan.n_x, plan.n_y, intensity, band_x, band_y);
  image.window = diffraction.window;
  image.open_frame_raw = diffraction.open_reflectance;
  image.intensity =
      crop_to_window(image.series.sample_cell(output_samples(cell.width(), parameters.output_pitch_nm),
                                              output_samples(cell.height(), parameters.output_pitch_nm)),
                     image.window);
  return image;
}

std::vector<AerialImage> compute_images(std::span<const SpectralMask> masks,
                                        const illuminator::PupilFill& pupil_fill,
                                        const ImagingParameters& parameters,
                                        std::span<const ImagePlane> planes, const Progress& progress) {
  std::vector<AerialImage> images;
  for (const ImagePlane& plane : planes) {
    ImagingParameters at_plane = parameters;
    at_plane.focus_nm = plane.focus_nm;
    images.push_back(compute_aerial_image(masks.front().diffraction, pupil_fill, at_plane, progress));
  }
  return images;
}

}  // namespace undulith::imaging
